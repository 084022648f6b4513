"""Orders and the budgets of the cost centres that bear them: held by the buyer's own steps, given back by everybody's, never overdrawn."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from models import Budget, Company, CostCentre, Event, InvoiceSeries, Member, Order, Quotation
from models.base import new_id
from models.database import pool
from rules.billing import BillingDocument
from rules.budgets import BudgetPolicy, Holding
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from rules.money import Currency
from rules.people import Actor, Role
from rules.problems import BudgetExceeded, InvalidInput, NotFound
from rules.quantity import Inspection
from rules.terms import RejectionReason
from services import clock
from services.approval_rules import create_approval_rule
from services.approving import approve_order, return_order
from services.changing import agree_change, refuse_change, withdraw_change
from services.choosing import AwardWish, award_enquiry
from services.closing import cancel_order, reject_order
from services.contracting import refuse_contract
from services.cost_centres import update_cost_centre
from services.drafting import OrderWish, update_draft
from services.paying import confirm_funds
from services.previewing import approval_preview
from services.quoting import accept_quotation, decline_quotation
from services.submitting import submit_order, withdraw_order
from services.sweeping import sweep
from services.terminating import agree_termination, propose_termination, terminate_order
from tests.agreement_makers import make_agreement
from tests.billing_makers import make_credit_note
from tests.budget_makers import check_ledger, held, make_budget, make_cost_centre
from tests.change_makers import make_change, make_changed_order
from tests.enquiry_makers import Bidders, make_bid, make_bidders, make_issued_enquiry, renewed, sibling
from tests.makers import actor_of, make_key, make_member, make_platform
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_awarded_order,
    make_completed_order,
    make_contracted_order,
    make_goods,
    make_invoice,
    make_order,
    make_parties,
    make_placed_order,
    make_quotation,
    make_receipt,
    make_shipment,
    make_transfer,
)
from tests.races import at_once, in_the_middle_of
from tests.services.test_approval_rules import wish as rule_wish

ESTIMATE, AGREED = D("452.00"), D("430.79")
"""A thousand pieces at the list price of 0.40 with 13 %, and as they are quoted: at 0.333 with freight of 50.00."""

NOTHING = Holding()


@dataclass
class Shop:
    """Two parties, the cost centre that bears the buyer's orders, and its budget."""

    parties: Parties
    centre: CostCentre
    budget: Budget

    @property
    def borne(self) -> dict[str, Any]:
        """What makes an order one of the cost centre's."""
        return {"cost_centre_id": self.centre.id}

    async def now(self) -> Budget:
        """The budget as it is, whose ledger adds up."""
        return await check_ledger(self.budget)

    async def ruled(self, **conditions: Any) -> Actor:
        """An approver of the buyer's, whom a rule asks."""
        company = await Company.get(id=self.parties.buyer.home)
        approver = await actor_of(await make_member(company, Role.APPROVER))
        admin = await actor_of(await Member.first_of(company.id))
        await create_approval_rule(admin, rule_wish(**conditions), idempotency_key=make_key())
        return approver


async def make_shop(amount: str = "1000.00", policy: BudgetPolicy = BudgetPolicy.BLOCK, **facts: Any) -> Shop:
    """New parties, of whom the buyer has one cost centre with a budget."""
    parties = await make_parties()
    centre = await make_cost_centre(parties.buyer)
    return Shop(parties, centre, await make_budget(parties.buyer, centre, amount, policy, **facts))


@pytest.fixture
async def shop(database: str) -> Shop:
    """A budget of 1000.00 that blocks."""
    return await make_shop()


async def version(order: Order, actor: Actor) -> int:
    """The order's version as the actor counts it now."""
    return (await fresh(order)).version_for(actor)


# What an order holds on its way


async def test_a_draft_holds_nothing_and_a_submitted_order_its_estimate(shop: Shop) -> None:
    order = await make_order(shop.parties, **shop.borne)
    assert await held(order) == NOTHING
    order = await submit_order(shop.parties.buyer, order.id, order.version)
    assert await held(order) == Holding(ESTIMATE)
    assert (await shop.now()).reserved == ESTIMATE


