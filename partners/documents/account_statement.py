"""What stands on some pages of a statement of account, from the facts that the services tell."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from partners.documents.sheets import PLAIN_COLOUR, Sheet, each_text, readable

LONGEST_NAME = 80
"""Letters of a company's name that there is room for."""


def pages(text: str, shown: Callable[[str], str]) -> Sheet:
    """What the template lays out; `shown` makes a text printable."""
    facts = json.loads(text)
    chinese = facts["locale"].startswith("zh")
    found = {
        **{name: facts[name] for name in ("title", "author", "facts", "words", "running", "foot", "pages")},
        "lang": "zh" if chinese else "en",
        "region": "cn" if chinese else "gb",
        "brand": {"colour": readable(facts["colour"] or PLAIN_COLOUR), "name": _short(facts["author"])},
        "parties": [_party(party) for party in facts["parties"]],
    }
    return {name: each_text(value, shown) for name, value in found.items()}


def _party(party: Mapping[str, Any]) -> Mapping[str, str]:
    return {**party, "name": _short(party["name"]), "englishName": _short(party["englishName"])}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
