"""Which price applies to whom: by list, grade, day and currency; in drafts, hints and quotations."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from models import Alternative, ContractLine, QuotationLine
from rules.hints import HintCode
from rules.money import Currency
from rules.people import Actor
from services import clock
from services.alternatives import OfferedAlternative
from services.contract_changes import LineChange
from services.offering import Offer, OfferLine
from services.price_lists import archive_price_list, assign_customer_grade
from services.pricing import open_market
from services.quoting import accept_quotation, send_quotation, withdraw_quotation
from services.submitting import hints_for
from tests.change_makers import make_change
from tests.makers import make_key
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
from tests.price_makers import make_grade, make_price_list, make_proposed_quotation
from tests.statements import counting

TODAY = clock.today("Asia/Shanghai")
DAY = timedelta(days=1)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A supplier and a buyer who has ordered from it before."""
    parties = await make_parties()
    await make_placed_order(parties)
    return parties


async def price(buyer: Actor, product: Any, quantity: str = "1") -> str:
    """What one costs a buyer of so many now."""
    market = await open_market(buyer.home, [product.id])
    lists = market.price_lists(product.supplier_id, product.currency)
    reached = [at for one in lists if (at := one.reached(product.id, D(quantity)))]
    return str(min(at.unit_price for at in reached).normalize()) if reached else "list"


def steps_of(line: QuotationLine | Alternative | ContractLine) -> list[Any]:
    """The steps to its price, as they are kept."""
    assert line.price_explanation is not None
    steps: list[Any] = line.price_explanation["steps"]
    return steps


async def test_each_buyer_meets_the_lists_that_are_for_it_and_no_other(parties: Parties) -> None:
    goods, supplier = await make_goods(parties.supplier), parties.supplier
    other = Parties((await make_parties()).buyer, supplier)
    await make_placed_order(other)
    grade = await make_grade(supplier, other.buyer.home)
    await make_price_list(supplier, goods, {"1": "0.3"}, customer_id=parties.buyer.home)
    await make_price_list(supplier, goods, {"1": "0.2"}, grade_id=grade.id)
    assert (await price(parties.buyer, goods), await price(other.buyer, goods)) == ("0.3", "0.2")
    assert await price((await make_parties()).buyer, goods) == "list"
    await assign_customer_grade(supplier, other.buyer.home, (await make_grade(supplier)).id)
    assert await price(other.buyer, goods) == "list"
    await make_price_list(supplier, goods, {"1": "0.35"})
    assert await price(other.buyer, goods) == "0.35"


@pytest.mark.parametrize(
    ("first", "last", "is_open"),
    [(-1, None, True), (0, None, True), (1, None, False), (-9, 0, True), (-9, -1, False), (0, 0, True)],
)
async def test_a_list_holds_from_its_first_day_to_its_last(
    parties: Parties, first: int, last: int | None, is_open: bool
) -> None:
    goods = await make_goods(parties.supplier)
    end = None if last is None else TODAY + last * DAY
    await make_price_list(parties.supplier, goods, valid_from=TODAY + first * DAY, valid_to=end)
    assert await price(parties.buyer, goods) == ("0.3" if is_open else "list")


async def test_its_days_are_those_of_the_supplier_s_place(parties: Parties) -> None:
    """Shanghai is eight hours ahead of Greenwich: there the last day ends at 16:00 UTC."""
    goods = await make_goods(parties.supplier)
    await make_price_list(parties.supplier, goods, valid_from=TODAY, valid_to=TODAY)
    with clock.held_at(f"{TODAY}T15:59:59Z"):
        assert await price(parties.buyer, goods) == "0.3"
    with clock.held_at(f"{TODAY}T16:00:00Z"):
        assert await price(parties.buyer, goods) == "list"
    with clock.held_at(f"{TODAY - DAY}T15:59:59Z"):
        assert await price(parties.buyer, goods) == "list"