async def test_a_quotation_moves_nothing_and_its_acceptance_makes_it_what_is_agreed(shop: Shop) -> None:
    order = await make_placed_order(shop.parties, **shop.borne)
    quotation = await make_quotation(shop.parties, order)
    assert await held(order) == Holding(ESTIMATE)
    await accept_quotation(shop.parties.buyer, quotation.id, await version(order, shop.parties.buyer))
    assert await held(order) == Holding(AGREED)


async def test_with_its_goods_it_is_spent_and_settled_it_is_what_was_invoiced(shop: Shop) -> None:
    """Three of a thousand were rejected: they are agreed and never paid."""
    parties = shop.parties
    order = await make_contracted_order(parties, **shop.borne)
    [line] = await lines_of(order)
    shipment = await make_shipment(parties, order)
    await make_receipt(parties, shipment, {line.id: Inspection(D(997), D(3), D(0), "bent")})
    assert await held(order) == Holding(D(0), AGREED)
    invoice = await make_invoice(parties, order)
    payment = await make_transfer(parties, invoice)
    await confirm_funds(parties.supplier, payment.id, payment.version, payment.amount, idempotency_key=make_key())
    assert (await fresh(order)).settled_at is not None
    assert invoice.total < AGREED
    assert await held(order) == Holding(D(0), invoice.total)
    assert (await shop.now()).consumed == invoice.total


async def test_a_part_of_a_quotation_holds_that_part(shop: Shop) -> None:
    order = await make_placed_order(shop.parties, ("600", "400"), **shop.borne)
    quotation = await make_quotation(shop.parties, order, ("0.5", "0.5"), freight="0")
    first, _ = await lines_of(order)
    part = {first.id: D(300)}
    order = await accept_quotation(shop.parties.buyer, quotation.id, await version(order, shop.parties.buyer), part)
    assert order.agreed_total == D("169.50")
    assert await held(order) == Holding(D("169.50"))


# How it gives back


Ending = Callable[[Shop], Awaitable[Order]]


async def cancelled_placed(shop: Shop) -> Order:
    order = await make_placed_order(shop.parties, **shop.borne)
    return await cancel_order(shop.parties.buyer, order.id, order.version, "no need")


async def cancelled_awarded(shop: Shop) -> Order:
    order = await make_awarded_order(shop.parties, **shop.borne)
    return await cancel_order(shop.parties.buyer, order.id, order.version, "no need")


async def rejected(shop: Shop) -> Order:
    order, supplier = await make_placed_order(shop.parties, **shop.borne), shop.parties.supplier
    return await reject_order(supplier, order.id, await version(order, supplier), RejectionReason.OTHER, "no")


async def declined(shop: Shop) -> Order:
    order = await make_placed_order(shop.parties, **shop.borne)
    await make_quotation(shop.parties, order)
    return await decline_quotation(shop.parties.buyer, order.id, await version(order, shop.parties.buyer), "too dear")


async def expired(shop: Shop) -> Order:
    order = await make_placed_order(shop.parties, **shop.borne)
    await make_quotation(shop.parties, order)
    with clock.held_at(clock.now() + timedelta(days=31)):
        await sweep()
    return order


async def lapsed(shop: Shop) -> Order:
    order = await make_awarded_order(shop.parties, **shop.borne)
    with clock.held_at(clock.now() + timedelta(days=31)):
        await sweep()
    return order


async def withdrawn(shop: Shop) -> Order:
    await shop.ruled()
    order, buyer = await make_placed_order(shop.parties, **shop.borne), shop.parties.buyer
    assert (order.status, await held(order)) == (OrderStatus.PENDING_APPROVAL, Holding(ESTIMATE))
    return await withdraw_order(buyer, order.id, order.version)


async def returned(shop: Shop) -> Order:
    approver = await shop.ruled()
    order = await make_placed_order(shop.parties, **shop.borne)
    return await return_order(approver, order.id, order.version, "too much")


async def terminated_by_both(shop: Shop) -> Order:
    order, (buyer, supplier) = await make_contracted_order(shop.parties, **shop.borne), vars(shop.parties).values()
    await propose_termination(supplier, order.id, await version(order, supplier), "no steel")
    return await agree_termination(buyer, order.id, await version(order, buyer))


