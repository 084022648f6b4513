"""Guessing passwords is slow for names and addresses, and tells nothing."""

import asyncio
from datetime import timedelta

import pytest

from models import Member
from models.database import pool
from rules.people import CompanyStatus
from rules.problems import SignInFailed
from rules.signing_in import WRONG_TRIES
from services import clock
from services.sessions import sign_in
from tests.entrance import ELSEWHERE, WRONG, count, enter, fail
from tests.makers import HOME, PASSWORD, make_company
from tests.statements import counting

pytestmark = pytest.mark.usefixtures("database", "cheap_hashes")


@pytest.fixture
async def lina() -> Member:
    """The administrator of an admitted company."""
    return await Member.first_of((await make_company()).id)


async def test_a_wrong_password_an_unknown_name_and_a_member_shut_out_get_the_same_answer(lina: Member) -> None:
    shut_out = await Member.first_of((await make_company(status=CompanyStatus.REJECTED)).id)
    wrong = await fail(lina.sign_in_name, "192.0.2.10")
    unknown = await fail("nobody@example.com", "192.0.2.11")
    rejected = await fail(shut_out.sign_in_name, "192.0.2.12", PASSWORD)
    assert str(wrong) == str(unknown) == str(rejected)
    assert wrong.facts() == unknown.facts() == rejected.facts()


async def test_an_unknown_name_and_a_wrong_password_take_the_same_statements(lina: Member) -> None:
    async with counting() as of_known:
        await fail(lina.sign_in_name, "192.0.2.20")
    async with counting() as of_unknown:
        await fail("nobody@example.com", "192.0.2.21")
    assert of_known == of_unknown
    assert len([text for text in of_known if "sign_in_failure" in text]) == 5, (
        "two counts, a row, a sweep, and the wait"
    )


async def test_a_failure_is_counted_although_it_is_raised_and_holds_no_name(lina: Member) -> None:
    await fail(lina.sign_in_name)
    [row] = await pool().fetch("SELECT * FROM sign_in_failure")
    assert lina.sign_in_name not in str(dict(row))
    assert row["address"] == HOME


async def test_after_twenty_wrong_tries_the_right_password_is_wrong_too(lina: Member) -> None:
    for n in range(WRONG_TRIES - 1):
        assert (await fail(lina.sign_in_name, f"192.0.2.{n}")).retry_after == 1
    assert (await fail(lina.sign_in_name, "192.0.2.99")).retry_after > 890
    refused = await fail(lina.sign_in_name, ELSEWHERE, PASSWORD)
    assert 0 < refused.retry_after <= 900
    assert await pool().fetchval("SELECT count(*) FROM session WHERE member_id = $1", lina.id) == 0


async def test_a_paused_name_opens_again_when_the_window_has_moved_on(lina: Member) -> None:
    start = clock.now()
    with clock.held_at(start):
        for n in range(WRONG_TRIES):
            await fail(lina.sign_in_name, f"192.0.2.{n}")
        await fail(lina.sign_in_name, ELSEWHERE, PASSWORD)
    with clock.held_at(start + timedelta(minutes=15, seconds=1)):
        assert (await enter(lina)).member.id == lina.id


async def test_refused_tries_do_not_prolong_the_pause(lina: Member) -> None:
    start = clock.now()
    with clock.held_at(start):
        for n in range(WRONG_TRIES):
            await fail(lina.sign_in_name, f"192.0.2.{n}")
    with clock.held_at(start + timedelta(minutes=10)):
        assert (await fail(lina.sign_in_name)).retry_after == 300
    with clock.held_at(start + timedelta(minutes=15, seconds=1)):
        await enter(lina)


async def test_an_unknown_name_is_paused_like_a_known_one() -> None:
    for n in range(WRONG_TRIES):
        await fail("nobody@example.com", f"192.0.2.{n}")
    assert (await fail("nobody@example.com", ELSEWHERE)).retry_after > 800


async def test_after_twenty_wrong_tries_an_address_is_paused_for_every_name(lina: Member) -> None:
    for n in range(WRONG_TRIES):
        await fail(f"guess-{n}@example.com", ELSEWHERE)
    await fail(lina.sign_in_name, ELSEWHERE, PASSWORD)
    assert (await enter(lina, HOME)).member.id == lina.id


async def test_an_unknown_address_pauses_nobody_but_the_name(lina: Member) -> None:
    for n in range(WRONG_TRIES):
        await fail(f"guess-{n}@example.com", "")
    assert (await enter(lina, "")).member.id == lina.id


async def test_forty_tries_at_once_learn_no_more_than_twenty(lina: Member) -> None:
    tries = [sign_in(lina.sign_in_name, WRONG, f"192.0.2.{n}") for n in range(40)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(outcome, SignInFailed) for outcome in outcomes)
    assert await count("sign_in_failure") == WRONG_TRIES


async def test_thirty_colleagues_may_sign_in_at_once_behind_one_address(lina: Member) -> None:
    signed_in = await asyncio.gather(*(enter(lina, ELSEWHERE) for _ in range(30)))
    assert len({one.refresh_token for one in signed_in}) == 30


async def test_forgotten_failures_are_swept_away(lina: Member) -> None:
    start = clock.now()
    with clock.held_at(start - timedelta(hours=1)):
        for n in range(8):
            await fail(f"guess-{n}@example.com", f"192.0.2.{n}")
    for n in range(2):
        await fail("nobody@example.com", f"192.0.2.{n}")
    assert await count("sign_in_failure") == 2
