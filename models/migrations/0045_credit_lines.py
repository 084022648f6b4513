"""Credit lines, and the ledger of what contracts keep of them: added up by the database, and no signature beyond the limit (0160)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from decimal import Decimal
from models.base import new_id
from rules.credit import CreditMove
from rules.money import Currency
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

# The first contract of a pair opens its line; so those of before get theirs, and what their contracts keep, as far as nothing was invoiced.
# Of an order whose goods are all there it is, until its next step, what the contract says rather than what was accepted.
LINES = """
INSERT INTO credit_line (id, created_at, supplier_id, buyer_id, currency, blocks_overdue, reserved, version)
SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
        || '8' || substr(md5(random()::text || supplier_id || buyer_id), 1, 15))::uuid,
    now(), supplier_id, buyer_id, currency, false, 0, 0
FROM (SELECT DISTINCT supplier_id, buyer_id, currency FROM purchase_order WHERE contracted_at IS NOT NULL) pair
"""
ENTRIES = """
INSERT INTO credit_entry (id, created_at, line_id, order_id, move, currency, amount)
SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
        || '8' || substr(md5(random()::text || kept.order_id), 1, 15))::uuid,
    now(), kept.line_id, kept.order_id, 'RESTORED', kept.currency, kept.amount
FROM (
    SELECT o.id AS order_id, o.currency, line.id AS line_id,
        round(greatest(contract.total - coalesce(books.invoiced, 0), 0) * (1 - quotation.prepaid_share),
            CASE WHEN o.currency = 'JPY' THEN 0 ELSE 2 END) AS amount
    FROM purchase_order o
    JOIN credit_line line ON line.supplier_id = o.supplier_id AND line.buyer_id = o.buyer_id AND line.currency = o.currency
    JOIN contract ON contract.order_id = o.id AND contract.status IN ('EFFECTIVE', 'FULFILLED')
    JOIN quotation ON quotation.id = contract.quotation_id
    LEFT JOIN LATERAL (
        SELECT -sum(entry.amount) AS invoiced FROM ledger_entry entry WHERE entry.order_id = o.id
            AND entry.company_id = o.supplier_id AND entry.account IN ('SALES', 'VAT_PAYABLE')
    ) books ON true
    WHERE o.status = 'CONTRACTED' OR (o.status = 'COMPLETED' AND o.settled_at IS NULL AND EXISTS (
        SELECT 1 FROM order_line JOIN LATERAL (
            SELECT coalesce(sum(quantity) FILTER (WHERE movement = 'ACCEPTED'), 0)
                - coalesce(sum(quantity) FILTER (WHERE movement = 'RETURNED'), 0)
                - coalesce(sum(quantity) FILTER (WHERE movement = 'INVOICED'), 0)
                + coalesce(sum(quantity) FILTER (WHERE movement = 'CREDITED'), 0) AS to_invoice
            FROM quantity_entry WHERE quantity_entry.order_line_id = order_line.id
        ) sums ON true WHERE order_line.order_id = o.id AND sums.to_invoice > 0
    ))
) kept WHERE kept.amount > 0
"""

# Whoever writes an entry waits here for the others of the pair. The services check under the same lock; whatever else reserves beyond the
# limit is refused: what comes back by itself, such as with a credit note, is let through.
BOOK = """
CREATE FUNCTION book_credit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line record;
    most numeric;
    used numeric;
BEGIN
    UPDATE credit_line SET reserved = reserved + NEW.amount WHERE id = NEW.line_id RETURNING * INTO line;
    IF NOT EXISTS (
        SELECT 1 FROM purchase_order o WHERE o.id = NEW.order_id AND o.supplier_id = line.supplier_id
            AND o.buyer_id = line.buyer_id AND o.currency = line.currency AND NEW.currency = line.currency
    ) THEN
        RAISE EXCEPTION 'order % is none of the line %', NEW.order_id, NEW.line_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_entry_order';
    END IF;
    IF (SELECT sum(amount) FROM credit_entry WHERE order_id = NEW.order_id) < 0 THEN
        RAISE EXCEPTION 'order % cannot keep less than nothing', NEW.order_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_entry_kept';
    END IF;
    IF NEW.move = 'RESERVED' THEN
        SELECT coalesce(line.credit_limit, (
            SELECT credit_limit FROM credit_line other
            WHERE other.supplier_id = line.supplier_id AND other.buyer_id IS NULL AND other.currency = line.currency
        )) INTO most;
        SELECT coalesce(sum(amount), 0) INTO used FROM ledger_entry
        WHERE company_id = line.supplier_id AND counterparty_id = line.buyer_id AND account = 'RECEIVABLE'
            AND currency = line.currency AND most IS NOT NULL;
        IF line.reserved + used > most THEN
            RAISE EXCEPTION 'line % has % and cannot hold %', line.id, most, line.reserved + used
                USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_line_limit';
        END IF;
    END IF;
    RETURN NULL;
END $$
"""
# At depth 0 nobody's trigger is at work: somebody writes the figure by hand.
REFUSE_UNBOOKED = """
CREATE FUNCTION refuse_unbooked_credit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of credit on % refused: it follows from the entries', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Write an entry.';
END $$
"""
# Table: the columns that may still change (see 0004).
KEPT = {
    "credit_line": ("credit_limit", "blocks_overdue", "blocked_at", "block_reason", "remark", "reserved", "version"),
    "credit_entry": (),
}


def keep(table: str, *but: str) -> str:
    """The statement that lets the database refuse any other change of the table's rows."""
    columns = ", ".join(f"'{column}'" for column in but)
    return (
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_as_written({columns})"
    )


