"""A supplier's price lists and the grades of its customers, as its administrators and salespeople keep them, one after the other."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models import Company, CustomerGrade, GradedCustomer, PriceList, PriceListItem, Product
from models.base import new_id
from rules.events import EventKind
from rules.money import Currency, TaxInclusion
from rules.people import Actor
from rules.phrase import Phrase
from rules.pricing.price_lists import Audience, PriceBreak
from rules.problems import Conflict, FieldFault, InvalidInput, NotAllowed, NotFound, StaleVersion, invalid
from rules.quantity import plain
from services import clock
from services.register import open_own_company
from services.streams import note_apart
from services.verb import creating, verb

MOST_PRICES = 50_000
"""On one list."""

AT_ONCE = 100
"""So many products are looked at in one go."""


@dataclass(frozen=True)
class AudienceWish:
    """Whom something is for: a customer, a grade of customers, or everyone where neither is named."""

    customer_id: UUID | None = None
    grade_id: UUID | None = None

    @property
    def audience(self) -> Audience:
        """The kind of it."""
        if self.customer_id is not None:
            return Audience.CUSTOMER
        return Audience.EVERYONE if self.grade_id is None else Audience.GRADE


EVERYONE = AudienceWish()


@dataclass(frozen=True)
class ProductPrices:
    """All prices of one product on a list; none: the list says nothing of it any more."""

    product_id: UUID
    breaks: tuple[PriceBreak, ...]


@creating(CustomerGrade)
async def create_customer_grade(actor: Actor, name: str, *, idempotency_key: str) -> CustomerGrade:
    """One more grade, with nobody at it yet; Conflict where the company has another of this name."""
    await open_supplier(actor, "create_customer_grade")
    grade = CustomerGrade(id=new_id(), supplier_id=actor.home, name=name, created_at=clock.now())
    await _name(grade, name)
    await _note_grade(grade, actor, "create_customer_grade")
    return grade


@verb
async def update_customer_grade(actor: Actor, grade_id: UUID, expected_version: int, name: str) -> CustomerGrade:
    """The grade under another name."""
    await open_supplier(actor, "update_customer_grade")
    grade = await _grade(actor, grade_id)
    if grade.version != expected_version:
        raise StaleVersion(grade.version)
    await _name(grade, name)
    await _note_grade(grade, actor, "update_customer_grade")
    return grade


@verb
async def assign_customer_grade(actor: Actor, customer_id: UUID, grade_id: UUID | None) -> CustomerGrade | None:
    """Keep a customer at a grade from now on, or at none; whatever was quoted before stays as it is."""
    await open_supplier(actor, "assign_customer_grade")
    grade = None if grade_id is None else await _grade(actor, grade_id)
    await check_customer(actor, customer_id)
    before = await GradedCustomer.of(actor.home, customer_id)
    if (before and before.grade_id) == grade_id:
        return grade
    told = {"customerId": str(customer_id)}
    if before is not None:
        await _note_grade(await _grade(actor, before.grade_id), actor, "assign_customer_grade", told)
        await before.delete()
    if grade is not None:
        await GradedCustomer.create(
            supplier_id=actor.home, customer_id=customer_id, grade_id=grade.id, created_at=clock.now()
        )
        await _note_grade(grade, actor, "assign_customer_grade", told)
    return grade


@creating(PriceList)
async def create_price_list(
    actor: Actor,
    name: str,
    currency: Currency,
    to: AudienceWish,
    valid_from: date,
    valid_to: date | None = None,
    tax_inclusion: TaxInclusion = TaxInclusion.EXCLUSIVE,
    *,
    idempotency_key: str,
) -> PriceList:
    """A list without prices yet; whom it is for, in which currency and how its prices are stated stays for good."""
    await open_supplier(actor, "create_price_list")
    await check_audience(actor, to)
    check_period(valid_from, valid_to)
    listed = PriceList(
        id=new_id(),
        supplier_id=actor.home,
        name=name,
        currency=currency,
        tax_inclusion=tax_inclusion,
        audience=to.audience,
        customer_id=to.customer_id,
        grade_id=to.grade_id,
        valid_from=valid_from,
        valid_to=valid_to,
        created_at=clock.now(),
    )
    await _note(listed, actor, "create_price_list")
    return listed


@verb
async def update_price_list(
    actor: Actor, list_id: UUID, expected_version: int, name: str, valid_from: date, valid_to: date | None
) -> PriceList:
    """The list with its name and its days replaced, for what is priced from now on."""
    listed = await _open(actor, "update_price_list", list_id, expected_version)
    check_period(valid_from, valid_to)
    listed.name, listed.valid_from, listed.valid_to = name, valid_from, valid_to
    await _note(listed, actor, "update_price_list")
    return listed


@verb
async def archive_price_list(actor: Actor, list_id: UUID, expected_version: int) -> PriceList:
    """The list put away for good: it prices nothing any more."""
    listed = await _open(actor, "archive_price_list", list_id, expected_version)
    listed.archived_at = clock.now()
    await _note(listed, actor, "archive_price_list")
    return listed


@verb
async def set_price_list_items(
    actor: Actor, list_id: UUID, expected_version: int, prices: Sequence[ProductPrices]
) -> PriceList:
    """All prices of the named products replaced, in as many statements however many they are; other products keep theirs."""
    listed = await _open(actor, "set_price_list_items", list_id, expected_version)
    own = await Product.of_supplier(actor.home, [one.product_id for one in prices])
    first = {one.product_id: place for place, one in reversed(list(enumerate(prices)))}
    faults = list[FieldFault]()
    for place, one in enumerate(prices):
        faults += _faults(f"input.prices[{place}]", one, own, listed, is_first=first[one.product_id] == place)
        if not place % AT_ONCE:
            await asyncio.sleep(0)  # others have their turn
    if faults:
        raise InvalidInput(tuple(faults))
    items = [(one.product_id, at) for one in prices for at in one.breaks]
    await PriceListItem.replace(listed.id, own.keys(), items, clock.now())
    if await PriceListItem.count_of(listed.id) > MOST_PRICES:
        raise invalid("input.prices", Phrase("would make the list longer than {most} prices", most=MOST_PRICES))
    await _note(listed, actor, "set_price_list_items", {"productCount": len(prices)})
    return listed


async def open_supplier(actor: Actor, action: str) -> Company:
    """The caller's company, locked, if it supplies."""
    company = await open_own_company(actor)
    if not company.is_supplying:
        raise NotAllowed(action)
    return company


