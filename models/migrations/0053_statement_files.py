from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.account_statements import StatementFileStatus, StatementFormat
from rules.errands import ErrandKind
from rules.money import Currency
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [("models", "0052_invoice_matching")]

    initial = False

    operations = [
        ops.CreateModel(
            name='StatementFile',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('company', fields.ForeignKeyField('models.Company', source_field='company_id', db_constraint=True, to_field='id', related_name='statement_files', on_delete=OnDelete.RESTRICT)),
                ('counterparty', fields.ForeignKeyField('models.Company', source_field='counterparty_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('requester', fields.ForeignKeyField('models.Member', source_field='requester_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('currency', fields.CharEnumField(description='CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD', enum_type=Currency, max_length=3)),
                ('period_start', fields.DateField()),
                ('period_end', fields.DateField()),
                ('format', fields.CharEnumField(description='PDF: PDF\nXLSX: XLSX\nCSV: CSV', enum_type=StatementFormat, max_length=4)),
                ('locale', fields.CharField(max_length=8)),
                ('status', fields.CharEnumField(default=StatementFileStatus.QUEUED, description='QUEUED: QUEUED\nWORKING: WORKING\nREADY: READY\nFAILED: FAILED\nCANCELLED: CANCELLED\nEXPIRED: EXPIRED', enum_type=StatementFileStatus, max_length=9)),
                ('version', fields.IntField(default=0)),
                ('run', fields.IntField(default=1)),
                ('lines_done', fields.IntField(default=0)),
                ('lines_in_all', fields.IntField()),
                ('as_of', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('stored_key', fields.CharField(null=True, unique=True, max_length=100)),
                ('size', fields.BigIntField(null=True)),
                ('sha256', fields.CharField(null=True, max_length=64)),
                ('expires_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'statement_file', 'app': 'models', 'indexes': [Index(fields=['company_id', 'id']), Index(fields=['status', 'expires_at'])], 'pk_attr': 'id', 'table_description': 'One file that was asked for; its row is the lock under which it goes on, and its content lies in the storage.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='StatementFile',
            constraint=CheckConstraint(check='period_start <= period_end', name='statement_file_period'),
        ),
        ops.AddConstraint(
            model_name='StatementFile',
            constraint=CheckConstraint(check='lines_done BETWEEN 0 AND lines_in_all', name='statement_file_progress'),
        ),
        ops.AddConstraint(
            model_name='StatementFile',
            constraint=CheckConstraint(check="status <> 'READY' OR num_nulls(as_of, stored_key, size, sha256, expires_at) = 0", name='statement_file_ready'),
        ),
        ops.AddIndex(
            model_name='LedgerEntry',
            index=Index(fields=['company_id', 'counterparty_id', 'created_at', 'id']),
        ),
    ]
