"""What happened to the demo's orders: each a short walk of the real verbs, committed as a whole or not at all."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from api.demo import money
from api.demo.known import once
from api.demo.plot import Plot, despatch, hand_over, quote, sign, track
from models import Order, OrderLine, Quotation, Shipment
from models.transaction import transact
from rules.people import Actor
from rules.quantity import Inspection
from rules.shipping import TrackingCode
from rules.terms import RejectionReason
from services import clock
from services.approving import approve_order
from services.changing import agree_change, propose_change
from services.closing import cancel_order, expire_quotation, reject_order
from services.contract_changes import Change, LineChange
from services.conversing import ask_buyer, post_message
from services.drafting import LineWish, OrderWish, create_order
from services.quoting import LineCounter, accept_quotation, counter_quotation, decline_quotation
from services.receiving import receive_shipment
from services.submitting import submit_order
from services.terminating import agree_termination, propose_termination

A_MOMENT = timedelta(milliseconds=400)
PATIENCE = 300
"""Seconds between two statements of one story, on the slowest of machines."""


async def drafted(plot: Plot) -> None:
    """The draft itself: there is nothing more to do."""


async def submitted(plot: Plot) -> None:
    """With the approvers where it is above the threshold, else with the supplier."""
    actor, order, version = await plot.at(plot.of_buyer("req"))
    await submit_order(actor, order.id, version)


async def placed(plot: Plot) -> None:
    """On the supplier's desk, approved where it had to be."""
    await submitted(plot)
    if plot.order.approval_pending or (await plot.at(plot.of_buyer("mgr")))[1].approval_pending:
        actor, order, version = await plot.at(plot.of_buyer("mgr"))
        await approve_order(actor, order.id, version)


async def asked(plot: Plot) -> None:
    """The supplier wants to know something first."""
    await placed(plot)
    actor, order, version = await plot.at(plot.of_supplier("sales"))
    await ask_buyer(actor, order.id, version, "需要提供材质证明吗?", idempotency_key=f"{plot.key}-ask")


async def quoted(plot: Plot, discount: str = "0.95", validity: timedelta = timedelta(days=30)) -> None:
    """An open quotation, a little below list price."""
    await placed(plot)
    await quote(plot, discount, validity)


async def negotiating(plot: Plot) -> None:
    """The buyer would rather pay less."""
    await quoted(plot)
    actor, order, version = await plot.at(plot.of_buyer("req"))
    lines = [LineCounter(line.id, unit_price=line.list_price * Decimal("0.9")) for line in await OrderLine.of(order.id)]
    await counter_quotation(actor, order.id, version, tuple(lines), "量大,请再优惠一些。")


async def requoted(plot: Plot) -> None:
    """The second revision is open."""
    await negotiating(plot)
    await quote(plot, "0.92", timedelta(days=30))
    actor, order, _ = await plot.at(plot.of_supplier("sales"))
    await post_message(actor, order.id, "这是我们的最低价。", idempotency_key=f"{plot.key}-chat")


async def awarded(plot: Plot) -> None:
    """A contract waits for both signatures."""
    await quoted(plot)
    quotation = await Quotation.newest(plot.order.id)
    assert quotation is not None  # noqa: S101  # it was sent a line above
    actor, order, version = await plot.at(plot.of_buyer("req"))
    await accept_quotation(actor, quotation.id, version)
    actor, order, version = await plot.at(plot.of_buyer("mgr"))
    if order.approval_pending:
        await approve_order(actor, order.id, version)


async def half_signed(plot: Plot) -> None:
    """The buyer has signed."""
    await awarded(plot)
    await sign(plot, plot.of_buyer("sign"))


async def contracted(plot: Plot) -> None:
    """Both have signed."""
    await half_signed(plot)
    await sign(plot, plot.of_supplier("sign"))


async def under_way(plot: Plot) -> None:
    """Goods are moving."""
    await contracted(plot)
    await despatch(plot, stops=2)


async def driven(plot: Plot) -> None:
    """Goods that the simulated carrier has."""
    await contracted(plot)
    await hand_over(plot)


async def arrived(plot: Plot) -> None:
    """Goods are at the buyer's gate."""
    await contracted(plot)
    shipment = await despatch(plot, stops=3)
    await track(plot, shipment, TrackingCode.DELIVERED, plot.order.delivery_place or "", 1)


async def completed(plot: Plot) -> None:
    """Everything was accepted."""
    await arrived(plot)
    [shipment] = await Shipment.visible_to(plot.of_buyer("wh")).filter(order_id=plot.order.id)
    await receive_shipment(plot.of_buyer("wh"), shipment.id, shipment.version, {})


async def short_received(plot: Plot) -> None:
    """A part fell short and is still due."""
    await arrived(plot)
    actor = plot.of_buyer("wh")
    [shipment] = await Shipment.visible_to(actor).filter(order_id=plot.order.id)
    first = (await shipment.lines.all().order_by("position"))[0]
    found = Inspection(first.despatched - 2, Decimal(1), Decimal(1), "一件破损,一件短少")
    await receive_shipment(actor, shipment.id, shipment.version, {first.order_line_id: found})


