"""Packing lists and labels on paper: the same bytes from the same facts, one page for each label, and bars that a scanner reads."""

import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from partners.documents import Printer, packing
from partners.documents.barcodes import bars, readable
from partners.documents.typst_printer import TypstPrinter
from rules.packing import PackageType
from rules.shipping import TransportMode
from tests.package_makers import make_sscc

LIST, LABEL = "dinghuo-packing-list/1", "dinghuo-logistic-label/1"
TOOLS = ("pdftoppm", "zbarimg")


@pytest.fixture(scope="module")
def printer() -> TypstPrinter:
    """One for all: it reads its fonts once."""
    return TypstPrinter()


def make_package(position: int, **facts: Any) -> dict[str, Any]:
    """A carton with ten pairs of gloves."""
    gloves = {"sku": "MRO-GLOVE-M", "nameZh": "丁腈防护手套 M", "unit": "PR", "quantity": "10"}
    return {
        "position": position,
        "type": "CT",
        "sscc": make_sscc(),
        "grossWeight": "12.500",
        "length": "60.00",
        "width": "40.00",
        "height": "35.50",
        "volume": "0.085200",
        "to": None,
        "lines": [gloves],
        **facts,
    }


def make_facts(template: str, packages: int = 2, **facts: Any) -> str:
    """A shipment with so many packages, as the services tell it."""
    party = {"name": "上海恒固紧固件有限公司", "englishName": "Henggu", "creditCode": "91310000MA0DEM0016"}
    line = {"position": 1, "sku": "MRO-GLOVE-M", "nameZh": "丁腈防护手套 M", "nameEn": "Nitrile gloves M", "unit": "PR"}
    said = {
        "template": template,
        "number": "DA-7F3K-9Q2M",
        "order": "PO-7F3K-9Q2M",
        "buyer": party,
        "supplier": {**party, "brand": {"colour": None, "line": None}},
        "despatchedAt": "2026-11-25T08:00:00+00:00",
        "zone": "America/Los_Angeles",
        "promisedOn": "2026-12-01",
        "mode": "ROAD",
        "carrier": "顺丰速运",
        "waybill": "SF1234567890123",
        "to": {"place": "Pier 80", "recipient": "陈大库", "phone": "13800000000"},
        "grossWeight": "25.000",
        "volume": "0.170400",
        "lines": [{**line, "despatched": "100", "packed": "20", "unpacked": "80"}],
        "packages": [make_package(number) for number in range(1, packages + 1)],
        "labelled": list(range(1, packages + 1)),
        **facts,
    }
    return json.dumps(said, ensure_ascii=False)


