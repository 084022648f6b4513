"""Pages: walked in any size and any sort they are the whole list, whatever others insert meanwhile."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from models.base import new_id
from models.database import pool
from models.keyset import Keyset, beyond
from resolvers.context import Context
from resolvers.cursors import encode_cursor
from resolvers.inputs import PAGE_DEFAULT
from resolvers.pages import After, Connection, First, page
from resolvers.relations import shows
from resolvers.scalars import SCALARS
from rules.money import Currency
from rules.people import CompanyKind, CompanyStatus
from rules.units import Unit

MORNING = datetime(2026, 11, 2, 8, tzinfo=UTC)
KEYS = ("created_at", "name_zh", "list_price", "lead_time_days", "unit")
sorts = st.tuples(
    st.lists(st.sampled_from(KEYS), max_size=3, unique=True),
    st.lists(st.sampled_from(["", "-"]), min_size=4, max_size=4),
).map(lambda drawn: tuple(sign + key for sign, key in zip(drawn[1], [*drawn[0], "id"], strict=False)))


@pytest.fixture
async def stock(database: str) -> list[models.Product]:
    """Thirty products, most of which are equal in most respects."""
    supplier = await models.Company.create(
        legal_name="宁波甬固五金有限公司",
        credit_code="91330200MA2AAAAA0X",
        kind=CompanyKind.SUPPLIER,
        status=CompanyStatus.APPROVED,
        created_at=MORNING,
    )
    category = await models.Category.create(code="bolts", name_zh="螺栓", name_en="Bolts", created_at=MORNING)
    made = [product(number, supplier_id=supplier.id, category_id=category.id) for number in range(30)]
    await models.Product.bulk_create(made)
    return made


def product(number: int, **of: Any) -> models.Product:
    """A product that shares its sort keys with others, in a way that follows from its number."""
    return models.Product(
        id=new_id(),
        sku=f"SKU-{number}",
        name_zh=("螺栓 M8×20", "内六角“螺栓”", "螺母\\'")[number % 3],
        name_en="Bolt",
        unit=(Unit.H87, Unit.XBX)[number % 2],
        list_price=Decimal(number % 5) / 8,
        tax_rate=Decimal("0.13"),
        currency=Currency.CNY,
        minimum_quantity=1,
        quantity_step=1,
        lead_time_days=number % 4,
        created_at=MORNING + timedelta(microseconds=number % 6),
        words=[],
        **of,
    )


def in_order(products: list[models.Product], order: tuple[str, ...]) -> list[Any]:
    """The ids, sorted by Python."""
    for name in reversed(order):
        products = sorted(products, key=lambda row: getattr(row, name.lstrip("-")), reverse=name.startswith("-"))
    return [one.id for one in products]


@given(
    order=sorts,
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=4),
    inserted=st.lists(st.integers(0, 29), max_size=6),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_pages_of_any_size_and_sort_add_up_to_the_whole_list_while_others_insert(
    stock: list[models.Product], order: tuple[str, ...], sizes: list[int], inserted: list[int]
) -> None:
    newcomers = [product(n, supplier_id=stock[0].supplier_id, category_id=stock[0].category_id) for n in inserted]
    for place, newcomer in enumerate(newcomers):
        newcomer.sku = f"NEW-{place}"
    walked: list[Any] = []
    cursor, waiting = None, list(newcomers)
    while True:
        found = await page(models.Product.all(), order, first=sizes[len(walked) % len(sizes)], after=cursor)
        walked += [row.id for row in found.rows]
        assert len(walked) <= len(stock) + len(newcomers), "some row is met twice"
        if not found.has_next:
            break
        cursor = encode_cursor(found.keyset, found.rows[-1])
        if waiting:
            await waiting.pop().save()
    await models.Product.filter(sku__startswith="NEW-").delete()

    old = {one.id for one in stock}
    assert [one for one in walked if one in old] == in_order(stock, order)
    assert walked == [one for one in in_order([*stock, *newcomers], order) if one in set(walked)]


async def test_a_page_says_what_is_around_it(stock: list[models.Product]) -> None:
    everything = models.Product.all()
    start = await page(everything, ("id",), first=29)
    end = await page(everything, ("id",), first=29, after=encode_cursor(start.keyset, start.rows[-1]))
    whole = await page(everything, ("id",), first=30)

    assert [(one.has_previous, len(one.rows), one.has_next) for one in (start, end, whole)] == [
        (False, 29, True),
        (True, 1, False),
        (False, 30, False),
    ]
    assert len((await page(everything, ("id",))).rows) == PAGE_DEFAULT


async def test_a_queryset_keeps_its_filter_and_loses_its_own_order(stock: list[models.Product]) -> None:
    found = await page(
        models.Product.filter(supplier__status="APPROVED", lead_time_days=2).order_by("-sku"), ("name_zh", "id")
    )

    assert [row.id for row in found.rows] == in_order(
        [one for one in stock if one.lead_time_days == 2], ("name_zh", "id")
    )


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_a_page_size_out_of_range_is_refused_by_name(stock: list[models.Product], first: int) -> None:
    with pytest.raises(GraphQLError) as refusal:
        await page(models.Product.all(), ("id",), first=first)

    assert refusal.value.extensions == {"code": "INVALID_INPUT", "field": "first"}


@pytest.mark.parametrize("cursor", ["", "x", "💥", "bnVsbA", "W10", "A" * 5_000])
async def test_a_foreign_cursor_is_refused_by_name(stock: list[models.Product], cursor: str) -> None:
    with pytest.raises(GraphQLError) as refusal:
        await page(models.Product.all(), ("id",), after=cursor)

    assert refusal.value.extensions == {"code": "INVALID_INPUT", "field": "after"}


async def test_a_cursor_of_another_sort_is_refused(stock: list[models.Product]) -> None:
    by_name = Keyset.of(models.Product, ("name_zh", "id"))

    with pytest.raises(GraphQLError):
        await page(models.Product.all(), ("-name_zh", "id"), after=encode_cursor(by_name, stock[0]))


@pytest.mark.parametrize(
    "order", [(), ("name_zh",), ("id", "name_zh"), ("stock_on_hand", "id"), ("nothing", "id"), ("supplier", "id")]
)
def test_an_order_that_is_not_total_is_a_mistake_of_ours(order: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="sort"):
        Keyset.of(models.Product, order)


@pytest.mark.parametrize("order", [("name_zh", "id"), ("-name_zh", "-id"), ("-name_zh", "id")])
async def test_the_next_page_starts_inside_the_index(stock: list[models.Product], order: tuple[str, ...]) -> None:
    keyset = Keyset.of(models.Product, order)
    sql, values = beyond(models.Product.filter(is_active=True), keyset, keyset.values_of(stock[0]), 20)
    async with pool().acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        plan = " ".join(line[0] for line in await connection.fetch(f"EXPLAIN {sql}", *values))

    condition = plan.partition("Index Cond:")[2]
    assert "name_zh" in condition
    assert "SubqueryScan" not in plan.replace(" ", "")


@strawberry.type
@shows(models.Product)
class Article:
    """A product in this test's schema."""

    sku: str


