"""Makes orders and what follows from them by walking the real verbs: each function takes an order one stage further than the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import tests.paper  # noqa: F401  # wires who prints and signs contracts
from models import Contract, Invoice, Order, OrderLine, Payment, Product, Quotation, Shipment
from rules.money import Currency
from rules.people import COMPANY_ROLES, Actor, CompanyKind, Role
from rules.quantity import Inspection
from rules.shipping import TrackingCode, TransportMode
from rules.units import Unit
from services import clock
from services.alternatives import OfferedAlternative
from services.catalogue import Article, create_category, create_product
from services.despatching import Despatch, Report, despatch_shipment, record_tracking
from services.drafting import LineWish, OrderWish, create_order
from services.invoicing import issue_invoice
from services.paying import Transfer, confirm_funds, submit_bank_transfer
from services.quoting import Offer, OfferLine, accept_quotation, send_quotation
from services.receiving import receive_shipment
from services.signing import sign_proven
from services.submitting import submit_order
from tests.makers import make_actor, make_company, make_key, make_platform

EVERYDAY = COMPANY_ROLES - {Role.ADMIN, Role.APPROVER}
"""What one person does in a very small company; tests of roles make people of their own."""


@dataclass(frozen=True)
class Parties:
    """One person on either side of an order, each with every role of everyday business."""

    buyer: Actor
    supplier: Actor


async def make_parties(**facts: Any) -> Parties:
    """A new buyer and a new supplier; `facts` are the buyer's, such as `delivery_zone`."""
    buyer = await make_company(CompanyKind.BUYER, **{"delivery_place": "上海市浦东新区世纪大道1号", **facts})
    supplier = await make_company(CompanyKind.SUPPLIER)
    return Parties(await make_actor(buyer, *EVERYDAY), await make_actor(supplier, *EVERYDAY))


async def make_goods(supplier: Actor, **facts: Any) -> Product:
    """An article of the supplier, made to order unless `stock_on_hand` is given."""
    key = make_key()
    category = await create_category(await make_platform(), key, "紧固件", "Fasteners", idempotency_key=key)
    said = {
        "category_id": category.id,
        "sku": f"SKU-{key}",
        "name_zh": "六角螺栓",
        "name_en": "Hexagon bolt",
        "specification": (),
        "unit": Unit.H87,
        "list_price": Decimal("0.40"),
        "currency": Currency.CNY,
        "tax_rate": Decimal("0.13"),
        "minimum_quantity": Decimal("0.001"),
        "quantity_step": Decimal("0.001"),
        "lead_time_days": 7,
        **facts,
    }
    return await create_product(supplier, Article(**said), idempotency_key=make_key())


async def make_order(
    parties: Parties, quantities: Sequence[str] = ("1000",), *, goods: Sequence[Product] = (), **wish: Any
) -> Order:
    """A draft with one line for each quantity, of the goods in their order, or of new ones."""
    chosen = list(goods) or [await make_goods(parties.supplier) for _ in quantities]
    lines = tuple(LineWish(one.id, Decimal(much)) for one, much in zip(chosen, quantities, strict=True))
    wishes = {"requested_on": (clock.now() + timedelta(days=27)).date(), **wish}
    return await create_order(
        parties.buyer, parties.supplier.home, OrderWish(lines=lines, **wishes), idempotency_key=make_key()
    )


async def make_placed_order(parties: Parties, quantities: Sequence[str] = ("1000",), **wish: Any) -> Order:
    """An order on the supplier's desk."""
    order = await make_order(parties, quantities, **wish)
    return await submit_order(parties.buyer, order.id, order.version)


async def make_quotation(
    parties: Parties,
    order: Order,
    prices: Sequence[str] = ("0.333",),
    *,
    freight: str = "50.00",
    tolerance: str = "0",
    alternatives: tuple[OfferedAlternative, ...] = (),
    **terms: Any,
) -> Quotation:
    """An open quotation on a placed order, with a price for each of its lines; `alternatives` are to the first of them.

    `tolerance` is the share by which each line may be over-delivered.
    """
    first, *others = zip(await lines_of(order), prices, strict=True)
    over = Decimal(tolerance)
    lines = [OfferLine(first[0].id, Decimal(first[1]), alternatives=alternatives, over_delivery_tolerance=over)]
    lines += [OfferLine(line.id, Decimal(price), over_delivery_tolerance=over) for line, price in others]
    said = {"valid_until": clock.now() + timedelta(days=30), **terms}
    order = await fresh(order)
    return await send_quotation(
        parties.supplier,
        order.id,
        order.version_for(parties.supplier),
        Offer(lines=tuple(lines), freight=Decimal(freight), **said),
    )


