"""Price lists, the grades of customers, and the steps that led to a quoted price."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from orjson import loads
from rules.events import Topic
from rules.money import Currency
from rules.pricing.price_lists import Audience
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

# Table: the columns that may still change (see 0004). Whom a list is for, and in which currency, is said once.
KEPT = {"price_list": ("name", "valid_from", "valid_to", "archived_at", "version")}


def keep(table: str, *but: str) -> str:
    """The statement that lets the database refuse any other change of the table's rows."""
    columns = ", ".join(f"'{column}'" for column in but)
    return (
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_as_written({columns})"
    )


class Migration(migrations.Migration):
    """Four tables, a column of a quotation's lines, and a topic of events."""

    dependencies = [("models", "0034_topics_need_no_migration")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CustomerGrade",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "supplier",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="supplier_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="customer_grades",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=120)),
                ("version", fields.IntField(default=0)),
            ],
            options={
                "table": "customer_grade",
                "app": "models",
                "unique_together": (("supplier", "name"),),
                "pk_attr": "id",
                "table_description": "A level at which a supplier keeps some of its customers, such as dealers of the first rank; only the supplier knows of it.",
            },
            bases=["Stored"],
        ),
        ops.CreateModel(
            name="GradedCustomer",
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
                        related_name="graded_customers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="grades_given",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "grade",
                    fields.ForeignKeyField(
                        "models.CustomerGrade",
                        source_field="grade_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="customers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "graded_customer",
                "app": "models",
                "unique_together": (("supplier", "customer"),),
                "indexes": [Index(fields=["grade_id", "id"])],
                "pk_attr": "id",
                "table_description": "At which grade a supplier keeps a customer: at one at most.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="GradedCustomer",
            constraint=CheckConstraint(check="supplier_id <> customer_id", name="graded_customer_is_another"),
        ),
        ops.CreateModel(
            name="PriceList",
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
                        related_name="price_lists",
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
                        related_name="price_lists_for",
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
                        related_name="price_lists",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField(null=True)),
                ("archived_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=0)),
            ],
            options={
                "table": "price_list",
                "app": "models",
                "indexes": [Index(fields=["supplier_id", "id"])],
                "pk_attr": "id",
                "table_description": "What a supplier asks of a customer, of a grade, or of everyone, from one day to another in one currency (UBL PriceList).",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="PriceList",
            constraint=CheckConstraint(check="valid_to IS NULL OR valid_from <= valid_to", name="price_list_period"),
        ),
        ops.AddConstraint(
            model_name="PriceList",
            constraint=CheckConstraint(
                check="\n    (audience = 'EVERYONE' AND customer_id IS NULL AND grade_id IS NULL)\n    OR (audience = 'CUSTOMER' AND customer_id IS NOT NULL AND grade_id IS NULL)\n    OR (audience = 'GRADE' AND customer_id IS NULL AND grade_id IS NOT NULL)\n",
                name="price_list_audience",
            ),
        ),
        ops.AddConstraint(
            model_name="PriceList",
            constraint=CheckConstraint(check="customer_id <> supplier_id", name="price_list_customer_is_another"),
        ),
        ops.CreateModel(
            name="PriceListItem",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "price_list",
                    fields.ForeignKeyField(
                        "models.PriceList",
                        source_field="price_list_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="items",
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
                        related_name="listed_prices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("minimum_quantity", fields.DecimalField(max_digits=20, decimal_places=6)),
                ("unit_price", fields.DecimalField(max_digits=20, decimal_places=6)),
            ],
            options={
                "table": "price_list_item",
                "app": "models",
                "unique_together": (("price_list", "product", "minimum_quantity"),),
                "pk_attr": "id",
                "table_description": "What one unit of a product costs without tax on a list, from a quantity on.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="PriceListItem",
            constraint=CheckConstraint(
                check="minimum_quantity > 0 AND unit_price >= 0", name="price_list_item_amounts"
            ),
        ),
        ops.AddField(
            model_name="QuotationLine",
            name="price_explanation",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.RunSQL(
            sql=[keep(table, *but) for table, but in KEPT.items()],
            reverse_sql=[f"DROP TRIGGER {table}_kept ON {table}" for table in KEPT],
        ),
    ]
