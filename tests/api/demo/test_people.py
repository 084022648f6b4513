"""What the demo offers its visitors to prove themselves with."""

from datetime import datetime, timedelta

import pytest

from api.demo.people import HERE, code_for
from rules.people import Role
from services import clock, passwords
from services.secret import Secret
from services.totp import STEP, Proof, prove
from tests.authenticators import make_app
from tests.makers import PASSWORD, make_actor, make_company

NOON = datetime.fromisoformat("2026-12-01T12:00:00+00:00")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("second", [0, 15, 27, 29])
async def test_a_code_that_is_offered_is_still_good_when_it_is_typed(second: int) -> None:
    with passwords.cheaply():
        with clock.held_at(NOON):
            actor = await make_actor(await make_company(), Role.SIGNATORY)
            assert await code_for(actor) is None
            await make_app(actor)
        offered_at = NOON + timedelta(seconds=4 * STEP + second)
        for later in (0, 10, 20):
            with clock.held_at(offered_at + timedelta(seconds=later)):
                code = await code_for(actor)
            assert code is not None
            with clock.held_at(offered_at + timedelta(seconds=later + 2)):
                await prove(actor, Proof(Secret(PASSWORD), Secret(code)), address=HERE)
