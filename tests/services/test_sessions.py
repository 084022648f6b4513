"""Signing in tells nothing, guessing is slow, a refresh token is good once."""

import asyncio
from datetime import timedelta

import pytest

from models import Company, Member, Session
from models.database import pool
from rules.people import Actor, CompanyStatus, Scope
from rules.problems import InvalidInput, NotAllowed, SignInFailed, Unauthenticated
from rules.signing_in import SESSION_LIFE
from services import clock, passwords
from services.callers import recognise
from services.companies import review_company, suspend_company
from services.members import change_password
from services.secret import Secret
from services.sessions import SignedIn, refresh_session, sign_in, sign_out
from tests.entrance import WRONG, enter, fail
from tests.makers import HOME, PASSWORD, actor_of, make_company, make_platform

pytestmark = pytest.mark.usefixtures("database", "cheap_hashes")


@pytest.fixture
async def lina() -> Member:
    """The administrator of an admitted company."""
    return await Member.first_of((await make_company()).id)


async def test_the_right_password_opens_a_session(lina: Member) -> None:
    signed_in = await enter(lina)
    assert signed_in.member.id == lina.id
    actor = await recognise(signed_in.access_token.text)
    assert (actor.member, actor.company, actor.name) == (lina.id, lina.company_id, lina.display_name)


async def test_a_name_is_one_however_it_is_typed(lina: Member) -> None:
    signed_in = await sign_in(f"  {lina.sign_in_name.upper()} ", PASSWORD, HOME)
    assert signed_in.member.id == lina.id


async def test_no_token_is_stored_only_hashes(lina: Member) -> None:
    signed_in = await enter(lina)
    stored = await pool().fetch("SELECT row_to_json(t)::text AS row FROM refresh_token AS t")
    assert stored
    assert not any(signed_in.refresh_token in row["row"] for row in stored)


async def test_refreshing_gives_new_tokens_of_the_same_session(lina: Member) -> None:
    first = await enter(lina)
    second = await refresh_session(first.refresh_token)
    third = await refresh_session(second.refresh_token)
    assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3
    sessions = {(await recognise(one.access_token.text)).session for one in (first, second, third)}
    assert len(sessions) == 1


async def test_a_token_used_twice_ends_the_session_for_thief_and_owner(lina: Member) -> None:
    stolen = await enter(lina)
    other = await enter(lina)
    newest = await refresh_session(stolen.refresh_token)
    with pytest.raises(Unauthenticated):
        await refresh_session(stolen.refresh_token)
    with pytest.raises(Unauthenticated):
        await refresh_session(newest.refresh_token)
    for ended in (stolen, newest):
        with pytest.raises(Unauthenticated):
            await recognise(ended.access_token.text)
    await recognise(other.access_token.text)


async def test_of_two_that_refresh_at_once_exactly_one_is_answered(lina: Member) -> None:
    for _ in range(10):
        signed_in = await enter(lina)
        both = (refresh_session(signed_in.refresh_token) for _ in range(2))
        outcomes = await asyncio.gather(*both, return_exceptions=True)
        [won] = [outcome for outcome in outcomes if isinstance(outcome, SignedIn)]
        assert sum(isinstance(outcome, Unauthenticated) for outcome in outcomes) == 1
        with pytest.raises(Unauthenticated):
            await recognise(won.access_token.text)


@pytest.mark.parametrize("text", ["", "dr_unknown", "x" * 200])
async def test_what_is_no_refresh_token_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        await refresh_session(text)


async def test_a_session_ends_after_thirty_days_however_often_it_was_refreshed(lina: Member) -> None:
    start = clock.now()
    with clock.held_at(start):
        signed_in = await enter(lina)
    with clock.held_at(start + SESSION_LIFE - timedelta(seconds=1)):
        signed_in = await refresh_session(signed_in.refresh_token)
        await recognise(signed_in.access_token.text)
    with clock.held_at(start + SESSION_LIFE):
        with pytest.raises(Unauthenticated):
            await recognise(signed_in.access_token.text)
        with pytest.raises(Unauthenticated):
            await refresh_session(signed_in.refresh_token)


async def test_signing_out_ends_this_session_at_once_and_no_other(lina: Member) -> None:
    here, there = await enter(lina), await enter(lina)
    await sign_out(await recognise(here.access_token.text))
    with pytest.raises(Unauthenticated):
        await recognise(here.access_token.text)
    with pytest.raises(Unauthenticated):
        await refresh_session(here.refresh_token)
    await recognise(there.access_token.text)


async def test_who_has_no_session_cannot_sign_out(lina: Member) -> None:
    with pytest.raises(Unauthenticated):
        await sign_out(Actor.anonymous())
    with pytest.raises(NotAllowed):
        await sign_out(Actor(company=lina.company_id, scopes=frozenset(Scope)))


async def test_a_suspended_company_is_out_at_once_and_comes_back_with_its_sessions(lina: Member) -> None:
    signed_in, operator = await enter(lina), await make_platform()
    company = await Company.named(lina.company_id)
    company = await suspend_company(operator, company.id, company.version, "欠费")
    with pytest.raises(Unauthenticated):
        await recognise(signed_in.access_token.text)
    with pytest.raises(Unauthenticated):
        await refresh_session(signed_in.refresh_token)
    await fail(lina.sign_in_name, password=PASSWORD)
    await review_company(operator, company.id, company.version, CompanyStatus.APPROVED)
    await recognise((await refresh_session(signed_in.refresh_token)).access_token.text)


async def test_a_new_password_ends_all_other_sessions(lina: Member) -> None:
    here, there = await enter(lina), await enter(lina)
    actor = await recognise(here.access_token.text)
    new = "another horse, another staple"
    await change_password(actor, Secret(PASSWORD), Secret(new), address=HOME)
    await recognise(here.access_token.text)
    with pytest.raises(Unauthenticated):
        await recognise(there.access_token.text)
    await fail(lina.sign_in_name, password=PASSWORD)
    assert (await sign_in(lina.sign_in_name, new, HOME)).member.id == lina.id


async def test_a_password_is_changed_only_by_who_knows_it_and_only_for_a_good_one(lina: Member) -> None:
    actor = await actor_of(lina)
    with pytest.raises(SignInFailed):
        await change_password(actor, Secret(WRONG), Secret("another horse, another staple"), address=HOME)
    with pytest.raises(InvalidInput):
        await change_password(actor, Secret(PASSWORD), Secret("password1234"), address=HOME)
    with pytest.raises(Unauthenticated):
        await change_password(Actor.anonymous(), Secret(PASSWORD), Secret(WRONG), address=HOME)
    with pytest.raises(NotAllowed):
        await change_password(
            Actor(company=lina.company_id, scopes=frozenset(Scope)), Secret(PASSWORD), Secret(WRONG), address=HOME
        )
    await enter(lina)


async def test_an_old_hash_is_made_anew_at_the_next_sign_in(lina: Member) -> None:
    before = passwords._hasher
    passwords._hasher = passwords.FULL_COST
    try:
        await enter(lina)
    finally:
        passwords._hasher = before
    assert "m=65536" in (await Member.named(lina.id)).password_hash
    await enter(lina)


async def test_a_session_that_is_gone_is_not_live(lina: Member) -> None:
    actor = await actor_of(lina)
    assert actor.session is not None
    assert await Session.live(actor.session, clock.now()) is not None
    await Session.revoke(actor.session, clock.now())
    assert await Session.live(actor.session, clock.now()) is None
