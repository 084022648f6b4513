"""The database itself keeps what was sent, signed, booked or reported, and refuses a posting that does not add up."""

from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from models import Invoice, Order, Payment
from models.database import pool
from models.transaction import transact
from rules.accounts import Account
from rules.allowances import Allowance, AllowanceKind
from rules.shipping import TrackingCode
from services import clock
from services.alternatives import OfferedAlternative
from services.framing import PriceWish
from services.paying import reject_transfer
from services.printing import newest_file
from services.promotions import PromotedProduct
from tests.agreement_makers import make_accepted_order, make_agreement
from tests.billing_makers import make_credit_note
from tests.budget_makers import make_budget, make_cost_centre
from tests.certificate_makers import make_certificate
from tests.fapiao_makers import make_recorded
from tests.order_makers import (
    Parties,
    contract_of,
    make_awarded_order,
    make_contracted_order,
    make_goods,
    make_invoice,
    make_parties,
    make_receipt,
    make_settled_order,
    make_shipment,
    make_sighting,
    make_transfer,
)
from tests.price_makers import make_price_list, make_promotion

MIGRATIONS = (
    "0004_unchangeable",
    "0005_contract_lines",
    "0006_contract_files",
    "0011_framework_agreements",
    "0012_quotation_terms",
    "0020_cost_centres",
    "0022_signing_elsewhere",
    "0023_agreements_on_paper",
    "0024_carriers",
    "0033_stock_ledger",
    "0035_price_lists",
    "0036_promotions",
    "0037_credit_notes",
    "0045_credit_lines",
    "0048_billing_papers",
    "0049_official_invoices",
)
KEPT = {table: but for name in MIGRATIONS for table, but in import_module(f"models.migrations.{name}").KEPT.items()}
INSERT = (
    "INSERT INTO ledger_entry (id, posting, kind, company_id, counterparty_id, order_id, account, currency, amount, document_id, "
    "created_at) SELECT gen_random_uuid(), $1, 'PAYMENT', supplier_id, buyer_id, id, $3, $4, $5, $6, now() FROM purchase_order "
    "WHERE id = $2"
)


async def make_full_order(parties: Parties) -> Order:
    """An order with a row in every table that is kept."""
    bolts = await make_goods(parties.supplier)
    await make_agreement(parties, prices=(PriceWish(bolts.id, Decimal(5), Decimal(0)),))
    await make_accepted_order(parties)
    await make_price_list(parties.supplier, bolts)
    await make_promotion(parties.supplier, products=(PromotedProduct(bolts.id),))
    less = Allowance(AllowanceKind.ALLOWANCE, Decimal("0.13"), "a large order", "95", amount=Decimal(5))
    other = OfferedAlternative(Decimal("0.30"), quality_remark="zinc-plated")
    centre = await make_cost_centre(parties.buyer)
    await make_budget(parties.buyer, centre, "99999.00")
    terms: dict[str, Any] = {"allowances": (less,), "alternatives": (other,)}
    order = await make_contracted_order(parties, freight="9999.00", cost_centre_id=centre.id, **terms)
    await make_goods(parties.supplier, stock_on_hand=Decimal(5))
    await newest_file(await contract_of(order))
    await make_certificate(parties.buyer)
    shipment = await make_shipment(parties, order, eta=clock.now())
    shipment = await make_sighting(parties, shipment, TrackingCode.PICKED_UP, "2026-11-01T08:00")
    await make_receipt(parties, shipment)
    await make_credit_note(parties, invoice := await make_invoice(parties, order), "1")
    await make_recorded(parties, invoice)
    return order


@pytest.mark.usefixtures("database")
async def test_every_column_stays_as_it_was_written_but_those_that_may_change() -> None:
    await make_full_order(await make_parties())
    for table, but in KEPT.items():
        row = dict(await pool().fetchrow(f"SELECT * FROM {table} LIMIT 1"))
        kept = {column for column, value in row.items() if value is not None} - set(but)
        assert len(kept) > 4, f"{table} has no row to try"
        for column in kept:
            with pytest.raises(asyncpg.RestrictViolationError, match=f"UPDATE on {table} refused"):
                await pool().execute(f"UPDATE {table} SET {column} = NULL")


@pytest.mark.usefixtures("database")
async def test_nothing_of_it_can_be_deleted() -> None:
    await make_full_order(await make_parties())
    for table in KEPT:
        with pytest.raises(asyncpg.RestrictViolationError, match=f"DELETE on {table} refused"):
            await pool().execute(f"DELETE FROM {table}")


@pytest.mark.usefixtures("database")
async def test_a_status_may_change_and_nothing_beside_it() -> None:
    contract = await contract_of(await make_awarded_order(await make_parties()))
    await pool().execute("UPDATE contract SET status = 'VOID' WHERE id = $1", contract.id)
    with pytest.raises(asyncpg.RestrictViolationError):
        await pool().execute("UPDATE contract SET status = 'DRAFT', text = text || ' ' WHERE id = $1", contract.id)
    assert await pool().fetchval("SELECT status FROM contract WHERE id = $1", contract.id) == "VOID"


