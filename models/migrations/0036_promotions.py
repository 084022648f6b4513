"""Promotions, what they are about, and which orders they reduce."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from orjson import loads
from rules.money import Currency
from rules.pricing.price_lists import Audience
from rules.pricing.promotion import Stacking
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

# Table: the columns that may still change (see 0004). A promotion is made once and ended.
KEPT = {"promotion": ("used", "ended_at", "version"), "promotion_product": ()}


def keep(table: str, *but: str) -> str:
    """The statement that lets the database refuse any other change of the table's rows."""
    columns = ", ".join(f"'{column}'" for column in but)
    return (
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_as_written({columns})"
    )


class Migration(migrations.Migration):
    """Three tables, and whether an order holds any."""

    dependencies = [("models", "0035_price_lists")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Promotion",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "supplier",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="supplier_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="promotions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=120)),
                (
                    "currency",
                    fields.CharEnumField(
                        description="CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD",
                        enum_type=Currency,
                        max_length=3,
                    ),
                ),
                ("policy", fields.CharField(max_length=40)),
                ("terms", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                (
                    "audience",
                    fields.CharEnumField(
                        description="CUSTOMER: CUSTOMER\nGRADE: GRADE\nEVERYONE: EVERYONE",
                        enum_type=Audience,
                        max_length=8,
                    ),
                ),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="customer_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="promotions_for",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "grade",
                    fields.ForeignKeyField(
                        "models.CustomerGrade",
                        source_field="grade_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="promotions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField(null=True)),
                (
                    "stacking",
                    fields.CharEnumField(
                        description="COMBINABLE: COMBINABLE\nEXCLUSIVE: EXCLUSIVE", enum_type=Stacking, max_length=12
                    ),
                ),
                ("priority", fields.IntField()),
                ("minimum_amount", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("max_uses", fields.IntField(null=True)),
                ("max_uses_per_customer", fields.IntField(null=True)),
                ("used", fields.IntField(default=0)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=0)),
            ],
            options={
                "table": "promotion",
                "app": "models",
                "indexes": [Index(fields=["supplier_id", "id"])],
                "pk_attr": "id",
                "table_description": "What a supplier takes off for a customer, a grade or everyone, from one day to another; made once and ended, never changed.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="Promotion",
            constraint=CheckConstraint(check="valid_to IS NULL OR valid_from <= valid_to", name="promotion_period"),
        ),
        ops.AddConstraint(
            model_name="Promotion",
            constraint=CheckConstraint(
                check="\n    (audience = 'EVERYONE' AND customer_id IS NULL AND grade_id IS NULL)\n    OR (audience = 'CUSTOMER' AND customer_id IS NOT NULL AND grade_id IS NULL)\n    OR (audience = 'GRADE' AND customer_id IS NULL AND grade_id IS NOT NULL)\n",
                name="promotion_audience",
            ),
        ),
        ops.AddConstraint(
            model_name="Promotion",
            constraint=CheckConstraint(
                check="used >= 0 AND used <= COALESCE(max_uses, used)", name="promotion_not_overused"
            ),
        ),
        ops.AddConstraint(
            model_name="Promotion",
            constraint=CheckConstraint(check="minimum_amount >= 0", name="promotion_minimum"),
        ),
        ops.CreateModel(
            name="PromotionProduct",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "promotion",
                    fields.ForeignKeyField(
                        "models.Promotion",
                        source_field="promotion_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="products",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "product",
                    fields.ForeignKeyField(
                        "models.Product",
                        source_field="product_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="promotions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=6)),
            ],
            options={
                "table": "promotion_product",
                "app": "models",
                "unique_together": (("promotion", "product"),),
                "pk_attr": "id",
                "table_description": "A product that a promotion is about, and how many of it belong together with the others.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="PromotionProduct",
            constraint=CheckConstraint(check="quantity > 0", name="promotion_product_quantity"),
        ),
        ops.CreateModel(
            name="PromotionUse",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "promotion",
                    fields.ForeignKeyField(
                        "models.Promotion",
                        source_field="promotion_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="uses",
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
                        related_name="promotion_uses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="customer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="promotion_uses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "promotion_use",
                "app": "models",
                "unique_together": (("promotion", "order"),),
                "indexes": [Index(fields=["customer_id", "promotion_id"])],
                "pk_attr": "id",
                "table_description": "An order that a promotion reduces: there from the offer on, and gone when that comes to nothing.",
            },
            bases=["Stored"],
        ),
        ops.AddField(
            model_name="Order",
            name="holds_promotions",
            field=fields.BooleanField(default=False),
        ),
        ops.RunSQL(
            sql=[keep(table, *but) for table, but in KEPT.items()],
            reverse_sql=[f"DROP TRIGGER {table}_kept ON {table}" for table in KEPT],
        ),
    ]