async def terminated_by_the_operator(shop: Shop) -> Order:
    order, operator = await make_contracted_order(shop.parties, **shop.borne), await make_platform()
    return await terminate_order(operator, order.id, await version(order, operator), "insolvent")


ENDINGS: tuple[Ending, ...] = (
    cancelled_placed,
    cancelled_awarded,
    rejected,
    declined,
    expired,
    lapsed,
    withdrawn,
    returned,
    terminated_by_both,
    terminated_by_the_operator,
)


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)
async def test_what_ends_without_goods_gives_everything_back(shop: Shop, ending: Ending) -> None:
    order = await ending(shop)
    assert await held(order) == NOTHING
    budget = await shop.now()
    assert (budget.committed, budget.entry_count > 1) == (D(0), True)
    assert (await make_placed_order(shop.parties, ("2000",), **shop.borne)).status is not OrderStatus.DRAFT


async def test_a_contract_that_is_refused_keeps_no_more_than_the_estimate(shop: Shop) -> None:
    parties = shop.parties
    order = await make_awarded_order(parties, ("1000",), ("0.5",), **shop.borne)
    assert await held(order) == Holding(D("619.50"))
    order = await refuse_contract(parties.supplier, order.id, await version(order, parties.supplier), "misprint")
    assert await held(order) == Holding(ESTIMATE)


async def test_a_supplier_who_refuses_raises_nothing_and_the_next_acceptance_does(shop: Shop) -> None:
    """Agreed was less than estimated; the estimate comes back only by a step of the buyer's own."""
    parties = shop.parties
    order = await make_awarded_order(parties, **shop.borne)
    await refuse_contract(parties.supplier, order.id, await version(order, parties.supplier), "misprint")
    assert await held(order) == Holding(AGREED)
    quotation = await make_quotation(parties, order, ("0.5",))
    assert await held(order) == Holding(AGREED)
    await accept_quotation(parties.buyer, quotation.id, await version(order, parties.buyer))
    assert await held(order) == Holding(D("619.50"))


# Changes of the contract


async def test_a_change_that_costs_more_is_held_when_the_buyer_proposes_it_and_given_back_with_it(shop: Shop) -> None:
    parties = shop.parties
    order = await make_contracted_order(parties, ("100",), ("1",), freight="0", **shop.borne)
    change = await make_change(order, parties.buyer, "200")
    assert await held(order) == Holding(change.total) == Holding(D("226.00"))
    await refuse_change(parties.supplier, order.id, await version(order, parties.supplier), "no")
    assert await held(order) == Holding(D("113.00"))
    await make_change(order, parties.buyer, "200")
    await withdraw_change(parties.buyer, order.id, await version(order, parties.buyer))
    assert await held(order) == Holding(D("113.00"))
    await make_changed_order(parties, order, "200")
    assert await held(order) == Holding(D("226.00"))
    await make_changed_order(parties, order, "50")
    assert await held(order) == Holding(D("56.50"))


async def test_a_supplier_s_change_is_held_once_the_buyer_agrees(shop: Shop) -> None:
    parties = shop.parties
    order = await make_contracted_order(parties, ("100",), ("1",), freight="0", **shop.borne)
    await make_change(order, parties.supplier, "200")
    assert await held(order) == Holding(D("113.00"))
    await agree_change(parties.buyer, order.id, await version(order, parties.buyer))
    assert await held(order) == Holding(D("226.00"))


async def test_a_change_beyond_the_budget_is_refused_to_the_buyer_and_to_nobody_else(shop: Shop) -> None:
    parties = shop.parties
    order = await make_contracted_order(parties, ("100",), ("1",), freight="0", **shop.borne)
    with pytest.raises(BudgetExceeded):
        await make_change(order, parties.buyer, "1000")
    assert (await fresh(order)).amendment is None
    await make_change(order, parties.supplier, "1000")
    with pytest.raises(BudgetExceeded) as refused:
        await agree_change(parties.buyer, order.id, await version(order, parties.buyer))
    assert refused.value.short_by == D("130.00")
    assert await held(order) == Holding(D("113.00"))
    await refuse_change(parties.buyer, order.id, await version(order, parties.buyer), "no budget")


