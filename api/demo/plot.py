"""One order of the demo, and what its two companies do with it again and again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from models import Contract, Order, OrderLine, Shipment
from models.base import new_id
from rules.people import Actor
from rules.shipping import Place, TrackingCode, TransportMode
from services import clock
from services.despatching import Despatch, Report, despatch_shipment, record_tracking
from services.quoting import Offer, OfferLine, send_quotation
from services.signing import sign_proven

WAYPOINTS = (
    (TrackingCode.PICKED_UP, "发货地网点", 30),
    (TrackingCode.IN_TRANSIT, "杭州转运中心", 18),
    (TrackingCode.OUT_FOR_DELIVERY, "目的地网点", 3),
)

SIMULATED = "模拟物流 Simulated Express"
"""Who drives goods while the demo runs (api/demo/driving.py)."""


@dataclass
class Plot:
    """One order, and the people of its two companies."""

    key: str
    buyer: str
    supplier: str
    actors: dict[str, Actor]
    order: Order

    def of_buyer(self, role: str) -> Actor:
        """The buyer's person in this role."""
        return self.actors[f"{role}@{self.buyer}.demo"]

    def of_supplier(self, role: str) -> Actor:
        """The supplier's person in this role."""
        return self.actors[f"{role}@{self.supplier}.demo"]

    async def at(self, actor: Actor) -> tuple[Actor, "Order", int]:
        """The actor, the order as it is now, and the version the actor would have read."""
        await self.order.refresh_from_db()
        return actor, self.order, self.order.version_for(actor)


async def quote(plot: Plot, discount: str, validity: timedelta) -> None:
    """Offer every line at so much of its list price."""
    actor, order, version = await plot.at(plot.of_supplier("sales"))
    lines = [OfferLine(line.id, line.list_price * Decimal(discount)) for line in await OrderLine.of(order.id)]
    offer = Offer(lines=tuple(lines), valid_until=clock.now() + validity, freight=Decimal("120.00"))
    await send_quotation(actor, order.id, version, offer)


async def sign(plot: Plot, signatory: Actor) -> None:
    """Sign the text that is on the table; a code for each would take half a minute."""
    contract = await Contract.newest(plot.order.id)
    assert contract is not None  # noqa: S101  # the quotation was accepted before
    actor, order, version = await plot.at(signatory)
    await sign_proven(actor, order.id, version, contract.sha256)


async def despatch(plot: Plot, stops: int) -> Shipment:
    """Everything leaves, and is seen at so many places."""
    waybill = f"SF{int(new_id().hex[-10:], 16) % 10**12:012d}"
    shipment = await _leave(plot, "顺丰速运", waybill, clock.now() - timedelta(hours=36))
    for code, place, hours_ago in WAYPOINTS[:stops]:
        await track(plot, shipment, code, place, hours_ago)
    return shipment


async def hand_over(plot: Plot) -> Shipment:
    """Everything leaves with the simulated carrier, which drives it while the demo runs."""
    return await _leave(plot, SIMULATED, f"SIM{int(new_id().hex[-10:], 16) % 10**9:09d}", clock.now())


async def _leave(plot: Plot, carrier: str, waybill: str, at: datetime) -> Shipment:
    actor, order, version = await plot.at(plot.of_supplier("wh"))
    load = tuple((line.id, line.quantity) for line in await OrderLine.of(order.id))
    advice = Despatch(
        load,
        TransportMode.ROAD,
        carrier,
        waybill,
        despatched_at=at,
        promised_on=order.requested_on,
        eta=clock.now() + timedelta(hours=20),
    )
    return await despatch_shipment(actor, order.id, version, advice, idempotency_key=f"{plot.key}-despatch")


async def track(plot: Plot, shipment: Shipment, code: TrackingCode, place: str, hours_ago: int) -> None:
    """One more report on the shipment."""
    moment = clock.now() - timedelta(hours=hours_ago)
    report = Report(f"{plot.key}-{code}", code, moment, Place(place), eta=clock.now() + timedelta(hours=hours_ago))
    await record_tracking(plot.of_supplier("wh"), shipment.id, report)
