"""Relations to rows: children, the first of them, and what a key names, as far as the viewer may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import strawberry
from strawberry.types import Info

import models
from models.rows import related_rows, rows
from resolvers.executor import LevelExecutor
from resolvers.relations import First, Many, One, derived, related, shows
from rules.people import Actor
from tests.makers import make_category, make_product, make_seller
from tests.statements import counting


@dataclass
class Viewer:
    """Who asks."""

    actor: Actor


async def cheapest_first(context: Viewer, parents: Sequence[Any], first: int = 1) -> list[list[Any]]:
    """A batch of its own, with an argument."""
    ids = [parent.id for parent in parents]
    found = await related_rows(models.Product, by="supplier_id", ids=ids, order_by=("list_price",), limit=first)
    return [[one for one in found if one.supplier_id == parent.id] for parent in parents]


@strawberry.type
@shows(models.Company)
class Firm:
    id: strawberry.ID
    products: list["Article"] = related(Many(models.Product, by="supplier_id", order_by=("-list_price",)))
    offered: list["Article"] = related(
        Many(models.Product, by="supplier_id", order_by=("-list_price",), visible=True, limit=2)
    )
    three_days: list["Article"] = related(Many(models.Product, by="supplier_id", where={"lead_time_days": 3}))
    newest: "Article | None" = related(First(models.Product, by="supplier_id", order_by=("-id",)))
    cheapest: list["Article"] = related(cheapest_first)


@strawberry.type
@shows(models.Product)
class Article:
    sku: str
    unit: str
    price: str = derived(lambda row: f"{row.list_price:.2f}")
    supplier: Firm = related(One(models.Company, "supplier_id"))
    visible_supplier: Firm | None = related(One(models.Company, "supplier_id", visible=True))


@strawberry.type
class Query:
    @strawberry.field
    async def rows(self, info: Info[Viewer, None]) -> list[Article]:
        return await rows(models.Product.all().order_by("list_price"))  # type: ignore[return-value]

    @strawberry.field
    async def instances(self, info: Info[Viewer, None]) -> list[Article]:
        return await models.Product.all().order_by("list_price")  # type: ignore[return-value]


schema = strawberry.Schema(Query, execution_context_class=LevelExecutor)
STOCK = strawberry.Schema(Query)


async def ask(actor: Actor, query: str, executed_by: strawberry.Schema = schema) -> Any:
    """The data of an answer without errors."""
    result = await executed_by.execute(query, context_value=Viewer(actor))
    assert not result.errors, result.errors
    return result.data


async def make_market() -> tuple[Actor, Actor]:
    """Two suppliers, of whom the first offers three articles and keeps a fourth to itself."""
    category, first, second = await make_category(), await make_seller(), await make_seller()
    for price in (1, 3, 2):
        await make_product(first, category, sku=f"A{price}", list_price=Decimal(price), lead_time_days=price)
    kept = await make_product(first, category, sku="A9", list_price=Decimal(9), lead_time_days=9)
    await models.Product.filter(id=kept.id).update(is_active=False)
    await make_product(second, category, sku="B5", list_price=Decimal(5), lead_time_days=5)
    return first, second


def skus(articles: list[dict[str, Any]]) -> str:
    """Their article numbers."""
    return " ".join(article["sku"] for article in articles)


@pytest.mark.usefixtures("database")
async def test_children_come_in_order_limited_and_narrowed_and_each_under_its_own_parent() -> None:
    first, second = await make_market()
    shown = "{ rows { sku supplier { products { sku } threeDays { sku } newest { sku } cheapest(first: 2) { sku } } } }"
    articles = (await ask(first, shown))["rows"]
    firms = {article["sku"]: article["supplier"] for article in articles}
    assert skus(firms["A1"]["products"]) == "A9 A3 A2 A1"
    assert skus(firms["A1"]["threeDays"]) == "A3"
    assert firms["A1"]["newest"] == {"sku": "A9"}
    assert skus(firms["A1"]["cheapest"]) == "A1 A2"
    assert skus(firms["B5"]["products"]) == "B5"
    assert skus(firms["B5"]["threeDays"]) == ""
    assert articles == (await ask(second, shown, STOCK))["rows"]


@pytest.mark.usefixtures("database")
async def test_a_child_that_the_viewer_may_not_see_is_not_there() -> None:
    first, second = await make_market()
    shown = "{ rows { sku supplier { offered { sku } } visibleSupplier { id } } }"
    own, others = (await ask(first, shown))["rows"][0], (await ask(second, shown))["rows"][0]
    assert skus(own["supplier"]["offered"]) == "A9 A3"
    assert skus(others["supplier"]["offered"]) == "A3 A2"
    stranger = (await ask(Actor.anonymous(), shown))["rows"][0]
    assert stranger == {"sku": "A1", "supplier": {"offered": []}, "visibleSupplier": None}


@pytest.mark.usefixtures("database")
async def test_instances_are_parents_as_rows_are() -> None:
    first, _ = await make_market()
    shown = "{ sku unit price supplier { id newest { price } } }"
    assert (await ask(first, f"{{ instances {shown} }}"))["instances"] == (await ask(first, f"{{ rows {shown} }}"))[
        "rows"
    ]


@pytest.mark.usefixtures("database")
async def test_a_relation_fetches_the_columns_that_are_selected_in_one_statement() -> None:
    first, _ = await make_market()
    async with counting() as sent:
        await ask(first, "{ rows { supplier { a: products { sku } b: products { price } } } }")
    reads = [sql for sql in sent if "FROM" in sql and "pg_" not in sql]
    assert len(reads) == 3
    assert reads[1] == 'SELECT child."id" FROM "company" AS child WHERE child."id" = ANY($1)'
    wanted = reads[2].partition(" FROM ")[0].removeprefix("SELECT ").split(", ")
    assert sorted(wanted) == ['child."list_price"', 'child."sku"', 'child."supplier_id"']


@pytest.mark.usefixtures("database")
async def test_a_batchs_own_parameters_are_the_fields_arguments() -> None:
    assert "cheapest(first: Int! = 1): [Article!]!" in schema.as_str()
    assert "products: [Article!]!" in schema.as_str()
