"""Drafts: what is filled in by itself, what the buyer is told, what is refused; nobody else knows of them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from models import Event, Order, OrderLine, Product
from rules.hints import HintCode
from rules.lifecycle import OrderStatus
from rules.money import Currency
from rules.people import Actor, CompanyKind, Scope
from rules.problems import InvalidInput, NotFound, StaleVersion, WrongStatus
from services import clock
from services.closing import cancel_order
from services.drafting import LineWish, OrderWish, create_order, update_draft
from services.submitting import hints_for, submit_order
from tests.makers import make_key
from tests.order_makers import EVERYDAY, Parties, fresh, make_goods, make_order, make_parties


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def draft(parties: Parties, **wish: object) -> Order:
    """A draft with nothing but these wishes."""
    return await create_order(
        parties.buyer,
        parties.supplier.home,
        OrderWish(**wish),  # type: ignore[arg-type]
        idempotency_key=make_key(),
    )


async def test_a_first_order_is_filled_from_the_company_and_the_next_from_the_last(parties: Parties) -> None:
    """R8: place and zone of the company, then place and quality of the last order with the same supplier."""
    first = await draft(parties)
    assert (first.delivery_place, first.delivery_zone) == ("上海市浦东新区世纪大道1号", "Asia/Shanghai")
    first = await update_draft(
        parties.buyer, first.id, first.version, OrderWish(delivery_place="Gate 7", quality_requirement="A2-70")
    )
    second = await draft(parties)
    assert (second.delivery_place, second.quality_requirement) == ("Gate 7", "A2-70")


async def test_an_empty_draft_says_what_is_missing_and_cannot_be_submitted(parties: Parties) -> None:
    """R9: every blocking hint is a fault of the submission, named at once."""
    order = await draft(parties)
    codes = {hint.code for hint in await hints_for(order)}
    assert codes == {HintCode.LINES_MISSING, HintCode.DATE_MISSING} or codes == {HintCode.LINES_MISSING}
    with pytest.raises(InvalidInput) as refused:
        await submit_order(parties.buyer, order.id, order.version)
    assert "lines" in {fault.path for fault in refused.value.faults}
    assert (await fresh(order)).status is OrderStatus.DRAFT


async def test_quantities_keep_to_minimum_and_step_with_the_next_right_one_suggested(parties: Parties) -> None:
    """MOQ 100, step 50: 120 → 150."""
    goods = await make_goods(parties.supplier, minimum_quantity=Decimal(100), quantity_step=Decimal(50))
    order = await make_order(parties, ("120",), goods=[goods])
    [hint] = [hint for hint in await hints_for(order) if hint.is_blocking]
    assert (hint.code, hint.field, hint.suggestion) == (HintCode.QUANTITY_WRONG, "lines[0].quantity", "150")
    with pytest.raises(InvalidInput):
        await submit_order(parties.buyer, order.id, order.version)
    mended = OrderWish(lines=(LineWish(goods.id, Decimal(150)),))
    order = await update_draft(parties.buyer, order.id, order.version, mended)
    assert (await submit_order(parties.buyer, order.id, order.version)).status is OrderStatus.PENDING_SUPPLIER


async def test_a_date_is_judged_at_the_delivery_place(parties: Parties) -> None:
    """At 23:30 in Shanghai it is still the day before in Los Angeles."""
    with clock.held_at("2026-11-30T17:00:00Z"):
        day = clock.today("America/Los_Angeles")
        order = await make_order(parties, ("5",), requested_on=day, delivery_zone="America/Los_Angeles")
        assert not [hint for hint in await hints_for(order) if hint.is_blocking]
        there = await update_draft(parties.buyer, order.id, order.version, OrderWish(delivery_zone="Asia/Shanghai"))
        assert HintCode.DATE_PAST in {hint.code for hint in await hints_for(there)}
        with pytest.raises(InvalidInput, match="requestedOn"):
            await submit_order(parties.buyer, order.id, there.version)


async def test_short_stock_is_told_and_does_not_hinder(parties: Parties) -> None:
    """A hint that is not blocking."""
    goods = await make_goods(parties.supplier, stock_on_hand=Decimal(3))
    order = await make_order(parties, ("5",), goods=[goods])
    assert HintCode.STOCK_SHORT in {hint.code for hint in await hints_for(order)}
    assert (await submit_order(parties.buyer, order.id, order.version)).status is OrderStatus.PENDING_SUPPLIER


async def test_a_draft_is_its_buyers_alone(parties: Parties) -> None:
    """The supplier's answer is that of a missing id; the draft's events name one reader."""
    order = await make_order(parties)
    with pytest.raises(NotFound):
        await cancel_order(Actor(**{**vars(parties.supplier), "roles": EVERYDAY}), order.id, order.version, "x")
    assert [event.readers for event in await Event.filter(stream=order.id)] == [[order.buyer_id]]


async def test_the_catalogues_description_is_kept_as_it_was(parties: Parties) -> None:
    """A price changed later changes no line."""
    goods = await make_goods(parties.supplier)
    order = await make_order(parties, ("5",), goods=[goods])
    await Product.filter(id=goods.id).update(list_price=Decimal(9))
    [line] = await OrderLine.of(order.id)
    assert (line.list_price, line.sku, order.estimated_total) == (Decimal("0.40"), goods.sku, Decimal("2.26"))


async def test_strangers_goods_strange_zones_and_mixed_currencies_are_refused(parties: Parties) -> None:
    """Each names what is wrong; nothing is kept."""
    other = await make_goods((await make_parties()).supplier)
    dollars = await make_goods(parties.supplier, currency=Currency.USD)
    yuan = await make_goods(parties.supplier)
    with pytest.raises(NotFound, match="Product"):
        await draft(parties, lines=(LineWish(other.id, Decimal(1)),))
    with pytest.raises(InvalidInput, match="deliveryZone"):
        await draft(parties, delivery_zone="Mars/Olympus")
    with pytest.raises(InvalidInput, match="currency"):
        await draft(parties, lines=(LineWish(dollars.id, Decimal(1)), LineWish(yuan.id, Decimal(1))))
    assert await Order.all().count() == 0


async def test_nobody_orders_from_a_buyer_or_from_oneself(parties: Parties) -> None:
    """A company that does not supply looks like none; one's own is refused with a reason."""
    other_buyer = (await make_parties()).buyer
    with pytest.raises(NotFound):
        await create_order(parties.buyer, other_buyer.home, OrderWish(), idempotency_key=make_key())
    with pytest.raises(NotFound):
        await create_order(parties.buyer, parties.buyer.home, OrderWish(), idempotency_key=make_key())


