"""The statements of `bench.raw`."""

_ID = "rtrim(translate(encode('{kind}:'::bytea || uuid_send({column}), 'base64'), '+/', '-_'), '=')"


def _id(kind: str, column: str) -> str:
    return _ID.format(kind=kind, column=column)


def _time(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def _company(id_column: str) -> str:
    shown = f"json_build_object('id', {_id('Company', 'c.id')}, 'legalName', c.legal_name)"
    return f"(SELECT {shown} FROM company c WHERE c.id = {id_column})"


LIST_ROWS = {
    "orders": """SELECT id, number, status, version, created_at, estimated_total, currency, supplier_id
        FROM purchase_order WHERE buyer_id = $1 ORDER BY id DESC LIMIT $2""",
    "lines": """SELECT order_id, position, name_zh, quantity, unit, list_price
        FROM order_line WHERE order_id = ANY($1) ORDER BY position""",
    "shipments": "SELECT order_id, status FROM shipment WHERE order_id = ANY($1) ORDER BY id DESC",
    "companies": "SELECT id, legal_name FROM company WHERE id = ANY($1)",
}

LIST_JSON = f"""
SELECT json_build_object('data', json_build_object('orders', json_build_object('nodes',
    coalesce(json_agg(json_build_object(
        'id', {_id("Order", "o.id")}, 'number', number, 'status', status, 'version', version,
        'createdAt', {_time("o.created_at")},
        'estimatedTotal', json_build_object('amount', estimated_total::text, 'currency', currency),
        'supplier', {_company("o.supplier_id")},
        'lines', (SELECT coalesce(json_agg(json_build_object(
            'position', position, 'name', name_zh, 'quantity', json_build_object('value', quantity::text, 'unit', unit),
            'listPrice', list_price::text) ORDER BY position), '[]') FROM order_line WHERE order_id = o.id),
        'shipments', (SELECT coalesce(json_agg(json_build_object('status', s.status) ORDER BY s.id DESC), '[]')
            FROM shipment s WHERE s.order_id = o.id)
    ) ORDER BY o.id DESC), '[]'))))::text
FROM (SELECT * FROM purchase_order WHERE buyer_id = $1 ORDER BY id DESC LIMIT $2) o
"""

DETAIL_ROWS = {
    "order": "SELECT * FROM purchase_order WHERE id = $1",
    "lines": """SELECT position, sku, name_zh, specification, quantity, unit, list_price, product_id
        FROM order_line WHERE order_id = $1 ORDER BY position""",
    "messages": "SELECT kind, text, author_name, created_at, company_id FROM message WHERE order_id = $1 ORDER BY id",
    "shipments": """SELECT id, number, status, carrier, waybill, despatched_at
        FROM shipment WHERE order_id = $1 ORDER BY id DESC""",
    "products": "SELECT id, sku, lead_time_days FROM product WHERE id = ANY($1)",
    "companies": "SELECT id, legal_name FROM company WHERE id = ANY($1)",
    "reports": """SELECT shipment_id, code, place, occurred_at
        FROM tracking_event WHERE shipment_id = ANY($1) ORDER BY occurred_at, id""",
}

DETAIL_JSON = f"""
SELECT json_build_object('data', json_build_object('order', json_build_object(
    'id', {_id("Order", "o.id")}, 'number', number, 'status', status, 'version', version,
    'createdAt', {_time("o.created_at")}, 'updatedAt', {_time("o.updated_at")},
    'turn', turn, 'turnSince', {_time("o.turn_since")},
    'deliveryPlace', delivery_place, 'deliveryZone', delivery_zone,
    'estimatedTotal', json_build_object('amount', estimated_total::text, 'currency', currency),
    'buyer', {_company("o.buyer_id")}, 'supplier', {_company("o.supplier_id")},
    'lines', (SELECT coalesce(json_agg(json_build_object(
        'position', l.position, 'sku', l.sku, 'name', l.name_zh, 'specification', l.specification,
        'quantity', json_build_object('value', l.quantity::text, 'unit', l.unit), 'listPrice', l.list_price::text,
        'product', json_build_object('id', {_id("Product", "p.id")}, 'sku', p.sku, 'leadTimeDays', p.lead_time_days)
        ) ORDER BY l.position), '[]') FROM order_line l JOIN product p ON p.id = l.product_id WHERE l.order_id = o.id),
    'messages', (SELECT coalesce(json_agg(json_build_object(
        'kind', m.kind, 'text', m.text, 'authorName', m.author_name, 'createdAt', {_time("m.created_at")},
        'company', json_build_object('legalName', c.legal_name)) ORDER BY m.id), '[]')
        FROM message m JOIN company c ON c.id = m.company_id WHERE m.order_id = o.id),
    'shipments', (SELECT coalesce(json_agg(json_build_object(
        'number', s.number, 'status', s.status, 'carrier', s.carrier, 'waybill', s.waybill,
        'despatchedAt', {_time("s.despatched_at")},
        'trackingEvents', (SELECT coalesce(json_agg(json_build_object('code', t.code, 'place', t.place,
            'occurredAt', {_time("t.occurred_at")}) ORDER BY t.occurred_at, t.id), '[]')
            FROM tracking_event t WHERE t.shipment_id = s.id)) ORDER BY s.id DESC), '[]')
        FROM shipment s WHERE s.order_id = o.id)
)))::text
FROM purchase_order o WHERE o.id = $1
"""
