"""The life of an enquiry, as a table, and which product of a supplier answers which of its lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from rules.problems import QuotationsSealed, WrongStatus


class EnquiryStatus(StrEnum):
    """Where an enquiry stands; its sibling orders have lives of their own."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    AWARDED = "AWARDED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class EnquiryStep:
    """One row: in status `source` the buyer, or the clock alone, may take `action`, which leads to `target`.

    `opened`: not while the quotations are sealed.
    """

    action: str
    source: EnquiryStatus
    target: EnquiryStatus
    by_clock: bool = False
    opened: bool = False


S = EnquiryStatus
# An award that waits for the buyer's approvers, or is for a part only, leaves the enquiry where it is for now.
# fmt: off
STEPS = (
    #           action                 from         to
    EnquiryStep("update_enquiry",      S.DRAFT,     S.DRAFT),
    EnquiryStep("issue_enquiry",       S.DRAFT,     S.OPEN),
    EnquiryStep("cancel_enquiry",      S.DRAFT,     S.CANCELLED),
    EnquiryStep("invite_supplier",     S.OPEN,      S.OPEN),
    EnquiryStep("withdraw_invitation", S.OPEN,      S.OPEN),
    EnquiryStep("extend_enquiry",      S.OPEN,      S.OPEN),
    EnquiryStep("close_enquiry",       S.OPEN,      S.CLOSED, by_clock=True),
    EnquiryStep("award_enquiry",       S.OPEN,      S.AWARDED, opened=True),
    EnquiryStep("cancel_enquiry",      S.OPEN,      S.CANCELLED),
    EnquiryStep("withdraw_invitation", S.CLOSED,    S.CLOSED),
    EnquiryStep("extend_enquiry",      S.CLOSED,    S.OPEN),
    EnquiryStep("award_enquiry",       S.CLOSED,    S.AWARDED),
    EnquiryStep("cancel_enquiry",      S.CLOSED,    S.CANCELLED),
)
# fmt: on
ACTIONS = tuple(dict.fromkeys(step.action for step in STEPS if not step.by_clock))
_BY_PLACE = {(step.action, step.source): step for step in STEPS}


class Deciding(Protocol):
    """What the guards look at."""

    status: EnquiryStatus
    is_sealed: bool
    answer_by: datetime | None


def enquiry_step(action: str, enquiry: Deciding) -> EnquiryStep:
    """The row for this action now; WrongStatus where the table has none, QuotationsSealed where nobody may look yet."""
    status = enquiry.status
    step = _BY_PLACE.get((action, status))
    if step is None:
        raise WrongStatus(action, status, tuple(s.source for s in STEPS if s.action == action))
    if step.opened and enquiry.is_sealed:
        raise QuotationsSealed(enquiry.answer_by)
    return step


def enquiry_actions(enquiry: Deciding) -> list[str]:
    """What the buyer could do next, in the table's order."""
    open_steps = [step for step in STEPS if step.source == enquiry.status and not step.by_clock]
    return [step.action for step in open_steps if not (step.opened and enquiry.is_sealed)]


@dataclass(frozen=True)
class Sought:
    """What a line of an enquiry looks for: a product of the catalogue, an article number, a name, always in its unit."""

    position: int
    name: str
    unit: str
    sku: str | None = None
    product_id: UUID | None = None


@dataclass(frozen=True)
class Offered:
    """What a catalogue says of a product, as far as it tells what the product is."""

    id: UUID
    sku: str
    names: tuple[str, str]
    unit: str


def matches(lines: Iterable[Sought], offered: Sequence[Offered]) -> Mapping[int, UUID]:
    """For each line's position the one product that answers it; a line that none or several would answer is left out.

    The very product comes before the same article number, and that before the same name: a person would look in this order.
    """
    found = ((line.position, _match(line, offered)) for line in lines)
    return {position: product for position, product in found if product is not None}


def _match(line: Sought, offered: Sequence[Offered]) -> UUID | None:
    fitting = [product for product in offered if product.unit == line.unit]
    for same in (
        [product.id for product in fitting if product.id == line.product_id],
        [product.id for product in fitting if product.sku == line.sku],
        [product.id for product in fitting if line.name in product.names],
    ):
        if same:
            return same[0] if len(same) == 1 else None
    return None
