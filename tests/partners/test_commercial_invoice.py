"""Invoices and credit notes on paper: the same bytes from the same text, and every figure of EN 16931 that an accountant looks for."""

import io
import json
import shutil
import subprocess
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from partners.documents import commercial_invoice
from partners.documents.typst_printer import TypstPrinter
from tests.paper import printer

PARTY = {
    "name": "上海恒固紧固件有限公司",
    "englishName": "Henggu",
    "creditCode": "91310000MA0DEM0016",
    "address": "上海市浦东新区碧波路 690 号",
    "phone": "021-5080 1234",
    "bank": {"name": "中国工商银行张江支行", "account": "1001 2345"},
    "brand": {"colour": None, "line": None},
}


def make_line(position: int, net: str, tax: str, **facts: Any) -> dict[str, Any]:
    """A line of bolts."""
    return {
        "position": str(position),
        "orderLine": "bolts",
        "allowance": None,
        "quantity": "1000",
        "unitPrice": "0.333",
        "taxRate": "0.13",
        "net": net,
        "tax": tax,
        **facts,
    }


def make_text(many: int = 1, **facts: Any) -> str:
    """Scenario 1 with an allowance, as the services tell it."""
    goods = [make_line(place, "333.00", "43.29") for place in range(1, many + 1)]
    freight = {"orderLine": None, "quantity": "1", "unitPrice": "50", "taxRate": "0.09"}
    less = {"orderLine": None, "allowance": "大单优惠", "quantity": "1", "unitPrice": "-10"}
    said = {
        "template": "dinghuo-commercial-invoice/1",
        "number": "IN-2026-000001",
        "drawnUpAt": "2026-11-26T08:00:00+00:00",
        "issuedOn": "2026-11-26",
        "dueOn": "2026-12-28",
        "order": "PO-7F3K-9Q2M",
        "contract": {"number": "CT-7F3K-9Q2M", "version": "1"},
        "payment": {"prepaidShare": "0.3", "netDays": "30", "moment": "ON_INVOICE"},
        "buyer": {**PARTY, "address": None, "phone": None},
        "supplier": PARTY,
        "deliverTo": "上海",
        "amounts": {"currency": "CNY", "net": "373.00", "tax": "46.49", "total": "419.49"},
        "lines": [
            *goods,
            make_line(many + 1, "50.00", "4.50", **freight),
            make_line(many + 2, "-10.00", "-1.30", **less),
        ],
        "goods": {"bolts": {"sku": "BOLT-M8", "nameZh": "螺栓", "nameEn": "Bolt", "unit": "H87"}},
        **facts,
    }
    return json.dumps(said, ensure_ascii=False)


CREDIT: dict[str, Any] = {
    "template": "dinghuo-credit-note/1",
    "number": "CN-2026-000001",
    "corrects": {"number": "IN-2026-000001", "issuedOn": "2026-11-26"},
    "reason": "划痕 scratched",
}


def named(facts: Any) -> dict[str, str]:
    """By their English names."""
    return {fact["en"]: fact["value"] for fact in facts}


def test_the_same_text_gives_the_same_bytes_and_long_ones_more_pages() -> None:
    for text, pages in ((make_text(), 1), (make_text(**CREDIT), 1), (make_text(60), 4)):
        pdf = printer().printout(text)
        assert PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"] == pages
    assert pdf == TypstPrinter().printout(text)
    assert "pdfaid" in PdfFileReader(io.BytesIO(pdf)).root["/Metadata"].data.decode()


def test_an_invoice_says_who_owes_what_for_what_until_when() -> None:
    said = commercial_invoice.sheet(make_text(), str)
    seller, buyer = said["parties"]
    assert named(seller["rows"]) == {
        "Tax ID": "91310000MA0DEM0016",
        "Address": "上海市浦东新区碧波路 690 号",
        "Phone": "021-5080 1234",
    }
    assert (seller["en"], buyer["en"], named(buyer["rows"])) == ("Seller", "Buyer", {"Tax ID": "91310000MA0DEM0016"})
    assert named(said["facts"])["Due"] == "2026-12-28"
    assert named(said["facts"])["UNTDID 1001"] == "380"
    assert named(said["references"])["Contract"] == "CT-7F3K-9Q2M v1"
    assert (
        said["payment"][0]["value"]
        == "预付 30%，其余开票后 30 日内付清 · 30% prepaid, the rest net 30 days from invoice"
    )
    assert named(said["payment"])["Account"] == "1001 2345"
    assert "not an official tax invoice" in said["note"]["en"]


