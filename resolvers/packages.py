"""Packages of shipments as the schema shows them."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

import models
from models.package import box
from models.rows import related_rows
from resolvers.context import Context
from resolvers.ids import encode_id
from resolvers.names import localized
from resolvers.printouts import LABEL_PATH, LABELS_PATH, PACKING_LIST_PATH, Printout
from resolvers.relations import Many, One, derived, related, shows
from rules import packing

if TYPE_CHECKING:
    from resolvers.shipments import ShipmentLine

LazyShipmentLine = Annotated["ShipmentLine", strawberry.lazy("resolvers.shipments")]


@strawberry.type(description="What goods travel in.")
class PackageType:
    """A code and its names."""

    code: packing.PackageType = strawberry.field(description="The code of UN/ECE Recommendation 21.")
    name: str = related(localized, description="The name in one language.")
    name_zh: str = strawberry.field(description="The name in Chinese.")
    name_en: str = strawberry.field(description="The name in English.")


TYPES = {
    code: PackageType(code=code, name_zh=chinese, name_en=english) for code, (english, chinese) in packing.NAMES.items()
}


@strawberry.type(description="Outer measures of a package, in centimetres.")
class Dimensions:
    """A box."""

    length: Decimal = strawberry.field(description="Length, in centimetres.")
    width: Decimal = strawberry.field(description="Width, in centimetres.")
    height: Decimal = strawberry.field(description="Height, in centimetres.")


@strawberry.type(description="How much of a shipment's line lies in a package.")
@shows(models.PackageLine)
class PackageLine:
    """A line of a package."""

    id: strawberry.ID = derived(lambda row: encode_id("PackageLine", row.id), description="Opaque id.")
    quantity: Decimal = strawberry.field(description="How much, in the order line's unit.")
    shipment_line: LazyShipmentLine = related(
        One(models.ShipmentLine, "shipment_line_id"), description="What of the shipment it is."
    )


def _dimensions(row: Any) -> Dimensions | None:
    found = box(row)
    return Dimensions(**vars(found)) if found else None


@strawberry.type(description="A package of a shipment: what carriers handle as one (GS1 logistic unit).")
@shows(models.Package)
class Package:
    """A transport handling unit."""

    id: strawberry.ID = derived(lambda row: encode_id("Package", row.id), description="Opaque id.")
    position: int = strawberry.field(description="Its place among the shipment's packages, from 1.")
    package_type: PackageType = derived(
        lambda row: TYPES[packing.PackageType(row.package_type)], description="What the goods travel in."
    )
    sscc: str | None = strawberry.field(
        description="GS1's serial shipping container code, 18 digits; null where the supplier has no company prefix and gave none."
    )
    gross_weight: Decimal | None = strawberry.field(
        description="Goods and packaging, in kilograms; null if not weighed."
    )
    dimensions: Dimensions | None = derived(_dimensions, description="Its measures; null if not measured.")
    volume: Decimal | None = derived(
        lambda row: packing.volume([box(row)]), description="What it takes up, in cubic metres; null if not measured."
    )
    lines: list[PackageLine] = related(
        Many(models.PackageLine, by="package_id", order_by=("position",)),
        description="What lies in it, as far as it was said.",
    )
    label: Printout = derived(
        lambda row, context: Printout.at(context, LABEL_PATH, "Package", row.id),
        description="Its label: A6, with the SSCC as GS1-128 where it has one.",
    )


@strawberry.type(description="How a shipment is packed.")
class Packing:
    """Its packages, and sums derived from them."""

    packages: list[Package] = strawberry.field(description="Each package; none where nothing was said of them.")

    package_count: int = strawberry.field(description="How many packages there are.")
    gross_weight: Decimal | None = strawberry.field(
        description="Of all packages, in kilograms; null if one was not weighed, or there is none."
    )
    volume: Decimal | None = strawberry.field(
        description="Of all packages, in cubic metres; null if one was not measured, or there is none."
    )
    packing_list: Printout = strawberry.field(
        description="The packing list in Chinese and English: where goods go and with whom, what lies in which package."
    )
    labels: Printout | None = strawberry.field(
        description="The labels of all packages, one on each page; null where there is none."
    )


async def packing_of(context: Context, shipments: Sequence[Any]) -> list[Packing]:
    """How each shipment is packed."""
    found: dict[Any, list[Any]] = defaultdict(list)
    keys = [shipment.id for shipment in shipments]
    for package in await related_rows(models.Package, by="shipment_id", ids=keys, order_by=("position",)):
        found[package.shipment_id].append(package)
    return [_packing(context, shipment.id, found[shipment.id]) for shipment in shipments]


def _packing(context: Context, shipment_id: UUID, packages: list[Any]) -> Packing:
    return Packing(
        packages=packages,
        package_count=len(packages),
        gross_weight=packing.whole([package.gross_weight for package in packages], packing.FINEST_WEIGHT),
        volume=packing.volume(map(box, packages)),
        packing_list=Printout.at(context, PACKING_LIST_PATH, "Shipment", shipment_id),
        labels=Printout.at(context, LABELS_PATH, "Shipment", shipment_id) if packages else None,
    )


@strawberry.type
class PackageTypeQuery:
    """How to find package types."""

    @strawberry.field(description="All types of packages; there are few.")
    def package_types(self) -> list[PackageType]:
        """All of them."""
        return list(TYPES.values())
