from tortoise import migrations
from tortoise.migrations import operations as ops
from rules.money import TaxInclusion
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

class Migration(migrations.Migration):
    dependencies = [("models", "0045_credit_lines")]

    initial = False

    operations = [
        ops.AddField(
            model_name='Contract',
            name='tax_inclusion',
            field=fields.CharEnumField(default=TaxInclusion.EXCLUSIVE, description='EXCLUSIVE: EXCLUSIVE\nINCLUSIVE: INCLUSIVE', enum_type=TaxInclusion, max_length=16),
        ),
        ops.AddField(
            model_name='Invoice',
            name='tax_inclusion',
            field=fields.CharEnumField(default=TaxInclusion.EXCLUSIVE, description='EXCLUSIVE: EXCLUSIVE\nINCLUSIVE: INCLUSIVE', enum_type=TaxInclusion, max_length=16),
        ),
        ops.AddField(
            model_name='PriceList',
            name='tax_inclusion',
            field=fields.CharEnumField(default=TaxInclusion.EXCLUSIVE, description='EXCLUSIVE: EXCLUSIVE\nINCLUSIVE: INCLUSIVE', enum_type=TaxInclusion, max_length=16),
        ),
        ops.AlterModelOptions(
            name='PriceListItem',
            options={'table': 'price_list_item', 'app': 'models', 'unique_together': (('price_list', 'product', 'minimum_quantity'),), 'constraints': [CheckConstraint(check='minimum_quantity > 0 AND unit_price >= 0', name='price_list_item_amounts')], 'pk_attr': 'id', 'table_description': 'What one unit of a product costs on a list, from a quantity on.'},
        ),
        ops.AddField(
            model_name='Quotation',
            name='tax_inclusion',
            field=fields.CharEnumField(default=TaxInclusion.EXCLUSIVE, description='EXCLUSIVE: EXCLUSIVE\nINCLUSIVE: INCLUSIVE', enum_type=TaxInclusion, max_length=16),
        ),
    ]