# What a budget refuses


async def test_a_block_budget_refuses_what_is_too_much_with_its_figures_and_nothing_is_changed(shop: Shop) -> None:
    first = await make_placed_order(shop.parties, ("2000",), **shop.borne)
    draft = await make_order(shop.parties, **shop.borne)
    before = await fresh(draft)
    with pytest.raises(BudgetExceeded) as refused:
        await submit_order(shop.parties.buyer, draft.id, draft.version)
    budget = await shop.now()
    assert refused.value.facts() == {
        "cost_centre": shop.centre.code,
        "period_start": budget.period_start,
        "period_end": budget.period_end,
        "currency": "CNY",
        "amount": D("1000.00"),
        "committed": D("904.00"),
        "wanted": ESTIMATE,
        "short_by": D("356.00"),
    }
    assert vars(await fresh(draft)) == vars(before)
    assert await held(first) == Holding(D("904.00"))


async def test_to_the_last_cent_it_is_enough(shop: Shop) -> None:
    await make_budget(shop.parties.buyer, shop.centre, "452.00", budget_id=shop.budget.id)
    assert await held(await make_placed_order(shop.parties, **shop.borne)) == Holding(ESTIMATE)
    await make_budget(shop.parties.buyer, shop.centre, "903.99", budget_id=shop.budget.id)
    with pytest.raises(BudgetExceeded) as refused:
        await make_placed_order(shop.parties, **shop.borne)
    assert refused.value.short_by == D("0.01")


async def test_a_dearer_quotation_is_refused_to_the_buyer_only_when_it_is_accepted(shop: Shop) -> None:
    order = await make_placed_order(shop.parties, **shop.borne)
    quotation = await make_quotation(shop.parties, order, ("0.9",))
    with pytest.raises(BudgetExceeded) as refused:
        await accept_quotation(shop.parties.buyer, quotation.id, await version(order, shop.parties.buyer))
    assert (refused.value.wanted, refused.value.short_by) == (D("619.50"), D("71.50"))
    assert (await fresh(order)).status is OrderStatus.PENDING_BUYER
    assert await held(order) == Holding(ESTIMATE)


async def test_a_warn_budget_lets_it_through_and_tells_the_buyer_s_company_alone(database: str) -> None:
    shop = await make_shop("500.00", BudgetPolicy.WARN)
    orders = [await make_placed_order(shop.parties, **shop.borne) for _ in range(2)]
    assert (await shop.now()).committed == 2 * ESTIMATE
    events = await Event.filter(stream=shop.budget.id).order_by("seq")
    assert [(event.seq, event.kind, event.body["orderId"]) for event in events] == [
        (1, EventKind.BUDGET_RESERVED, str(orders[0].id)),
        (2, EventKind.BUDGET_EXCEEDED, str(orders[1].id)),
    ]
    assert {tuple(event.readers) for event in events} == {(shop.parties.buyer.home,)}


async def test_a_budget_that_was_cut_takes_nothing_away_and_lets_no_more_in(shop: Shop) -> None:
    order = await make_placed_order(shop.parties, **shop.borne)
    await make_budget(shop.parties.buyer, shop.centre, "10.00", budget_id=shop.budget.id)
    assert await held(order) == Holding(ESTIMATE)
    with pytest.raises(BudgetExceeded):
        await make_placed_order(shop.parties, ("1",), **shop.borne)
    quotation = await make_quotation(shop.parties, order)
    preview = await approval_preview(shop.parties.buyer, order.id)
    assert preview is not None
    assert preview.look is not None
    assert (preview.look.use and preview.look.use.is_exceeded, preview.look.is_blocked) == (True, False)
    await accept_quotation(shop.parties.buyer, quotation.id, await version(order, shop.parties.buyer))
    assert await held(order) == Holding(AGREED)


