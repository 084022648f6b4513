"""Whatever people read is said in both languages, and no header can upset the choice between them."""

import ast
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from string import Formatter
from uuid import uuid4

import pytest
from babel.messages.pofile import read_po

from resolvers.words import LOCALES, best_locale, label, spoken, told, translate
from rules import problems
from rules.account_statements import StatementFailure, StatementFileStatus
from rules.agreement import AgreementStatus, CoverageGap
from rules.availability import QuotationWarning
from rules.billing import InvoiceStatus, PaymentMethod, PaymentStatus, RefundStatus
from rules.differences import OfferField
from rules.enquiry import EnquiryStatus
from rules.events import EventKind
from rules.fapiao import FapiaoStatus, FapiaoType
from rules.lifecycle import SHARED, STEPS, TURN, OrderStatus, Side
from rules.matching import MatchStatus
from rules.people import CompanyStatus, Role
from rules.permissions import MAY
from rules.phrase import Phrase
from rules.problems import FieldFault, InvalidInput, Problem
from rules.quantity import order_quantity_fault
from rules.shipping import ShipmentStatus
from rules.terms import RejectionReason
from rules.units import NAMES, Unit
from tests.source import ROOT, literals

SPEAKING = ("rules", "services", "resolvers")
PROBLEMS = [kind for kind in vars(problems).values() if isinstance(kind, type) and issubclass(kind, Problem)]
PROBLEMS.remove(Problem)
STATUSES = (
    OrderStatus,
    EnquiryStatus,
    ShipmentStatus,
    InvoiceStatus,
    PaymentStatus,
    RefundStatus,
    FapiaoStatus,
    PaymentMethod,
    CompanyStatus,
    AgreementStatus,
    StatementFileStatus,
)
CONTRACTING = (Side.BUYER, Side.SUPPLIER)
CLOCK_ACTIONS = {step.action for step in STEPS if step.by == {Side.CLOCK}}


def catalogue(locale: str) -> dict[str, str]:
    """Every entry of a .po file."""
    with (ROOT / "resolvers" / "locales" / f"{locale}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def places(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def faults() -> Iterator[tuple[str, ast.expr]]:
    """Every text about a field that the code writes, and where."""
    yield from literals(0, "Phrase", packages=SPEAKING)
    yield from literals(1, "invalid", "FieldFault", packages=SPEAKING)
    yield from literals(2, "Hint", packages=SPEAKING)


def named(place: int, *names: str) -> set[str]:
    """The literal codes that calls of these names are given."""
    found = (text for _, text in literals(place, *names, packages=SPEAKING))
    return {text.value for text in found if isinstance(text, ast.Constant) and isinstance(text.value, str)}


def unsaid(group: str, codes: Iterable[str], locales: tuple[str, ...] = LOCALES) -> list[tuple[str, str]]:
    """The codes that have no word of their own in a language."""
    words = {locale: catalogue(locale) for locale in locales}
    return [(locale, code) for locale in locales for code in codes if not words[locale].get(f"{group}.{code}")]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda kind: kind.__name__)
def test_every_refusal_is_said_in_chinese(problem: type[Problem]) -> None:
    assert catalogue("zh-CN").get(problem.sentence())


def test_every_fault_is_written_as_a_template_and_said_in_chinese() -> None:
    chinese = catalogue("zh-CN")
    texts = list(faults())

    assert len(texts) > 40
    assert [where for where, text in texts if isinstance(text, ast.JoinedStr | ast.BinOp)] == []
    assert [
        (where, text.value) for where, text in texts if isinstance(text, ast.Constant) and text.value not in chinese
    ] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_has_the_places_of_its_original(locale: str) -> None:
    sentences = {key: text for key, text in catalogue(locale).items() if not re.fullmatch(r"\w+(\.\w+)+", key)}

    assert [key for key, text in sentences.items() if places(key) != places(text)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_entry_is_empty_or_there_twice(locale: str) -> None:
    text = (ROOT / "resolvers" / "locales" / f"{locale}.po").read_text("utf-8")
    keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)

    assert all(catalogue(locale).values())
    assert len(keys) == len(set(keys))


def test_each_side_has_words_for_each_status_it_may_see() -> None:
    assert unsaid("order_status.BUYER", OrderStatus) == []
    assert unsaid("order_status.SUPPLIER", SHARED) == []
    assert unsaid("order_status.PLATFORM", SHARED) == []


def test_whoever_reads_it_is_told_in_words_whose_move_it_is() -> None:
    """In every status that may be waiting for this side, for the side itself, the other one and the operator."""
    waiting = {(Side.BUYER, status) for status, side in TURN.items() if side is Side.BUYER}
    waiting |= {(Side.BUYER, OrderStatus.PENDING_SUPPLIER)} | {(s, OrderStatus.PENDING_SIGNATURE) for s in CONTRACTING}
    waiting |= {(Side.SUPPLIER, status) for status, side in TURN.items() if side is Side.SUPPLIER}
    for turn, status in waiting:
        for reader in (Side.BUYER, *((Side.SUPPLIER, Side.PLATFORM) if status in SHARED else ())):
            assert unsaid(f"turn.{reader}.{turn}", [status]) == []


