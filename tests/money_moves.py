"""One random try at each step of the money between two companies, by transfer, cheque or credit, and at what goes before it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal as D
from functools import partial
from typing import Any

from models import Invoice, LedgerEntry, MerchantAccount, OnlinePayment, Order, Payment, PaymentObligation
from models.base import new_id
from rules.billing import InvoiceStatus, PaymentMethod, PaymentStatus, RefundStatus
from rules.people import Actor
from rules.returns import Resolution
from services import clock, ledger
from services.invoicing import issue_invoice
from services.obligations import look_at, obligations_of
from services.paying import Transfer, confirm_funds, open_amounts, submit_bank_transfer, submit_cheque
from services.silent_funds import confirm_silently as confirm_in_silence
from services.terminating import agree_termination, propose_termination
from services.using_credit import apply_credit
from services.verb import committed
from tests.makers import make_key
from tests.moves import MOVES, REASON, Turn
from tests.order_makers import Parties, lines_of, make_receipt, make_shipment
from tests.return_makers import make_resolved, make_return


class NothingToDo(Exception):
    """There is nothing of the kind that the step is about."""


@dataclass
class Walked:
    """Two companies and what is between them, while time passes."""

    parties: Parties
    operator: Actor
    account: MerchantAccount
    now: datetime
    told: set[tuple[str, str, str]] = field(default_factory=set)
    """What its provider has told of: of which payment, in which status unless in its own, and of which refund."""


@dataclass
class MoneyTurn(Turn):
    """Somebody about to do something to an order of these two."""

    walked: Walked
    name: str = ""

    async def one(self, model: Any, **such: Any) -> Any:
        """One of the order's rows, mostly one to which the step can be done; NothingToDo where there is none."""
        wanted = FITTING.get(self.name, {}) if self.chance.random() < 0.9 else {}
        return self.pick(await model.filter(order_id=self.order.id, **{**such, **wanted}).order_by("id"))

    def pick(self, rows: list[Any]) -> Any:
        """One of them, NothingToDo where there is none."""
        if not rows:
            raise NothingToDo
        return self.chance.choice(rows)


FITTING: dict[str, dict[str, Any]] = {
    "bounce_cheque": {"method": PaymentMethod.CHEQUE, "status": PaymentStatus.FUNDS_CONFIRMED},
    "confirm_refund": {"status": RefundStatus.SENT},
    "reject_refund": {"status": RefundStatus.SENT},
    "accept_invoice": {"status": InvoiceStatus.ISSUED},
    "dispute_invoice": {"status": InvoiceStatus.ISSUED},
}
"""To what kind of row of its order a step can be done."""


async def claim_a_part(turn: MoneyTurn) -> object:
    booked = await ledger.line_quantities(turn.order)
    some = tuple((line.id, turn.much(booked[line.id].to_invoice)) for line in await lines_of(turn.order))
    return await issue_invoice(turn.actor, *turn.named, some[: turn.chance.choice([1, 2])], idempotency_key=make_key())


async def pay_many(turn: MoneyTurn) -> object:
    """For all invoices of both orders in any order, too much now and then."""
    invoices = [invoice.id for invoice in await Invoice.filter(supplier_id=turn.order.supplier_id)]
    turn.chance.shuffle(invoices)
    first, *others = invoices or [new_id()]
    amount = D(turn.chance.choice(["50.00", "300.00", "1000.00"])) + D(turn.chance.randrange(100)) / 100
    transfer = Transfer(amount, clock.now().date(), make_key(), surplus_as_credit=turn.chance.random() < 0.7)
    return await submit_bank_transfer(turn.actor, first, transfer, tuple(others), idempotency_key=make_key())


async def take_what_came(turn: MoneyTurn) -> object:
    payment = await turn.one(Payment, status=PaymentStatus.PROOF_SUBMITTED)
    came = payment.amount * D(turn.chance.choice(["1", "1", "1", "0.5", "1.25"]))
    return await confirm_funds(
        turn.actor,
        payment.id,
        payment.version,
        came.quantize(D("0.01")),
        takes_difference=turn.chance.random() < 0.8,
        idempotency_key=make_key(),
    )


