"""Hashing keeps the loop free, costs the same for names nobody has, and can grow dearer over the years."""

import asyncio
import time

from services import passwords

PASSWORD = "correct horse battery staple"


async def test_the_right_password_fits_and_another_does_not() -> None:
    stored = await passwords.hashed(PASSWORD)
    assert PASSWORD not in stored
    assert (await passwords.fits(PASSWORD, stored)).is_right
    assert not (await passwords.fits(PASSWORD + "!", stored)).is_right


async def test_two_spellings_of_one_password_are_one_password() -> None:
    with passwords.cheaply():
        stored = await passwords.hashed("Ｐａｓｓ phrase of ours é")
        assert (await passwords.fits("Pass phrase of ours é", stored)).is_right


async def test_no_password_fits_nobody() -> None:
    assert not (await passwords.fits(PASSWORD, None)).is_right
    assert not (await passwords.fits("nobody has this one", None)).is_right


async def test_an_unknown_name_costs_what_a_known_one_costs() -> None:
    stored = await passwords.hashed(PASSWORD)
    cost_of_known, cost_of_unknown = (text.rsplit("$", 2)[0] for text in (stored, passwords._decoy(passwords._hasher)))
    assert cost_of_known == cost_of_unknown == "$argon2id$v=19$m=65536,t=3,p=4"


async def test_the_work_for_an_unknown_name_is_really_done() -> None:
    stored = await passwords.hashed(PASSWORD)
    await passwords.fits(PASSWORD, None)  # makes the decoy
    known, unknown = [await _work(password_hash) for password_hash in (stored, None)]
    assert unknown > known / 3, "processor time, not time on a clock: a busy machine changes it little"


async def _work(stored: str | None) -> float:
    before = time.process_time()
    await passwords.fits(PASSWORD + "!", stored)
    return time.process_time() - before


async def test_a_hash_of_an_older_cost_is_made_anew() -> None:
    with passwords.cheaply():
        stored = await passwords.hashed(PASSWORD)
    fit = await passwords.fits(PASSWORD, stored)
    assert fit.is_right
    assert fit.rehashed is not None
    assert "m=65536" in fit.rehashed
    assert (await passwords.fits(PASSWORD, fit.rehashed)).rehashed is None


def test_cheap_is_over_when_the_last_who_wanted_it_is_done() -> None:
    """They overlap: the first to begin is the first to end."""
    first, second = passwords.cheaply(), passwords.cheaply()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert passwords._hasher is passwords.LOW_COST
    second.__exit__(None, None, None)
    assert passwords._hasher is passwords.FULL_COST


async def test_others_go_on_while_ten_people_sign_in() -> None:
    stored = await passwords.hashed(PASSWORD)
    turns = 0

    async def somebody_else() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.001)
            turns += 1

    other = asyncio.create_task(somebody_else())
    fits = await asyncio.gather(*(passwords.fits(PASSWORD, stored) for _ in range(10)))
    other.cancel()
    assert all(fit.is_right for fit in fits)
    assert turns > 10, "a hash on the loop would have left no turn between one and the next"
