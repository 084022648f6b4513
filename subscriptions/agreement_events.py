"""What the two parties of a framework agreement are told of it."""

from decimal import Decimal

import strawberry

import models
from resolvers.agreements import FrameworkAgreement
from resolvers.orders import Order
from resolvers.relations import One, derived, related, shows
from rules.agreement import AgreementStatus
from rules.lifecycle import Side
from subscriptions.event import Event, Named


@strawberry.interface(description="Something that happened to a framework agreement, which both parties may know.")
class AgreementEvent(Event):
    """An event of an agreement's stream."""

    agreement_status: AgreementStatus = derived(
        lambda row: row.body["status"], description="The agreement's status right after it."
    )
    agreement: FrameworkAgreement = related(
        One(models.FrameworkAgreement, "stream"), description="The agreement as it is now."
    )


@strawberry.type
class _Ended:
    reason: str = derived(lambda row: row.body.get("reason") or "", description="Why.")


@strawberry.type
class _Moved:
    amount: Decimal = derived(
        lambda row: Decimal(row.body["amount"]), description="How much, with tax, in the agreement's currency."
    )
    order: Order | None = related(Named(models.Order, "orderId"), description="Which order.")


@strawberry.type(description="One side proposed a framework agreement to the other.")
@shows(models.Event)
class AgreementProposed(AgreementEvent):
    """An agreement was proposed."""

    side: Side = derived(lambda row: row.body["side"], description="Which side proposed it.")


@strawberry.type(description="One side signed; with the second signature later orders are covered.")
@shows(models.Event)
class AgreementSigned(AgreementEvent):
    """An agreement was signed."""

    side: Side = derived(lambda row: row.body["side"], description="Which side signed.")


@strawberry.type(description="One side took the agreement off the table before both had signed.")
@shows(models.Event)
class AgreementRefused(_Ended, AgreementEvent):
    """An agreement was refused."""


@strawberry.type(description="An order was called off under the agreement.")
@shows(models.Event)
class AgreementCalledOff(_Moved, AgreementEvent):
    """An order took of the total."""


@strawberry.type(description="An order gave back what it had taken of the agreement's total.")
@shows(models.Event)
class AgreementRestored(_Moved, AgreementEvent):
    """An order gave back."""


@strawberry.type(description="One side ended the agreement for later orders.")
@shows(models.Event)
class AgreementTerminated(_Ended, AgreementEvent):
    """An agreement was terminated."""


@strawberry.type(description="The time to sign, or the agreement's last day, is over.")
@shows(models.Event)
class AgreementExpired(AgreementEvent):
    """An agreement is over."""


AGREEMENT_EVENT_TYPES: tuple[type, ...] = (
    AgreementProposed,
    AgreementSigned,
    AgreementRefused,
    AgreementCalledOff,
    AgreementRestored,
    AgreementTerminated,
    AgreementExpired,
)
