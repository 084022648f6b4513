"""A database full of orders: so many of each kind, always the same ones, made by the server itself in a few seconds."""

from uuid import UUID

import asyncpg

BUYERS, SUPPLIERS, PRODUCTS = 20, 180, 5_000
LINES = 5
"""For each order; every order has one shipment with four reports, and every other a second one."""

# The ids are UUIDv7s of successive milliseconds, so that sorting by id is sorting by age.
_ID = """
CREATE FUNCTION pg_temp.id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '70008' || lpad(to_hex(kind), 7, '0') || lpad(to_hex(n), 8, '0'))::uuid
$$;
"""
_ROWS = """
INSERT INTO company (id, created_at, legal_name, english_name, credit_code, kind, status, version, currency, delivery_zone,
                     stock_policy, despatch_after_prepayment, prepayment_days)
SELECT pg_temp.id(1, n), now(), '公司' || n || '有限公司', 'Company ' || n, lpad(n::text, 18, '0'),
       CASE WHEN n <= {buyers} THEN 'BUYER' ELSE 'SUPPLIER' END, 'APPROVED', 1, 'CNY', 'Asia/Shanghai',
       'RESERVE_AT_SIGNATURE', false, 0
FROM generate_series(1, {buyers} + {suppliers}) n;
INSERT INTO member (id, created_at, sign_in_name, display_name, password_hash, roles, locale, is_active, company_id, version)
SELECT pg_temp.id(2, n), now(), 'member' || n, '采购员' || n, '-', '{{REQUESTER}}', 'zh-CN', true, pg_temp.id(1, n), 1
FROM generate_series(1, {buyers}) n;
INSERT INTO api_key (id, created_at, name, sha256, scopes, company_id, created_by_id)
SELECT pg_temp.id(10, n), now(), 'bench', encode(sha256(lpad(n::text, 43, 'A')::bytea), 'hex'), '{{READ}}',
       pg_temp.id(1, n), pg_temp.id(2, n)
FROM generate_series(1, {buyers}) n;
INSERT INTO category (id, created_at, code, name_zh, name_en) VALUES (pg_temp.id(3, 1), now(), 'FASTENERS', '紧固件', 'Fasteners');
INSERT INTO product (id, created_at, sku, name_zh, name_en, specification, unit, list_price, currency, tax_rate, minimum_quantity,
                     quantity_step, lead_time_days, stock_reserved, is_active, version, words, category_id, supplier_id)
SELECT pg_temp.id(4, n), now(), 'SKU-' || n, '不锈钢螺栓 M' || n % 40, 'Stainless bolt M' || n % 40,
       '[{{"name": "material", "value": "A2-70"}}]', 'H87', 0.25 + n % 100, 'CNY', 0.13, 1, 1, 7, 0, true, 1, '{{}}',
       pg_temp.id(3, 1), pg_temp.id(1, {buyers} + 1 + n % {suppliers})
FROM generate_series(1, {products}) n;
INSERT INTO purchase_order (id, created_at, number, status, turn, turn_since, version, hidden_versions, currency, delivery_zone,
                            delivery_place, estimated_total, placed_at, updated_at, approval_pending, is_sealed, under_review,
                            holds_promotions,
                            buyer_id, requester_id, supplier_id)
SELECT pg_temp.id(5, n), now(), 'PO-' || n, 'NEGOTIATING', 'SUPPLIER', now(), 1 + n % 9, 1, 'CNY', 'Asia/Shanghai',
       '上海市浦东新区' || n, 100 + n % 1000, now(), now(), false, false, false, false,
       pg_temp.id(1, 1 + n % {buyers}), pg_temp.id(2, 1 + n % {buyers}), pg_temp.id(1, {buyers} + 1 + n % {suppliers})
FROM generate_series(1, {orders}) n;
INSERT INTO order_line (id, created_at, position, sku, name_zh, name_en, specification, unit, quantity, list_price, tax_rate,
                        order_id, product_id)
SELECT pg_temp.id(6, n * {lines} + line), now(), line, 'SKU-' || n, '不锈钢螺栓 M' || line, 'Stainless bolt M' || line,
       '[{{"name": "material", "value": "A2-70"}}]', 'H87', 10 * line, 1.25, 0.13,
       pg_temp.id(5, n), pg_temp.id(4, 1 + (n * 7 + line) % {products})
FROM generate_series(1, {orders}) n, generate_series(1, {lines}) line;
INSERT INTO shipment (id, created_at, number, status, version, transport_mode, carrier, waybill, despatched_at, order_id)
SELECT pg_temp.id(7, n * 2 + part), now(), 'SH-' || n || '-' || part, 'IN_TRANSIT', 3, 'ROAD', 'SF Express', 'SF' || n || part,
       now(), pg_temp.id(5, n)
FROM generate_series(1, {orders}) n, generate_series(0, n % 2) part;
INSERT INTO tracking_event (id, created_at, event_id, code, occurred_at, place, shipment_id)
SELECT pg_temp.id(8, row_number() OVER ()), now(), id || '-' || report, 'IN_TRANSIT', now(), '杭州', id
FROM shipment, generate_series(1, 4) report;
INSERT INTO message (id, created_at, author_name, kind, text, seq, company_id, order_id)
SELECT pg_temp.id(9, n * 3 + said), now(), '采购员', 'MESSAGE', '请尽快发货 ' || said, said, buyer_id, id
FROM (SELECT row_number() OVER () AS n, id, buyer_id FROM purchase_order) o, generate_series(1, 3) said;
"""


def row_id(kind: int, number: int) -> UUID:
    """The id of the n-th row of a kind, numbered as above: 1 companies, 5 orders."""
    return UUID(f"{1_700_000_000_000 + number:012x}70008{kind:07x}{number:08x}")


def credential(buyer: int) -> str:
    """The API key with which the n-th buyer's machine reads."""
    return f"dk_{row_id(10, buyer).hex}_{str(buyer).rjust(43, 'A')}"


async def fill(url: str, orders: int) -> None:
    """Fill a migrated, empty database with this many orders, shared out evenly among the buyers."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_ID)
        await connection.execute(
            _ROWS.format(buyers=BUYERS, suppliers=SUPPLIERS, products=PRODUCTS, lines=LINES, orders=orders)
        )
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