async def check_audience(actor: Actor, to: AudienceWish) -> None:
    """Refuse an audience that is none of the caller's company, or is said twice."""
    if to.grade_id is not None:
        await _grade(actor, to.grade_id)
    if to.customer_id is not None:
        await check_customer(actor, to.customer_id)
    if to.customer_id is not None and to.grade_id is not None:
        raise invalid("input.gradeId", "give a customer or a grade, not both")


async def check_customer(actor: Actor, customer_id: UUID, path: str = "input.customerId") -> None:
    """Refuse a company that the caller may not see, or that could not buy from it."""
    customer = await Company.visible_to(actor).get_or_none(id=customer_id)
    if customer is None:
        raise NotFound("Company", customer_id)
    if not customer.is_buying or customer.id == actor.home:
        raise invalid(path, "is no company that buys from yours")


def check_period(valid_from: date, valid_to: date | None) -> None:
    """Refuse a last day before the first."""
    if valid_to is not None and valid_to < valid_from:
        raise invalid("input.validTo", "must not be before the first day")


def _faults(
    path: str, said: ProductPrices, own: Mapping[UUID, Product], listed: PriceList, *, is_first: bool
) -> list[FieldFault]:
    product = own.get(said.product_id)
    if product is None:
        raise NotFound("Product", said.product_id)
    quantities = [at.minimum_quantity for at in said.breaks]
    found = (
        (FieldFault(f"{path}.productId", "names a product twice"), not is_first),
        (
            FieldFault(f"{path}.productId", "is priced in another currency than the list"),
            product.currency != listed.currency,
        ),
    )
    return [fault for fault, holds in found if holds] + [
        FieldFault(f"{path}.breaks[{nth}].minimumQuantity", Phrase("names {quantity} twice", quantity=plain(quantity)))
        for nth, quantity in enumerate(quantities)
        if quantity in quantities[:nth]
    ]


async def _open(actor: Actor, action: str, list_id: UUID, expected_version: int) -> PriceList:
    await open_supplier(actor, action)
    listed = await PriceList.owned(actor.home, list_id)
    if listed is None:
        raise NotFound("PriceList", list_id)
    if listed.version != expected_version:
        raise StaleVersion(listed.version)
    if listed.archived_at is not None:
        raise invalid("input.priceListId", "is archived; make another one")
    return listed


async def _grade(actor: Actor, grade_id: UUID) -> CustomerGrade:
    grade = await CustomerGrade.owned(actor.home, grade_id)
    if grade is None:
        raise NotFound("CustomerGrade", grade_id)
    return grade


async def _name(grade: CustomerGrade, name: str) -> None:
    if await CustomerGrade.is_called(grade.supplier_id, name, but=grade.id):
        raise Conflict("name")
    grade.name = name


async def _note_grade(grade: CustomerGrade, actor: Actor, action: str, told: Mapping[str, str] | None = None) -> None:
    """Save the grade and its event under the next number, for the supplier alone."""
    grade.version += 1
    await grade.save()
    body = {"action": action, **(told or {})}
    await note_apart(grade, grade.version, EventKind.CUSTOMER_GRADE_CHANGED, actor, [grade.supplier_id], body)


async def _note(listed: PriceList, actor: Actor, action: str, told: Mapping[str, object] | None = None) -> None:
    """Save the list and its event under the next number, for the supplier alone."""
    listed.version += 1
    await listed.save()
    body = {"action": action, **(told or {})}
    await note_apart(listed, listed.version, EventKind.PRICE_LIST_CHANGED, actor, [listed.supplier_id], body)
