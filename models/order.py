"""Orders: one buyer, one supplier, and what they said to each other."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tortoise import fields
from tortoise.expressions import F, Q
from tortoise.functions import Sum
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.address import Address
from models.base import NOTHING, Stored, money, optional_enum, optional_text, quantity, rate, unit_price
from models.catalogue import Product
from models.company import Company, Member
from rules.conversation import MessageKind, TalkChannel
from rules.lifecycle import Amendment, OrderStatus, Side
from rules.money import Currency
from rules.people import CLOCK, Actor
from rules.quantity import LineQuantities, Movement
from rules.units import Unit

if TYPE_CHECKING:
    from models.budget import CostCentre
    from models.contract import Contract
    from models.quotation import Quotation


def parties(actor: Actor, order: str = "") -> Q:
    """Which rows an actor may see by way of their order; `order` is the path to it, such as `order__`."""
    placed = where(order, "hidden_versions__isnull", False)
    if not actor.may_read:
        return NOTHING
    if actor.is_operator:
        return placed
    return where(order, "buyer_id", actor.company) | (where(order, "supplier_id", actor.company) & placed)


def opened(actor: Actor, order: str) -> Q:
    """Which rows of the supplier's an actor may read by way of their order: all that are not sealed, and the supplier its own."""
    return where(order, "is_sealed", False) | where(order, "supplier_id", actor.company)


def where(path: str, field: str, value: Any) -> Q:
    """An equality on a field at the end of a path such as `order__`."""
    return Q(**{path + field: value})


class Order(Stored):
    """A purchase order between one buyer and one supplier."""

    number = fields.CharField(max_length=16, unique=True)
    buyer: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="orders_bought", on_delete=fields.RESTRICT, db_index=True
    )
    buyer_id: UUID
    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="orders_supplied", on_delete=fields.RESTRICT, db_index=True
    )
    supplier_id: UUID
    requester: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="orders", on_delete=fields.RESTRICT, db_index=True
    )
    requester_id: UUID
    # Who bears the cost inside the buyer's company: its own business, never shown to the supplier.
    cost_centre: fields.ForeignKeyNullableRelation["CostCentre"] = fields.ForeignKeyField(
        "models.CostCentre", related_name="orders", on_delete=fields.RESTRICT, null=True
    )
    cost_centre_id: UUID | None
    status = fields.CharEnumField(OrderStatus, max_length=24, default=OrderStatus.DRAFT)
    turn: Side | None = optional_enum(Side, 8)
    turn_since = fields.DatetimeField()
    # One integer: the newest event's seq, the caller's expectedVersion and the cursor to resume from.
    version = fields.IntField(default=0)
    # How many versions the buyer made before the supplier could see the order; None until then. The supplier counts
    # from there, so that its numbers tell nothing of drafts and approvals.
    hidden_versions: int | None = fields.IntField(null=True)
    # What is about to be changed of the contract in force; `turn` is then the side that has to answer or to sign.
    amendment: Amendment | None = optional_enum(Amendment, 24)
    # The buyer's own business: never shown to the supplier, no event of the order's stream.
    approval_pending = fields.BooleanField(default=False)
    holds_promotions = fields.BooleanField(default=False)  # they reduce its offer, and their supplier counts it
    # Whether the operator is to decide before the supplier sees it.
    under_review = fields.BooleanField(default=False)
    currency = fields.CharEnumField(Currency, max_length=3)
    delivery_place: str | None = optional_text(300)
    delivery_zone = fields.CharField(max_length=64)
    # A copy out of the buyer's address book, where the place was taken from it.
    delivery_address: dict[str, Any] | None = fields.JSONField(null=True)
    requested_on: date | None = fields.DateField(null=True)
    quality_requirement: str | None = optional_text(2000)
    # Until when the supplier may make its first offer, and whether the buyer's side and the operator read offers only then.
    answer_by: datetime | None = fields.DatetimeField(null=True)
    is_sealed = fields.BooleanField(default=False)
    estimated_total = money(default=Decimal(0))
    agreed_total: Decimal | None = money(null=True)
    closing_reason: str | None = optional_text(40)
    closing_note: str | None = optional_text(1000)
    placed_at: datetime | None = fields.DatetimeField(null=True)
    contracted_at: datetime | None = fields.DatetimeField(null=True)
    completed_at: datetime | None = fields.DatetimeField(null=True)
    settled_at: datetime | None = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()

    lines: fields.ReverseRelation["OrderLine"]
    quotations: fields.ReverseRelation["Quotation"]
    contracts: fields.ReverseRelation["Contract"]

    class Meta:
        table = "purchase_order"
        constraints = (CheckConstraint(check="buyer_id <> supplier_id", name="order_two_parties"),)
        indexes = (
            ("buyer_id", "id"),
            ("supplier_id", "id"),
            ("buyer_id", "status", "id"),
            ("supplier_id", "status", "id"),
            ("cost_centre_id",),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Order]":
        """The buyer's own; the supplier's and the operator's from the moment it was placed, and the operator's to be reviewed."""
        reviewed = Q(under_review=True) if actor.is_operator and actor.may_read else NOTHING
        return cls.filter(parties(actor) | reviewed)

    @classmethod
    async def locked(cls, order_id: UUID) -> "Order":
        """The order for the clock, which sees everything, locked for this transaction."""
        return await cls.select_for_update(no_key=True).get(id=order_id)

    @classmethod
    def with_company(cls, company_id: UUID | None) -> Q:
        """The orders this company is a party to; none for None."""
        return Q(buyer_id=company_id) | Q(supplier_id=company_id) if company_id else NOTHING

    @classmethod
    def borne_by(cls, cost_centre_id: UUID | None, company_id: UUID | None) -> Q:
        """What the company buys at the cost of this cost centre; none for None."""
        return Q(cost_centre_id=cost_centre_id, buyer_id=company_id) if cost_centre_id else NOTHING

    def side_of(self, actor: Actor) -> Side:
        """Which side the actor is on."""
        return side_of(self, actor)

    def version_for(self, actor: Actor) -> int:
        """The version as this actor counts."""
        return version_for(self, actor)

    @property
    def readers(self) -> list[UUID]:
        """The companies that may read what happens now."""
        return [self.buyer_id] if self.hidden_versions is None else [self.buyer_id, self.supplier_id]


