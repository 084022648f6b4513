"""However an order becomes binding, what its terms ask to be prepaid is asked for, once, from the day on which it binds."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal as D
from importlib import import_module

import pytest

from models import Company, Event, Order, PaymentObligation
from models.database import pool
from rules.lifecycle import OrderStatus
from rules.money import Currency
from rules.obligations import ObligationKind
from rules.people import Role
from services import clock
from services.approving import approve_order
from services.choosing import AwardWish, award_enquiry
from services.companies import Limit, set_approval_threshold
from services.obligations import obligations_of
from services.sweeping import sweep
from tests.agreement_makers import make_accepted_order, make_agreement
from tests.billing_makers import make_confirmed, make_prepayment
from tests.change_makers import make_changed_order
from tests.enquiry_makers import make_bid, make_bidders, make_issued_enquiry, renewed, sibling
from tests.makers import make_actor
from tests.order_makers import (
    Parties,
    fresh,
    make_awarded_order,
    make_contracted_order,
    make_invoice,
    make_parties,
    make_receipt,
    make_shipment,
    make_signed,
    make_transfer,
)

THURSDAY = "2026-11-26T03:00Z"
AHEAD = D("0.4")
pytestmark = pytest.mark.usefixtures("database")


async def signed_last_by_the_buyer(parties: Parties) -> Order:
    order = await make_awarded_order(parties, ["100"], ["5"], freight="0", prepaid_share=AHEAD)
    return await make_signed(await make_signed(order, parties.supplier), parties.buyer)


async def called_off(parties: Parties) -> Order:
    await make_agreement(parties, payment_net_days=0)
    return await make_accepted_order(parties, prepaid_share=AHEAD)


async def called_off_once_it_is_approved(parties: Parties) -> Order:
    await make_agreement(parties, payment_net_days=0)
    company = await Company.named(parties.buyer.home)
    admin, approver = [await make_actor(company, role) for role in (Role.ADMIN, Role.APPROVER)]
    company = await Company.named(parties.buyer.home)
    await set_approval_threshold(admin, company.version, Limit(D("500.00"), Currency.CNY))
    order = await make_accepted_order(parties, prepaid_share=AHEAD)
    assert await obligations_of(order) == []
    return await approve_order(approver, order.id, order.version)


async def called_off_by_an_award(_: Parties) -> Order:
    bidders = await make_bidders(1)
    await make_agreement(bidders.parties(0), payment_net_days=0)
    enquiry = await make_issued_enquiry(bidders, ("100",))
    bid = await make_bid(bidders, enquiry, 0, "5", freight="0", prepaid_share=AHEAD)
    await award_enquiry(bidders.buyer, enquiry.id, (await renewed(enquiry)).version, [AwardWish(bid.id)])
    return await sibling(bidders, enquiry, 0)


async def changed_since(parties: Parties) -> Order:
    """Signed last by the supplier."""
    order = await make_contracted_order(parties, ["50"], ["5"], freight="0", prepaid_share=AHEAD)
    return await make_changed_order(parties, order, "100")


@pytest.mark.parametrize(
    "bound",
    [
        signed_last_by_the_buyer,
        called_off,
        called_off_once_it_is_approved,
        called_off_by_an_award,
        changed_since,
    ],
)
async def test_an_order_that_binds_asks_for_its_prepayment_once(bound: Callable[[Parties], Awaitable[Order]]) -> None:
    """565.00 with tax, of which two fifths."""
    with clock.held_at(THURSDAY):
        order = await bound(await make_parties())
        assert order.status is OrderStatus.CONTRACTED
        [one] = await obligations_of(order)
        assert (one.kind, one.amount, one.open) == (ObligationKind.PREPAYMENT, D("226.00"), D("226.00"))
        assert one.due_on.isoformat() == "2026-11-27"
        assert await PaymentObligation.filter(order_id=order.id, look_on="2026-11-28").count() == 1


async def made_before(order: Order) -> None:
    """The contract bound before there were obligations, and the database is brought up to date."""
    await PaymentObligation.filter(order_id=order.id, invoice_id=None).delete()
    # The table had no such column then.
    await pool().execute("ALTER TABLE payment_obligation ALTER COLUMN is_owed SET DEFAULT false")
    statement = import_module("models.migrations.0054_prepayments_in_force").BEGUN
    for _ in range(2):
        await pool().execute(statement)


async def test_a_contract_that_was_in_force_before_asks_from_then_on() -> None:
    parties = await make_parties()
    order = await make_contracted_order(parties, ["100"], ["5"], freight="0", prepaid_share=AHEAD)
    plain, done = await make_contracted_order(parties), await make_contracted_order(parties, prepaid_share=AHEAD)
    await make_receipt(parties, await make_shipment(parties, done))
    await made_before(done)
    await made_before(order)
    [one] = await obligations_of(order)
    assert (one.kind, one.open) == (ObligationKind.PREPAYMENT, D("226.00"))
    assert (one.due_on > clock.today("Asia/Shanghai"), one.due_on.isoweekday() < 6) == (True, True)
    assert await obligations_of(plain) == await obligations_of(done) == []
    await make_confirmed(parties, await make_prepayment(parties, order, "226.00"))
    assert [one.open for one in await obligations_of(order)] == [0]
    assert (await PaymentObligation.get(order_id=order.id)).look_on is None, "nothing is open"


async def test_what_was_invoiced_and_paid_before_is_not_to_be_prepaid_again_and_nobody_is_told() -> None:
    parties = await make_parties()
    order = await make_contracted_order(parties, ["100"], ["5"], freight="0", prepaid_share=AHEAD)
    await PaymentObligation.filter(order_id=order.id).delete()
    await make_receipt(parties, await make_shipment(parties, order, "50"))
    await make_confirmed(parties, await make_transfer(parties, await make_invoice(parties, order)))
    await made_before(order)
    assert [(one.kind, one.amount, one.open) for one in await obligations_of(await fresh(order))] == [
        (ObligationKind.PREPAYMENT, D("226.00"), D("0.00")),
        (ObligationKind.INVOICE, D("56.50"), D("0.00")),
    ]
    with clock.held_at(clock.now() + timedelta(days=7)):
        await sweep()
    assert not await PaymentObligation.filter(order_id=order.id, look_on__isnull=False).exists()
    assert not await Event.filter(stream=order.id, kind__in=["PAYMENT_DUE_SOON", "PAYMENT_OVERDUE"]).exists()
