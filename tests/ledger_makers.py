"""Makes the books of two companies that have done business for long: thousands of postings, each of them balanced, in a few statements."""

from datetime import UTC, datetime

from models.database import pool
from services import clock
from tests.order_makers import Parties, make_completed_order, make_invoice, make_transfer

LINES_OF_A_ROUND = 4
"""In either company's account with the other: two invoices, and a payment of the first one and half of the second."""

ROUNDS_OF_AN_ORDER = 25
BEGINNING = datetime(2026, 10, 31, 16, tzinfo=UTC)
"""Of November, in Shanghai."""

# Everything but what tells one from the other is as the real verbs made the first one.
_ORDERS = """
    INSERT INTO purchase_order SELECT new.* FROM purchase_order old, generate_series(1, $2::int) AS n,
        LATERAL jsonb_populate_record(old, jsonb_build_object('id', md5('order' || n)::uuid,
            'number', 'PO-' || lpad(n::text, 6, '0'))) AS new
    WHERE old.id = $1
"""
_INVOICES = """
    INSERT INTO invoice SELECT new.* FROM invoice old, generate_series(1, 2 * $2::int) AS n,
        LATERAL (SELECT 100.37 + n % 977 AS price) AS sold, LATERAL (SELECT round(price * 0.13, 2) AS duty) AS taxed, LATERAL
        jsonb_populate_record(old, jsonb_build_object('id', md5('invoice' || n)::uuid, 'number', 'INV-' || lpad(n::text, 7, '0'),
            'order_id', md5('order' || (n - 1) / (2 * $3::int) + 1)::uuid, 'net', price, 'tax', duty, 'total', price + duty,
            'issued_on', date '2026-11-01' + n * 28 / (2 * $2), 'due_on', date '2026-11-16' + n * 28 / (2 * $2))) AS new
    WHERE old.id = $1
"""
_PAYMENTS = """
    INSERT INTO payment SELECT new.* FROM payment old, generate_series(1, $2::int) AS n,
        invoice first, invoice second, LATERAL (SELECT first.total + round(second.total / 2, 2) AS money) AS paid, LATERAL
        jsonb_populate_record(old, jsonb_build_object('id', md5('payment' || n)::uuid, 'number', 'PAY-' || lpad(n::text, 7, '0'),
            'order_id', first.order_id, 'amount', money, 'received', money, 'bank_reference', 'R' || n,
            'status', 'FUNDS_CONFIRMED')) AS new
    WHERE old.id = $1 AND first.id = md5('invoice' || 2 * n - 1)::uuid AND second.id = md5('invoice' || 2 * n)::uuid
"""
_POSTED = """
    WITH vouchers AS (
        SELECT 3 * ((n - 1) / 2) + (n - 1) % 2 AS place, 'INVOICE' AS kind, i.order_id, i.id AS document_id, side.*
        FROM generate_series(1, 2 * $3::int) AS n JOIN invoice i ON i.id = md5('invoice' || n)::uuid, LATERAL
            (VALUES ('RECEIVABLE', i.total, i.id), ('SALES', -i.net, i.id), ('VAT_PAYABLE', -i.tax, i.id))
            AS side(account, amount, invoice_id)
        UNION ALL
        SELECT 3 * n - 1, 'PAYMENT', p.order_id, p.id, side.*
        FROM generate_series(1, $3) AS n JOIN payment p ON p.id = md5('payment' || n)::uuid
            JOIN invoice f ON f.id = md5('invoice' || 2 * n - 1)::uuid JOIN invoice s ON s.id = md5('invoice' || 2 * n)::uuid, LATERAL
            (VALUES ('BANK', p.amount, NULL), ('RECEIVABLE', -f.total, f.id), ('RECEIVABLE', f.total - p.amount, s.id))
            AS side(account, amount, invoice_id))
    INSERT INTO ledger_entry (id, created_at, posting, kind, company_id, counterparty_id, order_id, invoice_id, account, currency,
        amount, document_id)
    SELECT gen_random_uuid(), $4::timestamptz + place * interval '29 days' / (3 * $3), md5('posting' || document_id)::uuid, kind,
        book.company_id, book.counterparty_id, order_id, invoice_id,
        CASE WHEN book.sign = 1 THEN account ELSE mirror.theirs END, 'CNY', book.sign * amount, document_id
    FROM vouchers JOIN (VALUES ('RECEIVABLE', 'PAYABLE'), ('SALES', 'PURCHASES'), ('VAT_PAYABLE', 'VAT_RECEIVABLE'), ('BANK', 'BANK'))
        AS mirror(ours, theirs) ON ours = account, (VALUES ($1::uuid, $2::uuid, 1), ($2, $1, -1)) AS book(company_id, counterparty_id, sign)
"""


async def make_books(parties: Parties, lines: int) -> None:
    """So many entries, a multiple of four, of what these two owe each other, all of them in November 2026 and nothing before it.

    The invoices are of some orders; half of each second one is still owed in the end. Once in a database.
    """
    with clock.held_at("2026-12-15T00:00:00+00:00"):  # what all others look like stands in no statement of November
        order = await make_completed_order(parties)
        invoice = await make_invoice(parties, order)
        payment = await make_transfer(parties, invoice)
    rounds = lines // LINES_OF_A_ROUND
    async with pool().acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL statement_timeout = '5min'")
        await connection.execute(_ORDERS, order.id, -(-rounds // ROUNDS_OF_AN_ORDER))
        await connection.execute(_INVOICES, invoice.id, rounds, ROUNDS_OF_AN_ORDER)
        await connection.execute(_PAYMENTS, payment.id, rounds)
        await connection.execute(_POSTED, parties.supplier.home, parties.buyer.home, rounds, BEGINNING)
