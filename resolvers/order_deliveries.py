"""What moved for an order: there and back."""

from typing import TYPE_CHECKING, Annotated

import strawberry

import models
from resolvers.relations import Many, related

if TYPE_CHECKING:
    from resolvers.returns import ReturnRequest
    from resolvers.shipments import Shipment

LazyShipment = Annotated["Shipment", strawberry.lazy("resolvers.shipments")]
LazyReturn = Annotated["ReturnRequest", strawberry.lazy("resolvers.returns")]


@strawberry.type
class Deliveries:
    """Shipments to the buyer, and returns."""

    shipments: list[LazyShipment] = related(
        Many(models.Shipment, by="order_id", order_by=("-id",)), description="All shipments, newest first."
    )
    returns: list[LazyReturn] = related(
        Many(models.ReturnRequest, by="order_id", order_by=("-id",)), description="All returns, newest first."
    )
