"""Official invoices: the form of their numbers, their sums, and how they compare with what was invoiced."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from rules.fapiao import (
    Coverage,
    FapiaoType,
    RateLine,
    Sums,
    check_covered,
    check_fapiao,
    check_same,
    coverage,
    tolerance_of,
)
from rules.problems import AmountMismatch, InvalidInput
from tests.fapiao_makers import make_fapiao

TODAY = date(2026, 11, 26)
INVOICE = Sums(D("333.00"), D("43.29"), D("376.29"))
T = FapiaoType


@pytest.mark.parametrize(
    ("kind", "code", "number", "wrong"),
    [
        (T.DIGITAL_SPECIAL, "", "2" * 20, None),
        (T.DIGITAL_ORDINARY, "", "2" * 19, "input.number"),
        (T.DIGITAL_SPECIAL, "1" * 12, "2" * 20, "input.code"),
        (T.ELECTRONIC_ORDINARY, "1" * 12, "2" * 8, None),
        (T.ELECTRONIC_SPECIAL, "1" * 10, "2" * 8, "input.code"),
        (T.SPECIAL, "1" * 10, "2" * 8, None),
        (T.SPECIAL, "1" * 12, "2" * 8, "input.code"),
        (T.ORDINARY, "1" * 12, "2" * 8, None),
        (T.ORDINARY, "1" * 10, "2" * 20, "input.number"),
        (T.ORDINARY, "", "2" * 8, "input.code"),
        (T.DIGITAL_SPECIAL, "", "２" * 20, "input.number"),
    ],
)
def test_code_and_number_have_the_form_of_their_type(kind: T, code: str, number: str, wrong: str | None) -> None:
    fapiao = make_fapiao("100.00", "13.00", type=kind, code=code, number=number, issued_on=TODAY)
    if wrong is None:
        check_fapiao(fapiao, TODAY)
    else:
        with pytest.raises(InvalidInput) as refused:
            check_fapiao(fapiao, TODAY)
        assert [fault.path for fault in refused.value.faults] == [wrong]


def test_none_is_dated_tomorrow() -> None:
    with pytest.raises(InvalidInput, match="issuedOn"):
        check_fapiao(make_fapiao("1.00", "0.13", issued_on=TODAY + timedelta(days=1)), TODAY)


def test_none_is_about_nothing() -> None:
    with pytest.raises(InvalidInput, match=r"input\.total: must be more than 0"):
        check_fapiao(make_fapiao("0", "0", issued_on=TODAY), TODAY)
    check_fapiao(make_fapiao("0", "0.01", issued_on=TODAY), TODAY)  # tax that was forgotten


def test_net_and_tax_are_the_total_and_the_rates_add_up() -> None:
    right = make_fapiao("150.00", "17.50", issued_on=TODAY)
    goods, freight = RateLine(D("0.13"), D("100.00"), D("13.00")), RateLine(D("0.09"), D("50.00"), D("4.50"))
    check_fapiao(replace(right, rates=(goods, freight)), TODAY)
    for wrong, expected, found in (
        (make_fapiao("150.00", "17.50", "167.51", issued_on=TODAY), "167.50", "167.51"),
        (replace(right, rates=(goods,)), "150.00", "100.00"),
        (replace(right, rates=(goods, replace(freight, tax=D("4.51")))), "17.50", "17.51"),
    ):
        with pytest.raises(AmountMismatch) as refused:
            check_fapiao(wrong, TODAY)
        assert (refused.value.expected, refused.value.found) == (D(expected), D(found))
    with pytest.raises(InvalidInput, match="rate twice"):
        check_fapiao(replace(right, rates=(goods, goods)), TODAY)


def test_several_add_up_to_the_invoice_but_for_a_cent_a_line() -> None:
    first, rest = Sums(D("100.00"), D("13.00"), D("113.00")), Sums(D("233.00"), D("30.30"), D("263.30"))
    check_covered(INVOICE, [first, rest], tolerance_of(1))
    assert coverage(INVOICE, first + rest, tolerance_of(1)) is Coverage.COMPLETE
    assert coverage(INVOICE, first, tolerance_of(1)) is Coverage.PARTIAL
    assert coverage(INVOICE, Sums(), tolerance_of(1)) is Coverage.NONE
    with pytest.raises(AmountMismatch) as refused:
        check_covered(INVOICE, [first, rest], tolerance_of(0))
    assert (refused.value.expected, refused.value.found) == (D("43.29"), D("43.30"))


def test_the_same_total_with_another_tax_does_not_cover_it() -> None:
    assert coverage(INVOICE, Sums(D("376.29"), D(0), D("376.29")), tolerance_of(3)) is Coverage.PARTIAL


def test_what_is_recorded_is_what_the_file_says() -> None:
    given = make_fapiao("100.00", "13.00")
    check_same(given, replace(given, type=FapiaoType.DIGITAL_ORDINARY))
    for read, path in (
        (replace(given, number="9" * 20), "input.number"),
        (replace(given, issued_on=given.issued_on - timedelta(days=1)), "input.issuedOn"),
    ):
        with pytest.raises(InvalidInput, match=path):
            check_same(given, read)
    with pytest.raises(AmountMismatch):
        check_same(given, replace(given, sums=Sums(D("100.00"), D("12.99"), D("112.99"))))
