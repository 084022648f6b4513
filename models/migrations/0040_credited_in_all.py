"""All credit notes on an invoice together take back no more than all of it: an allowance that stays would let its lines be more (0133)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# Deferred: the lines of a credit note are separate rows, and only all of them together say what it comes to. Who commits later waits.
CHECK_TOTAL = """
CREATE FUNCTION check_credited_total() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    claimed record;
    credited numeric;
BEGIN
    SELECT i.id, i.net INTO claimed FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
    WHERE l.id = NEW.invoice_line_id FOR NO KEY UPDATE OF i;
    SELECT sum(c.net) INTO credited FROM credit_note_line c JOIN invoice_line l ON l.id = c.invoice_line_id
    WHERE l.invoice_id = claimed.id;
    IF credited NOT BETWEEN 0 AND claimed.net THEN
        RAISE EXCEPTION 'more of invoice % would be credited than was invoiced', claimed.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_note_invoice_credited';
    END IF;
    RETURN NULL;
END $$
"""
CHECKED = (
    "CREATE CONSTRAINT TRIGGER credit_note_line_total AFTER INSERT ON credit_note_line "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_credited_total()"
)


class Migration(migrations.Migration):
    """A trigger; dropping its function takes it along."""

    dependencies = [("models", "0039_transfers")]

    operations = [
        ops.RunSQL(CHECK_TOTAL, reverse_sql="DROP FUNCTION check_credited_total() CASCADE"),
        ops.RunSQL(CHECKED, reverse_sql=ops.RunSQL.noop),
    ]
