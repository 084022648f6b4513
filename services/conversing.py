"""What the two sides say to each other on an order."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import Message, Order
from rules.conversation import MessageKind, TalkChannel
from rules.events import EventKind
from rules.lifecycle import Side
from rules.people import Actor
from rules.problems import invalid
from services import clock
from services.attaching import hang
from services.desk import note, open_order, turn_to
from services.verb import creating

Files = tuple[UUID, ...]
"""Attachments of the caller's company that hang on nothing yet."""


@dataclass(frozen=True)
class Talk:
    """A talk held outside the system, put on record."""

    channel: TalkChannel
    talked_at: datetime
    text: str


@creating(Message)
async def post_message(actor: Actor, order_id: UUID, text: str, files: Files = (), *, idempotency_key: str) -> Message:
    """A chat message both sides can read, with the files it speaks of."""
    order = await open_order(actor, "post_message", order_id)
    return await _say(order, actor, EventKind.MESSAGE_POSTED, MessageKind.MESSAGE, text, files=files)


@creating(Message)
async def log_talk(actor: Actor, order_id: UUID, talk: Talk, files: Files = (), *, idempotency_key: str) -> Message:
    """A record of a telephone call, an e-mail or a meeting, which both sides can read."""
    order = await open_order(actor, "log_talk", order_id)
    if talk.talked_at > clock.now():
        raise invalid("input.talkedAt", "must not be in the future")
    return await _say(order, actor, EventKind.TALK_LOGGED, MessageKind.TALK, talk.text, talk, files)


@creating(Message)
async def ask_buyer(
    actor: Actor, order_id: UUID, expected_version: int, text: str, files: Files = (), *, idempotency_key: str
) -> Message:
    """A question the buyer has to answer before it is the supplier's turn again."""
    order = await open_order(actor, "ask_buyer", order_id, expected_version)
    turn_to(order, Side.BUYER)
    return await _say(order, actor, EventKind.BUYER_ASKED, MessageKind.QUESTION, text, files=files)


@creating(Message)
async def answer_supplier(
    actor: Actor, order_id: UUID, expected_version: int, text: str, files: Files = (), *, idempotency_key: str
) -> Message:
    """The answer to the supplier's question; the supplier's turn again."""
    order = await open_order(actor, "answer_supplier", order_id, expected_version)
    turn_to(order, Side.SUPPLIER)
    return await _say(order, actor, EventKind.SUPPLIER_ANSWERED, MessageKind.ANSWER, text, files=files)


async def _say(
    order: Order,
    actor: Actor,
    event: EventKind,
    kind: MessageKind,
    text: str,
    talk: Talk | None = None,
    files: Files = (),
) -> Message:
    message = await Message.create(
        seq=order.version + 1,
        order_id=order.id,
        company_id=actor.home,
        author_name=actor.name,
        kind=kind,
        text=text,
        channel=talk and talk.channel,
        talked_at=talk and talk.talked_at,
        created_at=clock.now(),
    )
    if files:
        await hang(actor, order, files, message=message, path="input.attachmentIds")
    await note(order, event, actor, {"messageId": str(message.id)})
    return message
