"""The supplier says how goods on their way are packed, until they arrive."""

from collections.abc import Sequence
from uuid import UUID

from models import Shipment
from rules.events import EventKind
from rules.lifecycle import step_for
from rules.people import Actor
from rules.problems import WrongStatus
from rules.shipping import UNDER_WAY
from services.desk import note
from services.despatching import open_shipment
from services.packages import PackageWish, pack
from services.verb import verb


@verb
async def pack_shipment(
    actor: Actor, shipment_id: UUID, expected_version: int, packages: Sequence[PackageWish]
) -> Shipment:
    """Make these all packages of a shipment; what has arrived is as the buyer found it, and is packed no more."""
    order, shipment = await open_shipment(actor, shipment_id, expected_version)
    step_for("pack_shipment", order, order.side_of(actor))
    if shipment.status not in UNDER_WAY:
        raise WrongStatus("pack_shipment", shipment.status, tuple(sorted(UNDER_WAY)))
    await pack(order, shipment, packages)
    body: dict[str, object] = {"shipmentId": str(shipment.id), "packageCount": len(packages)}
    await note(order, EventKind.SHIPMENT_PACKED, actor, body, shipment)
    return shipment
