"""What is in stock follows from a ledger that only grows; what there was becomes its opening entries (0123)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

KEPT = {"stock_entry": ()}

# A time-ordered id (RFC 9562, version 7), so that what was there before stands before what comes after it.
_ID = (
    "(lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)"
    " || '8' || substr(md5(random()::text), 1, 15))::uuid"
)

# Whatever is kept in stock lies in a first warehouse. What is kept of it for orders is counted anew, line by line: what contracts
# in force say, less what has left.
FILL = (
    f"""
    INSERT INTO warehouse (id, created_at, company_id, code, name, is_default, version)
    SELECT {_ID}, now(), supplier_id, 'MAIN', 'Main warehouse', true, 0
    FROM (SELECT DISTINCT supplier_id FROM product WHERE stock_on_hand IS NOT NULL) kept
    """,
    f"""
    INSERT INTO stock_entry
        (id, created_at, supplier_id, product_id, warehouse_id, movement, on_hand, reserved, posting, booked_by)
    SELECT {_ID}, now(), p.supplier_id, p.id, w.id, 'OPENING', p.stock_on_hand, 0, w.id, 'clock'
    FROM product p JOIN warehouse w ON w.company_id = p.supplier_id WHERE p.stock_on_hand > 0
    """,
    f"""
    INSERT INTO stock_entry
        (id, created_at, supplier_id, product_id, warehouse_id, movement, on_hand, reserved, order_id,
        order_line_id, document_id, posting, booked_by)
    SELECT {_ID}, now(), p.supplier_id, p.id, w.id, 'OPENING', 0, booked.kept, o.id, l.order_line_id, c.id, w.id, 'clock'
    FROM purchase_order o
    JOIN contract c ON c.order_id = o.id AND c.status = 'EFFECTIVE'
    JOIN contract_line l ON l.contract_id = c.id
    JOIN product p ON p.id = l.product_id AND p.stock_on_hand IS NOT NULL
    JOIN warehouse w ON w.company_id = p.supplier_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(CASE movement WHEN 'ORDERED' THEN quantity ELSE -quantity END), 0) AS kept
        FROM quantity_entry e WHERE e.order_line_id = l.order_line_id AND e.movement IN ('ORDERED', 'CANCELLED', 'DESPATCHED')
    ) booked
    WHERE o.status = 'CONTRACTED' AND booked.kept > 0
    """,
    """
    INSERT INTO stock_level (id, created_at, product_id, warehouse_id, on_hand, reserved)
    SELECT gen_random_uuid(), now(), product_id, warehouse_id, sum(on_hand), sum(reserved)
    FROM stock_entry GROUP BY product_id, warehouse_id
    """,
    """
    UPDATE product p SET stock_reserved = coalesce((SELECT sum(reserved) FROM stock_entry e WHERE e.product_id = p.id), 0)
    WHERE p.stock_on_hand IS NOT NULL OR p.stock_reserved <> 0
    """,
)

# Writers of the same product wait for each other here, whatever else they have locked. The rows of the levels are made before they
# are added to, since a check looks at what is proposed, not at what it would add up to.
BOOK = """
CREATE FUNCTION book_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM product WHERE id IN (SELECT product_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM added a JOIN product p ON p.id = a.product_id JOIN warehouse w ON w.id = a.warehouse_id
        WHERE p.stock_on_hand IS NULL OR p.supplier_id <> a.supplier_id OR w.company_id <> a.supplier_id
    ) THEN
        RAISE EXCEPTION 'no stock of the product is kept there by its supplier'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_entry_place';
    END IF;
    INSERT INTO stock_level (id, created_at, product_id, warehouse_id, on_hand, reserved)
    SELECT gen_random_uuid(), min(created_at), product_id, warehouse_id, 0, 0 FROM added
    GROUP BY product_id, warehouse_id ORDER BY product_id, warehouse_id
    ON CONFLICT (product_id, warehouse_id) DO NOTHING;
    UPDATE stock_level l SET on_hand = l.on_hand + s.on_hand, reserved = l.reserved + s.reserved
    FROM (
        SELECT product_id, warehouse_id, sum(on_hand) AS on_hand, sum(reserved) AS reserved
        FROM added GROUP BY product_id, warehouse_id
    ) s WHERE l.product_id = s.product_id AND l.warehouse_id = s.warehouse_id;
    UPDATE product p SET stock_on_hand = p.stock_on_hand + s.on_hand, stock_reserved = p.stock_reserved + s.reserved
    FROM (SELECT product_id, sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM added GROUP BY product_id) s
    WHERE p.id = s.product_id;
    RETURN NULL;
END $$
"""
BOOKED = (
    "CREATE TRIGGER stock_entry_booked AFTER INSERT ON stock_entry REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION book_stock()"
)

# At depth 0 nobody's trigger is at work: somebody writes the figures by hand.
REFUSE_UNBOOKED = """
CREATE FUNCTION refuse_unbooked_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of stock on % refused: it follows from the entries of the stock ledger', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Write an entry.';
END $$
"""
GUARDS = (
    "CREATE TRIGGER product_stock_begun BEFORE INSERT ON product FOR EACH ROW "
    "WHEN (coalesce(NEW.stock_on_hand, 0) <> 0 OR NEW.stock_reserved <> 0) EXECUTE FUNCTION refuse_unbooked_stock()",
    "CREATE TRIGGER product_stock_booked BEFORE UPDATE ON product FOR EACH ROW "
    "WHEN (pg_trigger_depth() = 0 AND (coalesce(OLD.stock_on_hand, 0) <> coalesce(NEW.stock_on_hand, 0) "
    "OR OLD.stock_reserved <> NEW.stock_reserved OR (NEW.stock_on_hand IS NULL AND NEW.stock_reserved <> 0))) "
    "EXECUTE FUNCTION refuse_unbooked_stock()",
    "CREATE TRIGGER stock_level_booked BEFORE INSERT OR UPDATE OR DELETE ON stock_level FOR EACH ROW "
    "WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_unbooked_stock()",
    "CREATE TRIGGER stock_entry_kept BEFORE UPDATE OR DELETE ON stock_entry FOR EACH ROW EXECUTE FUNCTION keep_as_written()",
)


class Migration(migrations.Migration):
    """The stock there is, booked; from then on the database adds it up."""

    dependencies = [("models", "0032_warehouses")]

    initial = False

    operations = [
        ops.RunSQL(list(FILL), reverse_sql=ops.RunSQL.noop),
        ops.RunSQL(BOOK, reverse_sql="DROP FUNCTION book_stock() CASCADE"),
        ops.RunSQL(BOOKED, reverse_sql=ops.RunSQL.noop),
        ops.RunSQL(REFUSE_UNBOOKED, reverse_sql="DROP FUNCTION refuse_unbooked_stock() CASCADE"),
        ops.RunSQL(list(GUARDS), reverse_sql=ops.RunSQL.noop),
    ]
