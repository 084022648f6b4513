"""Events of goods on their way and at their place."""

from datetime import datetime

import strawberry

import models
from resolvers.relations import derived, related, shows
from resolvers.shipments import Shipment
from rules.shipping import ShipmentDelay
from subscriptions.event import Named, OrderEvent, kinds_in


@strawberry.type
class _Why:
    reason: str = derived(lambda row: row.body.get("reason") or "", description="Why.")


@strawberry.type
class _WithShipment:
    shipment: Shipment | None = related(
        Named(models.Shipment, "shipmentId"), description="Which shipment, as it is now."
    )


@strawberry.type(description="Goods left the supplier.")
@shows(models.Event)
class ShipmentDespatched(_WithShipment, OrderEvent):
    """A shipment is on its way."""


@strawberry.type(description="The supplier said how a shipment is packed.")
@shows(models.Event)
class ShipmentPacked(_WithShipment, OrderEvent):
    """A shipment was packed."""

    package_count: int = derived(lambda row: row.body["packageCount"], description="How many packages it had then.")


@strawberry.type(description="Something became known of a shipment on its way.")
@shows(models.Event)
class ShipmentTracked(_WithShipment, OrderEvent):
    """A shipment was seen."""

    code: str = derived(lambda row: row.body["code"], description="The carrier-neutral tracking code.")


@strawberry.type(
    description="Something is wrong with a shipment on its way: it is late, will be, or nothing is heard of it."
)
@shows(models.Event)
class ShipmentDelayed(_WithShipment, OrderEvent):
    """A shipment is late or silent."""

    delay: ShipmentDelay = derived(lambda row: row.body["delay"], description="What was wrong with it then.")


@strawberry.type(description="The buyer inspected a shipment; the order is completed when nothing is open.")
@shows(models.Event)
class ShipmentReceived(_WithShipment, OrderEvent):
    """A shipment was received."""


@strawberry.type(description="The supplier took a despatch back before the carrier had it; the goods are due again.")
@shows(models.Event)
class ShipmentCancelled(_WithShipment, _Why, OrderEvent):
    """A shipment never left."""


@strawberry.type(description="The buyer inspected some lines of a shipment; the others wait.")
@shows(models.Event)
class ShipmentInspected(_WithShipment, OrderEvent):
    """A shipment was received in part."""


@strawberry.type(description="The buyer took back what it had said of a shipment, which is to be inspected anew.")
@shows(models.Event)
class ReceiptReversed(_WithShipment, _Why, OrderEvent):
    """A receipt does not count."""


@strawberry.type(description="Soon the buyer's silence will count as acceptance of a shipment.")
@shows(models.Event)
class AcceptanceNear(_WithShipment, OrderEvent):
    """A warning was given."""

    accept_by: datetime = derived(
        lambda row: datetime.fromisoformat(row.body["acceptBy"]), description="From when on silence counts."
    )


@strawberry.type(description="The buyer says that something is wrong with a shipment; no silence counts meanwhile.")
@shows(models.Event)
class ShipmentDisputed(_WithShipment, _Why, OrderEvent):
    """A shipment is disputed."""


@strawberry.type(description="A shipment is no longer disputed; the time to inspect it began anew.")
@shows(models.Event)
class ShipmentDisputeClosed(_WithShipment, _Why, OrderEvent):
    """A dispute ended."""


DELIVERY_EVENT_TYPES = kinds_in(globals())
