"""Whoever acts is looked at afresh each time, by one statement, and in doubt is nobody."""

from datetime import timedelta
from uuid import UUID

import pytest

from models import ApiKey, Member, Session
from models.base import new_id
from rules.people import Actor, CompanyKind, CompanyStatus, Role, Scope
from rules.problems import Unauthenticated
from services import clock, passwords, tokens
from services.api_keys import create_api_key
from services.callers import recognise
from services.companies import review_company, suspend_company
from services.members import deactivate_member
from services.sessions import sign_in
from tests.makers import HOME, PASSWORD, actor_of, make_company, make_key, make_member, make_platform
from tests.statements import counting

pytestmark = pytest.mark.usefixtures("database")


async def token_of(member: Member) -> str:
    """An access token of the member."""
    with passwords.cheaply():
        return (await sign_in(member.sign_in_name, PASSWORD, HOME)).access_token.text


async def key_of(admin: Actor) -> str:
    """An API key of the administrator's company."""
    _, text = await create_api_key(admin, "ERP", frozenset({Scope.READ}), None, idempotency_key=make_key())
    assert text is not None
    return text


async def test_a_member_is_known_by_the_access_token() -> None:
    company = await make_company(CompanyKind.TRADER)
    member = await make_member(company, Role.SALES, Role.REQUESTER)
    actor = await recognise(await token_of(member))
    assert (actor.company, actor.member, actor.kind) == (company.id, member.id, CompanyKind.TRADER)
    assert actor.roles == {Role.SALES, Role.REQUESTER}
    assert (actor.name, actor.locale, actor.scopes) == (member.display_name, "zh-CN", None)
    assert actor.session is not None


async def test_an_applicant_is_known_but_has_no_role_until_admitted() -> None:
    company = await make_company(status=CompanyStatus.APPLIED)
    token = await token_of(await Member.first_of(company.id))
    assert (await recognise(token)).roles == frozenset()
    await review_company(await make_platform(), company.id, 1, CompanyStatus.APPROVED)
    assert (await recognise(token)).roles == {Role.ADMIN}


async def test_a_rejected_applicant_is_out_at_once() -> None:
    company = await make_company(status=CompanyStatus.APPLIED)
    token = await token_of(await Member.first_of(company.id))
    await review_company(await make_platform(), company.id, 1, CompanyStatus.REJECTED)
    with pytest.raises(Unauthenticated):
        await recognise(token)


async def test_the_machines_of_a_suspended_company_are_out_at_once() -> None:
    company = await make_company()
    text = await key_of(await actor_of(await Member.first_of(company.id)))
    await recognise(text)
    company = await type(company).named(company.id)
    await suspend_company(await make_platform(), company.id, company.version, "欠费")
    with pytest.raises(Unauthenticated):
        await recognise(text)


async def test_a_token_is_of_one_member_and_one_session() -> None:
    company = await make_company()
    one, other = await make_member(company), await make_member(company)
    actor = await recognise(await token_of(one))
    assert actor.session is not None
    with pytest.raises(Unauthenticated):
        await recognise(tokens.issue(other.id, actor.session).text)
    with pytest.raises(Unauthenticated):
        await recognise(tokens.issue(one.id, UUID(int=1)).text)


async def test_a_session_that_began_while_the_member_was_let_go_is_worth_nothing() -> None:
    company = await make_company()
    member, admin = await make_member(company), await actor_of(await Member.first_of(company.id))
    await deactivate_member(admin, member.id, 1)
    late = Session(id=new_id(), member_id=member.id, expires_at=clock.now() + timedelta(days=1), created_at=clock.now())
    await late.save()
    with pytest.raises(Unauthenticated):
        await recognise(tokens.issue(member.id, late.id).text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "dk_",
        "dk_1_2",
        "dk_" + "0" * 32,
        "dk_" + "0" * 32 + "_" + "A" * 43,
        "dk_" + "0" * 32 + "_" + "A" * 44,
        "dk_" + "G" * 32 + "_" + "A" * 43,
        "dk_" + "0" * 32 + "_" + "é" * 43,
    ],
)
async def test_what_is_no_credential_is_nobody(text: str) -> None:
    with pytest.raises(Unauthenticated):
        await recognise(text)


async def test_another_secret_for_a_real_key_is_nobody() -> None:
    text = await key_of(await actor_of(await Member.first_of((await make_company()).id)))
    with pytest.raises(Unauthenticated):
        await recognise(text[:-1] + ("A" if text[-1] != "A" else "B"))


async def test_a_person_costs_one_statement_each_time() -> None:
    token = await token_of(await make_member(await make_company()))
    async with counting() as sent:
        await recognise(token)
        await recognise(token)
    assert len([text for text in sent if "member" in text]) == 2
    assert len(sent) == 2


async def test_when_a_key_was_used_is_noted_once_a_minute() -> None:
    admin = await actor_of(await Member.first_of((await make_company()).id))
    text = await key_of(admin)
    [key] = await ApiKey.visible_to(admin)
    assert key.last_used_at is None
    start = clock.now()
    for seconds, noted in ((0, 0), (59, 0), (61, 61), (100, 61), (122, 122)):
        with clock.held_at(start + timedelta(seconds=seconds)):
            await recognise(text)
        [key] = await ApiKey.visible_to(admin)
        assert key.last_used_at == start + timedelta(seconds=noted)
