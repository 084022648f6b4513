"""One random try at each step an order has: with what would make it succeed, or, now and then, with something that does not fit."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from models import Attachment, Contract, ContractLine, Invoice, Order, Payment, Quotation, Shipment
from models.base import new_id
from rules.billing import PaymentStatus
from rules.conversation import TalkChannel
from rules.line_sheets import ImportMode
from rules.people import Actor
from rules.quantity import Inspection
from rules.quick_entry import WhenDuplicate
from rules.shipping import TrackingCode, TransportMode
from rules.terms import RejectionReason
from services import (
    adding,
    approving,
    attaching,
    changing,
    clock,
    closing,
    contract_changes,
    contracting,
    conversing,
    drafting,
    importing,
    invoicing,
    ledger,
    paying,
    quoting,
    signing,
    terminating,
)
from services.despatching import Despatch, Report, cancel_shipment, despatch_shipment, record_tracking
from services.objecting import close_shipment_dispute, dispute_shipment
from services.packing import pack_shipment
from services.receiving import receive_shipment, reverse_receipt
from services.submitting import submit_order, withdraw_order
from tests.billing_moves import BILLING_MOVES
from tests.file_makers import make_attachment
from tests.makers import make_key
from tests.online_moves import ONLINE_MOVES
from tests.order_makers import lines_of
from tests.package_makers import make_sscc, make_wish
from tests.return_moves import RETURN_MOVES

T = TypeVar("T")
REASON = "因为 · because"


@dataclass
class Turn:
    """Somebody about to do something to an order."""

    actor: Actor
    order: Order
    chance: Random

    @property
    def named(self) -> tuple[UUID, int]:
        """The order and its version as the actor counts; now and then a version that nobody read."""
        stale = self.chance.random() < 0.05
        return self.order.id, self.order.version_for(self.actor) - stale

    def much(self, of: Decimal) -> Decimal:
        """All of it, a part of it, or more than there is."""
        return max(of, Decimal(1)) * Decimal(self.chance.choice(["1", "1", "1", "0.5", "1.5"]))

    async def one(self, model: Any, **such: Any) -> Any:
        """One of the order's rows of this kind; one that nobody has where there is none."""
        rows = await model.filter(order_id=self.order.id, **such)
        return self.chance.choice(rows) if rows else model(id=new_id(), version=0, amount=Decimal(1), total=Decimal(1))


Move = Callable[[Turn], Awaitable[object]]
MOVES: dict[str, Move] = {}


def move(work: Move) -> Move:
    """The way to try the step of this name."""
    MOVES[work.__name__] = work
    return work


@move
async def update_draft(turn: Turn) -> object:
    lines = [drafting.LineWish(line.product_id, turn.much(line.quantity)) for line in await lines_of(turn.order)]
    wish = drafting.OrderWish(lines=tuple(lines), quality_requirement=make_key())
    return await drafting.update_draft(turn.actor, *turn.named, wish)


@move
async def import_lines(turn: Turn) -> object:
    rows = [f"{line.sku},{turn.much(line.quantity)},{make_key()}" for line in await lines_of(turn.order)]
    wrong = turn.chance.choice(["", "", "no such article,1,"])
    content = "\n".join(["SKU,Quantity,Quality", *rows, wrong]).encode()
    known = turn.actor.may("upload_attachment")
    file = await make_attachment(turn.actor, "l.csv", content, "text/csv") if known else Attachment(id=new_id())
    mode = turn.chance.choice(list(ImportMode))
    try:
        return await importing.import_lines(turn.actor, *turn.named, file.id, mode)
    finally:
        if known:
            await attaching.discard_attachment(turn.actor, file.id)


@move
async def add_lines(turn: Turn) -> object:
    lines = [drafting.LineWish(line.product_id, turn.much(line.quantity)) for line in await lines_of(turn.order)]
    when = turn.chance.choice(list(WhenDuplicate))
    addition = adding.Addition(lines=tuple(lines[:2]), when_duplicate=when)
    return await adding.add_lines(turn.actor, *turn.named, addition, idempotency_key=make_key())


