"""What the supplier's own people do to its stock: count it, receive it, move it from one warehouse to another."""

from decimal import Decimal
from uuid import UUID

from models import Product
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import invalid
from rules.quantity import plain
from rules.stock import StockCount, StockMovement, may_leave
from services.catalogue import MOST_STOCK, open_product, saved
from services.shelves import Shelves, named_warehouse, shelves_of
from services.verb import verb


@verb
async def adjust_stock(
    actor: Actor,
    product_id: UUID,
    expected_version: int,
    change: Decimal,
    warehouse_id: UUID | None = None,
    count: StockCount = StockCount.ADJUSTED,
    remark: str | None = None,
) -> Product:
    """The product with so much more, or less, on the shelf of a warehouse, the default one unless said.

    A change and not a new figure, since goods may leave the shelf between somebody's counting and this.
    """
    product = await open_product(actor, "adjust_stock", product_id, expected_version)
    on_hand = product.stock_on_hand
    if on_hand is None:
        raise invalid("input.productId", "is made to order and has no stock; update the product first")
    if not 0 <= on_hand + change <= MOST_STOCK:
        raise invalid(
            "input.change",
            Phrase(
                "must leave between 0 and {most}; {on_hand} are on hand",
                most=plain(MOST_STOCK),
                on_hand=plain(on_hand),
            ),
        )
    if count is StockCount.RECEIVED and change < 0:
        raise invalid("input.change", "must be greater than zero where goods came")
    shelves = await shelves_of(actor.home, {product.id: product})
    warehouse = await _named(shelves, actor, warehouse_id, "input.warehouseId")
    there = shelves.place(product.id, warehouse).on_hand
    if there + change < 0:
        raise invalid("input.change", _too_much(there))
    shelves.book(StockMovement(count), product.id, warehouse, on_hand=change, remark=remark)
    await shelves.write(actor)
    product.stock_on_hand = on_hand + change
    return await saved(product)


@verb
async def transfer_stock(
    actor: Actor,
    product_id: UUID,
    expected_version: int,
    quantity: Decimal,
    source_id: UUID,
    target_id: UUID,
    remark: str | None = None,
) -> Product:
    """The product with so much of it in another warehouse; what is kept there for orders stays where nothing beyond it is promised."""
    product = await open_product(actor, "transfer_stock", product_id, expected_version)
    if product.stock_on_hand is None:
        raise invalid("input.productId", "is made to order and has no stock; update the product first")
    if source_id == target_id:
        raise invalid("input.toWarehouseId", "must be another warehouse than the goods leave")
    shelves = await shelves_of(actor.home, {product.id: product})
    source = await _named(shelves, actor, source_id, "input.fromWarehouseId")
    target = await _named(shelves, actor, target_id, "input.toWarehouseId")
    most = may_leave(shelves.place(product.id, source))
    if not 0 < quantity <= most:
        raise invalid("input.quantity", Phrase("must be more than 0 and at most {most}", most=plain(most)))
    for warehouse, change in ((source, -quantity), (target, quantity)):
        shelves.book(StockMovement.TRANSFERRED, product.id, warehouse, on_hand=change, remark=remark)
    await shelves.write(actor)
    return await saved(product)


async def _named(shelves: Shelves, actor: Actor, warehouse_id: UUID | None, path: str) -> UUID:
    """The warehouse of these shelves, or the default one; refused where it is not the company's, or out of use."""
    return shelves.default if warehouse_id is None else await named_warehouse(actor, warehouse_id, path)


def _too_much(there: Decimal) -> Phrase:
    return Phrase("takes away more than the {there} that are there", there=plain(there))
