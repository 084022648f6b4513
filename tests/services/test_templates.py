"""Templates and orders made again: today's prices, what is gone is named, nobody else hears of it."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from models import Address, Company, Order, OrderTemplate, OrderTemplateLine, Product
from rules.money import Currency
from rules.people import CompanyKind, CompanyStatus, Role
from rules.problems import KeyReused, NotAllowed, NotFound, StaleVersion
from rules.reordering import LeftOutReason
from services.addresses import AddressWish, remove_address, update_address
from services.catalogue import Revision, update_product
from services.companies import suspend_company
from services.drafting import LineWish, OrderWish, update_draft
from services.reordering import create_order_from_template, left_out_of, order_again
from services.templates import (
    TemplateLine,
    create_order_template,
    remove_order_template,
    save_order_as_template,
    update_order_template,
)
from tests.address_makers import make_address, make_destination
from tests.makers import make_actor, make_company, make_key, make_platform
from tests.order_makers import Parties, lines_of, make_goods, make_order, make_parties, make_placed_order
from tests.statements import counting


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def make_template(parties: Parties, *goods: Product, name: str = "Monthly") -> OrderTemplate:
    """A template of ten of each."""
    lines = [TemplateLine(one.id, Decimal(10), "A2-70") for one in goods]
    return await create_order_template(parties.buyer, name, parties.supplier.home, lines, idempotency_key=make_key())


async def revised(parties: Parties, goods: Product, **facts: Any) -> None:
    """The supplier says this anew of its product."""
    await update_product(parties.supplier, goods.id, goods.version, Revision(**facts))


async def articles(template: OrderTemplate) -> list[tuple[str, Decimal]]:
    """What is on it."""
    return [(line.sku, line.quantity) for line in await OrderTemplateLine.of(template.id)]


async def test_a_template_is_made_changed_and_removed(parties: Parties) -> None:
    bolt, nut = [await make_goods(parties.supplier) for _ in range(2)]
    template = await make_template(parties, bolt)
    assert await articles(template) == [(bolt.sku, Decimal(10))]
    lines = [TemplateLine(nut.id, Decimal(5)), TemplateLine(bolt.id, Decimal("2.5"))]
    changed = await update_order_template(parties.buyer, template.id, template.version, "Weekly", lines)
    assert (changed.name, changed.version) == ("Weekly", template.version + 1)
    assert await articles(changed) == [(nut.sku, Decimal(5)), (bolt.sku, Decimal("2.5"))]
    renamed = await update_order_template(parties.buyer, template.id, changed.version, "Daily", None)
    assert len(await articles(renamed)) == 2
    with pytest.raises(StaleVersion):
        await remove_order_template(parties.buyer, template.id, changed.version)
    await remove_order_template(parties.buyer, template.id, renamed.version)
    assert not await OrderTemplate.visible_to(parties.buyer).exists()
    with pytest.raises(NotFound):
        await create_order_from_template(parties.buyer, template.id, None, idempotency_key=make_key())


async def test_what_the_supplier_does_not_offer_cannot_be_on_a_template(parties: Parties) -> None:
    """Neither another supplier's goods nor what was withdrawn; the template stays as it was."""
    bolt, foreign = await make_goods(parties.supplier), await make_goods((await make_parties()).supplier)
    template = await make_template(parties, bolt)
    with pytest.raises(NotFound):
        await make_template(parties, bolt, foreign)
    lines = [TemplateLine(foreign.id, Decimal(1))]
    with pytest.raises(NotFound):
        await update_order_template(parties.buyer, template.id, template.version, "x", lines)
    [kept] = await OrderTemplate.visible_to(parties.buyer)
    assert (kept.name, kept.version, await articles(kept)) == ("Monthly", 1, [(bolt.sku, Decimal(10))])


