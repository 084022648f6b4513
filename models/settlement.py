"""Settlement 分账: the operator's commission rules, who receives the platform's share, and the split of each online payment."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, money, optional_text, rate
from models.billing import Payment
from models.catalogue import Category
from models.company import Company
from models.online_payment import OnlinePayment, PaymentRefund
from models.order import Order
from models.rows import fetch
from rules.billing import PaymentMethod, PaymentStatus
from rules.people import Actor, CompanyKind, Role
from rules.settlement import DONE, Rule, SettlementStatus, ShareReturnStatus

SUPPLYING = (CompanyKind.SUPPLIER, CompanyKind.TRADER)

# What the goods of an invoice, or of the contract where there is none yet, cost with tax, by their category and those above it, the
# nearest first.
_GOODS = """
    WITH RECURSIVE goods AS (
        SELECT product.category_id, sum(coalesce(line.net + line.tax, agreed.net + agreed.tax)) AS gross
        FROM contract_line agreed
        LEFT JOIN invoice_line line ON line.order_line_id = agreed.order_line_id AND line.invoice_id = $1
        JOIN product ON product.id = agreed.product_id
        WHERE agreed.contract_id = $2 AND ($1::uuid IS NULL OR line.id IS NOT NULL) GROUP BY product.category_id
    ), above(own, id, parent_id, steps) AS (
        SELECT category.id, category.id, category.parent_id, 0
        FROM category JOIN goods ON goods.category_id = category.id
        UNION ALL
        SELECT above.own, parent.id, parent.parent_id, above.steps + 1
        FROM category parent JOIN above ON parent.id = above.parent_id
    )
    SELECT goods.category_id AS id, goods.gross, array_agg(above.id ORDER BY above.steps) AS categories
    FROM goods JOIN above ON above.own = goods.category_id GROUP BY goods.category_id, goods.gross ORDER BY 1
"""


def sees_commission(actor: Actor) -> bool:
    """Whether any of it is the actor's business: a supplier's finance and administrators, the platform's operators and auditors."""
    if actor.is_operator:
        return actor.scopes is None and bool(actor.roles & {Role.OPERATOR, Role.AUDITOR})
    return actor.may_read_books and actor.kind in SUPPLYING


