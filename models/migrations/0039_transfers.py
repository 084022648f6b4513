"""Cheques, transfers for several invoices, what was received in fact, credit, and refunds (0135, 0136)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.billing import PaymentMethod, PaymentStatus, RefundStatus
from rules.money import Currency
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

RECEIVED = "UPDATE payment SET received = amount WHERE status = 'FUNDS_CONFIRMED'"


class Migration(migrations.Migration):
    dependencies = [('models', '0038_books')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Refund',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('number', fields.CharField(unique=True, max_length=16)),
                ('order', fields.ForeignKeyField('models.Order', source_field='order_id', db_index=True, db_constraint=True, to_field='id', related_name='refunds', on_delete=OnDelete.RESTRICT)),
                ('status', fields.CharEnumField(default=RefundStatus.SENT, description='SENT: SENT\nRECEIVED: RECEIVED\nMISSED: MISSED', enum_type=RefundStatus, max_length=8)),
                ('version', fields.IntField(default=0)),
                ('currency', fields.CharEnumField(description='CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD', enum_type=Currency, max_length=3)),
                ('amount', fields.DecimalField(max_digits=20, decimal_places=2)),
                ('credit', fields.DecimalField(max_digits=20, decimal_places=2)),
                ('paid_on', fields.DateField()),
                ('bank_reference', fields.CharField(max_length=64)),
                ('remark', fields.CharField(null=True, max_length=1000)),
                ('missed_reason', fields.CharField(null=True, max_length=1000)),
                ('confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'refund', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One transfer from the supplier to the buyer of an order: of what is due back, and of credit the buyer has no use for.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='Refund',
            constraint=UniqueConstraint(fields=('order_id', 'bank_reference'), name='refund_reference_once', condition="status <> 'MISSED'"),
        ),
        ops.AddConstraint(
            model_name='Refund',
            constraint=CheckConstraint(check='amount > 0 AND credit BETWEEN 0 AND amount', name='refund_amount'),
        ),
        ops.AlterField(
            model_name='Payment',
            name='method',
            field=fields.CharEnumField(description='BANK_TRANSFER: BANK_TRANSFER\nCHEQUE: CHEQUE\nCREDIT_BALANCE: CREDIT_BALANCE', enum_type=PaymentMethod, max_length=16),
        ),
        ops.AlterField(
            model_name='Payment',
            name='status',
            field=fields.CharEnumField(description='PROOF_SUBMITTED: PROOF_SUBMITTED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nFAILED: FAILED\nBOUNCED: BOUNCED', enum_type=PaymentStatus, max_length=20),
        ),
        ops.AddField(
            model_name='Payment',
            name='bounced_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Payment',
            name='proof',
            field=fields.ForeignKeyField('models.Attachment', source_field='proof_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Payment',
            name='received',
            field=fields.DecimalField(null=True, max_digits=20, decimal_places=2),
        ),
        ops.AddIndex(
            model_name='Payment',
            index=Index(fields=['proof_id']),
        ),
        ops.AddConstraint(
            model_name='Payment',
            constraint=CheckConstraint(check='received > 0', name='payment_received'),
        ),
        ops.RemoveConstraint(
            model_name='PaymentAllocation',
            name='payment_allocation_amount',
            fields=None,
        ),
        ops.AddField(
            model_name='PaymentAllocation',
            name='position',
            field=fields.IntField(default=1),
        ),
        ops.AddConstraint(
            model_name='PaymentAllocation',
            constraint=CheckConstraint(check='amount >= 0', name='payment_allocation_amount'),
        ),
        ops.RunSQL(RECEIVED, reverse_sql=ops.RunSQL.noop),
    ]
