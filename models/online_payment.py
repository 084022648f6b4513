"""Payments through a provider: a supplier's accounts there, what was asked for, what the provider said, and what goes back."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from tortoise import fields
from tortoise.functions import Sum
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, money, optional_enum, optional_text
from models.billing import Payment
from models.company import Company
from models.order import Order, parties
from rules.billing import PaymentMethod, PaymentStatus
from rules.people import Actor, Role, Scope
from rules.rails import UNDECIDED, NoticeStatus, PaymentFlow, ProviderRefundStatus, RefundReason, Refusal


class MerchantAccount(Stored):
    """A supplier's account with a provider; its keys are sealed together and open for this row alone.

    What was begun through one ends there: another app or payee is another row, and what it replaces stays as it was (decision 0167).
    """

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="merchant_accounts", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    method = fields.CharEnumField(PaymentMethod, max_length=16)
    # Where the provider writes to: a random name, so that nobody else learns that there is such an account.
    endpoint = fields.CharField(max_length=43, unique=True)
    app_id = fields.CharField(max_length=32)
    payee = fields.CharField(max_length=32)
    certificate_serial = fields.CharField(max_length=64, default="")
    keys = fields.BinaryField()
    is_sandbox = fields.BooleanField(default=False)
    changed_at = fields.DatetimeField()
    # Since when another one takes what is paid from now on; None for that one.
    replaced_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "merchant_account"
        unique_together = (("company", "method", "app_id", "payee", "is_sandbox"),)
        constraints = (
            UniqueConstraint(
                fields=("company_id", "method"), name="merchant_account_one_current", condition="replaced_at IS NULL"
            ),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[MerchantAccount]":
        """Those of the company, for its administrators."""
        if not actor.may_read or Role.ADMIN not in actor.roles:
            return cls.filter(NOTHING)
        return cls.filter(company_id=actor.company)

    @classmethod
    async def locked(cls, company_id: UUID, method: PaymentMethod) -> "list[MerchantAccount]":
        """All that the company has or had, locked for this transaction; whoever asks has opened the company."""
        return await cls.select_for_update(no_key=True).filter(company_id=company_id, method=method).order_by("id")

    @classmethod
    async def at(cls, endpoint: str, method: PaymentMethod) -> "MerchantAccount | None":
        """Whose endpoint it is; whoever writes there has still to prove who they are."""
        return await cls.get_or_none(endpoint=endpoint, method=method)

    @classmethod
    async def named(cls, account_id: UUID) -> "MerchantAccount":
        """The account of a payment that was opened before."""
        return await cls.get(id=account_id)

    @classmethod
    async def offered(cls, company_id: UUID) -> "dict[PaymentMethod, MerchantAccount]":
        """What the supplier of an order that was opened before takes now."""
        current = cls.filter(company_id=company_id, replaced_at__isnull=True).order_by("method")
        return {account.method: account for account in await current}


class OnlinePayment(Stored):
    """What a provider was asked to collect for a payment, and what it said of that."""

    payment: fields.OneToOneRelation[Payment] = fields.OneToOneField(
        "models.Payment", related_name="online", on_delete=fields.RESTRICT
    )
    payment_id: UUID
    account: fields.ForeignKeyRelation[MerchantAccount] = fields.ForeignKeyField(
        "models.MerchantAccount", related_name="payments", on_delete=fields.RESTRICT, db_index=True
    )
    account_id: UUID
    method = fields.CharEnumField(PaymentMethod, max_length=16)
    flow = fields.CharEnumField(PaymentFlow, max_length=8)
    # Ours, which the provider calls out_trade_no, and the provider's own.
    number = fields.CharField(max_length=32, unique=True)
    transaction_id: str | None = optional_text(64)
    app_id = fields.CharField(max_length=32)
    payee = fields.CharField(max_length=32)
    is_sandbox = fields.BooleanField(default=False)
    payer_address = fields.CharField(max_length=45, default="127.0.0.1")
    # Who pays, by the provider's name for them: kept until the provider has been told, and no longer.
    payer_openid: str | None = optional_text(128)
    # What the payer is given; missing until the provider has answered.
    content: str | None = fields.TextField(null=True)
    # The commission it bears, of which the payer learns nothing, as rules.settlement.Terms has it; None: it is not split.
    terms: list[dict[str, str]] | None = fields.JSONField(null=True)
    expires_at = fields.DatetimeField()
    close_asked_at: datetime | None = fields.DatetimeField(null=True)
    paid_at: datetime | None = fields.DatetimeField(null=True)
    amount = money()
    refunded = money(default=Decimal("0.00"))
    # The day whose statement of the provider has it.
    statement_on: date | None = fields.DateField(null=True)
    # When its money counts as confirmed although the supplier has not said so; None where it wants to say so itself.
    confirm_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "online_payment"
        # One payment for each transaction of the provider.
        unique_together = (("method", "transaction_id"),)
        indexes = (("account_id", "paid_at"), ("created_at",), ("confirm_at",))
        constraints = (CheckConstraint(check="refunded >= 0 AND refunded <= amount", name="online_payment_refunded"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[OnlinePayment]":
        """The payer's finance, for it says how to pay; nobody else's business."""
        may_pay = Role.FINANCE in actor.roles if actor.scopes is None else Scope.BILLING in actor.scopes
        if not (actor.may_read and may_pay):
            return cls.filter(NOTHING)
        return cls.filter(payment__order__buyer_id=actor.company)

    @property
    def kept(self) -> Decimal:
        """What of it did not go back."""
        kept: Decimal = self.amount - self.refunded
        return kept

    @classmethod
    async def of(cls, payment_id: UUID) -> "OnlinePayment":
        """What belongs to a payment that somebody opened before, together with it."""
        return await cls.get(payment_id=payment_id).select_related("payment")

    @classmethod
    async def unconfirmed(cls, now: datetime, most: int) -> list[UUID]:
        """Payments whose supplier let the time pass in which it wants to confirm them itself."""
        waiting = cls.filter(confirm_at__lte=now).order_by("confirm_at").limit(most)
        return [row["payment_id"] for row in await waiting.values("payment_id")]

    @classmethod
    async def numbered(cls, number: str, account_id: UUID) -> "OnlinePayment | None":
        """The payment of this number, if it was asked for through this account."""
        return await cls.get_or_none(number=number, account_id=account_id)

    @classmethod
    async def awaited(cls, order_id: UUID) -> list[UUID]:
        """The payments of an order that was opened before which somebody may still make."""
        waiting = cls.filter(payment__order_id=order_id, payment__status=PaymentStatus.AWAITING_CHANNEL)
        return [row["payment_id"] for row in await waiting.order_by("id").values("payment_id")]

    @classmethod
    async def ask_to_close(cls, payment_ids: Iterable[UUID], now: datetime) -> None:
        """Nobody is to pay these any more; belongs to payments that were opened before."""
        await cls.filter(payment_id__in=list(payment_ids), close_asked_at__isnull=True).update(close_asked_at=now)

    @classmethod
    async def has_taken(cls, method: PaymentMethod, transaction_id: str) -> bool:
        """Whether there is a payment for this transaction of the provider."""
        return bool(transaction_id) and await cls.exists(method=method, transaction_id=transaction_id)

    @classmethod
    async def of_other_apps(cls, account: MerchantAccount, numbers: Iterable[str]) -> set[str]:
        """Those of these numbers whose money went to the same payee through another app of the same company."""
        mine = {"account__company_id": account.company_id, "method": account.method}
        alike = cls.filter(number__in=list(numbers), payee=account.payee, is_sandbox=account.is_sandbox, **mine)
        return {row["number"] for row in await alike.exclude(account_id=account.id).values("number")}


class PaymentNotice(Stored):
    """What a provider told, once: proven to be its own, and applied or refused. What it said is not kept, only its hash."""

    account: fields.ForeignKeyRelation[MerchantAccount] = fields.ForeignKeyField(
        "models.MerchantAccount", related_name="notices", on_delete=fields.RESTRICT, db_index=True
    )
    account_id: UUID
    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="payment_notices", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    method = fields.CharEnumField(PaymentMethod, max_length=16)
    event_id = fields.CharField(max_length=128)
    number = fields.CharField(max_length=64)
    sha256 = fields.CharField(max_length=64)
    status = fields.CharEnumField(NoticeStatus, max_length=8)
    reason: Refusal | None = optional_enum(Refusal, 20)

    class Meta:
        table = "payment_notice"
        unique_together = (("account", "event_id"),)
        indexes = (("status", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[PaymentNotice]":
        """The operator's alone: what was refused may name payments that are not the supplier's."""
        return cls.filter() if actor.may_read and actor.is_operator else cls.filter(NOTHING)

    @classmethod
    async def known(cls, account_id: UUID, event_id: str) -> "PaymentNotice | None":
        """The same notice as it came before, to this account."""
        return await cls.get_or_none(account_id=account_id, event_id=event_id)


class PaymentRefund(Stored):
    """Money of an online payment that goes back, or should: a task while it is DUE."""

    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", related_name="refunds", on_delete=fields.RESTRICT, db_index=True
    )
    payment_id: UUID
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="payment_refunds", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    # Ours with the provider, or the provider's where the refund was made elsewhere.
    number = fields.CharField(max_length=64)
    status = fields.CharEnumField(ProviderRefundStatus, max_length=10)
    why = fields.CharEnumField(RefundReason, max_length=16)
    amount = money()
    remark: str | None = optional_text(1000)
    failure_reason: str | None = optional_text(200)
    done_at: datetime | None = fields.DatetimeField(null=True)
    # The day whose statement of the provider has it.
    statement_on: date | None = fields.DateField(null=True)

    class Meta:
        table = "payment_refund"
        unique_together = (("payment", "number"),)
        indexes = (("done_at",), ("status", "id"))
        constraints = (CheckConstraint(check="amount > 0", name="payment_refund_amount"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[PaymentRefund]":
        """Whoever sees the order."""
        return cls.filter(parties(actor, "order__"))

    @classmethod
    async def of(cls, payment_id: UUID) -> "list[PaymentRefund]":
        """What goes back of a payment that was opened before, the oldest first."""
        return await cls.filter(payment_id=payment_id).order_by("id")

    @classmethod
    async def too_late(cls, order_id: UUID) -> Decimal:
        """How much is to go back of what came in too late on an order, and has not yet."""
        late = cls.filter(order_id=order_id, why=RefundReason.PAID_TOO_LATE, status__in=list(UNDECIDED))
        [(total,)] = await late.annotate(total=Sum("amount")).values_list("total")
        return total or Decimal(0)

    @classmethod
    async def named(cls, refund_id: UUID) -> "PaymentRefund":
        """A refund that somebody asked for."""
        return await cls.get(id=refund_id)
