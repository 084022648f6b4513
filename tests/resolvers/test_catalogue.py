"""The catalogue as clients see it: who sees which figure, in which language, and what a refusal says."""

from decimal import Decimal
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from models import Product
from models.base import new_id
from resolvers.catalogue_search import CatalogueQuery
from resolvers.context import Context
from resolvers.executor import LevelExecutor
from resolvers.ids import encode_id
from resolvers.node import NodeQuery
from resolvers.offering import OfferingMutation
from resolvers.problems import REFUSALS
from resolvers.scalars import SCALARS
from resolvers.units import UnitQuery
from rules.people import Actor, Role
from rules.stock import StockMovement
from rules.units import NAMES
from services.catalogue import Property
from services.shelves import shelves_of
from tests.makers import make_actor, make_category, make_company, make_key, make_platform, make_product, make_seller

pytestmark = pytest.mark.usefixtures("database")

schema = strawberry.Schema(
    merge_types("Query", (CatalogueQuery, UnitQuery, NodeQuery)),
    OfferingMutation,
    exception_handlers=REFUSALS,
    execution_context_class=LevelExecutor,
    config=StrawberryConfig(scalar_map=SCALARS),
)

PRODUCT = """query ($id: ID!) { product(id: $id) {
    id sku name english: name(locale: "en-GB") nameZh specification { name value }
    unit { code name chinese: name(locale: "zh") } listPrice { amount currency } taxRate
    minimumQuantity { value unit } quantityStep { value } leadTimeDays availability
    availableQuantity { value } stockOnHand { value } stockReserved { value } isActive version
    supplier { legalName } category { nameEn parent { code children { code } } } } }"""
CREATE = """mutation ($input: CreateProductInput!) { createProduct(input: $input) { __typename
    ... on CreateProductSuccess { product { id sku version listPrice { amount } minimumQuantity { value } } }
    ... on Problem { code message } ... on InvalidInputProblem { faults { field fault suggestion } } } }"""
ADJUST = """mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { __typename
    ... on AdjustStockSuccess { product { version stockOnHand { value } } } ... on StaleVersionProblem { currentVersion }
    ... on NotFoundProblem { id } ... on InvalidInputProblem { faults { field } } } }"""
UPDATE = """mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { __typename
    ... on UpdateProductSuccess { product { nameZh nameEn listPrice { amount currency } availability } }
    ... on Problem { code } } }"""


async def ask(actor: Actor, document: str, *, locale: str = "zh-CN", **variables: Any) -> Any:
    """The answer's one field."""
    answer = await schema.execute(
        document, variable_values=variables, context_value=Context(actor=actor, locale=locale)
    )
    assert answer.errors is None, answer.errors
    assert answer.data is not None
    [field] = answer.data.values()
    return field


async def make_buyer() -> Actor:
    """Somebody who may order."""
    return await make_actor(await make_company(), Role.REQUESTER)


async def test_a_buyer_sees_what_is_offered_and_not_how_much_there_is() -> None:
    goods = await make_category(code="goods")
    bolts = await make_category(code="bolts", parent_id=goods.id, name_en="Bolts")
    product = await make_product(category=bolts, sku="B-1")

    shown = await ask(await make_buyer(), PRODUCT, id=encode_id("Product", product.id))

    assert shown.pop("supplier")["legalName"].startswith("第")
    assert shown == {
        "id": encode_id("Product", product.id),
        "sku": "B-1",
        "name": "不锈钢外六角螺栓 M8×20",
        "english": "Stainless hex bolt M8x20",
        "nameZh": "不锈钢外六角螺栓 M8×20",
        "specification": [{"name": "材质", "value": "304"}],
        "unit": {"code": "H87", "name": "件", "chinese": "件"},
        "listPrice": {"amount": "0.385", "currency": "CNY"},
        "taxRate": "0.13",
        "minimumQuantity": {"value": "100", "unit": "H87"},
        "quantityStep": {"value": "50"},
        "leadTimeDays": 3,
        "availability": "IN_STOCK",
        "availableQuantity": None,
        "stockOnHand": None,
        "stockReserved": None,
        "isActive": True,
        "version": None,
        "category": {"nameEn": "Bolts", "parent": {"code": "goods", "children": [{"code": "bolts"}]}},
    }


