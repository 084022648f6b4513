"""The supplier says how goods are packed, and what its numbers begin with."""

from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.companies import Company
from resolvers.context import Context
from resolvers.inputs import Items, Number, Text, check
from resolvers.problems import (
    CHANGING,
    MOVING,
    InvalidInputProblem,
    NotAllowedProblem,
    StaleVersionProblem,
    answers,
    known,
)
from resolvers.shipments import Shipment
from resolvers.steps import shown
from rules.line_sheets import MOST_LINES
from rules.packing import Box, PackageType
from services import companies, packing
from services.packages import PackageWish

MOST_PACKAGES = 500
Centimetres = Annotated[Decimal, Number(above=0, most=100_000, places=2)]


@strawberry.input(description="How much of one order line lies in a package.")
class PackedLineInput:
    """A line of a package."""

    order_line_id: strawberry.ID = strawberry.field(description="What lies in it; a line of the shipment.")
    quantity: Annotated[Decimal, Number(above=0, most=10**12, places=6)] = strawberry.field(
        description="How much, in the line's unit, with at most 6 decimals; over all packages at most what is despatched."
    )


@strawberry.input(description="Outer measures of a package.")
class DimensionsInput:
    """A box."""

    length: Centimetres = strawberry.field(description="Length, in centimetres, with at most 2 decimals.")
    width: Centimetres = strawberry.field(description="Width, in centimetres, with at most 2 decimals.")
    height: Centimetres = strawberry.field(description="Height, in centimetres, with at most 2 decimals.")


@strawberry.input(description="A package of a shipment.")
class PackageInput:
    """A transport handling unit."""

    package_type: PackageType = strawberry.field(description="What the goods travel in.")
    contents: Annotated[list[PackedLineInput], Items(0, MOST_LINES)] = strawberry.field(
        default_factory=list, description="What lies in it, each line once: at most 5000."
    )
    sscc: Annotated[str, Text(18, 18)] | None = strawberry.field(
        default=None,
        description="Its number, 18 digits; the next of the supplier's company prefix unless said. One that was used for another "
        "shipment is refused.",
    )
    gross_weight: Annotated[Decimal, Number(above=0, most=10**8, places=3)] | None = strawberry.field(
        default=None, description="Goods and packaging, in kilograms, with at most 3 decimals."
    )
    dimensions: DimensionsInput | None = strawberry.field(default=None, description="Its measures.")


Packages = Annotated[list[PackageInput], Items(0, MOST_PACKAGES)]


@strawberry.input(description="How a shipment is packed.")
class PackShipmentInput:
    """All packages of a shipment."""

    shipment_id: strawberry.ID = strawberry.field(description="The shipment.")
    expected_version: int = strawberry.field(description="The shipment's version that was read.")
    packages: Packages = strawberry.field(
        description="All its packages, in order: at most 500. They take the place of those there were; a rest may stay unpacked."
    )


@strawberry.input(description="The prefix that GS1 gave the company.")
class SetGs1CompanyPrefixInput:
    """A prefix."""

    expected_version: int = strawberry.field(description="The version of the company that was read.")
    prefix: Annotated[str, Text(4, 12)] | None = strawberry.field(
        description="4 to 12 digits; null: packages get a number only where one is given."
    )


@strawberry.type(description="The shipment is packed like this.")
class PackShipmentSuccess:
    """The shipment with its packages."""

    shipment: Shipment = strawberry.field(description="The shipment as it is now.")


@strawberry.type(description="The company's next packages get numbers with this prefix.")
class SetGs1CompanyPrefixSuccess:
    """The prefix."""

    company: Company = strawberry.field(description="The company as it is now.")


def wishes(given: list[PackageInput]) -> tuple[PackageWish, ...]:
    """The packages as the services want them."""
    return tuple(
        PackageWish(
            package_type=one.package_type,
            contents=tuple((known("OrderLine", line.order_line_id), line.quantity) for line in one.contents),
            sscc=one.sscc,
            gross_weight=one.gross_weight,
            box=_box(one.dimensions),
        )
        for one in given
    )


def _box(given: DimensionsInput | None) -> Box | None:
    return Box(given.length, given.width, given.height) if given else None


@strawberry.type
class PackingMutation:
    """The supplier's steps on packages."""

    @strawberry.mutation(
        graphql_type=answers(PackShipmentSuccess, *CHANGING, *MOVING),
        description="Say how a shipment is packed, until it arrives.",
    )
    async def pack_shipment(self, info: Info[Context, None], input: PackShipmentInput) -> PackShipmentSuccess:
        """The shipment, packed."""
        check(input)
        shipment_id = known("Shipment", input.shipment_id)
        packed = wishes(input.packages)
        shipment = await packing.pack_shipment(info.context.actor, shipment_id, input.expected_version, packed)
        return PackShipmentSuccess(shipment=shown(shipment))

    @strawberry.mutation(
        graphql_type=answers(SetGs1CompanyPrefixSuccess, NotAllowedProblem, InvalidInputProblem, StaleVersionProblem),
        description="Set the GS1 company prefix that the numbers of the company's packages are made with; for an ADMIN.",
    )
    async def set_gs1_company_prefix(
        self, info: Info[Context, None], input: SetGs1CompanyPrefixInput
    ) -> SetGs1CompanyPrefixSuccess:
        """A prefix."""
        check(input)
        company = await companies.set_gs1_company_prefix(info.context.actor, input.expected_version, input.prefix)
        return SetGs1CompanyPrefixSuccess(company=shown(company))
