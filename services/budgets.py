"""What orders hold of budgets: raised by the buyer's own steps alone, lowered by everybody's, booked under the cost centre's lock.

The lock comes after the order's and before those of framework agreements and stock, so that nobody waits in a circle (decision 0095).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import Approval, Budget, BudgetEntry, Contract, CostCentre, EnquiryInvitation, Order
from models.base import new_id
from rules.budgets import AGREED, GONE, BudgetEntryKind, BudgetPolicy, BudgetUse, Holding, held_at_most, most
from rules.decimals import ZERO
from rules.events import EventKind
from rules.lifecycle import Amendment, OrderStatus, Side
from rules.people import Actor
from rules.problems import BudgetExceeded, NotFound, invalid
from services import clock, ledger
from services.streams import note_apart

NOTHING = Holding()
TOLD = {
    BudgetEntryKind.RESERVED: EventKind.BUDGET_RESERVED,
    BudgetEntryKind.RELEASED: EventKind.BUDGET_RELEASED,
    BudgetEntryKind.CONSUMED: EventKind.BUDGET_CONSUMED,
}


@dataclass(frozen=True)
class BudgetLook:
    """An order's cost centre, and its budget as a step would leave it; without one for the day and the currency, nobody set a limit."""

    cost_centre: CostCentre
    budget: Budget | None
    use: BudgetUse | None
    held: Decimal = ZERO
    """What the order holds already, which nothing takes away."""

    @property
    def is_blocked(self) -> bool:
        """Whether the step would be refused: it wants more than there is, and more than it has."""
        use = self.use
        return use is not None and use.is_exceeded and use.wanted > self.held and _blocks(self.budget)


async def chosen(actor: Actor, cost_centre_id: UUID) -> UUID:
    """The cost centre that somebody names for an order or an enquiry; of their company, and in use."""
    centre = await CostCentre.visible_to(actor).get_or_none(id=cost_centre_id)
    if centre is None:
        raise NotFound("CostCentre", cost_centre_id)
    if not centre.is_active:
        raise invalid("input.costCentreId", "is no longer in use; choose another one")
    return cost_centre_id


async def hold_still(order: Order) -> None:
    """Lock the order's cost centre for what is going to be checked and booked; nothing where it has none."""
    if order.cost_centre_id is not None:
        await CostCentre.locked(order.cost_centre_id)


async def reserve_estimate(order: Order, actor: Actor) -> None:
    """Hold what a submitted order is estimated at; nothing for an enquiry's, which orders nothing before it is awarded."""
    if order.cost_centre_id is not None and not await EnquiryInvitation.holds(order.id):
        await reserve(order, actor, order.estimated_total)


async def reserve(order: Order, actor: Actor, amount: Decimal) -> None:
    """Let the order hold this much at least, for a step of the buyer's own; BudgetExceeded where a BLOCK budget has less."""
    if order.cost_centre_id is None:
        return
    centre = await CostCentre.locked(order.cost_centre_id)
    held, budget = await _held(order)
    more = amount - held.total
    if budget is None or more <= 0:
        return
    short = budget.committed + more - budget.amount
    if short > 0 and _blocks(budget):
        raise _exceeded(centre, budget, more, short)
    await _book(budget, order, actor, Holding(more), is_exceeded=short > 0)


async def follow(order: Order, actor: Actor) -> None:
    """Give back what the order holds beyond where it stands now, and count as spent what it holds once its goods are there.

    Whoever acts: it refuses nothing and raises nothing, so that a supplier's step tells nothing of the buyer's budget.
    """
    if order.cost_centre_id is None:
        return
    found = (await BudgetEntry.held([order.id])).get(order.id)
    if found is None:
        return
    budget_id, held = found
    wanted = held_at_most(held, await _limit(order, held), order.status)
    if wanted == held:
        return
    await hold_still(order)
    await _book(await Budget.named(budget_id), order, actor, wanted - held)


async def look(order: Order, amount: Decimal) -> BudgetLook | None:
    """The order's budget as it would be if the order held this much; None where no cost centre bears it."""
    return (await looks({order.id: amount}, [order])).get(order.id)