async def test_the_supplier_sees_its_own_figures_and_a_rival_does_not() -> None:
    seller, rival = await make_seller(), await make_seller()
    product = await make_product(seller)
    shelves = await shelves_of(seller.home, {product.id: product})
    shelves.book(StockMovement.RESERVED, product.id, shelves.default, reserved=Decimal(4500))
    await shelves.write(seller)
    figures = """query ($id: ID!) { product(id: $id) {
        stockOnHand { value unit } stockReserved { value } availableQuantity { value } version } }"""

    own = await ask(seller, figures, id=encode_id("Product", product.id))
    others = await ask(rival, figures, id=encode_id("Product", product.id))

    assert own == {
        "stockOnHand": {"value": "5000", "unit": "H87"},
        "stockReserved": {"value": "4500"},
        "availableQuantity": {"value": "500"},
        "version": 0,
    }
    assert set(others.values()) == {None}


async def test_what_is_made_to_order_has_no_figures_for_anybody() -> None:
    seller = await make_seller()
    product = await make_product(seller, stock_on_hand=None)

    shown = await ask(seller, PRODUCT, id=encode_id("Product", product.id))

    assert shown["availability"] == "MADE_TO_ORDER"
    assert [shown[name] for name in ("availableQuantity", "stockOnHand", "stockReserved")] == [None, None, None]


async def test_names_follow_the_callers_language() -> None:
    product = await make_product()

    shown = await ask(await make_buyer(), PRODUCT, locale="en", id=encode_id("Product", product.id))

    assert (shown["name"], shown["unit"]) == (
        "Stainless hex bolt M8x20",
        {"code": "H87", "name": "piece", "chinese": "件"},
    )


async def test_a_missing_a_malformed_and_a_withdrawn_product_look_the_same() -> None:
    seller, buyer = await make_seller(), await make_buyer()
    product = await make_product(seller)
    await ask(
        seller,
        UPDATE,
        input={"productId": encode_id("Product", product.id), "expectedVersion": 0, "isActive": False},
    )

    for id in (
        encode_id("Product", product.id),
        encode_id("Product", new_id()),
        encode_id("Order", product.id),
        "螺栓",
        "",
    ):
        assert await ask(buyer, PRODUCT, id=id) is None
        assert await ask(buyer, "query ($id: ID!) { node(id: $id) { id } }", id=id) is None
    assert await ask(seller, "query ($id: ID!) { node(id: $id) { __typename } }", id=encode_id("Product", product.id))


async def test_units_are_listed_with_both_names() -> None:
    shown = await ask(Actor.anonymous(), "{ units { code nameZh nameEn } }")

    assert {(one["code"], one["nameEn"], one["nameZh"]) for one in shown} == {
        (code, *names) for code, names in NAMES.items()
    }


def described_input(category: str, **facts: Any) -> dict[str, Any]:
    """What a client sends to offer a product."""
    return {
        "categoryId": category,
        "sku": "N-1",
        "nameZh": "螺母",
        "nameEn": "Nut",
        "unit": "H87",
        "listPrice": {"amount": "1.5", "currency": "CNY"},
        "taxRate": "0.13",
        "leadTimeDays": 1,
        "idempotencyKey": make_key(),
        **facts,
    }


