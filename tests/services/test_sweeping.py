"""What time alone brings about: one after the other, and what fails holds up nobody."""

from uuid import UUID

import pytest

from models.base import new_id
from services import clock
from services.sweeping import RESTS_FOR, each

pytestmark = pytest.mark.usefixtures("database")


async def test_more_than_a_hundred_that_fail_for_good_hold_up_nobody() -> None:
    """They are tried again after a while, and whatever comes behind them is tidied meanwhile."""
    rows = [new_id() for _ in range(150)]
    broken = set(rows[:120])

    async def tidy(subject: UUID) -> None:
        if subject in broken:
            raise ValueError("as always")
        rows.remove(subject)

    async def overdue(most: int) -> list[UUID]:
        return rows[:most]

    with clock.held_at(now := clock.now()):
        assert [await each(tidy, overdue) for _ in range(3)] == [100, 50, 0]
    assert set(rows) == broken
    with clock.held_at(now + RESTS_FOR):
        broken.clear()
        assert [await each(tidy, overdue) for _ in range(3)] == [100, 20, 0]
    assert rows == []


async def test_what_one_step_cannot_do_is_left_to_another() -> None:
    subject, done = new_id(), list[UUID]()

    async def fails(_: UUID) -> None:
        raise ValueError("as always")

    async def works(one: UUID) -> None:
        done.append(one)

    async def overdue(_: int) -> list[UUID]:
        return [subject]

    assert [await each(fails, overdue), await each(fails, overdue), await each(works, overdue)] == [1, 0, 1]
    assert done == [subject]
