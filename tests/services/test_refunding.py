"""Money that goes back: never more than is due and credit, counted when the buyer has it, and once."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from models import Event, LedgerEntry, Order, Refund
from rules.accounts import OrderPaymentStatus, Standing
from rules.billing import RefundStatus
from rules.people import Role
from rules.problems import AmountMismatch, Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion, WrongStatus
from services import clock, ledger
from services.bouncing import bounce_cheque
from services.refunding import Repayment, confirm_refund, reject_refund, send_refund
from services.using_credit import apply_credit
from tests.billing_makers import make_cheque, make_confirmed, make_credit_note, make_refund
from tests.makers import make_key
from tests.order_makers import Parties, fresh, make_completed_order, make_invoice, make_parties, make_transfer
from tests.races import at_once


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
async def order(parties: Parties) -> Order:
    """Scenario 11 as it ends: 1130 claimed, 600 paid, six of ten pieces credited: 148.00 are due back."""
    order = await make_completed_order(parties, ["10"], ["100"], freight="0")
    invoice = await make_invoice(parties, order)
    await make_confirmed(parties, await make_transfer(parties, invoice, "600.00"))
    await make_credit_note(parties, invoice, "6")
    return order


async def money(order: Order) -> Standing:
    """What the ledger says."""
    return await ledger.standing(order)


async def test_what_is_due_goes_back_and_counts_when_the_buyer_has_it(parties: Parties, order: Order) -> None:
    assert (await money(order)).status is OrderPaymentStatus.REFUND_DUE
    refund = await make_refund(parties, order, "148.00")
    now = await money(order)
    assert (refund.status, now.status, now.refund_due) == (RefundStatus.SENT, OrderPaymentStatus.REFUND_DUE, D(148))
    done = await confirm_refund(parties.buyer, refund.id, refund.version)
    now = await money(order)
    assert (done.status, now.status, now.refund_due) == (RefundStatus.RECEIVED, OrderPaymentStatus.REFUNDED, D(0))
    assert (now.refunded, now.paid, now.invoiced) == (D(148), D(452), D(452))
    posted = await LedgerEntry.filter(document_id=refund.id)
    assert {(row.company_id == order.supplier_id, row.account): row.amount for row in posted} == {
        (True, "REFUNDS"): D(148), (True, "BANK"): D(-148), (False, "REFUNDS_DUE"): D(-148), (False, "BANK"): D(148),
    }  # fmt: skip
    kinds = [event.kind for event in await Event.filter(stream=order.id).order_by("-seq").limit(2)]
    assert kinds == ["REFUND_RECEIVED", "REFUND_SENT"]


async def test_no_more_goes_back_than_is_due_whatever_is_on_its_way(parties: Parties, order: Order) -> None:
    for too_much in ("148.01", "0", "-1"):
        with pytest.raises(AmountMismatch) as refused:
            await make_refund(parties, order, too_much)
        assert refused.value.expected == 148
    with pytest.raises(InvalidInput):
        await make_refund(parties, order, "0.001")
    await make_refund(parties, order, "100.00")
    with pytest.raises(AmountMismatch) as left:
        await make_refund(parties, order, "48.01")
    assert left.value.expected == 48


async def test_of_two_who_send_everything_at_once_one_is_refused(parties: Parties, order: Order) -> None:
    done, refused = await at_once(*(make_refund(parties, order, "148.00") for _ in range(2)))
    assert (len(done), [type(problem) for problem in refused]) == (1, [AmountMismatch])


async def test_who_confirms_twice_at_once_has_it_once(parties: Parties, order: Order) -> None:
    refund = await make_refund(parties, order, "148.00")
    done, refused = await at_once(*(confirm_refund(parties.buyer, refund.id, 0) for _ in range(3)))
    assert (len(done), {type(problem) for problem in refused}) == (1, {StaleVersion})
    assert (await money(order)).refunded == 148


async def test_what_did_not_come_is_due_as_before_and_may_come_later_under_its_reference(
    parties: Parties, order: Order
) -> None:
    said = Repayment(D(148), clock.now().date(), "ICBC-R1", "sorry")
    refund = await send_refund(parties.supplier, order.id, None, said, idempotency_key=make_key())
    with pytest.raises(AmountMismatch):
        await send_refund(parties.supplier, order.id, None, said, idempotency_key=make_key())
    missed = await reject_refund(parties.buyer, refund.id, refund.version, "nothing came")
    assert (missed.status, missed.missed_reason) == (RefundStatus.MISSED, "nothing came")
    half = replace(said, amount=D(74))
    again = await send_refund(parties.supplier, order.id, None, half, idempotency_key=make_key())
    with pytest.raises(Conflict):
        await send_refund(parties.supplier, order.id, None, half, idempotency_key=make_key())
    await confirm_refund(parties.buyer, again.id, again.version)
    now = await money(order)
    assert (now.refund_due, now.status) == (D(74), OrderPaymentStatus.REFUND_DUE)


async def test_what_is_on_its_way_back_pays_no_new_invoice_unless_it_never_came(parties: Parties, order: Order) -> None:
    refund = await make_refund(parties, order, "148.00")
    await make_invoice(parties, order, "1")
    now = await money(order)
    assert (now.owed, now.refund_due) == (D(113), D(148))
    await reject_refund(parties.buyer, refund.id, refund.version, "nothing came")
    now = await money(order)
    assert (now.owed, now.refund_due) == (D(0), D(35))


async def test_credit_goes_back_where_the_buyer_has_no_use_for_it(parties: Parties) -> None:
    order = await make_completed_order(parties)
    other = await make_completed_order(parties)
    invoice, next_one = await make_invoice(parties, order), await make_invoice(parties, other)
    await make_confirmed(parties, await make_cheque(parties, invoice, "500.00"))
    refund = await make_refund(parties, order, "60.00")
    assert (refund.credit, (await money(order)).credit) == (D(60), D("69.21"))
    with pytest.raises(AmountMismatch) as free:
        await apply_credit(parties.buyer, next_one.id, D("9.22"), idempotency_key=make_key())
    assert free.value.expected == D("9.21")
    await confirm_refund(parties.buyer, refund.id, refund.version)
    now = await money(order)
    assert (now.credit, now.refunded, now.status) == (D("9.21"), D(60), OrderPaymentStatus.OVERPAID)


async def test_what_a_bounced_cheque_had_overpaid_and_is_on_its_way_back_is_owed_again(parties: Parties) -> None:
    order = await make_completed_order(parties)
    invoice = await make_invoice(parties, order)
    cheque = await make_confirmed(parties, await make_cheque(parties, invoice, "500.00"))
    refund = await make_refund(parties, order, "69.21")
    await bounce_cheque(parties.supplier, cheque.id, cheque.version, "no funds")
    await confirm_refund(parties.buyer, refund.id, refund.version)
    now = await money(order)
    assert (now.owed, now.credit, now.refund_due) == (D("500.00"), D(0), D(0))


async def test_an_order_is_settled_once_everything_is_back(parties: Parties) -> None:
    order = await make_completed_order(parties, ["10"], ["100"], freight="0")
    invoice = await make_invoice(parties, order)
    await make_confirmed(parties, await make_transfer(parties, invoice))
    await make_credit_note(parties, invoice, "10")
    again = await make_invoice(parties, order, "4")
    assert (await fresh(order)).settled_at is None
    await make_invoice(parties, order)
    assert again.total == 452
    assert (await fresh(order)).settled_at is not None  # what was due back has paid both


async def test_each_side_s_finance_has_its_own_part(parties: Parties, order: Order) -> None:
    said = Repayment(D(1), clock.now().date(), make_key())
    for actor, problem in (
        (parties.buyer, WrongStatus),
        (replace(parties.supplier, roles=frozenset({Role.SALES})), NotAllowed),
        ((await make_parties()).supplier, NotFound),
    ):
        with pytest.raises(problem):
            await send_refund(actor, order.id, None, said, idempotency_key=make_key())
    with pytest.raises(StaleVersion):
        await send_refund(parties.supplier, order.id, 1, said, idempotency_key=make_key())
    refund = await make_refund(parties, order, "1.00")
    for actor, problem in (
        (parties.supplier, WrongStatus),
        (replace(parties.buyer, roles=frozenset({Role.REQUESTER})), NotAllowed),
        ((await make_parties()).buyer, NotFound),
    ):
        with pytest.raises(problem):
            await confirm_refund(actor, refund.id, refund.version)
        with pytest.raises(problem):
            await reject_refund(actor, refund.id, refund.version, "no")
    await confirm_refund(parties.buyer, refund.id, refund.version)
    with pytest.raises(WrongStatus):
        await reject_refund(parties.buyer, refund.id, refund.version + 1, "on second thoughts")
    assert await Refund.all().count() == 1
