"""Finding products: by any word people type, by any condition, in any sort, always through an index."""

import itertools
from decimal import Decimal
from typing import Any

import pytest

from models import Category, Product
from models.base import new_id
from models.database import pool
from models.keyset import Keyset, beyond
from models.product_search import ProductSearch
from resolvers.catalogue_search import _SORTS, ProductSort
from resolvers.context import Context
from resolvers.ids import encode_id
from rules.money import Currency
from rules.people import Actor, Role
from rules.search import wanted, words
from services import clock
from tests.makers import make_actor, make_article, make_category, make_company, make_product, make_seller
from tests.resolvers.test_catalogue import ask, schema
from tests.statements import counting

pytestmark = pytest.mark.usefixtures("database")

LIST = """query ($filter: ProductFilter, $sort: ProductSort! = NEWEST, $first: Int, $after: String) {
    products(filter: $filter, sort: $sort, first: $first, after: $after) {
        nodes { sku supplier { legalName } category { code } } pageInfo { hasNextPage endCursor } } }"""


async def skus(actor: Actor, sort: str = "NAME", **filter: Any) -> list[str]:
    """What is found, in order."""
    found = await ask(actor, LIST, filter=filter, sort=sort)
    return [one["sku"] for one in found["nodes"]]


@pytest.fixture
async def shop() -> Actor:
    """A buyer before a shop of five articles, by name: bolt, hose, nut, printer, washer."""
    seller = await make_seller()
    goods = await make_category(code="goods")
    bolts = await make_category(code="bolts", parent_id=goods.id)
    paper = await make_category(code="paper")
    for article in (
        {"sku": "GB-5783/M8X20", "name_zh": "1 不锈钢螺栓 M8×20", "category": bolts, "list_price": Decimal("0.4")},
        {"sku": "HOSE_12", "name_zh": "2 橡胶软管", "category": goods, "list_price": Decimal(9), "stock_on_hand": None},
        {
            "sku": "NUT-8",
            "name_zh": "3 六角螺母",
            "category": bolts,
            "list_price": Decimal("0.4"),
            "stock_on_hand": Decimal(99),
        },
        {"sku": "HP-1020", "name_zh": "4 激光打印机 100%", "category": paper, "list_price": Decimal(1200)},
        {"sku": "W", "name_zh": "5 垫圈", "category": goods, "list_price": Decimal(1), "currency": Currency.USD},
    ):
        category = article.pop("category")
        await make_product(seller, category, **{"name_en": "Thing", "specification": (), **article})  # type: ignore[arg-type]
    return await make_actor(await make_company(), Role.REQUESTER)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("螺栓", ["GB-5783/M8X20"]),
        ("螺", ["GB-5783/M8X20", "NUT-8"]),
        ("M8*20 螺栓", ["GB-5783/M8X20"]),
        ("gb-57", ["GB-5783/M8X20"]),
        ("m8x", ["GB-5783/M8X20"]),
        ("ｈｐ－１０２０", ["HP-1020"]),
        ("hose 软管", ["HOSE_12"]),
        ("软管 螺栓", []),
        ("THING", ["GB-5783/M8X20", "HOSE_12", "NUT-8", "HP-1020", "W"]),
        ("", ["GB-5783/M8X20", "HOSE_12", "NUT-8", "HP-1020", "W"]),
        ("  ", ["GB-5783/M8X20", "HOSE_12", "NUT-8", "HP-1020", "W"]),
        ("%", []),
        ("_", []),
        ("' OR 1=1; --", []),
        ('{"螺栓"}', ["GB-5783/M8X20"]),
        ("\\螺栓\\", ["GB-5783/M8X20"]),
        ("100%", ["HP-1020"]),
        ("1_0%", []),
    ],
)
async def test_what_people_type_finds_what_they_mean_and_signs_do_nothing(
    shop: Actor, text: str, found: list[str]
) -> None:
    assert await skus(shop, text=text) == found


async def test_conditions_narrow_and_all_must_hold(shop: Actor) -> None:
    goods, bolts = await Category.get(code="goods"), await Category.get(code="bolts")
    supplier = (await Product.get(sku="W")).supplier_id
    cheap = {"amount": "0.40", "currency": "CNY"}

    assert await skus(shop, categoryId=encode_id("Category", goods.id)) == ["GB-5783/M8X20", "HOSE_12", "NUT-8", "W"]
    assert await skus(shop, categoryId=encode_id("Category", bolts.id)) == ["GB-5783/M8X20", "NUT-8"]
    assert await skus(shop, priceFrom=cheap) == ["GB-5783/M8X20", "HOSE_12", "NUT-8", "HP-1020"]
    assert await skus(shop, priceFrom=cheap, priceTo=cheap) == ["GB-5783/M8X20", "NUT-8"]
    assert await skus(shop, priceTo={"amount": "5", "currency": "USD"}) == ["W"]
    assert await skus(shop, inStock=True) == ["GB-5783/M8X20", "HP-1020", "W"]
    assert await skus(shop, inStock=True, text="螺", priceTo=cheap) == ["GB-5783/M8X20"]
    assert len(await skus(shop, supplierId=encode_id("Company", supplier))) == 5


