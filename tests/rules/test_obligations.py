"""What is to be paid by when, to the fen, whatever was claimed, credited and paid."""

from datetime import UTC, date, datetime
from decimal import Decimal as D
from random import Random
from typing import Any

import pytest

from rules.money import Rounding
from rules.obligations import (
    Claim,
    Obligation,
    ObligationKind,
    Part,
    Prepaid,
    first_look,
    parts,
    prepayment,
    prepayment_day,
)

MONEY = Rounding()


@pytest.mark.parametrize(
    ("total", "share", "asked"),
    [("430.79", "0.3", "129.24"), ("0.05", "0.5", "0.03"), ("100.00", "1", "100.00"), ("10.00", "0", "0.00")],
)
def test_a_prepayment_is_a_share_of_the_total_rounded_once(total: str, share: str, asked: str) -> None:
    assert prepayment(D(total), D(share), MONEY) == D(asked)


def test_first_invoices_use_the_prepayment_up() -> None:
    claims = [Claim(D(200), D(0), D(0)), Claim(D(300), D(0), D(200)), Claim(D(500), D(0), D(500))]
    ahead, rests = parts(Prepaid(D(300), advance=D(0)), claims)
    assert ahead == Part(D(300), D(0))
    assert rests == [Part(D(0), D(0)), Part(D(200), D(200)), Part(D(500), D(500))]


def test_what_was_not_prepaid_is_open_as_such_although_it_is_invoiced() -> None:
    ahead, [rest] = parts(Prepaid(D(300), advance=D(0)), [Claim(D(400), D(0), D(400))])
    assert (ahead, rest) == (Part(D(300), D(300)), Part(D(100), D(100)))
    ahead, [rest] = parts(Prepaid(D(300), advance=D(0)), [Claim(D(400), D(0), D(50))])
    assert (ahead, rest) == (Part(D(300), D(0)), Part(D(100), D(50)))


def test_nothing_is_to_be_prepaid_once_no_more_invoices_are_to_come() -> None:
    claim = Claim(D("99.99"), D(0), D(0))
    assert parts(Prepaid(D(100), advance=D("0.01")), [claim])[0] == Part(D(100), D(0))
    assert parts(Prepaid(D(100), advance=D(0)), [claim])[0] == Part(D(100), D("0.01"))
    assert parts(Prepaid(D(100), advance=D(0), has_ended=True), [claim])[0] == Part(D("99.99"), D(0))


def test_what_was_taken_back_is_not_to_be_prepaid_again() -> None:
    ahead, [rest] = parts(Prepaid(D(300), advance=D(0)), [Claim(D(400), D(350), D(0))])
    assert (ahead, rest) == (Part(D(50), D(0)), Part(D(0), D(0)))


@pytest.mark.parametrize("seed", range(200))
def test_parts_add_up_to_what_is_claimed_and_to_be_prepaid(seed: int) -> None:
    chance = Random(seed)

    def fen(most: int) -> D:
        return D(chance.randrange(most + 1)) / 100

    claims = []
    for _ in range(chance.randrange(5)):
        total = fen(50_000)
        credited = fen(int(total * 100)) if chance.random() < 0.4 else D(0)
        claims.append(Claim(total, credited, fen(int((total - credited) * 100)) * chance.choice([0, 1, 1])))
    prepaid = Prepaid(fen(100_000), fen(50_000) * chance.choice([0, 1]), chance.random() < 0.3)
    ahead, rests = parts(prepaid, claims)
    assert ahead is not None
    to_come = D(0) if prepaid.has_ended else max(prepaid.amount - sum((one.total for one in claims), D(0)), D(0))
    assert ahead.amount + sum((one.amount for one in rests), D(0)) == to_come + sum(one.standing for one in claims)
    missing = max(to_come - prepaid.advance, D(0))
    assert ahead.open + sum((one.open for one in rests), D(0)) == missing + sum(one.owed for one in claims)
    for one in (ahead, *rests):
        assert 0 <= one.open <= one.amount
    assert parts(None, claims) == (None, [Part(one.standing, one.owed) for one in claims])


def test_what_is_open_is_overdue_once_its_day_is_over_at_the_supplier() -> None:
    facts: dict[str, Any] = dict.fromkeys(
        ("id", "order", "invoice", "invoice_number", "currency", "is_told", "is_owed")
    )
    due = {"kind": ObligationKind.PREPAYMENT, "due_on": date(2026, 11, 27), "zone": "Asia/Shanghai", **facts}
    last, over = datetime(2026, 11, 27, 15, 59, 59, tzinfo=UTC), datetime(2026, 11, 27, 16, tzinfo=UTC)
    for left, moment, is_overdue in ((D("0.01"), last, False), (D("0.01"), over, True), (D(0), over, False)):
        assert Obligation(amount=D(1), open=left, **due).is_overdue(moment) is is_overdue


def test_the_clock_warns_three_days_before_where_there_is_time() -> None:
    assert first_look(date(2026, 12, 31), date(2026, 12, 1)) == date(2026, 12, 28)
    assert first_look(date(2026, 12, 31), date(2026, 12, 28)) == date(2027, 1, 1)


def test_a_prepayment_is_due_on_the_next_day_at_the_earliest() -> None:
    assert prepayment_day(date(2026, 11, 26), 0) == date(2026, 11, 27)
    assert prepayment_day(date(2026, 11, 26), 10) == date(2026, 12, 6)
