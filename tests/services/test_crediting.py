"""Credit notes: never more than was invoiced, to the fen, once; by the supplier's word and by what comes of a return."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import asyncpg
import pytest

from models import CreditNote, CreditNoteLine, Event, Invoice, LedgerEntry, Order, PaymentAllocation
from models.base import new_id
from models.crediting import left_of
from models.database import pool
from rules.accounts import OrderPaymentStatus, Standing
from rules.allowances import Allowance, AllowanceKind
from rules.billing import InvoiceStatus
from rules.contract import ContractStatus
from rules.crediting import CreditWish
from rules.money import RoundingMode
from rules.people import Role
from rules.problems import (
    AmountMismatch,
    InvalidInput,
    NotAllowed,
    NotFound,
    QuantityExceeded,
    StaleVersion,
    WrongStatus,
)
from rules.quantity import Inspection
from rules.returns import Resolution, ReturnedFrom
from services import clock, ledger
from services.crediting import issue_credit_note
from services.invoicing import accept_invoice, dispute_invoice
from services.paying import confirm_funds
from tests.billing_makers import make_credit_note
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_completed_order,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_settled_order,
    make_shipment,
    make_transfer,
)
from tests.races import at_once
from tests.return_makers import make_resolved, make_return


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
async def order(parties: Parties) -> Order:
    """Ten pieces at 100.00 and 13 % tax, all accepted: 1130.00."""
    return await make_completed_order(parties, ["10"], ["100"], freight="0")


@pytest.fixture
async def invoice(parties: Parties, order: Order) -> Invoice:
    """A claim for 1130.00."""
    return await make_invoice(parties, order)


async def pay(parties: Parties, invoice: Invoice, amount: str) -> None:
    """So much, confirmed."""
    payment = await make_transfer(parties, invoice, amount)
    await confirm_funds(parties.supplier, payment.id, payment.version, payment.amount, idempotency_key=make_key())


async def give_back(parties: Parties, order: Order, quantity: str, resolution: Resolution) -> None:
    """So many of the goods, and what comes of it."""
    await make_resolved(parties, await make_return(parties, order, quantity), resolution)


async def money(order: Order) -> Standing:
    """What the ledger says."""
    return await ledger.standing(order)


async def posted(document: CreditNote, company: Order) -> dict[str, D]:
    """What a credit note posted to the supplier's books."""
    rows = await LedgerEntry.filter(document_id=document.id, company_id=company.supplier_id)
    return {row.account: row.amount for row in rows}


async def test_scenario_11_four_then_two_then_five_of_ten(parties: Parties, order: Order, invoice: Invoice) -> None:
    """10 x 100 + 13 % = 1130, paid 600; return 4: credit 452, outstanding 78.00; 2 more: REFUND_DUE 148.00; 5 more: refused."""
    assert invoice.total == D("1130.00")
    await pay(parties, invoice, "600.00")
    await give_back(parties, order, "4", Resolution.REFUND)
    first = await CreditNote.get()
    assert (first.net, first.tax, first.total) == (D("400.00"), D("52.00"), D("452.00"))
    now = await money(order)
    assert (now.owed, now.refund_due, now.status) == (D("78.00"), D(0), OrderPaymentStatus.PARTIALLY_PAID)
    await give_back(parties, order, "2", Resolution.REFUND)
    now = await money(order)
    assert (now.owed, now.refund_due, now.status) == (D(0), D("148.00"), OrderPaymentStatus.REFUND_DUE)
    with pytest.raises(QuantityExceeded) as refused:
        await make_return(parties, order, "5")
    assert (refused.value.requested, refused.value.remaining) == (D(5), D(4))
    assert [note.number[-6:] for note in await CreditNote.all().order_by("id")] == ["000001", "000002"]


async def test_a_credit_note_is_rounded_as_its_invoice_says(parties: Parties) -> None:
    terms: dict[str, Any] = {"freight": "0", "rounding_mode": RoundingMode.UP}
    invoice = await make_invoice(parties, await make_completed_order(parties, ["3"], ["3.33333"], **terms))
    note = await make_credit_note(parties, invoice, "1")
    assert (invoice.rounding_mode, invoice.net, note.net) == (RoundingMode.UP, D("10.00"), D("3.34"))


