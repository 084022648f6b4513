"""Enquiries before any supplier hears of them: made, filled in, suppliers chosen and their products found."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from models import Address, Company, Enquiry, EnquiryInvitation, EnquiryLine, Product
from models.base import new_id
from rules.enquiry import enquiry_step
from rules.events import EventKind
from rules.identifiers import Series
from rules.people import Actor
from rules.problems import NotFound, StaleVersion, invalid
from rules.terms import is_zone
from rules.units import Unit
from services import addresses, budgets, clock
from services.catalogue import Property
from services.desk import note_apart, number
from services.matching import InvitationWish, invite
from services.verb import creating, verb


@dataclass(frozen=True)
class EnquiredLine:
    """One thing that is asked for; what is None is taken from the product, if one is named."""

    quantity: Decimal
    name: str | None = None
    unit: Unit | None = None
    sku: str | None = None
    specification: tuple[Property, ...] | None = None
    product_id: UUID | None = None
    requested_on: date | None = None
    quality_requirement: str | None = None


@dataclass(frozen=True)
class EnquiryWish:
    """What the buyer says of an enquiry; None leaves a field as it is."""

    title: str | None = None
    remark: str | None = None
    lines: tuple[EnquiredLine, ...] | None = None
    invitations: tuple[InvitationWish, ...] | None = None
    delivery_place: str | None = None
    delivery_zone: str | None = None
    delivery_address_id: UUID | None = None
    requested_on: date | None = None
    quality_requirement: str | None = None
    answer_by: datetime | None = None
    is_sealed: bool | None = None
    cost_centre_id: UUID | None = None


@creating(Enquiry)
async def create_enquiry(actor: Actor, wish: EnquiryWish, *, idempotency_key: str) -> Enquiry:
    """A draft, filled with what the company usually says."""
    address = await addresses.wanted(actor, wish)
    company = await Company.buying(actor.home)
    if company is None:
        raise invalid("input.title", "only a company that buys can enquire")
    moment = clock.now()
    enquiry = Enquiry(
        id=new_id(),
        number=number(Series.ENQUIRY),
        buyer_id=company.id,
        requester_id=actor.responsible,
        title=wish.title or "",
        created_at=moment,
        updated_at=moment,
    )
    await addresses.usual(enquiry, company)
    await _fill(actor, enquiry, wish, address)
    await enquiry.save()
    await _replace(actor, enquiry, wish)
    await record(enquiry, EventKind.ENQUIRY_CREATED, actor)
    return enquiry


@verb
async def update_enquiry(actor: Actor, enquiry_id: UUID, expected_version: int, wish: EnquiryWish) -> Enquiry:
    """The draft with the given fields replaced; lines are replaced together, and so are invitations."""
    enquiry = await open_enquiry(actor, "update_enquiry", enquiry_id, expected_version)
    await _fill(actor, enquiry, wish, await addresses.wanted(actor, wish))
    await _replace(actor, enquiry, wish)
    await record(enquiry, EventKind.ENQUIRY_UPDATED, actor)
    return enquiry


async def open_enquiry(actor: Actor, action: str, enquiry_id: UUID, expected_version: int) -> Enquiry:
    """The enquiry, locked for this transaction: it is the caller's, who has read its newest version, and it has this step now."""
    enquiry = await Enquiry.visible_to(actor).select_for_update(no_key=True).get_or_none(id=enquiry_id)
    if enquiry is None:
        raise NotFound("Enquiry", enquiry_id)
    if enquiry.version != expected_version:
        raise StaleVersion(enquiry.version)
    enquiry_step(action, enquiry)
    return enquiry


def advance(enquiry: Enquiry, action: str) -> None:
    """Take one step of the table; `record` saves the enquiry with its event."""
    enquiry.status = enquiry_step(action, enquiry).target


async def record(enquiry: Enquiry, kind: EventKind, actor: Actor, body: Mapping[str, object] | None = None) -> None:
    """Save the enquiry and its event under the next number of its own stream, which the buyer's company alone reads."""
    enquiry.version += 1
    enquiry.updated_at = clock.now()
    await enquiry.save()
    told = {"status": enquiry.status, **(body or {})}
    await note_apart(enquiry, enquiry.version, kind, actor, [enquiry.buyer_id], told)


async def _fill(actor: Actor, enquiry: Enquiry, wish: EnquiryWish, address: Address | None) -> None:
    if wish.delivery_zone is not None and not is_zone(wish.delivery_zone):
        raise invalid("input.deliveryZone", "is not an IANA time zone", "Asia/Shanghai")
    addresses.deliver_to(enquiry, wish, address)
    for field in (
        "title", "remark", "delivery_place", "delivery_zone", "requested_on", "quality_requirement", "answer_by", "is_sealed"
    ):  # fmt: skip
        if (value := getattr(wish, field)) is not None:
            setattr(enquiry, field, value)
    if wish.cost_centre_id is not None:
        enquiry.cost_centre_id = await budgets.chosen(actor, wish.cost_centre_id)
    if enquiry.is_sealed and enquiry.answer_by is None:
        raise invalid("input.answerBy", "what is sealed needs a time at which it is opened")


async def _replace(actor: Actor, enquiry: Enquiry, wish: EnquiryWish) -> None:
    if wish.lines is not None:
        await EnquiryLine.of(enquiry.id).delete()
        await EnquiryLine.write_all(await _lines(actor, enquiry, wish.lines))
    if wish.lines is None and wish.invitations is None:
        return
    invited = [InvitationWish(one.supplier_id) for one in await EnquiryInvitation.of(enquiry.id)]
    await EnquiryInvitation.of(enquiry.id).delete()
    await invite(actor, enquiry, invited if wish.invitations is None else wish.invitations)


async def _lines(actor: Actor, enquiry: Enquiry, wishes: Sequence[EnquiredLine]) -> list[EnquiryLine]:
    named = {wish.product_id for wish in wishes if wish.product_id is not None}
    products = {product.id: product for product in await Product.visible_to(actor).filter(id__in=list(named))}
    for missing in named - products.keys():
        raise NotFound("Product", missing)
    return [
        _line(actor, enquiry, place, wish, products.get(wish.product_id) if wish.product_id else None)
        for place, wish in enumerate(wishes, 1)
    ]


def _line(actor: Actor, enquiry: Enquiry, position: int, wish: EnquiredLine, product: Product | None) -> EnquiryLine:
    path = f"input.lines[{position - 1}]"
    name = wish.name or (product and (product.name_zh if actor.locale == "zh-CN" else product.name_en))
    unit = wish.unit or (product and product.unit)
    if not name:
        raise invalid(f"{path}.name", "say what is asked for, by a name or a product")
    if unit is None:
        raise invalid(f"{path}.unit", "say in which unit", Unit.H87)
    said = [asdict(line) for line in wish.specification] if wish.specification is not None else None
    return EnquiryLine(
        enquiry_id=enquiry.id,
        position=position,
        name=name,
        sku=wish.sku or (product and product.sku),
        specification=said if said is not None else product.specification if product else [],
        unit=unit,
        quantity=wish.quantity,
        quality_requirement=wish.quality_requirement,
        requested_on=wish.requested_on,
        product_id=wish.product_id,
        created_at=clock.now(),
    )