async def looks(amounts: Mapping[UUID, Decimal], orders: Sequence[Any]) -> dict[UUID, BudgetLook]:
    """The same for many orders, in as many statements; without those that no cost centre bears."""
    borne = [order for order in orders if order.cost_centre_id is not None]
    centres = await CostCentre.named({order.cost_centre_id for order in borne})
    budgets = await Budget.of_centres(centres)
    holdings = await BudgetEntry.held([order.id for order in borne])
    found: dict[UUID, BudgetLook] = {}
    for order in borne:
        budget_id, held = holdings.get(order.id, (None, NOTHING))
        budget = _of_order(budgets, order, budget_id)
        others = budget.committed - held.total if budget else ZERO
        use = BudgetUse(budget.amount, others, amounts[order.id]) if budget else None
        found[order.id] = BudgetLook(centres[order.cost_centre_id], budget, use, held.total)
    return found


def _of_order(budgets: Sequence[Budget], order: Any, budget_id: UUID | None) -> Budget | None:
    """The budget that the order holds of; while it holds nothing, the one of today."""
    if budget_id is not None:
        return next(one for one in budgets if one.id == budget_id)
    today = clock.today(order.delivery_zone)
    return next((one for one in budgets if _is_of(one, order.cost_centre_id, order.currency, today)), None)


def _is_of(budget: Budget, cost_centre_id: UUID, currency: str, day: date) -> bool:
    own = budget.cost_centre_id == cost_centre_id and budget.currency == currency
    return own and budget.period_start <= day <= budget.period_end


async def _held(order: Order) -> tuple[Holding, Budget | None]:
    budget_id, held = (await BudgetEntry.held([order.id])).get(order.id, (None, NOTHING))
    if order.cost_centre_id is None:
        return held, None
    return held, _of_order(await Budget.of_centres([order.cost_centre_id]), order, budget_id)


async def _limit(order: Order, held: Holding) -> Decimal:
    """The most that the order may hold now; what has to be looked up for it is looked up only where it could matter."""
    if order.settled_at is not None:
        invoiced, _ = await ledger.invoiced_and_paid(order)
        return invoiced
    limit = most(order)
    is_sibling = order.status not in AGREED | GONE and await EnquiryInvitation.holds(order.id)
    if held.total <= limit and not is_sibling:
        return limit
    return most(order, asked=await _asked(order), is_sibling=is_sibling)


async def _asked(order: Order) -> Decimal:
    """What the buyer has said yes to and is not agreed yet: an award before its approvers, or a change of the contract."""
    if order.approval_pending and order.status is OrderStatus.PENDING_BUYER:
        approval = await Approval.pending(order.id)
        return approval.amount if approval else ZERO
    if order.amendment not in (Amendment.CHANGE_PROPOSED, Amendment.CHANGE_AGREED):
        return ZERO
    change = await Contract.open_one(order.id)
    said_yes = order.amendment is Amendment.CHANGE_AGREED or order.approval_pending
    return change.total if change and (said_yes or change.proposed_by is Side.BUYER) else ZERO


def _blocks(budget: Budget | None) -> bool:
    return budget is not None and budget.policy is BudgetPolicy.BLOCK


def _exceeded(centre: CostCentre, budget: Budget, wanted: Decimal, short: Decimal) -> BudgetExceeded:
    return BudgetExceeded(
        cost_centre=centre.code,
        period_start=budget.period_start,
        period_end=budget.period_end,
        currency=budget.currency,
        amount=budget.amount,
        committed=budget.committed,
        wanted=wanted,
        short_by=short,
    )


async def _book(
    budget: Budget, order: Order, actor: Actor, change: Holding, *, is_exceeded: bool = False
) -> BudgetEntry:
    """Write one entry, what all of them add up to, and the event that tells the buyer's company of it."""
    budget.entry_count += 1
    budget.reserved += change.reserved
    budget.consumed += change.consumed
    await budget.save(update_fields=["entry_count", "reserved", "consumed"])
    entry = await BudgetEntry.create(
        id=new_id(),
        budget_id=budget.id,
        order_id=order.id,
        seq=budget.entry_count,
        reserved=change.reserved,
        consumed=change.consumed,
        currency=budget.currency,
        created_at=clock.now(),
    )
    kind = EventKind.BUDGET_EXCEEDED if is_exceeded else TOLD[change.kind]
    amount = change.consumed if change.kind is BudgetEntryKind.CONSUMED else abs(change.total)
    body = {"orderId": str(order.id), "amount": str(amount), "currency": budget.currency}
    await note_apart(budget, entry.seq, kind, actor, [budget.company_id], body)
    return entry