async def test_an_id_that_is_missing_malformed_or_of_another_kind_finds_nothing(shop: Actor) -> None:
    for id in (encode_id("Company", new_id()), encode_id("Category", new_id()), "nonsense", ""):
        assert await skus(shop, supplierId=id) == []
        assert await skus(shop, categoryId=id) == []


async def test_every_sort_lists_everything(shop: Actor) -> None:
    by_name = ["GB-5783/M8X20", "HOSE_12", "NUT-8", "HP-1020", "W"]

    assert await skus(shop, "NAME") == by_name
    assert await skus(shop, "NEWEST") == by_name[::-1]
    assert await skus(shop, "PRICE_ASC") == ["GB-5783/M8X20", "NUT-8", "W", "HOSE_12", "HP-1020"]
    assert await skus(shop, "PRICE_DESC") == ["HP-1020", "HOSE_12", "W", "NUT-8", "GB-5783/M8X20"]


@pytest.mark.parametrize("sort", list(ProductSort))
async def test_a_search_is_walked_page_by_page(shop: Actor, sort: ProductSort) -> None:
    walked: list[str] = []
    after = None
    while True:
        found = await ask(shop, LIST, filter={"text": "thing"}, sort=sort.value, first=2, after=after)
        walked += [one["sku"] for one in found["nodes"]]
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]

    assert walked == await skus(shop, sort.value)


@pytest.mark.parametrize(
    ("filter", "field"),
    [
        ({"text": "x" * 201}, "filter.text"),
        (
            {"priceFrom": {"amount": "1", "currency": "CNY"}, "priceTo": {"amount": "1", "currency": "USD"}},
            "filter.priceTo.currency",
        ),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused_by_name(shop: Actor, filter: dict[str, Any], field: str) -> None:
    answer = await schema.execute(LIST, variable_values={"filter": filter}, context_value=Context(actor=shop))

    [error] = answer.errors or []
    assert error.original_error is not None
    assert [fault.path for fault in error.original_error.faults] == [field]  # type: ignore[attr-defined]


@pytest.fixture
async def warehouse() -> Actor:
    """A buyer before 3,000 products, of which one in 300 is a bolt; the rows are counted, as the database does by itself in time."""
    await stock_up(3_000)
    async with pool().acquire() as connection:
        await connection.execute("VACUUM ANALYZE")
    return await make_actor(await make_company(), Role.REQUESTER)


async def stock_up(products: int) -> None:
    """So many products of one supplier."""
    seller, category = await make_seller(), await make_category()
    things = itertools.cycle(["打印纸", "中性笔", "文件夹", "订书机", "橡皮筋", "计算器", "便利贴"])
    made = [
        stocked(seller, category, number, "螺栓" if number % 300 == 0 else next(things)) for number in range(products)
    ]
    await Product.bulk_create(made, batch_size=500)


def stocked(seller: Actor, category: Category, number: int, thing: str) -> Product:
    """One product of many."""
    facts = vars(
        make_article(
            category,
            sku=f"SKU-{number:05d}",
            name_zh=f"{thing} {number}",
            list_price=Decimal(number) / 8,
            stock_on_hand=Decimal(0),
        )
    )
    searched = words(facts["sku"], facts["name_zh"], facts["name_en"])
    return Product(**{**facts, "specification": []}, supplier_id=seller.home, words=searched, created_at=clock.now())


async def plan_of(actor: Actor, search: ProductSearch, sort: ProductSort) -> str:
    """How PostgreSQL reads the second page."""
    keyset = Keyset.of(Product, _SORTS[sort])
    visible = search.among(Product.visible_to(actor))
    place = keyset.values_of(await Product.all().offset(1_500).order_by(*_SORTS[sort]).first())
    sql, values = beyond(visible, keyset, place, 21)
    async with pool().acquire() as connection:
        return "\n".join(line[0] for line in await connection.fetch(f"EXPLAIN {sql}", *values))


async def test_every_list_of_products_is_read_through_an_index(warehouse: Actor) -> None:
    indexed = {
        ProductSort.NEWEST: "product_pkey",
        ProductSort.NAME: "(name_zh)::text, id",
        ProductSort.PRICE_ASC: "list_price, id",
        ProductSort.PRICE_DESC: "list_price, id",
    }
    for sort, column in indexed.items():
        plan = await plan_of(warehouse, ProductSearch(), sort)
        assert column in plan, plan
        assert "Sort" not in plan, plan
        assert "Seq Scan on product" not in plan, plan


async def test_a_word_is_looked_up_in_its_index(warehouse: Actor) -> None:
    for sort in ProductSort:
        plan = await plan_of(warehouse, ProductSearch(words=wanted("螺栓")), sort)
        assert "Bitmap Index Scan on product_words" in plan, plan

    assert len(await skus(warehouse, text="螺栓")) == 10
    assert await skus(warehouse, text="sku-00600") == ["SKU-00600"]


async def test_a_list_of_fifty_takes_as_many_statements_as_one_of_five() -> None:
    await stock_up(60)
    buyer = await make_actor(await make_company(), Role.REQUESTER)
    counts = []
    for first in (5, 50):
        async with counting() as sent:
            found = await ask(buyer, LIST, filter={"text": "sku"}, first=first)
        assert len(found["nodes"]) == first
        counts.append(len(sent))

    assert counts == [3, 3]  # the products, their suppliers, their categories
