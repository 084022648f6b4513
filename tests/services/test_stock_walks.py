"""Whatever orders and the people at the shelves do, by whatever policy: stock adds up, and is kept for those who may have it."""

import os
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from decimal import Decimal as D
from random import Random
from typing import Any

from models import Company, Contract, ContractLine, Order, Product, Shipment, StockEntry, StockLevel, Warehouse
from rules.lifecycle import OrderStatus
from rules.problems import NotFound, Problem, StockShort
from rules.stock import StockPolicy
from services import ledger
from services.catalogue import Revision, update_product
from services.changing import refuse_change
from services.closing import cancel_order
from services.contracting import refuse_contract
from services.despatching import cancel_shipment
from services.quoting import accept_quotation
from services.stocktaking import adjust_stock, transfer_stock
from services.terminating import agree_termination, propose_termination
from services.warehouses import WarehouseWish, archive_warehouse, set_stock_policy, update_warehouse
from tests.change_makers import make_changed_order
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_goods,
    make_parties,
    make_placed_order,
    make_quotation,
    make_shipment,
    make_signed,
)
from tests.stock_makers import check_stock, make_warehouse

SEQUENCES = int(os.environ.get("DINGHUO_STOCK_WALKS", "3"))
"""How many suppliers' days are walked; `DINGHUO_STOCK_WALKS=200` for a long look."""

FIRST = int(os.environ.get("DINGHUO_STOCK_WALKS_FROM", "0"))
"""The first walk's seed, to see one again."""

STEPS = 50


@dataclass
class Day:
    """One supplier, its buyer, two articles and two warehouses, and what was done and refused so far."""

    parties: Parties
    goods: list[Product]
    chance: Random
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    short: int = 0

    async def order(self, *statuses: OrderStatus) -> Order:
        """One of the supplier's orders in one of these statuses."""
        found = await Order.filter(supplier_id=self.parties.supplier.home, status__in=list(statuses)).order_by("id")
        if not found:
            raise NotFound("Order", "none to try")
        return self.chance.choice(found)

    async def warehouse(self) -> Any:
        """One of its warehouses."""
        found = Warehouse.filter(company_id=self.parties.supplier.home)
        in_use = found if self.chance.random() < 0.1 else found.filter(archived_at__isnull=True)
        return self.chance.choice(await in_use.order_by("id"))

    async def product(self) -> Product:
        """One of its articles, as it is now."""
        return await Product.get(id=self.chance.choice(self.goods).id)


async def accept(day: Day) -> object:
    much = [day.chance.choice(["1", "3", "8"]) for _ in day.goods]
    order = await make_placed_order(day.parties, much, goods=day.goods)
    quotation = await make_quotation(day.parties, order, ["1", "2"])
    return await accept_quotation(day.parties.buyer, quotation.id, (await fresh(order)).version)


async def sign(day: Day) -> object:
    order = await day.order(OrderStatus.PENDING_SIGNATURE)
    actor = day.parties.supplier if order.turn == "SUPPLIER" else day.parties.buyer
    return await make_signed(order, actor)


async def leave(day: Day) -> object:
    order = await day.order(OrderStatus.PENDING_SIGNATURE)
    if day.chance.random() < 0.5:
        return await cancel_order(day.parties.buyer, order.id, order.version, "no")
    return await refuse_contract(day.parties.supplier, order.id, order.version_for(day.parties.supplier), "no")


async def terminate(day: Day) -> object:
    order = await day.order(OrderStatus.CONTRACTED)
    order = await propose_termination(day.parties.buyer, order.id, order.version, "no")
    return await agree_termination(day.parties.supplier, order.id, order.version_for(day.parties.supplier))


async def change(day: Day) -> object:
    order = await day.order(OrderStatus.CONTRACTED)
    try:
        return await make_changed_order(day.parties, order, day.chance.choice(["2", "4", "9"]))
    except Problem:
        order = await fresh(order)
        if order.amendment is not None:
            await refuse_change(day.parties.supplier, order.id, order.version_for(day.parties.supplier), "no")
        raise


async def despatch(day: Day) -> object:
    order, warehouse = await day.order(OrderStatus.CONTRACTED), await day.warehouse()
    much = [day.chance.choice(["0", "1", "3"]) for _ in await lines_of(order)]
    return await make_shipment(day.parties, order, *much, warehouse_id=day.chance.choice([None, warehouse.id]))


async def take_back(day: Day) -> object:
    shipments = await Shipment.filter(order__supplier_id=day.parties.supplier.home)
    shipment = day.chance.choice(shipments) if shipments else Shipment(version=0)
    return await cancel_shipment(day.parties.supplier, shipment.id, shipment.version, "no")


