"""A demo that is kept goes on where it was, on another day too."""

from collections.abc import Callable
from datetime import timedelta

import tests.paper  # noqa: F401  # wires what it signs and prints with
from api.demo.making import make_demo
from api.wiring import VAULT_KEY
from models import database
from services import clock, vault
from services.key_files import kept_in
from tests.demo import DemoTemplate
from tests.tables import contents


async def test_started_again_days_later_it_adds_nothing(
    demo_template: DemoTemplate, make_database_url: Callable[..., str]
) -> None:
    vault.use(kept_in(demo_template.data_dir / VAULT_KEY, vault.new_key))
    await database.connect(make_database_url(demo_template.name))
    try:
        before = await contents("session")
        assert before["purchase_order"]
        with clock.held_at(clock.now() + timedelta(days=400)):
            await make_demo()
        assert await contents("session") == before
    finally:
        await database.close()
