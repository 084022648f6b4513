"""Whatever people do to an order, in whatever order: it stays in the table, changes only with an event, and is what its events say."""

import os

from rules.lifecycle import STEPS, OrderStatus, Side
from tests.credit_makers import check_credit
from tests.moves import MOVES
from tests.order_makers import Parties
from tests.walker import Walker

WALKS = int(os.environ.get("DINGHUO_WALKS", "120"))
"""How many lives are walked; `DINGHUO_WALKS=3000` for a long look."""

FIRST = int(os.environ.get("DINGHUO_WALKS_FROM", "0"))
"""The first walk's seed, to walk others, or to see one again."""


def test_every_step_that_people_take_is_tried() -> None:
    assert MOVES.keys() == {step.action for step in STEPS if step.by - {Side.CLOCK}}


async def test_random_walks_stay_in_the_table_and_their_events_tell_everything(database: str) -> None:
    walker = await Walker.ready()
    for seed in range(FIRST, FIRST + WALKS):
        try:
            await walker.walk(seed)
        except BaseException as failed:
            failed.add_note(f"walk {seed}: see it again with DINGHUO_WALKS_FROM={seed} DINGHUO_WALKS=1")
            raise
    await check_credit(Parties(walker.buyer.everybody, walker.supplier.everybody), each=False)
    if WALKS >= 1000:
        assert MOVES.keys() - walker.done.keys() == set(), "some steps never succeeded"
        assert set(OrderStatus) - walker.reached.keys() == set(), "some statuses were never reached"
        assert walker.refused.total() > walker.done.total() / 10
