"""Suppliers have warehouses, and goods that leave or come back name one (R45)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from decimal import Decimal
from models.base import new_id
from rules.stock import StockMovement
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [("models", "0031_packages")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Warehouse',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('company', fields.ForeignKeyField('models.Company', source_field='company_id', db_constraint=True, to_field='id', related_name='warehouses', on_delete=OnDelete.RESTRICT)),
                ('code', fields.CharField(max_length=40)),
                ('name', fields.CharField(max_length=120)),
                ('address', fields.CharField(null=True, max_length=300)),
                ('is_default', fields.BooleanField(default=False)),
                ('stock_policy', fields.CharField(null=True, max_length=40)),
                ('version', fields.IntField(default=0)),
                ('archived_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'warehouse', 'app': 'models', 'unique_together': (('company', 'code'),), 'indexes': [Index(fields=['company_id', 'id'])], 'pk_attr': 'id', 'table_description': 'A place where a supplier keeps goods; other companies, the operator included, never meet it.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='Warehouse',
            constraint=UniqueConstraint(fields=('company_id',), name='warehouse_one_default', condition='is_default'),
        ),
        ops.AddConstraint(
            model_name='Warehouse',
            constraint=CheckConstraint(check='NOT is_default OR archived_at IS NULL', name='warehouse_default_in_use'),
        ),
        ops.CreateModel(
            name='StockEntry',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('supplier', fields.ForeignKeyField('models.Company', source_field='supplier_id', db_constraint=True, to_field='id', related_name='stock_entries', on_delete=OnDelete.RESTRICT)),
                ('product', fields.ForeignKeyField('models.Product', source_field='product_id', db_constraint=True, to_field='id', related_name='stock_entries', on_delete=OnDelete.RESTRICT)),
                ('warehouse', fields.ForeignKeyField('models.Warehouse', source_field='warehouse_id', db_constraint=True, to_field='id', related_name='stock_entries', on_delete=OnDelete.RESTRICT)),
                ('movement', fields.CharEnumField(description='OPENING: OPENING\nRECEIVED: RECEIVED\nADJUSTED: ADJUSTED\nRESERVED: RESERVED\nRELEASED: RELEASED\nDESPATCHED: DESPATCHED\nPUT_BACK: PUT_BACK\nRETURNED: RETURNED\nTRANSFERRED: TRANSFERRED', enum_type=StockMovement, max_length=16)),
                ('on_hand', fields.DecimalField(max_digits=20, decimal_places=6)),
                ('reserved', fields.DecimalField(max_digits=20, decimal_places=6)),
                ('order', fields.ForeignKeyField('models.Order', source_field='order_id', null=True, db_constraint=True, to_field='id', related_name='stock_entries', on_delete=OnDelete.RESTRICT)),
                ('order_line', fields.ForeignKeyField('models.OrderLine', source_field='order_line_id', null=True, db_constraint=True, to_field='id', related_name='stock_entries', on_delete=OnDelete.RESTRICT)),
                ('document_id', fields.UUIDField(null=True)),
                ('posting', fields.UUIDField()),
                ('remark', fields.CharField(null=True, max_length=200)),
                ('booked_by', fields.CharField(max_length=120)),
            ],
            options={'table': 'stock_entry', 'app': 'models', 'indexes': [Index(fields=['supplier_id', 'id']), Index(fields=['product_id', 'id']), Index(fields=['warehouse_id', 'id']), Index(fields=['order_id', 'id']), Index(fields=['order_line_id']), Index(fields=['posting'])], 'pk_attr': 'id', 'table_description': 'Something that happened to a product in one warehouse; entries are added, never changed.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='StockEntry',
            constraint=CheckConstraint(check='on_hand <> 0 OR reserved <> 0', name='stock_entry_amount'),
        ),
        ops.CreateModel(
            name='StockLevel',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('product', fields.ForeignKeyField('models.Product', source_field='product_id', db_constraint=True, to_field='id', related_name='stock_levels', on_delete=OnDelete.RESTRICT)),
                ('warehouse', fields.ForeignKeyField('models.Warehouse', source_field='warehouse_id', db_constraint=True, to_field='id', related_name='stock_levels', on_delete=OnDelete.RESTRICT)),
                ('on_hand', fields.DecimalField(max_digits=20, decimal_places=6)),
                ('reserved', fields.DecimalField(max_digits=20, decimal_places=6)),
            ],
            options={'table': 'stock_level', 'app': 'models', 'unique_together': (('product', 'warehouse'),), 'indexes': [Index(fields=['warehouse_id', 'id'])], 'pk_attr': 'id', 'table_description': 'A product in one warehouse: what its entries add up to. The database writes it, from the ledger, and nobody else can.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='StockLevel',
            constraint=CheckConstraint(check='on_hand >= 0 AND reserved >= 0', name='stock_level_amounts'),
        ),
        ops.AddField(
            model_name='Company',
            name='stock_policy',
            field=fields.CharField(default='RESERVE_AT_SIGNATURE', max_length=40),
        ),
        ops.AddField(
            model_name='ReturnLine',
            name='restocked',
            field=fields.DecimalField(default=Decimal('0'), max_digits=20, decimal_places=6),
        ),
        ops.AddConstraint(
            model_name='ReturnLine',
            constraint=CheckConstraint(check='restocked BETWEEN 0 AND coalesce(confirmed, 0)', name='return_line_restocked'),
        ),
        ops.AddField(
            model_name='ReturnRequest',
            name='restocked_in',
            field=fields.ForeignKeyField('models.Warehouse', source_field='restocked_in_id', null=True, db_constraint=True, to_field='id', related_name='returns', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddIndex(
            model_name='ReturnRequest',
            index=Index(fields=['restocked_in_id']),
        ),
        ops.AddField(
            model_name='Shipment',
            name='despatched_from',
            field=fields.ForeignKeyField('models.Warehouse', source_field='despatched_from_id', null=True, db_constraint=True, to_field='id', related_name='shipments', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddIndex(
            model_name='Shipment',
            index=Index(fields=['despatched_from_id']),
        ),
    ]
