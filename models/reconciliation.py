"""Reconciliations: each day of each account with a provider, compared with the provider's statement, and what came out."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, money, optional_enum, optional_text
from models.billing import Payment
from models.company import Company
from models.online_payment import MerchantAccount, OnlinePayment, PaymentRefund
from models.rows import Row, fetch
from rules.billing import PaymentMethod
from rules.people import Actor, Role
from rules.rails import ProviderRefundStatus
from rules.reconciliation import (
    ZONE,
    AlteredFact,
    Difference,
    DifferenceKind,
    EntryKind,
    Key,
    ReconciliationStatus,
    Record,
    day_of,
    span,
)

# An account's payments and refunds: what the supplier's books ($2) have of each, and of the provider's fee.
_PAYMENTS = """
    SELECT 'PAYMENT' AS kind, o.payment_id AS document, o.payment_id, o.number, o.transaction_id, '' AS refund_number,
        o.amount, o.paid_at AS happened_at, o.statement_on, NULL AS status,
        (SELECT sum(e.amount) FROM ledger_entry e WHERE e.document_id = o.payment_id AND e.company_id = $2
            AND e.kind = 'PAYMENT' AND e.account IN ('CASH_AT_PROVIDER', 'BANK')) AS booked,
        (SELECT sum(e.amount) FROM ledger_entry e WHERE e.document_id = o.payment_id AND e.company_id = $2
            AND e.kind = 'FEE' AND e.account = 'FEES') AS fee
    FROM online_payment o WHERE o.account_id = $1 AND """
_REFUNDS = """
    SELECT 'REFUND' AS kind, r.id AS document, o.payment_id, o.number, o.transaction_id, r.number AS refund_number,
        r.amount, r.done_at AS happened_at, r.statement_on, r.status,
        (SELECT -sum(e.amount) FROM ledger_entry e WHERE e.document_id = r.id AND e.company_id = $2
            AND e.kind = 'REFUND' AND e.account IN ('CASH_AT_PROVIDER', 'BANK')) AS booked,
        (SELECT sum(e.amount) FROM ledger_entry e WHERE e.document_id = r.id AND e.company_id = $2
            AND e.kind = 'FEE' AND e.account = 'FEES') AS fee
    FROM payment_refund r JOIN online_payment o ON o.payment_id = r.payment_id WHERE o.account_id = $1 AND """
_OF_DAY = f"{_PAYMENTS} o.paid_at >= $3 AND o.paid_at < $4 UNION ALL {_REFUNDS} r.done_at >= $5 AND r.done_at < $6"
_NAMED = f"{_PAYMENTS} o.number = ANY($3) UNION ALL {_REFUNDS} o.number = ANY($3)"

# Days of accounts that nobody has compared, the newest first: all since an account was first asked to collect something, collected it or
# paid it back within the span, also those on which we know of nothing, for what we do not know of is looked for. An account that collected
# something before the span has all of its days. Of its first day as well, whether payments from before were never compared.
_OPEN_DAYS = f"""
    WITH happened AS (
        SELECT account_id, paid_at AS at FROM online_payment WHERE paid_at >= $1 AND paid_at < $2
        UNION ALL SELECT account_id, created_at FROM online_payment WHERE created_at >= $1 AND created_at < $2
        UNION ALL SELECT o.account_id, r.done_at FROM payment_refund r JOIN online_payment o ON o.payment_id = r.payment_id
            WHERE r.done_at >= $1 AND r.done_at < $2),
    active AS (SELECT account_id, (min(at) AT TIME ZONE '{ZONE}')::date AS since FROM happened GROUP BY account_id),
    open AS (
        SELECT a.account_id, day::date AS day FROM active a CROSS JOIN generate_series($3::date, $4::date, interval '1 day') day
        WHERE day::date >= a.since
            OR EXISTS (SELECT FROM online_payment o WHERE o.account_id = a.account_id AND o.paid_at < $1))
    SELECT o.account_id AS id, o.day, o.day = $3 AND EXISTS (
        SELECT FROM online_payment p WHERE p.account_id = o.account_id AND p.paid_at < $1 AND NOT EXISTS (
            SELECT FROM reconciliation r
            WHERE r.account_id = p.account_id AND r.day = (p.paid_at AT TIME ZONE '{ZONE}')::date)) AS is_cut
    FROM open o
    WHERE NOT EXISTS (SELECT FROM reconciliation r WHERE r.account_id = o.account_id AND r.day = o.day)
    ORDER BY o.day DESC, o.account_id LIMIT $5
