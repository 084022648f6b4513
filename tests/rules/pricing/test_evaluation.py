"""Prices and why: never below nothing, sums to the cent, the same whatever the order of lines, lists and promotions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.allowances import allowance_amount, check_carried
from rules.money import MOST, Charge, Currency, Rounding, RoundingMode, minor_unit, totals
from rules.pricing.evaluation import Pricing, cheaper_from, priced
from rules.pricing.goods import Item, Step
from rules.pricing.price_lists import Audience, PriceBreak, PriceList
from rules.pricing.promotion import LeftOut, Promotion, Stacking

D = Decimal
A, B, C = (UUID(int=number) for number in (1, 2, 3))
PLAIN = Rounding()


def line(key: int = 0, product: UUID = A, quantity: str = "10", price: str = "10.00", rate: str = "0.13") -> Item:
    """A line that wants a price."""
    return Item(key, product, D(quantity), D(price), D(rate))


def price_list(number: int, *breaks: tuple[str, str], product: UUID = A, **facts: Any) -> PriceList:
    """A list for everyone that asks a price for one from each quantity on."""
    prices = {product: [PriceBreak(D(quantity), D(price)) for quantity, price in breaks]}
    told: dict[str, Any] = {"audience": Audience.EVERYONE, "valid_from": date(2026, 1, 1), **facts}
    return PriceList(UUID(int=number), f"list {number}", prices=prices, **told)


def promotion(number: int, policy: str, terms: Mapping[str, str], **facts: Any) -> Promotion:
    """A promotion that follows a policy."""
    said = {name: D(value) for name, value in terms.items()}
    return Promotion(UUID(int=number), f"promotion {number}", policy, said, **facts)


def off(number: int = 1, share: str = "0.1", **facts: Any) -> Promotion:
    """A share off."""
    return promotion(number, "PERCENTAGE", {"share": share}, **facts)


def nets(found: Pricing) -> list[Decimal]:
    """What is left to pay for each line."""
    return [one.net for one in found.lines]


def test_without_lists_and_promotions_the_list_price_is_the_price() -> None:
    [found] = priced([line()], [], [], PLAIN).lines

    assert (found.unit_price, found.net) == (D(10), D(100))
    assert found.steps == (Step("LIST_PRICE", D(100), D(100), D(10)),)


@pytest.mark.parametrize(
    ("quantity", "price"), [("9.999999", "10.00"), ("10", "9.00"), ("99", "9.00"), ("100", "8.50"), ("1000", "8.50")]
)
def test_the_break_that_is_reached_gives_the_price(quantity: str, price: str) -> None:
    [found] = priced([line(quantity=quantity)], [price_list(7, ("100", "8.50"), ("10", "9.00"))], [], PLAIN).lines

    assert found.unit_price == D(price)


def test_several_lines_of_one_product_reach_a_break_together() -> None:
    """Half goes elsewhere: that costs nobody the better price."""
    lines = [line(0, quantity="60"), line(1, quantity="40")]
    found = priced(lines, [price_list(7, ("100", "8.50"))], [], PLAIN)

    assert nets(found) == [D(510), D(340)]


def test_every_step_says_what_it_was_what_it_became_and_why() -> None:
    [found] = priced([line()], [price_list(7, ("10", "9.00"))], [off(3)], PLAIN).lines

    assert found.steps == (
        Step("LIST_PRICE", D(100), D(100), D(10)),
        Step("PRICE_LIST", D(100), D(90), D(9), UUID(int=7), "list 7", {"quantity": "10"}),
        Step("PERCENTAGE", D(90), D(81), None, UUID(int=3), "promotion 3", {"percent": "10"}),
    )
    assert [Step.from_json(step.as_json()) for step in found.steps] == list(found.steps)


@pytest.mark.parametrize(
    ("lists", "price"),
    [
        # The customer's own list counts before its grade's, and that before everyone's, however cheap they are.
        ([price_list(2, ("1", "5")), price_list(1, ("1", "9"), audience=Audience.CUSTOMER)], "9"),
        ([price_list(2, ("1", "5")), price_list(1, ("1", "9"), audience=Audience.GRADE)], "9"),
        (
            [
                price_list(2, ("1", "5"), audience=Audience.GRADE),
                price_list(1, ("1", "9"), audience=Audience.CUSTOMER),
            ],
            "9",
        ),
        # Of two of a kind the one that began last; of two that began together the one made last.
        ([price_list(2, ("1", "5")), price_list(1, ("1", "9"), valid_from=date(2026, 2, 1))], "9"),
        ([price_list(1, ("1", "5")), price_list(2, ("1", "9"))], "9"),
        # A list that says nothing of the product, or of so few, leaves it to the next.
        ([price_list(1, ("1", "5")), price_list(2, ("11", "9"), audience=Audience.CUSTOMER)], "5"),
        ([price_list(1, ("1", "5")), price_list(2, ("1", "9"), product=B, audience=Audience.CUSTOMER)], "5"),
    ],
)
def test_the_narrowest_list_counts(lists: list[PriceList], price: str) -> None:
    for given_lists in (lists, lists[::-1]):
        [found] = priced([line()], given_lists, [], PLAIN).lines
        assert found.unit_price == D(price)


def test_a_hundred_over_three_lines_adds_up_to_a_hundred() -> None:
    """Domain, ledgers and rounding: 100.00 over 333.33/333.33/333.34."""
    lines = [line(key, quantity="1", price=price) for key, price in enumerate(("333.33", "333.33", "333.34"))]
    found = priced(lines, [], [promotion(1, "AMOUNT_OFF", {"amount": "100.00"})], PLAIN)

    assert list(found.promotions[0].shares.values()) == [D("33.33"), D("33.33"), D("33.34")]
    assert nets(found) == [D("300.00"), D("300.00"), D("300.00")]


def test_a_share_is_rounded_once_for_all_lines() -> None:
    """10 % of three times 0.05 is 0.015, so 0.02, and not three times 0.01."""
    lines = [line(key, quantity="1", price="0.05") for key in range(3)]

    assert priced(lines, [], [off()], PLAIN).promotions[0].amount == D("0.02")


def test_no_more_is_taken_off_than_there_is() -> None:
    found = priced([line()], [], [promotion(1, "AMOUNT_OFF", {"amount": "100.01"})], PLAIN)

    assert nets(found) == [D(0)]


def test_what_is_free_already_is_not_taken_off_twice() -> None:
    """90 % of a hundred, and then five of ten that cost ten each: ten are left, not fifty to be had back."""
    found = priced([line()], [], [off(1, "0.9"), promotion(2, "BUY_N_GET_M", {"buy": "1", "get": "1"})], PLAIN)

    assert [one.amount for one in found.promotions] == [D(90), D(10)]
    assert nets(found) == [D(0)]


@pytest.mark.parametrize(
    ("quantity", "free"), [("2", "0"), ("3", "10"), ("5", "10"), ("6", "20"), ("6.5", "20"), ("8", "20")]
)
def test_of_every_three_one_is_free(quantity: str, free: str) -> None:
    found = priced([line(quantity=quantity)], [], [promotion(1, "BUY_N_GET_M", {"buy": "2", "get": "1"})], PLAIN)

    assert found.promotions[0].amount == D(free)


def test_the_free_ones_are_counted_for_each_product_and_the_cheapest_of_it() -> None:
    lines = [line(0, quantity="2"), line(1, quantity="1", price="9"), line(2, B, "2"), line(3, C, "3", "7")]
    found = priced(lines, [], [promotion(1, "BUY_N_GET_M", {"buy": "2", "get": "1"})], PLAIN)

    assert found.promotions[0].shares == {0: D(0), 1: D(9), 2: D(0), 3: D(7)}


BUNDLE = promotion(1, "BUNDLE", {"price": "25.00"}, products={A: D(2), B: D(1)})


@pytest.mark.parametrize(
    ("a", "b", "saved"),
    [
        ("2", "1", "5.00"),  # 2 × 10 + 1 × 10 = 30 for 25
        ("5", "2", "10.00"),  # two bundles, and one beside them
        ("5", "9", "10.00"),
        ("1", "9", "0"),  # no whole bundle
    ],
)
def test_whole_bundles_cost_the_bundle_s_price(a: str, b: str, saved: str) -> None:
    found = priced([line(0, A, a), line(1, B, b), line(2, C, "9")], [], [BUNDLE], PLAIN)

    assert found.promotions[0].amount == D(saved)
    assert 2 not in found.promotions[0].shares


def test_a_bundle_that_is_dearer_than_its_parts_changes_nothing() -> None:
    found = priced([line(0, A, "2", "1"), line(1, B, "1", "1")], [], [BUNDLE], PLAIN)

    assert (found.promotions[0].reason, nets(found)) == (LeftOut.NOTHING_OFF, [D(2), D(1)])


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"uses_left": 0}, LeftOut.USED_UP),
        ({"uses_left": 1}, None),
        ({"products": {B: D(1)}}, LeftOut.OTHER_GOODS),
        ({"products": {A: D(1)}}, None),
        ({"minimum_amount": D("100.01")}, LeftOut.BELOW_MINIMUM),
        ({"minimum_amount": D("100.00")}, None),
    ],
)
def test_a_promotion_says_why_it_gives_nothing(facts: dict[str, Any], reason: LeftOut | None) -> None:
    found = priced([line()], [], [off(**facts)], PLAIN)

    assert found.promotions[0].reason is reason
    assert nets(found) == [D(90) if reason is None else D(100)]


def test_the_minimum_is_held_against_the_prices_before_any_promotion() -> None:
    found = priced([line()], [], [off(1), off(2, minimum_amount=D(100))], PLAIN)

    assert nets(found) == [D(81)]


ALONE = Stacking.EXCLUSIVE


@pytest.mark.parametrize(
    ("promotions", "net", "reasons"),
    [
        ([off(1), off(2)], "81", [None, None]),
        ([off(1, priority=1), off(2, "0.2", stacking=ALONE)], "90", [None, LeftOut.NOT_STACKABLE]),
        ([off(1), off(2, "0.2", stacking=ALONE, priority=1)], "80", [None, LeftOut.NOT_STACKABLE]),
        # What gives nothing keeps nobody out.
        ([off(1), off(2, stacking=ALONE, priority=1, uses_left=0)], "90", [LeftOut.USED_UP, None]),
        # The smaller number is applied first: 50 of 100 and then a tenth, or a tenth and then 50.
        ([off(1, priority=2), promotion(2, "AMOUNT_OFF", {"amount": "50"}, priority=1)], "45", [None, None]),
        ([off(1, priority=1), promotion(2, "AMOUNT_OFF", {"amount": "50"}, priority=2)], "40", [None, None]),
    ],
)
def test_promotions_stand_beside_each_other_as_they_say(
    promotions: list[Promotion], net: str, reasons: list[LeftOut | None]
) -> None:
    for given_promotions in (promotions, promotions[::-1]):
        found = priced([line()], [], given_promotions, PLAIN)
        assert nets(found) == [D(net)]
        assert [one.reason for one in found.promotions] == reasons


def test_promotions_stand_on_a_document_as_an_allowance_at_each_tax_rate() -> None:
    lines = [line(0), line(1, B, rate="0.09"), line(2, C)]
    found = priced(lines, [], [promotion(1, "AMOUNT_OFF", {"amount": "30.00"})], PLAIN)

    told = [(one.tax_rate, one.amount, one.reason, one.reason_code) for one in found.allowances]
    assert told == [(D("0.09"), D("10.00"), "promotion 1", "95"), (D("0.13"), D("20.00"), "promotion 1", "95")]


def test_the_supplier_may_ask_something_else_and_promotions_are_taken_off_that() -> None:
    found = priced(
        [line(0), line(1, B)], [price_list(7, ("10", "9.00"))], [off(3)], PLAIN, {0: D("9.50"), 1: D("10.00")}
    )

    assert [step.policy for step in found.lines[0].steps] == ["LIST_PRICE", "PRICE_LIST", "QUOTED", "PERCENTAGE"]
    assert [step.policy for step in found.lines[1].steps] == [
        "LIST_PRICE",
        "PERCENTAGE",
    ]  # what stands already is no step
    assert nets(found) == [D("85.50"), D("90.00")]


@pytest.mark.parametrize(
    ("product", "quantity", "said", "steps"),
    [
        (A, "30", "8.00", ["LIST_PRICE 300.00", "PRICE_LIST 240.00"]),  # 30 of it and 70 on the other line
        (A, "29", "8.00", ["LIST_PRICE 290.00", "PRICE_LIST 261.00", "QUOTED 232.00"]),
        (B, "30", "8.00", ["LIST_PRICE 300.00", "QUOTED 240.00"]),
        (C, "90", "5.00", ["LIST_PRICE 900.00", "PRICE_LIST 450.00"]),  # 10 are wanted besides
    ],
)
def test_what_is_offered_instead_is_priced_as_if_it_were_taken_and_no_promotion_is_on_it(
    product: UUID, quantity: str, said: str, steps: list[str]
) -> None:
    lists = [price_list(7, ("10", "9.00"), ("100", "8.00")), price_list(8, ("100", "5.00"), product=C)]
    found = priced([line(0), line(1, quantity="70"), line(2, C)], lists, [off()], PLAIN, {0: D("10.00")})
    other = found.instead(found.lines[0], line(0, product, quantity), D(said))

    assert other.unit_price == D(said)
    assert [f"{step.policy} {step.after}" for step in other.steps] == steps


@pytest.mark.parametrize(
    ("quantity", "step", "cheaper"),
    [
        ("89", "1", ("100", "8.00")),  # 801 against 800
        ("88", "1", None),  # 792
        ("9.5", "1", ("10", "9.00")),
        ("1000", "1", None),
        ("90", "30", None),  # 120 would be the next one: 960 against 810
        ("90", "50", ("100", "8.00")),
        ("60", "70", None),
    ],
)
def test_a_larger_quantity_that_costs_less_is_known(quantity: str, step: str, cheaper: tuple[str, str] | None) -> None:
    lists = [price_list(7, ("10", "9.00"), ("100", "8.00"))]
    found = cheaper_from(line(quantity=quantity), lists, D(step))

    assert found == (PriceBreak(*map(D, cheaper)) if cheaper else None)
    assert cheaper_from(line(product=B, quantity=quantity), lists, D(step)) is None


some_quantities = st.decimals(min_value=D("0.000001"), max_value=10**7, places=6)
some_prices = st.decimals(min_value=0, max_value=10**6, places=6)
some_products = st.sampled_from([A, B, C])
some_items = st.lists(
    st.builds(
        Item,
        key=st.integers(0, 99),
        product=some_products,
        quantity=some_quantities,
        list_price=some_prices,
        tax_rate=st.sampled_from([D("0.13"), D("0.09"), D(0)]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda item: item.key,
)
some_breaks = st.lists(
    st.builds(PriceBreak, some_quantities, some_prices), max_size=3, unique_by=lambda one: one.minimum_quantity
)
some_lists = st.lists(
    st.builds(
        PriceList,
        id=st.uuids(),
        name=st.just("list"),
        audience=st.sampled_from(Audience),
        valid_from=st.dates(date(2026, 1, 1), date(2026, 1, 3)),
        prices=st.dictionaries(some_products, some_breaks, max_size=3),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)
some_money = st.integers(1, 10**6).map(D)
some_terms = st.one_of(
    st.tuples(st.just("PERCENTAGE"), st.fixed_dictionaries({"share": st.decimals(D("0.000001"), 1, places=6)})),
    st.tuples(st.just("AMOUNT_OFF"), st.fixed_dictionaries({"amount": some_money})),
    st.tuples(st.just("BUY_N_GET_M"), st.fixed_dictionaries({"buy": some_quantities, "get": some_quantities})),
    st.tuples(st.just("BUNDLE"), st.fixed_dictionaries({"price": some_money})),
)


def said_so(id: UUID, said: tuple[str, dict[str, Decimal]], **facts: Any) -> Promotion:
    """A promotion that follows the policy with its terms."""
    policy, terms = said
    return Promotion(id, "promotion", policy, terms, **facts)


some_promotions = st.lists(
    st.builds(
        said_so,
        id=st.uuids(),
        said=some_terms,
        products=st.dictionaries(some_products, some_quantities, min_size=1, max_size=3),
        stacking=st.sampled_from(Stacking),
        priority=st.integers(1, 3),
        minimum_amount=st.just(D(0)) | some_money,
        uses_left=st.none() | st.integers(0, 2),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)
some_roundings = st.builds(Rounding, currency=st.sampled_from(Currency), mode=st.sampled_from(RoundingMode))


@given(items=some_items, lists=some_lists, promotions=some_promotions, rounding=some_roundings, data=st.data())
def test_whatever_is_given_the_sums_hold(
    items: list[Item], lists: list[PriceList], promotions: list[Promotion], rounding: Rounding, data: st.DataObject
) -> None:
    found = priced(items, lists, promotions, rounding)

    for one in found.lines:
        off = sum((applied.shares.get(one.item.key, D(0)) for applied in found.promotions), D(0))
        assert one.net >= 0
        assert one.net == one.gross - off
        assert one.net % minor_unit(rounding.currency) == 0
        assert all(later.before == step.after for step, later in pairwise(one.steps))
    again = data.draw(st.permutations(items)), data.draw(st.permutations(lists)), data.draw(st.permutations(promotions))
    assert priced(*again, rounding) == found


@given(items=some_items, lists=some_lists, promotions=some_promotions, rounding=some_roundings)
def test_a_document_with_the_allowances_comes_to_what_the_lines_come_to(
    items: list[Item], lists: list[PriceList], promotions: list[Promotion], rounding: Rounding
) -> None:
    """And can be sent: nothing is taken off that is not there at the same tax rate."""
    found = priced(items, lists, promotions, rounding)
    beside = [Charge(D(1), allowance_amount("x", one, found.goods, rounding), one.tax_rate) for one in found.allowances]
    assert [*found.goods, *beside] == found.charges
    sums = totals([*found.goods, *beside], rounding)

    assert sums.net == sum(nets(found), D(0)) < MOST
    check_carried("x", [*found.goods, *beside], replace(sums, tax=max(sums.tax, D(0))))
