"""A supplier keeps price lists and grades of customers: who may, for whom, in as many statements however long, and told to nobody else."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models import CustomerGrade, Event, GradedCustomer, PriceList, PriceListItem, pricing
from models.base import new_id
from models.database import pool
from rules.events import EventKind
from rules.money import Currency
from rules.people import COMPANY_ROLES, Actor, CompanyKind, Role
from rules.pricing.price_lists import Audience
from rules.problems import Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion
from services import clock, price_lists
from services.price_lists import (
    archive_price_list,
    assign_customer_grade,
    create_customer_grade,
    set_price_list_items,
    update_customer_grade,
    update_price_list,
)
from tests.makers import make_actor, make_company, make_key
from tests.order_makers import Parties, make_goods, make_parties, make_placed_order
from tests.price_makers import make_grade, make_price_list, prices_of
from tests.statements import counting

TODAY = clock.today("Asia/Shanghai")


@pytest.fixture
async def parties(database: str) -> Parties:
    """A supplier and a buyer who has ordered from it before."""
    parties = await make_parties()
    await make_placed_order(parties)
    return parties


@pytest.mark.parametrize("role", sorted(COMPANY_ROLES))
async def test_administrators_and_sales_keep_them_and_nobody_else(database: str, role: Role) -> None:
    actor = await make_actor(await make_company(CompanyKind.SUPPLIER), role)
    if role in (Role.ADMIN, Role.SALES):
        assert (await make_price_list(actor)).version == 1
        assert (await make_grade(actor)).version == 1
    else:
        for make in (make_price_list, make_grade):
            with pytest.raises(NotAllowed):
                await make(actor)


async def test_who_does_not_supply_has_none(database: str) -> None:
    actor = await make_actor(await make_company(CompanyKind.BUYER), Role.ADMIN)
    for make in (make_price_list, make_grade):
        with pytest.raises(NotAllowed):
            await make(actor)


async def test_a_name_is_one_grade_s_of_a_supplier_and_may_be_another_supplier_s(parties: Parties) -> None:
    first, second = await make_grade(parties.supplier, name="A"), await make_grade(parties.supplier, name="B")
    with pytest.raises(Conflict):
        await make_grade(parties.supplier, name="A")
    with pytest.raises(Conflict):
        await update_customer_grade(parties.supplier, second.id, second.version, "A")
    with pytest.raises(StaleVersion):
        await update_customer_grade(parties.supplier, first.id, 0, "C")
    assert (await update_customer_grade(parties.supplier, first.id, first.version, "C")).name == "C"
    assert (await make_grade((await make_parties()).supplier, name="B")).name == "B"


async def test_a_customer_is_at_one_grade_at_most_and_each_coming_and_going_is_told_once(parties: Parties) -> None:
    buyer = parties.buyer.home
    first, second = await make_grade(parties.supplier, buyer), await make_grade(parties.supplier)
    await assign_customer_grade(parties.supplier, buyer, second.id)
    await assign_customer_grade(parties.supplier, buyer, second.id)
    assert [row.grade_id for row in await GradedCustomer.all()] == [second.id]
    assert await assign_customer_grade(parties.supplier, buyer, None) is None
    assert await assign_customer_grade(parties.supplier, buyer, None) is None
    assert await GradedCustomer.all() == []
    for grade, versions in ((first, [1, 2, 3]), (second, [1, 2, 3])):
        events = await Event.filter(stream=grade.id).order_by("seq")
        assert [event.seq for event in events] == versions
        assert {reader for event in events for reader in event.readers} == {parties.supplier.home}
        assert events[-1].body == {"action": "assign_customer_grade", "customerId": str(buyer)}


async def test_only_a_company_that_one_has_met_and_that_buys_is_a_customer(parties: Parties) -> None:
    stranger, rival = await make_parties(), await make_company(CompanyKind.SUPPLIER)
    grade = await make_grade(parties.supplier)
    for customer, refusal in (
        (stranger.buyer.home, NotFound),
        (new_id(), NotFound),
        (rival.id, InvalidInput),
        (parties.supplier.home, InvalidInput),
    ):
        with pytest.raises(refusal):
            await assign_customer_grade(parties.supplier, customer, grade.id)
        with pytest.raises(refusal):
            await make_price_list(parties.supplier, customer_id=customer)


async def test_a_list_is_for_a_customer_a_grade_or_everyone_and_not_for_two_of_them(parties: Parties) -> None:
    buyer, grade = parties.buyer.home, await make_grade(parties.supplier)
    assert (await make_price_list(parties.supplier)).audience is Audience.EVERYONE
    assert (await make_price_list(parties.supplier, customer_id=buyer)).audience is Audience.CUSTOMER
    assert (await make_price_list(parties.supplier, grade_id=grade.id)).audience is Audience.GRADE
    with pytest.raises(InvalidInput, match="not both"):
        await make_price_list(parties.supplier, customer_id=buyer, grade_id=grade.id)
    with pytest.raises(NotFound):
        await make_price_list(parties.supplier, grade_id=(await make_grade((await make_parties()).supplier)).id)


async def test_the_last_day_is_not_before_the_first(parties: Parties) -> None:
    assert await make_price_list(parties.supplier, valid_from=TODAY, valid_to=TODAY)
    listed = await make_price_list(parties.supplier)
    with pytest.raises(InvalidInput, match="validTo"):
        await make_price_list(parties.supplier, valid_from=TODAY, valid_to=TODAY - timedelta(days=1))
    with pytest.raises(InvalidInput, match="validTo"):
        await update_price_list(parties.supplier, listed.id, 1, "x", TODAY, TODAY - timedelta(days=1))


async def test_prices_of_named_products_are_replaced_and_the_others_stay(parties: Parties) -> None:
    first, second = [await make_goods(parties.supplier) for _ in range(2)]
    listed = await make_price_list(parties.supplier, first, {"1": "0.30", "100": "0.25"})
    listed = await set_price_list_items(
        parties.supplier, listed.id, listed.version, [prices_of(second, {"10": "0.20"})]
    )
    assert await on(listed) == {(first.id, "1", "0.3"), (first.id, "100", "0.25"), (second.id, "10", "0.2")}
    said = [prices_of(first, {"5": "0.28"}), prices_of(second, {})]
    listed = await set_price_list_items(parties.supplier, listed.id, listed.version, said)
    assert await on(listed) == {(first.id, "5", "0.28")}
    events = await Event.filter(stream=listed.id, kind=EventKind.PRICE_LIST_CHANGED).order_by("seq")
    assert [event.body.get("productCount") for event in events] == [None, 1, 1, 2]
    assert [event.readers for event in events] == [[parties.supplier.home]] * 4


async def on(listed: PriceList) -> set[tuple[Any, str, str]]:
    """What stands on the list."""
    rows = await PriceListItem.filter(price_list_id=listed.id)
    return {
        (row.product_id, f"{row.minimum_quantity.normalize():f}", f"{row.unit_price.normalize():f}") for row in rows
    }


async def test_wrong_prices_are_named_and_nothing_is_changed(parties: Parties) -> None:
    goods, dollars = await make_goods(parties.supplier), await make_goods(parties.supplier, currency=Currency.USD)
    listed = await make_price_list(parties.supplier, goods)
    foreign = await make_goods((await make_parties()).supplier)
    wrong = [
        ([prices_of(goods, {}), prices_of(goods, {})], InvalidInput, r"prices\[1\]\.productId: names a product twice"),
        ([prices_of(dollars, {"1": "1"})], InvalidInput, "another currency than the list"),
        ([prices_of(goods, {"1": "1", "1.0": "2"})], InvalidInput, r"breaks\[1\]\.minimumQuantity: names 1 twice"),
        ([prices_of(goods, {}), prices_of(foreign, {"1": "1"})], NotFound, "no Product"),
    ]
    for prices, refusal, words in wrong:
        with pytest.raises(refusal, match=words):
            await set_price_list_items(parties.supplier, listed.id, listed.version, prices)
    assert await on(listed) == {(goods.id, "1", "0.3")}


async def test_a_list_has_an_end_to_its_length(parties: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    goods = await make_goods(parties.supplier)
    listed = await make_price_list(parties.supplier)
    monkeypatch.setattr(price_lists, "MOST_PRICES", 2)
    three = prices_of(goods, {"1": "3", "2": "2", "3": "1"})
    with pytest.raises(InvalidInput, match="longer than 2"):
        await set_price_list_items(parties.supplier, listed.id, listed.version, [three])
    two = prices_of(goods, {"1": "3", "2": "2"})
    await set_price_list_items(parties.supplier, listed.id, listed.version, [two])
    assert len(await on(listed)) == 2


async def test_thousands_of_prices_take_as_many_statements_as_two(parties: Parties) -> None:
    goods = [await make_goods(parties.supplier) for _ in range(2)]
    for _ in range(10):
        goods += [await make_goods(parties.supplier)]
    counts = []
    for some in (goods[:2], goods):
        listed = await make_price_list(parties.supplier)
        said = [prices_of(one, {str(many): "0.10" for many in range(1, 101)}) for one in some]
        async with counting() as sent:
            await set_price_list_items(parties.supplier, listed.id, listed.version, said)
        counts.append(len(sent))
    assert counts[0] == counts[1]


async def test_others_have_their_turn_while_thousands_of_prices_are_made_ready(
    parties: Parties, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of tens of thousands nobody would be answered for a second."""
    listed, goods = await make_price_list(parties.supplier), await make_goods(parties.supplier)
    made = [0]

    def counted() -> UUID:
        made[-1] += 1
        return new_id()

    async def others() -> None:
        while True:
            made.append(0)
            await asyncio.sleep(0)

    monkeypatch.setattr(pricing, "new_id", counted)
    monkeypatch.setattr(pricing, "AT_ONCE", 100)
    said = prices_of(goods, {str(many): f"0.{many}" for many in range(1, 1001)})
    waiting = asyncio.create_task(others())
    await set_price_list_items(parties.supplier, listed.id, listed.version, [said])
    waiting.cancel()
    assert (sum(made), max(made)) == (1000, 100)
    rows = await PriceListItem.filter(price_list_id=listed.id)
    assert {(row.minimum_quantity, row.unit_price) for row in rows} == {
        (at.minimum_quantity, at.unit_price) for at in said.breaks
    }
    assert {row.product_id for row in rows} == {goods.id}


