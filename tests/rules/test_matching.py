"""Three-way match: contract price × accepted quantity, within the buyer's tolerance."""

from decimal import Decimal as D
from typing import Any
from uuid import UUID

import pytest

from rules.fapiao import Sums
from rules.matching import ClaimedLine, MatchFault, MatchStatus, Tolerance, match, matched_line, official_match
from rules.money import Currency, Rounding

CNY = Rounding(Currency.CNY)
M = MatchStatus
Q, P = MatchFault.QUANTITY, MatchFault.PRICE
INVOICE = Sums(D("100.00"), D("13.00"), D("113.00"))


def make_line(**facts: Any) -> ClaimedLine:
    """A hundred pieces at a yuan, all of them accepted; figures as texts."""
    said = {"ordered": 100, "accepted": 100, "invoiced": 100, "older": 0, "contract_price": 1, "invoice_price": 1}
    figures = {name: D(value) for name, value in {**said, "claimed": 100, **facts}.items()}
    return ClaimedLine(1, UUID(int=2), **figures)


@pytest.mark.parametrize(
    ("facts", "difference", "faults"),
    [
        ({}, "0", ()),
        ({"invoiced": 60, "claimed": 60, "accepted": 55}, "5", (Q,)),
        ({"invoiced": 55, "claimed": 55, "accepted": 55}, "0", ()),
        ({"accepted": 96}, "4", (Q,)),
        ({"accepted": 100, "older": 40, "invoiced": 60, "claimed": 60}, "0", ()),
        ({"accepted": 90, "older": 40, "invoiced": 60, "claimed": 60}, "10", (Q,)),
        ({"accepted": 30, "older": 40, "invoiced": 60, "claimed": 60}, "60", (Q,)),
        ({"contract_price": "0.9"}, "10", (P,)),
        ({"contract_price": "0.9", "accepted": 90}, "19", (Q, P)),
        ({"contract_price": "0.9", "claimed": 90}, "0", ()),
        ({"contract_price": "1.1"}, "-10", ()),
        ({"claimed": "100.01"}, "0.01", ()),
        ({"claimed": "100.02"}, "0.02", (P,)),
        ({"invoiced": 0, "claimed": 0, "accepted": 0}, "0", ()),
        ({"contract_price": 0, "invoice_price": 0, "claimed": 0, "accepted": 0}, "0", ()),
    ],
)
def test_a_line_claims_the_contract_s_price_of_what_was_kept(
    facts: dict[str, Any], difference: str, faults: tuple[MatchFault, ...]
) -> None:
    found = matched_line(make_line(**facts), Tolerance(), CNY)
    assert (found.difference, found.faults) == (D(difference), faults)
    assert found.status is (M.EXCEPTION if faults else M.MATCHED)


@pytest.mark.parametrize(
    ("share", "amount", "status"),
    [
        ("0.05", "0", M.WITHIN_TOLERANCE),
        ("0.049999", "0", M.EXCEPTION),
        ("0", "4.75", M.WITHIN_TOLERANCE),
        ("0", "4.74", M.EXCEPTION),
        ("0.01", "4.75", M.WITHIN_TOLERANCE),
        ("1", "0", M.WITHIN_TOLERANCE),
    ],
)
def test_the_greater_of_share_and_amount_is_put_up_with(share: str, amount: str, status: MatchStatus) -> None:
    line = make_line(accepted=95, claimed="99.75")
    assert matched_line(line, Tolerance(D(share), D(amount)), CNY).status is status


def test_what_went_back_altogether_is_within_no_share() -> None:
    line = make_line(accepted=0)
    assert matched_line(line, Tolerance(D(1), D("99.99")), CNY).status is M.EXCEPTION


def test_rounding_is_no_difference_in_the_currency_of_the_invoice() -> None:
    assert matched_line(make_line(claimed=101), Tolerance(), Rounding(Currency.JPY)).status is M.MATCHED
    assert matched_line(make_line(claimed=102), Tolerance(), Rounding(Currency.JPY)).status is M.EXCEPTION


@pytest.mark.parametrize(
    ("recorded", "status"),
    [
        (Sums(), M.MATCHED),
        (INVOICE, M.MATCHED),
        (Sums(D("100.01"), D("12.99"), D("113.00")), M.WITHIN_TOLERANCE),
        (Sums(D("100.02"), D("12.98"), D("113.00")), M.EXCEPTION),
        (Sums(D("50.00"), D("6.50"), D("56.50")), M.EXCEPTION),
    ],
)
def test_official_invoices_come_to_the_invoice(recorded: Sums, status: MatchStatus) -> None:
    assert official_match(INVOICE, recorded, D("0.01")) is status


def test_an_invoice_is_as_bad_as_the_worst_of_it() -> None:
    good, near = [matched_line(make_line(claimed=much), Tolerance(amount=D(5)), CNY) for much in (100, 104)]
    bad = matched_line(make_line(accepted=50), Tolerance(amount=D(5)), CNY)
    assert match([good], M.MATCHED).status is M.MATCHED
    assert match([good, near], M.MATCHED).status is M.WITHIN_TOLERANCE
    whole = match([good, near, bad], M.MATCHED)
    assert (whole.status, whole.faults) == (M.EXCEPTION, (P, Q))
    official = match([good], M.WITHIN_TOLERANCE)
    assert (official.status, official.faults) == (M.WITHIN_TOLERANCE, (MatchFault.OFFICIAL_INVOICE,))
    assert match([], M.MATCHED).status is M.MATCHED
