"""Framework agreements between a buyer and a supplier, their signatures, and the orders called off under them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.functions import Sum
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, money, optional_enum, optional_text, quantity, unit_price
from models.catalogue import Product
from models.company import Company
from models.order import Order, side_of, where
from models.paper import PaperFile, SignatureOver
from rules.agreement import UNSIGNED, AgreedPrice, AgreementStatus
from rules.lifecycle import Side
from rules.money import Currency
from rules.people import Actor
from rules.units import Unit

# The last place on earth where a date ends is twelve hours behind Greenwich.
LAST_ZONE = timedelta(hours=12)


def partners(actor: Actor, agreement: str = "") -> Q:
    """Which rows an actor may see by way of their agreement; `agreement` is the path to it, such as `agreement__`."""
    if not actor.may_read:
        return NOTHING
    if actor.is_operator:
        return Q()
    return where(agreement, "buyer_id", actor.company) | where(agreement, "supplier_id", actor.company)


class FrameworkAgreement(Stored):
    """A contract under which later orders up to its limits need no signature; a trigger refuses any change of what was signed."""

    number = fields.CharField(max_length=16, unique=True)
    buyer: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="agreements_as_buyer", on_delete=fields.RESTRICT, db_index=True
    )
    buyer_id: UUID
    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="agreements_as_supplier", on_delete=fields.RESTRICT, db_index=True
    )
    supplier_id: UUID
    proposed_by = fields.CharEnumField(Side, max_length=8)
    proposer_name = fields.CharField(max_length=120)
    status = fields.CharEnumField(AgreementStatus, max_length=20, default=AgreementStatus.PROPOSED)
    # Whose signature is missing while the other's is there; None while either may sign first, and once nobody has to.
    turn: Side | None = optional_enum(Side, 8)
    # The newest event's seq, the caller's expectedVersion and the cursor to resume from.
    version = fields.IntField(default=0)
    currency = fields.CharEnumField(Currency, max_length=3)
    valid_from = fields.DateField()
    valid_to = fields.DateField()
    order_limit = money()
    total_limit = money()
    # What the call-offs add up to, held beside them so that the database itself refuses to go over the limit.
    called_off = money(default=Decimal(0))
    payment_net_days = fields.IntField()
    remark: str | None = optional_text(2000)
    text = fields.TextField()
    sha256 = fields.CharField(max_length=64)
    sign_by = fields.DatetimeField()
    effective_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    ending_reason: str | None = optional_text(1000)

    prices: fields.ReverseRelation["AgreementPrice"]
    signatures: fields.ReverseRelation["AgreementSignature"]

    class Meta:
        table = "framework_agreement"
        constraints = (
            CheckConstraint(check="buyer_id <> supplier_id", name="agreement_two_parties"),
            CheckConstraint(check="valid_from <= valid_to", name="agreement_period"),
            CheckConstraint(check="order_limit > 0 AND order_limit <= total_limit", name="agreement_limits"),
            CheckConstraint(check="called_off >= 0 AND called_off <= total_limit", name="agreement_not_exceeded"),
        )
        indexes = (("buyer_id", "supplier_id", "status"), ("status", "valid_to"))

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[FrameworkAgreement]":
        """Its two parties, and the operator."""
        return cls.filter(partners(actor))

    @classmethod
    async def named(cls, agreement_id: UUID | None) -> "FrameworkAgreement | None":
        """The agreement that a contract which was opened before stands on."""
        return await cls.get_or_none(id=agreement_id) if agreement_id else None

    @classmethod
    async def locked(cls, agreement_id: UUID) -> "FrameworkAgreement":
        """The agreement that was found before, locked for this transaction."""
        return await cls.select_for_update(no_key=True).get(id=agreement_id)

    @classmethod
    async def active_between(cls, buyer_id: UUID, supplier_id: UUID) -> "list[FrameworkAgreement]":
        """The agreements in force between the parties of an order that was opened before, locked in the order of their ids."""
        active = cls.filter(buyer_id=buyer_id, supplier_id=supplier_id, status=AgreementStatus.ACTIVE)
        return await active.order_by("id").select_for_update(no_key=True)

    @classmethod
    async def overdue(cls, now: datetime, most: int) -> list[UUID]:
        """Those that nobody signed in time, and those whose last day is over everywhere."""
        ended = Q(status=AgreementStatus.ACTIVE, valid_to__lt=(now - LAST_ZONE).date())
        waiting = cls.filter(ended | Q(status__in=list(UNSIGNED), sign_by__lte=now))
        return [row["id"] for row in await waiting.order_by("valid_to", "id").limit(most).values("id")]

    def side_of(self, actor: Actor) -> Side:
        """Which side the actor is on."""
        return side_of(self, actor)

    def is_overdue(self, now: datetime) -> bool:
        """Whether its time to sign, or its last day everywhere, is over."""
        if self.status in UNSIGNED:
            return self.sign_by <= now
        return self.status is AgreementStatus.ACTIVE and self.valid_to < (now - LAST_ZONE).date()

    @property
    def readers(self) -> list[UUID]:
        """The companies that may read what happens to it."""
        return [self.buyer_id, self.supplier_id]


class AgreementPrice(Stored):
    """What one unit of a product costs at most under the agreement, from a quantity on."""

    agreement: fields.ForeignKeyRelation[FrameworkAgreement] = fields.ForeignKeyField(
        "models.FrameworkAgreement", related_name="prices", on_delete=fields.RESTRICT, db_index=True
    )
    agreement_id: UUID
    position = fields.IntField()
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="agreed_prices", on_delete=fields.RESTRICT, db_index=True
    )
    product_id: UUID
    sku = fields.CharField(max_length=64)
    name_zh = fields.CharField(max_length=200)
    name_en = fields.CharField(max_length=200)
    unit = fields.CharEnumField(Unit, max_length=3)
    unit_price = unit_price()
    minimum_quantity = quantity()

    class Meta:
        table = "agreement_price"
        unique_together = (("agreement", "product", "minimum_quantity"),)
        constraints = (
            CheckConstraint(check="unit_price >= 0 AND minimum_quantity >= 0", name="agreement_price_amounts"),
        )

    @classmethod
    async def by_agreement(cls, agreements: Iterable[UUID]) -> dict[UUID, dict[UUID, list[AgreedPrice]]]:
        """The prices of agreements that were opened before, by agreement and product."""
        found: dict[UUID, dict[UUID, list[AgreedPrice]]] = {agreement: {} for agreement in agreements}
        for row in await cls.filter(agreement_id__in=list(found)):
            agreed = AgreedPrice(row.unit_price, row.minimum_quantity)
            found[row.agreement_id].setdefault(row.product_id, []).append(agreed)
        return found


class AgreementSignature(SignatureOver):
    """One side's signature on a framework agreement."""

    DOCUMENT = "agreement_id"

    agreement: fields.ForeignKeyRelation[FrameworkAgreement] = fields.ForeignKeyField(
        "models.FrameworkAgreement", related_name="signatures", on_delete=fields.RESTRICT, db_index=True
    )
    agreement_id: UUID

    class Meta:
        table = "agreement_signature"
        unique_together = (("agreement", "side"),)