def pages(pdf: bytes) -> int:
    """How many there are."""
    return int(PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"])


def words(printed: object) -> str:
    """Everything a sheet says, in one text."""
    return json.dumps(printed, ensure_ascii=False)


@pytest.mark.parametrize("template", [LIST, LABEL])
def test_the_same_facts_give_the_same_bytes(printer: Printer, template: str) -> None:
    facts = make_facts(template)
    pdf = printer.printout(facts)
    assert pdf == TypstPrinter().printout(facts)
    assert "pdfaid" in PdfFileReader(io.BytesIO(pdf)).root["/Metadata"].data.decode()


def test_each_label_is_a_page_of_a6_whatever_stands_on_it(printer: Printer) -> None:
    endless = {"name": "长" * 200, "englishName": "W" * 200, "creditCode": "91310000MA0DEM0016"}
    strange = {
        "buyer": endless,
        "supplier": {**endless, "brand": {}},
        "carrier": "顺" * 120,
        "waybill": "W" * 64,
        "to": {"place": "地" * 300, "recipient": "人" * 80, "phone": "1" * 32},
    }
    article = {"sku": "#panic() " * 7, "nameZh": "🏭", "unit": "H87", "quantity": "123456789.123456"}
    packages = [
        make_package(1, lines=[article] * 6),
        make_package(2, sscc=None, lines=[], length=None, grossWeight=None),
    ]
    facts = json.loads(make_facts(LABEL, 2, **strange)) | {"packages": packages}
    pdf = printer.printout(json.dumps(facts))
    assert pages(pdf) == 2
    box = PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Kids"][0].get_object()["/MediaBox"]
    assert [round(side) for side in box] == [0, 0, 298, 420]
    assert pages(printer.printout(json.dumps(facts | {"template": LIST}))) >= 1


def test_only_the_labels_that_are_wanted_are_printed(printer: Printer) -> None:
    facts = json.loads(make_facts(LABEL, 5)) | {"labelled": [4]}
    assert pages(printer.printout(json.dumps(facts))) == 1
    [label] = packing.labels(json.dumps(facts), str)["labels"]
    assert (label["position"], label["count"]) == ("4", "5")


def test_a_label_says_what_carriers_ask_for() -> None:
    [label] = packing.labels(make_facts(LABEL, 1), str)["labels"]
    assert {fact["en"]: fact["value"] for fact in label["facts"]} == {
        "Carrier": "顺丰速运",
        "Waybill": "SF1234567890123",
        "Despatch advice": "DA-7F3K-9Q2M",
        "Order": "PO-7F3K-9Q2M",
        "Package": "纸箱 carton",
        "Gross weight": "12.5 kg",
        "Dimensions": "60 × 40 × 35.5 cm",
    }
    assert label["to"] == {"name": "上海恒固紧固件有限公司", "place": "Pier 80", "recipient": "陈大库 13800000000"}
    elsewhere = make_package(1, to={"place": "Gate 3", "recipient": None, "phone": None})
    facts = json.loads(make_facts(LABEL, 1)) | {"packages": [elsewhere]}
    [label] = packing.labels(json.dumps(facts), str)["labels"]
    assert (label["to"]["place"], label["to"]["recipient"]) == ("Gate 3", "")


def test_a_label_names_few_lines_and_says_how_many_more_there_are() -> None:
    facts = json.loads(make_facts(LABEL, 1))
    facts["packages"][0]["lines"] *= 5
    [label] = packing.labels(json.dumps(facts), str)["labels"]
    assert label["contents"] == ["MRO-GLOVE-M × 10 双 pair"] * 3 + ["… 另 2 项 2 more"]


def test_a_packing_list_has_every_package_and_what_is_left_over() -> None:
    said = packing.packing_list(make_facts(LIST), str)
    assert [package["contents"][0]["quantity"] for package in said["packages"]] == ["10 双 pair"] * 2
    assert [(line["despatched"], line["packed"], line["unpacked"]) for line in said["lines"]] == [
        ("100 双 pair", "20", "80")
    ]
    assert {fact["en"]: fact["value"] for fact in said["totals"]} == {
        "Packages": "2",
        "Gross weight": "25 kg",
        "Volume": "0.1704 m³",
    }
    assert "2026-11-25 00:00 America/Los_Angeles" in words(said)
    assert "Gross weight" not in words(packing.packing_list(make_facts(LIST, grossWeight=None), str)["totals"])


def test_every_code_has_its_words() -> None:
    for mode in TransportMode:
        assert packing.MODES[mode][1] in words(packing.packing_list(make_facts(LIST, mode=mode), str))
    for type_ in PackageType:
        facts = json.loads(make_facts(LIST, 1))
        facts["packages"][0]["type"] = type_
        assert packing.packing_list(json.dumps(facts), str)["packages"][0]["zh"]


def test_bars_begin_with_start_c_and_fnc1_as_gs1_wants_them() -> None:
    """Code 128, ISO/IEC 15417: 11 modules a character, of which the two first are 105 and 102, and 13 at the end."""
    found = bars(make_sscc())
    assert found[:6] == [(0, 2), (3, 1), (6, 3), (11, 4), (16, 1), (18, 3)]
    at, width = found[-1]
    assert at + width == 11 * (1 + 1 + 10 + 1) + 13
    assert readable("106141411234567897") == "(00) 106141411234567897"


@pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason="needs poppler's pdftoppm and zbar's zbarimg; see docs/decisions/0127"
)
def test_a_scanner_reads_what_is_printed(printer: Printer, tmp_path: Path) -> None:
    """At 203 dots an inch, as label printers print."""
    facts = make_facts(LABEL, 3)
    (tmp_path / "labels.pdf").write_bytes(printer.printout(facts))
    subprocess.run(
        ["pdftoppm", "-r", "203", "-png", "labels.pdf", "label"], cwd=tmp_path, check=True, capture_output=True
    )
    images = sorted(path.name for path in tmp_path.glob("label-*.png"))
    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", *images], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert read.stdout.split() == [f"00{package['sscc']}" for package in json.loads(facts)["packages"]]
