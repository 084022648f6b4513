"""Rates of value added tax with their days, equal ones kept apart, and those that China's law has had (decision 0152)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.tax import TaxCategory
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint

# See 0020: the type is there since then.
PERIODS_APART = """
ALTER TABLE vat_rate ADD CONSTRAINT vat_rate_periods_apart EXCLUDE USING gist (
    text_range(country || category || rate::text, country || category || rate::text, '[]') WITH &&,
    daterange(valid_from, valid_to, '[]') WITH &&
)
"""

# The lower rate of 13 % went in 2017 already (财税〔2017〕37号). What small-scale taxpayers pay is no rate (税率) but a levy (征收率).
CHINAS = """
INSERT INTO vat_rate (id, created_at, version, country, category, rate, valid_from, valid_to, name_zh, name_en, source) VALUES
    ('01900000-0000-7000-8000-000000000001', '2026-11-26Z', 1, 'CN', 'S', 0.17, '1994-01-01', '2018-04-30',
     '基本税率 17%', 'Standard rate 17 %', '《增值税暂行条例》（国务院令第134号、第538号）第二条'),
    ('01900000-0000-7000-8000-000000000002', '2026-11-26Z', 1, 'CN', 'S', 0.16, '2018-05-01', '2019-03-31',
     '基本税率 16%', 'Standard rate 16 %', '财税〔2018〕32号'),
    ('01900000-0000-7000-8000-000000000003', '2026-11-26Z', 1, 'CN', 'S', 0.13, '2019-04-01', NULL,
     '基本税率 13%', 'Standard rate 13 %', '财政部 税务总局 海关总署公告2019年第39号；《增值税法》第十条'),
    ('01900000-0000-7000-8000-000000000004', '2026-11-26Z', 1, 'CN', 'AA', 0.13, '1994-01-01', '2017-06-30',
     '低税率 13%（农产品、图书、燃气等）', 'Lower rate 13 % (farm produce, books, gas)', '《增值税暂行条例》第二条；财税〔2017〕37号'),
    ('01900000-0000-7000-8000-000000000005', '2026-11-26Z', 1, 'CN', 'AA', 0.11, '2013-08-01', '2018-04-30',
     '低税率 11%（交通运输、建筑、不动产、农产品等）', 'Lower rate 11 % (transport, construction, real estate, farm produce)',
     '财税〔2013〕37号；财税〔2016〕36号；财税〔2017〕37号'),
    ('01900000-0000-7000-8000-000000000006', '2026-11-26Z', 1, 'CN', 'AA', 0.10, '2018-05-01', '2019-03-31',
     '低税率 10%（交通运输、建筑、不动产、农产品等）', 'Lower rate 10 % (transport, construction, real estate, farm produce)',
     '财税〔2018〕32号'),
    ('01900000-0000-7000-8000-000000000007', '2026-11-26Z', 1, 'CN', 'AA', 0.09, '2019-04-01', NULL,
     '低税率 9%（交通运输、建筑、不动产、农产品等）', 'Lower rate 9 % (transport, construction, real estate, farm produce)',
     '财政部 税务总局 海关总署公告2019年第39号；《增值税法》第十条'),
    ('01900000-0000-7000-8000-000000000008', '2026-11-26Z', 1, 'CN', 'AA', 0.06, '2013-08-01', NULL,
     '低税率 6%（现代服务、金融、生活服务、无形资产）', 'Lower rate 6 % (services, finance, intangible assets)',
     '财税〔2013〕37号；财税〔2016〕36号；《增值税法》第十条'),
    ('01900000-0000-7000-8000-000000000009', '2026-11-26Z', 1, 'CN', 'AA', 0.03, '2009-01-01', NULL,
     '小规模纳税人征收率 3%', 'Levy rate of small-scale taxpayers 3 %', '《增值税暂行条例》（国务院令第538号）第十二条；《增值税法》第十一条'),
    ('01900000-0000-7000-8000-00000000000a', '2026-11-26Z', 1, 'CN', 'AA', 0.01, '2020-03-01', '2022-03-31',
     '小规模纳税人减按 1% 征收', 'Small-scale taxpayers, 3 % reduced to 1 %',
     '财政部 税务总局公告2020年第13号、2020年第24号、2021年第7号、2022年第15号'),
    ('01900000-0000-7000-8000-00000000000b', '2026-11-26Z', 1, 'CN', 'AA', 0.01, '2023-01-01', '2027-12-31',
     '小规模纳税人减按 1% 征收', 'Small-scale taxpayers, 3 % reduced to 1 %', '财政部 税务总局公告2023年第1号、2023年第19号'),
    ('01900000-0000-7000-8000-00000000000c', '2026-11-26Z', 1, 'CN', 'Z', 0, '1994-01-01', NULL,
     '零税率（出口）', 'Zero rate (exports)', '《增值税暂行条例》第二条；《增值税法》第十条'),
    ('01900000-0000-7000-8000-00000000000d', '2026-11-26Z', 1, 'CN', 'E', 0, '1994-01-01', NULL,
     '免税', 'Exempt', '《增值税暂行条例》第十五条；《增值税法》第二十四条'),
    ('01900000-0000-7000-8000-00000000000e', '2026-11-26Z', 1, 'CN', 'O', 0, '2016-05-01', NULL,
     '不征税', 'Outside the scope of VAT', '财税〔2016〕36号；《增值税法》第六条')
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0046_tax_inclusion")]

    initial = False
    rows = CHINAS

    operations = [
        ops.CreateModel(
            name='VatRate',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('country', fields.CharField(max_length=2)),
                ('category', fields.CharEnumField(description='S: S\nAA: AA\nZ: Z\nE: E\nO: O', enum_type=TaxCategory, max_length=2)),
                ('rate', fields.DecimalField(max_digits=7, decimal_places=6)),
                ('name_zh', fields.CharField(max_length=200)),
                ('name_en', fields.CharField(max_length=200)),
                ('valid_from', fields.DateField()),
                ('valid_to', fields.DateField(null=True)),
                ('source', fields.CharField(max_length=500)),
                ('version', fields.IntField(default=1)),
            ],
            options={'table': 'vat_rate', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A rate of one category in a country from one day to another; an exclusion constraint keeps the periods of equal ones apart.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='VatRate',
            constraint=CheckConstraint(check='rate >= 0 AND rate < 1', name='vat_rate_share'),
        ),
        ops.AddConstraint(
            model_name='VatRate',
            constraint=CheckConstraint(check='valid_to IS NULL OR valid_from <= valid_to', name='vat_rate_period'),
        ),
        ops.AddConstraint(
            model_name='VatRate',
            constraint=CheckConstraint(check="rate = 0 OR category = 'S' OR category = 'AA'", name='vat_rate_untaxed'),
        ),
        ops.AddConstraint(
            model_name='VatRate',
            constraint=CheckConstraint(check="country ~ '^[A-Z]{2}$'", name='vat_rate_country'),
        ),
        ops.RunSQL(PERIODS_APART, reverse_sql=ops.RunSQL.noop),
        ops.RunSQL(CHINAS, reverse_sql=ops.RunSQL.noop),
    ]
