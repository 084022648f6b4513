"""What promotions do to estimates and quotations, and how often: held from the offer on, given back when it comes to nothing."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from models import Order, Promotion, PromotionUse, QuotationAllowance, QuotationLine
from models.base import new_id
from rules.people import Actor
from rules.problems import InvalidInput, NotFound
from rules.terms import RejectionReason
from services import clock
from services.closing import cancel_order, reject_order
from services.contracting import refuse_contract
from services.price_lists import AudienceWish
from services.promotions import PromotedProduct, end_promotion
from services.quoting import (
    LineCounter,
    accept_quotation,
    counter_quotation,
    decline_quotation,
    withdraw_quotation,
)
from services.sweeping import sweep
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_goods,
    make_order,
    make_parties,
    make_placed_order,
    make_quotation,
    make_signed,
)
from tests.price_makers import make_grade, make_price_list, make_promotion, make_proposed_quotation
from tests.races import at_once
from tests.statements import counting

TODAY = clock.today("Asia/Shanghai")


@pytest.fixture
async def parties(database: str) -> Parties:
    """A supplier and a buyer who has ordered from it before."""
    parties = await make_parties()
    await make_placed_order(parties)
    return parties


async def estimate(parties: Parties, quantity: str = "100", **facts: Any) -> D:
    """What a new draft of so many at 0.40 and 13 % is expected to cost."""
    total: D = (await make_order(parties, (quantity,), **facts)).estimated_total
    return total


async def uses(promotion: Promotion) -> int:
    """How many orders hold it, by its count and by its entries, which say the same."""
    found = await Promotion.get(id=promotion.id)
    assert found.used == await PromotionUse.filter(promotion_id=promotion.id).count()
    return found.used


async def test_a_draft_expects_what_is_open_to_its_buyer(parties: Parties) -> None:
    other = Parties((await make_parties()).buyer, parties.supplier)
    await make_placed_order(other)
    grade = await make_grade(parties.supplier, other.buyer.home)
    await make_promotion(parties.supplier, to=AudienceWish(parties.buyer.home))
    assert (await estimate(parties), await estimate(other)) == (D("40.68"), D("45.20"))
    await make_promotion(parties.supplier, to=AudienceWish(None, grade.id), terms={"share": "0.5"})
    assert (await estimate(parties), await estimate(other)) == (D("40.68"), D("22.60"))


@pytest.mark.parametrize(("first", "last", "is_open"), [(0, 0, True), (1, None, False), (-9, -1, False)])
async def test_it_holds_from_its_first_day_to_its_last(
    parties: Parties, first: int, last: int | None, is_open: bool
) -> None:
    days = {"valid_from": TODAY + timedelta(days=first), "valid_to": last and TODAY + timedelta(days=last)}
    if last == 0:
        days["valid_to"] = TODAY
    await make_promotion(parties.supplier, **days)
    assert await estimate(parties) == (D("40.68") if is_open else D("45.20"))


async def test_what_was_ended_reduces_nothing(parties: Parties) -> None:
    made = await make_promotion(parties.supplier)
    await end_promotion(parties.supplier, made.id, made.version)
    assert await estimate(parties) == D("45.20")


async def test_a_quotation_has_it_as_an_allowance_under_its_name_and_keeps_why(parties: Parties) -> None:
    goods = [await make_goods(parties.supplier), await make_goods(parties.supplier, tax_rate=D("0.09"))]
    await make_price_list(parties.supplier, goods[0], {"1": "0.30"})
    promotion = await make_promotion(parties.supplier, "AMOUNT_OFF", terms={"amount": "7.00"})
    order = await make_placed_order(parties, ("100", "100"), goods=goods)
    quotation = await make_proposed_quotation(parties, order)
    allowances = await QuotationAllowance.of(quotation.id)
    assert [(one.reason, one.reason_code, one.tax_rate, one.net) for one in allowances] == [
        ("Autumn", "95", D("0.09"), D("-4.00")),
        ("Autumn", "95", D("0.13"), D("-3.00")),
    ]
    assert (quotation.net, quotation.total) == (D("63.00"), D("27.00") * D("1.13") + D("36.00") * D("1.09"))
    [line, _] = await QuotationLine.of(quotation.id)
    steps = (line.price_explanation or {})["steps"]
    assert [(step["policy"], step["after"]) for step in steps] == [
        ("LIST_PRICE", "40.00"),
        ("PRICE_LIST", "30.00"),
        ("AMOUNT_OFF", "27.00"),
    ]
    assert (steps[-1]["name"], steps[-1]["source"]) == ("Autumn", str(promotion.id))
    assert line.unit_price == D("0.30")


async def test_the_supplier_says_which_promotions_it_means(parties: Parties) -> None:
    first, second = [await make_promotion(parties.supplier) for _ in range(2)]
    for meant, net in ((None, "32.40"), ((), "40.00"), ((second.id,), "36.00"), ((first.id, second.id), "32.40")):
        order = await make_placed_order(parties, ("100",))
        quotation = await make_proposed_quotation(parties, order, promotions=meant)
        assert quotation.net == D(net)
    assert (await uses(first), await uses(second)) == (2, 3)


async def test_one_that_is_named_has_to_reduce_it_and_to_be_there(parties: Parties) -> None:
    order = await make_placed_order(parties, ("100",))
    dear = await make_promotion(parties.supplier, minimum_amount=D("40.01"))
    foreign = await make_promotion((await make_parties()).supplier)
    with pytest.raises(InvalidInput, match=r"promotionIds\[0\]: gives nothing on this order: BELOW_MINIMUM"):
        await make_proposed_quotation(parties, order, promotions=(dear.id,))
    for promotion_id in (foreign.id, new_id()):
        with pytest.raises(NotFound):
            await make_proposed_quotation(parties, order, promotions=(promotion_id,))
    assert await uses(dear) == 0


async def test_what_is_quoted_otherwise_is_what_it_is_taken_off(parties: Parties) -> None:
    await make_promotion(parties.supplier)
    quotation = await make_quotation(parties, await make_placed_order(parties, ("100",)), ("0.50",), freight="0")
    assert quotation.net == D("45.00")


async def test_a_part_of_it_takes_its_part_of_the_promotion(parties: Parties) -> None:
    await make_promotion(parties.supplier)
    order = await make_placed_order(parties, ("100",))
    quotation = await make_proposed_quotation(parties, order)
    [line] = await lines_of(order)
    version = (await fresh(order)).version
    order = await accept_quotation(parties.buyer, quotation.id, version, {line.id: D(50)})
    assert (await contract_of(order)).net == D("18.00")


async def quoted(parties: Parties) -> Any:
    """A placed order with an open quotation."""
    return await make_proposed_quotation(parties, await make_placed_order(parties, ("100",)))


async def now(quotation: Any, actor: Actor) -> tuple[Actor, Any, int]:
    """The actor, the quotation's order, and the version the actor has read."""
    order = await Order.get(id=quotation.order_id)
    return actor, order.id, order.version_for(actor)