def test_every_field_of_an_offer_and_every_warning_has_a_word() -> None:
    assert unsaid("quotation_warning", QuotationWarning) == []
    assert unsaid("offer_field", OfferField) == []


def test_the_sides_read_of_whose_move_it_is_as_their_own_or_the_other_s() -> None:
    assert label("order_status.BUYER", "PENDING_BUYER", "zh-CN") == "待您确认"
    assert label("order_status.SUPPLIER", "PENDING_BUYER", "zh-CN") == "待采购商确认"
    assert label("order_status.BUYER", "PENDING_BUYER", "en") == "Waiting for your decision"
    assert label("order_status.SUPPLIER", "PENDING_BUYER", "en") == "Waiting for the buyer"


def test_every_code_that_people_read_has_a_word() -> None:
    assert unsaid("unit", Unit) == []
    assert unsaid("fapiao_type", FapiaoType) == []
    assert unsaid("match_status", MatchStatus) == []
    assert unsaid("role", Role) == []
    assert unsaid("event_kind", EventKind) == []
    assert unsaid("rejection_reason", RejectionReason) == []
    assert unsaid("agreement_status", AgreementStatus) == []
    assert unsaid("statement_file_status", StatementFileStatus) == []
    assert unsaid("statement_failure", StatementFailure) == []
    assert unsaid("coverage_gap", CoverageGap) == []


def test_every_code_in_a_refusal_has_a_word() -> None:
    assert unsaid("status", {status for kind in STATUSES for status in kind}) == []
    assert unsaid("kind", named(0, "NotFound", "known")) == []
    assert unsaid("field", named(0, "Conflict")) == []
    actions = MAY.keys() | {step.action for step in STEPS} - CLOCK_ACTIONS
    # In English the name of a step is already a word.
    assert unsaid("action", actions, ("zh-CN",)) == []


@pytest.mark.parametrize(("locale", "place"), [("en", 0), ("zh-CN", 1)])
def test_units_are_called_what_they_are_found_by(locale: str, place: int) -> None:
    assert {unit: label("unit", unit, locale) for unit in Unit} == {unit: names[place] for unit, names in NAMES.items()}


def test_a_refusal_names_its_facts_in_words() -> None:
    wrong = problems.WrongStatus("submit_order", "PENDING_BUYER")

    assert told(wrong, "en") == "In status Waiting for the buyer there is no step Submit order."
    assert told(wrong, "zh-CN") == "当前状态为“待采购商确认”，不能执行“提交订单”。"
    assert told(problems.NotFound("Order", uuid4()), "zh-CN") == "找不到该订单，或您无权查看。"


def test_a_refusal_shows_amounts_and_moments_as_people_write_them() -> None:
    over = problems.QuantityExceeded(line=2, requested=Decimal("40.000000"), remaining=Decimal(0))
    late = problems.QuotationClosed(current_revision=1, valid_until=datetime(2026, 12, 10, 16, tzinfo=UTC))

    assert told(over, "en") == "40 is more than the 0 that remain on line 2."
    assert told(late, "zh-CN") == "报价有效期已于 2026-12-10 16:00 UTC 截止，请供应商重新报价。"


def test_faults_are_said_in_the_language_of_the_refusal() -> None:
    fault = order_quantity_fault(Decimal(7), Decimal(5), Decimal("2.50"))
    assert fault is not None
    refusal = InvalidInput((FieldFault("input.quantity", *fault), FieldFault("input.text", "must not be empty")))

    assert told(refusal, "en") == (
        "Some fields are not right: input.quantity: is not a multiple of 2.5; input.text: must not be empty."
    )
    assert told(refusal, "zh-CN") == "部分内容填写有误：input.quantity: 不是 2.5 的整数倍; input.text: 不能为空。"


def test_what_has_no_translation_is_said_in_english() -> None:
    assert translate("Nobody said this before.", "zh-CN") == "Nobody said this before."
    assert spoken(Phrase("has {count} legs", count=6), "zh-CN") == "has 6 legs"
    assert label("unheard_of", "SUCH_A_CODE", "zh-CN") == "Such a code"


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("en;q=0.2, zh-TW;q=0.7", "zh-CN"),
        ("en ; q=0.2 , zh-Hant-HK", "zh-CN"),
        ("de, fr;q=0.9, zh;q=0.1", "zh-CN"),
        ("zh;q=0, en;q=0.1", "en"),
        ("ZH", "zh-CN"),
    ],
)
def test_the_language_wanted_most_is_chosen(header: str, locale: str) -> None:
    assert best_locale(header, otherwise="en") == locale


@pytest.mark.parametrize(
    "header", [None, "", "*", "de", "zh;q=0", "zh;q=nan", "zh;q=-1", "zh;q=1e9", ";q=1", ",,;;", "english", "\0" * 9]
)
def test_a_header_that_tells_nothing_is_harmless(header: str | None) -> None:
    assert best_locale(header, otherwise="en") == "en"
    assert best_locale(header, otherwise="zh-CN") == "zh-CN"


def test_an_endless_header_is_read_in_no_time_and_only_so_far() -> None:
    assert best_locale("de," * 100_000 + "zh", otherwise="en") == "en"
