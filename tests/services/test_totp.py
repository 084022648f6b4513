"""Authenticator apps: a code is good once, for its owner, and guessing it is as slow as guessing passwords."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from models import Authenticator, Member
from rules.people import Actor, Role, Scope
from rules.problems import InvalidInput, NotAllowed, ProofFailed, TotpRequired, Unauthenticated
from rules.signing_in import WRONG_TRIES
from services import clock, passwords, vault
from services.secret import Secret
from services.sessions import sign_in
from services.totp import STEP, Proof, confirm_totp, disable_totp, enrol_totp, prove
from tests.authenticators import App, make_app
from tests.makers import HOME, PASSWORD, make_actor, make_company
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("database", "cheap_hashes")
NOON = "2026-12-01T12:00:00+00:00"


@pytest.fixture
def cheap_hashes() -> Iterator[None]:
    """Dozens of tries in each test, at the same moment."""
    with passwords.cheaply(), clock.held_at(NOON):
        yield


@pytest.fixture
async def lina() -> Actor:
    """A signatory."""
    return await make_actor(await make_company(), Role.SIGNATORY)


def given(app: App, step: int = 0, password: str = PASSWORD) -> Proof:
    """The code of so many steps from now."""
    return Proof(Secret(password), Secret(app.at(int(clock.now().timestamp()) // STEP + step)))


async def is_proven(actor: Actor, proof: Proof) -> bool:
    """Whether the proof is taken."""
    try:
        await prove(actor, proof, address=HOME)
    except ProofFailed:
        return False
    return True


async def test_a_code_is_good_once_and_none_before_it_afterwards(lina: Actor) -> None:
    app = await make_app(lina)
    assert await is_proven(lina, given(app, 1))
    for step in (1, 0, -1):
        assert not await is_proven(lina, given(app, step))
    with clock.held_at(clock.now() + timedelta(seconds=STEP)):
        assert await is_proven(lina, given(app, 1))


async def test_of_two_who_offer_one_code_at_once_one_is_believed(lina: Actor) -> None:
    app = await make_app(lina)
    proven, refused = await at_once(*(prove(lina, given(app), address=HOME) for _ in range(4)))
    assert (len(proven), [type(problem) for problem in refused]) == (1, [ProofFailed] * 3)


@pytest.mark.parametrize(("step", "is_good"), [(-2, False), (-1, False), (0, True), (1, True), (2, False)], ids=str)
async def test_a_telephone_s_clock_may_be_off_by_half_a_minute(lina: Actor, step: int, is_good: bool) -> None:
    app = await make_app(lina)  # which has used the code of the step before
    assert await is_proven(lina, given(app, step)) == is_good


async def test_password_and_code_are_both_needed_and_the_answer_tells_not_which_was_wrong(lina: Actor) -> None:
    app, other = await make_app(lina), await make_app(await make_actor(await make_company(), Role.SIGNATORY))
    wrong = Proof(Secret("wrong horse"), Secret("000000"))
    told = set()
    for proof in (given(app, 0, "wrong horse"), given(other), replace(given(app), code=Secret("12")), wrong):
        with pytest.raises(ProofFailed) as refused:
            await prove(lina, proof, address=HOME)
        told.add((str(refused.value), str(refused.value.facts())))
    assert len(told) == 1
    assert await is_proven(lina, given(app)), "a wrong try costs no code"


async def test_guessing_codes_shuts_the_door_for_signing_in_as_well(lina: Actor) -> None:
    app = await make_app(lina)
    wrong = Proof(Secret(PASSWORD), Secret("000000"))
    for _ in range(WRONG_TRIES):
        assert not await is_proven(lina, wrong)
    assert not await is_proven(lina, given(app))
    assert lina.member is not None
    with pytest.raises(Exception, match="too many attempts"):
        await sign_in((await Member.named(lina.member)).sign_in_name, PASSWORD, "198.51.100.9")


async def test_an_authenticator_counts_after_its_first_code_and_is_kept_unreadable(lina: Actor) -> None:
    assert lina.member is not None
    with pytest.raises(TotpRequired):
        await prove(lina, Proof(Secret(PASSWORD), Secret("000000")), address=HOME)
    with pytest.raises(TotpRequired):
        await confirm_totp(lina, Secret("000000"), address=HOME)
    with pytest.raises(ProofFailed):
        await enrol_totp(lina, Secret("wrong horse"), None, address=HOME)
    enrolled = await enrol_totp(lina, Secret(PASSWORD), None, address=HOME)
    app = App(enrolled.secret)
    assert f"secret={enrolled.secret}" in enrolled.uri
    with pytest.raises(TotpRequired):
        await prove(lina, given(app), address=HOME)
    with pytest.raises(ProofFailed):
        await confirm_totp(lina, Secret("000000"), address=HOME)
    await confirm_totp(lina, given(app).code, address=HOME)
    assert not await is_proven(lina, given(app)), "confirming used it"
    assert await is_proven(lina, given(app, 1))
    row = await Authenticator.of(lina.member)
    assert row is not None
    assert row.secret is not None
    assert enrolled.secret.encode() not in row.secret
    assert vault.opened(row.secret, row.member_id) == enrolled.secret


async def test_one_that_counts_is_replaced_or_taken_away_with_its_own_code_alone(lina: Actor) -> None:
    app = await make_app(lina)
    with pytest.raises(InvalidInput):
        await enrol_totp(lina, Secret(PASSWORD), None, address=HOME)
    with pytest.raises(ProofFailed):
        await enrol_totp(lina, Secret(PASSWORD), Secret("000000"), address=HOME)
    newer = App((await enrol_totp(lina, Secret(PASSWORD), given(app).code, address=HOME)).secret)
    assert not await is_proven(lina, given(newer)), "the old one counts until the new one is confirmed"
    await confirm_totp(lina, given(newer, -1).code, address=HOME)
    assert not await is_proven(lina, given(app, 1))
    with pytest.raises(ProofFailed):
        await disable_totp(lina, given(app, 1), address=HOME)
    await disable_totp(lina, given(newer), address=HOME)
    with pytest.raises(TotpRequired):
        await prove(lina, given(newer, 1), address=HOME)


async def test_another_s_secret_or_another_key_opens_nothing(lina: Actor) -> None:
    app, other = await make_app(lina), await make_actor(await make_company(), Role.SIGNATORY)
    await make_app(other)
    assert (lina.member, other.member) != (None, None)
    stolen = await Authenticator.get(member_id=lina.member)
    await Authenticator.filter(member_id=other.member).update(secret=stolen.secret)
    assert not await is_proven(other, given(app))


async def test_machines_and_strangers_have_none() -> None:
    machine = Actor(company=(await make_company()).id, scopes=frozenset(Scope))
    for nobody, refusal in ((machine, NotAllowed), (Actor.anonymous(), Unauthenticated)):
        with pytest.raises(refusal):
            await enrol_totp(nobody, Secret(PASSWORD), None, address=HOME)
