"""The picture of an order's life is drawn from its table, and the README shows the newest one."""

import re

import pytest

from rules.diagram import block, diagram
from rules.lifecycle import CANCELLABLE, FINAL, STEPS, OrderStatus
from tests.source import ROOT

READMES = sorted(path.name for path in ROOT.glob("README*.md"))


def arrows() -> set[tuple[str, str]]:
    """Every arrow between two statuses."""
    return set(re.findall(r"^    (\w+) --> (\w+):", diagram(), re.MULTILINE))


def notes() -> dict[str, list[str]]:
    """The lines of each note, by the status they are beside."""
    found = re.findall(r"^    note right of (\w+)\n(.+?)\n    end note$", diagram(), re.MULTILINE | re.DOTALL)
    assert len(found) == len(dict(found))
    return {status: [line.strip() for line in text.splitlines()] for status, text in found}


def test_every_way_of_the_table_is_an_arrow_but_the_cancellations() -> None:
    ways = {(step.source, target) for step in STEPS for target in step.targets if target is not step.source}

    assert arrows() == {way for way in ways if way[1] is not OrderStatus.CANCELLED}


def test_cancelling_is_told_once_beside_where_it_leads() -> None:
    assert notes()["CANCELLED"] == ["cancel_order (buyer), from", *CANCELLABLE]


def test_every_action_is_named() -> None:
    assert {step.action for step in STEPS} | {"create_order"} <= set(re.findall(r"[a-z]+_[a-z_]+", diagram()))


def test_an_order_begins_as_a_draft_and_ends_in_the_final_statuses() -> None:
    assert "    [*] --> DRAFT: create_order (buyer)" in diagram().splitlines()
    assert set(re.findall(r"^    (\w+) --> \[\*\]$", diagram(), re.MULTILINE)) == FINAL


def test_what_lasts_is_told_where_it_begins_and_what_passes_in_every_status_it_is_possible_in() -> None:
    """A note says "from here on" only of what is possible in all statuses that follow."""
    for action in {step.action for step in STEPS}:
        sources = [step.source for step in STEPS if step.action == action and step.targets == {step.source}]
        lasts = len(sources) > 1 and following(sources[0]) == set(sources)
        assert told("meanwhile:", action) == (set() if lasts else set(sources))
        assert told("from here on:", action) == ({sources[0]} if lasts else set())


def told(title: str, action: str) -> set[str]:
    """The statuses beside which an action stands under a title."""
    found = set()
    for status, lines in notes().items():
        under = ""
        for line in lines:
            under = line if line.endswith(":") else under
            if under == title and action in re.findall(r"\w+", line):
                found.add(status)
    return found


def following(status: OrderStatus) -> set[OrderStatus]:
    """Every status that can be reached from one, itself included."""
    reached, frontier = {status}, {status}
    while frontier:
        frontier = {target for step in STEPS if step.source in frontier for target in step.targets} - reached
        reached |= frontier
    return reached


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_shows_the_newest_diagram(readme: str) -> None:
    """If this fails: put what `python -m rules.diagram` prints between the markers."""
    text = (ROOT / readme).read_text("utf-8")
    shown = re.search(r"<!-- lifecycle -->\n.*?<!-- /lifecycle -->\n", text, re.DOTALL)

    assert shown is not None
    assert shown[0] == block()
