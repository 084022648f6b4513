"""What was sent, signed, booked or reported stays as it was written, whoever tries to change it, and every posting adds up to zero."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# Table: the columns that may still change.
KEPT = {
    "quotation": ("status",),
    "quotation_line": (),
    "contract": ("status", "effective_at"),
    "signature": (),
    "invoice": ("status", "version", "dispute_reason"),
    "invoice_line": (),
    "quantity_entry": (),
    "ledger_entry": (),
    "tracking_event": (),
}

# Columns are compared all together, so that one which is added later is kept as well.
KEEP_AS_WRITTEN = """
CREATE FUNCTION keep_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % refused: it stays as it was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Correct it by a new document or entry.';
END $$
"""

# Deferred: the sides of a posting are separate rows, and only all of them together can add up.
REFUSE_UNBALANCED = """
CREATE FUNCTION refuse_unbalanced_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total numeric;
    books bigint;
BEGIN
    SELECT sum(amount), count(DISTINCT (order_id, currency)) INTO total, books FROM ledger_entry WHERE posting = NEW.posting;
    IF total <> 0 OR books <> 1 THEN
        RAISE EXCEPTION 'posting % adds up to % over % orders or currencies', NEW.posting, total, books
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""


def _keep(table: str, *but: str) -> str:
    columns = ", ".join(f"'{column}'" for column in but)
    return (
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_as_written({columns})"
    )


class Migration(migrations.Migration):
    """Triggers; dropping their functions takes them along."""

    dependencies = [("models", "0003_payment_reference_once")]

    operations = [
        ops.RunSQL(KEEP_AS_WRITTEN, reverse_sql="DROP FUNCTION keep_as_written() CASCADE"),
        ops.RunSQL([_keep(table, *but) for table, but in KEPT.items()], reverse_sql=ops.RunSQL.noop),
        ops.RunSQL(REFUSE_UNBALANCED, reverse_sql="DROP FUNCTION refuse_unbalanced_posting() CASCADE"),
        ops.RunSQL(
            "CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON ledger_entry "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced_posting()",
            reverse_sql=ops.RunSQL.noop,
        ),
    ]