async def accepted(parties: Parties, quotation: Any) -> Order:
    """The quotation taken as it is."""
    actor, _, version = await now(quotation, parties.buyer)
    return await accept_quotation(actor, quotation.id, version)


async def _withdraw(parties: Parties, quotation: Any) -> None:
    await withdraw_quotation(*await now(quotation, parties.supplier), "sorry")


async def _decline(parties: Parties, quotation: Any) -> None:
    await decline_quotation(*await now(quotation, parties.buyer), "too dear")


async def _cancel(parties: Parties, quotation: Any) -> None:
    await cancel_order(*await now(quotation, parties.buyer), "no need")


async def _counter(parties: Parties, quotation: Any) -> None:
    [line] = await QuotationLine.of(quotation.id)
    await counter_quotation(
        *await now(quotation, parties.buyer), (LineCounter(line.order_line_id, unit_price=D("0.1")),)
    )


async def _expire(parties: Parties, quotation: Any) -> None:
    with clock.held_at(quotation.valid_until):
        await sweep()


async def _refuse(parties: Parties, quotation: Any) -> None:
    await accepted(parties, quotation)
    await refuse_contract(*await now(quotation, parties.supplier), "not so")


@pytest.mark.parametrize("end", [_withdraw, _decline, _cancel, _counter, _expire, _refuse])
async def test_an_offer_that_comes_to_nothing_gives_it_back(
    parties: Parties, end: Callable[[Parties, Any], Awaitable[None]]
) -> None:
    promotion = await make_promotion(parties.supplier, max_uses=1)
    quotation = await quoted(parties)
    assert await uses(promotion) == 1
    await end(parties, quotation)
    assert await uses(promotion) == 0
    assert (await quoted(parties)).net == D("36.00")


