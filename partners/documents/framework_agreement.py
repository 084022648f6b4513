"""What stands on a printed framework agreement, every value as a finished word, from the canonical text alone."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC
from decimal import Decimal
from typing import Any

from partners.documents.agreement_wording import articles, pricing, scope
from partners.documents.sheets import Sheet, capitals, drawn_up_at, each_text, grouped, headed, laid_out, told
from rules.money import Currency, minor_unit
from rules.units import NAMES, Unit


def sheet(text: str, shown: Callable[[str], str]) -> Sheet:
    """What the template lays out; `shown` makes a text printable."""
    agreed = json.loads(text)
    articled = [laid_out(article) for article in articles(agreed)]
    found = {
        **headed(text, agreed, "框架协议 Framework Agreement"),
        "facts": _facts(agreed, text),
        "scope": laid_out(scope(agreed)),
        "currency": agreed["limits"]["currency"],
        "limits": _limits(agreed["limits"]),
        "pricing": laid_out(pricing(agreed)),
        "prices": [_price(price) for price in agreed["prices"]],
        "sections": articled[:-1],
        "closing": articled[-1],
    }
    return {name: each_text(value, shown) for name, value in found.items()}


def _facts(agreed: Mapping[str, Any], text: str) -> list[Mapping[str, str]]:
    period = agreed["period"]
    return told(
        (
            ("协议编号", "No.", agreed["number"]),
            ("期限", "Period", f"{period['from']} – {period['to']}"),
            ("拟定", "Drawn up", f"{drawn_up_at(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"),
        )
    )


def _limits(limits: Mapping[str, str]) -> list[Mapping[str, str]]:
    named = (
        ("每张订单限额（含税）", "Limit for each order, tax included", limits["perOrder"]),
        ("总限额（含税）", "Limit of all orders together, tax included", limits["total"]),
    )
    currency = Currency(limits["currency"])
    amounts = [(zh, en, Decimal(value).quantize(minor_unit(currency))) for zh, en, value in named]
    return [
        {"zh": zh, "en": en, "value": grouped(amount), "capitals": capitals(str(amount), currency)}
        for zh, en, amount in amounts
    ]


def _price(price: Mapping[str, str]) -> Mapping[str, str]:
    english, chinese = NAMES[Unit(price["unit"])]
    return {
        "position": price["position"],
        "name": price["nameZh"],
        "englishName": price["nameEn"] if price["nameEn"] != price["nameZh"] else "",
        "sku": f"货号 SKU {price['sku']}",
        "minimumQuantity": grouped(price["minimumQuantity"]) if Decimal(price["minimumQuantity"]) else "—",
        "unit": f"{chinese} {english}",
        "unitPrice": grouped(price["unitPrice"]),
    }