async def test_a_template_is_its_company_s_requesters_alone(parties: Parties) -> None:
    """The supplier and another buyer learn nothing of it; a colleague who does not order reads it."""
    template = await make_template(parties, await make_goods(parties.supplier))
    stranger = await make_actor(await make_company(CompanyKind.BUYER), Role.REQUESTER)
    viewer = await make_actor(await Company.named(parties.buyer.home), Role.VIEWER)
    for other in (stranger, parties.supplier):
        assert not await OrderTemplate.visible_to(other).exists()
        with pytest.raises(NotFound):
            await update_order_template(other, template.id, template.version, "mine", None)
        with pytest.raises(NotFound):
            await create_order_from_template(other, template.id, None, idempotency_key=make_key())
    with pytest.raises(NotAllowed):
        await remove_order_template(viewer, template.id, template.version)
    assert await OrderTemplate.visible_to(viewer).count() == 1


async def test_an_order_from_a_template_has_today_s_prices_and_names_what_is_gone(parties: Parties) -> None:
    bolt, gone, dear = [await make_goods(parties.supplier) for _ in range(3)]
    template = await make_template(parties, gone, bolt, dear)
    await revised(parties, bolt, list_price=Decimal("0.55"))
    await revised(parties, gone, is_active=False)
    await revised(parties, dear, currency=Currency.USD)
    order = await create_order_from_template(parties.buyer, template.id, None, idempotency_key=make_key())
    [line] = await lines_of(order)
    assert (line.sku, line.quantity, line.list_price) == (bolt.sku, Decimal(10), Decimal("0.55"))
    assert (line.quality_requirement, order.estimated_total) == ("A2-70", Decimal("6.22"))
    told = [(one.sku, one.name_zh, Decimal(one.quantity), one.reason) for one in await left_out_of(order)]
    assert told == [
        (gone.sku, gone.name_zh, Decimal(10), LeftOutReason.NOT_OFFERED),
        (dear.sku, dear.name_zh, Decimal(10), LeftOutReason.OTHER_CURRENCY),
    ]


async def test_an_order_made_again_goes_where_the_first_went_and_is_a_draft(parties: Parties) -> None:
    bolt = await make_goods(parties.supplier)
    first = await make_placed_order(
        parties, ("1000",), goods=[bolt], delivery_place="Gate 7", quality_requirement="A4-80"
    )
    await make_order(parties, ("5",), delivery_place="Gate 8")
    again = await order_again(parties.buyer, first.id, None, idempotency_key=make_key())
    assert again.id != first.id
    assert (again.delivery_place, again.quality_requirement, again.requested_on) == ("Gate 7", "A4-80", None)
    assert [(line.sku, line.quantity) for line in await lines_of(again)] == [(bolt.sku, Decimal(1000))]
    assert await left_out_of(again) == []
    assert not await Order.visible_to(parties.supplier).filter(id=again.id).exists()


async def test_only_a_buyer_orders_its_own_order_again_or_keeps_it_as_a_template(parties: Parties) -> None:
    """The supplier sees the order, and yet buys nothing by it."""
    order = await make_placed_order(parties)
    stranger = await make_actor(await make_company(CompanyKind.BUYER), Role.REQUESTER)
    for other in (stranger, parties.supplier):
        with pytest.raises(NotFound):
            await order_again(other, order.id, None, idempotency_key=make_key())
        with pytest.raises(NotFound):
            await save_order_as_template(other, order.id, "x", idempotency_key=make_key())
    template = await save_order_as_template(parties.buyer, order.id, "x", idempotency_key=make_key())
    assert await articles(template) == [(line.sku, line.quantity) for line in await lines_of(order)]


