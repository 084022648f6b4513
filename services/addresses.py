"""A company's address book, and how an order takes a copy out of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from models import Address, Company, OrderLine
from models.address import PLACE, copied
from models.base import new_id
from rules.addresses import CHINA, CHINA_TIME, Destination, faults
from rules.people import Actor
from rules.problems import FieldFault, InvalidInput, NotFound, StaleVersion
from services import clock, regions
from services.register import note_change, open_own_company
from services.verb import creating, verb


@dataclass(frozen=True)
class AddressWish:
    """An address as the company writes it; `zone` may be left out in China, `is_default` None: as it suits."""

    label: str
    destination: Destination
    zone: str | None = None
    is_default: bool | None = None


async def create_address(actor: Actor, wish: AddressWish, *, idempotency_key: str) -> Address:
    """One more address of the caller's company; the first one becomes the default unless that is declined."""
    actor.must("create_address")
    return await _create_address(actor, await _checked(wish), idempotency_key=idempotency_key)


async def update_address(actor: Actor, address_id: UUID, expected_version: int, wish: AddressWish) -> Address:
    """The address as it is from now on; orders that were made before keep what they say."""
    actor.must("update_address")
    return await _update_address(actor, address_id, expected_version, await _checked(wish))


@verb
async def remove_address(actor: Actor, address_id: UUID, expected_version: int) -> Address:
    """The address, which stands in the book no longer; orders keep what they say."""
    company = await open_own_company(actor)
    address = await _opened(actor, address_id, expected_version)
    address.removed_at = clock.now()
    await _save(address)
    await note_change(company, actor, "remove_address", address=str(address.id))
    return address


@creating(Address)
async def _create_address(actor: Actor, wish: AddressWish, *, idempotency_key: str) -> Address:
    company = await open_own_company(actor)
    address = Address(id=new_id(), company_id=company.id, created_at=clock.now())
    await _write(address, wish, is_default=not await Address.keeps_any(company.id))
    await address.save()
    await note_change(company, actor, "create_address", address=str(address.id))
    return address


@verb
async def _update_address(actor: Actor, address_id: UUID, expected_version: int, wish: AddressWish) -> Address:
    company = await open_own_company(actor)
    address = await _opened(actor, address_id, expected_version)
    await _write(address, wish, is_default=address.is_default)
    await _save(address)
    await note_change(company, actor, "update_address", address=str(address.id))
    return address


async def _checked(wish: AddressWish) -> AddressWish:
    """The wish with its region's names and a zone; InvalidInput names everything that is wrong with it."""
    said = wish.destination
    region = None if said.region_code is None else (await regions.gazetteer()).at(said.region_code)
    zone = wish.zone or (CHINA_TIME if said.country == CHINA else "")
    if wrong := tuple(faults(said, region, zone)):
        raise InvalidInput(wrong)
    return AddressWish(wish.label, said.within(region), zone, wish.is_default)


async def _opened(actor: Actor, address_id: UUID, expected_version: int) -> Address:
    """An address of the caller's company, whose row is locked: whoever changes the book waits for the others."""
    address = await named(actor, address_id)
    if address.version != expected_version:
        raise StaleVersion(address.version)
    return address


async def _write(address: Address, wish: AddressWish, *, is_default: bool) -> None:
    """Take over the wish; where it says nothing of it, the address is the default or not as told."""
    wanted = is_default if wish.is_default is None else wish.is_default
    if wanted and not address.is_default:
        await Address.undefault(address.company_id)
    for column in PLACE:
        setattr(address, column, getattr(wish.destination, column))
    address.label, address.zone, address.is_default = wish.label, wish.zone or CHINA_TIME, wanted


async def _save(address: Address) -> None:
    address.version += 1
    await address.save()


async def named(actor: Actor, address_id: UUID) -> Address:
    """The address, if it stands in the book of the caller's company."""
    address = await Address.visible_to(actor).get_or_none(id=address_id)
    if address is None:
        raise NotFound("Address", address_id)
    return address


async def all_named(actor: Actor, wanted: Iterable[UUID]) -> dict[UUID, Address]:
    """The addresses, if all of them stand in the book of the caller's company."""
    ids = set(wanted)
    found = await kept(actor, ids)
    for missing in ids - found.keys():
        raise NotFound("Address", missing)
    return found


async def kept(actor: Actor, wanted: Iterable[UUID | None]) -> dict[UUID, Address]:
    """Those of the addresses that stand in the book of the caller's company still."""
    ids = {one for one in wanted if one is not None}
    if not ids:
        return {}
    return {address.id: address for address in await Address.visible_to(actor).filter(id__in=list(ids))}


async def called(actor: Actor, labels: Collection[str]) -> dict[str, list[Address]]:
    """What stands in the book of the caller's company under each of these labels; more than one where they share it."""
    found: dict[str, list[Address]] = defaultdict(list)
    if labels:
        for address in await Address.visible_to(actor).filter(label__in=list(labels)):
            found[address.label].append(address)
    return found


class Delivered(Protocol):
    """Whatever says where goods are to go: an order, a line of one, an enquiry."""

    delivery_place: str | None
    delivery_zone: Any
    delivery_address: dict[str, Any] | None


class DeliveryWish(Protocol):
    """What somebody says of where goods are to go."""

    @property
    def delivery_address_id(self) -> UUID | None:
        """An address of the caller's book, or None."""

    @property
    def delivery_place(self) -> str | None:
        """A place in the caller's own words, or None."""

    @property
    def delivery_zone(self) -> str | None:
        """The place's time zone, or None."""


async def wanted(actor: Actor, wish: DeliveryWish) -> Address | None:
    """The address that the wish names, if it names one; NotFound for one that is not in the caller's book."""
    return None if wish.delivery_address_id is None else await named(actor, wish.delivery_address_id)


def deliver_to(thing: Delivered, wish: DeliveryWish, address: Address | None) -> None:
    """Take over a copy of the address that was named, or a place in other words, which then stands alone."""
    if address is not None:
        if said := [field for field in ("delivery_place", "delivery_zone") if getattr(wish, field) is not None]:
            raise InvalidInput(tuple(FieldFault(_PATHS[field], "the address says it already") for field in said))
        copy(thing, address)
    elif wish.delivery_place is not None:
        thing.delivery_address = None


_PATHS = {"delivery_place": "input.deliveryPlace", "delivery_zone": "input.deliveryZone"}


def copy(thing: Delivered, address: Address) -> None:
    """Let goods go to the address as it is now: a copy, that no later change of the book reaches."""
    thing.delivery_place, thing.delivery_zone = address.destination.line, address.zone
    thing.delivery_address = copied(address.destination)


def copy_to_line(line: OrderLine, address: Address) -> None:
    """The same for one line, which remembers the entry for the buyer's own people."""
    copy(line, address)
    line.delivery_entry_id = address.id


def same_as(thing: Delivered, other: Delivered) -> None:
    """Let goods go where those of the other go."""
    thing.delivery_place, thing.delivery_zone = other.delivery_place, other.delivery_zone
    thing.delivery_address = other.delivery_address


async def usual(thing: Delivered, company: Company) -> None:
    """Let goods go where the company usually has them: its default address, or else the place of its settings."""
    if (default := await Address.default_of(company.id)) is not None:
        copy(thing, default)
    else:
        thing.delivery_place, thing.delivery_zone = company.delivery_place, company.delivery_zone