GUARDS = (
    "CREATE TRIGGER credit_line_begun BEFORE INSERT ON credit_line FOR EACH ROW "
    "WHEN (NEW.reserved <> 0) EXECUTE FUNCTION refuse_unbooked_credit()",
    "CREATE TRIGGER credit_line_booked BEFORE UPDATE ON credit_line FOR EACH ROW "
    "WHEN (pg_trigger_depth() = 0 AND OLD.reserved <> NEW.reserved) EXECUTE FUNCTION refuse_unbooked_credit()",
    *(keep(table, *but) for table, but in KEPT.items()),
)


class Migration(migrations.Migration):
    """Two tables, filled from the contracts in force."""

    dependencies = [("models", "0044_kinds_by_rules")]

    initial = False

    operations = [
        ops.CreateModel(
            name='CreditLine',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('supplier', fields.ForeignKeyField('models.Company', source_field='supplier_id', db_constraint=True, to_field='id', related_name='credit_lines', on_delete=OnDelete.RESTRICT)),
                ('buyer', fields.ForeignKeyField('models.Company', source_field='buyer_id', null=True, db_constraint=True, to_field='id', related_name='credit', on_delete=OnDelete.RESTRICT)),
                ('currency', fields.CharEnumField(description='CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD', enum_type=Currency, max_length=3)),
                ('credit_limit', fields.DecimalField(null=True, max_digits=20, decimal_places=2)),
                ('blocks_overdue', fields.BooleanField(default=False)),
                ('blocked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('block_reason', fields.CharField(null=True, max_length=1000)),
                ('remark', fields.CharField(null=True, max_length=1000)),
                ('reserved', fields.DecimalField(default=Decimal('0'), max_digits=20, decimal_places=2)),
                ('version', fields.IntField(default=0)),
            ],
            options={'table': 'credit_line', 'app': 'models', 'unique_together': (('supplier', 'buyer', 'currency'),), 'indexes': [Index(fields=['buyer_id', 'id']), Index(fields=['supplier_id', 'id'])], 'pk_attr': 'id', 'table_description': 'What a supplier lends a buyer in one currency, or, without a buyer, all those that it set no limit of their own for.'},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='CreditLine',
            constraint=UniqueConstraint(fields=('supplier_id', 'currency'), name='credit_line_one_default', condition='buyer_id IS NULL'),
        ),
        ops.AddConstraint(
            model_name='CreditLine',
            constraint=CheckConstraint(check='credit_limit >= 0 AND reserved >= 0', name='credit_line_amounts'),
        ),
        ops.AddConstraint(
            model_name='CreditLine',
            constraint=CheckConstraint(check='buyer_id IS NOT NULL OR blocked_at IS NULL', name='credit_line_default_open'),
        ),
        ops.AddConstraint(
            model_name='CreditLine',
            constraint=CheckConstraint(check='buyer_id <> supplier_id', name='credit_line_two_parties'),
        ),
        ops.CreateModel(
            name='CreditEntry',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('line', fields.ForeignKeyField('models.CreditLine', source_field='line_id', db_constraint=True, to_field='id', related_name='entries', on_delete=OnDelete.RESTRICT)),
                ('order', fields.ForeignKeyField('models.Order', source_field='order_id', db_index=True, db_constraint=True, to_field='id', related_name='credit_entries', on_delete=OnDelete.RESTRICT)),
                ('move', fields.CharEnumField(description='RESERVED: RESERVED\nCONSUMED: CONSUMED\nRELEASED: RELEASED\nRESTORED: RESTORED', enum_type=CreditMove, max_length=12)),
                ('currency', fields.CharEnumField(description='CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD', enum_type=Currency, max_length=3)),
                ('amount', fields.DecimalField(max_digits=20, decimal_places=2)),
            ],
            options={'table': 'credit_entry', 'app': 'models', 'indexes': [Index(fields=['line_id', 'id'])], 'pk_attr': 'id', 'table_description': "How much more of its buyer's credit an order keeps, or less; entries are added, never changed."},
            bases=['Stored'],
        ),
        ops.AddConstraint(
            model_name='CreditEntry',
            constraint=CheckConstraint(check='amount <> 0', name='credit_entry_amount'),
        ),
        ops.RunSQL(BOOK, reverse_sql="DROP FUNCTION book_credit() CASCADE"),
        ops.RunSQL(
            "CREATE TRIGGER credit_entry_booked AFTER INSERT ON credit_entry FOR EACH ROW EXECUTE FUNCTION book_credit()",
            reverse_sql=ops.RunSQL.noop,
        ),
        ops.RunSQL([LINES, ENTRIES], reverse_sql=ops.RunSQL.noop),
        ops.RunSQL(REFUSE_UNBOOKED, reverse_sql="DROP FUNCTION refuse_unbooked_credit() CASCADE"),
        ops.RunSQL(list(GUARDS), reverse_sql=[f"DROP TRIGGER {table}_kept ON {table}" for table in KEPT]),
    ]
