"""What stands on a printed purchase contract, every value as a finished word, from the canonical text alone."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cn2an import an2cn

from partners.documents.wording import articles
from rules.allowances import AllowanceKind
from rules.contract import fingerprint
from rules.lifecycle import Side
from rules.money import Currency
from rules.units import NAMES, Unit

LONG = 600
"""A description of so many characters may go on on the next page; shorter ones stay whole."""

PLAIN_COLOUR = "#1f3a5f"
BRIGHTEST = 140
"""Luma of 0 to 255 up to which coloured words can be read on white paper."""
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_ROUNDING = {
    "HALF_UP": ("四舍五入", "half up"),
    "HALF_EVEN": ("四舍六入五成双", "half to even"),
    "DOWN": ("舍去", "down"),
    "UP": ("进一", "up"),
}
Sheet = dict[str, Any]


def sheet(text: str, shown: Callable[[str], str]) -> Sheet:
    """What the template lays out; `shown` makes a text printable."""
    agreed = json.loads(text)
    amounts, sha256 = agreed["amounts"], fingerprint(text)
    number, supplier = agreed["number"], agreed["supplier"]
    articled = [
        {**asdict(article.heading), "items": [asdict(item) for item in article.items]} for article in articles(agreed)
    ]
    found = {
        "title": f"采购合同 Purchase Contract {number}",
        "keyword": f"sha256:{sha256}",
        "template": agreed["template"],
        "number": number,
        "version": agreed["version"],
        "sha256": sha256,
        "numerals": NUMERALS,
        "brand": _brand(supplier),
        "facts": _facts(agreed),
        "parties": [
            _party(agreed["buyer"], Side.BUYER, "甲方（采购方）", "Buyer"),
            _party(supplier, Side.SUPPLIER, "乙方（供应方）", "Supplier"),
        ],
        "lines": [_line(line) for line in agreed["lines"]],
        "sums": _sums(agreed),
        "currency": amounts["currency"],
        "total": _grouped(amounts["total"]),
        "capitals": _capitals(amounts["total"], amounts["currency"]),
        "rounding": _rounding(amounts),
        "sections": articled[:-1],
        "closing": articled[-1],
    }
    return {name: _each_text(value, shown) for name, value in found.items()}


def drawn_up_at(text: str) -> datetime:
    """The moment the contract was drawn up: the only time that a print of it shows."""
    return datetime.fromisoformat(json.loads(text)["drawnUpAt"])


def _brand(supplier: Mapping[str, Any]) -> Mapping[str, str]:
    brand = supplier.get("brand") or {}
    colour, line = brand.get("colour") or PLAIN_COLOUR, brand.get("line") or ""
    return {"colour": _readable(colour), "line": line, "name": supplier["name"]}


def _readable(colour: str) -> str:
    """The colour, as much darker as words on white paper need (luma of ITU-R BT.601)."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    luma = (299 * channels[0] + 587 * channels[1] + 114 * channels[2]) // 1000
    darker = [channel * BRIGHTEST // max(luma, BRIGHTEST) for channel in channels]
    return "#" + "".join(f"{channel:02x}" for channel in darker)


def _facts(agreed: Mapping[str, Any]) -> list[Mapping[str, str]]:
    zone = agreed["delivery"]["zone"]
    moment = datetime.fromisoformat(agreed["drawnUpAt"]).astimezone(ZoneInfo(zone))
    facts = (
        ("合同编号", "No.", f"{agreed['number']} v{agreed['version']}"),
        ("订单", "Order", agreed.get("order")),
        ("报价", "Quotation", _quotation(agreed.get("quotation"))),
        ("拟定", "Drawn up", f"{moment:%Y-%m-%d %H:%M} {zone}"),
    )
    return [{"zh": zh, "en": en, "value": value} for zh, en, value in facts if value]


def _quotation(quotation: Mapping[str, str] | None) -> str:
    return f"{quotation['number']} r{quotation['revision']}" if quotation else ""


def _party(party: Mapping[str, Any], side: Side, zh: str, en: str) -> Mapping[str, str]:
    return {
        "side": side,
        "zh": zh,
        "en": en,
        "name": party["name"],
        "englishName": party.get("englishName") or "",
        "creditCode": party["creditCode"],
    }


def _line(line: Mapping[str, Any]) -> Mapping[str, Any]:
    english, chinese = NAMES[Unit(line["unit"])]
    specified = [f"{item['name']} {item['value']}" for item in line.get("specification") or ()]
    notes = [
        "；".join([f"货号 SKU {line['sku']}", *specified]),
        _labelled("质量 Quality：", line.get("quality")),
        _labelled("供应方说明 Supplier's remark：", line.get("qualityRemark")),
        _labelled("交货地点 Deliver to：", _apart(line.get("delivery"))),
    ]
    return {
        "position": line["position"],
        "name": line["nameZh"],
        "englishName": line["nameEn"] if line["nameEn"] != line["nameZh"] else "",
        "notes": [note for note in notes if note],
        "isLong": sum(map(len, notes)) > LONG,
        "quantity": _grouped(line["quantity"]),
        "unit": f"{chinese} {english}",
        "unitPrice": _grouped(line["unitPrice"]),
        "taxRate": _percent(line["taxRate"]),
        "net": _grouped(line["net"]),
        "tax": _grouped(line["tax"]),
        "promisedOn": line["promisedOn"],
    }


def _apart(delivery: Mapping[str, str] | None) -> str:
    """The place of a line that goes elsewhere than the others."""
    return f"{delivery['place']}（{delivery['zone']}）" if delivery else ""


def _labelled(label: str, text: str | None) -> str:
    return f"{label}{text}" if text else ""


def _sums(agreed: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """Goods, freight, allowances and charges, and what they come to."""
    goods = [_amounts("货物", "Goods", *_total(agreed["lines"]))]
    freight = agreed["freight"]
    if Decimal(freight["net"]):
        goods.append(_amounts(f"运费（税率 {_percent(freight['taxRate'])}）", "Freight", *_total([freight])))
    allowances = (_amounts(*_named(one), *_total([one])) for one in agreed.get("allowances") or ())
    amounts = agreed["amounts"]
    return [*goods, *allowances, _amounts("合计", "Total", Decimal(amounts["net"]), Decimal(amounts["tax"]))]


def _named(allowance: Mapping[str, str]) -> tuple[str, str]:
    """What an allowance or a charge is called: by its own reason, where one was given."""
    zh, en = ("附加费", "Charge") if allowance.get("kind") == AllowanceKind.CHARGE else ("折让", "Allowance")
    return allowance.get("reason") or zh, en


def _total(parts: list[Mapping[str, str]]) -> tuple[Decimal, Decimal]:
    return sum((Decimal(part["net"]) for part in parts), Decimal(0)), sum(
        (Decimal(part["tax"]) for part in parts), Decimal(0)
    )


def _amounts(zh: str, en: str, net: Decimal, tax: Decimal) -> Mapping[str, str]:
    return {"zh": zh, "en": en, "net": _grouped(net), "tax": _grouped(tax), "gross": _grouped(net + tax)}


def _rounding(amounts: Mapping[str, str]) -> Mapping[str, str]:
    zh, en = _ROUNDING[amounts["rounding"]]
    place = ("按行", "by line") if amounts["taxLevel"] == "LINE" else ("按单据", "by document")
    return {"zh": f"税额{place[0]}计算，{zh}。", "en": f"Tax is rounded {place[1]}, {en}."}


def _capitals(total: str, currency: str) -> str:
    """The amount in Chinese capitals, as cheques and contracts have it: for the renminbi alone."""
    # A string and never a float: 0.29 has to stay 贰角玖分.
    return str(an2cn(total, "rmb")) if currency == Currency.CNY else ""


def _percent(rate: str) -> str:
    return f"{(Decimal(rate) * 100).normalize():f}%"


def _grouped(number: str | Decimal) -> str:
    """A number with its thousands apart, all of its digits kept."""
    return f"{Decimal(number):,f}"


def _each_text(value: Any, shown: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _each_text(part, shown) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(part, shown) for part in value]
    return shown(str(value)) if isinstance(value, str) else value