@move
async def ask_buyer(turn: Turn) -> object:
    return await conversing.ask_buyer(turn.actor, *turn.named, "哪种？", idempotency_key=make_key())


@move
async def answer_supplier(turn: Turn) -> object:
    return await conversing.answer_supplier(turn.actor, *turn.named, "304", idempotency_key=make_key())


@move
async def post_message(turn: Turn) -> object:
    return await conversing.post_message(turn.actor, turn.order.id, "你好", idempotency_key=make_key())


@move
async def log_talk(turn: Turn) -> object:
    talk = conversing.Talk(TalkChannel.PHONE, clock.now() + timedelta(hours=turn.chance.choice([-1, -1, 1])), "…")
    return await conversing.log_talk(turn.actor, turn.order.id, talk, idempotency_key=make_key())


@move
async def attach_file(turn: Turn) -> object:
    line = turn.chance.choice([None, *[line.id for line in await lines_of(turn.order)]])
    file = await make_attachment(turn.actor) if turn.actor.may("upload_attachment") else Attachment(id=new_id())
    return await attaching.attach_file(turn.actor, *turn.named, file.id, line)


@move
async def detach_file(turn: Turn) -> object:
    file = await turn.one(Attachment, company_id=turn.actor.company, message_id=None)
    return await attaching.detach_file(turn.actor, *turn.named, file.id)


@move
async def send_quotation(turn: Turn) -> object:
    price = Decimal(turn.chance.choice(["0.5", "2", "9.999999"]))
    lines = tuple(quoting.OfferLine(line.id, price) for line in await lines_of(turn.order))
    validity = clock.now() + timedelta(days=turn.chance.choice([1, 5, 5, 5, -1]))
    return await quoting.send_quotation(turn.actor, *turn.named, quoting.Offer(lines, validity))


@move
async def reject_order(turn: Turn) -> object:
    return await closing.reject_order(turn.actor, *turn.named, turn.chance.choice(list(RejectionReason)), REASON)


@move
async def counter_quotation(turn: Turn) -> object:
    lines = [quoting.LineCounter(line.id, unit_price=Decimal("0.4")) for line in await lines_of(turn.order)]
    return await quoting.counter_quotation(turn.actor, *turn.named, tuple(lines[: turn.chance.randrange(3)]))


@move
async def accept_quotation(turn: Turn) -> object:
    # Not always the newest one, and not always all of it.
    lines = await lines_of(turn.order)
    part = {line.id: turn.much(line.quantity) for line in lines[: turn.chance.choice([1, 2])]}
    chosen = part if turn.chance.random() < 0.3 else None
    return await quoting.accept_quotation(turn.actor, (await turn.one(Quotation)).id, turn.named[1], chosen)


@move
async def sign_contract(turn: Turn) -> object:
    contract = await turn.one(Contract)
    return await signing.sign_proven(turn.actor, *turn.named, contract.sha256 or "0" * 64)


@move
async def despatch_shipment_(turn: Turn) -> object:
    booked = await ledger.line_quantities(turn.order)
    load = tuple((line.id, turn.much(booked[line.id].to_despatch)) for line in await lines_of(turn.order))
    despatch = Despatch(load[: turn.chance.choice([1, 2, 2])], TransportMode.ROAD, "SF", make_key())
    return await despatch_shipment(turn.actor, *turn.named, despatch, idempotency_key=make_key())


@move
async def pack_shipment_(turn: Turn) -> object:
    shipment = await turn.one(Shipment)
    despatched = [line.despatched for line in await shipment.lines.all()] if shipment.created_at else []
    packages = [await make_wish(turn.order, *[str(turn.much(of)) for of in despatched], sscc=make_sscc())]
    return await pack_shipment(turn.actor, shipment.id, shipment.version, packages)


@move
async def record_tracking_(turn: Turn) -> object:
    report = Report(make_key(), turn.chance.choice(list(TrackingCode)), clock.now())
    return await record_tracking(turn.actor, (await turn.one(Shipment)).id, report)