async def test_a_product_is_offered_changed_and_counted() -> None:
    seller = await make_seller()
    category = encode_id("Category", (await make_category()).id)

    made = await ask(seller, CREATE, input=described_input(category, stockOnHand="0"))
    id = made["product"].pop("id")
    counted = await ask(seller, ADJUST, input={"productId": id, "expectedVersion": 0, "change": "12.5"})
    changed = await ask(
        seller,
        UPDATE,
        input={
            "productId": id,
            "expectedVersion": 1,
            "nameEn": "Hex nut",
            "listPrice": {"amount": "9", "currency": "JPY"},
        },
    )

    assert made["product"] == {
        "sku": "N-1",
        "version": 0,
        "listPrice": {"amount": "1.50"},
        "minimumQuantity": {"value": "1"},
    }
    assert counted["product"] == {"version": 1, "stockOnHand": {"value": "12.5"}}
    assert changed["product"] == {
        "nameZh": "螺母",
        "nameEn": "Hex nut",
        "listPrice": {"amount": "9", "currency": "JPY"},
        "availability": "IN_STOCK",
    }


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"sku": " "}, ["input.sku"]),
        ({"nameZh": "x" * 201, "taxRate": "1"}, ["input.nameZh", "input.taxRate"]),
        ({"unit": "件"}, ["input.unit"]),
        ({"minimumQuantity": "0"}, ["input.minimumQuantity"]),
        ({"stockOnHand": "-1"}, ["input.stockOnHand"]),
        ({"leadTimeDays": -1}, ["input.leadTimeDays"]),
        ({"listPrice": {"amount": "-1", "currency": "CNY"}}, ["input.listPrice.amount"]),
        ({"specification": [{"name": "", "value": "x"}]}, ["input.specification[0].name"]),
        ({"specification": [{"name": "n", "value": "x"}] * 51}, ["input.specification"]),
    ],
)
async def test_a_wrong_field_is_named(facts: dict[str, Any], fields: list[str]) -> None:
    seller = await make_seller()
    category = encode_id("Category", (await make_category()).id)

    refusal = await ask(seller, CREATE, input=described_input(category, **facts))

    assert refusal["__typename"] == "InvalidInputProblem"
    assert [fault["field"] for fault in refusal["faults"]] == fields
    assert await Product.all().count() == 0


async def test_refusals_have_their_types() -> None:
    seller, buyer = await make_seller(), await make_buyer()
    category = encode_id("Category", (await make_category()).id)
    made = await ask(seller, CREATE, input=described_input(category))
    id = made["product"]["id"]

    async def created(actor: Actor, **facts: Any) -> str:
        return str((await ask(actor, CREATE, input=described_input(category, **facts)))["__typename"])

    assert await created(seller) == "ConflictProblem"
    assert await created(buyer, sku="X") == "NotAllowedProblem"
    assert await created(seller, sku="X", categoryId="nonsense") == "NotFoundProblem"
    assert await ask(seller, ADJUST, input={"productId": id, "expectedVersion": 7, "change": "1"}) == {
        "__typename": "StaleVersionProblem",
        "currentVersion": 0,
    }
    for foreign in (id, encode_id("Product", new_id()), "nonsense"):
        answer = await ask(
            await make_seller(), ADJUST, input={"productId": foreign, "expectedVersion": 0, "change": "1"}
        )
        assert answer == {"__typename": "NotFoundProblem", "id": foreign}


async def test_the_operator_makes_categories_that_everybody_finds() -> None:
    make = """mutation ($input: CreateCategoryInput!) { createCategory(input: $input) { __typename
        ... on CreateCategorySuccess { category { id code parent { code } } } } }"""
    said = {"nameZh": "螺栓", "nameEn": "Bolts"}
    platform = await make_platform()

    goods = await ask(platform, make, input={**said, "code": "goods", "idempotencyKey": make_key()})
    bolts = await ask(
        platform,
        make,
        input={**said, "code": "bolts", "parentId": goods["category"]["id"], "idempotencyKey": make_key()},
    )
    wrong = await ask(platform, make, input={**said, "code": "Bolts!", "idempotencyKey": make_key()})
    listed = await ask(await make_buyer(), "{ categories { nodes { code parent { code } } } }")

    assert bolts["category"]["parent"] == {"code": "goods"}
    assert wrong["__typename"] == "InvalidInputProblem"
    assert listed == {"nodes": [{"code": "bolts", "parent": {"code": "goods"}}, {"code": "goods", "parent": None}]}
    assert await ask(Actor.anonymous(), "{ categories { nodes { code } } }") == {"nodes": []}


async def test_a_specification_is_shown_as_it_was_said() -> None:
    lines = tuple(Property(f"属性{number}", f"值 {number}") for number in range(9, 0, -1))
    product = await make_product(specification=lines)

    shown = await ask(await make_buyer(), PRODUCT, id=encode_id("Product", product.id))

    assert shown["specification"] == [{"name": line.name, "value": line.value} for line in lines]
