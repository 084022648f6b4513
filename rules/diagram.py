"""The life of an order as a picture, drawn from its table: `python -m rules.diagram` prints what the README shows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rules.lifecycle import CANCELLABLE, FINAL, STEPS, OrderStatus, Side, Step

FIRST = OrderStatus.DRAFT


def diagram() -> str:
    """The statuses and what leads from one to the next, as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {FIRST}: create_order (buyer)", *_ways(), *_ends(), *_notes()]
    return "\n".join(lines) + "\n"


def block() -> str:
    """The diagram as Markdown, between the markers by which a test finds it."""
    return f"<!-- lifecycle -->\n```mermaid\n{diagram()}```\n<!-- /lifecycle -->\n"


def _ways() -> Iterator[str]:
    """One arrow for each two statuses, in the table's order."""
    steps: dict[tuple[OrderStatus, OrderStatus], list[Step]] = defaultdict(list)
    for step in STEPS:
        if step.target is not OrderStatus.CANCELLED:
            for target in (step.target, step.meanwhile, step.shortcut):
                if target not in (None, step.source):
                    steps[step.source, target].append(step)
    for (source, target), taken in steps.items():
        yield f"    {source} --> {target}: {'<br/>'.join(_told(taken))}"


def _ends() -> Iterator[str]:
    return (f"    {status} --> [*]" for status in OrderStatus if status in FINAL)


def _notes() -> Iterator[str]:
    """Beside each status: what may be done without moving the order, once where it lasts; and how an order is cancelled."""
    staying: dict[str, list[Step]] = defaultdict(list)
    for step in STEPS:
        if step.targets == {step.source}:
            staying[step.action].append(step)
    lasting = [steps for steps in staying.values() if _lasts(steps)]
    passing = [step for steps in staying.values() if not _lasts(steps) for step in steps]
    for status in OrderStatus:
        here = [step for step in passing if step.source is status]
        onwards = [steps[0] for steps in lasting if steps[0].source is status]
        # A status can have one note only: Mermaid forgets the first of two.
        yield from _note(status, [*_titled("meanwhile:", here), *_titled("from here on:", onwards)])
    yield from _note(OrderStatus.CANCELLED, ["cancel_order (buyer), from", *CANCELLABLE])


def _lasts(steps: Sequence[Step]) -> bool:
    """Whether what may be done in the first of these statuses may be done in every one that can follow it."""
    return len(steps) > 1 and {step.source for step in steps} == _following(steps[0].source)


def _following(status: OrderStatus) -> set[OrderStatus]:
    reached, frontier = {status}, {status}
    while frontier:
        frontier = {target for step in STEPS if step.source in frontier for target in step.targets} - reached
        reached |= frontier
    return reached


def _note(status: OrderStatus, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"    note right of {status}"
        yield from (f"        {line}" for line in lines)
        yield "    end note"


def _titled(title: str, steps: Sequence[Step]) -> Iterator[str]:
    if steps:
        yield title
        yield from _told(steps)


def _told(steps: Sequence[Step]) -> Iterator[str]:
    """Which steps each side may take."""
    by: dict[frozenset[Side], list[str]] = defaultdict(list)
    for step in steps:
        by[step.by].append(step.action)
    return (f"{', '.join(actions)} ({_who(sides)})" for sides, actions in by.items())


def _who(sides: frozenset[Side]) -> str:
    names = {Side.BUYER: "buyer", Side.SUPPLIER: "supplier", Side.PLATFORM: "platform", Side.CLOCK: "time"}
    return " or ".join(names[side] for side in Side if side in sides) or "as its enquiry is decided"


if __name__ == "__main__":
    print(block(), end="")  # noqa: T201
