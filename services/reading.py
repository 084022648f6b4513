"""Having read what the other side said: for oneself, and as far as the other side may know."""

from uuid import UUID

from models import Message, Order, ReadMark, ReadState
from models.base import new_id
from rules.events import EventKind
from rules.lifecycle import Side
from rules.people import Actor
from rules.problems import NotFound
from services import clock
from services.desk import note_apart
from services.verb import verb


@verb
async def mark_read(actor: Actor, message_id: UUID) -> ReadState:
    """Everything up to this message counts as read by the caller; both sides are told when the company has read more than before.

    Reading takes no lock on the order and moves no version of it: nobody's form becomes stale because somebody looked.
    """
    message, order = await _message(actor, message_id)
    moment = clock.now()
    if actor.member is not None:
        await ReadMark(order_id=order.id, member_id=actor.member, seq=message.seq, created_at=moment).advance()
    blank = ReadState(
        id=new_id(),
        order_id=order.id,
        company_id=actor.home,
        side=order.side_of(actor),
        message_id=message.id,
        read_at=moment,
        created_at=moment,
    )
    state = await blank.opened()
    if await Message.heard(order.id, actor.home, state.seq, message.seq):
        state.seq, state.message_id, state.read_at = message.seq, message.id, moment
        state.version += 1
        await state.save()
        body = {"orderId": str(order.id), "messageId": str(message.id)}
        await note_apart(state, state.version, EventKind.MESSAGES_READ, actor, order.readers, body)
    return state


async def _message(actor: Actor, message_id: UUID) -> tuple[Message, Order]:
    """The message and its order; to whoever is no party to it there is none to be read."""
    message = await Message.visible_to(actor).get_or_none(id=message_id)
    order = await Order.visible_to(actor).get_or_none(id=message.order_id) if message else None
    if message is None or order is None or order.side_of(actor) not in (Side.BUYER, Side.SUPPLIER):
        raise NotFound("Message", message_id)
    return message, order