async def test_a_repeated_request_makes_one_draft_and_tells_the_same(parties: Parties) -> None:
    """Ten at once, and once more when the draft was changed and the goods are back."""
    bolt, gone = [await make_goods(parties.supplier) for _ in range(2)]
    template, key = await make_template(parties, bolt, gone), make_key()
    await revised(parties, gone, is_active=False)

    async def asked() -> Order:
        return await create_order_from_template(parties.buyer, template.id, None, idempotency_key=key)

    made = await asyncio.gather(*(asked() for _ in range(10)))
    assert len({order.id for order in made}) == 1
    told = await left_out_of(made[0])
    await update_draft(parties.buyer, made[0].id, made[0].version, OrderWish(lines=()))
    assert await left_out_of(await asked()) == told
    assert [one.sku for one in told] == [gone.sku]
    with pytest.raises(KeyReused):
        await order_again(parties.buyer, made[0].id, None, idempotency_key=key)


async def test_a_supplier_that_was_shut_out_takes_no_orders_again(parties: Parties) -> None:
    order = await make_placed_order(parties)
    supplier = await Company.named(parties.supplier.home)
    supplier = await suspend_company(await make_platform(), supplier.id, supplier.version, "x")
    assert supplier.status is CompanyStatus.SUSPENDED
    with pytest.raises(NotFound):
        await order_again(parties.buyer, order.id, None, idempotency_key=make_key())


async def test_a_hundred_lines_take_as_many_statements_as_two(parties: Parties) -> None:
    bolt, nut = [await make_goods(parties.supplier) for _ in range(2)]
    few, many = await make_template(parties, bolt, nut), await make_template(parties, *[bolt, nut] * 50)

    async def statements(template: OrderTemplate) -> int:
        async with counting() as sent:
            await create_order_from_template(parties.buyer, template.id, None, idempotency_key=make_key())
        return len(sent)

    await statements(few)
    assert await statements(few) == await statements(many)


async def test_lines_go_where_they_went_and_a_template_s_where_the_book_says_now(parties: Parties) -> None:
    goods = [await make_goods(parties.supplier) for _ in range(3)]
    gate, gone = [await make_address(parties.buyer, label=label, street=f"{label}路3号") for label in ("东", "西")]
    wishes = tuple(
        LineWish(one.id, Decimal(5), delivery_address_id=entry.id if entry else None)
        for one, entry in zip(goods, (gate, gone, None), strict=True)
    )
    order = await make_order(parties, ())
    order = await update_draft(parties.buyer, order.id, order.version, OrderWish(lines=wishes))
    template = await save_order_as_template(parties.buyer, order.id, "Three", idempotency_key=make_key())
    moved = AddressWish("东", make_destination(street="新路9号"))
    await update_address(parties.buyer, gate.id, gate.version, moved)
    await remove_address(parties.buyer, gone.id, gone.version)

    again = await order_again(parties.buyer, order.id, None, idempotency_key=make_key())
    then = [(line.delivery_place, line.delivery_address, line.delivery_entry_id) for line in await lines_of(order)]
    now = [(line.delivery_place, line.delivery_address, line.delivery_entry_id) for line in await lines_of(again)]
    assert now == then
    assert [place and place[7:11] for place, _, _ in then] == ["东路3号", "西路3号", None]

    order = await create_order_from_template(parties.buyer, template.id, None, idempotency_key=make_key())
    assert [line.delivery_place and line.delivery_place[7:11] for line in await lines_of(order)] == [
        "新路9号",
        None,
        None,
    ]


async def test_a_template_takes_addresses_of_one_s_own_book_alone(parties: Parties) -> None:
    goods, stranger = await make_goods(parties.supplier), await make_parties()
    ours, theirs = await make_address(parties.buyer), await make_address(stranger.buyer)

    async def made(address: Address) -> OrderTemplate:
        lines = [TemplateLine(goods.id, Decimal(5), None, address.id)]
        return await create_order_template(
            parties.buyer, "One", parties.supplier.home, lines, idempotency_key=make_key()
        )

    [line] = await OrderTemplateLine.of((await made(ours)).id)
    assert line.delivery_entry_id == ours.id
    with pytest.raises(NotFound):
        await made(theirs)