"""  # noqa: S608  # a constant of ours

# A company's accounts that a day is about: those through which something was asked for, collected or paid back on it, and the current one.
_ACCOUNTS = """
    SELECT a.id FROM merchant_account a, LATERAL (SELECT EXISTS (
            SELECT FROM online_payment o WHERE o.account_id = a.id
                AND (o.paid_at >= $3 AND o.paid_at < $4 OR o.created_at >= $3 AND o.created_at < $4)
        ) OR EXISTS (
            SELECT FROM payment_refund r JOIN online_payment o ON o.payment_id = r.payment_id
            WHERE o.account_id = a.id AND r.done_at >= $5 AND r.done_at < $6
        ) AS is_used) day
    WHERE a.company_id = $1 AND a.method = $2 AND (a.replaced_at IS NULL OR day.is_used)
    ORDER BY day.is_used DESC, a.replaced_at DESC NULLS FIRST
"""


class Reconciliation(Stored):
    """A day of a supplier's account with a provider, by our ledger and by the provider's statement."""

    account: fields.ForeignKeyRelation[MerchantAccount] = fields.ForeignKeyField(
        "models.MerchantAccount", related_name="reconciliations", on_delete=fields.RESTRICT
    )
    account_id: UUID
    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="reconciliations", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    method = fields.CharEnumField(PaymentMethod, max_length=16)
    day = fields.DateField()
    status = fields.CharEnumField(ReconciliationStatus, max_length=12, default=ReconciliationStatus.WAITING)
    version = fields.IntField(default=0)
    our_paid = money(default=Decimal("0.00"))
    our_refunded = money(default=Decimal("0.00"))
    our_count = fields.IntField(default=0)
    their_paid = money(default=Decimal("0.00"))
    their_refunded = money(default=Decimal("0.00"))
    their_count = fields.IntField(default=0)
    fees = money(default=Decimal("0.00"))
    compared_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "reconciliation"
        unique_together = (("account", "day"),)
        indexes = (("company_id", "day", "id"), ("day", "id"))

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Reconciliation]":
        """Whoever reads the supplier's books, and the platform's operators and auditors."""
        return (
            cls.filter()
            if _sees_all(actor)
            else cls.filter(company_id=actor.company)
            if _sees(actor)
            else cls.filter(NOTHING)
        )

    @classmethod
    async def named(cls, reconciliation_id: UUID) -> "Reconciliation":
        """The one an errand is for."""
        return await cls.get(id=reconciliation_id)

    @classmethod
    async def locked(cls, reconciliation_id: UUID) -> "Reconciliation":
        """The same, locked for this transaction."""
        return await cls.select_for_update().get(id=reconciliation_id)

    @classmethod
    async def of(cls, account_id: UUID, day: date) -> "Reconciliation | None":
        """An account's, that was opened before."""
        return await cls.get_or_none(account_id=account_id, day=day)

    @classmethod
    async def open_days(cls, first: date, last: date, most: int) -> list[tuple[UUID, date, bool]]:
        """Accounts and the days of theirs from the first to the last that are still to be compared, the newest first; and whether that
        is the first day, and payments from before it were never compared."""
        begins, ends = span(first, EntryKind.PAYMENT)[0], span(last, EntryKind.PAYMENT)[1]
        found = await fetch(MerchantAccount, _OPEN_DAYS, begins, ends, first, last, most)
        return [(row.id, row["day"], row["is_cut"]) for row in found]

    @classmethod
    async def accounts_on(cls, company_id: UUID, method: PaymentMethod, day: date) -> list[MerchantAccount]:
        """The company's accounts that the day is about: first those that were used on it, and of these the current one."""
        moments = (*span(day, EntryKind.PAYMENT), *span(day, EntryKind.REFUND))
        found = [row.id for row in await fetch(MerchantAccount, _ACCOUNTS, company_id, method, *moments)]
        accounts = {account.id: account for account in await MerchantAccount.filter(id__in=found)}
        return [accounts[one] for one in found]

    @classmethod
    async def records(cls, account: MerchantAccount, day: date) -> dict[Key, Record]:
        """What we have of the day."""
        moments = (*span(day, EntryKind.PAYMENT), *span(day, EntryKind.REFUND))
        found = await fetch(OnlinePayment, _OF_DAY, account.id, account.company_id, *moments)
        return {record.key: record for record in (_record(row, day) for row in found)}

    @classmethod
    async def records_named(cls, account: MerchantAccount, day: date, numbers: Iterable[str]) -> dict[Key, Record]:
        """What we have of payments of these numbers, and of their refunds, of whatever day."""
        found = await fetch(OnlinePayment, _NAMED, account.id, account.company_id, list(numbers))
        return {record.key: record for record in (_record(row, day) for row in found)}

    @classmethod
    async def mark_found(cls, day: date, records: Iterable[Record]) -> None:
        """Write down in which day's statement they are; what another day's has already stays with that."""
        documents = [record.document for record in records]
        await OnlinePayment.filter(payment_id__in=documents, statement_on__isnull=True).update(statement_on=day)
        await PaymentRefund.filter(id__in=documents, statement_on__isnull=True).update(statement_on=day)


