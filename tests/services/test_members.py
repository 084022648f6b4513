"""Administrators govern their own people: in, other roles, out, and never the last of themselves."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models import Company, Member
from models.database import pool
from rules.people import Actor, CompanyKind, Role
from rules.problems import (
    Conflict,
    InvalidInput,
    KeyReused,
    NotAllowed,
    NotFound,
    Problem,
    SignInFailed,
    StaleVersion,
    Unauthenticated,
)
from services import passwords
from services.callers import recognise
from services.members import change_roles, deactivate_member, invite_member
from services.sessions import sign_in
from tests.makers import (
    HOME,
    PASSWORD,
    actor_of,
    make_actor,
    make_company,
    make_key,
    make_member,
    make_person,
    make_platform,
)

pytestmark = pytest.mark.usefixtures("database")
BUYERS = frozenset({Role.REQUESTER})


@pytest.fixture
async def company() -> Company:
    """An admitted buyer."""
    return await make_company()


@pytest.fixture
async def admin(company: Company) -> Actor:
    """Its administrator."""
    return await actor_of(await Member.first_of(company.id))


async def invite(actor: Actor, roles: frozenset[Role] = BUYERS, key: str | None = None, **facts: Any) -> Member:
    """What an administrator does."""
    with passwords.cheaply():
        return await invite_member(actor, make_person(**facts), roles, idempotency_key=key or make_key())


async def test_an_invited_member_signs_in_and_acts_in_the_roles(admin: Actor) -> None:
    member = await invite(admin, frozenset({Role.REQUESTER, Role.FINANCE}))
    actor = await actor_of(member)
    assert actor.company == admin.company
    assert actor.roles == {Role.REQUESTER, Role.FINANCE}


@pytest.mark.parametrize("roles", [frozenset(), frozenset({Role.OPERATOR}), frozenset({Role.ADMIN, Role.AUDITOR})])
async def test_no_company_makes_operators_of_its_people(admin: Actor, roles: frozenset[Role]) -> None:
    member = await invite(admin)
    for refused in (invite(admin, roles), change_roles(admin, member.id, 1, roles)):
        with pytest.raises(InvalidInput) as refusal:
            await refused
        assert refusal.value.faults[0].path == "input.roles"


async def test_the_platforms_people_do_not_buy() -> None:
    operator = await make_platform()
    with pytest.raises(InvalidInput):
        await invite(operator)
    auditor = await actor_of(await invite(operator, frozenset({Role.AUDITOR})))
    assert auditor.roles == {Role.AUDITOR}


async def test_a_taken_name_is_refused_whoever_has_it(admin: Actor) -> None:
    elsewhere = await Member.first_of((await make_company()).id)
    with pytest.raises(Conflict) as refused:
        await invite(admin, sign_in_name=elsewhere.sign_in_name)
    assert refused.value.field == "signInName"


async def test_a_double_click_invites_once(admin: Actor) -> None:
    person, key = make_person(), make_key()
    with passwords.cheaply():
        clicks = (invite_member(admin, person, BUYERS, idempotency_key=key) for _ in range(10))
        members = await asyncio.gather(*clicks)
    assert len({member.id for member in members}) == 1
    with pytest.raises(KeyReused):
        await invite(admin, frozenset({Role.VIEWER}), key)


async def test_only_administrators_govern(company: Company) -> None:
    requester, member = await make_actor(company, Role.REQUESTER), await make_member(company)
    acts: list[Callable[[Actor], Awaitable[Member]]] = [
        invite,
        lambda actor: change_roles(actor, member.id, 1, BUYERS),
        lambda actor: deactivate_member(actor, member.id, 1),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            await act(requester)
        with pytest.raises(Unauthenticated):
            await act(Actor.anonymous())


async def test_another_companys_member_is_as_if_missing(admin: Actor) -> None:
    stranger = await make_member(await make_company(CompanyKind.SUPPLIER))
    refusals: list[Problem] = []
    for id_ in (stranger.id, admin.home):
        for act in (change_roles(admin, id_, 1, BUYERS), deactivate_member(admin, id_, 1)):
            with pytest.raises(NotFound) as refused:
                await act
            refusals.append(refused.value)
    assert len({str(refusal) for refusal in refusals}) == 1


async def test_the_operator_sees_members_and_yet_does_not_govern_them(company: Company) -> None:
    member, operator = await make_member(company), await make_platform()
    assert await Member.visible_to(operator).filter(id=member.id).exists()
    with pytest.raises(NotFound):
        await deactivate_member(operator, member.id, 1)


async def test_other_roles_count_from_the_next_request_on(company: Company, admin: Actor) -> None:
    member = await make_member(company, Role.REQUESTER)
    with passwords.cheaply():
        token = (await sign_in(member.sign_in_name, PASSWORD, HOME)).access_token.text
    changed = await change_roles(admin, member.id, 1, frozenset({Role.WAREHOUSE}))
    assert (changed.roles, changed.version) == ([Role.WAREHOUSE], 2)
    assert (await recognise(token)).roles == {Role.WAREHOUSE}
    with pytest.raises(StaleVersion) as stale:
        await change_roles(admin, member.id, 1, BUYERS)
    assert stale.value.current_version == 2


async def test_who_was_let_go_is_out_at_once(company: Company, admin: Actor) -> None:
    member = await make_member(company)
    with passwords.cheaply():
        signed_in = await sign_in(member.sign_in_name, PASSWORD, HOME)
        await deactivate_member(admin, member.id, 1)
        with pytest.raises(Unauthenticated):
            await recognise(signed_in.access_token.text)
        with pytest.raises(SignInFailed):
            await sign_in(member.sign_in_name, PASSWORD, HOME)
    assert (
        await pool().fetchval("SELECT count(*) FROM session WHERE member_id = $1 AND revoked_at IS NULL", member.id)
        == 0
    )


async def test_the_last_administrator_stays(company: Company, admin: Actor) -> None:
    assert admin.member is not None
    for act in (deactivate_member(admin, admin.member, 1), change_roles(admin, admin.member, 1, BUYERS)):
        with pytest.raises(InvalidInput):
            await act
    await make_member(company, Role.ADMIN)
    await deactivate_member(admin, admin.member, 1)


async def test_two_administrators_cannot_remove_each_other_at_once(company: Company, admin: Actor) -> None:
    other = await make_actor(company, Role.ADMIN)
    assert admin.member is not None
    assert other.member is not None
    for _ in range(10):
        both = (deactivate_member(admin, other.member, 1), deactivate_member(other, admin.member, 1))
        outcomes = await asyncio.gather(*both, return_exceptions=True)
        assert sum(isinstance(outcome, InvalidInput) for outcome in outcomes) == 1
        await pool().execute("UPDATE member SET is_active = true, version = 1")


async def test_what_administrators_did_stands_in_the_companys_stream(company: Company, admin: Actor) -> None:
    member = await invite(admin)
    await change_roles(admin, member.id, 1, frozenset({Role.VIEWER}))
    await deactivate_member(admin, member.id, 2)
    rows = await pool().fetch(
        "SELECT body::jsonb->>'action' AS action, body::jsonb->>'member' AS member, actor_member_id FROM event "
        "WHERE stream = $1 AND kind = 'COMPANY_CHANGED' ORDER BY seq",
        company.id,
    )
    assert [row["action"] for row in rows] == ["invite_member", "change_roles", "deactivate_member"]
    assert {(row["member"], row["actor_member_id"]) for row in rows} == {(str(member.id), admin.member)}
