"""Contracts on paper: the same bytes from the same text, archival, with both signature fields, whatever the parties are called."""

import io
import json
from datetime import UTC, datetime

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from partners.documents import FIELDS, Printer, Stamp, framework_agreement
from partners.documents.purchase_contract import sheet
from partners.documents.typst_printer import TypstPrinter
from rules.contract import TrustLevel, canonical, fingerprint
from rules.lifecycle import Side
from tests.agreements import make_agreement, make_text

STRANGE = {
    "typst code": '#panic("boom") #sys.inputs $x^2$ *bold* `raw` @ref <label> \\ // /* [ { "',
    "two hundred characters": "长" * 200,
    "an emoji": "宏图🏭机电",
    "right to left": "שלום \u202egnp.exe",
    "control characters": "上\x07海\u200b公司",
    "no spaces": "W" * 200,
}


@pytest.fixture(scope="module")
def printer() -> TypstPrinter:
    """One for all: it reads its fonts once."""
    return TypstPrinter()


def words(printed: object) -> str:
    """Everything a sheet says, in one text."""
    return json.dumps(printed, ensure_ascii=False)


def test_the_same_text_gives_the_same_bytes(printer: Printer) -> None:
    text = make_text()
    assert printer.document(text) == TypstPrinter().document(text)
    assert printer.document(text) != printer.document(make_text(remark="Deliver to the back door."))


def test_it_is_archival_and_names_the_text_it_was_made_from(printer: Printer) -> None:
    text = make_text()
    pdf = printer.document(text)
    reader = PdfFileReader(io.BytesIO(pdf))
    metadata = reader.root["/Metadata"].data.decode()
    assert "pdfaid" in metadata
    assert reader.trailer["/Info"]["/Keywords"] == f"sha256:{fingerprint(text)}"
    assert f"sha256:{fingerprint(text)}" in metadata, "what PDF/A asks: both metadata agree"
    assert reader.trailer["/Info"]["/CreationDate"].startswith("D:20261125200000")


def test_both_signature_fields_are_there_before_anyone_signs(printer: Printer) -> None:
    reader = PdfFileReader(io.BytesIO(printer.document(make_text())))
    fields = {str(field.get_object()["/T"]): field.get_object() for field in reader.root["/AcroForm"]["/Fields"]}
    assert fields.keys() == set(FIELDS.values())
    assert reader.embedded_signatures == []
    buyer, supplier = ([int(at) for at in fields[FIELDS[side]]["/Rect"]] for side in (Side.BUYER, Side.SUPPLIER))
    assert buyer[2] < supplier[0], "beside each other"
    assert all(field["/AP"] for field in fields.values()), "PDF/A asks every annotation for an appearance"


@pytest.mark.parametrize("what", STRANGE)
def test_whatever_the_parties_are_called_is_printed_as_text(printer: Printer, what: str) -> None:
    name = STRANGE[what]
    party = {"name": name, "englishName": name, "creditCode": "91310000MA0DEM0016", "brand": {"line": name[:60]}}
    pdf = printer.document(make_text(buyer=party, supplier=party, remark=name * 5, quality=name))
    assert PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"] >= 2
    stamp = Stamp(name, name, datetime(2026, 11, 25, tzinfo=UTC), TrustLevel.PLATFORM_CA, name)
    assert printer.stamp(stamp) == printer.stamp(stamp)


def test_what_no_font_draws_is_shown_by_its_code_point(printer: TypstPrinter) -> None:
    said = words(sheet(make_text(remark="🏭\u202e"), printer._glyphs.shown))
    assert "[U+1F3ED][U+202E]" in said
    assert "🏭" not in said


def test_two_hundred_lines_take_pages_and_the_fields_stand_on_the_last(printer: Printer) -> None:
    reader = PdfFileReader(io.BytesIO(printer.document(make_text(200))))
    pages = reader.root["/Pages"]["/Count"]
    assert 8 <= pages <= 16
    last = reader.find_page_for_modification(pages - 1)[0].get_object()
    assert len(last["/Annots"]) == 2


