"""Orders before anybody else sees them: made, filled in, cancelled."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import Address, Company, EnquiryInvitation, Order, OrderLine, Product
from models.base import new_id
from rules.events import EventKind
from rules.hints import Draft, DraftCost, DraftLine, Hint, duplicates, hints
from rules.identifiers import Series
from rules.lifecycle import Side
from rules.money import Currency, Rounding, totals
from rules.people import Actor
from rules.pricing.evaluation import cheaper_from
from rules.pricing.price_lists import PriceBreak, PriceList
from rules.problems import NotFound, invalid
from rules.terms import is_zone
from services import addresses, budgets, clock
from services.budgets import BudgetLook
from services.desk import note, number, open_order
from services.pricing import Market, item, pricing_of
from services.verb import creating, verb


@dataclass(frozen=True)
class LineWish:
    """One product as the buyer wants it; what is None follows the order."""

    product_id: UUID
    quantity: Decimal
    requested_on: date | None = None
    quality_requirement: str | None = None
    delivery_address_id: UUID | None = None
    # A line whose goods go where these are to go, as it was copied then.
    delivered_like: OrderLine | None = None


@dataclass(frozen=True)
class OrderWish:
    """What the buyer says of an order; None leaves a field as it is, or as last time."""

    lines: tuple[LineWish, ...] | None = None
    delivery_place: str | None = None
    delivery_zone: str | None = None
    delivery_address_id: UUID | None = None
    requested_on: date | None = None
    quality_requirement: str | None = None
    cost_centre_id: UUID | None = None


@creating(Order)
async def create_order(actor: Actor, supplier_id: UUID, wish: OrderWish, *, idempotency_key: str) -> Order:
    """A draft with one supplier, filled with what the company and its last order there suggest."""
    address = await addresses.wanted(actor, wish)
    order = await begun(actor, supplier_id)
    await order.save()
    await fill(actor, order, wish, address)
    await note(order, EventKind.ORDER_CREATED, actor)
    return order


async def begun(actor: Actor, supplier_id: UUID) -> Order:
    """A draft with one supplier and nothing on it, not stored yet."""
    company = await Company.buying(actor.home)
    supplier = await Company.visible_to(actor).get_or_none(id=supplier_id)
    if supplier is None or not supplier.is_supplying:
        raise NotFound("Company", supplier_id)
    if company is None or supplier.id == company.id:
        raise invalid("supplierId", "an order needs a buying company and another one that supplies")
    return await _blank(actor, company, supplier)


@verb
async def update_draft(actor: Actor, order_id: UUID, expected_version: int, wish: OrderWish) -> Order:
    """The draft with the given fields replaced; lines are replaced together."""
    order = await open_order(actor, "update_draft", order_id, expected_version)
    if await EnquiryInvitation.holds(order.id):
        raise invalid("input.orderId", "says what its enquiry says; withdraw the invitation instead")
    await fill(actor, order, wish, await addresses.wanted(actor, wish))
    await note(order, EventKind.DRAFT_UPDATED, actor)
    return order


def draft_hints(
    order: Any, lines: Sequence[Any], products: dict[UUID, Product], market: Market, look: BudgetLook | None = None
) -> list[Hint]:
    """What the buyer should look at before submitting; `look`: at the budget of the cost centre that bears it, if one does."""
    cheaper = _cheaper(lines, products, market.price_lists(order.supplier_id, order.currency))
    form = [_draft_line(line, products.get(line.product_id), cheaper.get(line.id)) for line in lines]
    cost = DraftCost(look.cost_centre.is_active, order.currency, look.use, look.is_blocked) if look else None
    today = clock.today(order.delivery_zone)
    return [
        *hints(Draft(form, order.delivery_place, order.requested_on, today, cost)),
        *duplicates([line.product_id for line in lines]),
    ]


def _cheaper(
    lines: Sequence[Any], products: Mapping[UUID, Product], lists: Sequence[PriceList]
) -> dict[UUID, PriceBreak]:
    """For the first line of each product: how many there, instead, would make all lines of it cost less, and at which price."""
    together: dict[UUID, list[Any]] = defaultdict(list)
    for line in lines:
        together[line.product_id].append(line)
    found = {}
    for product_id, (first, *others) in together.items():
        more = sum((line.quantity for line in others), Decimal(0))
        step = products[product_id].quantity_step if product_id in products else first.quantity
        if at := cheaper_from(item(first, first.quantity + more), lists, step):
            found[first.id] = PriceBreak(at.minimum_quantity - more, at.unit_price)
    return found


async def _blank(actor: Actor, company: Company, supplier: Company) -> Order:
    last = await Order.visible_to(actor).filter(buyer_id=company.id, supplier_id=supplier.id).order_by("-id").first()
    moment = clock.now()
    order = Order(
        id=new_id(),
        number=number(Series.ORDER),
        buyer_id=company.id,
        supplier_id=supplier.id,
        requester_id=actor.responsible,
        turn=Side.BUYER,
        turn_since=moment,
        currency=company.currency,
        quality_requirement=last.quality_requirement if last else None,
        created_at=moment,
        updated_at=moment,
    )
    if last is not None and last.delivery_place is not None:
        addresses.same_as(order, last)
    else:
        await addresses.usual(order, company)
    return order


async def fill(actor: Actor, order: Order, wish: OrderWish, address: Address | None = None) -> None:
    """Take over what the wish says; lines are replaced together."""
    if wish.delivery_zone is not None and not is_zone(wish.delivery_zone):
        raise invalid("input.deliveryZone", "is not an IANA time zone", "Asia/Shanghai")
    addresses.deliver_to(order, wish, address)
    for field in ("delivery_place", "delivery_zone", "requested_on", "quality_requirement"):
        if (value := getattr(wish, field)) is not None:
            setattr(order, field, value)
    if wish.cost_centre_id is not None:
        order.cost_centre_id = await budgets.chosen(actor, wish.cost_centre_id)
    if wish.lines is not None:
        await _replace_lines(actor, order, wish.lines)


async def _replace_lines(actor: Actor, order: Order, wishes: tuple[LineWish, ...]) -> None:
    lines = await new_lines(actor, order, wishes)
    _recognise(lines, await OrderLine.of(order.id))
    await rewrite(order, lines)


async def new_lines(actor: Actor, order: Order, wishes: Sequence[LineWish], first: int = 1) -> list[OrderLine]:
    """A line for each wish, the first of them in this place, not stored yet; the order's currency is theirs."""
    products = await _products(actor, order, wishes)
    book = await addresses.all_named(actor, (wish.delivery_address_id for wish in wishes if wish.delivery_address_id))
    return [_line(order, place, wish, products[wish.product_id], book) for place, wish in enumerate(wishes, first)]