async def test_without_a_budget_for_the_day_or_the_currency_nothing_is_held(database: str) -> None:
    shop = await make_shop("1.00", currency=Currency.USD)
    order = await make_placed_order(shop.parties, **shop.borne)
    assert await held(order) == NOTHING
    today = clock.today("Asia/Shanghai")
    later: dict[str, Any] = {"period_start": today + timedelta(days=1), "period_end": today + timedelta(days=9)}
    await make_budget(shop.parties.buyer, shop.centre, "1.00", **later)
    assert await held(await make_placed_order(shop.parties, **shop.borne)) == NOTHING


async def test_an_order_stays_with_the_budget_that_it_was_submitted_under(shop: Shop) -> None:
    order = await make_placed_order(shop.parties, **shop.borne)
    last = clock.today("Asia/Shanghai") + timedelta(days=180)
    nexts: dict[str, Any] = {"period_start": last + timedelta(days=1), "period_end": last + timedelta(days=90)}
    other = await make_budget(shop.parties.buyer, shop.centre, "9999.00", **nexts)
    with clock.held_at(clock.now() + timedelta(days=200)):
        quotation = await make_quotation(shop.parties, order, ("0.9",))
        with pytest.raises(BudgetExceeded):
            await accept_quotation(shop.parties.buyer, quotation.id, await version(order, shop.parties.buyer))
        again = await make_placed_order(shop.parties, ("2500",), **shop.borne)
    assert await held(again) == Holding(D("1130.00"))
    assert (await check_ledger(other)).committed == D("1130.00")


async def test_the_first_and_the_last_day_belong_to_the_period(database: str) -> None:
    today = clock.today("Asia/Shanghai")
    shop = await make_shop("1.00", period_start=today, period_end=today)
    with pytest.raises(BudgetExceeded):
        await make_placed_order(shop.parties, **shop.borne)


# Cost centres on orders


async def test_only_a_cost_centre_of_one_s_own_company_that_is_in_use_can_be_chosen(shop: Shop) -> None:
    buyer = shop.parties.buyer
    for strange in ((await make_cost_centre((await make_parties()).buyer)).id, new_id()):
        with pytest.raises(NotFound):
            await make_order(shop.parties, cost_centre_id=strange)
    order = await make_order(shop.parties)
    order = await update_draft(buyer, order.id, order.version, OrderWish(cost_centre_id=shop.centre.id))
    assert order.cost_centre_id == shop.centre.id
    centre = await CostCentre.get(id=shop.centre.id)
    await update_cost_centre(buyer, centre.id, centre.version, centre.code, centre.name, is_active=False)
    with pytest.raises(InvalidInput, match="no longer in use"):
        await make_order(shop.parties, **shop.borne)
    with pytest.raises(InvalidInput, match="costCentreId: is no longer in use"):
        await submit_order(buyer, order.id, order.version)


# Approvals


async def test_a_rule_asks_finance_about_what_is_over_budget_and_about_nothing_else(database: str) -> None:
    shop = await make_shop("500.00", BudgetPolicy.WARN)
    approver = await shop.ruled(budget_above=D(1))
    assert (await make_placed_order(shop.parties, **shop.borne)).status is OrderStatus.PENDING_SUPPLIER
    over = await make_placed_order(shop.parties, **shop.borne)
    assert over.status is OrderStatus.PENDING_APPROVAL
    order = await approve_order(approver, over.id, over.version)
    assert order.status is OrderStatus.PENDING_SUPPLIER
    assert await held(order) == Holding(ESTIMATE)
    assert (await make_placed_order(shop.parties)).status is OrderStatus.PENDING_SUPPLIER


async def test_a_rule_may_ask_about_a_cost_centre_and_about_one_without_a_budget(shop: Shop) -> None:
    await shop.ruled(cost_centres=(shop.centre.id,), budget_above=D(1))
    assert (await make_placed_order(shop.parties, **shop.borne)).status is OrderStatus.PENDING_SUPPLIER
    other = await make_cost_centre(shop.parties.buyer)
    assert (await make_placed_order(shop.parties, cost_centre_id=other.id)).status is OrderStatus.PENDING_SUPPLIER
    await shop.ruled(budget_above=D("0.8"))
    assert (await make_placed_order(shop.parties, cost_centre_id=other.id)).status is OrderStatus.PENDING_APPROVAL