@pytest.mark.parametrize(
    ("total", "currency", "capitals"),
    [
        ("430.79", "CNY", "肆佰叁拾元柒角玖分"),
        ("0.29", "CNY", "贰角玖分"),
        ("128800.00", "CNY", "壹拾贰万捌仟捌佰元整"),
        ("100003.07", "CNY", "壹拾万零叁元零柒分"),
        ("430.79", "USD", ""),
    ],
)
def test_the_total_is_written_out_in_renminbi_alone(total: str, currency: str, capitals: str) -> None:
    amounts = {**make_agreement()["amounts"], "total": total, "currency": currency}
    assert sheet(make_text(amounts=amounts), str)["capitals"] == capitals


def test_prices_with_tax_are_called_so_at_the_top_and_beneath_the_total() -> None:
    amounts = make_agreement()["amounts"]
    plain = words(sheet(make_text(), str))
    with_tax = sheet(make_text(amounts={**amounts, "taxInclusion": "INCLUSIVE"}), str)
    assert ("含税价" in plain, "VAT included" in plain) == (False, False)
    assert {"zh": "价格", "en": "Prices", "value": "含税价 VAT included"} in with_tax["facts"]
    assert with_tax["rounding"]["zh"].startswith("单价为含税价。")
    assert sheet(make_text(amounts={**amounts, "taxInclusion": "EXCLUSIVE"}), str)["rounding"] == {
        "zh": "税额按行计算，四舍五入。",
        "en": "Tax is rounded by line, half up.",
    }


def test_terms_are_printed_as_far_as_they_were_agreed() -> None:
    plain = words(sheet(make_text(), str))
    assert ("30日" in plain, "Incoterms" in plain, "预付款" in plain, "折让" in plain) == (True, True, False, False)
    agreed = make_agreement(
        payment={"netDays": "30", "prepaidShare": "0.3"},
        delivery={"place": None, "zone": "Asia/Shanghai", "incoterm": None},
        allowances=[{"reason": "量大折让", "net": "-10.00", "tax": "-1.30", "taxRate": "0.13"}],
    )
    said = words(sheet(canonical(agreed), str))
    assert ("预付款：合同总价的30%" in said, "-11.30" in said, "Incoterms" in said) == (True, True, False)


def test_how_long_goods_are_inspected_and_claims_are_heard_is_printed_where_it_was_agreed() -> None:
    before = words(sheet(make_text(), str))
    assert ("检验期为" in before, "质量保证期为" in before) == (False, False)
    said = words(sheet(make_text(inspection={"days": "14"}, warranty={"days": "730"}), str))
    assert "检验期为货物到达交货地点并为平台所知之日起14日" in said
    assert "The warranty period is 730 days" in said
    assert "质量保证期为" not in words(sheet(make_text(inspection={"days": "14"}, warranty={"days": "0"}), str))


@pytest.mark.parametrize(
    ("chosen", "printed"), [("#8a1c1c", "#8a1c1c"), ("#ffffff", "#8c8c8c"), (None, "#1f3a5f"), ("#ffff00", "#9e9e00")]
)
def test_the_supplier_s_colour_is_taken_as_far_as_it_can_be_read(chosen: str | None, printed: str) -> None:
    supplier = {**make_agreement()["supplier"], "brand": {"colour": chosen, "line": "Fasteners that hold"}}
    brand = sheet(make_text(supplier=supplier), str)["brand"]
    assert brand == {"colour": printed, "line": "Fasteners that hold", "name": supplier["name"]}


