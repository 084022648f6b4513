"""Somebody does something to an order, again and again: who and what is left to chance, what may come of it is not."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from models import Budget, Company, CostCentre, Event, Order, Product
from rules.budgets import AGREED, GONE, BudgetPolicy, Holding
from rules.events import EventKind
from rules.lifecycle import FINAL, OrderStatus, actions
from rules.money import Currency
from rules.people import COMPANY_ROLES, Actor, CompanyKind, Role
from rules.problems import Problem
from services import clock, ledger
from services.companies import Limit, set_approval_threshold
from services.sweeping import sweep
from tests.budget_makers import check_ledger, held, make_budget, make_cost_centre
from tests.chronicle import stored, told
from tests.credit_makers import check_kept
from tests.estates import Firm
from tests.looks import Look, looker
from tests.makers import make_actor, make_company, make_platform
from tests.moves import MOVES, Turn
from tests.order_makers import Parties, make_goods, make_order

START = datetime.fromisoformat("2026-12-01T02:00:00+00:00")
SELDOM = (
    *("post_message", "log_talk", "attach_file", "detach_file", "update_draft", "import_lines", "add_lines"),
    *("record_tracking", "pack_shipment", "ask_buyer", "cancel_shipment", "reverse_receipt"),
    *("dispute_shipment", "close_shipment_dispute", "issue_credit_note", "bounce_cheque"),
    *("record_official_invoice", "void_official_invoice"),
    *("close_payment", "refund_payment"),
    *("cancel_order", "reject_order", "decline_quotation", "refuse_contract", "counter_quotation"),
    *("propose_change", "propose_short_close", "refuse_change", "withdraw_change"),
    *("propose_termination", "agree_termination", "refuse_termination", "terminate_order"),
)
"""Steps that lead nowhere, back or out: walks would stand still or end early if they were as likely as the others."""

FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2027, 12, 31)
BUDGETS = (("1000000.00", BudgetPolicy.BLOCK), ("3000.00", BudgetPolicy.BLOCK), ("3000.00", BudgetPolicy.WARN))


@dataclass
class Walker:
    """The people, what they order, and the count of what was done and refused so far."""

    buyer: Firm
    supplier: Firm
    cast: list[Actor]
    goods: list[Product]
    centres: list[CostCentre | None]
    """Who bears the cost: nobody; a cost centre with plenty, with little, with little that may be exceeded."""
    budgets: list[Budget]
    look: Callable[[UUID], Awaitable[Look]]
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    settled: set[UUID] = field(default_factory=set)
    """The orders that were settled once: opened again, they hold no more of a budget than they did then."""

    @classmethod
    async def ready(cls) -> "Walker":
        """Both sides' people of many roles and of few, their rivals, the operator, and nobody."""
        buyer = await Firm.made(CompanyKind.BUYER, delivery_place="上海市浦东新区世纪大道1号")
        supplier = await Firm.made(CompanyKind.SUPPLIER)
        company = await Company.named(buyer.company.id)
        await set_approval_threshold(buyer.admin, company.version, Limit(Decimal(300), Currency.CNY))
        rivals = [await make_company(kind) for kind in (CompanyKind.BUYER, CompanyKind.SUPPLIER)]
        cast = [
            *(
                buyer.everybody,
                buyer.everybody,
                buyer.everybody,
                buyer.approver,
                supplier.everybody,
                supplier.everybody,
            ),
            *[await make_actor(rival, *COMPANY_ROLES) for rival in rivals],
            await make_actor(company, Role.VIEWER),
            await make_platform(),
            Actor.anonymous(),
        ]
        goods = [await make_goods(supplier.everybody, stock_on_hand=much) for much in (None, Decimal(10**9))]
        centres = [await make_cost_centre(buyer.everybody) for _ in BUDGETS]
        budgets = [
            await make_budget(buyer.everybody, centre, *said, period_start=FIRST_DAY, period_end=LAST_DAY)
            for centre, said in zip(centres, BUDGETS, strict=True)
        ]
        return cls(buyer, supplier, cast, goods, [None, *centres], budgets, await looker())

    async def walk(self, seed: int, most: int = 40) -> None:
        """One order's life, checked after each step."""
        chance = Random(seed)
        with clock.held_at(START):
            parties = Parties(self.buyer.everybody, self.supplier.everybody)
            wanted = [str(chance.choice([1, 40, 400])) for _ in self.goods]
            centre = self.centres[seed % len(self.centres)]
            said: dict[str, Any] = {"goods": self.goods, "requested_on": START.date() + timedelta(days=40)}
            order = await make_order(parties, wanted, **said, cost_centre_id=centre and centre.id)
        moment, ended, seen = START, 0, await self.look(order.id)
        for _ in range(most):
            moment += timedelta(minutes=chance.choice([1, 30, 300])) if chance.random() < 0.97 else timedelta(days=8)
            order = await Order.get(id=order.id)
            self.reached[order.status] += 1
            ended += order.status in FINAL
            if ended > 4:  # a final order is tried some more, in vain
                break
            with clock.held_at(moment):
                seen = await self._step(order, chance, seen)
        await self._agrees(order.id)

    async def _step(self, order: Order, chance: Random, before: Look) -> Look:
        actor = self._somebody(order, chance)
        if chance.random() < 0.05:
            name, refusal = "the clock", await _refusal(sweep())
        else:
            name = self._chosen(order, actor, chance)
            refusal = await _refusal(MOVES[name](Turn(actor, order, chance)))
        after = await self.look(order.id)
        what = f"{name} by {actor.name or 'nobody'} in {order.status}"
        changed, told_of = before.rows != after.rows, after.events - before.events
        assert changed == bool(told_of), f"{what}: changed {changed}, events {told_of}, refused {refusal!r}"
        assert not (refusal and changed), f"{what} was refused and changed something: {refusal!r}"
        (self.refused if refusal else self.done)[name] += 1
        await self._holds_what_it_may(await Order.get(id=order.id), what)
        return after

    async def _holds_what_it_may(self, order: Order, what: str) -> None:
        """What the order holds of a budget fits where it stands, and of what is agreed it holds every cent."""
        found = await held(order)
        if order.cost_centre_id is None or order.status in GONE:
            assert found == Holding(), f"after {what} it holds {found}"
        elif order.settled_at is not None:
            invoiced, _ = await ledger.invoiced_and_paid(order)
            kept = found.consumed if order.id in self.settled else invoiced
            assert found == Holding(consumed=min(invoiced, kept)), f"after {what} it holds {found}"
            self.settled.add(order.id)
        elif order.status in AGREED and order.amendment is None and order.id not in self.settled:
            assert found.total == order.agreed_total, f"after {what} it holds {found} of {order.agreed_total}"
            assert (found.reserved == 0) == (order.status is OrderStatus.COMPLETED), f"after {what} it holds {found}"

    def _somebody(self, order: Order, chance: Random) -> Actor:
        """Mostly one of those who can do something now; now and then anybody."""
        able = [actor for actor in self.cast if self._leading(order, actor)]
        return chance.choice(able if able and chance.random() < 0.7 else self.cast)

    def _leading(self, order: Order, actor: Actor) -> list[str]:
        """What the actor could do now that leads on."""
        open_to = actions(order, order.side_of(actor))
        return [name for name in open_to if name in MOVES and name not in SELDOM and actor.may(name)]

    def _chosen(self, order: Order, actor: Actor, chance: Random) -> str:
        """Mostly what the actor may do now, and of that what leads somewhere; now and then anything."""
        open_to = [name for name in actions(order, order.side_of(actor)) if name in MOVES]
        pool = chance.choices([self._leading(order, actor), open_to, list(MOVES)], [8, 1, 1])[0]
        return chance.choice(pool or list(MOVES))

    async def _agrees(self, order_id: UUID) -> None:
        """The events are numbered without a gap for both sides, each is a step of the table, and together they are the order.

        Of its buyer's credit it keeps what is agreed and not invoiced. Each budget is what its entries add up to, and one that blocks is
        never exceeded.
        """
        events = await Event.filter(stream=order_id).order_by("seq")
        order = await Order.get(id=order_id)
        assert [event.seq for event in events] == list(range(1, order.version + 1))
        shared = [event.shared_seq for event in events if event.kind is not EventKind.ORDER_CREATED]
        placed = [number for number in shared if number is not None]
        assert placed == list(range(1, len(placed) + 1))
        assert told(events) == await stored(order_id)
        await check_kept(order)
        for budget in [await check_ledger(one) for one in self.budgets]:
            assert budget.policy is BudgetPolicy.WARN or budget.committed <= budget.amount


async def _refusal(work: Awaitable[object]) -> Problem | None:
    try:
        await work
    except Problem as refused:
        return refused
    return None