async def rewrite(order: Order, lines: Sequence[OrderLine]) -> None:
    """Make these all lines of the draft."""
    await OrderLine.rewrite(order.id, lines)
    pricing = await pricing_of(order, lines)
    order.estimated_total = totals(pricing.charges, Rounding(order.currency)).gross


def _recognise(lines: Sequence[OrderLine], before: Sequence[OrderLine]) -> None:
    """A line of the same product is the same line still: the first of them the first, and so on. Its files stay with it."""
    known: dict[UUID, list[UUID]] = defaultdict(list)
    for line in reversed(before):
        known[line.product_id].append(line.id)
    for line in lines:
        if known[line.product_id]:
            line.id = known[line.product_id].pop()


async def _products(actor: Actor, order: Order, wishes: Sequence[LineWish]) -> dict[UUID, Product]:
    """The products the lines name, if this supplier offers all of them, in one currency."""
    wanted = {wish.product_id for wish in wishes}
    offered = Product.visible_to(actor).filter(id__in=wanted, supplier_id=order.supplier_id)
    products = {product.id: product for product in await offered}
    for missing in wanted - products.keys():
        raise NotFound("Product", missing)
    currencies = {Currency(product.currency) for product in products.values()}
    if len(currencies) > 1:
        raise invalid("input.lines", "all products of an order must be priced in one currency")
    order.currency = currencies.pop() if currencies else order.currency
    return products


def _line(order: Order, position: int, wish: LineWish, product: Product, book: Mapping[UUID, Address]) -> OrderLine:
    if wish.quantity <= 0:
        raise invalid(f"input.lines[{position - 1}].quantity", "must be greater than zero")
    line = OrderLine(
        order_id=order.id,
        position=position,
        product_id=product.id,
        sku=product.sku,
        name_zh=product.name_zh,
        name_en=product.name_en,
        specification=product.specification,
        unit=product.unit,
        quantity=wish.quantity,
        list_price=product.list_price,
        tax_rate=product.tax_rate,
        quality_requirement=wish.quality_requirement,
        requested_on=wish.requested_on,
        created_at=clock.now(),
    )
    if wish.delivery_address_id is not None:
        addresses.copy_to_line(line, book[wish.delivery_address_id])
    elif wish.delivered_like is not None:
        addresses.same_as(line, wish.delivered_like)
        line.delivery_entry_id = wish.delivered_like.delivery_entry_id
    return line


def _draft_line(line: Any, product: Product | None, cheaper: PriceBreak | None) -> DraftLine:
    """The form's line; a product that is gone from the catalogue leaves only that to say."""
    if product is None or not product.is_active:
        return DraftLine(line.quantity, line.quantity, line.quantity, 0, None, line.requested_on, is_offered=False)
    return DraftLine(
        line.quantity,
        product.minimum_quantity,
        product.quantity_step,
        product.lead_time_days,
        None if product.stock_on_hand is None else max(product.stock_on_hand - product.stock_reserved, Decimal(0)),
        line.requested_on,
        today=clock.today(line.delivery_zone) if line.delivery_zone else None,
        cheaper=cheaper,
    )