async def test_a_credit_note_posts_to_both_books(parties: Parties, order: Order, invoice: Invoice) -> None:
    await pay(parties, invoice, "1130.00")
    note = await make_credit_note(parties, invoice, "4")
    assert await posted(note, order) == {"SALES": D("400.00"), "VAT_PAYABLE": D("52.00"), "REFUNDS": D("-452.00")}
    bought = await LedgerEntry.filter(document_id=note.id, company_id=order.buyer_id)
    assert {row.account: row.amount for row in bought} == {
        "PURCHASES": D("-400.00"), "VAT_RECEIVABLE": D("-52.00"), "REFUNDS_DUE": D("452.00"),
    }  # fmt: skip
    assert {row.counterparty_id for row in bought} == {order.supplier_id}


async def test_what_was_paid_for_a_return_by_credit_is_the_buyer_s_credit(
    parties: Parties, order: Order, invoice: Invoice
) -> None:
    await pay(parties, invoice, "1130.00")
    await give_back(parties, order, "4", Resolution.CREDIT)
    now = await money(order)
    assert (now.credit, now.refund_due, now.status) == (D("452.00"), D(0), OrderPaymentStatus.OVERPAID)
    assert (await fresh(order)).settled_at is not None


async def test_an_invoice_is_taken_back_whole_and_goods_claimed_anew_with_their_freight(parties: Parties) -> None:
    order = await make_completed_order(parties)
    wrong = await make_invoice(parties, order, "400")
    note = await make_credit_note(parties, wrong)
    assert (note.total, (await Invoice.get(id=wrong.id)).status) == (wrong.total, InvoiceStatus.CREDITED)
    again = await make_invoice(parties, order)
    assert again.total == order.agreed_total
    with pytest.raises(WrongStatus):
        await make_credit_note(parties, wrong)


async def test_allowances_are_credited_with_their_goods_and_claimed_with_them_again(parties: Parties) -> None:
    less = Allowance(AllowanceKind.ALLOWANCE, D("0.13"), "a large order", "95", share=D("0.1"))
    order = await make_completed_order(parties, ["10"], ["100"], freight="0", allowances=(less,))
    invoice = await make_invoice(parties, order)
    assert invoice.total == D("1017.00")
    assert (await make_credit_note(parties, invoice, "4")).total == D("406.80")
    assert (await make_invoice(parties, order)).total == D("406.80")
    assert (await money(order)).invoiced == order.agreed_total


async def test_an_amount_makes_goods_cheaper_and_they_are_not_claimed_again(
    parties: Parties, order: Order, invoice: Invoice
) -> None:
    [line] = (await left_of([invoice.id]))[invoice.id]
    wish = (CreditWish(line, net=D("33.33")),)
    note = await issue_credit_note(parties.supplier, invoice.id, 0, "scratches", wish, idempotency_key=make_key())
    assert (note.total, (await CreditNoteLine.get()).quantity) == (D("37.66"), D(0))
    with pytest.raises(InvalidInput, match="no accepted goods left"):
        await make_invoice(parties, order)
    await pay(parties, invoice, "1092.34")
    assert (await fresh(order)).settled_at is not None


async def test_no_more_is_paid_than_is_left_and_what_was_on_its_way_is_credit(
    parties: Parties, order: Order, invoice: Invoice
) -> None:
    on_its_way = await make_transfer(parties, invoice, "1130.00")
    await give_back(parties, order, "4", Resolution.REFUND)
    with pytest.raises(AmountMismatch):
        await make_transfer(parties, invoice, "0.01")
    await confirm_funds(parties.supplier, on_its_way.id, 0, D("1130.00"), idempotency_key=make_key())
    now = await money(order)
    assert (now.owed, now.credit, now.status) == (D(0), D("452.00"), OrderPaymentStatus.OVERPAID)
    [part] = await PaymentAllocation.of(on_its_way.id)
    assert part.amount == D("678.00")


async def test_more_than_was_invoiced_is_never_credited(parties: Parties, order: Order, invoice: Invoice) -> None:
    await make_credit_note(parties, invoice, "4")
    with pytest.raises(QuantityExceeded) as refused:
        await make_credit_note(parties, invoice, "7")
    assert (refused.value.requested, refused.value.remaining) == (D(7), D(6))
    assert await CreditNote.all().count() == 1


async def test_two_who_credit_the_same_at_once_credit_it_once(parties: Parties, invoice: Invoice) -> None:
    done, refused = await at_once(*(make_credit_note(parties, invoice, "6") for _ in range(2)))
    assert len(done) == 1
    assert isinstance(refused[0], StaleVersion | QuantityExceeded)


async def test_a_double_click_credits_once(parties: Parties, invoice: Invoice) -> None:
    async def click() -> CreditNote:
        return await issue_credit_note(parties.supplier, invoice.id, 0, "twice", idempotency_key="credit-it")

    done, refused = await at_once(*(click() for _ in range(5)))
    assert (len({note.id for note in done}), refused) == (1, [])


