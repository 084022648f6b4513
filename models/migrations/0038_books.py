"""Each company has books of its own: entries say whose they are, of which act, and of which invoice (0134)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.accounts import Account, PostingKind
from rules.money import Currency
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

# Entries get ids by their time, for pages, and for nobody to count by; so the table is made anew, and its rows are brought over.
BEFORE = "CREATE TABLE ledger_before AS SELECT * FROM ledger_entry"
AFTER = "DROP TABLE ledger_before"
# A payment paid one invoice until now. The buyer's books begin as the mirror of the supplier's.
FILL = """
INSERT INTO ledger_entry (id, created_at, posting, kind, company_id, counterparty_id, order_id, invoice_id, account, currency, amount,
    document_id)
SELECT (lpad(to_hex((extract(epoch FROM e.created_at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
        || '8' || substr(md5(random()::text || e.id), 1, 15))::uuid,
    e.created_at, e.posting, CASE WHEN i.id IS NULL THEN 'PAYMENT' ELSE 'INVOICE' END, b.company_id, b.counterparty_id, e.order_id,
    CASE WHEN e.account <> 'BANK' THEN coalesce(i.id, p.invoice_id) END, b.account, e.currency, b.amount, e.document_id
FROM ledger_before e
JOIN purchase_order o ON o.id = e.order_id
LEFT JOIN invoice i ON i.id = e.document_id
LEFT JOIN payment_allocation p ON p.payment_id = e.document_id
CROSS JOIN LATERAL (VALUES
    (o.supplier_id, o.buyer_id, e.account, e.amount),
    (o.buyer_id, o.supplier_id, CASE e.account WHEN 'RECEIVABLE' THEN 'PAYABLE' WHEN 'SALES' THEN 'PURCHASES'
        WHEN 'VAT_PAYABLE' THEN 'VAT_RECEIVABLE' ELSE e.account END, -e.amount)
) AS b (company_id, counterparty_id, account, amount)
WHERE e.amount <> 0
"""

# A posting adds up in each of the books it is written to.
REFUSE_UNBALANCED = """
CREATE OR REPLACE FUNCTION refuse_unbalanced_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total numeric;
    books bigint;
BEGIN
    SELECT sum(amount), count(DISTINCT (order_id, currency)) INTO total, books FROM ledger_entry
    WHERE posting = NEW.posting AND company_id = NEW.company_id;
    IF total <> 0 OR books <> 1 THEN
        RAISE EXCEPTION 'posting % adds up to % over % orders or currencies', NEW.posting, total, books
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""
TRIGGERS = [
    "CREATE TRIGGER ledger_entry_kept BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION keep_as_written()",
    "CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON ledger_entry "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced_posting()",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0037_credit_notes")]

    initial = False

    operations = [
        ops.RunSQL(BEFORE, reverse_sql=ops.RunSQL.noop),
        ops.DeleteModel(name="LedgerEntry"),
        ops.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("posting", fields.UUIDField(db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="INVOICE: INVOICE\nCREDIT_NOTE: CREDIT_NOTE\nPAYMENT: PAYMENT\nREFUND: REFUND\nSET_OFF: SET_OFF\nREVERSAL: REVERSAL",
                        enum_type=PostingKind,
                        max_length=12,
                    ),
                ),
                (
                    "company",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="company_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="ledger_entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "counterparty",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="counterparty_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="ledger_entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "invoice",
                    fields.ForeignKeyField(
                        "models.Invoice",
                        source_field="invoice_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="ledger_entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "account",
                    fields.CharEnumField(
                        description="RECEIVABLE: RECEIVABLE\nSALES: SALES\nVAT_PAYABLE: VAT_PAYABLE\nCREDIT: CREDIT\nREFUNDS: REFUNDS\nCASH_AT_PROVIDER: CASH_AT_PROVIDER\nFEES: FEES\nCOMMISSION: COMMISSION\nBANK: BANK\nCLEARING: CLEARING\nPAYABLE: PAYABLE\nPURCHASES: PURCHASES\nVAT_RECEIVABLE: VAT_RECEIVABLE\nPREPAID: PREPAID\nREFUNDS_DUE: REFUNDS_DUE",
                        enum_type=Account,
                        max_length=16,
                    ),
                ),
                (
                    "currency",
                    fields.CharEnumField(
                        description="CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD",
                        enum_type=Currency,
                        max_length=3,
                    ),
                ),
                ("amount", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("document_id", fields.UUIDField(db_index=True)),
                ("reverses", fields.UUIDField(null=True)),
            ],
            options={
                "table": "ledger_entry",
                "app": "models",
                "indexes": (("company_id", "id"), ("counterparty_id", "company_id", "account")),
                "pk_attr": "id",
                "table_description": "One side of a posting, debit positive; a deferred trigger refuses a posting that does not add up to zero.",
            },
            bases=["Stored"],
        ),
        ops.RunSQL(REFUSE_UNBALANCED, reverse_sql=ops.RunSQL.noop),
        ops.RunSQL(FILL, reverse_sql=ops.RunSQL.noop),
        ops.RunSQL(AFTER, reverse_sql=ops.RunSQL.noop),
        ops.RunSQL(TRIGGERS, reverse_sql=ops.RunSQL.noop),
    ]