class AgreementFile(PaperFile):
    """A framework agreement on paper."""

    DOCUMENT = "agreement_id"

    agreement: fields.ForeignKeyRelation[FrameworkAgreement] = fields.ForeignKeyField(
        "models.FrameworkAgreement", related_name="files", on_delete=fields.RESTRICT, db_index=True
    )
    agreement_id: UUID

    class Meta:
        table = "agreement_file"
        unique_together = (("agreement", "revision"),)


class AgreementCallOff(Stored):
    """What an order took of an agreement's total, or gave back (less than zero); rows are added, never changed."""

    agreement: fields.ForeignKeyRelation[FrameworkAgreement] = fields.ForeignKeyField(
        "models.FrameworkAgreement", related_name="call_offs", on_delete=fields.RESTRICT, db_index=True
    )
    agreement_id: UUID
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="call_offs", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    amount = money()
    currency = fields.CharEnumField(Currency, max_length=3)

    class Meta:
        table = "agreement_call_off"
        constraints = (CheckConstraint(check="amount <> 0", name="agreement_call_off_amount"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[AgreementCallOff]":
        """Whoever sees the agreement."""
        return cls.filter(partners(actor, "agreement__"))

    @classmethod
    async def sums(cls, order_id: UUID) -> dict[UUID, Decimal]:
        """What an order that was opened before holds of each agreement."""
        held = cls.filter(order_id=order_id).annotate(total=Sum("amount")).group_by("agreement_id")
        rows: list[Any] = await held.values_list("agreement_id", "total")
        return {agreement: total for agreement, total in rows if total}