def make_framework(**facts: object) -> str:
    """The canonical text of a framework agreement."""
    contract = make_agreement()
    price = {"position": "1", "sku": "BOLT-8", "nameZh": "螺栓", "nameEn": "Bolt", "unit": "H87"}
    return canonical(
        {
            "template": "dinghuo-framework-agreement/1",
            "number": "FA-7F3K-9Q2M",
            "drawnUpAt": contract["drawnUpAt"],
            "buyer": contract["buyer"],
            "supplier": contract["supplier"],
            "period": {"from": "2026-12-01", "to": "2027-11-30"},
            "limits": {"currency": "CNY", "perOrder": "50000", "total": "1200000.5"},
            "payment": {"netDays": "45"},
            "prices": [{**price, "unitPrice": "0.333", "minimumQuantity": "1000"}],
            "remark": None,
            **facts,
        }
    )


def test_a_framework_agreement_is_printed_like_a_contract(printer: Printer) -> None:
    text = make_framework()
    pdf = printer.document(text)
    assert pdf == TypstPrinter().document(text)
    reader = PdfFileReader(io.BytesIO(pdf))
    assert "pdfaid" in reader.root["/Metadata"].data.decode()
    assert reader.trailer["/Info"]["/Keywords"] == f"sha256:{fingerprint(text)}"
    fields = {str(field.get_object()["/T"]) for field in reader.root["/AcroForm"]["/Fields"]}
    assert fields == set(FIELDS.values())


def test_a_framework_agreement_says_how_long_how_much_and_at_which_prices() -> None:
    said = words(framework_agreement.sheet(make_framework(remark="按季度对账"), str))
    for part in (
        "2026-12-01",
        "2027-11-30",
        "50,000.00",
        "1,200,000.50",
        "壹佰贰拾万元伍角",
        "0.333",
        "45日",
        "按季度对账",
    ):
        assert part in said, part
    assert "未约定产品单价" in words(framework_agreement.sheet(make_framework(prices=[]), str))


@pytest.mark.parametrize("what", STRANGE)
def test_whatever_stands_in_a_framework_agreement_is_printed_as_text(printer: Printer, what: str) -> None:
    name = STRANGE[what]
    party = {"name": name, "englishName": name, "creditCode": "91310000MA0DEM0016"}
    price = {"position": "1", "sku": name[:64], "nameZh": name, "nameEn": name, "unit": "H87", "unitPrice": "1"}
    prices = [{**price, "position": str(place), "minimumQuantity": "0"} for place in range(1, 60)]
    pdf = printer.document(make_framework(buyer=party, supplier=party, prices=prices, remark=name * 5))
    assert PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"] >= 3


def test_a_change_says_what_it_supersedes_and_what_is_different(printer: Printer) -> None:
    before = make_text()
    change = {
        "proposedBy": "SUPPLIER",
        "reason": "模具延期",
        "differences": [
            {"term": "PROMISED_ON", "line": "1", "before": "2026-12-20", "after": "2027-01-05"},
            {"term": "SOMETHING_NEW", "line": None, "before": None, "after": "x"},
        ],
    }
    supersedes = {"number": "CT-7F3K-9Q", "version": "1", "sha256": fingerprint(before)}
    text = make_text(version="2", number="CT-8888-8Q", supersedes=supersedes, change=change)
    said = words(sheet(text, str))
    for part in (
        "CT-7F3K-9Q v1",
        fingerprint(before),
        "模具延期",
        "由供应方提出",
        "交货日期",
        "2027-01-05",
        "SOMETHING_NEW",
    ):
        assert part in said, part
    assert PdfFileReader(io.BytesIO(printer.document(text))).root["/Pages"]["/Count"] >= 2
    assert sheet(before, str)["amendment"] is None


def test_a_call_off_names_its_framework_agreement_at_its_head() -> None:
    facts = sheet(make_text(agreement={"number": "FA-7F3K-9Q2M", "sha256": "0" * 64}), str)["facts"]
    assert "FA-7F3K-9Q2M" in [fact["value"] for fact in facts]
    assert "框架协议" not in [fact["zh"] for fact in sheet(make_text(), str)["facts"]]
