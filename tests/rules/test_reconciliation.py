"""A day's statement against our ledger: nothing is found where nothing is wrong, and what was planted is found, all of it and no more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.billing import PaymentMethod
from rules.reconciliation import (
    AlteredFact,
    DifferenceKind,
    EntryKind,
    Key,
    ReconciliationStatus,
    Record,
    StatementEntry,
    compare,
    day_of,
    days_kept,
    is_believed_empty,
    newest_day,
    span,
    to_the_fen,
)

APP = "wx8888888888888888"
NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
DAY = date(2026, 12, 1)
PAYMENT, REFUND = EntryKind.PAYMENT, EntryKind.REFUND
K = DifferenceKind


def record(number: str, amount: str = "430.79", refund: str = "", fee: str | None = None, **facts: object) -> Record:
    """One of ours."""
    kind = REFUND if refund else PAYMENT
    ids = UUID(int=hash((number, refund)) % 2**64), UUID(int=hash(number) % 2**64)
    made = Record(kind, *ids, number, f"T{number}", refund, D(amount), None if fee is None else D(fee), True, True)
    return replace(made, **facts)  # type: ignore[arg-type]


def entry(record: Record, fee: str = "2.58", **facts: object) -> StatementEntry:
    """The same in the statement."""
    made = StatementEntry(
        record.kind, record.number, record.transaction_id, record.refund_number, record.amount, D(fee), NOON, APP
    )
    return replace(made, **facts)  # type: ignore[arg-type]


def by_key(*records: Record) -> Mapping[Key, Record]:
    """Ours, as they are compared."""
    return {one.key: one for one in records}


days = st.lists(
    st.tuples(st.integers(1, 10**9), st.booleans(), st.booleans()),
    min_size=1,
    max_size=40,
    unique_by=lambda one: one[0],
)


def a_day(drawn: list[tuple[int, bool, bool]]) -> tuple[Mapping[Key, Record], list[StatementEntry]]:
    """Payments, some of them paid back in part, of some of which the fee is posted already; and the true statement of it."""
    ours, theirs = list[Record](), list[StatementEntry]()
    for number, is_paid_back, is_charged in drawn:
        much, fee = D(number).scaleb(-2), str(to_the_fen(D(number).scaleb(-2) * D("0.006")))
        ours.append(record(str(number), str(much), fee=fee if is_charged else None))
        theirs.append(entry(ours[-1], fee))
        if is_paid_back:
            ours.append(record(str(number), str(to_the_fen(much / 2) or much), f"R{number}"))
            theirs.append(entry(ours[-1], f"-{fee}"))
    return by_key(*ours), theirs


@given(days)
def test_a_day_on_which_both_agree_has_no_difference_and_equal_sums(drawn: list[tuple[int, bool, bool]]) -> None:
    ours, theirs = a_day(drawn)
    result = compare(ours, theirs, APP)
    assert (result.status, result.differences) == (ReconciliationStatus.RECONCILED, [])
    assert result.ours == result.theirs
    assert result.theirs.paid == sum((one.amount for one in theirs if one.kind is PAYMENT), D(0))
    assert result.fees == sum((one.fee for one in theirs), D(0))
    posted = {one.key: one.fee for one in ours.values() if one.fee is not None}
    assert {one.key: fee for one, fee in result.charged} == {
        one.key: one.fee for one in theirs if one.fee and one.key not in posted
    }
    assert {one.key for one in result.found} == set(ours)


@given(days, st.data())
def test_what_is_planted_is_found_and_nothing_else(drawn: list[tuple[int, bool, bool]], data: st.DataObject) -> None:
    ours, theirs = a_day(drawn)
    plants = data.draw(
        st.dictionaries(st.sampled_from(range(len(theirs))), st.sampled_from([K.MISSING, K.ALTERED, K.DOUBLED]))
    )
    invented = data.draw(st.sets(st.integers(10**10, 10**11), max_size=5))
    said, expected = list[StatementEntry](), set[tuple[DifferenceKind, Key]]()
    for place, one in enumerate(theirs):
        wrong = plants.get(place)
        changed = replace(one, amount=one.amount + 1) if wrong is K.ALTERED else one
        said += [changed] * {K.MISSING: 0, K.DOUBLED: 2}.get(wrong or K.ALTERED, 1)
        expected |= {(wrong, one.key)} if wrong else set()
    for number in invented:
        said.append(entry(record(str(number))))
        expected.add((K.UNKNOWN, said[-1].key))
    found = compare(ours, data.draw(st.permutations(said)), APP)
    told = [(one.kind, (one.ours or one.theirs).key) for one in found.differences]  # type: ignore[union-attr]
    assert len(told) == len(set(told))
    assert set(told) == expected
    wrong_ones = {key for _, key in expected}
    assert not wrong_ones & {one.key for one, _ in found.charged}


def test_a_payment_of_another_app_of_the_same_account_is_nobody_s_difference() -> None:
    ours = record("1")
    foreign = entry(record("9"), app_id="wx1111111111111111")
    result = compare(by_key(ours), [entry(ours), foreign], APP)
    assert result.differences == []
    assert result.theirs.paid == ours.amount


@pytest.mark.parametrize(
    ("ours", "theirs", "fact"),
    [
        ({}, {"amount": D("430.78")}, AlteredFact.AMOUNT),
        ({}, {"transaction_id": "T2"}, AlteredFact.TRANSACTION),
        ({"has_happened": False}, {}, AlteredFact.STATE),
        ({}, {"has_failed": True}, AlteredFact.STATE),
        ({"fee": D("2.58")}, {"fee": D("2.59")}, AlteredFact.FEE),
        ({}, {"fee": D("430.80")}, AlteredFact.FEE),
        ({"has_happened": False}, {"has_failed": True, "amount": D(1)}, None),
        ({"transaction_id": ""}, {}, None),
    ],
)
def test_whatever_differs_is_named(
    ours: dict[str, object], theirs: dict[str, object], fact: AlteredFact | None
) -> None:
    known = replace(record("1"), **ours)  # type: ignore[arg-type]
    result = compare(by_key(known), [replace(entry(record("1")), **theirs)], APP)  # type: ignore[arg-type]
    assert [one.fact for one in result.differences] == ([] if fact is None else [fact])
    assert (result.charged == []) is (fact is not None or "has_failed" in theirs)


def test_what_another_day_s_statement_has_is_neither_missing_nor_to_be_there_twice() -> None:
    elsewhere = record("1", elsewhere=True)
    assert compare(by_key(elsewhere), [], APP).differences == []
    [difference] = compare(by_key(elsewhere), [entry(elsewhere)], APP).differences
    assert (difference.kind, difference.times) == (K.DOUBLED, 2)


def test_what_the_statement_names_early_is_found_and_not_missed() -> None:
    """A refund that was accepted before midnight, and done after it."""
    early = record("1", refund="R1", is_expected=False)
    assert compare(by_key(early), [], APP).differences == []
    result = compare(by_key(early), [entry(early, "0")], APP)
    assert (result.differences, result.found, result.ours.refunded) == ([], [early], early.amount)


def test_a_day_is_shanghai_s() -> None:
    last = datetime.fromisoformat("2026-12-01T23:59:59+08:00")
    assert day_of(last, PAYMENT) == DAY
    assert day_of(last + timedelta(seconds=1), PAYMENT) == date(2026, 12, 2)
    assert day_of(last, REFUND) == date(2026, 12, 2)  # its provider's clock may be ahead
    for kind in EntryKind:
        begins, ends = span(DAY, kind)
        assert (day_of(begins, kind), day_of(ends - timedelta(microseconds=1), kind)) == (DAY, DAY)
        assert (day_of(begins - timedelta(microseconds=1), kind), day_of(ends, kind)) == (
            date(2026, 11, 30),
            date(2026, 12, 2),
        )


def test_the_statement_of_a_day_is_there_after_ten_on_the_next() -> None:
    ten = datetime.fromisoformat("2026-12-02T10:00:00+08:00")
    assert newest_day(ten) == DAY
    assert newest_day(ten - timedelta(seconds=1)) == date(2026, 11, 30)
    assert not is_believed_empty(DAY, datetime.fromisoformat("2026-12-03T23:59:59+08:00"))
    assert is_believed_empty(DAY, datetime.fromisoformat("2026-12-04T00:00:00+08:00"))


def test_providers_keep_statements_for_so_long() -> None:
    assert days_kept(PaymentMethod.WECHAT_PAY, NOON) == (date(2026, 9, 2), date(2026, 11, 30))
    assert days_kept(PaymentMethod.ALIPAY, NOON) == (date(2016, 1, 1), date(2026, 11, 30))


def test_a_fee_is_settled_in_whole_hundredths() -> None:
    assert [str(to_the_fen(D(text))) for text in ("0.00600", "0.00499", "-1.23500", "2.58000")] == [
        "0.01",
        "0.00",
        "-1.24",
        "2.58",
    ]
