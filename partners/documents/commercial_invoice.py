"""What stands on an invoice or a credit note, every value as a finished word, from its text alone; what EN 16931 asks for is there."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from partners.documents.sheets import Sheet, capitals, each_text, grouped, headed, percent, rounded, told
from rules.decimals import ZERO
from rules.lifecycle import Side
from rules.money import TaxInclusion
from rules.terms import PaymentMoment
from rules.units import NAMES, Unit

NOTE = (
    "本单据是供应方出具的商业单据，不是税务机关监制的发票，不能作为抵扣增值税的凭证；发票另行开具，其代码与号码在平台上登记。",
    "This is the supplier's commercial document, not an official tax invoice (fapiao), and no voucher for deducting VAT; the fapiao is "
    "issued separately and its number recorded on the platform.",
)
LONG = 400
"""A description of so many characters may go on on the next page; shorter ones stay whole."""

WIDE = 14
"""Longer figures, such as 123,456,789.00, leave too little room beside them for what they are about."""


def sheet(text: str, shown: Callable[[str], str]) -> Sheet:
    """What the template lays out; `shown` makes a text printable."""
    told_of = json.loads(text)
    corrects, amounts = told_of.get("corrects"), told_of["amounts"]
    zh, en = ("贷项通知单", "Credit Note") if corrects else ("商业发票", "Commercial Invoice")
    heading = headed(text, told_of, f"{zh} {en}")
    found = {
        **heading,
        "heading": {"zh": zh, "en": en.upper()},
        "parties": [
            _party(told_of["supplier"], Side.SUPPLIER, "销售方", "Seller"),
            _party(told_of["buyer"], Side.BUYER, "购买方", "Buyer"),
        ],
        "facts": _facts(told_of),
        "references": _references(told_of),
        "lines": (lines := [_line(line, told_of["goods"]) for line in told_of["lines"]]),
        "isWide": any(len(line["gross"]) > WIDE or len(line["quantity"]) > WIDE for line in lines),
        "rates": _rates(told_of["lines"]),
        "sums": _sums(told_of["lines"], amounts),
        "currency": amounts["currency"],
        "total": {"zh": "贷记总额（含税）", "en": "Total credited"}
        if corrects
        else {"zh": "应付总额（含税）", "en": "Amount due"},
        "amount": grouped(amounts["total"]),
        "capitals": capitals(amounts["total"], amounts["currency"]),
        # Texts of before do not say it.
        "rounding": rounded(amounts) if "rounding" in amounts else {"zh": "", "en": ""},
        "payment": [] if corrects else _payment(told_of),
        "note": {"zh": NOTE[0], "en": NOTE[1]},
    }
    return {name: each_text(value, shown) for name, value in found.items()}


def _party(party: Mapping[str, Any], side: Side, zh: str, en: str) -> Mapping[str, Any]:
    rows = (
        ("纳税人识别号", "Tax ID", party["creditCode"]),
        ("地址", "Address", party["address"]),
        ("电话", "Phone", party["phone"]),
    )
    english = party.get("englishName") or ""
    return {"side": side, "zh": zh, "en": en, "name": party["name"], "englishName": english, "rows": told(rows)}


def _facts(told_of: Mapping[str, Any]) -> list[Mapping[str, str]]:
    kind = "381" if told_of.get("corrects") else "380"
    return told(
        (
            ("编号", "No.", told_of["number"]),
            ("开具日期", "Issued", told_of["issuedOn"]),
            ("到期日", "Due", told_of.get("dueOn")),
            ("币种", "Currency", told_of["amounts"]["currency"]),
            (
                "单价",
                "Unit prices",
                "含税 incl. VAT" if told_of.get("taxInclusion") == TaxInclusion.INCLUSIVE else None,
            ),
            ("单据类型", "UNTDID 1001", kind),
        )
    )


def _references(told_of: Mapping[str, Any]) -> list[Mapping[str, str]]:
    corrects, contract = told_of.get("corrects"), told_of["contract"]
    return told(
        (
            ("更正的发票", "Corrects invoice", corrects and f"{corrects['number']}（{corrects['issuedOn']}）"),
            ("原因", "Reason", told_of.get("reason")),
            ("订单", "Order", told_of["order"]),
            ("合同", "Contract", contract and f"{contract['number']} v{contract['version']}"),
            ("交货地点", "Delivered to", told_of["deliverTo"]),
        )
    )


def _line(line: Mapping[str, Any], goods: Mapping[str, Any]) -> Mapping[str, Any]:
    named = goods.get(line["orderLine"] or "") or _beside(line)
    unit = " ".join(reversed(NAMES[Unit(named["unit"])])) if named["unit"] else ""
    quantity = Decimal(line["quantity"])
    return {
        "position": line["position"],
        "name": named["nameZh"],
        "englishName": named["nameEn"] if named["nameEn"] != named["nameZh"] else "",
        "sku": named["sku"],
        "isLong": len(named["nameZh"]) + len(named["nameEn"]) > LONG,
        "quantity": grouped(line["quantity"]) if quantity else "—",
        "unit": unit if quantity else "",
        "unitPrice": grouped(line["unitPrice"]) if quantity else "—",
        "taxRate": percent(line["taxRate"]),
        "net": grouped(line["net"]),
        "tax": grouped(line["tax"]),
        "gross": grouped(Decimal(line["net"]) + Decimal(line["tax"])),
    }


def _beside(line: Mapping[str, Any]) -> Mapping[str, str]:
    """What is no goods: freight, an allowance or a charge by its reason."""
    if line["allowance"] is None:
        return {"nameZh": "运费", "nameEn": "Freight", "sku": "", "unit": ""}
    kind = "Allowance" if Decimal(line["unitPrice"]) < 0 else "Charge"
    return {"nameZh": line["allowance"], "nameEn": kind, "sku": "", "unit": ""}


def _rates(lines: list[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """What is taxed at each rate, and how much (EN 16931, BG-23)."""
    sums: dict[Decimal, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for line in lines:
        net, tax = sums[Decimal(line["taxRate"])]
        sums[Decimal(line["taxRate"])] = net + Decimal(line["net"]), tax + Decimal(line["tax"])
    return [
        {"rate": percent(str(rate)), "net": grouped(net), "tax": grouped(tax), "gross": grouped(net + tax)}
        for rate, (net, tax) in sorted(sums.items(), reverse=True)
    ]


def _sums(lines: list[Mapping[str, Any]], amounts: Mapping[str, str]) -> list[Mapping[str, str]]:
    """From the lines to what is owed (EN 16931, BT-106 to BT-112)."""
    beside = [Decimal(line["net"]) for line in lines if line["allowance"] is not None]
    goods = sum((Decimal(line["net"]) for line in lines if line["allowance"] is None), ZERO)
    less, more = sum((net for net in beside if net < 0), ZERO), sum((net for net in beside if net > 0), ZERO)
    return told(
        (
            ("货物与运费", "Lines", grouped(goods)),
            ("折让", "Allowances", grouped(less) if less else None),
            ("附加费", "Charges", grouped(more) if more else None),
            ("未税合计", "Net", grouped(amounts["net"])),
            ("税额合计", "VAT", grouped(amounts["tax"])),
        )
    )


def _payment(told_of: Mapping[str, Any]) -> list[Mapping[str, str]]:
    bank = told_of["supplier"]["bank"]
    return told(
        (
            ("付款条件", "Terms", told_of["payment"] and _terms(told_of["payment"])),
            ("应付日期", "Due date", told_of["dueOn"]),
            ("收款人", "Payee", told_of["supplier"]["name"] if bank["account"] else None),
            ("开户行", "Bank", bank["name"]),
            ("账号", "Account", bank["account"]),
            ("付款附言", "Remittance", told_of["number"]),
        )
    )


def _terms(payment: Mapping[str, str]) -> str:
    days, received = payment["netDays"], payment["moment"] == PaymentMoment.ON_RECEIPT
    zh, en = ("验收", "acceptance") if received else ("开票", "invoice")
    share = Decimal(payment["prepaidShare"])
    before = (f"预付 {percent(str(share))}，其余", f"{percent(str(share))} prepaid, the rest ") if share else ("", "")
    return f"{before[0]}{zh}后 {days} 日内付清 · {before[1]}net {days} days from {en}"
