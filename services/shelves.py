"""A supplier's shelves as a verb holds them: what lies where, and the entries that change it.

Locks come after those of the order, its cost centre and its framework agreement (services/budgets.py): products in the order of their
ids, then the supplier's warehouses. Whoever changes a warehouse locks no product, so nobody waits in a circle.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from models import Company, Order, OrderLine, Product, StockEntry, StockLevel, Warehouse
from models.base import new_id
from models.rows import Row
from rules.decimals import ZERO
from rules.events import EventKind
from rules.people import Actor
from rules.problems import NotFound, invalid
from rules.stock import Place, StockMovement, StockPolicy
from services import clock
from services.streams import note_apart


@dataclass
class Shelves:
    """Products that are kept in stock, locked, and what of them lies in the supplier's warehouses; the default one comes first."""

    supplier_id: UUID
    policy: StockPolicy
    warehouses: Sequence[Row]
    products: Mapping[UUID, Product]
    levels: dict[tuple[UUID, UUID], tuple[Decimal, Decimal]]
    """What lies there and what of it is kept, by product and warehouse."""
    entries: list[StockEntry] = field(default_factory=list)

    @property
    def default(self) -> UUID:
        """The warehouse that everything is about unless somebody says otherwise."""
        return UUID(str(self.warehouses[0].id))

    def open_or_default(self, warehouse_id: UUID | None) -> UUID:
        """The warehouse, or the default one where it is not named, or no longer in use."""
        return warehouse_id if warehouse_id in [one.id for one in self.warehouses] and warehouse_id else self.default

    def place(self, product_id: UUID, warehouse_id: UUID) -> Place:
        """How the product stands in the warehouse, with what is about to be booked."""
        own = next((one.stock_policy for one in self.warehouses if one.id == warehouse_id), None)
        on_hand, reserved = self.levels.get((product_id, warehouse_id), (ZERO, ZERO))
        return Place(warehouse_id, on_hand, reserved, StockPolicy[own] if own else self.policy)

    def places(self, product_id: UUID) -> list[Place]:
        """How the product stands everywhere."""
        return [self.place(product_id, one.id) for one in self.warehouses]

    def book(
        self,
        movement: StockMovement,
        product_id: UUID,
        warehouse_id: UUID,
        *,
        on_hand: Decimal = ZERO,
        reserved: Decimal = ZERO,
        line: UUID | None = None,
        order_id: UUID | None = None,
        remark: str | None = None,
    ) -> None:
        """Add an entry, if it changes anything; `write` stores it, for one order if it is given one."""
        if not on_hand and not reserved:
            return
        before = self.levels.get((product_id, warehouse_id), (ZERO, ZERO))
        self.levels[product_id, warehouse_id] = (before[0] + on_hand, before[1] + reserved)
        self.entries.append(
            StockEntry(
                id=new_id(),
                supplier_id=self.supplier_id,
                product_id=product_id,
                warehouse_id=warehouse_id,
                movement=movement,
                on_hand=on_hand,
                reserved=reserved,
                order_line_id=line,
                order_id=order_id,
                remark=remark,
            )
        )

    async def write(self, actor: Actor, order: Order | None = None, document: UUID | None = None) -> None:
        """Store the entries as one posting and tell the supplier's own people; the database adds them up."""
        if not self.entries:
            return
        first, moment = self.entries[0], clock.now()
        for entry in self.entries:
            entry.posting, entry.document_id, entry.created_at = first.id, document, moment
            if order is not None:
                entry.order_id = order.id
            entry.booked_by = actor.name
        await StockEntry.write_all(self.entries)
        body = {} if order is None else {"orderId": str(order.id)}
        await note_apart(first, 1, EventKind.STOCK_MOVED, actor, [self.supplier_id], body)
        self.entries = []


async def open_shelves(supplier_id: UUID, product_ids: Collection[UUID]) -> Shelves | None:
    """The shelves of those of the products that are kept in stock; None where none is."""
    products = {id_: one for id_, one in (await Product.locked(product_ids)).items() if one.stock_on_hand is not None}
    return await shelves_of(supplier_id, products) if products else None


async def shelves_of(supplier_id: UUID, products: Mapping[UUID, Product]) -> Shelves:
    """The shelves of products that are locked and kept in stock; a supplier that has no warehouse yet is given its first."""
    company = await Company.named(supplier_id)
    warehouses = await Warehouse.in_use(supplier_id)
    if not warehouses:
        await Warehouse.open_default(supplier_id, clock.now())
        warehouses = await Warehouse.in_use(supplier_id)
    levels = {(one.product_id, one.warehouse_id): (one.on_hand, one.reserved) for one in await StockLevel.of(products)}
    ordered = sorted(warehouses, key=lambda one: (not one.is_default, one.code))
    return Shelves(supplier_id, StockPolicy[company.stock_policy], ordered, products, levels)


async def clear(product: Product, actor: Actor) -> None:
    """Take everything off the shelves; nothing of it is kept for orders any more."""
    shelves = await shelves_of(product.supplier_id, {product.id: product})
    for (order, line, warehouse), kept in (await StockEntry.kept_of(product.id)).items():
        shelves.book(StockMovement.RELEASED, product.id, warehouse, reserved=-kept, line=line, order_id=order)
    for place in shelves.places(product.id):
        shelves.book(StockMovement.ADJUSTED, product.id, place.warehouse, on_hand=-place.on_hand)
    await shelves.write(actor)


async def named_warehouse(actor: Actor, warehouse_id: UUID, path: str) -> UUID:
    """A warehouse that somebody names; of their company, and in use."""
    found = await Warehouse.visible_to(actor).get_or_none(id=warehouse_id)
    if found is None:
        raise NotFound("Warehouse", warehouse_id)
    if found.archived_at is not None:
        raise invalid(path, "is no longer in use; choose another one")
    return warehouse_id


async def positions(order: Order) -> dict[UUID, int]:
    """Where each line stands on the order."""
    return {row["id"]: row["position"] for row in await OrderLine.of(order.id).values("id", "position")}
