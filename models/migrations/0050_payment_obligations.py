"""What is to be paid by when: each invoice's day, and a prepayment's, with events told once; how suppliers collect (0157 to 0159)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from decimal import Decimal
from models.base import new_id
from rules.accounts import Account, PostingKind
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

# Invoices that there are. Of what is overdue already nobody is told again; contracts that bind already have no day to prepay by.
KEPT = """
    INSERT INTO payment_obligation (id, created_at, order_id, invoice_id, due_on, look_on)
    SELECT gen_random_uuid(), created_at, order_id, id, due_on, CASE WHEN due_on >= current_date THEN due_on + 1 END FROM invoice
"""
TOLD = """
    INSERT INTO payment_reminder (id, created_at, obligation_id, due_on, is_overdue)
    SELECT gen_random_uuid(), now(), id, due_on, true FROM payment_obligation WHERE look_on IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0049_official_invoices")]

    initial = False

    operations = [
        ops.CreateModel(
            name='PaymentObligation',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('order', fields.ForeignKeyField('models.Order', source_field='order_id', db_index=True, db_constraint=True, to_field='id', related_name='obligations', on_delete=OnDelete.RESTRICT)),
                ('invoice', fields.ForeignKeyField('models.Invoice', source_field='invoice_id', null=True, db_constraint=True, to_field='id', related_name='obligations', on_delete=OnDelete.RESTRICT)),
                ('due_on', fields.DateField()),
                ('look_on', fields.DateField(null=True)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'payment_obligation', 'app': 'models', 'indexes': [Index(fields=['look_on'])], 'pk_attr': 'id', 'table_description': 'A day by which the buyer of an order has to pay: the prepayment its contract asks for, or what of an invoice that does not cover.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='PaymentObligation',
            constraint=UniqueConstraint(fields=('invoice_id',), name='payment_obligation_of_invoice'),
        ),
        ops.AddConstraint(
            model_name='PaymentObligation',
            constraint=UniqueConstraint(fields=('order_id',), name='payment_obligation_one_prepayment', condition='invoice_id IS NULL'),
        ),
        ops.CreateModel(
            name='PaymentReminder',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('obligation', fields.ForeignKeyField('models.PaymentObligation', source_field='obligation_id', db_index=True, db_constraint=True, to_field='id', related_name='reminders', on_delete=OnDelete.RESTRICT)),
                ('due_on', fields.DateField()),
                ('is_overdue', fields.BooleanField()),
            ],
            options={'table': 'payment_reminder', 'app': 'models', 'unique_together': (('obligation', 'due_on', 'is_overdue'),), 'pk_attr': 'id', 'table_description': 'Both sides were told of an obligation, once before it was due and once when it was overdue; anew for another due date.'},
            bases=['Stored'],
        ),
        ops.AddField(
            model_name='Company',
            name='confirm_funds_after_days',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Company',
            name='despatch_after_prepayment',
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name='Company',
            name='prepayment_days',
            field=fields.IntField(default=0),
        ),
        ops.AddConstraint(
            model_name='Company',
            constraint=CheckConstraint(check='prepayment_days >= 0 AND confirm_funds_after_days > 0', name='company_collecting'),
        ),
        ops.AddField(
            model_name='OnlinePayment',
            name='confirm_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='OnlinePayment',
            index=Index(fields=['confirm_at']),
        ),
        ops.AddField(
            model_name='Payment',
            name='advance',
            field=fields.DecimalField(default=Decimal('0.00'), max_digits=20, decimal_places=2),
        ),
        ops.AddField(
            model_name='Payment',
            name='confirmed_by_clock',
            field=fields.BooleanField(default=False),
        ),
        ops.AddConstraint(
            model_name='Payment',
            constraint=CheckConstraint(check='advance >= 0', name='payment_advance'),
        ),
        ops.RunSQL(KEPT, reverse_sql=ops.RunSQL.noop),
        ops.RunSQL(TOLD, reverse_sql=ops.RunSQL.noop),
    ]
