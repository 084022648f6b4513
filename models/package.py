"""Packages of shipments, what lies in them, and the numbers on them."""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, optional_text, quantity
from models.company import Company
from models.order import parties
from models.shipment import Shipment, ShipmentLine
from rules.gs1 import LENGTH, LONGEST_PREFIX
from rules.packing import Box, PackageType
from rules.people import Actor


class Package(Stored):
    """A transport handling unit of a shipment (UBL TransportHandlingUnit, GS1 logistic unit)."""

    shipment: fields.ForeignKeyRelation[Shipment] = fields.ForeignKeyField(
        "models.Shipment", related_name="packages", on_delete=fields.RESTRICT, db_index=True
    )
    shipment_id: UUID
    position = fields.IntField()
    package_type = fields.CharEnumField(PackageType, max_length=2)
    sscc: str | None = optional_text(LENGTH)
    # In kilograms.
    gross_weight: Decimal | None = fields.DecimalField(max_digits=12, decimal_places=3, null=True)
    # In centimetres: all three, or none.
    length: Decimal | None = fields.DecimalField(max_digits=8, decimal_places=2, null=True)
    width: Decimal | None = fields.DecimalField(max_digits=8, decimal_places=2, null=True)
    height: Decimal | None = fields.DecimalField(max_digits=8, decimal_places=2, null=True)

    lines: fields.ReverseRelation["PackageLine"]

    class Meta:
        table = "package"
        unique_together = (("shipment", "position"),)
        constraints = (
            CheckConstraint(check="sscc ~ '^[0-9]{18}$'", name="package_sscc"),
            CheckConstraint(check="gross_weight > 0", name="package_gross_weight"),
            CheckConstraint(check="length > 0 AND width > 0 AND height > 0", name="package_dimensions"),
            CheckConstraint(check="num_nulls(length, width, height) IN (0, 3)", name="package_measured"),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Package]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "shipment__order__"))

    @classmethod
    def of(cls, shipment_id: UUID) -> "QuerySet[Package]":
        """The packages of a shipment that was opened before."""
        return cls.filter(shipment_id=shipment_id).order_by("position")


def box(row: Package) -> Box | None:
    """The package's measures, of an instance or of a row; None where it was not measured."""
    known = row.length is not None and row.width is not None and row.height is not None
    return Box(row.length, row.width, row.height) if known else None  # type: ignore[arg-type]  # which mypy does not follow


class PackageLine(Stored):
    """How much of a shipment's line lies in a package; over all packages never more than was despatched, which a trigger keeps."""

    package: fields.ForeignKeyRelation[Package] = fields.ForeignKeyField(
        "models.Package", related_name="lines", on_delete=fields.CASCADE, db_index=True
    )
    package_id: UUID
    shipment_line: fields.ForeignKeyRelation[ShipmentLine] = fields.ForeignKeyField(
        "models.ShipmentLine", related_name="package_lines", on_delete=fields.RESTRICT, db_index=True
    )
    shipment_line_id: UUID
    position = fields.IntField()
    quantity = quantity()

    class Meta:
        table = "package_line"
        unique_together = (("package", "shipment_line"),)
        constraints = (CheckConstraint(check="quantity > 0", name="package_line_quantity"),)

    @classmethod
    def within(cls, packages: Collection[UUID]) -> "QuerySet[PackageLine]":
        """What lies in packages that were found before."""
        return cls.filter(package_id__in=list(packages)).order_by("position")


class Sscc(Stored):
    """Which of a supplier's shipments a number belongs to: for good, unless the shipment is cancelled."""

    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="ssccs", on_delete=fields.RESTRICT, db_index=True
    )
    supplier_id: UUID
    number = fields.CharField(max_length=LENGTH)
    shipment: fields.ForeignKeyRelation[Shipment] = fields.ForeignKeyField(
        "models.Shipment", related_name="ssccs", on_delete=fields.RESTRICT, db_index=True
    )
    shipment_id: UUID

    class Meta:
        table = "sscc"
        unique_together = (("supplier", "number"),)

    @classmethod
    def of(cls, shipment_id: UUID) -> "QuerySet[Sscc]":
        """The numbers of a shipment that was opened before."""
        return cls.filter(shipment_id=shipment_id)

    @classmethod
    async def owners(cls, supplier_id: UUID, numbers: Collection[str]) -> dict[str, UUID]:
        """Which shipment has each of the numbers, as far as one has."""
        found = cls.filter(supplier_id=supplier_id, number__in=list(numbers))
        return {row["number"]: row["shipment_id"] for row in await found.values("number", "shipment_id")}


class SsccSeries(Stored):
    """How many numbers were made with a company prefix of a supplier's; its row lock gives none twice."""

    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="sscc_series", on_delete=fields.RESTRICT, db_index=True
    )
    supplier_id: UUID
    prefix = fields.CharField(max_length=LONGEST_PREFIX)
    ordinal = fields.BigIntField(default=0)

    class Meta:
        table = "sscc_series"
        unique_together = (("supplier", "prefix"),)

    @classmethod
    def of(cls, supplier_id: UUID, prefix: str) -> "QuerySet[SsccSeries]":
        """The one series of a supplier's prefix."""
        return cls.filter(supplier_id=supplier_id, prefix=prefix)
