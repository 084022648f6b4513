"""What stands on a printed purchase contract, every value as a finished word, from the canonical text alone."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from partners.documents.sheets import Sheet, capitals, each_text, grouped, headed, laid_out, percent, rounded, told
from partners.documents.wording import INCLUSIVE_TERMS, TERMS, Words, amendment, articles
from rules.allowances import AllowanceKind
from rules.money import TaxInclusion
from rules.units import NAMES, Unit

LONG = 600
"""A description of so many characters may go on on the next page; shorter ones stay whole."""


def sheet(text: str, shown: Callable[[str], str]) -> Sheet:
    """What the template lays out; `shown` makes a text printable."""
    agreed = json.loads(text)
    amounts = agreed["amounts"]
    articled = [laid_out(article) for article in articles(agreed)]
    found = {
        **headed(text, agreed, "采购合同 Purchase Contract"),
        "version": agreed["version"],
        "facts": _facts(agreed),
        "amendment": _amendment(agreed),
        "lines": [_line(line) for line in agreed["lines"]],
        "sums": _sums(agreed),
        "currency": amounts["currency"],
        "total": grouped(amounts["total"]),
        "capitals": capitals(amounts["total"], amounts["currency"]),
        "rounding": _rounding(amounts),
        "sections": articled[:-1],
        "closing": articled[-1],
    }
    return {name: each_text(value, shown) for name, value in found.items()}


def _amendment(agreed: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Which version it takes the place of, and what it says differently; None for a first one."""
    if agreed.get("supersedes") is None:
        return None
    changes = agreed["change"].get("differences") or ()
    names = INCLUSIVE_TERMS if _includes_tax(agreed["amounts"]) else TERMS
    return {**laid_out(amendment(agreed)), "changes": [_change(one, names) for one in changes]}


def _change(one: Mapping[str, Any], names: Mapping[str, Words]) -> Mapping[str, str]:
    words = names.get(one["term"])
    said = {"zh": words.zh, "en": words.en} if words else {"zh": one["term"], "en": ""}
    line = one.get("line")
    return {**said, "line": "—" if line is None else line, "before": one["before"] or "—", "after": one["after"] or "—"}


def _facts(agreed: Mapping[str, Any]) -> list[Mapping[str, str]]:
    zone = agreed["delivery"]["zone"]
    moment = datetime.fromisoformat(agreed["drawnUpAt"]).astimezone(ZoneInfo(zone))
    framed, before = agreed.get("agreement"), agreed.get("supersedes")
    facts = (
        ("合同编号", "No.", f"{agreed['number']} v{agreed['version']}"),
        ("订单", "Order", agreed.get("order")),
        ("报价", "Quotation", _quotation(agreed.get("quotation"))),
        ("框架协议", "Framework agreement", framed and framed["number"]),
        ("取代", "Supersedes", before and f"{before['number']} v{before['version']}"),
        ("价格", "Prices", "含税价 VAT included" if _includes_tax(agreed["amounts"]) else None),
        ("拟定", "Drawn up", f"{moment:%Y-%m-%d %H:%M} {zone}"),
    )
    return told(facts)


def _quotation(quotation: Mapping[str, str] | None) -> str:
    return f"{quotation['number']} r{quotation['revision']}" if quotation else ""


def _line(line: Mapping[str, Any]) -> Mapping[str, Any]:
    english, chinese = NAMES[Unit(line["unit"])]
    specified = [f"{item['name']} {item['value']}" for item in line.get("specification") or ()]
    notes = [
        "；".join([f"货号 SKU {line['sku']}", *specified]),
        _labelled("质量 Quality：", line.get("quality")),
        _labelled("供应方说明 Supplier's remark：", line.get("qualityRemark")),
        _labelled("允许超交 Over-delivery up to：", _tolerance(line.get("overDeliveryTolerance"))),
        _labelled("交货地点 Deliver to：", _apart(line.get("delivery"))),
    ]
    return {
        "position": line["position"],
        "name": line["nameZh"],
        "englishName": line["nameEn"] if line["nameEn"] != line["nameZh"] else "",
        "notes": [note for note in notes if note],
        "isLong": sum(map(len, notes)) > LONG,
        "quantity": grouped(line["quantity"]),
        "unit": f"{chinese} {english}",
        "unitPrice": grouped(line["unitPrice"]),
        "taxRate": percent(line["taxRate"]),
        "net": grouped(line["net"]),
        "tax": grouped(line["tax"]),
        "promisedOn": line["promisedOn"],
    }


def _tolerance(share: str | None) -> str:
    return percent(share) if share else ""


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
        goods.append(_amounts(f"运费（税率 {percent(freight['taxRate'])}）", "Freight", *_total([freight])))
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
    return {"zh": zh, "en": en, "net": grouped(net), "tax": grouped(tax), "gross": grouped(net + tax)}


def _rounding(amounts: Mapping[str, str]) -> Mapping[str, str]:
    said = rounded(amounts)
    if _includes_tax(amounts):
        said = {"zh": f"单价为含税价。{said['zh']}", "en": f"Unit prices include VAT. {said['en']}"}
    return said


def _includes_tax(amounts: Mapping[str, str]) -> bool:
    """Texts that say nothing of it are from before prices could include tax."""
    return amounts.get("taxInclusion") == TaxInclusion.INCLUSIVE
