"""Cost centres and their budgets: the buyer's own business, of which no supplier and no operator ever meets anything."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.functions import Sum
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import Stored, money, own
from models.company import Company
from models.order import Order
from rules.budgets import BudgetPolicy, Holding
from rules.money import Currency
from rules.people import Actor


class CostCentre(Stored):
    """Who bears the cost of an order inside a company. Its row is the lock under which all its budgets are checked and booked."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="cost_centres", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    code = fields.CharField(max_length=40)
    name = fields.CharField(max_length=120)
    is_active = fields.BooleanField(default=True)
    # Rises with each change of it or of one of its budgets; what orders take of them is numbered by each budget itself.
    version = fields.IntField(default=0)

    class Meta:
        table = "cost_centre"
        unique_together = (("company", "code"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[CostCentre]":
        """The company's own people."""
        return cls.filter(own(actor))

    @classmethod
    async def locked(cls, cost_centre_id: UUID) -> "CostCentre":
        """The cost centre of an order that was opened before, locked until the transaction ends."""
        return await cls.select_for_update(no_key=True).get(id=cost_centre_id)

    @classmethod
    async def named(cls, ids: Iterable[UUID]) -> "dict[UUID, CostCentre]":
        """The cost centres that rows which were opened before refer to."""
        wanted = list(ids)
        return {one.id: one for one in await cls.filter(id__in=wanted)} if wanted else {}

    @classmethod
    async def has_code(cls, company_id: UUID, code: str, *, but: UUID) -> bool:
        """Whether another cost centre of the company, whose row is locked, has this code."""
        return await cls.filter(company_id=company_id, code=code).exclude(id=but).exists()


class Budget(Stored):
    """What a cost centre may spend from one day to another in one currency; the periods of one currency are apart, the database sees to it.

    A trigger refuses to let more be held of a BLOCK budget than it has; a WARN budget may be exceeded, and one that was cut may be over.
    """

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="budgets", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    cost_centre: fields.ForeignKeyRelation[CostCentre] = fields.ForeignKeyField(
        "models.CostCentre", related_name="budgets", on_delete=fields.RESTRICT, db_index=True
    )
    cost_centre_id: UUID
    # The first day and the last, at the delivery place of the order that is submitted.
    period_start = fields.DateField()
    period_end = fields.DateField()
    currency = fields.CharEnumField(Currency, max_length=3)
    amount = money()
    policy = fields.CharEnumField(BudgetPolicy, max_length=8)
    # What the entries add up to, held beside them so that the database itself can refuse.
    reserved = money(default=Decimal(0))
    consumed = money(default=Decimal(0))
    # The newest entry's number, and its event's.
    entry_count = fields.IntField(default=0)

    entries: fields.ReverseRelation["BudgetEntry"]

    class Meta:
        table = "budget"
        constraints = (
            CheckConstraint(check="period_start <= period_end", name="budget_period"),
            CheckConstraint(check="amount >= 0 AND reserved >= 0 AND consumed >= 0", name="budget_amounts"),
        )
        indexes = (("cost_centre_id", "currency", "period_start"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Budget]":
        """The company's own people."""
        return cls.filter(own(actor))

    @property
    def committed(self) -> Decimal:
        """What orders hold of it."""
        return Decimal(self.reserved + self.consumed)

    @classmethod
    async def named(cls, budget_id: UUID) -> "Budget":
        """The budget that an order which was opened before holds of, or that its cost centre has; under the cost centre's lock."""
        return await cls.get(id=budget_id)

    @classmethod
    async def of_centres(cls, cost_centres: Iterable[UUID]) -> "list[Budget]":
        """The budgets of cost centres that were opened before."""
        wanted = list(cost_centres)
        return await cls.filter(cost_centre_id__in=wanted).order_by("period_start", "id") if wanted else []

    @classmethod
    async def overlapping(
        cls, cost_centre_id: UUID, currency: str, start: date, end: date, *, but: UUID | None = None
    ) -> "Budget | None":
        """A budget of the cost centre in this currency with a day of this period."""
        found = cls.filter(
            cost_centre_id=cost_centre_id, currency=currency, period_start__lte=end, period_end__gte=start
        )
        return await (found.exclude(id=but) if but else found).first()


class BudgetEntry(Stored):
    """What an order took of a budget, or gave back (less than zero); rows are added, never changed."""

    budget: fields.ForeignKeyRelation[Budget] = fields.ForeignKeyField(
        "models.Budget", related_name="entries", on_delete=fields.RESTRICT, db_index=True
    )
    budget_id: UUID
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="budget_entries", on_delete=fields.RESTRICT, db_index=True
    )
    order_id: UUID
    seq = fields.IntField()
    reserved = money()
    consumed = money()
    currency = fields.CharEnumField(Currency, max_length=3)

    class Meta:
        table = "budget_entry"
        unique_together = (("budget", "seq"),)
        constraints = (CheckConstraint(check="reserved <> 0 OR consumed <> 0", name="budget_entry_amount"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[BudgetEntry]":
        """The company's own people."""
        return cls.filter(own(actor, "budget__"))

    @property
    def change(self) -> Holding:
        """By how much it changed what the order holds."""
        return Holding(self.reserved, self.consumed)

    @classmethod
    async def held(cls, orders: Collection[UUID]) -> dict[UUID, tuple[UUID, Holding]]:
        """For each of the orders, opened before, that holds anything: the budget it holds of, which is one at most, and how much."""
        if not orders:
            return {}
        sums = cls.filter(order_id__in=list(orders)).annotate(kept=Sum("reserved"), spent=Sum("consumed"))
        rows: list[Any] = await sums.group_by("order_id", "budget_id").values_list(
            "order_id", "budget_id", "kept", "spent"
        )
        return {order: (budget, Holding(kept, spent)) for order, budget, kept, spent in rows if kept + spent}