class ReconciliationDifference(Stored):
    """One disagreement of a day, until somebody resolves it; those that are open are replaced when the day is compared again."""

    reconciliation: fields.ForeignKeyRelation[Reconciliation] = fields.ForeignKeyField(
        "models.Reconciliation", related_name="differences", on_delete=fields.RESTRICT, db_index=True
    )
    reconciliation_id: UUID
    kind = fields.CharEnumField(DifferenceKind, max_length=8)
    entry = fields.CharEnumField(EntryKind, max_length=8)
    fact: AlteredFact | None = optional_enum(AlteredFact, 12)
    number = fields.CharField(max_length=64)
    refund_number = fields.CharField(max_length=64, default="")
    transaction_id: str | None = optional_text(64)
    payment: fields.ForeignKeyNullableRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", related_name="differences", on_delete=fields.RESTRICT, null=True, db_index=True
    )
    payment_id: UUID | None
    our_amount: Decimal | None = money(null=True)
    their_amount: Decimal | None = money(null=True)
    our_fee: Decimal | None = money(null=True)
    their_fee: Decimal | None = money(null=True)
    times = fields.IntField()
    resolved_at: datetime | None = fields.DatetimeField(null=True)
    resolved_by: str | None = optional_text(120)
    remark: str | None = optional_text(1000)

    class Meta:
        table = "reconciliation_difference"
        constraints = (
            UniqueConstraint(
                fields=("reconciliation_id", "kind", "entry", "number", "refund_number"),
                name="reconciliation_difference_once",
                condition="resolved_at IS NULL",
            ),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[ReconciliationDifference]":
        """Whoever sees the reconciliation."""
        if _sees_all(actor):
            return cls.filter()
        return cls.filter(reconciliation__company_id=actor.company) if _sees(actor) else cls.filter(NOTHING)

    @classmethod
    async def replace_open(cls, reconciliation_id: UUID, found: "list[ReconciliationDifference]") -> int:
        """These instead of those that are open, but for what somebody resolved just so; how many are open now."""
        await cls.filter(reconciliation_id=reconciliation_id, resolved_at__isnull=True).delete()
        resolved = {one.fingerprint for one in await cls.filter(reconciliation_id=reconciliation_id)}
        still = [one for one in found if one.fingerprint not in resolved]
        await cls.write_all(still)
        return len(still)

    @classmethod
    async def are_open(cls, reconciliation_id: UUID) -> bool:
        """Whether something of a reconciliation that was opened before is still to be resolved."""
        return await cls.filter(reconciliation_id=reconciliation_id, resolved_at__isnull=True).exists()

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """The same for the same disagreement, whenever it is found."""
        named = (self.kind, self.entry, self.fact, self.number, self.refund_number, self.transaction_id)
        return *named, self.our_amount, self.their_amount, self.our_fee, self.their_fee, self.times

    @classmethod
    def made(cls, reconciliation_id: UUID, found: Difference, moment: datetime) -> "ReconciliationDifference":
        """What was found, as a row that is not written yet."""
        ours, theirs = found.ours, found.theirs
        either = ours or theirs
        if either is None:
            raise ValueError("a difference of nothing")
        return cls(
            reconciliation_id=reconciliation_id,
            kind=found.kind,
            entry=either.kind,
            fact=found.fact,
            number=either.number,
            refund_number=either.refund_number,
            transaction_id=(theirs or either).transaction_id or None,
            payment_id=ours and ours.payment,
            our_amount=ours and ours.amount,
            their_amount=theirs and theirs.amount,
            our_fee=ours and ours.fee,
            their_fee=theirs and theirs.fee,
            times=found.times,
            created_at=moment,
        )


def _record(row: Row, day: date) -> Record:
    kind, asked = EntryKind(row["kind"]), row["status"] == ProviderRefundStatus.REQUESTED
    has_happened = row["booked"] is not None or asked
    return Record(
        kind=kind,
        document=row["document"],
        payment=row["payment_id"],
        number=row["number"],
        transaction_id=row["transaction_id"] or "",
        refund_number=row["refund_number"],
        amount=row["booked"] if row["booked"] is not None else row["amount"],
        fee=row["fee"],
        has_happened=has_happened,
        is_expected=has_happened and row["happened_at"] is not None and day_of(row["happened_at"], kind) == day,
        elsewhere=row["statement_on"] not in (None, day),
    )


def _sees_all(actor: Actor) -> bool:
    return actor.is_operator and actor.may_read and bool(actor.roles & {Role.OPERATOR, Role.AUDITOR})


def _sees(actor: Actor) -> bool:
    return actor.may_read_books and not actor.is_operator
