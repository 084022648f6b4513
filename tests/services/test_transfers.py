"""One transfer for many invoices, what is paid too much or too little, and cheques that bounce: all of it in the ledger, nothing edited."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from models import Event, Invoice, LedgerEntry, Order, Payment, PaymentAllocation
from models.base import new_id
from rules.accounts import OrderPaymentStatus, Standing
from rules.billing import PaymentMethod, PaymentStatus
from rules.contract import ContractStatus
from rules.money import Currency
from rules.problems import AmountMismatch, Conflict, InvalidInput, NotFound, StaleVersion, WrongStatus
from services import clock, ledger
from services.bouncing import bounce_cheque
from services.paying import Transfer, confirm_funds, reject_transfer, submit_bank_transfer, submit_cheque
from services.using_credit import apply_credit
from tests.billing_makers import make_cheque, make_confirmed, make_credit_note
from tests.budget_makers import make_cost_centre
from tests.file_makers import make_attachment
from tests.makers import make_key
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    make_completed_order,
    make_goods,
    make_invoice,
    make_parties,
    make_transfer,
)
from tests.races import at_once
from tests.statements import counting


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def owing(parties: Parties, amount: str) -> tuple[Order, Invoice]:
    """A completed order, and the claim for so much of it, tax and all."""
    goods = await make_goods(parties.supplier, tax_rate=D(0))
    order = await make_completed_order(parties, ["1"], [amount], goods=[goods], freight="0")
    invoice = await make_invoice(parties, order)
    assert invoice.total == D(amount)
    return order, invoice


async def money(order: Order) -> Standing:
    """What the ledger says."""
    return await ledger.standing(order)


async def parts(payment: Payment) -> list[D]:
    """What goes to each invoice, in their order."""
    return [one.amount for one in await PaymentAllocation.of(payment.id)]


async def test_scenario_15_one_transfer_pays_three_invoices_as_far_as_it_goes(parties: Parties) -> None:
    """1000.00 for 400 / 400 / 330: 400, 400, 200; 130 left."""
    owed = [await owing(parties, amount) for amount in ("400", "400", "330")]
    invoices = [invoice for _, invoice in owed]
    payment = await make_cheque(parties, invoices[0], "1000.00", *invoices[1:])
    assert await parts(payment) == [D(400), D(400), D(200)]
    payment = await make_confirmed(parties, payment)
    assert await parts(payment) == [D(400), D(400), D(200)]
    standings = [await money(order) for order, _ in owed]
    assert [one.status for one in standings] == [
        OrderPaymentStatus.PAID, OrderPaymentStatus.PAID, OrderPaymentStatus.PARTIALLY_PAID,
    ]  # fmt: skip
    assert [one.owed for one in standings] == [0, 0, 130]
    assert [(await fresh(order)).settled_at is not None for order, _ in owed] == [True, True, False]
    for (order, _), amount in zip(owed, ("400.00", "400.00", "200.00"), strict=True):
        told = await Event.filter(stream=order.id, kind="FUNDS_CONFIRMED").get()
        assert (told.body["paymentId"], D(str(told.body["amount"]))) == (str(payment.id), D(amount))


async def test_the_invoices_of_one_order_are_paid_by_one_transfer_too(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"], freight="0")
    invoices = [await make_invoice(parties, order, much) for much in ("4", "4", "2")]
    payment = await make_confirmed(parties, await make_cheque(parties, invoices[2], "1000.00", *invoices[:2]))
    assert await parts(payment) == [D(226), D(452), D(322)]
    assert await Event.filter(stream=order.id, kind="FUNDS_CONFIRMED").count() == 1
    assert (await money(order)).owed == 130


async def test_what_is_more_than_everything_is_refused_unless_it_is_to_be_credit(parties: Parties) -> None:
    (order, first), (_, second) = await owing(parties, "400"), await owing(parties, "330")
    with pytest.raises(AmountMismatch) as refused:
        await make_cheque(parties, first, "730.01", second, credit=False)
    assert (refused.value.expected, refused.value.found) == (D(730), D("730.01"))
    await make_confirmed(parties, await make_cheque(parties, first, "860.00", second))
    now = await money(order)
    assert (now.credit, now.status) == (D(130), OrderPaymentStatus.OVERPAID)
    assert (await fresh(order)).settled_at is not None


async def test_credit_pays_other_invoices_of_the_same_two_the_oldest_first(parties: Parties) -> None:
    (one, a), (two, b), (three, c) = [await owing(parties, "100") for _ in range(3)]
    await make_confirmed(parties, await make_cheque(parties, b, "130.00"))
    await make_confirmed(parties, await make_cheque(parties, a, "150.00"))
    part = await apply_credit(parties.buyer, c.id, D(60), idempotency_key=make_key())
    assert (part.method, part.status, part.received) == (
        PaymentMethod.CREDIT_BALANCE, PaymentStatus.FUNDS_CONFIRMED, D(60),
    )  # fmt: skip
    assert [(await money(order)).credit for order in (one, two)] == [0, 20]
    rest = await apply_credit(parties.buyer, c.id, idempotency_key=make_key())
    assert rest.amount == 20
    now = await money(three)
    assert (now.owed, now.paid, now.status) == (D(20), D(80), OrderPaymentStatus.PARTIALLY_PAID)
    assert [(await money(order)).status for order in (one, two)] == [OrderPaymentStatus.PAID] * 2
    for company in (parties.buyer.home, parties.supplier.home):
        moved = await LedgerEntry.filter(company_id=company, account="CLEARING")
        assert (len(moved), sum(entry.amount for entry in moved)) == (6, 0)
    with pytest.raises(AmountMismatch) as nothing:
        await apply_credit(parties.buyer, c.id, idempotency_key=make_key())
    assert nothing.value.expected == 0
    kinds = [event.kind for event in await Event.filter(stream=two.id).order_by("-seq").limit(2)]
    assert kinds == ["CREDIT_USED", "CREDIT_USED"]


async def test_orders_whose_credit_is_used_are_noted_by_cost_centre(parties: Parties) -> None:
    """As those of a transfer are: their rows may be locked, and nobody is to wait in a circle."""
    centres = sorted([(await make_cost_centre(parties.buyer)).id for _ in range(3)])
    (one, a), (two, b), (three, c) = [await owing(parties, "100") for _ in range(3)]
    for order, centre in zip((two, one, three), centres, strict=True):
        await Order.filter(id=order.id).update(cost_centre_id=centre)
    for invoice in (a, b):
        await make_confirmed(parties, await make_cheque(parties, invoice, "130.00"))
    await apply_credit(parties.buyer, c.id, D("60.00"), idempotency_key=make_key())
    told = await Event.filter(kind__in=["CREDIT_USED", "CREDIT_APPLIED"]).order_by("id")
    assert [event.stream for event in told] == [two.id, one.id, three.id]
    assert [event.body["amount"] for event in told] == ["30.00", "30.00", "60.00"]


async def test_credit_is_used_once_by_two_at_once_and_by_nobody_else(parties: Parties) -> None:
    (_, a), (_, b), (_, c) = [await owing(parties, "100") for _ in range(3)]
    await make_confirmed(parties, await make_cheque(parties, a, "160.00"))
    done, refused = await at_once(
        *(apply_credit(parties.buyer, invoice.id, D(60), idempotency_key=make_key()) for invoice in (b, c))
    )
    assert (len(done), [type(problem) for problem in refused]) == (1, [AmountMismatch])
    other = await make_parties()
    stranger = Parties(other.buyer, parties.supplier)
    _, theirs = await owing(stranger, "100")
    with pytest.raises(AmountMismatch):
        await apply_credit(other.buyer, theirs.id, idempotency_key=make_key())
    with pytest.raises(NotFound):
        await apply_credit(other.buyer, b.id, idempotency_key=make_key())
    with pytest.raises(WrongStatus):
        await apply_credit(parties.supplier, b.id, idempotency_key=make_key())


async def test_a_bounced_cheque_leaves_the_order_unpaid_with_its_history(parties: Parties) -> None:
    order, invoice = await owing(parties, "400")
    cheque = await make_confirmed(parties, await make_cheque(parties, invoice, "400.00"))
    assert (await fresh(order)).settled_at is not None
    with clock.held_at("2027-06-01T08:00:00+00:00"):  # however late
        bounced = await bounce_cheque(parties.supplier, cheque.id, cheque.version, "no funds")
    assert (bounced.status, bounced.failure_reason) == (PaymentStatus.BOUNCED, "no funds")
    now = await money(order)
    assert (now.status, now.owed, now.paid) == (OrderPaymentStatus.UNPAID, D(400), D(0))
    assert (await fresh(order)).settled_at is None
    assert (await contract_of(order)).status is ContractStatus.EFFECTIVE
    rows = await LedgerEntry.filter(document_id=cheque.id, company_id=order.supplier_id, account="BANK").order_by("id")
    assert [(row.kind, row.amount) for row in rows] == [("PAYMENT", D(400)), ("REVERSAL", D(-400))]
    assert rows[1].reverses == rows[0].posting
    kinds = [event.kind for event in await Event.filter(stream=order.id).order_by("-seq").limit(3)]
    assert kinds == ["CHEQUE_BOUNCED", "FUNDS_CONFIRMED", "PAYMENT_SUBMITTED"]
    for again in (bounced.version, cheque.version - 1):
        with pytest.raises((WrongStatus, StaleVersion)):
            await bounce_cheque(parties.supplier, cheque.id, again, "again")
    await make_confirmed(parties, await make_transfer(parties, invoice))
    assert (await fresh(order)).settled_at is not None


async def test_a_bounced_cheque_is_presented_again_under_its_number(parties: Parties) -> None:
    order, invoice = await owing(parties, "400")
    said = Transfer(D(400), clock.now().date(), "CHEQUE-1")
    more = replace(said, surplus_as_credit=True)
    for _ in range(2):
        cheque = await submit_cheque(parties.buyer, invoice.id, said, idempotency_key=make_key())
        cheque = await make_confirmed(parties, cheque)
        with pytest.raises(Conflict):
            await submit_cheque(parties.buyer, invoice.id, more, idempotency_key=make_key())
        await bounce_cheque(parties.supplier, cheque.id, cheque.version, "no funds")
    assert (await money(order)).owed == 400
    assert await Payment.filter(bank_reference="CHEQUE-1", status=PaymentStatus.BOUNCED).count() == 2


async def test_who_bounces_twice_at_once_bounces_once(parties: Parties) -> None:
    order, invoice = await owing(parties, "400")
    cheque = await make_confirmed(parties, await make_cheque(parties, invoice, "400.00"))
    done, refused = await at_once(
        *(bounce_cheque(parties.supplier, cheque.id, cheque.version, "no funds") for _ in range(3))
    )
    assert (len(done), {type(problem) for problem in refused}) == (1, {StaleVersion})
    assert (await money(order)).owed == 400


async def test_only_a_cheque_bounces_and_only_once_its_money_was_confirmed(parties: Parties) -> None:
    _, invoice = await owing(parties, "400")
    transfer = await make_confirmed(parties, await make_transfer(parties, invoice, "100.00"))
    waiting = await make_cheque(parties, invoice, "100.00")
    for payment, refusal in ((transfer, InvalidInput), (waiting, WrongStatus)):
        with pytest.raises(refusal) as refused:
            await bounce_cheque(parties.supplier, payment.id, payment.version, "no")
        assert not isinstance(refused.value, InvalidInput) or "input.paymentId: is not a cheque" in str(refused.value)


async def test_a_bounced_cheque_opens_every_invoice_it_paid(parties: Parties) -> None:
    owed = [await owing(parties, amount) for amount in ("400", "330")]
    cheque = await make_confirmed(parties, await make_cheque(parties, owed[0][1], "700.00", owed[1][1]))
    await bounce_cheque(parties.supplier, cheque.id, cheque.version, "no funds")
    assert [(await money(order)).owed for order, _ in owed] == [400, 330]
    assert [await Event.filter(stream=order.id, kind="CHEQUE_BOUNCED").count() for order, _ in owed] == [1, 1]


async def test_each_further_order_costs_a_payment_few_statements(parties: Parties) -> None:
    """A hundred orders' locks are held for all of them."""
    sent = []
    for much in (1, 2):
        [first, *others] = [(await owing(parties, "100"))[1] for _ in range(much)]
        cheque = await make_cheque(parties, first, f"{much}00", *others)
        async with counting() as confirming:
            cheque = await make_confirmed(parties, cheque)
        async with counting() as bouncing:
            await bounce_cheque(parties.supplier, cheque.id, cheque.version, "no funds")
        sent.append((len(confirming), len(bouncing)))
    [(confirms, bounces), (confirms_more, bounces_more)] = sent
    assert confirms_more - confirms <= 18
    assert bounces_more - bounces <= 23


