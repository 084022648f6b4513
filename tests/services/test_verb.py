"""Scenario 6: whatever is sent twice, or ten times at once, happens once."""

import asyncio
from decimal import Decimal

import pytest

from models import IdempotencyKey, Order
from rules.people import Actor
from rules.problems import KeyReused, NotAllowed, NotFound, Unauthenticated
from services import verb
from services.drafting import LineWish, OrderWish, create_order
from tests.makers import make_actor, make_company, make_key
from tests.order_makers import Parties, make_goods, make_parties


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_ten_clicks_with_one_key_make_one_order_and_get_ten_equal_answers(parties: Parties) -> None:
    """The double click ×10."""
    goods, key = await make_goods(parties.supplier), make_key()
    wish = OrderWish(lines=(LineWish(goods.id, Decimal(5)),))

    async def click() -> Order:
        return await create_order(parties.buyer, parties.supplier.home, wish, idempotency_key=key)

    answers = await asyncio.gather(*(click() for _ in range(10)))
    assert len({(order.id, order.number, order.version) for order in answers}) == 1
    assert await Order.all().count() == 1


async def test_the_same_key_for_another_request_is_refused_and_changes_nothing(parties: Parties) -> None:
    """Same key, other body."""
    goods, key = await make_goods(parties.supplier), make_key()
    await create_order(parties.buyer, parties.supplier.home, OrderWish(), idempotency_key=key)
    other = OrderWish(lines=(LineWish(goods.id, Decimal(6)),))
    with pytest.raises(KeyReused):
        await create_order(parties.buyer, parties.supplier.home, other, idempotency_key=key)
    assert await Order.all().count() == 1


async def test_a_key_belongs_to_its_caller(parties: Parties) -> None:
    """What others chose as a key is nobody's business."""
    stranger, key = (await make_parties()).buyer, make_key()
    mine = await create_order(parties.buyer, parties.supplier.home, OrderWish(), idempotency_key=key)
    theirs = await create_order(stranger, parties.supplier.home, OrderWish(), idempotency_key=key)
    assert mine.id != theirs.id


async def test_a_refused_request_leaves_its_key_free(parties: Parties) -> None:
    """The key is remembered with the effect, or not at all."""
    goods, key = await make_goods(parties.supplier), make_key()
    wish = OrderWish(lines=(LineWish(goods.id, Decimal(-1)),))
    with pytest.raises(Exception, match="greater than zero"):
        await create_order(parties.buyer, parties.supplier.home, wish, idempotency_key=key)
    assert not await IdempotencyKey.filter(key=key).exists()


async def test_who_has_not_the_role_is_told_which_would_do(parties: Parties) -> None:
    """A missing role, and no sign-in at all."""
    viewer = await make_actor(await make_company())
    with pytest.raises(NotAllowed) as refused:
        await create_order(viewer, parties.supplier.home, OrderWish(), idempotency_key=make_key())
    assert refused.value.needs == ("REQUESTER",)
    with pytest.raises(Unauthenticated):
        await create_order(Actor.anonymous(), parties.supplier.home, OrderWish(), idempotency_key=make_key())


async def test_word_is_given_after_the_commit_and_only_then(parties: Parties) -> None:
    """A listener that looks at once finds the row; a refusal is no news."""
    seen: list[int] = []

    async def look() -> None:
        seen.append(await Order.all().count())

    verb.after_commit.append(look)
    try:
        await create_order(parties.buyer, parties.supplier.home, OrderWish(), idempotency_key=make_key())
        with pytest.raises(NotFound):
            await create_order(parties.buyer, parties.buyer.home, OrderWish(), idempotency_key=make_key())
    finally:
        verb.after_commit.remove(look)
    assert seen == [1]
