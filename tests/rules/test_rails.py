"""What news make of an online payment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from rules.billing import PaymentMethod, PaymentStatus
from rules.lifecycle import OrderStatus
from rules.rails import (
    COVERS_FOR,
    ONLINE,
    SLUGS,
    ChannelState,
    Expected,
    News,
    Refunded,
    Refusal,
    from_fen,
    is_covering,
    is_too_late,
    mismatch,
    status_after,
    to_fen,
    yuan,
)

AMOUNT = Decimal("1130.00")
EXPECTED = Expected("app", "payee", "CNY", AMOUNT, None)
NEWS = News("e", "n", "t", ChannelState.PAID, AMOUNT, "CNY", "payee", "app")
P = PaymentStatus


def test_what_fits_fits() -> None:
    assert mismatch(EXPECTED, NEWS) is None
    assert mismatch(replace(EXPECTED, transaction_id="t"), NEWS) is None
    assert mismatch(EXPECTED, replace(NEWS, app_id=None)) is None
    assert mismatch(EXPECTED, replace(NEWS, state=ChannelState.WAITING, amount=None)) is None


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"app_id": "other"}, Refusal.WRONG_APP),
        ({"payee": "other"}, Refusal.WRONG_PAYEE),
        ({"currency": "USD"}, Refusal.WRONG_CURRENCY),
        ({"amount": Decimal("1129.99")}, Refusal.WRONG_AMOUNT),
        ({"amount": Decimal("1130.01")}, Refusal.WRONG_AMOUNT),
        ({"amount": None}, Refusal.WRONG_AMOUNT),
        ({"refunded": Decimal("1130.01")}, Refusal.WRONG_AMOUNT),
        ({"refund": Refunded("r", Decimal("1130.01"), True)}, Refusal.WRONG_AMOUNT),
    ],
)
def test_what_does_not_fit_is_refused(changed: dict[str, object], refusal: Refusal) -> None:
    assert mismatch(EXPECTED, replace(NEWS, **changed)) is refusal  # type: ignore[arg-type]


def test_a_payment_has_one_transaction_with_its_provider() -> None:
    assert mismatch(replace(EXPECTED, transaction_id="other"), NEWS) is Refusal.OTHER_TRANSACTION


@pytest.mark.parametrize("said", list(permutations(ChannelState)))
def test_the_order_in_which_news_come_makes_no_difference(said: tuple[ChannelState, ...]) -> None:
    status = P.AWAITING_CHANNEL
    for state in said:
        status = status_after(status, state)
    assert status is P.CHANNEL_CONFIRMED


@pytest.mark.parametrize("state", list(ChannelState))
@pytest.mark.parametrize("status", [P.FUNDS_CONFIRMED, P.REFUNDED])
def test_nothing_undoes_what_the_supplier_has_seen_or_paid_back(status: PaymentStatus, state: ChannelState) -> None:
    assert status_after(status, state) is status


def test_money_is_too_late_where_it_has_nothing_to_pay() -> None:
    assert not is_too_late(OrderStatus.COMPLETED, Decimal(0), AMOUNT, was_covering=True)
    assert is_too_late(OrderStatus.TERMINATED, AMOUNT - 1, AMOUNT, was_covering=True)
    assert not is_too_late(OrderStatus.TERMINATED, AMOUNT, AMOUNT, was_covering=True)  # owed again
    assert is_too_late(OrderStatus.COMPLETED, AMOUNT - 1, AMOUNT, was_covering=False)
    assert not is_too_late(OrderStatus.COMPLETED, AMOUNT, AMOUNT, was_covering=False)


@pytest.mark.parametrize("status", list(P))
def test_a_payment_covers_what_it_is_for_until_some_time_after_its_own(status: PaymentStatus) -> None:
    expires_at = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    last = expires_at + COVERS_FOR - timedelta(microseconds=1)
    assert is_covering(status, expires_at, last) is (status is P.AWAITING_CHANNEL)
    assert not is_covering(status, expires_at, expires_at + COVERS_FOR)


@pytest.mark.parametrize("text", ["", "1e3", "-1", "1.001", "1,00", "١", "NaN", " 1", "1 ", "9" * 13, None, 5, 1.5])
def test_an_amount_is_written_in_one_way(text: object) -> None:
    assert yuan(text) is None


def test_yuan_and_fen_are_exact() -> None:
    assert (yuan("0.01"), yuan("20"), yuan("1130.0")) == (Decimal("0.01"), Decimal("20.00"), AMOUNT)
    assert (from_fen(113000), to_fen(AMOUNT), from_fen(0)) == (AMOUNT, 113000, Decimal("0.00"))
    for wrong in (True, "113000", 1.0, -1, 10**14, None):
        assert from_fen(wrong) is None
    with pytest.raises(ValueError, match="finer"):
        to_fen(Decimal("0.001"))


def test_every_online_method_has_an_address() -> None:
    assert set(SLUGS) == ONLINE < set(PaymentMethod)
