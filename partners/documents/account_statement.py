"""What stands on some pages of a statement of account, from the facts that the services tell."""

import json
from collections.abc import Callable

from partners.documents.sheets import PLAIN_COLOUR, Sheet, each_text, readable


def pages(text: str, shown: Callable[[str], str]) -> Sheet:
    """What the template lays out; `shown` makes a text printable."""
    facts = json.loads(text)
    chinese = facts["locale"].startswith("zh")
    found = {
        **{name: facts[name] for name in ("title", "author", "facts", "words", "running", "foot", "parties", "pages")},
        "lang": "zh" if chinese else "en",
        "region": "cn" if chinese else "gb",
        "brand": {"colour": readable(facts["colour"] or PLAIN_COLOUR), "name": facts["author"]},
    }
    return {name: each_text(value, shown) for name, value in found.items()}
