"""Whoever loses the right to know loses the line within seconds: roles, membership, admission, sign-in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from models import Company, Member
from rules.people import Actor, Role
from services.companies import suspend_company
from services.members import change_roles, deactivate_member
from services.sessions import sign_out
from tests.house import House, open_house
from tests.makers import actor_of, make_actor, make_company, make_platform

WATCH = "subscription { companyEvents(after: 0) { cursor kind } }"
FORBIDDEN = 4403


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """The product."""
    async with open_house(database_url, tmp_path) as running:
        yield running


async def admin_of(actor: Actor) -> Actor:
    """The first member of the actor's company."""
    return await actor_of(await Member.first_of(actor.home))


async def lose_role(actor: Actor) -> None:
    """An administrator no longer, merely a viewer."""
    member = await Member.named(actor.member or actor.home)
    await change_roles(await admin_of(actor), member.id, member.version, frozenset({Role.VIEWER}))


async def leave(actor: Actor) -> None:
    """A member no longer."""
    member = await Member.named(actor.member or actor.home)
    await deactivate_member(await admin_of(actor), member.id, member.version)


async def be_suspended(actor: Actor) -> None:
    """The whole company is shut out."""
    company = await Company.named(actor.home)
    await suspend_company(await make_platform(), company.id, company.version, "unpaid fees")


@pytest.mark.parametrize("lose", [lose_role, leave, be_suspended, sign_out])
async def test_a_lost_right_ends_the_subscription(house: House, lose: Callable[[Actor], Awaitable[object]]) -> None:
    """Within seconds, with the code for it; the events seen before were allowed."""
    actor = await make_actor(await make_company(), Role.ADMIN)
    caller = await house.enter(actor)
    async with caller.listening(WATCH) as live:
        assert (await live.next())["kind"] == "COMPANY_REGISTERED"
        session = await house.whose(caller)
        await lose(session)
        async with asyncio.timeout(60):
            code, _ = await live.client.closed()
    assert code == FORBIDDEN


async def test_what_a_role_may_not_know_is_not_told(house: House) -> None:
    """A viewer follows the same feed and hears nothing of members and settings."""
    company = await make_company()
    caller = await house.enter(await make_actor(company, Role.VIEWER))
    async with caller.listening(WATCH) as live:
        with pytest.raises(TimeoutError):
            await live.next(within=1)
