"""What orders do to their supplier's stock: goods are kept as its policy says, leave, and come back; the ledger has it all."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from models import ContractLine, Order, Product, Shipment, StockEntry
from rules.availability import availability
from rules.decimals import ZERO
from rules.lifecycle import Side
from rules.people import Actor
from rules.problems import QuantityExceeded, StockShort
from rules.quantity import LineQuantities
from rules.stock import ReserveAt, StockMovement, allot, free_of, may_leave
from services.shelves import Shelves, open_shelves, positions

Quantities = Mapping[UUID, Decimal]
"""By order line."""


async def hold_still(order: Order) -> None:
    """Lock all products of the contract in force at once, for steps that change what is kept of some and then of others."""
    await Product.locked((await ContractLine.products(order.id)).values())


async def reserve_agreed(order: Order, agreed: Sequence[ContractLine], at: ReserveAt, actor: Actor) -> None:
    """Keep what is agreed and not kept yet, as far as it is kept at this step."""
    shelves = await open_shelves(order.supplier_id, {line.product_id for line in agreed})
    if shelves is None:
        return
    _allot(shelves, order, agreed, await _unkept(agreed), at, actor)
    await shelves.write(actor, order, agreed[0].contract_id)


async def check_signable(order: Order, agreed: Sequence[ContractLine], actor: Actor) -> None:
    """Refuse early what the signature that brings the contract into force would be refused for; nothing is kept."""
    shelves = await open_shelves(order.supplier_id, {line.product_id for line in agreed})
    if shelves is not None:
        _allot(shelves, order, agreed, await _unkept(agreed), ReserveAt.SIGNATURE, actor)


async def reserve_more(order: Order, contract_id: UUID, more: Quantities, actor: Actor) -> None:
    """Keep so much more for the lines of a contract that is changed by its next version."""
    agreed = [line for line in await ContractLine.of(contract_id) if line.order_line_id in more] if more else []
    shelves = await open_shelves(order.supplier_id, {line.product_id for line in agreed}) if agreed else None
    if shelves is not None:
        _allot(shelves, order, agreed, more, ReserveAt.SIGNATURE, actor)
        await shelves.write(actor, order, contract_id)


async def check_change(order: Order, contract_id: UUID, down_to: Quantities, more: Quantities, actor: Actor) -> None:
    """Refuse early what a changed contract would be refused for, once its other lines have given up what they need no more."""
    agreed = [line for line in await ContractLine.of(contract_id) if line.order_line_id in more] if more else []
    kept = await StockEntry.kept(down_to) if agreed else {}
    products = {line.product_id for line in agreed} | {product for _, product, _ in kept}
    shelves = await open_shelves(order.supplier_id, products) if products else None
    if shelves is not None:
        for line, total in _by_line(kept).items():
            _give_up(shelves, kept, line, total - down_to[line])
        _allot(shelves, order, agreed, more, ReserveAt.SIGNATURE, actor)


async def release(order: Order, document: UUID, down_to: Quantities, actor: Actor) -> None:
    """Keep no more than this for the lines: others may have the rest."""
    kept = await StockEntry.kept(down_to)
    shelves = await open_shelves(order.supplier_id, {product for _, product, _ in kept}) if kept else None
    if shelves is None:
        return
    # Again, under the products' locks: whoever makes a product to order gives up what is kept of it.
    kept = await StockEntry.kept(down_to)
    for line, total in _by_line(kept).items():
        _give_up(shelves, kept, line, total - down_to[line])
    await shelves.write(actor, order, document)


async def take(
    order: Order, quantities: Quantities, warehouse_id: UUID | None, shipment_id: UUID, actor: Actor
) -> UUID | None:
    """Take goods off the shelf before they are booked as despatched, and say which warehouse they leave; QuantityExceeded where it holds
    less. None where none of them are kept in stock."""
    agreed = await ContractLine.products(order.id)
    shelves = await open_shelves(order.supplier_id, {agreed[line] for line in quantities})
    if shelves is None:
        return None
    warehouse, kept = warehouse_id or shelves.default, await StockEntry.kept(quantities)
    for line, quantity in quantities.items():
        product = agreed[line]
        if product not in shelves.products:
            continue
        own = kept.get((line, product, warehouse), ZERO)
        most = may_leave(shelves.place(product, warehouse), own)
        if quantity > most:
            raise QuantityExceeded((await positions(order))[line], quantity, most)
        # What replaces goods that fell short was never kept for this order: what is kept for others stays theirs.
        here = min(quantity, own)
        shelves.book(StockMovement.DESPATCHED, product, warehouse, on_hand=-quantity, reserved=-here, line=line)
        _give_up(shelves, kept, line, quantity - here, but=warehouse)
    await shelves.write(actor, order, shipment_id)
    return warehouse


async def put_back(
    order: Order, shipment: Shipment, quantities: Quantities, booked: Mapping[UUID, LineQuantities], actor: Actor
) -> None:
    """Goods that did not leave are where they were again, and kept for the order as far as they are agreed; `booked` no longer counts
    them."""
    agreed = await ContractLine.products(order.id)
    shelves = await open_shelves(order.supplier_id, {agreed[line] for line in quantities})
    if shelves is None:
        return
    warehouse, kept = shelves.open_or_default(shipment.despatched_from_id), _by_line(await StockEntry.kept(quantities))
    for line, quantity in quantities.items():
        product = agreed[line]
        if product in shelves.products:
            due = max(booked[line].agreed - booked[line].despatched - kept.get(line, ZERO), ZERO)
            keeps = shelves.place(product, warehouse).policy.reserve_at < ReserveAt.DESPATCH
            again = min(quantity, due) if keeps else ZERO
            shelves.book(StockMovement.PUT_BACK, product, warehouse, on_hand=quantity, reserved=again, line=line)
    await shelves.write(actor, order, shipment.id)


async def restock(
    order: Order, quantities: Quantities, warehouse_id: UUID | None, return_id: UUID, actor: Actor
) -> None:
    """Returned goods that are as good as new are on the shelf, for anybody."""
    wanted = {line: quantity for line, quantity in quantities.items() if quantity}
    agreed = await ContractLine.products(order.id) if wanted else {}
    shelves = await open_shelves(order.supplier_id, {agreed[line] for line in wanted}) if wanted else None
    if shelves is None:
        return
    warehouse = shelves.open_or_default(warehouse_id)
    for line, quantity in wanted.items():
        if agreed[line] in shelves.products:
            shelves.book(StockMovement.RETURNED, agreed[line], warehouse, on_hand=quantity, line=line)
    await shelves.write(actor, order, return_id)


async def _unkept(agreed: Sequence[ContractLine]) -> dict[UUID, Decimal]:
    """What is agreed and not kept yet."""
    kept = _by_line(await StockEntry.kept(line.order_line_id for line in agreed))
    return {line.order_line_id: line.quantity - kept.get(line.order_line_id, ZERO) for line in agreed}


def _allot(
    shelves: Shelves, order: Order, agreed: Sequence[ContractLine], wanted: Quantities, at: ReserveAt, actor: Actor
) -> None:
    for line in agreed:
        quantity = wanted[line.order_line_id]
        if line.product_id not in shelves.products or quantity <= 0:
            continue
        kept, short = allot(quantity, shelves.places(line.product_id), at)
        if short:
            raise _short(shelves, line, quantity, order.side_of(actor))
        for warehouse, part in kept.items():
            shelves.book(StockMovement.RESERVED, line.product_id, warehouse, reserved=part, line=line.order_line_id)


def _short(shelves: Shelves, line: ContractLine, quantity: Decimal, side: Side) -> StockShort:
    free = free_of(shelves.places(line.product_id))
    standing = availability(free, ZERO, shelves.products[line.product_id].minimum_quantity)
    return StockShort(line.position, line.sku, quantity, standing, free if side is Side.SUPPLIER else None)


def _give_up(
    shelves: Shelves,
    kept: Mapping[tuple[UUID, UUID, UUID], Decimal],
    line: UUID,
    much: Decimal,
    but: UUID | None = None,
) -> None:
    """Release so much of what is kept for the line, or all where that is less, in the order of the warehouses."""
    left = max(much, ZERO)
    for warehouse in [one.id for one in shelves.warehouses if one.id != but]:
        for product in shelves.products:
            part = min(left, kept.get((line, product, warehouse), ZERO))
            shelves.book(StockMovement.RELEASED, product, warehouse, reserved=-part, line=line)
            left -= part


def _by_line(kept: Mapping[tuple[UUID, UUID, UUID], Decimal]) -> dict[UUID, Decimal]:
    found: dict[UUID, Decimal] = {}
    for (line, _, _), much in kept.items():
        found[line] = found.get(line, ZERO) + much
    return found
