"""A supplier makes promotions and ends them: who may, what makes sense, and what nobody else learns."""

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import asyncpg
import pytest

from models import Event, Promotion, PromotionProduct
from models.base import new_id
from models.database import pool
from rules.money import Currency
from rules.people import COMPANY_ROLES, Actor, CompanyKind, Role
from rules.problems import InvalidInput, NotAllowed, NotFound, StaleVersion
from services import clock
from services.price_lists import AudienceWish
from services.promotions import PromotedProduct, end_promotion
from tests.makers import make_actor, make_company
from tests.order_makers import Parties, make_goods, make_parties, make_placed_order
from tests.price_makers import make_grade, make_promotion

TODAY = clock.today("Asia/Shanghai")


@pytest.fixture
async def parties(database: str) -> Parties:
    """A supplier and a buyer who has ordered from it before."""
    parties = await make_parties()
    await make_placed_order(parties)
    return parties


@pytest.mark.parametrize("role", sorted(COMPANY_ROLES))
async def test_administrators_and_sales_make_and_end_them_and_nobody_else(database: str, role: Role) -> None:
    company = await make_company(CompanyKind.SUPPLIER)
    made = await make_promotion(await make_actor(company, Role.SALES))
    actor = await make_actor(company, role)
    if role in (Role.ADMIN, Role.SALES):
        assert (await make_promotion(actor)).version == 1
        assert (await end_promotion(actor, made.id, 1)).version == 2
    else:
        with pytest.raises(NotAllowed):
            await make_promotion(actor)
        with pytest.raises(NotAllowed):
            await end_promotion(actor, made.id, 1)


async def test_who_does_not_supply_promotes_nothing(database: str) -> None:
    with pytest.raises(NotAllowed):
        await make_promotion(await make_actor(await make_company(CompanyKind.BUYER), Role.ADMIN))


@pytest.mark.parametrize(
    ("policy", "facts", "fault"),
    [
        ("GIFT", {}, "input.policy: is none of AMOUNT_OFF, BUNDLE, BUY_N_GET_M, PERCENTAGE"),
        ("LIST_PRICE", {"terms": {}}, "input.policy"),
        ("PERCENTAGE", {"terms": {}}, "share is missing"),
        ("PERCENTAGE", {"terms": {"share": "1.1"}}, r"input\.terms\[0\]\.value"),
        ("AMOUNT_OFF", {"terms": {"amount": "0.001"}}, "finer than 0.01"),
        ("BUNDLE", {"terms": {"price": "9"}}, "input.products: name the products"),
        ("PERCENTAGE", {"valid_to": TODAY - timedelta(days=9)}, "input.validTo"),
        ("PERCENTAGE", {"minimum_amount": D("0.001")}, "input.minimumAmount"),
    ],
)
async def test_what_makes_no_sense_is_named(parties: Parties, policy: str, facts: dict[str, Any], fault: str) -> None:
    with pytest.raises(InvalidInput, match=fault):
        await make_promotion(parties.supplier, policy, **facts)
    assert await Promotion.all().count() == 0


async def test_its_products_are_the_supplier_s_own_each_once_in_its_currency(parties: Parties) -> None:
    goods, dollars = await make_goods(parties.supplier), await make_goods(parties.supplier, currency=Currency.USD)
    foreign = await make_goods((await make_parties()).supplier)
    one = PromotedProduct(goods.id, D(2))
    made = await make_promotion(parties.supplier, "BUNDLE", terms={"price": "9"}, products=(one,))
    assert [row.quantity for row in await PromotionProduct.filter(promotion_id=made.id)] == [D(2)]
    for products, refusal in (
        ((one, one), InvalidInput),
        ((PromotedProduct(dollars.id),), InvalidInput),
        ((PromotedProduct(foreign.id),), NotFound),
        ((PromotedProduct(new_id()),), NotFound),
    ):
        with pytest.raises(refusal):
            await make_promotion(parties.supplier, products=products)


async def test_it_is_for_one_s_own_customers_and_grades(parties: Parties) -> None:
    stranger = await make_parties()
    grade = await make_grade(stranger.supplier)
    for to in (AudienceWish(stranger.buyer.home), AudienceWish(None, grade.id)):
        with pytest.raises(NotFound):
            await make_promotion(parties.supplier, to=to)
    assert (await make_promotion(parties.supplier, to=AudienceWish(parties.buyer.home))).customer_id


async def test_it_ends_once_and_both_is_told_to_the_supplier_alone(parties: Parties) -> None:
    made = await make_promotion(parties.supplier)
    with pytest.raises(StaleVersion):
        await end_promotion(parties.supplier, made.id, 0)
    ended = await end_promotion(parties.supplier, made.id, 1)
    with pytest.raises(InvalidInput, match="ended already"):
        await end_promotion(parties.supplier, made.id, ended.version)
    with pytest.raises(NotFound):
        await end_promotion((await make_parties()).supplier, made.id, 1)
    events = await Event.filter(stream=made.id).order_by("seq")
    assert [(event.seq, event.body["action"]) for event in events] == [(1, "create_promotion"), (2, "end_promotion")]
    assert [event.readers for event in events] == [[parties.supplier.home]] * 2


async def test_nobody_but_the_supplier_s_people_sees_it(parties: Parties) -> None:
    await make_promotion(parties.supplier)
    assert await Promotion.visible_to(parties.supplier).count() == 1
    for other in (parties.buyer, (await make_parties()).supplier, Actor.anonymous()):
        assert await Promotion.visible_to(other).count() == 0


async def test_the_database_itself_keeps_it_as_it_was_made_and_counts_no_further_than_its_limit(
    parties: Parties,
) -> None:
    await make_promotion(parties.supplier, max_uses=2)
    for change, refusal in (
        ("UPDATE promotion SET terms = '{}'", asyncpg.RestrictViolationError),
        ("UPDATE promotion SET max_uses = 9", asyncpg.RestrictViolationError),
        ("DELETE FROM promotion", asyncpg.RestrictViolationError),
        ("UPDATE promotion SET used = 3", asyncpg.CheckViolationError),
        ("UPDATE promotion SET used = -1", asyncpg.CheckViolationError),
    ):
        with pytest.raises(refusal):
            await pool().execute(change)
    await pool().execute("UPDATE promotion SET used = 2")