async def prepay(turn: MoneyTurn) -> object:
    """By transfer or cheque, a part or all of what is asked for ahead, or more than that."""
    ahead = sum([one.open for one in await obligations_of(turn.order) if one.invoice is None], D(0))
    amount, is_credit = max(round(turn.much(ahead), 2), D("0.01")), turn.chance.random() < 0.5
    said = Transfer(amount, clock.now().date(), make_key(), surplus_as_credit=is_credit)
    submit = turn.chance.choice([submit_bank_transfer, submit_cheque, submit_cheque])
    return await submit(turn.actor, None, said, order_id=turn.order.id, idempotency_key=make_key())


async def use_credit(turn: MoneyTurn) -> object:
    """For an invoice of either order of which something is open, as much as there is or a part."""
    walked = turn.walked
    pair = walked.parties.supplier.home, walked.parties.buyer.home
    if not await LedgerEntry.orders_with_credit(*pair, turn.order.currency):
        raise NothingToDo
    invoices = await Invoice.filter(supplier_id=turn.order.supplier_id).order_by("id")
    owing = [one for one, much in (await open_amounts(tuple(one.id for one in invoices))).items() if much > 0]
    amount = turn.chance.choice([None, None, D("0.05"), D("40.00")])
    return await apply_credit(turn.actor, turn.pick(owing), amount, idempotency_key=make_key())


async def send_money_back(turn: MoneyTurn) -> object:
    """What is due and credit, a part of it, or more."""
    now = await ledger.standing(turn.order)
    if not now.refund_due + now.credit:
        raise NothingToDo
    return await MOVES["send_refund"](turn)


async def receive_the_rest(turn: MoneyTurn) -> object:
    """All that is still to be delivered arrives and is accepted."""
    parties, booked = turn.walked.parties, await ledger.line_quantities(turn.order)
    left = [str(booked[line.id].to_despatch) for line in await lines_of(turn.order)]
    return await make_receipt(parties, await make_shipment(parties, turn.order, *left))


async def give_goods_back(turn: MoneyTurn) -> object:
    """Some of the first line, and whatever comes of it."""
    [line, *_] = await lines_of(turn.order)
    kept = (await ledger.line_quantities(turn.order))[line.id].kept
    request = await make_return(turn.walked.parties, turn.order, str(turn.much(kept * D("0.3"))))
    return await make_resolved(turn.walked.parties, request, turn.chance.choice(list(Resolution)))


async def end_the_contract(turn: MoneyTurn) -> object:
    """Both want it, before anything has left."""
    parties = turn.walked.parties
    await propose_termination(parties.buyer, turn.order.id, turn.order.version_for(parties.buyer), REASON)
    order = await Order.get(id=turn.order.id)
    return await agree_termination(parties.supplier, order.id, order.version_for(parties.supplier))


async def pass_time(turn: MoneyTurn) -> object:
    turn.walked.now += turn.chance.choice([timedelta(minutes=20), timedelta(days=1), timedelta(days=3)])
    return turn.walked.now


async def remind(turn: MoneyTurn) -> object:
    """The clock looks at an obligation whose day has come, or has not."""
    waiting = await PaymentObligation.filter(order_id=turn.order.id, look_on__isnull=False).order_by("id")
    return await committed(partial(look_at, turn.pick(waiting).id))


async def confirm_silently(turn: MoneyTurn) -> object:
    """The supplier has let the days pass after which its silence counts."""
    waiting = OnlinePayment.filter(payment__order_id=turn.order.id, confirm_at__lte=clock.now()).order_by("id")
    return await committed(partial(confirm_in_silence, turn.pick(await waiting).payment_id))


_OWN = (claim_a_part, pay_many, take_what_came, prepay, use_credit, send_money_back, receive_the_rest, give_goods_back)
_RARE = (end_the_contract, pass_time, remind, confirm_silently)
TRIES: dict[str, Callable[[Any], Awaitable[object]]] = {**MOVES, **{one.__name__: one for one in (*_OWN, *_RARE)}}