async def test_the_database_itself_refuses_to_credit_a_fen_more(parties: Parties, invoice: Invoice) -> None:
    note = await make_credit_note(parties, invoice, "4")
    [line] = (await left_of([invoice.id]))[invoice.id]
    insert = (
        "INSERT INTO credit_note_line (id, credit_note_id, invoice_line_id, position, quantity, net, tax, created_at) "
        "VALUES ($1, $2, $3, 9, $4, $5, $6, now())"
    )
    for too_much in (
        (D("6.000001"), D(0), D(0)),
        (D(0), D("600.01"), D(0)),
        (D(0), D(0), D("78.01")),
        (D(0), D(-401), D(0)),
    ):
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await pool().execute(insert, new_id(), note.id, line, *too_much)
        assert refused.value.constraint_name == "credit_note_line_credited"
    await pool().execute(insert, new_id(), note.id, line, D(6), D(600), D(78))


async def test_as_a_whole_no_more_is_credited_than_was_invoiced_and_the_database_sees_to_it(parties: Parties) -> None:
    less = Allowance(AllowanceKind.ALLOWANCE, D("0.13"), "a large order", "95", amount=D(100))
    order = await make_completed_order(parties, ["10"], ["100"], freight="0", allowances=(less,))
    invoice = await make_invoice(parties, order)
    goods, _ = (await left_of([invoice.id]))[invoice.id]

    async def credit(net: str) -> CreditNote:
        wish = (CreditWish(goods, net=D(net)),)
        await invoice.refresh_from_db()
        return await issue_credit_note(
            parties.supplier, invoice.id, invoice.version, "dear", wish, idempotency_key=make_key()
        )

    with pytest.raises(AmountMismatch):
        await credit("900.01")
    note = await credit("880.00")
    insert = (
        "INSERT INTO credit_note_line (id, credit_note_id, invoice_line_id, position, quantity, net, tax, created_at) "
        "VALUES ($1, $2, $3, 9, 0, $4, 0, now())"
    )
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await pool().execute(insert, new_id(), note.id, goods, D("20.01"))
    assert refused.value.constraint_name == "credit_note_invoice_credited"
    await give_back(parties, order, "10", Resolution.REFUND)  # what is left of it: 1017.00 - 994.40
    assert (await money(order)).invoiced == D(0)
    assert (await Invoice.get(id=invoice.id)).status is InvoiceStatus.CREDITED


async def test_numbers_have_no_gap_and_are_apart_from_those_of_invoices(parties: Parties) -> None:
    orders = [await make_completed_order(parties, ["10"], ["100"]) for _ in range(3)]
    invoices = [await make_invoice(parties, order) for order in orders]
    with pytest.raises(QuantityExceeded):
        await make_credit_note(parties, invoices[0], "11")
    await at_once(*(make_credit_note(parties, invoice, "1") for invoice in invoices))
    year = clock.today("Asia/Shanghai").year
    assert sorted([note.number for note in await CreditNote.all()]) == [f"CN-{year}-{n:06d}" for n in (1, 2, 3)]


async def test_a_dispute_is_answered_and_the_buyer_may_say_anew_whether_the_rest_is_right(
    parties: Parties, order: Order, invoice: Invoice
) -> None:
    disputed = await dispute_invoice(parties.buyer, invoice.id, 0, "too many")
    await make_credit_note(parties, disputed, "4")
    now = await Invoice.get(id=invoice.id)
    assert (now.status, now.version) == (InvoiceStatus.ISSUED, 2)
    accepted = await accept_invoice(parties.buyer, now.id, now.version)
    await make_credit_note(parties, accepted)
    assert (await Invoice.get(id=invoice.id)).status is InvoiceStatus.CREDITED
    told = await Event.filter(stream=order.id, kind="CREDIT_NOTE_ISSUED").order_by("seq")
    assert [event.body["invoiceStatus"] for event in told] == ["ISSUED", "CREDITED"]
    assert (await money(order)).status is OrderPaymentStatus.UNPAID


async def test_a_return_of_disputed_goods_is_no_answer_to_the_dispute(
    parties: Parties, order: Order, invoice: Invoice
) -> None:
    await dispute_invoice(parties.buyer, invoice.id, 0, "too dear")
    await give_back(parties, order, "4", Resolution.REFUND)
    assert (await Invoice.get(id=invoice.id)).status is InvoiceStatus.DISPUTED
    await give_back(parties, order, "6", Resolution.REFUND)
    assert (await Invoice.get(id=invoice.id)).status is InvoiceStatus.CREDITED
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    last = await CreditNote.all().order_by("-number").first()
    assert last is not None
    assert event.body["creditNoteIds"] == [str(last.id)]
    assert event.body["creditedInvoiceIds"] == [str(invoice.id)]


