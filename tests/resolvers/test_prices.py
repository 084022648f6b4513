"""What the schema tells of prices: a buyer the one that applies and why, the supplier where it comes from, nobody else anything."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.schema import schema
from models import Company, PriceList
from resolvers.context import Context
from resolvers.ids import encode_id
from rules.money import Currency, TaxInclusion
from rules.people import Actor, Role
from services import clock
from services.alternatives import OfferedAlternative
from services.quoting import accept_quotation
from tests.makers import make_actor, make_key
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_goods,
    make_order,
    make_parties,
    make_placed_order,
    make_quotation,
)
from tests.price_makers import make_grade, make_price_list, make_promotion, make_proposed_quotation
from tests.resolvers.asking import ask, do

STEPS = "priceExplanation { policy label because promotionName priceList { name } before after unitPrice }"
PRICE = f"""query ($id: ID!, $much: Decimal) {{ product(id: $id) {{ priceFor(quantity: $much) {{
  quantity unitPrice {{ amount currency }} net {{ amount }} {STEPS} cheaperFrom {{ minimumQuantity unitPrice {{ amount }} }} }} }} }}"""
DRAFT = f"""query ($id: ID!) {{ order(id: $id) {{ estimatedTotal {{ amount }}
  expectedLines {{ orderLine {{ position }} quantity unitPrice {{ amount }} net {{ amount }} {STEPS} }} }} }}"""
PROPOSAL = f"""query ($id: ID!) {{ quotationProposal(id: $id) {{ net {{ amount }} tax {{ amount }} total {{ amount }}
  lines {{ orderLine {{ id position }} unitPrice {{ amount }} net {{ amount }} {STEPS} }} }} }}"""
QUOTED = f"query ($id: ID!) {{ order(id: $id) {{ quotations {{ lines {{ unitPrice {STEPS} }} }} }} }}"
AGREED = f"""query ($id: ID!) {{ order(id: $id) {{ quotations {{ lines {{ alternatives {{ {STEPS} }} }} }}
  contracts {{ lines {{ {STEPS} }} }} }} }}"""
LISTS = """{ priceLists { nodes { id name currency audience validFrom validTo archivedAt version customer { id }
  grade { name } } } }"""
ITEMS = """query ($id: ID!) { priceListItems(id: $id, first: 1) { nodes { product { sku } minimumQuantity unitPrice }
  pageInfo { hasNextPage } } }"""
GRADED = "query ($id: ID) { gradedCustomers(gradeId: $id) { nodes { customer { id } grade { name } } } }"


@pytest.fixture
async def parties(database: str) -> Parties:
    """A supplier and a buyer who has ordered from it before."""
    parties = await make_parties()
    await make_placed_order(parties)
    return parties


async def test_a_quotation_with_tax_in_its_prices_is_proposed_sent_and_shown(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    await make_price_list(parties.supplier, goods, {"1": "1.13"}, tax_inclusion=TaxInclusion.INCLUSIVE)
    order = await make_placed_order(parties, ("3",), goods=[goods])
    node, version = encode_id("Order", order.id), order.version_for(parties.supplier)
    proposed = """query ($id: ID!) { quotationProposal(id: $id SAID) {
      taxInclusion total { amount } lines { unitPrice { amount } } } }"""
    for said, stated, price in (("", "EXCLUSIVE", "1.00"), (", taxInclusion: INCLUSIVE", "INCLUSIVE", "1.13")):
        assert await ask(parties.supplier, proposed.replace("SAID", said), id=node) == {
            "taxInclusion": stated, "total": {"amount": "3.39"}, "lines": [{"unitPrice": {"amount": price}}],
        }  # fmt: skip
    [line] = await lines_of(order)
    made = await do(
        parties.supplier,
        "sendQuotation",
        "quotation { taxInclusion total { amount } net { amount } lines { unitPrice net tax } }",
        orderId=node,
        expectedVersion=version,
        validUntil=(clock.now() + timedelta(days=9)).isoformat(),
        lines=[{"orderLineId": encode_id("OrderLine", line.id)}],
        taxInclusion="INCLUSIVE",
    )
    assert made["quotation"] == {
        "taxInclusion": "INCLUSIVE",
        "total": {"amount": "3.39"},
        "net": {"amount": "3.00"},
        "lines": [{"unitPrice": "1.130000", "net": "3.00", "tax": "0.39"}],
    }


async def priced(actor: Actor, product: Any, quantity: str | None = None) -> Any:
    """What so many cost the actor."""
    return (await ask(actor, PRICE, id=encode_id("Product", product.id), much=quantity))["priceFor"]


async def test_a_buyer_is_told_its_price_and_why_and_not_from_which_list(parties: Parties) -> None:
    goods = await make_goods(parties.supplier, minimum_quantity=Decimal(10))
    await make_price_list(parties.supplier, goods, {"20": "0.30"}, customer_id=parties.buyer.home)
    found = await priced(parties.buyer, goods, "25")
    assert found["unitPrice"] == {"amount": "0.30", "currency": "CNY"}
    assert (found["quantity"], found["net"], found["cheaperFrom"]) == ("25", {"amount": "7.50"}, None)
    listed, own = found["priceExplanation"]
    assert (listed["policy"], listed["label"], listed["unitPrice"]) == ("LIST_PRICE", "List price", "0.4")
    assert own == {
        "policy": "PRICE_LIST",
        "label": "Price list",
        "because": "your price from a quantity of 20 on",
        "promotionName": None,
        "priceList": None,
        "before": "10.00",
        "after": "7.50",
        "unitPrice": "0.3",
    }
    assert (await priced(parties.buyer, goods))["quantity"] == "10"
    found = await priced(parties.buyer, goods, "19")
    assert found["cheaperFrom"] == {"minimumQuantity": "20", "unitPrice": {"amount": "0.30"}}


async def test_the_reasons_are_told_in_chinese(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    await make_price_list(parties.supplier, goods, {"20": "0.30"})
    variables = {"id": encode_id("Product", goods.id), "much": "20"}
    found = await ask(parties.buyer, PRICE, "zh-CN", **variables)
    assert [step["because"] for step in found["priceFor"]["priceExplanation"]] == [
        "商品目录价格",
        "订购数量达到 20 起的专属价",
    ]


async def test_everybody_else_meets_the_list_price(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    await make_price_list(parties.supplier, goods, customer_id=parties.buyer.home)
    for other in (parties.supplier, (await make_parties()).buyer):
        found = await priced(other, goods)
        assert [step["policy"] for step in found["priceExplanation"]] == ["LIST_PRICE"]


@pytest.mark.parametrize(
    ("quantity", "words"),
    [("0", "greater than 0"), ("-1", "greater than 0"), ("1000000000001", "at most")],
)
async def test_nobody_asks_for_nothing(parties: Parties, quantity: str, words: str) -> None:
    goods = await make_goods(parties.supplier)
    result = await schema.execute(
        PRICE,
        variable_values={"id": encode_id("Product", goods.id), "much": quantity},
        context_value=Context(actor=parties.buyer),
    )
    assert words in str(result.errors)


async def test_a_draft_expects_what_its_lines_cost_together_until_it_is_sent(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    await make_price_list(parties.supplier, goods, {"100": "0.30"})
    order = await make_order(parties, ("60", "40"), goods=[goods, goods])
    shown = await ask(parties.buyer, DRAFT, id=encode_id("Order", order.id))
    assert [line["net"]["amount"] for line in shown["expectedLines"]] == ["18.00", "12.00"]
    assert shown["estimatedTotal"] == {"amount": "33.90"}
    placed = await make_placed_order(parties, ("60",), goods=[goods])
    for actor in (parties.buyer, parties.supplier):
        shown = await ask(actor, DRAFT, id=encode_id("Order", placed.id))
        assert shown["expectedLines"] == []


async def test_the_supplier_starts_from_a_proposal_that_tells_where_prices_come_from(parties: Parties) -> None:
    goods = [await make_goods(parties.supplier) for _ in range(2)]
    await make_price_list(parties.supplier, goods[0], {"100": "0.30"}, name="Big ones")
    order = await make_placed_order(parties, ("100", "10"), goods=goods)
    found = await ask(parties.supplier, PROPOSAL, id=encode_id("Order", order.id))
    assert [found[name]["amount"] for name in ("net", "tax", "total")] == ["34.00", "4.42", "38.42"]
    assert [line["unitPrice"]["amount"] for line in found["lines"]] == ["0.30", "0.40"]
    assert found["lines"][0]["priceExplanation"][1]["priceList"] == {"name": "Big ones"}
    said = {
        "orderId": encode_id("Order", order.id),
        "expectedVersion": order.version_for(parties.supplier),
        "validUntil": (clock.now().replace(year=2099)).isoformat(),
        "lines": [{"orderLineId": line["orderLine"]["id"]} for line in found["lines"]],
    }
    sent = await do(parties.supplier, "sendQuotation", "quotation { net { amount } lines { unitPrice } }", **said)
    assert sent["quotation"]["net"] == {"amount": "34.00"}


async def test_only_the_supplier_s_salespeople_are_proposed_anything_and_only_while_it_is_to_be_quoted(
    parties: Parties,
) -> None:
    order = await make_placed_order(parties)
    id_ = encode_id("Order", order.id)
    assert await ask(parties.supplier, PROPOSAL, id=id_) is not None
    store = await make_actor(await Company.named(parties.supplier.home), Role.WAREHOUSE)
    for actor in (parties.buyer, (await make_parties()).supplier, store, Actor.anonymous()):
        assert await ask(actor, PROPOSAL, id=id_) is None
    draft = await make_order(parties)
    assert await ask(parties.supplier, PROPOSAL, id=encode_id("Order", draft.id)) is None


async def test_the_supplier_sees_each_step_to_a_quoted_price_and_the_buyer_none_of_its_lists(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    await make_price_list(parties.supplier, goods)
    order = await make_placed_order(parties, ("100",), goods=[goods])
    await make_proposed_quotation(parties, order, ["0.35"])
    id_ = encode_id("Order", order.id)
    [own] = (await ask(parties.supplier, QUOTED, id=id_))["quotations"]
    assert [step["policy"] for step in own["lines"][0]["priceExplanation"]] == ["LIST_PRICE", "PRICE_LIST", "QUOTED"]
    [theirs] = (await ask(parties.buyer, QUOTED, id=id_))["quotations"]
    assert theirs["lines"] == [{"unitPrice": "0.350000", "priceExplanation": []}]


async def test_a_contract_and_an_alternative_tell_why_to_each_as_a_quotation_does(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    await make_price_list(parties.supplier, goods)
    await make_promotion(parties.supplier)
    order = await make_placed_order(parties, ("100",), goods=[goods])
    other = OfferedAlternative(Decimal("0.25"), goods.id)
    quotation = await make_quotation(parties, order, ["0.35"], alternatives=(other,))
    await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version)
    seen = {
        parties.supplier: (["LIST_PRICE", "PRICE_LIST", "QUOTED"], ["PERCENTAGE"]),
        parties.buyer: ([], ["PERCENTAGE"]),
    }
    for actor, (prices, promotions) in seen.items():
        found = await ask(actor, AGREED, id=encode_id("Order", order.id))
        [line], [offered] = found["contracts"][0]["lines"], found["quotations"][0]["lines"][0]["alternatives"]
        assert [step["policy"] for step in line["priceExplanation"]] == [*prices, *promotions]
        assert [step["policy"] for step in offered["priceExplanation"]] == prices


async def test_lists_and_grades_are_made_and_read_over_the_schema(parties: Parties) -> None:
    goods, customer = await make_goods(parties.supplier), encode_id("Company", parties.buyer.home)
    grade = (
        await do(
            parties.supplier,
            "createCustomerGrade",
            "customerGrade { id version }",
            name="First dealers",
            idempotencyKey=make_key(),
        )
    )["customerGrade"]
    kept = await do(
        parties.supplier, "assignCustomerGrade", "customerGrade { version }", customerId=customer, gradeId=grade["id"]
    )
    assert kept["customerGrade"] == {"version": 2}
    assert (await ask(parties.supplier, GRADED, id=grade["id"]))["nodes"] == [
        {"customer": {"id": customer}, "grade": {"name": "First dealers"}}
    ]
    made = await do(
        parties.supplier,
        "createPriceList",
        "priceList { id version }",
        name="2027",
        currency="CNY",
        gradeId=grade["id"],
        validFrom="2027-01-01",
        validTo="2027-12-31",
        idempotencyKey=make_key(),
    )
    breaks = [{"minimumQuantity": "1", "unitPrice": "0.35"}, {"minimumQuantity": "100", "unitPrice": "0.3"}]
    changed = await do(
        parties.supplier,
        "setPriceListItems",
        "priceList { id version }",
        priceListId=made["priceList"]["id"],
        expectedVersion=1,
        prices=[{"productId": encode_id("Product", goods.id), "breaks": breaks}],
    )
    assert changed["priceList"] == {"id": made["priceList"]["id"], "version": 2}
    [shown] = (await ask(parties.supplier, LISTS))["nodes"]
    assert (shown["audience"], shown["grade"], shown["customer"]) == ("GRADE", {"name": "First dealers"}, None)
    assert (shown["validFrom"], shown["validTo"], shown["currency"]) == ("2027-01-01", "2027-12-31", Currency.CNY)
    items = await ask(parties.supplier, ITEMS, id=shown["id"])
    assert items["nodes"] == [{"product": {"sku": goods.sku}, "minimumQuantity": "1", "unitPrice": "0.35"}]
    assert items["pageInfo"] == {"hasNextPage": True}


async def test_a_stranger_s_lists_look_like_none(parties: Parties) -> None:
    grade = await make_grade(parties.supplier, parties.buyer.home)
    listed: PriceList = await make_price_list(parties.supplier, await make_goods(parties.supplier))
    for other in (parties.buyer, (await make_parties()).supplier, Actor.anonymous()):
        assert (await ask(other, LISTS))["nodes"] == []
        assert await ask(other, ITEMS, id=encode_id("PriceList", listed.id)) is None
        assert (await ask(other, GRADED, id=encode_id("CustomerGrade", grade.id)))["nodes"] == []
        assert (await ask(other, GRADED))["nodes"] == []


PROMOTE = """promotion { id name policy terms { name value } products { product { sku } quantity } audience minimumAmount { amount }
  stacking priority maxUses used version }"""
POLICIES = "{ promotionPolicies { code label needsProducts terms { name kind description } } }"
PROMOTIONS = "{ promotions { nodes { name used endedAt } } }"
PROMOTED = """query ($id: ID!) { quotationProposal(id: $id) { total { amount }
  promotions { promotion { name } amount { amount } leftOutBecause } } }"""
ALLOWED = """query ($id: ID!) { order(id: $id) { quotations { allowances { reason net } lines { priceExplanation {
  policy promotionName because promotion { name } } } } } }"""


async def test_a_policy_says_in_both_languages_what_it_asks_for(parties: Parties) -> None:
    found = {one["code"]: one for one in await ask(parties.supplier, POLICIES)}
    assert sorted(found) == ["AMOUNT_OFF", "BUNDLE", "BUY_N_GET_M", "PERCENTAGE"]
    assert found["PERCENTAGE"]["terms"] == [
        {"name": "share", "kind": "SHARE", "description": "How much comes off: 0.1 is 10 %."}
    ]
    assert [one["code"] for one in found.values() if one["needsProducts"]] == ["BUNDLE"]
    chinese = {one["code"]: one for one in await ask(parties.buyer, POLICIES, "zh-CN")}
    assert chinese["BUY_N_GET_M"]["label"] == "买 n 赠 m"
    for code in ("AMOUNT_OFF", "BUNDLE"):  # with tax or without: as decision 0151 has it
        assert "stated as the quotation's prices are" in found[code]["terms"][0]["description"]
        assert "含税与否同报价单的价格" in chinese[code]["terms"][0]["description"]


async def test_a_promotion_is_made_proposed_quoted_and_ended_over_the_schema(parties: Parties) -> None:
    goods = await make_goods(parties.supplier)
    made = await do(
        parties.supplier,
        "createPromotion",
        PROMOTE,
        name="Autumn",
        currency="CNY",
        policy="PERCENTAGE",
        terms=[{"name": "share", "value": "0.1"}],
        products=[{"productId": encode_id("Product", goods.id)}],
        validFrom="2020-01-01",
        maxUses=1,
        idempotencyKey=make_key(),
    )
    promotion = made["promotion"]
    assert (promotion["terms"], promotion["used"]) == ([{"name": "share", "value": "0.1"}], 0)
    assert promotion["products"] == [{"product": {"sku": goods.sku}, "quantity": "1"}]
    order = await make_placed_order(parties, ("100",), goods=[goods])
    id_ = encode_id("Order", order.id)
    proposed = await ask(parties.supplier, PROMOTED, id=id_)
    assert proposed["total"] == {"amount": "40.68"}
    assert proposed["promotions"] == [
        {"promotion": {"name": "Autumn"}, "amount": {"amount": "4.00"}, "leftOutBecause": None}
    ]
    await make_proposed_quotation(parties, order)
    for actor, seen in ((parties.supplier, ["LIST_PRICE", "PERCENTAGE"]), (parties.buyer, ["PERCENTAGE"])):
        [quotation] = (await ask(actor, ALLOWED, id=id_))["quotations"]
        assert quotation["allowances"] == [{"reason": "Autumn", "net": "-4.00"}]
        steps = quotation["lines"][0]["priceExplanation"]
        assert [step["policy"] for step in steps] == seen
        assert (steps[-1]["promotionName"], steps[-1]["because"]) == ("Autumn", "10 % off")
        assert steps[-1]["promotion"] == ({"name": "Autumn"} if actor is parties.supplier else None)
    other = encode_id("Order", (await make_placed_order(parties, ("100",), goods=[goods])).id)
    [left_out] = (await ask(parties.supplier, PROMOTED, id=other))["promotions"]
    assert (left_out["amount"], left_out["leftOutBecause"]) == ({"amount": "0"}, "USED_UP")
    ended = await do(
        parties.supplier, "endPromotion", "promotion { version }", promotionId=promotion["id"], expectedVersion=1
    )
    assert ended["promotion"] == {"version": 2}
    [shown] = (await ask(parties.supplier, PROMOTIONS))["nodes"]
    assert (shown["used"], shown["endedAt"] is None) == (1, False)
    for stranger in (parties.buyer, (await make_parties()).supplier, Actor.anonymous()):
        assert (await ask(stranger, PROMOTIONS))["nodes"] == []
