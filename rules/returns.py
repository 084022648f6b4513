"""Returns and exchanges: what a request goes through, as a table, and for how long claims are heard."""

from dataclasses import dataclass
from enum import StrEnum

from rules.problems import WrongStatus

WARRANTY_DAYS = 365
"""For so many days after an order is completed its goods may be claimed, unless the contract says otherwise."""


class ReturnStatus(StrEnum):
    """Where a request to take goods back stands."""

    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    DISPUTED = "DISPUTED"
    SHIPPED_BACK = "SHIPPED_BACK"
    TAKEN_BACK = "TAKEN_BACK"
    RESOLVED = "RESOLVED"
    CANCELLED = "CANCELLED"


class Resolution(StrEnum):
    """What comes of goods that were taken back."""

    REFUND = "REFUND"
    REPLACE = "REPLACE"
    CREDIT = "CREDIT"
    NO_FAULT = "NO_FAULT"


class ReturnedFrom(StrEnum):
    """Which goods go back: those that were accepted, or those that were rejected when they came."""

    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


class Arbitration(StrEnum):
    """What the operator decides where the supplier rejects a return and the buyer disputes that."""

    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


@dataclass(frozen=True)
class ReturnStep:
    """One row: from `source`, the action leads to one of `targets`."""

    action: str
    source: ReturnStatus
    targets: tuple[ReturnStatus, ...]


S = ReturnStatus
# fmt: off
RETURN_STEPS = (
    ReturnStep("approve_return",   S.REQUESTED,    (S.APPROVED,)),
    ReturnStep("reject_return",    S.REQUESTED,    (S.REJECTED,)),
    ReturnStep("dispute_return",   S.REJECTED,     (S.DISPUTED,)),
    ReturnStep("arbitrate_return", S.DISPUTED,     (S.APPROVED, S.REJECTED)),
    ReturnStep("ship_back_return", S.APPROVED,     (S.SHIPPED_BACK,)),
    ReturnStep("take_back_return", S.SHIPPED_BACK, (S.TAKEN_BACK,)),
    ReturnStep("resolve_return",   S.TAKEN_BACK,   (S.RESOLVED,)),
    ReturnStep("cancel_return",    S.REQUESTED,    (S.CANCELLED,)),
    ReturnStep("cancel_return",    S.APPROVED,     (S.CANCELLED,)),
    ReturnStep("cancel_return",    S.DISPUTED,     (S.CANCELLED,)),
)
# fmt: on
# Nothing comes of these any more; a rejection may still be disputed.
CLOSED = (S.REJECTED, S.RESOLVED, S.CANCELLED)
_TARGETS = {(step.action, step.source): step.targets for step in RETURN_STEPS}


def check_return(action: str, status: ReturnStatus) -> None:
    """Refuse what a request in this status does not go through."""
    if (action, status) not in _TARGETS:
        raise WrongStatus(action, status, tuple(step.source for step in RETURN_STEPS if step.action == action))
