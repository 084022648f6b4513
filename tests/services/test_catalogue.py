"""The catalogue's verbs: what a supplier may offer, and what becomes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from models import Category, Product
from models.base import new_id
from rules.people import Actor, CompanyKind, CompanyStatus, Role
from rules.problems import Conflict, InvalidInput, KeyReused, NotAllowed, NotFound, StaleVersion, Unauthenticated
from rules.search import wanted
from services.catalogue import (
    MOST_STOCK,
    Property,
    Revision,
    create_category,
    create_product,
    update_product,
)
from services.stocktaking import adjust_stock
from tests.makers import (
    make_actor,
    make_article,
    make_category,
    make_company,
    make_key,
    make_platform,
    make_product,
    make_seller,
)

pytestmark = pytest.mark.usefixtures("database")


async def stored(product: Product) -> Product:
    """The row as it is now."""
    return await Product.get(id=product.id)


async def test_a_product_is_offered_to_everybody_under_all_its_words() -> None:
    product = await make_product(specification=(Property(" 标准 ", " DIN 933 "),), sku=" A2-70 ")
    buyer = await make_actor(await make_company(), Role.REQUESTER)

    found = await Product.visible_to(buyer).get(id=product.id)

    assert (found.sku, found.specification) == ("A2-70", [{"name": "标准", "value": "DIN 933"}])
    assert (found.version, found.is_active, found.stock_on_hand, found.stock_reserved) == (
        0,
        True,
        Decimal(5000),
        Decimal(0),
    )
    for text in ("a2-7", "螺栓", "m8*20", "hex", "din 933"):
        assert set(wanted(text)) <= set(found.words), text
    assert "标准" not in found.words


async def test_the_same_request_makes_one_product_and_another_one_is_refused() -> None:
    seller, category, key = await make_seller(), await make_category(), make_key()
    article = make_article(category)

    first = await create_product(seller, article, idempotency_key=key)
    again = await create_product(seller, article, idempotency_key=key)
    with pytest.raises(KeyReused):
        await create_product(seller, make_article(category), idempotency_key=key)

    assert again.id == first.id
    assert await Product.all().count() == 1


async def test_a_sku_is_taken_within_one_supplier_only() -> None:
    seller, other, category = await make_seller(), await make_seller(), await make_category()
    await make_product(seller, category, sku="A-1")
    await make_product(other, category, sku="A-1")

    with pytest.raises(Conflict) as refusal:
        await make_product(seller, category, sku=" A-1")

    assert refusal.value.field == "sku"
    assert await Product.all().count() == 2


async def test_of_two_who_take_a_sku_at_once_one_gets_it() -> None:
    seller, category = await make_seller(), await make_category()

    outcomes = await asyncio.gather(
        *(make_product(seller, category, sku="A-1") for _ in range(4)), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Conflict", "Conflict", "Product"]


@pytest.mark.parametrize(
    ("facts", "path", "suggestion"),
    [
        ({"list_price": Decimal("-0.01")}, "input.listPrice.amount", "0"),
        ({"minimum_quantity": Decimal(120)}, "input.minimumQuantity", "150"),
        ({"specification": (Property("材质", "304"), Property("材质 ", "316"))}, "input.specification", None),
    ],
)
async def test_an_article_that_contradicts_itself_is_refused(
    facts: dict[str, Any], path: str, suggestion: str | None
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await make_product(**facts)

    assert [(fault.path, fault.suggestion) for fault in refusal.value.faults] == [(path, suggestion)]
    assert await Product.all().count() == 0


@pytest.mark.parametrize(
    ("kind", "role"),
    [(CompanyKind.SUPPLIER, Role.WAREHOUSE), (CompanyKind.SUPPLIER, Role.ADMIN), (CompanyKind.BUYER, Role.SALES)],
)
async def test_only_people_who_sell_for_a_supplier_offer_products(kind: CompanyKind, role: Role) -> None:
    actor = await make_actor(await make_company(kind), role)

    with pytest.raises(NotAllowed):
        await make_product(actor)


async def test_a_suspended_supplier_offers_nothing() -> None:
    company = await make_company(CompanyKind.SUPPLIER)
    seller = await make_actor(company, Role.SALES)
    product = await make_product(seller)
    company.status = CompanyStatus.SUSPENDED
    await company.save()

    for step in (
        make_product(seller),
        update_product(seller, product.id, 0, Revision(name_en="New")),
        adjust_stock(seller, product.id, 0, Decimal(1)),
    ):
        with pytest.raises(NotAllowed):
            await step


async def test_a_stranger_offers_nothing() -> None:
    with pytest.raises(Unauthenticated):
        await make_product(Actor.anonymous())


Change = Callable[[Actor, UUID, int], Awaitable[Product]]
CHANGES: list[Change] = [
    lambda actor, product, version: update_product(actor, product, version, Revision(name_en="New")),
    lambda actor, product, version: adjust_stock(actor, product, version, Decimal(1)),
]


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_raises_the_version_and_one_that_is_out_of_date_is_refused(change: Change) -> None:
    seller = await make_seller()
    product = await make_product(seller)

    assert (await change(seller, product.id, 0)).version == 1
    with pytest.raises(StaleVersion) as refusal:
        await change(seller, product.id, 0)

    assert refusal.value.current_version == 1
    assert (await stored(product)).version == 1


@pytest.mark.parametrize("change", CHANGES)
async def test_nobody_changes_a_product_of_others(change: Change) -> None:
    product, rival = await make_product(), await make_seller()

    for id in (product.id, new_id()):
        with pytest.raises(NotFound) as refusal:
            await change(rival, id, 0)
        assert (refusal.value.kind, refusal.value.id) == ("Product", id)
    assert (await stored(product)).version == 0


async def test_what_is_not_said_anew_stays_and_the_words_follow() -> None:
    seller = await make_seller()
    product = await make_product(seller)

    await update_product(seller, product.id, 0, Revision(name_zh="镀锌螺母", list_price=Decimal(2), is_active=False))

    now = await stored(product)
    assert (now.name_zh, now.list_price, now.is_active) == ("镀锌螺母", Decimal(2), False)
    assert (now.name_en, now.sku, now.minimum_quantity, now.stock_on_hand) == (
        product.name_en,
        product.sku,
        Decimal(100),
        Decimal(5000),
    )
    assert "螺母" in now.words
    assert "螺栓" not in now.words


async def test_a_withdrawn_product_is_seen_by_its_supplier_alone() -> None:
    seller, buyer = await make_seller(), await make_actor(await make_company(), Role.REQUESTER)
    product = await make_product(seller)

    await update_product(seller, product.id, 0, Revision(is_active=False))

    assert await Product.visible_to(buyer).get_or_none(id=product.id) is None
    assert await Product.visible_to(seller).get_or_none(id=product.id) is not None


async def test_what_is_said_anew_must_fit_what_stays() -> None:
    seller = await make_seller()
    product = await make_product(seller)

    with pytest.raises(InvalidInput):
        await update_product(seller, product.id, 0, Revision(quantity_step=Decimal(30)))

    assert (await stored(product)).quantity_step == 50


async def test_a_shelf_is_taken_away_and_put_up_again_empty() -> None:
    seller = await make_seller()
    product = await make_product(seller)

    gone = await update_product(seller, product.id, 0, Revision(), True)
    assert (gone.stock_on_hand, gone.stock_reserved) == (None, 0)
    with pytest.raises(InvalidInput):
        await adjust_stock(seller, product.id, 1, Decimal(1))
    empty = await update_product(seller, product.id, 1, Revision(), False)
    assert empty.stock_on_hand == 0
    kept = await update_product(seller, (await make_product(seller)).id, 0, Revision(), False)
    assert kept.stock_on_hand == 5000


@pytest.mark.parametrize(("change", "left"), [("-5000", "0"), ("0.000001", "5000.000001"), ("-1", "4999")])
async def test_stock_comes_and_goes(change: str, left: str) -> None:
    seller = await make_seller()
    product = await make_product(seller)

    await adjust_stock(seller, product.id, 0, Decimal(change))

    assert (await stored(product)).stock_on_hand == Decimal(left)


@pytest.mark.parametrize("change", [Decimal("-5000.000001"), MOST_STOCK])
async def test_stock_stays_between_nothing_and_what_can_be_counted(change: Decimal) -> None:
    seller = await make_seller()
    product = await make_product(seller)

    with pytest.raises(InvalidInput):
        await adjust_stock(seller, product.id, 0, change)

    assert (await stored(product)).stock_on_hand == 5000


async def test_a_warehouse_counts_stock_and_does_not_price() -> None:
    company = await make_company(CompanyKind.SUPPLIER)
    product = await make_product(await make_actor(company, Role.SALES))
    keeper = await make_actor(company, Role.WAREHOUSE)

    assert (await adjust_stock(keeper, product.id, 0, Decimal(1))).stock_on_hand == 5001
    with pytest.raises(NotAllowed):
        await update_product(keeper, product.id, 1, Revision(list_price=Decimal(1)))


async def test_categories_form_a_tree_that_the_operator_keeps() -> None:
    goods = await make_category(code="goods")
    bolts = await make_category(code="bolts", parent_id=goods.id)
    hex_bolts = await make_category(code="hex-bolts", parent_id=bolts.id)
    other = await make_category(code="paper")

    assert set(await Category.beneath(goods.id)) == {goods.id, bolts.id, hex_bolts.id}
    assert await Category.beneath(other.id) == [other.id]
    assert await Category.beneath(new_id()) == []
    with pytest.raises(Conflict) as refusal:
        await make_category(code="bolts")
    assert refusal.value.field == "code"
    with pytest.raises(NotFound):
        await make_category(parent_id=new_id())


async def test_nobody_else_makes_categories() -> None:
    seller, platform = await make_seller(), await make_platform()

    with pytest.raises(NotAllowed):
        await create_category(seller, "bolts", "螺栓", "Bolts", idempotency_key=make_key())
    assert (await create_category(platform, "bolts", " 螺栓 ", "Bolts", idempotency_key=make_key())).name_zh == "螺栓"


async def test_a_product_needs_a_category_that_exists() -> None:
    seller = await make_seller()
    product = await make_product(seller)
    nowhere = Category(id=new_id())

    with pytest.raises(NotFound):
        await make_product(seller, nowhere)
    with pytest.raises(NotFound):
        await update_product(seller, product.id, 0, Revision(category_id=nowhere.id))