async def test_what_is_archived_stays_as_it_is(parties: Parties) -> None:
    listed = await make_price_list(parties.supplier, await make_goods(parties.supplier))
    listed = await archive_price_list(parties.supplier, listed.id, listed.version)
    assert listed.archived_at is not None
    steps: tuple[Awaitable[object], ...] = (
        archive_price_list(parties.supplier, listed.id, listed.version),
        update_price_list(parties.supplier, listed.id, listed.version, "x", TODAY, None),
        set_price_list_items(parties.supplier, listed.id, listed.version, []),
    )
    for step in steps:
        with pytest.raises(InvalidInput, match="archived"):
            await step


async def test_who_has_read_an_older_version_is_refused(parties: Parties) -> None:
    listed = await make_price_list(parties.supplier)
    await update_price_list(parties.supplier, listed.id, 1, "new", TODAY, None)
    with pytest.raises(StaleVersion) as refused:
        await archive_price_list(parties.supplier, listed.id, 1)
    assert refused.value.current_version == 2


async def test_another_supplier_s_list_and_grade_look_like_missing_ones(parties: Parties) -> None:
    rival = (await make_parties()).supplier
    listed, grade = await make_price_list(parties.supplier), await make_grade(parties.supplier)
    for list_id, grade_id in ((listed.id, grade.id), (new_id(), new_id())):
        steps: tuple[Awaitable[object], ...] = (
            update_price_list(rival, list_id, 1, "x", TODAY, None),
            archive_price_list(rival, list_id, 1),
            set_price_list_items(rival, list_id, 1, []),
            update_customer_grade(rival, grade_id, 1, "x"),
        )
        for step in steps:
            with pytest.raises(NotFound):
                await step