class CommissionRule(Stored):
    """What the platform keeps of payments; made once and ended, never changed."""

    supplier: fields.ForeignKeyNullableRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="commission_rules", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    supplier_id: UUID | None
    category: fields.ForeignKeyNullableRelation[Category] = fields.ForeignKeyField(
        "models.Category", related_name="commission_rules", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    category_id: UUID | None
    rate = rate()
    hold_days = fields.IntField()
    # The first day and the last, in the calendar of the supplier's own place.
    valid_from = fields.DateField()
    valid_to: date | None = fields.DateField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    version = fields.IntField(default=0)

    class Meta:
        table = "commission_rule"
        constraints = (
            CheckConstraint(check="rate >= 0 AND rate <= 0.3 AND hold_days >= 0", name="commission_rule_figures"),
            CheckConstraint(check="valid_to IS NULL OR valid_from <= valid_to", name="commission_rule_period"),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[CommissionRule]":
        """All for the platform; for a supplier's finance those of all suppliers, and its own."""
        if not sees_commission(actor):
            return cls.filter(NOTHING)
        return cls.all() if actor.is_operator else cls.filter(Q(supplier_id=None) | Q(supplier_id=actor.company))

    @classmethod
    async def locked(cls, rule_id: UUID) -> "CommissionRule | None":
        """The rule, locked until the transaction ends; whoever asks is the operator."""
        return await cls.select_for_update(no_key=True).get_or_none(id=rule_id)

    @classmethod
    async def concerning(cls, supplier_id: UUID) -> list[Rule]:
        """Those that name this supplier, or none."""
        found = await cls.filter(Q(supplier_id=None) | Q(supplier_id=supplier_id))
        return [one.rule for one in found]

    @property
    def rule(self) -> Rule:
        """The same as the rules of the business know it."""
        return Rule(
            self.id,
            self.rate,
            self.hold_days,
            self.supplier_id,
            self.category_id,
            self.valid_from,
            self.valid_to,
            self.created_at,
            self.ended_at,
        )


async def goods_of(invoice_id: UUID | None, contract_id: UUID) -> dict[tuple[UUID, ...], Decimal]:
    """What the goods of an invoice that was opened before, or of the contract, cost with tax, by their category and those above it."""
    found = await fetch(Category, _GOODS, invoice_id, contract_id)
    return {tuple(row["categories"]): row["gross"] for row in found}


class CommissionReceiver(Stored):
    """The platform's own account with a provider, to which its share goes."""

    method = fields.CharEnumField(PaymentMethod, max_length=16, unique=True)
    payee = fields.CharField(max_length=32)
    name = fields.CharField(max_length=200)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "commission_receiver"

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[CommissionReceiver]":
        """The platform's operators and auditors."""
        return cls.all() if actor.is_operator and sees_commission(actor) else cls.filter(NOTHING)

    @classmethod
    async def by(cls, method: PaymentMethod) -> "CommissionReceiver | None":
        """Who receives the platform's share of what is paid this way."""
        return await cls.get_or_none(method=method)


class Settlement(Stored):
    """The split of one online payment: due once the goods are accepted and some days are over."""

    payment: fields.OneToOneRelation[Payment] = fields.OneToOneField(
        "models.Payment", related_name="settlement", on_delete=fields.RESTRICT
    )
    payment_id: UUID
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="settlements", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    supplier: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="settlements", on_delete=fields.RESTRICT, db_index=False
    )
    supplier_id: UUID
    # Ours with the provider: the same however often it is asked.
    number = fields.CharField(max_length=32, unique=True)
    status = fields.CharEnumField(SettlementStatus, max_length=10)
    version = fields.IntField(default=0)
    # What did not go back before the split, what the platform got of it then (nothing where it was too late), and what came back of that.
    base = money()
    commission = money()
    returned = money(default=Decimal("0.00"))
    due_at = fields.DatetimeField()
    # From then on the provider splits no more.
    split_by = fields.DatetimeField()
    # Set with the first request, and fixed until the provider has said no: the payee, and its name, which WeChat Pay compares.
    receiver: str | None = optional_text(32)
    receiver_name: str | None = optional_text(200)
    attempts = fields.IntField(default=0)
    failure_reason: str | None = optional_text(200)
    settled_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "settlement"
        constraints = (
            CheckConstraint(
                check="0 <= returned AND returned <= commission AND commission <= base", name="settlement_amounts"
            ),
        )
        indexes = (("supplier_id", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Settlement]":
        """The supplier's finance and administrators, and the platform; never a buyer."""
        if not sees_commission(actor):
            return cls.filter(NOTHING)
        return cls.all() if actor.is_operator else cls.filter(supplier_id=actor.company)

    @classmethod
    async def of(cls, payment_id: UUID) -> "Settlement | None":
        """The split of a payment that was opened before."""
        return await cls.get_or_none(payment_id=payment_id)

    @classmethod
    async def named(cls, settlement_id: UUID) -> "Settlement":
        """The split of an errand."""
        return await cls.get(id=settlement_id)

    @classmethod
    async def is_open(cls, order_id: UUID) -> bool:
        """Whether something of an order's splits is still to be done."""
        return await cls.filter(order_id=order_id).exclude(status__in=list(DONE)).exists()

    @classmethod
    async def unopened(cls, order_id: UUID) -> list[OnlinePayment]:
        """The payments of an order that are paid and to be split, and of which no split is due yet; not what came too late, which goes
        back."""
        paid = OnlinePayment.filter(payment__order_id=order_id, payment__settlement__id=None, terms__isnull=False)
        paid = paid.filter(payment__received__isnull=False)
        came = (PaymentStatus.CHANNEL_CONFIRMED, PaymentStatus.FUNDS_CONFIRMED)
        return await paid.filter(payment__status__in=list(came)).order_by("id").select_related("payment")


class SettlementReturn(Stored):
    """A part of the platform's share that goes back, because of one refund; of each refund one at most."""

    settlement: fields.ForeignKeyRelation[Settlement] = fields.ForeignKeyField(
        "models.Settlement", related_name="returns", on_delete=fields.RESTRICT, db_index=True
    )
    settlement_id: UUID
    # None where more had to come because of the refund after this was done with: it had failed, and went through after all.
    refund: fields.OneToOneNullableRelation[PaymentRefund] = fields.OneToOneField(
        "models.PaymentRefund", related_name="share_return", on_delete=fields.RESTRICT, null=True
    )
    refund_id: UUID | None
    number = fields.CharField(max_length=32, unique=True)
    status = fields.CharEnumField(ShareReturnStatus, max_length=9)
    amount = money()
    failure_reason: str | None = optional_text(200)
    done_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "settlement_return"
        constraints = (CheckConstraint(check="amount >= 0", name="settlement_return_amount"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[SettlementReturn]":
        """Whoever sees the split."""
        if not sees_commission(actor):
            return cls.filter(NOTHING)
        return cls.all() if actor.is_operator else cls.filter(settlement__supplier_id=actor.company)

    @classmethod
    async def of(cls, settlement_id: UUID) -> "list[SettlementReturn]":
        """What goes back of a split that was opened before, the oldest first."""
        return await cls.filter(settlement_id=settlement_id).order_by("id")

    @classmethod
    async def because_of(cls, refund_id: UUID) -> "SettlementReturn | None":
        """What goes back because of a refund that was opened before, with its split."""
        return await cls.get_or_none(refund_id=refund_id).select_related("settlement")

    @classmethod
    async def named(cls, return_id: UUID) -> "SettlementReturn":
        """The return of an errand, with its split."""
        return await cls.get(id=return_id).select_related("settlement")
