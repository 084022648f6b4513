"""A demo that is kept goes on where it was, on another day too."""

from datetime import timedelta

import tests.paper  # noqa: F401  # wires what it signs and prints with
from api.demo.making import make_demo
from services import clock
from tests.tables import contents


async def test_started_again_days_later_it_adds_nothing(database: str) -> None:
    await make_demo()
    before = await contents("session")
    with clock.held_at(clock.now() + timedelta(days=400)):
        await make_demo()
    assert await contents("session") == before