async def billed(plot: Plot) -> None:
    """The supplier has claimed its money."""
    await completed(plot)
    await money.claim(plot)


async def invoiced(plot: Plot) -> None:
    """The buyer agreed with the invoice."""
    await billed(plot)
    await money.agree(plot)


async def paid(plot: Plot) -> None:
    """The buyer has reported the transfer."""
    await invoiced(plot)
    await money.pay(plot)


async def settled(plot: Plot) -> None:
    """Nothing is open on any axis."""
    await paid(plot)
    await money.confirm(plot)


async def refund_due(plot: Plot) -> None:
    """A part of it became cheaper afterwards, and has to go back."""
    await settled(plot)
    await money.credit(plot)


async def refund_sent(plot: Plot) -> None:
    """It is on its way back."""
    await refund_due(plot)
    await money.pay_back(plot)


async def rejected(plot: Plot) -> None:
    """The supplier could not serve it."""
    await placed(plot)
    actor, order, version = await plot.at(plot.of_supplier("sales"))
    await reject_order(actor, order.id, version, RejectionReason.CAPACITY, "本月产能已满。")


async def declined(plot: Plot) -> None:
    """The buyer did not take the quotation."""
    await quoted(plot, "1.2")
    actor, order, version = await plot.at(plot.of_buyer("req"))
    await decline_quotation(actor, order.id, version, "价格高于预算。")


async def expired(plot: Plot) -> None:
    """Nobody answered the quotation in time."""
    await quoted(plot, "1", A_MOMENT)
    await asyncio.sleep(A_MOMENT.total_seconds())
    await expire_quotation(plot.order.id)


async def cancelled(plot: Plot) -> None:
    """The buyer no longer wants it."""
    await quoted(plot)
    actor, order, version = await plot.at(plot.of_buyer("req"))
    await cancel_order(actor, order.id, version, "项目暂停。")


async def terminated(plot: Plot) -> None:
    """Both gave the contract up before anything had left."""
    await contracted(plot)
    actor, order, version = await plot.at(plot.of_buyer("sign"))
    await propose_termination(actor, order.id, version, "工程取消，双方协商解除。")
    actor, order, version = await plot.at(plot.of_supplier("sign"))
    await agree_termination(actor, order.id, version)


async def change_proposed(plot: Plot) -> None:
    """The buyer would like to have the first line later."""
    await contracted(plot)
    actor, order, version = await plot.at(plot.of_buyer("req"))
    line = await OrderLine.of(order.id).first()
    assert line is not None  # noqa: S101  # no order without one
    later = LineChange(line.id, promised_on=clock.today("Asia/Shanghai") + timedelta(days=40))
    await propose_change(actor, order.id, version, Change("工期顺延。", (later,)))


async def change_agreed(plot: Plot) -> None:
    """The supplier has nothing against it."""
    await change_proposed(plot)
    actor, order, version = await plot.at(plot.of_supplier("sales"))
    await agree_change(actor, order.id, version)


async def change_half_signed(plot: Plot) -> None:
    """The buyer has signed the next version."""
    await change_agreed(plot)
    await sign(plot, plot.of_buyer("sign"))


Story = Callable[[Plot], Awaitable[None]]
# How often each story happens; those that need an approval are told of large orders.
STORIES: tuple[tuple[Story, int, bool], ...] = (
    (drafted, 6, False),
    (submitted, 4, True),
    (placed, 4, False),
    (asked, 2, False),
    (quoted, 4, False),
    (requoted, 2, True),
    (negotiating, 3, False),
    (awarded, 3, True),
    (half_signed, 3, False),
    (contracted, 3, False),
    (under_way, 4, True),
    (arrived, 2, False),
    (short_received, 2, True),
    (completed, 2, False),
    (billed, 2, False),
    (invoiced, 2, False),
    (paid, 2, False),
    (settled, 2, True),
    (refund_due, 1, False),
    (refund_sent, 1, False),
    (rejected, 2, False),
    (declined, 1, False),
    (expired, 1, False),
    (cancelled, 1, False),
    (terminated, 1, False),
    (change_proposed, 2, False),
    (change_agreed, 1, False),
    (change_half_signed, 1, False),
    (driven, 3, False),
)


async def tell(
    plot_key: str,
    story: Story,
    actors: dict[str, Actor],
    pair: tuple[str, str],
    lines: list[LineWish],
    cost_centre_id: UUID | None = None,
) -> None:
    """Let the order live up to its story, unless it did so before."""
    buyer, supplier = pair
    wish = OrderWish(
        lines=tuple(lines),
        requested_on=clock.today("Asia/Shanghai") + timedelta(days=25),
        quality_requirement="符合国家标准,附出厂检验报告。",
        cost_centre_id=cost_centre_id,
    )

    async def live() -> None:
        seller, requester = actors[f"sales@{supplier}.demo"], actors[f"req@{buyer}.demo"]
        make = partial(create_order, requester, seller.home, wish, idempotency_key=plot_key)
        order = await once(Order, requester, plot_key, make)
        if order.version == 1:
            await story(Plot(plot_key, buyer, supplier, actors, order))

    # Printing and signing take their time, and nobody waits for these rows.
    await transact(live, idle_timeout=PATIENCE)
