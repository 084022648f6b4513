"""What the sheets of all printed documents say in the same words."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from partners.documents.wording import Article
from rules.contract import fingerprint
from rules.lifecycle import Side
from rules.money import Currency

PLAIN_COLOUR = "#1f3a5f"
BRIGHTEST = 140
"""Luma of 0 to 255 up to which coloured words can be read on white paper."""
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")
Sheet = dict[str, Any]
_ROUNDING = {
    "HALF_UP": ("四舍五入", "half up"),
    "HALF_EVEN": ("四舍六入五成双", "half to even"),
    "DOWN": ("舍去", "down"),
    "UP": ("进一", "up"),
}


def headed(text: str, agreed: Mapping[str, Any], title: str) -> Sheet:
    """What stands at the head and the foot of every page, and the parties."""
    sha256, supplier = fingerprint(text), agreed["supplier"]
    return {
        "title": f"{title} {agreed['number']}",
        "keyword": f"sha256:{sha256}",
        "template": agreed["template"],
        "number": agreed["number"],
        "sha256": sha256,
        "numerals": NUMERALS,
        "brand": _brand(supplier),
        "parties": [
            _party(agreed["buyer"], Side.BUYER, "甲方（采购方）", "Buyer"),
            _party(supplier, Side.SUPPLIER, "乙方（供应方）", "Supplier"),
        ],
    }


def drawn_up_at(text: str) -> datetime:
    """The moment the document was drawn up: the only time that a print of it shows."""
    return datetime.fromisoformat(json.loads(text)["drawnUpAt"])


def laid_out(article: Article) -> Mapping[str, Any]:
    """An article as the templates want it."""
    return {**asdict(article.heading), "items": [asdict(item) for item in article.items]}


def told(facts: Iterable[tuple[str, str, str | None]]) -> list[Mapping[str, str]]:
    """The facts beneath the title, as far as there are any."""
    return [{"zh": zh, "en": en, "value": value} for zh, en, value in facts if value]


def capitals(total: str, currency: str) -> str:
    """The amount in Chinese capitals, as cheques and contracts have it: for the renminbi alone."""
    if currency != Currency.CNY:
        return ""
    from cn2an import an2cn  # takes a tenth of a second, which no start of the product needs

    # A string and never a float: 0.29 has to stay 贰角玖分.
    return str(an2cn(total, "rmb"))


def grouped(number: str | Decimal) -> str:
    """A number with its thousands apart, all of its digits kept."""
    return f"{Decimal(number):,f}"


def percent(rate: str) -> str:
    """A share such as "0.13" as "13%"."""
    return f"{(Decimal(rate) * 100).normalize():f}%"


def rounded(amounts: Mapping[str, str]) -> Mapping[str, str]:
    """How a document's tax was added up, so that whoever adds it up again finds the same."""
    zh, en = _ROUNDING[amounts["rounding"]]
    place = ("按行", "by line") if amounts["taxLevel"] == "LINE" else ("按单据", "by document")
    return {"zh": f"税额{place[0]}计算，{zh}。", "en": f"Tax is rounded {place[1]}, {en}."}


def each_text(value: Any, shown: Callable[[str], str]) -> Any:
    """The same with every text in it made printable."""
    if isinstance(value, Mapping):
        return {key: each_text(part, shown) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [each_text(part, shown) for part in value]
    return shown(str(value)) if isinstance(value, str) else value


def _brand(supplier: Mapping[str, Any]) -> Mapping[str, str]:
    brand = supplier.get("brand") or {}
    colour, line = brand.get("colour") or PLAIN_COLOUR, brand.get("line") or ""
    return {"colour": readable(colour), "line": line, "name": supplier["name"]}


def readable(colour: str) -> str:
    """The colour, as much darker as words on white paper need (luma of ITU-R BT.601)."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    luma = (299 * channels[0] + 587 * channels[1] + 114 * channels[2]) // 1000
    darker = [channel * BRIGHTEST // max(luma, BRIGHTEST) for channel in channels]
    return "#" + "".join(f"{channel:02x}" for channel in darker)


def _party(party: Mapping[str, Any], side: Side, zh: str, en: str) -> Mapping[str, str]:
    return {
        "side": side,
        "zh": zh,
        "en": en,
        "name": party["name"],
        "englishName": party.get("englishName") or "",
        "creditCode": party["creditCode"],
    }
