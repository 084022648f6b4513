"""Official invoices as suppliers record them, each number once for a supplier (0155)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from orjson import loads
from rules.fapiao import FapiaoStatus, FapiaoType
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

KEPT = {"official_invoice": ("status", "void_reason", "voided_at")}
KEEP = (
    "CREATE TRIGGER official_invoice_kept BEFORE UPDATE OR DELETE ON official_invoice "
    "FOR EACH ROW EXECUTE FUNCTION keep_as_written('status', 'void_reason', 'voided_at')"
)


class Migration(migrations.Migration):
    dependencies = [("models", "0048_billing_papers")]

    initial = False

    operations = [
        ops.CreateModel(
            name='OfficialInvoice',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('supplier', fields.ForeignKeyField('models.Company', source_field='supplier_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('order', fields.ForeignKeyField('models.Order', source_field='order_id', db_index=True, db_constraint=True, to_field='id', related_name='official_invoices', on_delete=OnDelete.RESTRICT)),
                ('invoice', fields.ForeignKeyField('models.Invoice', source_field='invoice_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='official_invoices', on_delete=OnDelete.RESTRICT)),
                ('credit_note', fields.ForeignKeyField('models.CreditNote', source_field='credit_note_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='official_invoices', on_delete=OnDelete.RESTRICT)),
                ('type', fields.CharEnumField(description='DIGITAL_SPECIAL: DIGITAL_SPECIAL\nDIGITAL_ORDINARY: DIGITAL_ORDINARY\nELECTRONIC_SPECIAL: ELECTRONIC_SPECIAL\nELECTRONIC_ORDINARY: ELECTRONIC_ORDINARY\nSPECIAL: SPECIAL\nORDINARY: ORDINARY', enum_type=FapiaoType, max_length=24)),
                ('status', fields.CharEnumField(default=FapiaoStatus.RECORDED, description='RECORDED: RECORDED\nVOIDED: VOIDED', enum_type=FapiaoStatus, max_length=12)),
                ('code', fields.CharField(default='', max_length=12)),
                ('number', fields.CharField(max_length=20)),
                ('issued_on', fields.DateField()),
                ('net', fields.DecimalField(max_digits=20, decimal_places=2)),
                ('tax', fields.DecimalField(max_digits=20, decimal_places=2)),
                ('total', fields.DecimalField(max_digits=20, decimal_places=2)),
                ('rates', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('attachment', fields.ForeignKeyField('models.Attachment', source_field='attachment_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('replaces', fields.ForeignKeyField('models.OfficialInvoice', source_field='replaces_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('void_reason', fields.CharField(null=True, max_length=1000)),
                ('voided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'official_invoice', 'app': 'models', 'pk_attr': 'id', 'table_description': 'An official invoice as its supplier recorded it; a wrong record is voided and made anew, never changed.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='OfficialInvoice',
            constraint=UniqueConstraint(fields=('supplier_id', 'code', 'number'), name='official_invoice_once', condition="status = 'RECORDED'"),
        ),
        ops.AddConstraint(
            model_name='OfficialInvoice',
            constraint=CheckConstraint(check='total = net + tax AND net >= 0 AND tax >= 0 AND total > 0', name='official_invoice_total'),
        ),
        ops.AddConstraint(
            model_name='OfficialInvoice',
            constraint=CheckConstraint(check='(invoice_id IS NULL) <> (credit_note_id IS NULL)', name='official_invoice_document'),
        ),
        ops.AddConstraint(
            model_name='OfficialInvoice',
            constraint=CheckConstraint(check="(status = 'VOIDED') = (voided_at IS NOT NULL)", name='official_invoice_voided'),
        ),
        ops.RunSQL(KEEP, reverse_sql=ops.RunSQL.noop),
    ]
