"""What a supplier's own people are told of its warehouses and its stock; no buyer ever is."""

import strawberry

import models
from resolvers.orders import Order
from resolvers.relations import Many, One, derived, related, shows
from resolvers.stock import StockEntry, Warehouse
from subscriptions.event import Event, Named, kinds_in

MOST_ENTRIES = 200


@strawberry.type(description="A warehouse was made, changed or archived.")
@shows(models.Event)
class WarehouseChanged(Event):
    """A warehouse was changed."""

    warehouse: Warehouse | None = related(
        One(models.Warehouse, "stream", visible=True), description="The warehouse as it is now."
    )
    action: str = derived(
        lambda row: row.body["action"], description="The step that changed it, such as `archive_warehouse`."
    )


@strawberry.type(description="Stock came, went, or is kept for an order or no longer.")
@shows(models.Event)
class StockMoved(Event):
    """Stock changed."""

    order: Order | None = related(
        Named(models.Order, "orderId", visible=True), description="The order that did it, as it is now; or null."
    )
    entries: list[StockEntry] = related(
        Many(models.StockEntry, by="posting", key="stream", order_by=("id",), limit=MOST_ENTRIES, visible=True),
        description=f"What was written at once, at most {MOST_ENTRIES} entries; `stockEntries` has them all.",
    )


STOCK_EVENT_TYPES = kinds_in(globals())