async def test_two_editors_cannot_overwrite_each_other(parties: Parties) -> None:
    """The second learns the current version."""
    order = await make_order(parties)
    await update_draft(parties.buyer, order.id, order.version, OrderWish(delivery_place="A"))
    with pytest.raises(StaleVersion) as refused:
        await update_draft(parties.buyer, order.id, order.version, OrderWish(delivery_place="B"))
    assert refused.value.current_version == order.version + 1
    assert (await fresh(order)).delivery_place == "A"


async def test_a_submitted_order_is_no_draft(parties: Parties) -> None:
    """It can be cancelled, not edited."""
    order = await make_order(parties)
    order = await submit_order(parties.buyer, order.id, order.version)
    with pytest.raises(WrongStatus) as refused:
        await update_draft(parties.buyer, order.id, order.version, OrderWish(delivery_place="A"))
    assert refused.value.allowed_in == ("DRAFT",)


async def test_a_machine_orders_in_the_name_of_who_made_its_key(parties: Parties) -> None:
    """And that member, not the machine, is the one who may not approve the order."""
    assert parties.buyer.member is not None
    machine = Actor(
        company=parties.buyer.company,
        kind=CompanyKind.BUYER,
        scopes=frozenset({Scope.READ, Scope.ORDERS}),
        name="ERP",
        sponsor=parties.buyer.member,
    )
    order = await make_order(Parties(machine, parties.supplier))
    assert order.requester_id == parties.buyer.member
    assert order.created_at <= clock.now() + timedelta(seconds=1)
