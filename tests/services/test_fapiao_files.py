"""The XML of a fully digitalised official invoice: what it says, and what of it is not put up with."""

from datetime import date
from decimal import Decimal as D

import pytest

from rules.fapiao import Sums
from services.fapiao_files import BadFapiao, parsed
from tests.fapiao_makers import make_xml

NUMBER = "24312000000012345678"


def test_it_tells_number_day_and_figures() -> None:
    found = parsed(make_xml(NUMBER, "2026-11-26 09:30:00", "333.00", "43.29", "376.29"))
    assert (found.number, found.code, found.issued_on) == (NUMBER, "", date(2026, 11, 26))
    assert found.sums == Sums(D("333.00"), D("43.29"), D("376.29"))


def test_a_red_one_has_figures_below_zero_which_are_what_is_taken_back() -> None:
    assert parsed(make_xml(NUMBER, "2026-11-26", "-1.00", "-0.13", "-1.13")).sums.total == D("1.13")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<EInvoice>",
        b"<EInvoice/>",
        b"<html/>",
        make_xml("", "2026-11-26", "1", "0", "1").replace(b"InvoiceNumber", b"Number"),
        make_xml(NUMBER, "yesterday", "1", "0", "1"),
        make_xml(NUMBER, "2026-11-26", "one", "0", "1"),
        make_xml(NUMBER, "2026-11-26", "1", "0", "1").replace(
            b"<EInvoice>", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><EInvoice>'
        ),
        make_xml(NUMBER, "2026-11-26", "1", "0", "1").replace(b"<EInvoice>", b"<!DOCTYPE EInvoice><EInvoice>"),
        make_xml(NUMBER, "2026-11-26", "1" * 65, "0", "1"),
        make_xml(NUMBER, "2026-11-26", "1", "0", "1").replace(
            b"</EInvoice>", b"<a>" * 20 + b"</a>" * 20 + b"</EInvoice>"
        ),
        make_xml(NUMBER, "2026-11-26", "1", "0", "1").replace(
            b"</TaxSupervisionInfo>", b"<InvoiceNumber>2</InvoiceNumber></TaxSupervisionInfo>"
        ),
        make_xml(NUMBER, "2026-11-26", "NaN", "0", "1"),
        make_xml(NUMBER, "2026-11-26", "1E400", "0", "1"),
    ],
)
def test_nothing_else_is_put_up_with(content: bytes) -> None:
    with pytest.raises(BadFapiao):
        parsed(content)
