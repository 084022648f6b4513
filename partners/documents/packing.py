"""What stands on a packing list and on the labels of packages, every value as a finished word, from the facts of a shipment alone."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from partners.documents.barcodes import bars, readable
from partners.documents.sheets import Sheet, each_text, grouped, headed, told
from rules.packing import NAMES, PackageType
from rules.shipping import TransportMode
from rules.units import NAMES as UNITS
from rules.units import Unit

M = TransportMode
# fmt: off
MODES = {
    M.MARITIME:     ("海运",     "By sea"),
    M.RAIL:         ("铁路",     "By rail"),
    M.ROAD:         ("公路",     "By road"),
    M.AIR:          ("空运",     "By air"),
    M.MAIL:         ("邮寄",     "By mail"),
    M.MULTIMODAL:   ("多式联运", "Multimodal"),
    M.INLAND_WATER: ("内河",     "Inland waterway"),
}
# fmt: on
LISTED = 3
"""Lines of a package's contents that a label names; the packing list names all."""
NOTHING = "—"


def packing_list(text: str, shown: Callable[[str], str]) -> Sheet:
    """What the template of the packing list lays out; `shown` makes a text printable."""
    facts = json.loads(text)
    found = {
        **headed(text, facts, "装箱单 Packing List"),
        "facts": _facts(facts),
        "carriage": _carriage(facts),
        "packages": [_package(package) for package in facts["packages"]],
        "lines": [_line(line) for line in facts["lines"]],
        "totals": _totals(facts),
    }
    return {name: each_text(value, shown) for name, value in found.items()}


def labels(text: str, shown: Callable[[str], str]) -> Sheet:
    """What the template of the labels lays out, one page for each package that is to have one."""
    facts = json.loads(text)
    found = {
        "title": f"物流标签 Logistic Label {facts['number']}",
        "author": facts["supplier"]["name"],
        "labels": [_label(facts, package) for package in facts["packages"] if package["position"] in facts["labelled"]],
    }
    return {name: each_text(value, shown) for name, value in found.items()}


def _facts(facts: Mapping[str, Any]) -> list[Mapping[str, str]]:
    return told(
        (
            ("发货单", "Despatch advice", facts["number"]),
            ("订单", "Order", facts["order"]),
            ("发货时间", "Despatched", _moment(facts)),
            ("承诺到货", "Promised", facts["promisedOn"]),
        )
    )


def _carriage(facts: Mapping[str, Any]) -> list[Mapping[str, str]]:
    to = facts["to"]
    return told(
        (
            ("收货地点", "Deliver to", to["place"]),
            ("收货人", "Recipient", _joined(to["recipient"], to["phone"])),
            ("运输方式", "Mode", " ".join(MODES[M(facts["mode"])])),
            ("承运人", "Carrier", facts["carrier"]),
            ("运单号", "Waybill", facts["waybill"]),
        )
    )


def _moment(facts: Mapping[str, Any]) -> str:
    at = datetime.fromisoformat(facts["despatchedAt"]).astimezone(ZoneInfo(facts["zone"]))
    return f"{at:%Y-%m-%d %H:%M} {facts['zone']}"


def _package(package: Mapping[str, Any]) -> Mapping[str, Any]:
    chinese, english = _type(package)
    return {
        "position": str(package["position"]),
        "zh": chinese,
        "en": english,
        "sscc": package["sscc"] or NOTHING,
        "contents": [_packed(line) for line in package["lines"]],
        "weight": _number(package["grossWeight"]),
        "box": _box(package),
        "volume": _number(package["volume"]),
    }


def _packed(line: Mapping[str, Any]) -> Mapping[str, str]:
    return {"sku": line["sku"], "name": line["nameZh"], "quantity": _quantity(line["quantity"], line["unit"])}


def _line(line: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        "position": str(line["position"]),
        "sku": line["sku"],
        "name": line["nameZh"],
        "englishName": line["nameEn"] if line["nameEn"] != line["nameZh"] else "",
        "despatched": _quantity(line["despatched"], line["unit"]),
        "packed": grouped(_plain(line["packed"])),
        "unpacked": grouped(_plain(line["unpacked"])),
    }


def _totals(facts: Mapping[str, Any]) -> list[Mapping[str, str]]:
    weight, volume = facts["grossWeight"], facts["volume"]
    return told(
        (
            ("件数", "Packages", str(len(facts["packages"]))),
            ("毛重", "Gross weight", weight and f"{_number(weight)} kg"),
            ("体积", "Volume", volume and f"{_number(volume)} m³"),
        )
    )


def _label(facts: Mapping[str, Any], package: Mapping[str, Any]) -> Mapping[str, Any]:
    chinese, english = _type(package)
    sscc, supplier, buyer, to = package["sscc"], facts["supplier"], facts["buyer"], package["to"] or facts["to"]
    contents = [f"{line['sku']} × {_quantity(line['quantity'], line['unit'])}" for line in package["lines"]]
    more = len(contents) - LISTED
    return {
        "from": {"name": supplier["name"], "englishName": supplier.get("englishName") or ""},
        "to": {
            "name": buyer["name"],
            "place": to["place"] or "",
            "recipient": _joined(to["recipient"], to["phone"]),
        },
        "position": str(package["position"]),
        "count": str(len(facts["packages"])),
        "facts": told(
            (
                ("承运人", "Carrier", facts["carrier"]),
                ("运单号", "Waybill", facts["waybill"]),
                ("发货单", "Despatch advice", facts["number"]),
                ("订单", "Order", facts["order"]),
                ("包装", "Package", f"{chinese} {english}"),
                ("毛重", "Gross weight", package["grossWeight"] and f"{_number(package['grossWeight'])} kg"),
                ("尺寸", "Dimensions", f"{_box(package)} cm" if package["length"] else None),
            )
        ),
        "contents": contents[:LISTED] + ([f"… 另 {more} 项 {more} more"] if more > 0 else []),
        "bars": bars(sscc) if sscc else [],
        "sscc": readable(sscc) if sscc else "",
    }


def _type(package: Mapping[str, Any]) -> tuple[str, str]:
    english, chinese = NAMES[PackageType(package["type"])]
    return chinese, english


def _box(package: Mapping[str, Any]) -> str:
    if package["length"] is None:
        return NOTHING
    return " × ".join(_number(package[side]) for side in ("length", "width", "height"))


def _number(value: str | None) -> str:
    return grouped(_plain(value)) if value else NOTHING


def _quantity(value: str, unit: str) -> str:
    english, chinese = UNITS[Unit(unit)]
    return f"{grouped(_plain(value))} {chinese} {english}"


def _plain(value: str) -> Decimal:
    """The number without trailing zeros, and without an exponent once it is grouped."""
    return Decimal(value).normalize()


def _joined(*parts: str | None) -> str:
    return " ".join(filter(None, parts))
