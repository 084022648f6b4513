"""Every refusal is shown as a member of a union, in the caller's language, with its facts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from resolvers.context import Context
from resolvers.ids import decode_id, encode_id
from resolvers.import_reports import ImportReport
from resolvers.problems import REFUSALS, NotFoundProblem, Problem, known
from resolvers.words import LOCALES
from rules import problems
from rules.availability import Availability
from rules.billing import PaymentMethod
from rules.phrase import Phrase
from rules.shortage_problems import CreditBlock

MOMENT = datetime(2026, 12, 10, 16, tzinfo=UTC)
# The two that are no business answer are shown at the top of the response; everything else has a member.
TOP_LEVEL = {problems.Unauthenticated, problems.Unavailable}
CLASSES = {
    kind for kind in vars(problems).values() if isinstance(kind, type) and issubclass(kind, problems.Problem)
} - {problems.Problem}
CERTIFICATE: dict[str, Any] = {
    "subject": "Common Name: 李敏",
    "sha256": "0" * 64,
    "valid_from": MOMENT,
    "valid_until": MOMENT,
}


def kinds_of(kind: type[Any]) -> list[type[Any]]:
    """The class and those beneath it."""
    return [kind, *kind.__subclasses__()]


# fmt: off
SHOWN: list[tuple[problems.Problem, dict[str, Any]]] = [
    (problems.NotFound("Order", "nonsense"),                  {"id": "nonsense"}),
    (problems.NotAllowed("approve_order", ("APPROVER",)),     {"action": "approve_order", "needs": ("APPROVER",)}),
    (problems.NotYourTurn("answer_supplier"),                 {"action": "answer_supplier", "needs": ()}),
    (problems.SelfApproval("approve_order"),                  {"action": "approve_order", "needs": ()}),
    (problems.ApprovalRequired("accept_quotation"),           {"action": "accept_quotation", "needs": ()}),
    (problems.ApproverMissing(2, "Threshold"),                {"tier": 2, "rule": "Threshold"}),
    (problems.WrongStatus("submit_order", "EXPIRED", ("DRAFT",)),
        {"action": "submit_order", "status": "EXPIRED", "allowed_in": ("DRAFT",)}),
    (problems.SignatoryRequired("sign_contract", ("SIGNATORY",)), {"action": "sign_contract", "needs": ("SIGNATORY",)}),
    (problems.ContractLocked("send_quotation", "CONTRACTED", ("NEGOTIATING",)),
        {"action": "send_quotation", "status": "CONTRACTED", "allowed_in": ("NEGOTIATING",)}),
    (problems.StaleVersion(7),                                {"current_version": 7}),
    (problems.RowsWrong(5, 2, 3, ()),
        {"report": ImportReport(rows=5, right_rows=3, wrong_rows=2, fault_count=3, faults=[])}),
    (problems.Conflict("waybill"),                            {"field": "waybill"}),
    (problems.KeyReused(),                                    {"field": "idempotencyKey"}),
    (problems.QuotationClosed(2, MOMENT),                     {"current_revision": 2, "valid_until": MOMENT}),
    (problems.QuotationSuperseded(3, MOMENT),                 {"current_revision": 3, "valid_until": MOMENT}),
    (problems.QuotationWithdrawn(1, MOMENT),                  {"current_revision": 1, "valid_until": MOMENT}),
    (problems.QuotationWhole(1, MOMENT),                      {"current_revision": 1, "valid_until": MOMENT}),
    (problems.QuotationsSealed(MOMENT),                       {"deadline": MOMENT}),
    (problems.DeadlinePassed(MOMENT),                         {"deadline": MOMENT}),
    (problems.QuantityExceeded(1, Decimal(40), Decimal(0)),
        {"line": 1, "requested": Decimal(40), "remaining": Decimal(0)}),
    (problems.StockShort(1, "M8", Decimal(40), Availability.LOW),
        {"line": 1, "sku": "M8", "requested": Decimal(40), "availability": Availability.LOW, "available": None}),
    (problems.AmountMismatch(Decimal("430.79"), Decimal(430), "CNY"),
        {"expected": Decimal("430.79"), "found": Decimal(430), "currency": "CNY"}),
    (problems.PaymentUnavailable(PaymentMethod.ALIPAY, (PaymentMethod.WECHAT_PAY,)),
        {"method": PaymentMethod.ALIPAY, "methods": (PaymentMethod.WECHAT_PAY,)}),
    (problems.UnknownTaxRate("input.taxRate", Decimal("0.16"), "CN", date(2019, 4, 1), (Decimal("0.13"),)),
        {"path": "input.taxRate", "rate": Decimal("0.16"), "country": "CN", "day": date(2019, 4, 1),
         "rates": (Decimal("0.13"),)}),
    (problems.MerchantAccountMissing(PaymentMethod.ALIPAY),   {"method": PaymentMethod.ALIPAY}),
    (problems.StatementUnavailable(PaymentMethod.ALIPAY, date(2026, 12, 1), date(2026, 9, 2), date(2026, 11, 30)),
        {"method": PaymentMethod.ALIPAY, "day": date(2026, 12, 1), "first_day": date(2026, 9, 2),
         "last_day": date(2026, 11, 30)}),
    (problems.PrepaymentAwaited(Decimal("129.24"), "CNY", date(2026, 12, 10)),
        {"open": Decimal("129.24"), "currency": "CNY", "due_on": date(2026, 12, 10)}),
    (problems.BudgetExceeded("4711", date(2026, 1, 1), date(2026, 12, 31), "CNY", *map(Decimal, (9, 8, 2, 1))),
        {"cost_centre": "4711", "period_start": date(2026, 1, 1), "period_end": date(2026, 12, 31), "currency": "CNY",
         "amount": Decimal(9), "committed": Decimal(8), "wanted": Decimal(2), "short_by": Decimal(1)}),
    (problems.CreditLimitExceeded("CNY", *map(Decimal, (2, 3, 1))),
        {"currency": "CNY", "block": None, "available": Decimal(2), "needed": Decimal(3), "short_by": Decimal(1)}),
    (problems.CreditBlocked("CNY", CreditBlock.OVERDUE),
        {"currency": "CNY", "block": CreditBlock.OVERDUE, "available": None, "needed": None, "short_by": None}),
    (problems.ContractChanged("0" * 64),                      {"sha256": "0" * 64}),
    (problems.ContractLapsed("0" * 64),                       {"sha256": "0" * 64}),
    *[(kind(*CERTIFICATE.values()), CERTIFICATE) for kind in kinds_of(problems.CertificateRefused)],
    *[(kind(MOMENT), {"expires_at": MOMENT}) for kind in kinds_of(problems.PreparationExpired)],
    (problems.SignatureMismatch("0" * 64, "1" * 64),
        {"certificate_sha256": "0" * 64, "to_be_signed_sha256": "1" * 64}),
    (problems.ProofFailed(1),                                 {"retry_after": 1}),
    (problems.TotpRequired(),                                 {"retry_after": 0}),
    (problems.SignInFailed(900),                              {"retry_after": 900}),
]
# fmt: on


def show(refusal: problems.Problem, locale: str = "en") -> Any:
    """The union member that shows a refusal, as Strawberry asks for it."""
    handler = next(handler for handler in REFUSALS if isinstance(refusal, handler.exception_type))
    info: Any = SimpleNamespace(context=Context(locale=locale))
    return handler.handle(refusal, field=None, info=info)


def test_every_refusal_has_a_member_or_is_an_error_of_the_whole_request() -> None:
    shown = tuple(handler.exception_type for handler in REFUSALS)

    assert {kind for kind in CLASSES if not issubclass(kind, shown)} == TOP_LEVEL
    assert {type(refusal) for refusal, _ in SHOWN} == CLASSES - TOP_LEVEL - {problems.InvalidInput}


@pytest.mark.parametrize(("refusal", "facts"), SHOWN, ids=lambda value: type(value).__name__)
def test_a_member_carries_code_sentence_and_facts(refusal: problems.Problem, facts: dict[str, object]) -> None:
    said = {locale: show(refusal, locale) for locale in LOCALES}

    for member in said.values():
        assert isinstance(member, Problem)
        assert {name: getattr(member, name) for name in facts} == facts
        assert member.code is refusal.code
    assert said["zh-CN"].message != said["en"].message


def test_wrong_fields_are_told_in_the_caller_s_language() -> None:
    fault = Phrase("must be at least {least}", least=3)
    refusal = problems.InvalidInput((problems.FieldFault("input.n", fault, "3"),))

    english, chinese = show(refusal), show(refusal, "zh-CN")
    assert [(f.field, f.fault, f.suggestion) for f in english.faults] == [("input.n", "must be at least 3", "3")]
    assert [(f.field, f.fault, f.suggestion) for f in chinese.faults] == [("input.n", "不能小于 3", "3")]
    assert chinese.message == "部分内容填写有误：input.n: 不能小于 3。"


def test_a_missing_row_is_named_by_the_id_that_was_asked_for() -> None:
    row = uuid4()
    member = show(problems.NotFound("Order", row))

    assert isinstance(member, NotFoundProblem)
    assert member.id == encode_id("Order", row)


def test_a_malformed_id_is_refused_like_a_missing_one() -> None:
    row = uuid4()
    assert known("Order", encode_id("Order", row)) == row == decode_id("Order", encode_id("Order", row))

    for text in ("nonsense", "", encode_id("Company", row)):
        nobody = known("Order", text)
        assert nobody == UUID(int=0), "a UUID that no row has, for the verb to look for after it has asked for the role"
        assert show(problems.NotFound("Order", nobody)).id == text
