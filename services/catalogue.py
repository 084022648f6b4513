"""What suppliers offer: products and their stock, in categories that the operator keeps."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models import Category, Company, Product
from models.base import new_id
from rules.decimals import ZERO
from rules.money import Currency
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import Conflict, FieldFault, InvalidInput, NotAllowed, NotFound, StaleVersion
from rules.quantity import plain
from rules.search import words
from rules.stock import StockMovement
from rules.units import Unit
from services import clock
from services.shelves import clear, shelves_of
from services.tax import check_rates
from services.verb import creating, verb

MOST_STOCK = Decimal(10**12)
"""Units; the column holds a hundred times as much, so that sums of it fit too."""


@dataclass(frozen=True)
class Property:
    """One line of a specification, such as ("Material", "304")."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Article:
    """Everything a supplier says of a new product."""

    category_id: UUID
    sku: str
    name_zh: str
    name_en: str
    specification: tuple[Property, ...]
    unit: Unit
    list_price: Decimal
    currency: Currency
    tax_rate: Decimal
    minimum_quantity: Decimal
    quantity_step: Decimal
    lead_time_days: int
    # None: made to order.
    stock_on_hand: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Revision:
    """What a supplier says anew of a product; what is None stays. SKU and unit stay for good, since orders were made in them."""

    category_id: UUID | None = None
    name_zh: str | None = None
    name_en: str | None = None
    specification: tuple[Property, ...] | None = None
    list_price: Decimal | None = None
    currency: Currency | None = None
    tax_rate: Decimal | None = None
    minimum_quantity: Decimal | None = None
    quantity_step: Decimal | None = None
    lead_time_days: int | None = None
    is_active: bool | None = None


@creating(Category)
async def create_category(
    actor: Actor, code: str, name_zh: str, name_en: str, parent_id: UUID | None = None, *, idempotency_key: str
) -> Category:
    """A category at the top, or under another; Conflict when the code is taken."""
    if parent_id is not None:
        await _known_category(parent_id)
    category = Category(
        id=new_id(),
        code=code,
        name_zh=name_zh.strip(),
        name_en=name_en.strip(),
        parent_id=parent_id,
        created_at=clock.now(),
    )
    if not await category.written():
        raise Conflict("code")
    return category


@creating(Product)
async def create_product(actor: Actor, article: Article, *, idempotency_key: str) -> Product:
    """A product of the caller's company, offered from now on; Conflict when the company has the SKU already."""
    await _only_suppliers(actor, "create_product")
    product = Product(id=new_id(), supplier_id=actor.home, created_at=clock.now(), stock_reserved=Decimal(0))
    await _describe(product, article)
    opening, product.stock_on_hand = product.stock_on_hand, None if product.stock_on_hand is None else ZERO
    if not await product.written():
        raise Conflict("sku")
    if opening is not None:
        shelves = await shelves_of(product.supplier_id, {product.id: product})
        shelves.book(StockMovement.OPENING, product.id, shelves.default, on_hand=opening)
        await shelves.write(actor)
        product.stock_on_hand = opening
    return product


@verb
async def update_product(
    actor: Actor, product_id: UUID, expected_version: int, revision: Revision, made_to_order: bool | None = None
) -> Product:
    """The product as described anew; orders keep what they were made with.

    `made_to_order` takes the shelf away with all that is on it, or puts up an empty one.
    """
    product = await open_product(actor, "update_product", product_id, expected_version)
    await _describe(product, revision)
    if made_to_order is not None and made_to_order is not (product.stock_on_hand is None):
        if made_to_order:
            await clear(product, actor)
        product.stock_on_hand = None if made_to_order else ZERO
        product.stock_reserved = ZERO
    return await saved(product)


async def open_product(actor: Actor, action: str, product_id: UUID, expected_version: int) -> Product:
    """A product of the caller's company, locked for this transaction, as it was read."""
    await _only_suppliers(actor, action)
    product = await Product.owned(actor.home, product_id)
    if product is None:
        raise NotFound("Product", product_id)
    if product.version != expected_version:
        raise StaleVersion(product.version)
    return product


async def saved(product: Product) -> Product:
    """The product under its next version."""
    product.version += 1
    await product.save()
    return product


async def _describe(product: Product, said: Article | Revision) -> None:
    """Write down what was said, if it makes sense together with what stays."""
    if said.category_id is not None:
        await _known_category(said.category_id)
    for field, value in vars(said).items():
        if value is not None:
            setattr(product, field, _written(value))
    if faults := tuple(_faults(product)):
        raise InvalidInput(faults)
    if said.tax_rate is not None:
        await check_rates(product.supplier_id, [("input.taxRate", said.tax_rate)])
    values = [line["value"] for line in product.specification]
    product.words = words(product.sku, product.name_zh, product.name_en, *values)


def _written(value: object) -> object:
    """As the row holds it."""
    if isinstance(value, tuple):
        return [{"name": line.name.strip(), "value": line.value.strip()} for line in value]
    return value.strip() if type(value) is str else value


def _faults(product: Product) -> list[FieldFault]:
    faults = []
    if product.list_price < 0:
        faults.append(FieldFault("input.listPrice.amount", "must not be negative", "0"))
    if product.minimum_quantity % product.quantity_step:
        step = product.quantity_step
        fitting = plain((product.minimum_quantity // step + 1) * step)
        faults.append(
            FieldFault("input.minimumQuantity", Phrase("is not a multiple of {step}", step=plain(step)), fitting)
        )
    for name, count in Counter(line["name"] for line in product.specification).items():
        if count > 1:
            faults.append(FieldFault("input.specification", Phrase("names {name} more than once", name=name)))
    return faults


async def _only_suppliers(actor: Actor, action: str) -> None:
    company = await Company.named(actor.home)
    if not company.is_supplying:
        raise NotAllowed(action)


async def _known_category(category_id: UUID) -> None:
    # Not through visible_to: a machine without the READ scope may name a category too; they are the same for everybody.
    if not await Category.exists(id=category_id):
        raise NotFound("Category", category_id)
