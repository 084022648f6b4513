"""Cost centres, their budgets, and what orders hold of them: periods apart, entries as they were written, no BLOCK budget overdrawn."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from decimal import Decimal
from models.base import new_id
from rules.budgets import BudgetPolicy
from rules.events import Topic
from rules.money import Currency
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

# A range of one text meets another where both texts are equal: what the extension btree_gist would do, which not every server has.
TEXT_RANGE = 'CREATE TYPE text_range AS RANGE (subtype = text, collation = "C")'
PERIODS_APART = """
ALTER TABLE budget ADD CONSTRAINT budget_periods_apart EXCLUDE USING gist (
    text_range(cost_centre_id::text || currency, cost_centre_id::text || currency, '[]') WITH &&,
    daterange(period_start, period_end, '[]') WITH &&
)
"""

# The services check under the cost centre's lock; whatever else writes is refused here. Cutting a budget is no growth.
REFUSE_OVERDRAFT = """
CREATE FUNCTION refuse_overdrawn_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.policy = 'BLOCK' AND NEW.reserved + NEW.consumed > GREATEST(NEW.amount, OLD.reserved + OLD.consumed) THEN
        RAISE EXCEPTION 'budget % has % and cannot hold %', NEW.id, NEW.amount, NEW.reserved + NEW.consumed
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""

# Table: the columns that may still change (see 0004).
KEPT = {
    "budget": ("period_start", "period_end", "amount", "policy", "reserved", "consumed", "entry_count"),
    "budget_entry": (),
}


def keep(table: str, *but: str) -> str:
    """The statement that lets the database refuse any other change of the table's rows."""
    columns = ", ".join(f"'{column}'" for column in but)
    return (
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_as_written({columns})"
    )


class Migration(migrations.Migration):
    """Three tables, and the cost centre of an order and of an enquiry."""

    dependencies = [("models", "0019_event_kinds")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CostCentre",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "company",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="company_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="cost_centres",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("code", fields.CharField(max_length=40)),
                ("name", fields.CharField(max_length=120)),
                ("is_active", fields.BooleanField(default=True)),
                ("version", fields.IntField(default=0)),
            ],
            options={
                "table": "cost_centre",
                "app": "models",
                "unique_together": (("company", "code"),),
                "pk_attr": "id",
                "table_description": "Who bears the cost of an order inside a company. Its row is the lock under which all its budgets are checked and booked.",
            },
            bases=["Stored"],
        ),
        ops.CreateModel(
            name="Budget",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "company",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="company_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="budgets",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "cost_centre",
                    fields.ForeignKeyField(
                        "models.CostCentre",
                        source_field="cost_centre_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="budgets",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("period_start", fields.DateField()),
                ("period_end", fields.DateField()),
                (
                    "currency",
                    fields.CharEnumField(
                        description="CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD",
                        enum_type=Currency,
                        max_length=3,
                    ),
                ),
                ("amount", fields.DecimalField(max_digits=20, decimal_places=2)),
                (
                    "policy",
                    fields.CharEnumField(description="BLOCK: BLOCK\nWARN: WARN", enum_type=BudgetPolicy, max_length=8),
                ),
                ("reserved", fields.DecimalField(default=Decimal("0"), max_digits=20, decimal_places=2)),
                ("consumed", fields.DecimalField(default=Decimal("0"), max_digits=20, decimal_places=2)),
                ("entry_count", fields.IntField(default=0)),
            ],
            options={
                "table": "budget",
                "app": "models",
                "indexes": [Index(fields=["cost_centre_id", "currency", "period_start"])],
                "pk_attr": "id",
                "table_description": "What a cost centre may spend from one day to another in one currency; the periods of one currency are apart, the database sees to it.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="Budget",
            constraint=CheckConstraint(check="period_start <= period_end", name="budget_period"),
        ),
        ops.AddConstraint(
            model_name="Budget",
            constraint=CheckConstraint(check="amount >= 0 AND reserved >= 0 AND consumed >= 0", name="budget_amounts"),
        ),
        ops.CreateModel(
            name="BudgetEntry",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "budget",
                    fields.ForeignKeyField(
                        "models.Budget",
                        source_field="budget_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="budget_entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("seq", fields.IntField()),
                ("reserved", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("consumed", fields.DecimalField(max_digits=20, decimal_places=2)),
                (
                    "currency",
                    fields.CharEnumField(
                        description="CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD",
                        enum_type=Currency,
                        max_length=3,
                    ),
                ),
            ],
            options={
                "table": "budget_entry",
                "app": "models",
                "unique_together": (("budget", "seq"),),
                "pk_attr": "id",
                "table_description": "What an order took of a budget, or gave back (less than zero); rows are added, never changed.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="BudgetEntry",
            constraint=CheckConstraint(check="reserved <> 0 OR consumed <> 0", name="budget_entry_amount"),
        ),
        ops.AddField(
            model_name="Enquiry",
            name="cost_centre",
            field=fields.ForeignKeyField(
                "models.CostCentre",
                source_field="cost_centre_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="enquiries",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AlterField(
            model_name="Event",
            name="topic",
            field=fields.CharEnumField(
                description="ORDER: ORDER\nAGREEMENT: AGREEMENT\nAPPROVAL: APPROVAL\nCOMPANY: COMPANY\nCONVERSATION: CONVERSATION\nENQUIRY: ENQUIRY\nBUDGET: BUDGET",
                enum_type=Topic,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Order",
            name="cost_centre",
            field=fields.ForeignKeyField(
                "models.CostCentre",
                source_field="cost_centre_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="orders",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddIndex(
            model_name="Enquiry",
            index=Index(fields=["cost_centre_id"]),
        ),
        ops.AddIndex(
            model_name="Order",
            index=Index(fields=["cost_centre_id"]),
        ),
        ops.RunSQL(TEXT_RANGE, reverse_sql="DROP TYPE text_range CASCADE"),
        ops.RunSQL(PERIODS_APART, reverse_sql="ALTER TABLE budget DROP CONSTRAINT budget_periods_apart"),
        ops.RunSQL(REFUSE_OVERDRAFT, reverse_sql="DROP FUNCTION refuse_overdrawn_budget() CASCADE"),
        ops.RunSQL(
            [
                "CREATE TRIGGER budget_not_overdrawn BEFORE UPDATE ON budget "
                "FOR EACH ROW EXECUTE FUNCTION refuse_overdrawn_budget()",
                *(keep(table, *but) for table, but in KEPT.items()),
            ],
            reverse_sql=[
                *(f"DROP TRIGGER {table}_kept ON {table}" for table in KEPT),
                "DROP TRIGGER budget_not_overdrawn ON budget",
            ],
        ),
    ]