async def count(day: Day) -> object:
    product, warehouse = await day.product(), await day.warehouse()
    much = D(day.chance.choice(["10", "4", "-3", "-8"]))
    return await adjust_stock(day.parties.supplier, product.id, product.version, much, warehouse.id)


async def transfer(day: Day) -> object:
    product, other = await day.product(), await day.warehouse()
    levels = await StockLevel.filter(product_id=product.id, on_hand__gt=0)
    one = day.chance.choice(levels).warehouse_id if levels else other.id
    return await transfer_stock(day.parties.supplier, product.id, product.version, D(1), one, other.id)


async def decide(day: Day) -> object:
    supplier, policy = day.parties.supplier, day.chance.choice(list(StockPolicy))
    if day.chance.random() < 0.5:
        return await set_stock_policy(supplier, (await Company.named(supplier.home)).version, policy)
    one = await day.warehouse()
    wish = WarehouseWish(one.code, one.name, None, day.chance.choice([None, policy]), day.chance.choice([None, True]))
    return await update_warehouse(supplier, one.id, one.version, wish)


async def archive(day: Day) -> object:
    await make_warehouse(day.parties.supplier)
    one = await day.warehouse()
    return await archive_warehouse(day.parties.supplier, one.id, one.version)


async def make_to_order(day: Day) -> object:
    product = await day.product()
    if product.stock_on_hand is not None and day.chance.random() < 0.7:
        raise NotFound("Product", "seldom, since all of it is gone then")
    made = product.stock_on_hand is not None
    return await update_product(day.parties.supplier, product.id, product.version, Revision(), made)


TRIES: dict[str, tuple[Any, int]] = {
    "accept": (accept, 4),
    "sign": (sign, 12),
    "leave": (leave, 1),
    "terminate": (terminate, 3),
    "change": (change, 2),
    "despatch": (despatch, 6),
    "take back": (take_back, 2),
    "count": (count, 6),
    "transfer": (transfer, 4),
    "decide": (decide, 3),
    "archive": (archive, 1),
    "made to order": (make_to_order, 2),
}


async def check(day: Day, what: str) -> None:
    """The figures are the entries'; what is kept for an order is never more than it may still have, and nothing of it elsewhere."""
    await check_stock()
    for order in await Order.filter(supplier_id=day.parties.supplier.home):
        booked = await ledger.line_quantities(order)
        awaited = {}
        if order.status is OrderStatus.PENDING_SIGNATURE:
            contract = await Contract.newest(order.id)
            assert contract is not None
            awaited = {line.order_line_id: line.quantity for line in await ContractLine.of(contract.id)}
        kept: Counter[Any] = Counter()
        for (line, *_), much in (await StockEntry.kept(booked)).items():
            assert much > 0, f"after {what}"
            kept[line] += much  # type: ignore[assignment]  # decimals count, too
        for line, sums in booked.items():
            most = awaited.get(line, max(sums.agreed - sums.despatched, D(0)))
            assert kept[line] <= most, (
                f"after {what} {kept[line]} are kept of {most} for an order that is {order.status}"
            )
    levels = await StockLevel.filter(warehouse__archived_at__isnull=False)
    assert all(not level.on_hand and not level.reserved for level in levels), f"after {what}"


async def walk(seed: int) -> Day:
    """One supplier's day, looked at after each step."""
    parties = await make_parties()
    goods = [await make_goods(parties.supplier, stock_on_hand=D(10)) for _ in range(2)]
    await make_warehouse(parties.supplier)
    day = Day(parties, goods, Random(seed))
    for _ in range(STEPS):
        name = day.chance.choices(list(TRIES), [weight for _, weight in TRIES.values()])[0]
        work: Awaitable[object] = TRIES[name][0](day)
        try:
            await work
            day.done[name] += 1
        except Problem as refused:
            day.refused[name] += 1
            day.short += isinstance(refused, StockShort)
        await check(day, name)
    return day


async def test_stock_adds_up_whatever_is_tried(database: str) -> None:
    done: Counter[str] = Counter()
    short = 0
    for seed in range(FIRST, FIRST + SEQUENCES):
        try:
            day = await walk(seed)
        except BaseException as failed:
            failed.add_note(f"see it again with DINGHUO_STOCK_WALKS_FROM={seed} DINGHUO_STOCK_WALKS=1")
            raise
        done, short = done + day.done, short + day.short
    if SEQUENCES >= 30 and FIRST == 0:
        assert short, "nothing was ever short"
        assert done.keys() == TRIES.keys(), f"some steps never succeeded: {done}"
