"""Which rate of tax is the law's on a day, and what is said of one that is not."""

from datetime import date
from decimal import Decimal as D

import pytest

from rules.problems import InvalidInput, UnknownTaxRate
from rules.tax import Law, LegalRate, RateChange, TaxCategory, new_rates

LAST, FIRST = date(2019, 3, 31), date(2019, 4, 1)
KNOWN = [
    LegalRate(D("0.16"), date(2018, 5, 1), LAST),
    LegalRate(D("0.13"), FIRST),
    LegalRate(D("0.00"), date(1994, 1, 1)),
]


@pytest.mark.parametrize(("day", "right", "wrong"), [(LAST, "0.16", "0.13"), (FIRST, "0.13", "0.16")])
def test_a_rate_is_taken_from_its_first_day_to_its_last(day: date, right: str, wrong: str) -> None:
    law = Law("CN", KNOWN, [day])
    law.check([("a", D(right)), ("b", D("0.000000"))])
    with pytest.raises(UnknownTaxRate) as refused:
        law.check([("a", D(right)), ("b", D(wrong)), ("c", D("0.5"))])
    assert refused.value.facts() == {
        "path": "b", "rate": D(wrong), "country": "CN", "day": day, "rates": (D(right), D(0)),
    }  # fmt: skip


def test_what_was_supplied_before_the_change_is_taxed_as_it_was_then() -> None:
    law = Law("CN", KNOWN, [LAST, FIRST])
    assert [law.has(D(rate)) for rate in ("0.16", "0.13", "0.17")] == [True, True, False]
    with pytest.raises(UnknownTaxRate) as refused:
        law.check([("a", D("0.17"))])
    assert (refused.value.day, refused.value.rates) == (FIRST, (D("0.13"), D(0)))


def test_where_nothing_is_known_of_a_country_any_rate_is_taken() -> None:
    Law("DE", [], [FIRST]).check([("a", D("0.19"))])


def test_freight_is_taxed_at_the_highest_reduced_rate_of_the_day() -> None:
    reduced = [
        LegalRate(D(rate), first, last, TaxCategory.AA)
        for rate, first, last in (
            ("0.10", date(2018, 5, 1), LAST),
            ("0.09", FIRST, None),
            ("0.06", date(2013, 8, 1), None),
        )
    ]
    found = {day: Law("CN", [*KNOWN, *reduced], [FIRST, day]).on_freight(is_charged=True) for day in (LAST, FIRST)}
    assert found == {LAST: D("0.10"), FIRST: D("0.09")}
    assert Law("DE", [], [FIRST]).on_freight(is_charged=True) == D("0.09")
    Law("CN", KNOWN, [FIRST]).on_freight(is_charged=False)
    with pytest.raises(InvalidInput) as refused:
        Law("CN", KNOWN, [FIRST]).on_freight(is_charged=True)
    assert refused.value.faults[0].path == "input.freightTaxRate"


def test_a_rate_is_replaced_once_and_only_where_it_is_charged() -> None:
    one = RateChange(D("0.16"), D("0.13"))
    assert new_rates([one], {D("0.160000")}) == {D("0.16"): D("0.13")}
    for changes, fault in (([one, one], "input.taxRates[1].before"), ([one], "input.taxRates[0].before")):
        with pytest.raises(InvalidInput) as refused:
            new_rates(changes, {D("0.16")} if len(changes) == 2 else {D("0.09")})
        assert [each.path for each in refused.value.faults] == [fault]
