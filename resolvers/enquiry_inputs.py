"""What clients say of an enquiry, and of whom it asks."""

import itertools
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from resolvers.catalogue_inputs import Specification
from resolvers.inputs import Items, Number, Text
from resolvers.problems import known
from resolvers.steps import KEY, Key, Reason
from rules.problems import invalid
from rules.units import unit
from services import enquiring
from services.catalogue import Property
from services.choosing import AwardWish
from services.matching import InvitationWish, MatchWish

MOST_LINES = 500
MOST_SUPPLIERS = 50
Place = Annotated[int, Number(least=1, most=MOST_LINES)]


@strawberry.input(description="One thing that is asked for: in words, or by a product that stands for it.")
class EnquiryLineInput:
    """A line of an enquiry; what is left out is taken from the product."""

    quantity: Annotated[Decimal, Number(above=0, most=10**12, places=6)] = strawberry.field(
        description="How many units, with at most 6 decimals."
    )
    name: Annotated[str, Text(1, 200)] | None = strawberry.field(
        default=None, description="What is asked for, at most 200 characters."
    )
    unit: Annotated[str, Text(1, 3)] | None = strawberry.field(
        default=None, description="What the quantity counts: a code of `units`, such as `H87`; at most 3 characters."
    )
    sku: Annotated[str, Text(0, 64)] | None = strawberry.field(
        default=None, description="The article number under which suppliers may know it, at most 64 characters."
    )
    specification: Specification | None = strawberry.field(
        default=None, description="What it is made of and how: at most 50 lines."
    )
    product_id: strawberry.ID | None = strawberry.field(
        default=None, description="A product of any supplier that stands for what is meant."
    )
    requested_on: date | None = strawberry.field(default=None, description="When this line is needed, if it differs.")
    quality_requirement: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="What this line must fulfil, at most 2000 characters."
    )


@strawberry.input(description="The supplier's product that answers a line.")
class EnquiryMatchInput:
    """A line and a product."""

    line: Place = strawberry.field(description="The line's place, from 1 to 500.")
    product_id: strawberry.ID = strawberry.field(
        description="The product, of the invited supplier, in the line's unit."
    )


@strawberry.input(description="A supplier to ask.")
class EnquiryInvitationInput:
    """An invitation."""

    supplier_id: strawberry.ID = strawberry.field(description="Who is asked.")
    products: Annotated[list[EnquiryMatchInput], Items(1, MOST_LINES)] | None = strawberry.field(
        default=None,
        description="Which product answers which line, at most 500; a line left out is not asked of this supplier. "
        "Without it, each line is answered by the one product with the same number, or else the same name, in its unit.",
    )


@strawberry.input(description="What an enquiry says; what is null stays.")
class EnquiryFieldsInput:
    """What of an enquiry is said or changed."""

    lines: Annotated[list[EnquiryLineInput], Items(0, MOST_LINES)] | None = strawberry.field(
        default=None, description="What is asked for: at most 500 lines, replaced together."
    )
    invitations: Annotated[list[EnquiryInvitationInput], Items(0, MOST_SUPPLIERS)] | None = strawberry.field(
        default=None, description="Who is asked: at most 50 suppliers, replaced together."
    )
    remark: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="What the buyer's own people should know, at most 2000 characters."
    )
    delivery_place: Annotated[str, Text(1, 300)] | None = strawberry.field(
        default=None, description="Where to, at most 300 characters; the company's usual place unless said."
    )
    delivery_zone: Annotated[str, Text(1, 64)] | None = strawberry.field(
        default=None, description="IANA time zone of the place, such as Asia/Shanghai."
    )
    delivery_address_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where to: an address of the company's book, instead of place and zone."
    )
    requested_on: date | None = strawberry.field(default=None, description="When, as a date at the place.")
    quality_requirement: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="What all goods must fulfil, at most 2000 characters."
    )
    answer_by: datetime | None = strawberry.field(
        default=None, description="Until when suppliers may make their first offer."
    )
    is_sealed: bool | None = strawberry.field(
        default=None, description="Whether nobody is to read a quotation before `answerBy`; false unless said."
    )
    cost_centre_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who bears the cost inside the buyer's company, of every order that comes of it."
    )


@strawberry.input(description="A new enquiry.")
class CreateEnquiryInput(EnquiryFieldsInput):
    """What an enquiry starts from."""

    title: Annotated[str, Text(1, 200)] = strawberry.field(
        description="What it is about, for the buyer's own people: 1 to 200 characters."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="An enquiry, as it was read.")