async def test_an_award_before_its_approvers_is_held_and_given_back_when_they_return_it(shop: Shop) -> None:
    buyer = shop.parties.buyer
    approver = await shop.ruled(amount_above=D(500), amount_currency="CNY")
    order = await make_placed_order(shop.parties, **shop.borne)
    quotation = await make_quotation(shop.parties, order, ("0.5",))
    order = await accept_quotation(buyer, quotation.id, await version(order, buyer))
    assert order.approval_pending
    assert await held(order) == Holding(D("619.50"))
    order = await return_order(approver, order.id, order.version, "too dear")
    assert await held(order) == Holding(ESTIMATE)
    order = await accept_quotation(buyer, quotation.id, await version(order, buyer))
    await approve_order(approver, order.id, order.version)
    assert await held(order) == Holding(D("619.50"))
    await shop.now()


async def test_a_preview_tells_what_the_order_does_to_the_budget(shop: Shop) -> None:
    buyer = shop.parties.buyer
    await make_placed_order(shop.parties, **shop.borne)
    draft = await make_order(shop.parties, ("2000",), **shop.borne)
    preview = await approval_preview(buyer, draft.id)
    assert preview is not None
    assert preview.look is not None
    use = preview.look.use
    assert use is not None
    assert (use.others, use.wanted, use.available) == (ESTIMATE, D("904.00"), D("-356.00"))
    assert preview.look.is_blocked
    await make_budget(buyer, shop.centre, "1000.00", BudgetPolicy.WARN, budget_id=shop.budget.id)
    again = await approval_preview(buyer, draft.id)
    assert again is not None
    assert again.look is not None
    assert not again.look.is_blocked
    assert (await approval_preview(buyer, (await make_order(shop.parties)).id) or preview).look is None


# Enquiries


async def asked_of_three(amount: str = "1000.00") -> tuple[Bidders, Shop]:
    """Three suppliers that are asked, and the buyer's cost centre."""
    bidders = await make_bidders(3)
    centre = await make_cost_centre(bidders.buyer)
    return bidders, Shop(bidders.parties(0), centre, await make_budget(bidders.buyer, centre, amount))


@pytest.mark.usefixtures("database")
async def test_an_enquiry_holds_nothing_before_its_award_and_then_what_is_taken() -> None:
    bidders, shop = await asked_of_three()
    enquiry = await make_issued_enquiry(bidders, **shop.borne)
    bids = [await make_bid(bidders, enquiry, place, price) for place, price in enumerate(("0.5", "0.4", "0.6"))]
    assert (await shop.now()).committed == 0
    enquiry = await renewed(enquiry)
    await award_enquiry(bidders.buyer, enquiry.id, enquiry.version, [AwardWish(bids[1].id)])
    won = await sibling(bidders, enquiry, 1)
    assert won.agreed_total == D("506.50")
    assert await held(won) == Holding(D("506.50"))
    assert (await shop.now()).committed == D("506.50")
    await refuse_contract(bidders.buyer, won.id, won.version, "misprint")
    assert await held(won) == NOTHING


@pytest.mark.usefixtures("database")
async def test_an_award_beyond_the_budget_is_refused_and_declines_nobody() -> None:
    bidders, shop = await asked_of_three("500.00")
    enquiry = await make_issued_enquiry(bidders, **shop.borne)
    bids = [await make_bid(bidders, enquiry, place, "0.4") for place in range(3)]
    enquiry = await renewed(enquiry)
    with pytest.raises(BudgetExceeded):
        await award_enquiry(bidders.buyer, enquiry.id, enquiry.version, [AwardWish(bids[1].id)])
    statuses = {(await sibling(bidders, enquiry, place)).status for place in range(3)}
    assert (statuses, (await shop.now()).committed) == ({OrderStatus.PENDING_BUYER}, D(0))


# At once


