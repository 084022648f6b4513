"""Whatever is claimed, credited, paid in whatever way, bounced, split, used as credit or paid back, in whatever order: each fen is
accounted for.

After each step the books are compared with what the documents themselves say, and in the end with what the provider has.
"""

import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal as D
from random import Random

from models import Category, Company, Errand, Order
from models.database import pool
from partners.payments.simulator.bank import Refused
from rules.lifecycle import STEPS, Side
from rules.people import Actor
from rules.problems import Problem
from services import clock, partners
from services.collecting import CollectionPolicy, set_collection_policy
from services.commissions import RuleWish, create_commission_rule
from tests.carrier_makers import as_admin
from tests.credit_makers import check_credit
from tests.makers import make_category, make_key, make_product
from tests.money_books import Books
from tests.money_moves import TRIES, MoneyTurn, NothingToDo, Walked
from tests.order_makers import make_contracted_order, make_parties, make_receipt, make_shipment
from tests.payment_makers import make_own_merchant, use_line
from tests.rail_books import agree_where_known, come_to_rest
from tests.rail_moves import RAIL_TRIES, in_a_mood
from tests.split_makers import LONG_AGO, make_receiver, rail

HISTORIES = int(os.environ.get("DINGHUO_MONEY_WALKS", "5"))
"""How many pairs of orders are walked, fifty steps each; `DINGHUO_MONEY_WALKS=2000` for a long look."""

FIRST = int(os.environ.get("DINGHUO_MONEY_WALKS_FROM", "0"))
"""The first history's seed, to see one again."""

STEPS_EACH = 50
WEIGHTS = {
    "issue_invoice": 2, "claim_a_part": 1, "accept_invoice": 1, "dispute_invoice": 1, "issue_credit_note": 1, "give_goods_back": 1,
    "prepay": 2, "receive_the_rest": 1, "end_the_contract": 1,
    "submit_bank_transfer": 1, "pay_many": 1, "submit_cheque": 1, "take_what_came": 3, "reject_transfer": 1,
    "bounce_cheque": 2, "use_credit": 2, "send_money_back": 2, "confirm_refund": 2, "reject_refund": 1,
    "start_payment": 1, "pay_at_once": 3, "pay_started": 2, "tell_of_payment": 1, "tell_of_closing": 1, "tell_of_refund": 1,
    "close_payment": 1, "refund_payment": 2, "refund_elsewhere": 2, "confirm_collected": 1, "confirm_silently": 1,
    "work_split_payment": 4, "work_take_back_share": 2, "retry_settlement": 1, "work_refund_payment": 1, "work_follow_payment": 1,
    "pass_time": 1, "remind": 1, "reconcile": 1,
}  # fmt: skip
"""Which steps are tried, and how often in proportion."""

BUYERS = {"use_credit", "pay_many", "give_goods_back", "prepay", "receive_the_rest", "pay_at_once", "pay_started"}
SIDES = {step.action: next(iter(step.by), Side.CLOCK) for step in STEPS} | dict.fromkeys(BUYERS, Side.BUYER)
ON_ORDER = {"minimum_quantity": D("0.001"), "quantity_step": D("0.001"), "stock_on_hand": None}
ALL_TRIES = TRIES | RAIL_TRIES


@dataclass(frozen=True)
class Stage:
    """What all histories share."""

    operator: Actor
    category: Category


async def begin(stage: Stage, chance: Random) -> tuple[Walked, list[Order]]:
    """Two companies with two orders, goods of which have arrived, or not; the platform wants its share of what is paid online."""
    parties = await make_parties()
    supplier, silence = as_admin(parties.supplier), chance.choice([None, None, 2])
    version = (await Company.named(supplier.home)).version
    await set_collection_policy(supplier, version, CollectionPolicy(confirm_funds_after_days=silence))
    if chance.random() < 0.8:
        rate, days = D(chance.randrange(1, 300_000)).scaleb(-6), chance.choice([0, 0, 2])
        wish = RuleWish(rate, days, LONG_AGO, supplier_id=supplier.home)
        await create_commission_rule(stage.operator, wish, idempotency_key=make_key())
    account = await make_own_merchant(supplier)
    goods = [await make_product(supplier, stage.category, tax_rate=D(rate), **ON_ORDER) for rate in ("0.13", "0.09")]
    orders = []
    for share in (chance.choice(["0", "0.3"]), chance.choice(["0.3333", "1"])):
        prices = ["100", chance.choice(["3.333333", "0.005"])]
        order = await make_contracted_order(parties, ["10", "7"], prices, goods=goods, prepaid_share=D(share))
        if load := chance.choice([["10", "7"], ["10", "7"], ["4", "0"], None]):
            await make_receipt(parties, await make_shipment(parties, order, *load))
        orders.append(order)
    return Walked(parties, stage.operator, account, clock.now()), orders


async def step(walked: Walked, orders: list[Order], chance: Random) -> tuple[str, bool]:
    """The first of some that is about something there is: its name, and whether it was done or refused."""
    for _ in range(20):
        [name] = chance.choices([*WEIGHTS], [*WEIGHTS.values()])
        order = await Order.get(id=chance.choice(orders).id)
        actor = walked.parties.buyer if SIDES.get(name) is Side.BUYER else walked.parties.supplier
        turn = MoneyTurn(actor, order, chance, walked, name)
        with suppress(NothingToDo), in_a_mood(turn):
            try:
                await ALL_TRIES[name](turn)
            except (Problem, Refused):
                return name, False
            return name, True
    return "nothing", False


async def walk(stage: Stage, seed: int) -> tuple[Counter[str], Counter[str]]:
    """Two orders of one pair, fifty times tried, looked at after each."""
    chance = Random(seed)
    walked, orders = await begin(stage, chance)
    books = Books(walked.parties, walked.operator.home, [order.id for order in orders])
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    await books.check()
    for place in range(STEPS_EACH):
        walked.now += timedelta(seconds=chance.randrange(1, 120))
        with clock.held_at(walked.now):
            name, is_done = await step(walked, orders, chance)
        (done if is_done else refused)[name] += 1
        try:
            agree_where_known(walked, await books.check())
        except BaseException as failed:
            failed.add_note(f"after step {place}, {name}")
            raise
    await come_to_rest(walked, books)
    await check_credit(walked.parties)
    return done, refused


async def test_each_fen_is_accounted_for_whatever_is_tried(database: str) -> None:
    stage = Stage(await make_receiver(), await make_category())
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    with partners.for_a_while():
        use_line()
        partners.use_payment_providers((rail(),))
        for seed in range(FIRST, FIRST + HISTORIES):
            try:
                more_done, more_refused = await walk(stage, seed)
            except BaseException as failed:
                failed.add_note(f"see it again with DINGHUO_MONEY_WALKS_FROM={seed} DINGHUO_MONEY_WALKS=1")
                raise
            done, refused = done + more_done, refused + more_refused
    assert await pool().fetchval("SELECT coalesce(sum(amount), 0) FROM ledger_entry") == 0
    assert not await Errand.filter(trouble__isnull=False).exists()
    if HISTORIES >= 100:
        assert done.keys() == WEIGHTS.keys(), f"some steps never succeeded: {done}"
        assert refused.total() > done.total() / 10, (done, refused)