class EnquiryStepInput:
    """Which enquiry takes the step."""

    enquiry_id: strawberry.ID = strawberry.field(description="The enquiry.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="Changes to the draft of an enquiry; what is null stays.")
class UpdateEnquiryInput(EnquiryFieldsInput, EnquiryStepInput):
    """What of a draft changes."""

    title: Annotated[str, Text(1, 200)] | None = strawberry.field(
        default=None, description="What it is about: 1 to 200 characters."
    )


@strawberry.input(description="One more supplier for an enquiry.")
class InviteSupplierInput(EnquiryStepInput):
    """Who else is asked."""

    invitation: EnquiryInvitationInput = strawberry.field(description="The supplier, and its products.")


@strawberry.input(description="Which supplier is no longer asked, and why.")
class WithdrawInvitationInput(EnquiryStepInput):
    """Who is no longer asked."""

    supplier_id: strawberry.ID = strawberry.field(description="The supplier.")
    reason: Reason = strawberry.field(description="Why, told to the supplier: 1 to 1000 characters.")


@strawberry.input(description="Until when suppliers may answer now.")
class ExtendEnquiryInput(EnquiryStepInput):
    """More time."""

    answer_by: datetime = strawberry.field(description="The new end, later than the one before.")


@strawberry.input(description="How much of one line is taken.")
class AwardedLineInput:
    """A line and a quantity."""

    line: Place = strawberry.field(description="The place of the enquiry's line, from 1 to 500.")
    quantity: Annotated[Decimal, Number(above=0, most=10**12, places=6)] = strawberry.field(
        description="How many units, at most what is quoted."
    )
    alternative_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which alternative is taken instead of the line's own offer."
    )


@strawberry.input(description="What is taken of one quotation.")
class AwardInput:
    """A quotation, or some of it."""

    quotation_id: strawberry.ID = strawberry.field(description="The newest revision, as it was compared.")
    lines: Annotated[list[AwardedLineInput], Items(1, MOST_LINES)] | None = strawberry.field(
        default=None, description="Which lines and how much of them, at most 500; everything as quoted without it."
    )


@strawberry.input(description="What is taken of which offers.")
class AwardEnquiryInput(EnquiryStepInput):
    """An award."""

    awards: Annotated[list[AwardInput], Items(1, MOST_SUPPLIERS)] = strawberry.field(
        description="One for each supplier that gets something: 1 to 50."
    )
    beyond_asked: bool = strawberry.field(
        default=False, description="Whether more of a line may be taken in all than the enquiry asks for."
    )


@strawberry.input(description="An enquiry, as it was read, and why it ends.")
class CancelEnquiryInput(EnquiryStepInput):
    """Which enquiry ends."""

    reason: Reason = strawberry.field(description="Why, told to every supplier: 1 to 1000 characters.")


def _line(place: int, given: EnquiryLineInput) -> enquiring.EnquiredLine:
    said = given.specification
    return enquiring.EnquiredLine(
        quantity=given.quantity,
        name=given.name,
        unit=None if given.unit is None else unit(given.unit, f"input.lines[{place}].unit"),
        sku=given.sku or None,
        specification=None if said is None else tuple(Property(one.name, one.value) for one in said),
        product_id=None if given.product_id is None else known("Product", given.product_id),
        requested_on=given.requested_on,
        quality_requirement=given.quality_requirement,
    )


def awards(given: list[AwardInput]) -> list[AwardWish]:
    """What the input takes; InvalidInput where it names a line twice."""
    return [
        AwardWish(
            known("Quotation", one.quotation_id),
            None if one.lines is None else _taken(place, one.lines),
            {line.line: known("Alternative", line.alternative_id) for line in one.lines or () if line.alternative_id},
        )
        for place, one in enumerate(given)
    ]


def _taken(place: int, lines: list[AwardedLineInput]) -> dict[int, Decimal]:
    taken: dict[int, Decimal] = {}
    for nth, one in enumerate(lines):
        if one.line in taken:
            raise invalid(f"input.awards[{place}].lines[{nth}].line", "names a line twice")
        taken[one.line] = one.quantity
    return taken


def invitation(given: EnquiryInvitationInput) -> InvitationWish:
    """Whom the input wants to be asked."""
    named = given.products
    products = None if named is None else tuple(MatchWish(one.line, known("Product", one.product_id)) for one in named)
    return InvitationWish(known("Company", given.supplier_id), products)


def wish(given: CreateEnquiryInput | UpdateEnquiryInput) -> enquiring.EnquiryWish:
    """What the input says of an enquiry; InvalidInput for a unit that is none."""
    return enquiring.EnquiryWish(
        title=given.title,
        remark=given.remark,
        lines=None if given.lines is None else tuple(itertools.starmap(_line, enumerate(given.lines))),
        invitations=None if given.invitations is None else tuple(map(invitation, given.invitations)),
        delivery_place=given.delivery_place,
        delivery_zone=given.delivery_zone,
        delivery_address_id=None if given.delivery_address_id is None else known("Address", given.delivery_address_id),
        requested_on=given.requested_on,
        quality_requirement=given.quality_requirement,
        answer_by=given.answer_by,
        is_sealed=given.is_sealed,
        cost_centre_id=None if given.cost_centre_id is None else known("CostCentre", given.cost_centre_id),
    )