async def make_awarded_order(
    parties: Parties, quantities: Sequence[str] = ("1000",), prices: Sequence[str] = ("0.333",), **terms: Any
) -> Order:
    """An order whose contract waits for both signatures; `terms` are the quotation's."""
    borne = _taken(terms, "goods", "requested_on", "delivery_zone", "cost_centre_id")
    order = await make_placed_order(parties, quantities, **borne)
    quotation = await make_quotation(parties, order, prices, **terms)
    return await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version)


async def make_contracted_order(
    parties: Parties, quantities: Sequence[str] = ("1000",), prices: Sequence[str] = ("0.333",), **terms: Any
) -> Order:
    """An order that both sides have signed."""
    order = await make_awarded_order(parties, quantities, prices, **terms)
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    return order


async def make_signed(order: Order, actor: Actor) -> Order:
    """The order with the actor's signature on its contract; that it was they is taken for proven."""
    order, contract = await fresh(order), await contract_of(order)
    return await sign_proven(actor, order.id, order.version_for(actor), contract.sha256)


async def make_shipment(parties: Parties, order: Order, *quantities: str, **facts: Any) -> Shipment:
    """Goods under way: so much of each line, all that was ordered unless said; "0" leaves a line out."""
    lines = await lines_of(order)
    wanted = [Decimal(much) for much in quantities] or [line.quantity for line in lines]
    said = {"transport_mode": TransportMode.ROAD, "carrier": "SF Express", "waybill": make_key(), **facts}
    load = tuple((line.id, much) for line, much in zip(lines, wanted, strict=True) if much)
    order = await fresh(order)
    return await despatch_shipment(
        parties.supplier,
        order.id,
        order.version_for(parties.supplier),
        Despatch(quantities=load, **said),
        idempotency_key=make_key(),
    )


async def make_sighting(parties: Parties, shipment: Shipment, code: TrackingCode, at: datetime | str) -> Shipment:
    """The shipment after one more report of its carrier, made when it was seen if that is still to come; `at` without a zone is UTC."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    with clock.held_at(max(aware, clock.now())):
        return await record_tracking(parties.supplier, shipment.id, Report(make_key(), code, aware))


async def make_receipt(parties: Parties, shipment: Shipment, found: Mapping[Any, Inspection] | None = None) -> Shipment:
    """The shipment as the buyer found it: all accepted unless said."""
    return await receive_shipment(parties.buyer, shipment.id, shipment.version, found or {})


async def make_completed_order(
    parties: Parties, quantities: Sequence[str] = ("1000",), prices: Sequence[str] = ("0.333",), **terms: Any
) -> Order:
    """An order all of whose goods were accepted; nothing is invoiced yet."""
    order = await make_contracted_order(parties, quantities, prices, **terms)
    await make_receipt(parties, await make_shipment(parties, order))
    return await fresh(order)


async def make_invoice(parties: Parties, order: Order, *quantities: str) -> Invoice:
    """A claim for so much of each line, for all accepted goods unless said; "0" leaves a line out."""
    lines = await lines_of(order)
    named = tuple((line.id, Decimal(much)) for line, much in zip(lines, quantities, strict=False) if Decimal(much))
    order = await fresh(order)
    return await issue_invoice(
        parties.supplier,
        order.id,
        order.version_for(parties.supplier),
        named or None,
        idempotency_key=make_key(),
    )


async def make_transfer(parties: Parties, invoice: Invoice, amount: str | None = None) -> Payment:
    """A transfer the buyer reports: the whole invoice unless said."""
    transfer = Transfer(
        amount=invoice.total if amount is None else Decimal(amount),
        paid_on=clock.now().date(),
        bank_reference=make_key(),
    )
    return await submit_bank_transfer(parties.buyer, invoice.id, transfer, idempotency_key=make_key())


async def make_settled_order(parties: Parties) -> Order:
    """An order with nothing open: 1000 pieces at 0.333, freight 50.00, all accepted, invoiced and paid."""
    order = await make_completed_order(parties)
    payment = await make_transfer(parties, await make_invoice(parties, order))
    await confirm_funds(parties.supplier, payment.id, payment.version, payment.amount, idempotency_key=make_key())
    return await fresh(order)


async def fresh(order: Order) -> Order:
    """The order as it is in the database now."""
    return await Order.get(id=order.id)


async def lines_of(order: Order) -> list[OrderLine]:
    """The order's lines, by position."""
    return list(await OrderLine.of(order.id))


async def contract_of(order: Order) -> Contract:
    """The order's newest contract."""
    contract = await Contract.newest(order.id)
    assert contract is not None
    return contract


def _taken(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    """These of the facts, which are then no longer among them."""
    return {name: facts.pop(name) for name in names if name in facts}
