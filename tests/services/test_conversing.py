"""What the two sides say to each other: read by both, in turn where it is a question, and by nobody else."""

from datetime import timedelta

import pytest

from models import Message, Order
from rules.conversation import MessageKind, TalkChannel
from rules.lifecycle import Side
from rules.problems import InvalidInput, NotFound, NotYourTurn, WrongStatus
from services import clock
from services.closing import cancel_order
from services.conversing import Talk, answer_supplier, ask_buyer, log_talk, post_message
from tests.makers import make_key
from tests.order_makers import Parties, fresh, make_order, make_parties, make_placed_order, make_quotation


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
async def order(parties: Parties) -> Order:
    """An order on the supplier's desk."""
    return await make_placed_order(parties)


async def test_a_question_flips_the_turn_and_its_answer_flips_it_back(parties: Parties, order: Order) -> None:
    """The status stays; asking twice or answering nothing is not one's turn."""
    version = order.version_for(parties.supplier)
    with pytest.raises(NotYourTurn):
        await answer_supplier(parties.buyer, order.id, order.version, "yes", idempotency_key=make_key())
    await ask_buyer(parties.supplier, order.id, version, "which steel?", idempotency_key=make_key())
    asked = await fresh(order)
    assert (asked.status, asked.turn) == (order.status, Side.BUYER)
    with pytest.raises(NotYourTurn):
        await ask_buyer(parties.supplier, order.id, version + 1, "and?", idempotency_key=make_key())
    await answer_supplier(parties.buyer, order.id, asked.version, "A2-70", idempotency_key=make_key())
    assert (await fresh(order)).turn is Side.SUPPLIER
    assert [message.kind for message in await Message.all().order_by("id")] == [
        MessageKind.QUESTION,
        MessageKind.ANSWER,
    ]


async def test_a_supplier_may_quote_while_its_question_is_open(parties: Parties, order: Order) -> None:
    """The answer may have come by telephone."""
    version = order.version_for(parties.supplier)
    await ask_buyer(parties.supplier, order.id, version, "which steel?", idempotency_key=make_key())
    await make_quotation(parties, order)
    assert (await fresh(order)).turn is Side.BUYER


async def test_messages_and_talks_are_events_of_both_sides(parties: Parties, order: Order) -> None:
    """Each raises the version by one; a talk has its place and time."""
    await post_message(parties.buyer, order.id, "hello", idempotency_key=make_key())
    yesterday = clock.now() - timedelta(days=1)
    talk = await log_talk(
        parties.supplier, order.id, Talk(TalkChannel.PHONE, yesterday, "agreed"), idempotency_key=make_key()
    )
    assert (talk.kind, talk.channel, talk.talked_at) == (MessageKind.TALK, TalkChannel.PHONE, yesterday)
    assert (await fresh(order)).version == order.version + 2


async def test_a_talk_cannot_have_been_held_tomorrow(parties: Parties, order: Order) -> None:
    """The field is named, nothing is kept."""
    tomorrow = clock.now() + timedelta(days=1)
    with pytest.raises(InvalidInput, match="talkedAt"):
        await log_talk(parties.buyer, order.id, Talk(TalkChannel.PHONE, tomorrow, "agreed"), idempotency_key=make_key())
    assert await Message.all().count() == 0


async def test_there_is_nobody_to_talk_to_about_a_draft(parties: Parties) -> None:
    """And what is over can still be talked about."""
    draft = await make_order(parties)
    with pytest.raises(WrongStatus):
        await post_message(parties.buyer, draft.id, "hello?", idempotency_key=make_key())
    placed = await make_placed_order(parties)
    await cancel_order(parties.buyer, placed.id, placed.version, "no budget")
    await post_message(parties.supplier, placed.id, "a pity", idempotency_key=make_key())


async def test_a_stranger_has_no_say(parties: Parties, order: Order) -> None:
    """The answer of a missing id."""
    with pytest.raises(NotFound):
        await post_message((await make_parties()).supplier, order.id, "psst", idempotency_key=make_key())
