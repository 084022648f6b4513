"""A key is shown once, is good for its scopes, and only until it is revoked."""

from datetime import timedelta

import pytest

from models import ApiKey, Company, Member
from models.database import pool
from rules.people import Actor, CompanyKind, Role, Scope
from rules.problems import InvalidInput, KeyReused, NotAllowed, NotFound, Unauthenticated
from services import clock
from services.api_keys import create_api_key, revoke_api_key
from services.callers import recognise
from services.companies import set_delivery_defaults
from tests.makers import actor_of, make_actor, make_company, make_key

pytestmark = pytest.mark.usefixtures("database")
READ = frozenset({Scope.READ})


@pytest.fixture
async def company() -> Company:
    """An admitted supplier."""
    return await make_company(CompanyKind.SUPPLIER)


@pytest.fixture
async def admin(company: Company) -> Actor:
    """Its administrator."""
    return await actor_of(await Member.first_of(company.id))


async def make_secret(admin: Actor, *scopes: Scope) -> tuple[ApiKey, str]:
    """A key and its text."""
    key, text = await create_api_key(admin, "ERP", frozenset(scopes or READ), None, idempotency_key=make_key())
    assert text is not None
    return key, text


async def test_a_machine_acts_for_the_company_in_the_keys_scopes(company: Company, admin: Actor) -> None:
    key, text = await make_secret(admin, Scope.CATALOGUE, Scope.READ)
    assert text.startswith(f"dk_{key.id.hex}_")
    actor = await recognise(text)
    assert (actor.company, actor.member, actor.name) == (company.id, None, "ERP")
    assert actor.may("create_product")
    assert actor.may_read
    assert not actor.may("despatch_shipment")
    assert not actor.may("sign_contract")
    with pytest.raises(NotAllowed):
        await set_delivery_defaults(actor, company.version, None, "Asia/Shanghai")


async def test_a_key_without_the_scope_reads_nothing(admin: Actor) -> None:
    _, text = await make_secret(admin, Scope.CATALOGUE)
    actor = await recognise(text)
    assert not actor.may_read
    assert not await Company.visible_to(actor)
    assert not await Member.visible_to(actor)


async def test_only_the_hash_of_the_secret_is_stored(admin: Actor) -> None:
    _, text = await make_secret(admin)
    secret = text.split("_", 2)[2]
    for table in ("api_key", "event", "idempotency_key"):
        stored = await pool().fetch(f"SELECT row_to_json(t)::text AS row FROM {table} AS t")
        assert not any(secret in row["row"] for row in stored)


async def test_a_repeated_request_gives_the_key_but_not_its_secret_again(admin: Actor) -> None:
    idempotency_key = make_key()
    first, text = await create_api_key(admin, "ERP", READ, None, idempotency_key=idempotency_key)
    again, nothing = await create_api_key(admin, "ERP", READ, None, idempotency_key=idempotency_key)
    assert (again.id, nothing) == (first.id, None)
    assert text is not None
    await recognise(text)
    with pytest.raises(KeyReused):
        await create_api_key(admin, "CRM", READ, None, idempotency_key=idempotency_key)


async def test_a_key_needs_a_scope_and_a_future(admin: Actor) -> None:
    with pytest.raises(InvalidInput):
        await create_api_key(admin, "ERP", frozenset(), None, idempotency_key=make_key())
    with pytest.raises(InvalidInput):
        await create_api_key(admin, "ERP", READ, clock.now(), idempotency_key=make_key())


async def test_only_administrators_see_make_and_revoke_keys(company: Company, admin: Actor) -> None:
    key, _ = await make_secret(admin)
    seller = await make_actor(company, Role.SALES)
    rival = await actor_of(await Member.first_of((await make_company(CompanyKind.SUPPLIER)).id))
    assert [seen.id for seen in await ApiKey.visible_to(admin)] == [key.id]
    assert not await ApiKey.visible_to(seller)
    assert not await ApiKey.visible_to(rival)
    with pytest.raises(NotAllowed):
        await create_api_key(seller, "ERP", READ, None, idempotency_key=make_key())
    with pytest.raises(NotAllowed):
        await revoke_api_key(seller, key.id)
    with pytest.raises(NotFound):
        await revoke_api_key(rival, key.id)
    with pytest.raises(Unauthenticated):
        await revoke_api_key(Actor.anonymous(), key.id)


async def test_a_revoked_key_is_believed_no_longer_and_may_be_revoked_again(admin: Actor) -> None:
    key, text = await make_secret(admin)
    revoked = await revoke_api_key(admin, key.id)
    assert revoked.revoked_at is not None
    assert (await revoke_api_key(admin, key.id)).revoked_at == revoked.revoked_at
    with pytest.raises(Unauthenticated):
        await recognise(text)


async def test_a_key_is_good_until_the_moment_it_expires(admin: Actor) -> None:
    end = clock.now() + timedelta(days=1)
    _, text = await create_api_key(admin, "ERP", READ, end, idempotency_key=make_key())
    assert text is not None
    with clock.held_at(end - timedelta(milliseconds=1)):
        await recognise(text)
    with clock.held_at(end), pytest.raises(Unauthenticated):
        await recognise(text)


async def test_making_and_revoking_stand_in_the_companys_stream(company: Company, admin: Actor) -> None:
    key, _ = await make_secret(admin)
    await revoke_api_key(admin, key.id)
    await revoke_api_key(admin, key.id)
    rows = await pool().fetch(
        "SELECT body::jsonb->>'action' AS action FROM event WHERE stream = $1 AND body::jsonb->>'key' = $2 ORDER BY seq",
        company.id,
        str(key.id),
    )
    assert [row["action"] for row in rows] == ["create_api_key", "revoke_api_key"]