@pytest.mark.usefixtures("database")
async def test_a_posting_that_does_not_add_up_fails_at_commit_and_leaves_nothing() -> None:
    order = await make_settled_order(await make_parties())
    before = await pool().fetchval("SELECT count(*) FROM ledger_entry")
    sides = [(Account.BANK, Decimal("1.00")), (Account.RECEIVABLE, Decimal("-0.99"))]
    with pytest.raises(asyncpg.CheckViolationError, match=r"adds up to 0\.01"):
        await post(order, sides)
    assert await pool().fetchval("SELECT count(*) FROM ledger_entry") == before


@pytest.mark.usefixtures("database")
async def test_a_posting_may_be_written_side_by_side() -> None:
    order = await make_settled_order(await make_parties())
    before = await pool().fetchval("SELECT count(*) FROM ledger_entry")
    await post(order, [(Account.BANK, Decimal("1.00")), (Account.RECEIVABLE, Decimal("-1.00"))])
    assert await pool().fetchval("SELECT count(*) FROM ledger_entry") == before + 2


@pytest.mark.usefixtures("database")
async def test_a_posting_belongs_to_one_order_in_one_currency() -> None:
    order = await make_settled_order(await make_parties())
    with pytest.raises(asyncpg.CheckViolationError, match="2 orders or currencies"):
        await post(order, [(Account.BANK, Decimal(1)), (Account.RECEIVABLE, Decimal(-1))], currencies=("CNY", "USD"))


@pytest.mark.usefixtures("database")
async def test_a_rejected_transfer_frees_its_reference_and_no_other_does() -> None:
    parties = await make_parties()
    await make_full_order(parties)
    payment = await make_transfer(parties, await Invoice.get(), "1.00")
    again = Payment(**{name: getattr(payment, name) for name in payment._meta.db_fields})
    again.id, again.number = uuid4(), "PY-0000-0000"
    with pytest.raises(Exception, match="payment_reference_once"):
        await transact(lambda: again.save(force_create=True))
    await reject_transfer(parties.supplier, payment.id, payment.version, "nothing came")
    await transact(lambda: again.save(force_create=True))


@pytest.mark.usefixtures("database")
async def test_the_triggers_can_be_taken_back_and_brought_again() -> None:
    await make_full_order(await make_parties())
    operations = import_module(f"models.migrations.{MIGRATIONS[0]}").Migration.operations
    for operation in reversed(operations):
        if operation.reverse_sql:
            await pool().execute(operation.reverse_sql)
    await pool().execute("UPDATE quantity_entry SET quantity = quantity + 1")
    for operation in operations:
        for statement in operation.sql if isinstance(operation.sql, list) else [operation.sql]:
            await pool().execute(statement)
    with pytest.raises(asyncpg.RestrictViolationError):
        await pool().execute("UPDATE quantity_entry SET quantity = quantity + 1")


async def post(
    order: Order, sides: list[tuple[Account, Decimal]], currencies: tuple[str, ...] = ("CNY", "CNY")
) -> None:
    """Write a posting past the services, in one transaction and a statement for each side."""
    posting, document = uuid4(), uuid4()
    async with pool().acquire() as connection, connection.transaction():
        for (account, amount), currency in zip(sides, currencies, strict=True):
            await connection.execute(INSERT, posting, order.id, account, currency, amount, document)


@pytest.mark.usefixtures("database")
async def test_contracts_of_before_get_their_lines_and_amounts_from_their_quotation() -> None:
    """Released databases hold contracts without lines; what the migration writes is what a new contract has."""
    contract = await contract_of(await make_contracted_order(await make_parties()))
    whole = "SELECT to_jsonb(c) FROM contract c UNION ALL SELECT to_jsonb(l) - 'id' - 'created_at' FROM contract_line l"
    before = await pool().fetch(whole)
    empty = ", ".join(
        f"ALTER {column} DROP NOT NULL" for column in ("product_id", "sku", "name_zh", "name_en", "specification")
    )
    await pool().execute(
        "ALTER TABLE contract_line DISABLE TRIGGER contract_line_kept; DELETE FROM contract_line;"
        f"ALTER TABLE contract_line ENABLE TRIGGER contract_line_kept; ALTER TABLE contract_line {empty};"
        # A column of later: its own migration gives it to the lines that are there by then.
        "ALTER TABLE contract_line ALTER over_delivery_tolerance SET DEFAULT 0;"
        "ALTER TABLE contract DROP CONSTRAINT contract_total; ALTER TABLE contract DISABLE TRIGGER contract_kept;"
        f"UPDATE contract SET currency = 'USD', freight = 0, net = 0 WHERE id = '{contract.id}';"
        "ALTER TABLE contract ENABLE TRIGGER contract_kept"
    )
    assert await pool().fetch(whole) != before
    for name in ("0005_contract_lines", "0012_quotation_terms", "0063_price_explanations"):
        for statement in import_module(f"models.migrations.{name}").FILL:
            await pool().execute(statement)
    assert await pool().fetch(whole) == before
