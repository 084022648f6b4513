"""Rows show what is stored, exactly, at the cost of fetching it."""

from datetime import UTC
from decimal import Decimal

import pytest
from tortoise.functions import Count

from models import Category, Company, Product
from models.database import pool
from models.rows import fetch, pages, related_rows, row, row_class, rows
from models.transaction import transact
from tests.makers import make_category, make_company, make_product, make_seller
from tests.statements import counting


@pytest.mark.usefixtures("database")
async def test_a_row_shows_what_its_instance_shows_and_enums_as_plain_strings() -> None:
    product = await make_product(list_price=Decimal("0.10"), stock_on_hand=None)
    shown = await row(Product.filter(id=product.id))
    assert shown is not None
    assert isinstance(shown, row_class(Product))
    assert shown.list_price == Decimal("0.100000")
    assert str(shown.list_price) == "0.100000"
    assert shown.created_at.tzinfo is UTC
    assert shown.specification == [{"name": "材质", "value": "304"}]
    assert type(shown.unit) is str
    assert shown.unit == "H87"
    assert "m8" in " ".join(shown.words).lower()
    assert shown.stock_on_hand is None
    stored = await Product.get(id=product.id)
    for name in Product._meta.fields_db_projection:
        assert getattr(shown, name) == getattr(stored, name)


@pytest.mark.usefixtures("database")
async def test_a_row_has_the_columns_of_its_query_and_no_others_and_cannot_be_changed() -> None:
    await make_company()
    shown = (await rows(Company.all().annotate(many=Count("members"))))[0]
    assert shown.many == 1
    with pytest.raises(AttributeError, match="CompanyRow has no column 'nickname'"):
        _ = shown.nickname
    with pytest.raises(AttributeError):
        shown.legal_name = "another"


@pytest.mark.usefixtures("database")
async def test_what_a_filter_compares_with_is_never_part_of_the_statement() -> None:
    category = await make_category(name_en="x' OR '1'='1")
    async with counting() as sent:
        assert await rows(Category.filter(name_en="' OR '1'='1")) == []
        assert [one.id for one in await rows(Category.filter(name_en="x' OR '1'='1"))] == [category.id]
    assert len(set(sent)) == 1
    assert "'" not in sent[0]


@pytest.mark.usefixtures("database")
async def test_rows_inside_a_transaction_see_what_it_has_written() -> None:
    category = await make_category()

    async def work() -> str:
        await Category.filter(id=category.id).update(name_en="Bolts")
        [outside] = await pool().fetch("SELECT name_en FROM category WHERE id = $1", category.id)
        [inside] = await rows(Category.filter(id=category.id))
        return f"{outside['name_en']}, {inside.name_en}"

    assert await transact(work) == "Fasteners, Bolts"


@pytest.mark.usefixtures("database")
async def test_children_of_many_parents_come_in_one_statement_in_order_each_limited_by_itself() -> None:
    category, sellers = await make_category(), [await make_seller() for _ in range(3)]
    for seller in sellers:
        for price in (3, 1, 2):
            await make_product(seller, category, list_price=Decimal(price))
    ids = [seller.home for seller in sellers]
    async with counting() as sent:
        found = await related_rows(Product, by="supplier_id", ids=ids, order_by=("-list_price",), limit=2)
    assert len([sql for sql in sent if "product" in sql]) == 1  # a new connection first asks what an array is
    for seller in sellers:
        assert [one.list_price for one in found if one.supplier_id == seller.home] == [3, 2]


@pytest.mark.usefixtures("database")
async def test_children_can_be_narrowed_by_equalities_by_another_queryset_and_to_some_columns() -> None:
    seller, category = await make_seller(), await make_category()
    await make_product(seller, category, sku="A", lead_time_days=3)
    await make_product(seller, category, sku="B", lead_time_days=4)
    await make_product(seller, category, sku="C", lead_time_days=3, list_price=Decimal(9))
    [shown] = await related_rows(
        Product,
        by="supplier_id",
        ids=[seller.home],
        where={"lead_time_days": 3},
        among=Product.filter(list_price__lt=5),
        columns=["sku"],
    )
    assert dict(shown) == {"sku": "A", "supplier_id": seller.home}


@pytest.mark.usefixtures("database")
async def test_nobody_has_children_without_a_statement() -> None:
    async with counting() as sent:
        assert await related_rows(Product, by="supplier_id", ids=[]) == []
    assert sent == []


@pytest.mark.usefixtures("database")
async def test_pages_are_one_run_of_their_statement_and_others_run_in_between() -> None:
    sql = "SELECT $1::text || n AS name_en FROM generate_series(1, 5) AS n"

    async def read() -> list[list[str]]:
        found = []
        async for page in pages(Category, sql, "c", most=2):
            assert all(isinstance(one, row_class(Category)) for one in page)
            [between] = await fetch(Category, "SELECT 1 AS position")
            found.append([one.name_en for one in page])
        assert between.position == 1
        return found

    assert await transact(read) == [["c1", "c2"], ["c3", "c4"], ["c5"]]
    with pytest.raises(TypeError, match="inside transact"):
        await read()