async def test_credit_of_a_bounced_cheque_that_was_used_is_owed_again(parties: Parties) -> None:
    (order, first), (other, second) = [await owing(parties, "400") for _ in range(2)]
    cheque = await make_confirmed(parties, await make_cheque(parties, first, "500.00"))
    await apply_credit(parties.buyer, second.id, D(70), idempotency_key=make_key())
    await bounce_cheque(parties.supplier, cheque.id, cheque.version, "no funds")
    now, then = await money(order), await money(other)
    assert (now.owed, now.credit, then.owed, then.credit) == (D(470), D(0), D(330), D(0))


async def test_what_was_credited_meanwhile_is_set_off_when_its_money_bounces(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"], freight="0")
    invoice = await make_invoice(parties, order)
    cheque = await make_confirmed(parties, await make_cheque(parties, invoice, "1130.00"))
    await make_credit_note(parties, invoice, "4")
    assert (await money(order)).refund_due == 452
    await bounce_cheque(parties.supplier, cheque.id, cheque.version, "no funds")
    now = await money(order)
    assert (now.owed, now.refund_due, now.paid, now.status) == (D(678), D(0), D(0), OrderPaymentStatus.UNPAID)


async def test_less_or_more_than_reported_is_taken_only_if_the_supplier_says_so(parties: Parties) -> None:
    (order, first), (other, second) = await owing(parties, "400"), await owing(parties, "400")
    payment = await make_cheque(parties, first, "500.00", second)
    with pytest.raises(AmountMismatch):
        await confirm_funds(parties.supplier, payment.id, 0, D("450.00"), idempotency_key=make_key())
    for amount in ("0", "-1"):
        with pytest.raises(AmountMismatch):
            await make_confirmed(parties, payment, amount)
    with pytest.raises(InvalidInput):
        await make_confirmed(parties, payment, "0.001")
    less = await make_confirmed(parties, payment, "450.00")
    assert (less.amount, less.received, await parts(less)) == (D(500), D(450), [D(400), D(50)])
    assert [(await money(one)).owed for one in (order, other)] == [0, 350]
    more = await make_confirmed(parties, await make_cheque(parties, second, "100.00"), "360.00")
    assert (await parts(more), (await money(other)).credit) == ([D(350)], D(10))


async def test_a_transfer_that_never_came_frees_every_invoice(parties: Parties) -> None:
    (order, first), (other, second) = await owing(parties, "400"), await owing(parties, "400")
    payment = await make_cheque(parties, first, "800.00", second)
    for one in (order, other):
        assert (await fresh(one)).settled_at is None
    await reject_transfer(parties.supplier, payment.id, payment.version, "nothing came")
    assert await parts(await make_cheque(parties, second, "800.00", first)) == [D(400), D(400)]
    assert await Event.filter(kind="PAYMENT_REJECTED").count() == 2


async def test_a_transfer_for_several_orders_is_reported_on_none_of_them_again(parties: Parties) -> None:
    (_, first), (_, second), (_, third) = [await owing(parties, "400") for _ in range(3)]
    said = Transfer(D(500), clock.now().date(), "ICBC-1")
    payment = await submit_bank_transfer(parties.buyer, first.id, said, (second.id,), idempotency_key=make_key())
    less = replace(said, amount=D(100))
    for named in ((second.id,), (third.id, second.id), (third.id, first.id)):
        with pytest.raises(Conflict):
            await submit_bank_transfer(parties.buyer, named[0], less, named[1:], idempotency_key=make_key())
    await submit_bank_transfer(parties.buyer, third.id, less, idempotency_key=make_key())
    await reject_transfer(parties.supplier, payment.id, payment.version, "nothing came")
    await submit_bank_transfer(parties.buyer, second.id, less, idempotency_key=make_key())


async def test_two_transfers_that_name_the_same_orders_in_turn_never_wait_in_a_circle(parties: Parties) -> None:
    owed = [(await owing(parties, "400"))[1] for _ in range(3)]
    done, refused = await at_once(
        *(make_cheque(parties, owed[i % 3], "10.00", owed[(i + 1) % 3], owed[(i + 2) % 3]) for i in range(9))
    )
    assert (len(done), refused) == (9, [])


async def test_invoices_of_one_transfer_are_between_the_same_two_in_one_currency_and_count_once(
    parties: Parties,
) -> None:
    _, first = await owing(parties, "400")
    elsewhere = Parties(parties.buyer, (await make_parties()).supplier)
    _, other = await owing(elsewhere, "400")
    yen = await make_goods(parties.supplier, currency=Currency.JPY)
    foreign = await make_invoice(parties, await make_completed_order(parties, ["100"], ["3"], goods=[yen]))
    for named in (other, foreign):
        with pytest.raises(InvalidInput, match="otherInvoiceIds"):
            await make_cheque(parties, first, "1.00", named)
    transfer = Transfer(D(1), clock.now().date(), make_key())
    for invoice_id, others in ((first.id, [first.id, other.id]), (None, [first.id, other.id])):
        with pytest.raises(InvalidInput) as wrong:
            await submit_bank_transfer(parties.buyer, invoice_id, transfer, tuple(others), idempotency_key=make_key())
        assert [fault.path for fault in wrong.value.faults] == ["input.otherInvoiceIds[1]"]
    with pytest.raises(NotFound):
        await submit_bank_transfer(parties.buyer, first.id, transfer, (new_id(),), idempotency_key=make_key())
    assert not await Payment.all().exists()
    assert await parts(await make_cheque(parties, first, "1.00", first)) == [D(1)]


async def test_the_bank_s_slip_hangs_on_the_order_and_its_fingerprint_on_the_payment(parties: Parties) -> None:
    order, invoice = await owing(parties, "400")
    slip = await make_attachment(parties.buyer)
    transfer = Transfer(D(100), clock.now().date(), "ICBC-7", proof_id=slip.id)
    payment = await submit_bank_transfer(parties.buyer, invoice.id, transfer, idempotency_key=make_key())
    assert (payment.proof_id, payment.proof_sha256) == (slip.id, slip.sha256)
    await slip.refresh_from_db()
    assert slip.order_id == order.id
    again = Transfer(D(100), clock.now().date(), "ICBC-8", proof_id=slip.id)
    with pytest.raises(NotFound):
        await submit_bank_transfer(parties.buyer, invoice.id, again, idempotency_key=make_key())
    with pytest.raises(Conflict):
        await submit_bank_transfer(
            parties.buyer, invoice.id, replace(transfer, proof_id=None), idempotency_key=make_key()
        )
