"""Whatever a company is called, its papers say it in full, inside of the margins, and nothing stands on anything else."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from itertools import combinations
from typing import Any, NamedTuple

import pytest

from rules.account_statements import Party
from services import partners
from services.statement_paper import Paper
from tests.agreements import make_text as make_contract
from tests.paper import printer
from tests.partners.test_commercial_invoice import CREDIT, PARTY
from tests.partners.test_commercial_invoice import make_text as make_invoice
from tests.statement_makers import make_head, make_lines

LONGEST = 200
"""Letters that a name may have."""

WIDTH, EDGE = 595.3, 28.3
"""Points: of A4, and a centimetre at its left and right that stays empty."""

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
NAMES = {"Chinese": "长" * LONGEST, "one word": "W" * LONGEST}


class Box(NamedTuple):
    """A word and where it stands, in points from the upper left."""

    left: float
    top: float
    right: float
    bottom: float
    word: str

    def covers(self, other: "Box") -> bool:
        """More than the room that fonts leave around letters and Chinese marks would."""
        low, high = max(self.top, other.top), min(self.bottom, other.bottom)
        least = min(self.bottom - self.top, other.bottom - other.top)
        return min(self.right, other.right) - max(self.left, other.left) > 5 and high - low > least / 2


def statement(name: str) -> bytes:
    """A statement of account between two of this name."""
    out, lines, party = io.BytesIO(), make_lines(3), Party(name, name, "91310000MA0DEM0016")
    with partners.for_a_while():
        partners.use_printer(printer())
        paper = Paper(make_head(lines, owner=party, counterparty=party), out, "4f2a")
        paper.lines(lines)
        paper.summary()
        paper.end()
    return out.getvalue()


def parties(name: str) -> dict[str, Any]:
    """Two of this name, of whom one has a long line of its own at the head of its papers."""
    party = {**PARTY, "name": name, "englishName": name, "brand": {"colour": None, "line": name[:60]}}
    return {"buyer": party, "supplier": party}


PAPERS: dict[str, Callable[[str], bytes]] = {
    "invoice": lambda name: printer().printout(make_invoice(**parties(name))),
    "credit note": lambda name: printer().printout(make_invoice(**CREDIT, **parties(name))),
    "contract": lambda name: printer().document(make_contract(**parties(name))),
    "statement": statement,
}


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed; see docs/decisions/0164")
@pytest.mark.parametrize("what", NAMES)
@pytest.mark.parametrize("paper", PAPERS)
def test_a_long_name_stands_in_full_where_nothing_else_does(paper: str, what: str) -> None:
    name = NAMES[what]
    command = ["pdftotext", "-bbox", "-f", "1", "-l", "1", "-", "-"]
    told = subprocess.run(command, input=PAPERS[paper](name), capture_output=True, check=True).stdout.decode()
    boxes = [Box(float(x), float(y), float(to_x), float(to_y), word) for x, y, to_x, to_y, word in WORD.findall(told)]
    assert [box for box in boxes if box.left < EDGE or box.right > WIDTH - EDGE or box.top < EDGE / 3] == []
    assert [(one, other) for one, other in combinations(boxes, 2) if one.covers(other)] == []
    # At the head of the page, and of both parties in both languages.
    letters = "".join(box.word for box in boxes)
    assert sum(letters.count(letter) for letter in set(name) if letter.isalnum()) >= 5 * LONGEST * 0.8
