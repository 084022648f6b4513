"""Rates of value added tax, as the operator keeps them, and whether what is charged is one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from models import Company, VatRate
from models.base import new_id
from rules.addresses import COUNTRIES
from rules.people import Actor
from rules.problems import Conflict, NotFound, StaleVersion, invalid
from rules.tax import UNTAXED, Law, TaxCategory
from rules.terms import local_date
from services import clock
from services.register import note_change, open_own_company
from services.verb import creating, verb


@dataclass(frozen=True)
class VatRateWish:
    """Everything that is said of a rate."""

    country: str
    category: TaxCategory
    rate: Decimal
    name_zh: str
    name_en: str
    valid_from: date
    source: str
    valid_to: date | None = None


@creating(VatRate)
async def add_vat_rate(actor: Actor, wish: VatRateWish, *, idempotency_key: str) -> VatRate:
    """One more rate of the law; Conflict where the same rate of the category is known on one of these days."""
    platform = await open_own_company(actor)  # so that one change of the law comes after the other
    if wish.country not in COUNTRIES:
        raise invalid("input.country", "is not a country's code of ISO 3166-1", "CN")
    if wish.category in UNTAXED and wish.rate:
        raise invalid("input.rate", "is zero for what is not taxed", "0")
    found = VatRate(id=new_id(), created_at=clock.now(), **vars(wish))
    await _check_period(found)
    await found.save(force_create=True)
    await note_change(platform, actor, "add_vat_rate", vatRateId=str(found.id))
    return found


@verb
async def end_vat_rate(actor: Actor, rate_id: UUID, expected_version: int, valid_to: date) -> VatRate:
    """The rate with its last day; what was quoted and agreed at it stays as it is."""
    platform = await open_own_company(actor)
    found = await VatRate.locked(rate_id)
    if found is None:
        raise NotFound("VatRate", rate_id)
    if found.version != expected_version:
        raise StaleVersion(found.version)
    found.valid_to, found.version = valid_to, found.version + 1
    await _check_period(found)
    await found.save()
    await note_change(platform, actor, "end_vat_rate", vatRateId=str(found.id))
    return found


async def check_rates(supplier_id: UUID, asked: Sequence[tuple[str, Decimal]]) -> None:
    """Refuse rates, by the paths where they are said, that the law of the supplier's country has not today."""
    if asked:
        (await law_for(supplier_id)).check(asked)


async def law_for(supplier_id: UUID, supplied_at: datetime | None = None) -> Law:
    """The law of the supplier's country today and, where something was supplied, as it was then."""
    supplier = await Company.named(supplier_id)
    zone = supplier.delivery_zone
    days = [local_date(supplied_at, zone)] if supplied_at else []
    return Law(supplier.country, await VatRate.of_country(supplier.country), [*days, clock.today(zone)])


async def _check_period(found: VatRate) -> None:
    if found.valid_to is not None and found.valid_to < found.valid_from:
        raise invalid("input.validTo", "must not be before the first day")
    if await found.meets_another():
        raise Conflict("validFrom")