def side_of(order: Any, actor: Actor) -> Side:
    """Which side of an order, or of a row of one, the actor is on."""
    if actor is CLOCK:
        return Side.CLOCK
    if actor.company == order.buyer_id:
        return Side.BUYER
    return Side.SUPPLIER if actor.company == order.supplier_id else Side.PLATFORM


def version_for(order: Any, actor: Actor) -> int:
    """The version of an order, or of a row of one, as this actor counts: only the buyer counts what came before it was placed."""
    if side_of(order, actor) in (Side.BUYER, Side.CLOCK):
        return int(order.version)
    return 0 if order.hidden_versions is None else int(order.version - order.hidden_versions)


def is_sealed_for(order: Any, actor: Actor) -> bool:
    """Whether the quotations on an order that the actor sees are still kept from this actor."""
    return bool(order.is_sealed) and side_of(order, actor) is not Side.SUPPLIER


class OrderLine(Stored):
    """One article of an order, as the catalogue described it then."""

    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="lines", on_delete=fields.CASCADE, db_index=True
    )
    order_id: UUID
    position = fields.IntField()
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="order_lines", on_delete=fields.RESTRICT, db_index=True
    )
    product_id: UUID
    sku = fields.CharField(max_length=64)
    name_zh = fields.CharField(max_length=200)
    name_en = fields.CharField(max_length=200)
    specification: list[dict[str, str]] = fields.JSONField(default=list)
    unit = fields.CharEnumField(Unit, max_length=3)
    quantity = quantity()
    list_price = unit_price()
    tax_rate = rate()
    quality_requirement: str | None = optional_text(2000)
    requested_on: date | None = fields.DateField(null=True)
    # Where this line goes, if not where the order goes: a copy, as the order has one, and which entry of the book it was taken from.
    delivery_place: str | None = optional_text(300)
    delivery_zone: str | None = optional_text(64)
    delivery_address: dict[str, Any] | None = fields.JSONField(null=True)
    delivery_entry: fields.ForeignKeyNullableRelation[Address] = fields.ForeignKeyField(
        "models.Address", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    delivery_entry_id: UUID | None

    class Meta:
        table = "order_line"
        unique_together = (("order", "position"),)
        constraints = (CheckConstraint(check="quantity > 0", name="order_line_quantity"),)
        indexes = (("delivery_entry_id",),)

    @property
    def terms(self) -> tuple[object, ...]:
        """What it asks for but how much of it: which product, when, how good, and where."""
        place = (self.delivery_place, self.delivery_entry_id)
        return (self.product_id, self.requested_on, self.quality_requirement, *place)

    @classmethod
    def of(cls, order_id: UUID) -> "QuerySet[OrderLine]":
        """The lines of an order that was opened before."""
        return cls.filter(order_id=order_id).order_by("position")

    @classmethod
    async def rewrite(cls, order_id: UUID, lines: "Sequence[OrderLine]") -> None:
        """Make these all lines of a draft that was opened before: known ids are changed, new ones added, the others go."""
        await cls.filter(order_id=order_id).exclude(id__in=[line.id for line in lines]).delete()
        # Out of the way first: a line that moves up must not meet the one that has not moved down yet.
        await cls.filter(order_id=order_id).update(position=-F("position"))
        kept = {"id", "created_at", "order_id"}
        await cls.bulk_create(lines, on_conflict=["id"], update_fields=sorted(cls._meta.db_fields - kept))


class QuantityEntry(Model):
    """One entry of the quantity ledger; entries are added, never changed."""

    id = fields.BigIntField(primary_key=True, generated=True)
    order_line: fields.ForeignKeyRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="entries", on_delete=fields.RESTRICT, db_index=True
    )
    order_line_id: UUID
    movement = fields.CharEnumField(Movement, max_length=20)
    quantity = quantity()
    document_id = fields.UUIDField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "quantity_entry"
        constraints = (CheckConstraint(check="quantity <> 0", name="quantity_entry_not_zero"),)

    @classmethod
    async def sums(cls, lines: Iterable[UUID]) -> dict[UUID, LineQuantities]:
        """What the ledger adds up to for each of the lines."""
        wanted = list(lines)
        entries = cls.filter(order_line_id__in=wanted).annotate(total=Sum("quantity"))
        found: dict[UUID, dict[str, Decimal]] = {line: {} for line in wanted}
        for line, movement, total in await entries.group_by("order_line_id", "movement").values_list(
            "order_line_id", "movement", "total"
        ):
            found[line][movement] = total
        return {line: LineQuantities.of(sums) for line, sums in found.items()}


class Message(Stored):
    """Something said on an order: a chat message, a question or its answer, or a talk held elsewhere."""

    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="messages", on_delete=fields.CASCADE, db_index=True
    )
    order_id: UUID
    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="messages", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    author_name = fields.CharField(max_length=120)
    kind = fields.CharEnumField(MessageKind, max_length=16)
    text = fields.CharField(max_length=4000)
    channel: TalkChannel | None = optional_enum(TalkChannel, 16)
    talked_at: datetime | None = fields.DatetimeField(null=True)
    # The number of the event that told of it: given under the order's lock, so that "up to here" means the same to everybody.
    seq = fields.IntField()

    class Meta:
        table = "message"
        unique_together = (("order", "seq"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Message]":
        """Whoever sees the order; there is nothing said before it is placed."""
        return cls.filter(parties(actor, "order__"))

    @classmethod
    async def heard(cls, order_id: UUID, company_id: UUID, after: int, up_to: int) -> bool:
        """Whether anybody else than this company said something between these numbers."""
        said = cls.filter(order_id=order_id, seq__gt=after, seq__lte=up_to)
        return await said.exclude(company_id=company_id).exists()