def test_its_figures_are_told_line_by_line_rate_by_rate_and_in_capitals() -> None:
    said = commercial_invoice.sheet(make_text(), str)
    goods, freight, less = said["lines"]
    assert (goods["name"], goods["unit"], goods["gross"]) == ("螺栓", "件 piece", "376.29")
    assert (freight["name"], freight["englishName"], freight["taxRate"]) == ("运费", "Freight", "9%")
    assert (less["name"], less["englishName"], less["net"]) == ("大单优惠", "Allowance", "-10.00")
    assert said["rates"] == [
        {"rate": "13%", "net": "323.00", "tax": "41.99", "gross": "364.99"},
        {"rate": "9%", "net": "50.00", "tax": "4.50", "gross": "54.50"},
    ]
    assert named(said["sums"]) == {"Lines": "383.00", "Allowances": "-10.00", "Net": "373.00", "VAT": "46.49"}
    assert (said["amount"], said["capitals"]) == ("419.49", "肆佰壹拾玖元肆角玖分")
    abroad = {"currency": "USD", "net": "373.00", "tax": "46.49", "total": "419.49"}
    assert commercial_invoice.sheet(make_text(amounts=abroad), str)["capitals"] == ""


def test_it_says_how_tax_was_rounded_in_both_languages_unless_its_text_is_from_before() -> None:
    amounts = {
        "currency": "CNY",
        "net": "15.09",
        "tax": "1.96",
        "total": "17.05",
        "rounding": "HALF_UP",
        "taxLevel": "DOCUMENT",
    }
    for facts in ({}, CREDIT):
        text = make_text(**facts, amounts=amounts)
        assert commercial_invoice.sheet(text, str)["rounding"] == {
            "zh": "税额按单据计算，四舍五入。",
            "en": "Tax is rounded by document, half up.",
        }
        assert commercial_invoice.sheet(make_text(**facts), str)["rounding"] == {"zh": "", "en": ""}


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed; see docs/decisions/0164")
def test_how_tax_was_rounded_stands_on_paper() -> None:
    amounts = {"currency": "CNY", "net": "373.00", "tax": "46.49", "total": "419.49"}
    for said, is_said in ((amounts, False), (amounts | {"rounding": "DOWN", "taxLevel": "LINE"}, True)):
        pdf = printer().printout(make_text(amounts=said))
        shown = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        assert ("Tax is rounded by line, down." in " ".join(shown.split())) is is_said
        assert ("按行计算" in shown) is is_said


def test_a_credit_note_says_which_invoice_it_corrects_and_asks_for_no_money() -> None:
    cheaper = make_line(1, "10.00", "1.30", quantity="0")
    said = commercial_invoice.sheet(make_text(**CREDIT, lines=[cheaper]), str)
    assert named(said["references"])["Corrects invoice"] == "IN-2026-000001（2026-11-26）"
    assert named(said["references"])["Reason"] == "划痕 scratched"
    assert (named(said["facts"])["UNTDID 1001"], said["payment"]) == ("381", [])
    assert (said["lines"][0]["quantity"], said["lines"][0]["unitPrice"]) == ("—", "—")


def test_figures_that_leave_no_room_for_words_stand_below_them() -> None:
    huge = make_line(1, "99999999999999.99", "0.00", quantity="123456789012.123456")
    text = make_text(lines=[huge], supplier={**PARTY, "englishName": "W" * 200})
    assert commercial_invoice.sheet(text, str)["isWide"]
    assert not commercial_invoice.sheet(make_text(), str)["isWide"]
    assert PdfFileReader(io.BytesIO(printer().printout(text))).root["/Pages"]["/Count"] == 1