async def test_nobody_but_the_supplier_s_people_sees_any_of_it(parties: Parties) -> None:
    await make_grade(parties.supplier, parties.buyer.home)
    await make_price_list(parties.supplier, await make_goods(parties.supplier))
    viewer = await make_actor(await make_company(CompanyKind.SUPPLIER), Role.SALES)
    for model in (PriceList, PriceListItem, CustomerGrade, GradedCustomer):
        assert await model.visible_to(parties.supplier).count() == 1
        for other in (parties.buyer, viewer, Actor.anonymous()):
            assert await model.visible_to(other).count() == 0


async def test_the_same_key_gives_the_same_grade(parties: Parties) -> None:
    key = make_key()
    first = await create_customer_grade(parties.supplier, "A", idempotency_key=key)
    assert (await create_customer_grade(parties.supplier, "A", idempotency_key=key)).id == first.id


async def test_the_database_itself_keeps_lists_as_they_were_meant(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    listed = await make_price_list(parties.supplier, goods)
    for change, refusal in (
        ("UPDATE price_list SET audience = 'CUSTOMER'", asyncpg.RestrictViolationError),
        ("UPDATE price_list SET currency = 'USD'", asyncpg.RestrictViolationError),
        ("DELETE FROM price_list", asyncpg.RestrictViolationError),
        ("UPDATE price_list SET valid_to = valid_from - 1", asyncpg.CheckViolationError),
        ("UPDATE price_list_item SET minimum_quantity = 0", asyncpg.CheckViolationError),
        ("UPDATE price_list_item SET unit_price = -1", asyncpg.CheckViolationError),
    ):
        with pytest.raises(refusal):
            await pool().execute(change)
    assert await on(listed) == {(goods.id, "1", "0.3")}