@pytest.mark.parametrize("_round", range(20))
async def test_of_two_orders_at_once_one_gets_the_last_of_a_budget(database: str, _round: int) -> None:
    shop = await make_shop("500.00")
    drafts = [await make_order(shop.parties, **shop.borne) for _ in range(3)]
    done, refused = await at_once(*(submit_order(shop.parties.buyer, one.id, one.version) for one in drafts))
    assert (len(done), {type(one) for one in refused}) == (1, {BudgetExceeded})
    assert (await shop.now()).committed == ESTIMATE


@pytest.mark.parametrize("_round", range(5))
async def test_what_is_given_back_at_the_same_moment_is_counted_once(database: str, _round: int) -> None:
    """A cancellation, an acceptance and a submission: whatever comes first, the ledger adds up and is never overdrawn."""
    shop = await make_shop("1000.00")
    buyer = shop.parties.buyer
    gone, quoted = [await make_placed_order(shop.parties, **shop.borne) for _ in range(2)]
    quotation = await make_quotation(shop.parties, quoted)
    draft = await make_order(shop.parties, **shop.borne)
    _, refused = await at_once(
        cancel_order(buyer, gone.id, gone.version, "no need"),
        accept_quotation(buyer, quotation.id, await version(quoted, buyer)),
        submit_order(buyer, draft.id, draft.version),
    )
    assert {type(one) for one in refused} <= {BudgetExceeded}
    budget = await shop.now()
    assert budget.committed == AGREED + (D(0) if refused else ESTIMATE)


@pytest.mark.parametrize("_round", range(3))
async def test_orders_under_one_agreement_and_one_cost_centre_never_wait_in_a_circle(
    database: str, _round: int
) -> None:
    """Two are called off while two end: a budget, an agreement and a shelf are locked, in one order by all of them."""
    shop = await make_shop("99999.00")
    buyer, supplier = shop.parties.buyer, shop.parties.supplier
    await make_agreement(shop.parties)
    bolts = await make_goods(supplier, stock_on_hand=D(5000))

    async def quoted() -> tuple[Order, Quotation]:
        order = await make_placed_order(shop.parties, ("100",), goods=[bolts], **shop.borne)
        return order, await make_quotation(shop.parties, order, ("0.4",), freight="0")

    ending = [
        await accept_quotation(buyer, one.id, await version(order, buyer))
        for order, one in [await quoted(), await quoted()]
    ]
    ending = [await propose_termination(buyer, order.id, order.version, "no need") for order in ending]
    coming = [await quoted() for _ in range(2)]
    _, refused = await at_once(
        *[accept_quotation(buyer, one.id, await version(order, buyer)) for order, one in coming],
        *[agree_termination(supplier, order.id, order.version_for(supplier)) for order in ending],
    )
    assert refused == []
    assert await deadlocks() == 0
    assert (await shop.now()).committed == 2 * D("45.20")


@pytest.mark.parametrize("document", list(BillingDocument))
async def test_who_waits_for_a_cost_centre_does_not_hold_the_series_of_numbers(
    shop: Shop, document: BillingDocument
) -> None:
    """Goods that come back lock the one and then the other, too; the other way round both would wait in a circle."""
    parties, supplier = shop.parties, shop.parties.supplier
    order = await make_completed_order(parties, **shop.borne)
    invoice = await make_invoice(parties, order, "400")
    await make_credit_note(parties, invoice, "100")
    verbs: dict[BillingDocument, Callable[[], Awaitable[object]]] = {
        BillingDocument.INVOICE: lambda: make_invoice(parties, order),
        BillingDocument.CREDIT_NOTE: lambda: make_credit_note(parties, invoice),
    }
    series = InvoiceSeries.of(supplier.home, invoice.issued_on.year, document)
    await in_the_middle_of(
        lambda: CostCentre.locked(shop.centre.id),
        verbs[document],
        lambda: series.select_for_update(no_key=True, nowait=True).get(),
    )
    assert (await series.get()).ordinal == 2


async def deadlocks() -> int:
    """How many there were in this database; a connection reports its own after a second, with the next thing it does."""
    await asyncio.sleep(1.1)
    await asyncio.gather(*(pool().fetchval("SELECT 1 FROM pg_sleep(0.05)") for _ in range(8)))
    return int(await pool().fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
