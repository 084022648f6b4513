"""Read marks: each member's own, the company's for the other side to see, and files that come with what is said."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from models import Attachment, Company, Event, Message, Order, ReadMark, ReadState
from resolvers.ids import encode_id
from rules.events import Topic
from rules.people import Actor, Role, Scope
from rules.problems import NotFound
from services.conversing import post_message
from services.reading import mark_read
from tests.file_makers import make_attachment
from tests.makers import make_actor, make_key, make_platform
from tests.order_makers import Parties, fresh, make_parties, make_placed_order
from tests.resolvers.asking import ask
from tests.statements import counting

ORDER = """query ($id: ID!) { order(id: $id) { unreadCount
    readStates { side readAt message { text } } messages { text attachments { name } } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
async def order(parties: Parties) -> Order:
    """An order on the supplier's desk."""
    return await make_placed_order(parties)


async def say(actor: Actor, order: Order, text: str = "hello", files: tuple[Any, ...] = ()) -> Message:
    """A message of the actor's."""
    return await post_message(actor, order.id, text, files, idempotency_key=make_key())


async def unread(actor: Actor, order: Order) -> int:
    """How much the actor has not read of the order."""
    return int((await ask(actor, ORDER, id=encode_id("Order", order.id)))["unreadCount"])


async def test_what_the_other_side_said_is_unread_until_one_says_up_to_where_one_has_read(
    parties: Parties, order: Order
) -> None:
    """One's own words are never unread; marks do not move back."""
    first = await say(parties.buyer, order, "one")
    second = await say(parties.buyer, order, "two")
    await say(parties.supplier, order, "yes")
    assert (await unread(parties.supplier, order), await unread(parties.buyer, order)) == (2, 1)
    await mark_read(parties.supplier, first.id)
    assert await unread(parties.supplier, order) == 1
    await mark_read(parties.supplier, second.id)
    await mark_read(parties.supplier, first.id)
    assert (await unread(parties.supplier, order), await unread(parties.buyer, order)) == (0, 1)


async def test_each_member_reads_for_oneself_and_the_company_as_soon_as_one_has(parties: Parties, order: Order) -> None:
    """The other side is told once, by the first; a machine reads with its company."""
    said = await say(parties.buyer, order)
    colleague = replace(parties.supplier, member=(await make_actor_beside(parties.supplier)).member)
    machine = replace(parties.supplier, member=None, scopes=frozenset({Scope.READ}))
    await mark_read(parties.supplier, said.id)
    assert [await unread(one, order) for one in (colleague, machine, parties.supplier)] == [1, 0, 0]
    await mark_read(colleague, said.id)
    told = await Event.filter(topic=Topic.CONVERSATION)
    assert [(event.kind, event.seq, set(event.readers)) for event in told] == [
        ("MESSAGES_READ", 1, {order.buyer_id, order.supplier_id})
    ]
    assert await ReadMark.all().count() == 2


async def test_the_other_side_sees_how_far_was_read_and_the_order_stays_as_it_is(
    parties: Parties, order: Order
) -> None:
    """No version is raised by reading: nobody's form becomes stale because somebody looked."""
    said = await say(parties.buyer, order, "please hurry")
    before = await fresh(order)
    state = await mark_read(parties.supplier, said.id)
    assert (await fresh(order)).version == before.version
    shown = await ask(parties.buyer, ORDER, id=encode_id("Order", order.id))
    assert [(one["side"], one["message"]["text"]) for one in shown["readStates"]] == [("SUPPLIER", "please hurry")]
    assert state.read_at is not None


async def test_a_read_stream_has_no_gaps_and_tells_only_news(parties: Parties, order: Order) -> None:
    """Ten at once, of two messages: one or two steps forward, numbered without a gap; repetitions tell nothing."""
    first, second = await say(parties.buyer, order), await say(parties.buyer, order)
    await asyncio.gather(*(mark_read(parties.supplier, one.id) for one in [first, second] * 5))
    await mark_read(parties.supplier, second.id)
    state = await ReadState.get(order_id=order.id)
    seqs = [event.seq for event in await Event.filter(stream=state.id).order_by("seq")]
    assert seqs == list(range(1, state.version + 1))
    assert 1 <= len(seqs) <= 2
    assert state.message_id == second.id


async def test_reading_one_s_own_words_tells_nobody_anything(parties: Parties, order: Order) -> None:
    said = await say(parties.buyer, order)
    await mark_read(parties.buyer, said.id)
    assert await Event.filter(topic=Topic.CONVERSATION).count() == 0


async def test_a_stranger_cannot_mark_what_it_cannot_see(parties: Parties, order: Order) -> None:
    """Another company, and the operator, who sees it and is no party to it."""
    said = await say(parties.buyer, order)
    operator = replace(await make_platform(), roles=frozenset({Role.ADMIN}))
    for stranger in ((await make_parties()).supplier, operator):
        with pytest.raises(NotFound) as refused:
            await mark_read(stranger, said.id)
        assert refused.value.facts() == {"kind": "Message", "id": said.id}
    assert await unread(await make_platform(), order) == 0
    assert await ReadState.all().count() == 0


async def test_counts_take_as_many_statements_for_twenty_orders_as_for_one(parties: Parties) -> None:
    counts: list[int] = []
    for orders in (1, 20):
        for _ in range(orders):
            await say(parties.buyer, await make_placed_order(parties))
        async with counting() as statements:
            shown = await ask(parties.supplier, "{ orders(first: 100) { nodes { unreadCount readStates { side } } } }")
        assert [node["unreadCount"] for node in shown["nodes"]] == [1] * (1 if orders == 1 else 21)
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_a_message_brings_its_files_and_keeps_them(parties: Parties, order: Order) -> None:
    """Both sides read their names; the same file cannot come twice, nor a stranger's at all."""
    file = await make_attachment(parties.buyer, "drawing.pdf")
    said = await say(parties.buyer, order, "see the drawing", (file.id,))
    assert (await Attachment.get(id=file.id)).message_id == said.id
    [shown] = (await ask(parties.supplier, ORDER, id=encode_id("Order", order.id)))["messages"]
    assert shown == {"text": "see the drawing", "attachments": [{"name": "drawing.pdf"}]}
    strange = await make_attachment((await make_parties()).buyer)
    for wrong in (file.id, strange.id):
        with pytest.raises(NotFound):
            await say(parties.buyer, order, "again", (wrong,))
    assert await Message.all().count() == 1


async def make_actor_beside(actor: Actor) -> Actor:
    """A colleague with the same roles."""
    return await make_actor(await Company.named(actor.home), *actor.roles)