async def test_only_what_was_claimed_is_credited_of_the_newest_invoices_first(parties: Parties, order: Order) -> None:
    first, second = await make_invoice(parties, order, "3"), await make_invoice(parties, order, "4")
    await give_back(parties, order, "2", Resolution.REFUND)
    assert not await CreditNote.all().exists()
    await give_back(parties, order, "6", Resolution.REFUND)
    notes = await CreditNote.all().order_by("number")
    assert [(note.invoice_id, note.net) for note in notes] == [(second.id, D(400)), (first.id, D(100))]
    assert (await Invoice.get(id=second.id)).status is InvoiceStatus.CREDITED


async def test_goods_that_were_rejected_or_are_replaced_are_not_credited(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["10"], ["100"])
    [line] = await lines_of(order)
    await make_receipt(parties, await make_shipment(parties, order), {line.id: Inspection(D(7), D(3), reason="bent")})
    await make_invoice(parties, order)
    await make_resolved(parties, await make_return(parties, order, "3", ReturnedFrom.REJECTED), Resolution.CREDIT)
    await give_back(parties, order, "2", Resolution.REPLACE)
    assert not await CreditNote.all().exists()


async def test_what_is_to_be_refunded_pays_what_is_owed_on_the_same_order_first(parties: Parties, order: Order) -> None:
    first, second = await make_invoice(parties, order, "4"), await make_invoice(parties, order, "6")
    await pay(parties, first, "452.00")
    await make_credit_note(parties, first)
    now = await money(order)
    assert (now.owed, now.refund_due, now.paid) == (D("226.00"), D(0), D("452.00"))
    await make_credit_note(parties, second, "3")
    now = await money(order)
    assert (now.owed, now.refund_due) == (D(0), D("113.00"))
    await make_invoice(parties, order, "1")
    assert (await money(order)).is_even


async def test_what_is_credited_after_settlement_opens_the_order_again(parties: Parties) -> None:
    order = await make_settled_order(parties)
    await give_back(parties, order, "400", Resolution.REFUND)
    assert (await fresh(order)).settled_at is None
    assert (await contract_of(order)).status is ContractStatus.EFFECTIVE


async def test_goods_that_replace_others_after_settlement_cost_nothing_and_those_that_replace_rejected_ones_their_price(
    parties: Parties,
) -> None:
    order = await make_contracted_order(parties, ["10"], ["100"], freight="0")
    [line] = await lines_of(order)
    await make_receipt(parties, await make_shipment(parties, order), {line.id: Inspection(D(7), D(3), reason="bent")})
    await pay(parties, await make_invoice(parties, order), "791.00")
    assert (await fresh(order)).settled_at is not None
    await give_back(parties, order, "2", Resolution.REPLACE)
    await make_receipt(parties, await make_shipment(parties, order, "2"))
    with pytest.raises(InvalidInput, match="no accepted goods left"):
        await make_invoice(parties, order)
    assert (await fresh(order)).settled_at is not None
    await make_resolved(parties, await make_return(parties, order, "3", ReturnedFrom.REJECTED), Resolution.REPLACE)
    await make_receipt(parties, await make_shipment(parties, order, "3"))
    late = await make_invoice(parties, order)
    assert (late.total, (await fresh(order)).settled_at) == (D("339.00"), None)
    await pay(parties, late, "339.00")
    assert (await fresh(order)).settled_at is not None


async def test_the_supplier_s_finance_alone_credits_and_a_stranger_learns_nothing(
    parties: Parties, invoice: Invoice
) -> None:
    for actor, problem in (
        (parties.buyer, WrongStatus),
        (replace(parties.supplier, roles=frozenset({Role.SALES})), NotAllowed),
        ((await make_parties()).supplier, NotFound),
    ):
        with pytest.raises(problem):
            await issue_credit_note(actor, invoice.id, 0, "x", idempotency_key=make_key())
    with pytest.raises(StaleVersion):
        await issue_credit_note(parties.supplier, invoice.id, 1, "x", idempotency_key=make_key())
    for wishes in ((), (CreditWish(new_id()),)):
        with pytest.raises((InvalidInput, NotFound)):
            await issue_credit_note(parties.supplier, invoice.id, 0, "x", wishes, idempotency_key=make_key())
    assert not await CreditNote.all().exists()
