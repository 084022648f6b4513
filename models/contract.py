"""Contracts and the signatures on them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, money, optional_enum, optional_text, quantity, rate, unit_price
from models.catalogue import Product
from models.order import Order, OrderLine, parties
from models.paper import PaperFile, SignatureOver
from models.quotation import Quotation
from rules.agreement import CoverageGap
from rules.allowances import AllowanceKind
from rules.contract import IN_FORCE, UNSIGNED, ContractStatus
from rules.lifecycle import Side
from rules.money import Currency, TaxInclusion
from rules.people import Actor

if TYPE_CHECKING:
    from models.agreement import FrameworkAgreement


class Contract(Stored):
    """The text both sides sign; a database trigger refuses any change of it."""

    number = fields.CharField(max_length=16, unique=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="contracts", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    quotation: fields.ForeignKeyRelation[Quotation] = fields.ForeignKeyField(
        "models.Quotation", related_name="contracts", on_delete=fields.RESTRICT, db_index=True
    )
    quotation_id: UUID
    version = fields.IntField()
    status = fields.CharEnumField(ContractStatus, max_length=20, default=ContractStatus.DRAFT)
    # The version in force that this one would replace, which side proposed it and why; None for the first.
    supersedes: fields.ForeignKeyNullableRelation["Contract"] = fields.ForeignKeyField(
        "models.Contract", related_name="superseding", on_delete=fields.RESTRICT, null=True
    )
    supersedes_id: UUID | None
    proposed_by: Side | None = optional_enum(Side, 8)
    change_reason: str | None = optional_text(1000)
    # The framework agreement whose signatures stand for this contract's own, or why none did when it was drawn up.
    agreement: fields.ForeignKeyNullableRelation["FrameworkAgreement"] = fields.ForeignKeyField(
        "models.FrameworkAgreement", related_name="contracts", on_delete=fields.RESTRICT, null=True
    )
    agreement_id: UUID | None
    agreement_gap: CoverageGap | None = optional_enum(CoverageGap, 24)
    text = fields.TextField()
    sha256 = fields.CharField(max_length=64)
    currency = fields.CharEnumField(Currency, max_length=3)
    # How its prices are stated, as its quotation says.
    tax_inclusion = fields.CharEnumField(TaxInclusion, max_length=16, default=TaxInclusion.EXCLUSIVE)
    freight = money()
    freight_tax_rate = rate()
    freight_tax = money()
    net = money()
    tax = money()
    total = money()
    sign_by = fields.DatetimeField()
    effective_at: datetime | None = fields.DatetimeField(null=True)

    lines: fields.ReverseRelation["ContractLine"]
    signatures: fields.ReverseRelation["Signature"]

    class Meta:
        table = "contract"
        unique_together = (("order", "version"),)
        constraints = (
            CheckConstraint(check="total = net + tax", name="contract_total"),
            UniqueConstraint(
                fields=("order_id",),
                name="contract_one_open",
                condition="status = 'DRAFT' OR status = 'PARTIALLY_SIGNED'",
            ),
            UniqueConstraint(
                fields=("order_id",),
                name="contract_one_in_force",
                condition="status = 'EFFECTIVE' OR status = 'FULFILLED'",
            ),
        )
        indexes = (("status", "sign_by"), ("agreement_id",), ("supersedes_id",))

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Contract]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))

    @classmethod
    async def versions(cls, order_id: UUID) -> int:
        """How many versions an order that was opened before has had."""
        return await cls.filter(order_id=order_id).count()

    @classmethod
    async def newest(cls, order_id: UUID) -> "Contract | None":
        """The newest version of an order that was opened before."""
        return await cls.filter(order_id=order_id).order_by("-version").first()

    @classmethod
    async def in_force(cls, order_id: UUID) -> "Contract | None":
        """The version by which both sides of an order that was opened before are bound; None before the second signature."""
        signed = cls.filter(order_id=order_id, status__in=list(IN_FORCE))
        return await signed.order_by("-version").first()

    @classmethod
    async def bound_at(cls, order_id: UUID) -> datetime | None:
        """When the first version bound both sides of an order that was opened before."""
        first = await cls.filter(order_id=order_id, effective_at__isnull=False).order_by("effective_at").first()
        return None if first is None else first.effective_at

    @classmethod
    async def open_one(cls, order_id: UUID) -> "Contract | None":
        """The version that waits for signatures."""
        return await cls.get_or_none(order_id=order_id, status__in=list(UNSIGNED))

    @classmethod
    async def overdue(cls, now: datetime, most: int, *, changes: bool = False) -> list[UUID]:
        """Orders whose parties let the time to sign pass, of their contract or of a change of it."""
        waiting = cls.filter(status__in=list(UNSIGNED), sign_by__lte=now, supersedes_id__isnull=not changes)
        return [row["order_id"] for row in await waiting.order_by("sign_by").limit(most).values("order_id")]


STANDING = [
    ContractStatus.DRAFT,
    ContractStatus.PARTIALLY_SIGNED,
    ContractStatus.EFFECTIVE,
    ContractStatus.FULFILLED,
]
"""What binds, or waits for signatures."""


class ContractLine(Stored):
    """What is agreed on one order line; a line of the order that is not in the contract is not ordered."""

    contract: fields.ForeignKeyRelation[Contract] = fields.ForeignKeyField(
        "models.Contract", related_name="lines", on_delete=fields.RESTRICT, db_index=True
    )
    contract_id: UUID
    order_line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="contract_lines", on_delete=fields.RESTRICT, db_index=True
    )
    order_line_id: UUID
    position = fields.IntField()
    quantity = quantity()
    unit_price = unit_price()
    tax_rate = rate()
    net = money()
    tax = money()
    promised_on = fields.DateField()
    quality_remark: str | None = optional_text(2000)
    # By which share more may be delivered than is agreed.
    over_delivery_tolerance = rate(default=Decimal(0))
    # What is delivered: the order line's product, or an alternative to it.
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="contract_lines", on_delete=fields.RESTRICT, db_index=True
    )
    product_id: UUID
    sku = fields.CharField(max_length=64)
    name_zh = fields.CharField(max_length=200)
    name_en = fields.CharField(max_length=200)
    specification: list[dict[str, str]] = fields.JSONField(default=list)
    # As the quotation's line, or the alternative that was taken, kept it: for as many as were quoted. None also where a change of the
    # contract agreed on another price.
    price_explanation: dict[str, Any] | None = fields.JSONField(null=True)

    class Meta:
        table = "contract_line"
        unique_together = (("contract", "order_line"),)
        constraints = (
            CheckConstraint(check="quantity > 0 AND unit_price >= 0", name="contract_line_amounts"),
            CheckConstraint(check="over_delivery_tolerance BETWEEN 0 AND 1", name="contract_line_tolerance"),
        )

    @classmethod
    def of(cls, contract_id: UUID) -> "QuerySet[ContractLine]":
        """The lines of a contract that was opened before."""
        return cls.filter(contract_id=contract_id).order_by("position")

    @classmethod
    def of_order(cls, order_id: UUID) -> "QuerySet[ContractLine]":
        """The lines of all contracts of an order that was opened before."""
        return cls.filter(contract__order_id=order_id).order_by("position")

    @classmethod
    async def products(cls, order_id: UUID) -> dict[UUID, UUID]:
        """Which product is delivered for each line of an order that was opened before, by the contract in force."""
        contract = await Contract.in_force(order_id)
        agreed = await cls.of(contract.id).values("order_line_id", "product_id") if contract else []
        return {line["order_line_id"]: line["product_id"] for line in agreed}

    @classmethod
    async def tolerances(cls, order_id: UUID) -> dict[UUID, Decimal]:
        """By which share each line of an order that was opened before may be over-delivered, by the contract in force."""
        contract = await Contract.in_force(order_id)
        agreed = await cls.of(contract.id).values("order_line_id", "over_delivery_tolerance") if contract else []
        return {line["order_line_id"]: line["over_delivery_tolerance"] for line in agreed}

    @classmethod
    async def standing(cls, orders: Iterable[UUID]) -> "list[ContractLine]":
        """What is agreed or waits for signatures on orders that were opened before."""
        return list(await cls.filter(contract__order_id__in=list(orders), contract__status__in=STANDING))


class ContractAllowance(Stored):
    """An agreed allowance or charge; `net` and `tax` are below zero where it is an allowance."""

    contract: fields.ForeignKeyRelation[Contract] = fields.ForeignKeyField(
        "models.Contract", related_name="allowances", on_delete=fields.RESTRICT, db_index=True
    )
    contract_id: UUID
    position = fields.IntField()
    kind = fields.CharEnumField(AllowanceKind, max_length=16)
    reason_code: str | None = optional_text(3)
    reason = fields.CharField(max_length=200)
    tax_rate = rate()
    net = money()
    tax = money()

    class Meta:
        table = "contract_allowance"
        unique_together = (("contract", "position"),)

    @classmethod
    def of(cls, contract_id: UUID) -> "QuerySet[ContractAllowance]":
        """The allowances and charges of a contract that was opened before."""
        return cls.filter(contract_id=contract_id).order_by("position")


class Signature(SignatureOver):
    """One side's signature on a contract."""

    DOCUMENT = "contract_id"

    contract: fields.ForeignKeyRelation[Contract] = fields.ForeignKeyField(
        "models.Contract", related_name="signatures", on_delete=fields.RESTRICT, db_index=True
    )
    contract_id: UUID

    class Meta:
        table = "signature"
        unique_together = (("contract", "side"),)


class ContractFile(PaperFile):
    """A contract on paper."""

    DOCUMENT = "contract_id"

    contract: fields.ForeignKeyRelation[Contract] = fields.ForeignKeyField(
        "models.Contract", related_name="files", on_delete=fields.RESTRICT, db_index=True
    )
    contract_id: UUID

    class Meta:
        table = "contract_file"
        unique_together = (("contract", "revision"),)
