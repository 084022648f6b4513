"""Refusals: one meaning for each code, and sentences that their facts fill."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from string import Formatter
from uuid import UUID

import pytest

from rules import problems
from rules.availability import Availability
from rules.billing import PaymentMethod
from rules.phrase import Phrase
from rules.problems import FieldFault, InvalidInput, Problem, ProblemCode, invalid
from rules.shortage_problems import CreditBlock

MOMENT = datetime(2026, 12, 10, 16, tzinfo=UTC)
CERTIFICATE = ("Common Name: 李敏", "0" * 64, MOMENT, MOMENT)
EXAMPLES: tuple[Problem, ...] = (
    problems.PrepaymentAwaited(Decimal("129.24"), "CNY", MOMENT.date()),
    problems.PaymentUnavailable(PaymentMethod.ALIPAY, (PaymentMethod.WECHAT_PAY,)),
    problems.BudgetExceeded("4711", date(2026, 1, 1), date(2026, 12, 31), "CNY", *map(Decimal, (9, 8, 2, 1))),
    problems.CreditBlocked("CNY", CreditBlock.OVERDUE),
    problems.CreditLimitExceeded("CNY", *map(Decimal, (2, 3, 1))),
    problems.CertificateOfOthers(*CERTIFICATE),
    problems.CertificateRefused(*CERTIFICATE),
    problems.CertificateRevoked(*CERTIFICATE),
    problems.CertificateUntrusted(*CERTIFICATE),
    problems.CertificateUsage(*CERTIFICATE),
    problems.CertificateWeak(*CERTIFICATE),
    problems.PreparationExpired(MOMENT),
    problems.PreparationOutdated(MOMENT),
    problems.PreparationUsed(MOMENT),
    problems.ProofFailed(1),
    problems.SignatureMismatch("0" * 64, "1" * 64),
    problems.SignInFailed(900),
    problems.TotpRequired(),
    problems.MerchantAccountMissing(PaymentMethod.ALIPAY),
    problems.StatementUnavailable(PaymentMethod.ALIPAY, *[MOMENT.date()] * 3),
    problems.UnknownTaxRate("input.taxRate", Decimal("0.16"), "CN", date(2019, 4, 1), (Decimal("0.13"),)),
    problems.NotFound("Order", UUID(int=7)),
    problems.NotAllowed("approve_order", ("APPROVER",)),
    problems.NotYourTurn("answer_supplier"),
    problems.SelfApproval("approve_order"),
    problems.ApprovalRequired("accept_quotation"),
    problems.ApproverMissing(2, "Threshold"),
    problems.SignatoryRequired("sign_contract", ("SIGNATORY",)),
    problems.WrongStatus("submit_order", "COMPLETED", ("DRAFT",)),
    problems.ContractLocked("send_quotation", "PENDING_SIGNATURE", ("NEGOTIATING",)),
    problems.StaleVersion(7),
    problems.InvalidInput((FieldFault("input.lines", "must not be empty"),)),
    problems.RowsWrong(5000, 2, 3, ()),
    problems.Conflict("waybill"),
    problems.KeyReused(),
    problems.QuotationClosed(2, datetime(2026, 12, 10, 16, tzinfo=UTC)),
    problems.QuotationSuperseded(3, datetime(2026, 12, 10, 16, tzinfo=UTC)),
    problems.QuotationWithdrawn(1, datetime(2026, 12, 10, 16, tzinfo=UTC)),
    problems.QuotationWhole(1, datetime(2026, 12, 10, 16, tzinfo=UTC)),
    problems.QuotationsSealed(datetime(2026, 12, 10, 16, tzinfo=UTC)),
    problems.DeadlinePassed(datetime(2026, 12, 10, 16, tzinfo=UTC)),
    problems.QuantityExceeded(1, Decimal(40), Decimal(0)),
    problems.StockShort(1, "M8", Decimal(40), Availability.LOW, Decimal(3)),
    problems.AmountMismatch(Decimal("430.79"), Decimal("430.00"), "CNY"),
    problems.ContractChanged("0" * 64),
    problems.ContractLapsed("0" * 64),
    problems.Unauthenticated(),
    problems.Unavailable(),
)
CLASSES = [kind for kind in vars(problems).values() if isinstance(kind, type) and issubclass(kind, Problem)]
CLASSES.remove(Problem)


def test_every_refusal_has_an_example_here() -> None:
    assert [type(example) for example in EXAMPLES] == CLASSES


def test_a_code_means_one_thing_and_every_code_is_used() -> None:
    assert Counter(kind.code for kind in CLASSES) == Counter(ProblemCode)
    assert all("code" in vars(kind) for kind in CLASSES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_the_sentence_is_one_and_its_facts_fill_it(example: Problem) -> None:
    wanted = {name for _, name, _, _ in Formatter().parse(example.sentence()) if name is not None}

    assert wanted <= example.facts().keys()
    assert re.fullmatch(r"[A-Z0-9{].*\.", example.sentence())
    assert not re.search(r"[{}]|  |\n", str(example))
    assert all(str(example.facts()[name]) in str(example) for name in wanted)


def test_wrong_fields_are_named_all_at_once() -> None:
    refusal = InvalidInput(
        (FieldFault("input.a", "must not be empty"), FieldFault("input.b", Phrase("must be at least {least}", least=3)))
    )

    assert str(refusal) == "Some fields are not right: input.a: must not be empty; input.b: must be at least 3."


def test_one_wrong_field_is_refused_in_one_line() -> None:
    assert invalid("input.unit", "is no unit", "H87").faults == (FieldFault("input.unit", "is no unit", "H87"),)


def test_a_text_with_braces_does_not_upset_the_sentence() -> None:
    assert "{0} {evil}" in str(problems.Conflict("{0} {evil}"))


def test_a_phrase_is_its_text_and_remembers_what_it_was_made_of() -> None:
    phrase = Phrase("is not a multiple of {step}", step="2.5")

    assert phrase == "is not a multiple of 2.5"
    assert (phrase.template, dict(phrase.facts)) == ("is not a multiple of {step}", {"step": "2.5"})


def test_a_phrase_without_one_of_its_facts_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Phrase("is not a multiple of {step}")