@strawberry.type
class Query:
    """The root of this test's schema."""

    @strawberry.field
    async def articles(self, first: First = PAGE_DEFAULT, after: After = None) -> Connection[Article]:
        """All of them by price."""
        return Connection.of(await page(models.Product.all(), ("list_price", "id"), first=first, after=after))


async def test_a_client_walks_by_the_end_cursor(stock: list[models.Product]) -> None:
    schema = strawberry.Schema(Query, scalar_overrides=SCALARS)
    ask = """query ($after: String) { articles(first: 7, after: $after) {
        nodes { sku } edges { cursor node { sku } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    walked, after = [], None
    while True:
        answer = await schema.execute(ask, variable_values={"after": after}, context_value=Context())
        assert answer.errors is None
        assert answer.data is not None
        shown = answer.data["articles"]
        walked += [one["sku"] for one in shown["nodes"]]
        assert [edge["node"] for edge in shown["edges"]] == shown["nodes"]
        cursors = [edge["cursor"] for edge in shown["edges"]]
        info = shown["pageInfo"]
        assert (info["startCursor"], info["endCursor"]) == (cursors[0], cursors[-1])
        assert info["hasPreviousPage"] is (after is not None)
        after = info["endCursor"]
        if not info["hasNextPage"]:
            break

    by_id = {one.id: one.sku for one in stock}
    assert walked == [by_id[one] for one in in_order(stock, ("list_price", "id"))]
