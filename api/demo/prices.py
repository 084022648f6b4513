"""What one of the demo's suppliers asks of its dealers for large quantities, and what it takes off very large orders of anybody."""

from datetime import date
from decimal import Decimal
from functools import partial

from api.demo.known import once
from models import CustomerGrade, PriceList, Product, Promotion
from rules.money import Currency
from rules.people import Actor
from rules.pricing.price_lists import PriceBreak
from services import clock
from services.price_lists import (
    AudienceWish,
    ProductPrices,
    assign_customer_grade,
    create_customer_grade,
    create_price_list,
    set_price_list_items,
)
from services.promotions import PromotionWish, create_promotion

SUPPLIER, DEALER = "henggu", "mingyuan"
LISTED = 20
"""Articles on the list: the first of the catalogue."""

# fmt: off
BREAKS = (
    # so many times the smallest order, at so much of the list price
    (100, Decimal("0.95")),
    (500, Decimal("0.90")),
)
# fmt: on


async def put_prices(actors: dict[str, Actor], goods: dict[str, list[Product]]) -> None:
    """A grade, a list for it, and a promotion, made where missing; the grade's one customer has ordered before."""
    seller = actors[f"sales@{SUPPLIER}.demo"]
    make = partial(create_customer_grade, seller, "一级经销商", idempotency_key="demo-grade")
    grade = await once(CustomerGrade, seller, "demo-grade", make)
    await assign_customer_grade(seller, actors[f"admin@{DEALER}.demo"].home, grade.id)
    first = date(clock.today("Asia/Shanghai").year, 1, 1)
    said = ("经销商价目表", Currency.CNY, AudienceWish(grade_id=grade.id), first)
    listed = await once(
        PriceList,
        seller,
        "demo-price-list",
        partial(create_price_list, seller, *said, idempotency_key="demo-price-list"),
    )
    if listed.version == 1:
        prices = [_prices(product) for product in goods[SUPPLIER][:LISTED]]
        await set_price_list_items(seller, listed.id, listed.version, prices)
    wish = PromotionWish(
        name="大额订单立减",
        currency=Currency.CNY,
        policy="AMOUNT_OFF",
        terms=(("amount", Decimal("500.00")),),
        valid_from=first,
        minimum_amount=Decimal("50000.00"),
    )
    make_promotion = partial(create_promotion, seller, wish, idempotency_key="demo-promotion")
    await once(Promotion, seller, "demo-promotion", make_promotion)


def _prices(product: Product) -> ProductPrices:
    breaks = (PriceBreak(product.minimum_quantity * times, product.list_price * share) for times, share in BREAKS)
    return ProductPrices(product.id, tuple(breaks))
