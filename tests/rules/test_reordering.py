"""What can be ordered again: what is offered, in one currency."""

from rules.money import Currency
from rules.reordering import LeftOutReason, left_out

CNY, USD = Currency.CNY, Currency.USD


def test_what_is_offered_in_one_currency_is_ordered_again() -> None:
    assert left_out(["a", "b", "a"], {"a": CNY, "b": CNY}) == {}
    assert left_out([], {}) == {}


def test_what_is_not_offered_is_left_out_and_so_is_another_currency_than_the_first() -> None:
    assert left_out(["gone", "a", "dear", "a"], {"a": CNY, "dear": USD}) == {
        0: LeftOutReason.NOT_OFFERED,
        2: LeftOutReason.OTHER_CURRENCY,
    }
    assert left_out(["gone"], {}) == {0: LeftOutReason.NOT_OFFERED}