@move
async def cancel_shipment_(turn: Turn) -> object:
    shipment = await turn.one(Shipment)
    return await cancel_shipment(turn.actor, shipment.id, shipment.version, REASON)


@move
async def receive_shipment_(turn: Turn) -> object:
    shipment = await turn.one(Shipment)
    found = {}
    if shipment.created_at and turn.chance.random() < 0.3:
        [line, *_] = await shipment.lines.all()
        found[line.order_line_id] = Inspection(line.despatched - 1, rejected=Decimal(1), reason=REASON)
    is_partial = turn.chance.random() < 0.2
    return await receive_shipment(turn.actor, shipment.id, shipment.version, found, is_partial=is_partial)


def on_shipment(verb: Callable[..., Awaitable[object]]) -> None:
    """The way to try a verb that wants a shipment and a reason."""

    async def work(turn: Turn) -> object:
        shipment = await turn.one(Shipment)
        return await verb(turn.actor, shipment.id, shipment.version, REASON)

    MOVES[verb.__name__] = work


for objects in (reverse_receipt, dispute_shipment, close_shipment_dispute):
    on_shipment(objects)


@move
async def issue_invoice(turn: Turn) -> object:
    return await invoicing.issue_invoice(turn.actor, *turn.named, None, idempotency_key=make_key())


@move
async def accept_invoice(turn: Turn) -> object:
    invoice = await turn.one(Invoice)
    return await invoicing.accept_invoice(turn.actor, invoice.id, invoice.version)


@move
async def dispute_invoice(turn: Turn) -> object:
    invoice = await turn.one(Invoice)
    return await invoicing.dispute_invoice(turn.actor, invoice.id, invoice.version, REASON)


@move
async def submit_bank_transfer(turn: Turn) -> object:
    invoice = await turn.one(Invoice)
    transfer = paying.Transfer(invoice.total, clock.today("Asia/Shanghai"), make_key())
    return await paying.submit_bank_transfer(turn.actor, invoice.id, transfer, idempotency_key=make_key())


@move
async def confirm_funds(turn: Turn) -> object:
    payment = await turn.one(Payment, status=PaymentStatus.PROOF_SUBMITTED)
    return await paying.confirm_funds(
        turn.actor, payment.id, payment.version, turn.much(payment.amount), idempotency_key=make_key()
    )


@move
async def reject_transfer(turn: Turn) -> object:
    payment = await turn.one(Payment, status=PaymentStatus.PROOF_SUBMITTED)
    return await paying.reject_transfer(turn.actor, payment.id, payment.version, REASON)


@move
async def propose_change(turn: Turn) -> object:
    contract = await Contract.in_force(turn.order.id)
    agreed = await ContractLine.of(contract.id) if contract else []
    lines = [contract_changes.LineChange(line.order_line_id, turn.much(line.quantity)) for line in agreed]
    freight = turn.chance.choice([None, Decimal("60.00")])
    return await changing.propose_change(
        turn.actor, *turn.named, contract_changes.Change(REASON, tuple(lines), freight)
    )


def as_named(verb: Callable[..., Awaitable[object]], *more: object) -> None:
    """The way to try a verb that wants nothing but the order, and perhaps a reason."""

    async def work(turn: Turn) -> object:
        return await verb(turn.actor, *turn.named, *more)

    MOVES[verb.__name__] = work


for asks in (submit_order, approving.approve_order, changing.agree_change, terminating.agree_termination):
    as_named(asks)
for ends in (
    withdraw_order,
    approving.return_order,
    closing.cancel_order,
    quoting.withdraw_quotation,
    quoting.decline_quotation,
    contracting.refuse_contract,
    changing.refuse_change,
    changing.withdraw_change,
    changing.propose_short_close,
    terminating.propose_termination,
    terminating.refuse_termination,
    terminating.terminate_order,
):
    as_named(ends, REASON)
MOVES |= RETURN_MOVES | BILLING_MOVES | ONLINE_MOVES
for name in [name for name in MOVES if name.endswith("_")]:
    MOVES[name.removesuffix("_")] = MOVES.pop(name)