async def test_what_is_archived_prices_nothing(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    listed = await make_price_list(parties.supplier, goods)
    await archive_price_list(parties.supplier, listed.id, listed.version)
    assert await price(parties.buyer, goods) == "list"


async def test_a_draft_is_estimated_at_the_prices_that_apply_to_its_buyer(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    await make_price_list(parties.supplier, goods, {"100": "0.30"}, customer_id=parties.buyer.home)
    small = await make_order(parties, ("50",), goods=[goods])
    large = await make_order(parties, ("50", "50"), goods=[goods, goods])
    assert (small.estimated_total, large.estimated_total) == (D("22.60"), D("33.90"))


async def test_a_draft_is_told_where_more_costs_less(parties: Parties) -> None:
    goods = await make_goods(parties.supplier, quantity_step=D(30), minimum_quantity=D(30))
    await make_price_list(parties.supplier, goods, {"100": "0.20"})
    order = await make_order(parties, ("60", "30"), goods=[goods, goods])
    [hint] = [one for one in await hints_for(order) if one.code is HintCode.MORE_COSTS_LESS]
    assert (hint.field, hint.suggestion, hint.is_blocking) == ("lines[0].quantity", "90", False)
    assert hint.problem == "costs more than 90 would, at 0.2 each"
    reached = await make_order(parties, ("90", "30"), goods=[goods, goods])
    assert HintCode.MORE_COSTS_LESS not in [one.code for one in await hints_for(reached)]


async def test_a_quotation_that_says_no_price_has_that_of_the_lists(parties: Parties) -> None:
    goods = [await make_goods(parties.supplier) for _ in range(2)]
    listed = await make_price_list(parties.supplier, goods[0], {"100": "0.30"})
    order = await make_placed_order(parties, ("100", "10"), goods=goods)
    quotation = await make_proposed_quotation(parties, order)
    first, second = await QuotationLine.of(quotation.id)
    assert (first.unit_price, first.net, second.unit_price, second.net) == (D("0.3"), D(30), D("0.4"), D(4))
    assert quotation.net == D(34)
    assert [(step["policy"], step["source"]) for step in steps_of(first)] == [
        ("LIST_PRICE", None),
        ("PRICE_LIST", str(listed.id)),
    ]


async def test_the_supplier_may_deviate_and_what_it_deviates_from_is_kept(parties: Parties) -> None:
    goods = [await make_goods(parties.supplier) for _ in range(2)]
    await make_price_list(parties.supplier, goods[0], {"1": "0.30"})
    order = await make_placed_order(parties, ("100", "10"), goods=goods)
    quotation = await make_proposed_quotation(parties, order, ["0.35"])
    first, second = await QuotationLine.of(quotation.id)
    assert (first.unit_price, second.unit_price) == (D("0.35"), D("0.40"))
    steps = [(step["policy"], step["unitPrice"]) for step in steps_of(first)]
    assert steps == [("LIST_PRICE", "0.400000"), ("PRICE_LIST", "0.300000"), ("QUOTED", "0.35")]


async def test_what_was_quoted_stays_whatever_becomes_of_the_list(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    listed = await make_price_list(parties.supplier, goods)
    order = await make_placed_order(parties, ("100",), goods=[goods])
    quotation = await make_proposed_quotation(parties, order)
    await archive_price_list(parties.supplier, listed.id, listed.version)
    [line] = await QuotationLine.of(quotation.id)
    assert (line.unit_price, steps_of(line)[-1]["name"]) == (D("0.30"), "2026")
    version = (await fresh(order)).version_for(parties.supplier)
    await withdraw_quotation(parties.supplier, order.id, version, "prices changed")
    again = await make_proposed_quotation(parties, order)
    [line] = await QuotationLine.of(again.id)
    assert line.unit_price == D("0.40")


@pytest.mark.parametrize("do", ["market", "draft", "quote", "alternatives"])
async def test_many_lines_take_as_many_statements_as_few(parties: Parties, do: str) -> None:
    goods = [await make_goods(parties.supplier) for _ in range(12)]
    for one in goods:
        await make_price_list(parties.supplier, one, {"1": "0.30", "9": "0.20"}, name=make_key())
    work: dict[str, Callable[[int], Awaitable[Any]]] = {
        "market": lambda many: open_market(parties.buyer.home, [one.id for one in goods[:many]]),
        "draft": lambda many: make_order(parties, ["5"] * many, goods=goods[:many]),
    }
    counts = []
    for many in (2, 12):
        if do in ("quote", "alternatives"):
            order = await make_placed_order(parties, ["5"] * many, goods=goods[:many])
            others = tuple(OfferedAlternative(D("0.3"), one.id) for one in goods[:many] if do == "alternatives")
            async with counting() as sent:
                await make_quotation(parties, order, ["0.3"] * many, alternatives=others)
        else:
            async with counting() as sent:
                await work[do](many)
        counts.append(len(sent))
    assert counts[0] == counts[1]


async def test_an_alternative_says_how_its_price_came_about_as_a_line_does(parties: Parties) -> None:
    """The line's own article, another at its list's price, and one that is listed in another currency."""
    goods = [await make_goods(parties.supplier) for _ in range(2)]
    abroad = await make_goods(parties.supplier, currency=Currency.USD)
    listed = await make_price_list(parties.supplier, goods[1], {"1": "0.30"})
    order = await make_placed_order(parties, ("100",), goods=goods[:1])
    others = [(D("0.35"), None), (D("0.30"), goods[1].id), (D("0.05"), abroad.id)]
    quotation = await make_quotation(
        parties, order, ["0.4"], alternatives=tuple(OfferedAlternative(*said) for said in others)
    )
    same, other, foreign = await Alternative.of(quotation.id)
    assert [(step["policy"], step["after"]) for step in steps_of(same)] == [
        ("LIST_PRICE", "40.00"),
        ("QUOTED", "35.00"),
    ]
    assert [(step["policy"], step["source"]) for step in steps_of(other)] == [
        ("LIST_PRICE", None),
        ("PRICE_LIST", str(listed.id)),
    ]
    assert foreign.price_explanation is None


async def test_a_contract_keeps_why_until_another_price_is_agreed(parties: Parties) -> None:
    """An alternative's reasons where it was taken; another quantity leaves them, another price ends them."""
    goods = await make_goods(parties.supplier)
    order = await make_placed_order(parties, ("100", "10"), goods=[goods, goods])
    quotation = await make_quotation(parties, order, ["0.4", "0.2"], alternatives=(OfferedAlternative(D("0.35")),))
    first, second = await lines_of(order)
    [other], [_, own] = await Alternative.of(quotation.id), await QuotationLine.of(quotation.id)
    version = (await fresh(order)).version
    order = await accept_quotation(parties.buyer, quotation.id, version, None, {first.id: other.id})
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    kept = [line.price_explanation for line in await ContractLine.of((await contract_of(order)).id)]
    assert kept == [other.price_explanation, own.price_explanation]
    assert None not in kept
    lines = (LineChange(first.id, D(90)), LineChange(second.id, unit_price=D("0.3")))
    changed = await make_change(order, parties.buyer, lines=lines)
    assert [line.price_explanation for line in await ContractLine.of(changed.id)] == [kept[0], None]


async def test_lines_keep_their_order_when_they_are_quoted_in_another(parties: Parties) -> None:
    goods = [await make_goods(parties.supplier) for _ in range(2)]
    await make_price_list(parties.supplier, goods[1], {"1": "0.10"})
    order = await make_placed_order(parties, ("100", "10"), goods=goods)
    backwards = tuple(OfferLine(line.id) for line in reversed(await lines_of(order)))
    offer = Offer(lines=backwards, valid_until=clock.now() + DAY)
    quotation = await send_quotation(parties.supplier, order.id, order.version_for(parties.supplier), offer)
    assert [line.net for line in await QuotationLine.of(quotation.id)] == [D(40), D(1)]
