"""What invoices and credit notes say on paper, and what a company says of itself on them (0154)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

KEPT = {"billing_paper": ()}
KEEP = "CREATE TRIGGER billing_paper_kept BEFORE UPDATE OR DELETE ON billing_paper FOR EACH ROW EXECUTE FUNCTION keep_as_written()"


class Migration(migrations.Migration):
    dependencies = [("models", "0047_vat_rates")]

    initial = False

    operations = [
        ops.CreateModel(
            name='BillingPaper',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('invoice', fields.OneToOneField('models.Invoice', source_field='invoice_id', null=True, db_constraint=True, to_field='id', related_name='paper', on_delete=OnDelete.RESTRICT)),
                ('text', fields.TextField(unique=False)),
                ('sha256', fields.CharField(max_length=64)),
            ],
            options={'table': 'billing_paper', 'app': 'models', 'pk_attr': 'id', 'table_description': 'The canonical text of an invoice or a credit note, from which alone it is printed; a trigger refuses any change of it.'},
            bases=['Stored'],
        ),
        # By itself: of two in one table Tortoise makes the columns in any order.
        ops.AddField(
            model_name='BillingPaper',
            name='credit_note',
            field=fields.OneToOneField('models.CreditNote', source_field='credit_note_id', null=True, db_constraint=True, to_field='id', related_name='paper', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddConstraint(
            model_name='BillingPaper',
            constraint=CheckConstraint(check='(invoice_id IS NULL) <> (credit_note_id IS NULL)', name='billing_paper_document'),
        ),
        ops.CreateModel(
            name='BillingProfile',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('company', fields.OneToOneField('models.Company', source_field='company_id', db_constraint=True, to_field='id', related_name='billing_profile', on_delete=OnDelete.RESTRICT)),
                ('address', fields.CharField(null=True, max_length=300)),
                ('phone', fields.CharField(null=True, max_length=32)),
                ('bank_name', fields.CharField(null=True, max_length=120)),
                ('bank_account', fields.CharField(null=True, max_length=34)),
            ],
            options={'table': 'billing_profile', 'app': 'models', 'pk_attr': 'id', 'table_description': "Address and bank as a company's invoices print them; one without says nothing."},
            bases=['Stored'],
        ),
        ops.RunSQL(KEEP, reverse_sql=ops.RunSQL.noop),
    ]