async def test_a_contract_keeps_it(parties: Parties) -> None:
    promotion = await make_promotion(parties.supplier, max_uses=1)
    order = await accepted(parties, await quoted(parties))
    assert await uses(promotion) == 1
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    assert await uses(promotion) == 1
    assert (await quoted(parties)).net == D("40.00")


async def test_a_revision_takes_it_once(parties: Parties) -> None:
    promotion = await make_promotion(parties.supplier, max_uses=1)
    quotation = await quoted(parties)
    await _counter(parties, quotation)
    again = await make_proposed_quotation(parties, await Order.get(id=quotation.order_id))
    assert (again.net, await uses(promotion)) == (D("36.00"), 1)


@pytest.mark.parametrize("limit", ["max_uses", "max_uses_per_customer"])
async def test_of_several_offers_at_once_no_more_have_it_than_may(parties: Parties, limit: str) -> None:
    promotion = await make_promotion(parties.supplier, **{limit: 2})
    orders = [await make_placed_order(parties, ("100",)) for _ in range(5)]
    quotations, refused = await at_once(*(make_proposed_quotation(parties, one) for one in orders))
    assert refused == []
    assert sorted(one.net for one in quotations) == [D("36.00")] * 2 + [D("40.00")] * 3
    assert await uses(promotion) == 2


async def test_a_customer_s_own_limit_is_its_own(parties: Parties) -> None:
    other = Parties((await make_parties()).buyer, parties.supplier)
    await make_promotion(parties.supplier, max_uses_per_customer=1)
    nets = [(await quoted(who)).net for who in (parties, parties, other, other)]
    assert nets == [D("36.00"), D("40.00"), D("36.00"), D("40.00")]
    assert (await estimate(parties), await estimate(Parties((await make_parties()).buyer, parties.supplier))) == (
        D("45.20"),
        D("40.68"),
    )


async def test_a_bundle_is_cheaper_together(parties: Parties) -> None:
    goods = [await make_goods(parties.supplier) for _ in range(2)]
    parts = tuple(PromotedProduct(one.id, D(10)) for one in goods)
    await make_promotion(parties.supplier, "BUNDLE", terms={"price": "6.00"}, products=parts)
    assert (await make_order(parties, ("25", "20"), goods=goods)).estimated_total == D(
        "15.82"
    )  # 2 × 6 + 5 × 0.40, and 13 %
    assert await estimate(parties, "25", goods=goods[:1]) == D("11.30")


async def test_many_promotions_take_as_many_statements_as_few(parties: Parties) -> None:
    counts = []
    for _ in range(2):
        order = await make_placed_order(parties, ("100",))
        for _ in range(5):
            await make_promotion(parties.supplier, max_uses=9, terms={"share": "0.01"})
        async with counting() as sent:
            await make_proposed_quotation(parties, order)
        counts.append(len(sent))
    assert counts[0] == counts[1]


async def test_a_rejected_order_holds_nothing(parties: Parties) -> None:
    promotion = await make_promotion(parties.supplier)
    quotation = await quoted(parties)
    await _withdraw(parties, quotation)
    await reject_order(*await now(quotation, parties.supplier), RejectionReason.CAPACITY, "no")
    assert await uses(promotion) == 0
