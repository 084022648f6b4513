"""What the demo's suppliers offer: 200 articles in ten categories, four kinds in five sizes each, and a few that all three have."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from uuid import UUID

from api.demo.known import once
from models import Category, Product
from rules.money import Currency
from rules.people import Actor
from rules.units import Unit
from services.catalogue import Article, Property, create_category, create_product

VAT = Decimal("0.13")
PLENTY, SCARCE = 5_000, 3
"""How many times its minimum quantity of an article lies in stock."""


@dataclass(frozen=True)
class Shelf:
    """One category of one supplier; names are Chinese, then English, and so is what stands in each of its kinds after the code."""

    supplier: str
    code: str
    name: tuple[str, str]
    unit: Unit
    price: str
    minimum: int
    material: tuple[str, str]
    sizes: tuple[str, ...]
    kinds: tuple[tuple[str, str, str], ...]


def shelves() -> list[Shelf]:
    """All shelves, as the file lists them."""
    with (Path(__file__).parent / "goods.toml").open("rb") as file:
        return [Shelf(**{**shelf, "unit": Unit(shelf["unit"])}) for shelf in tomllib.load(file)["shelf"]]


async def stock_up(actors: dict[str, Actor]) -> dict[str, list[Product]]:
    """Every category and article, made where missing, by supplier."""
    offered: dict[str, list[Product]] = {}
    for shelf in shelves():
        operator, key = actors["op@platform.demo"], f"demo-category-{shelf.code}"
        make = partial(create_category, operator, shelf.code, *shelf.name, idempotency_key=key)
        category = await once(Category, operator, key, make)
        seller = actors[f"sales@{shelf.supplier}.demo"]
        for article in _articles(shelf, category.id):
            key = f"demo-product-{article.sku}"
            made = await once(Product, seller, key, partial(create_product, seller, article, idempotency_key=key))
            offered.setdefault(shelf.supplier, []).append(made)
    return offered


def _articles(shelf: Shelf, category_id: UUID) -> Iterator[Article]:
    for k, (short, zh, en) in enumerate(shelf.kinds):
        for s, size in enumerate(shelf.sizes):
            price = Decimal(shelf.price) * (10 + 3 * k) / 10 * (2 + s) / 2
            yield Article(
                category_id=category_id,
                sku=f"{shelf.code}-{short}-{size}".upper(),
                name_zh=f"{zh} {size}",
                name_en=f"{en} {size}",
                specification=(Property("Size / 规格", size), Property("Material / 材质", " · ".join(shelf.material))),
                unit=shelf.unit,
                list_price=price.quantize(Decimal("0.0001")),
                currency=Currency.CNY,
                tax_rate=VAT,
                minimum_quantity=Decimal(shelf.minimum),
                quantity_step=Decimal(shelf.minimum),
                lead_time_days=5 + 2 * k,
                # The last kind of each shelf is made to order; the first size is scarce.
                stock_on_hand=None if k == len(shelf.kinds) - 1 else Decimal(shelf.minimum * (PLENTY if s else SCARCE)),
            )
