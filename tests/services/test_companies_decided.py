"""What the operator decides about companies, and what these set up for themselves."""

import asyncio
from decimal import Decimal

import pytest

from models import ApprovalRule, Company, Event, Member
from rules.approval_rules import Conditions
from rules.events import EventKind
from rules.money import Currency
from rules.people import CompanyKind, CompanyStatus, Role
from rules.problems import (
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleVersion,
    Unauthenticated,
    WrongStatus,
)
from services import passwords
from services.asking import as_rule
from services.companies import (
    Limit,
    found_platform,
    review_company,
    set_approval_threshold,
    set_delivery_defaults,
    suspend_company,
)
from tests.entrance import STRANGER, count, events_of, register
from tests.makers import (
    actor_of,
    make_actor,
    make_application,
    make_company,
    make_person,
    make_platform,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_the_operator_admits_a_company_and_both_read_it() -> None:
    operator, (company, _) = await make_platform(), await register()
    admitted = await review_company(operator, company.id, 1, CompanyStatus.APPROVED, "欢迎")
    assert (admitted.status, admitted.version, admitted.review_note) == (CompanyStatus.APPROVED, 2, "欢迎")
    assert admitted.reviewed_at is not None
    [_, reviewed] = await events_of(company)
    assert (reviewed["kind"], reviewed["seq"]) == (EventKind.COMPANY_REVIEWED, 2)
    assert set(reviewed["readers"]) == {company.id, operator.company}


async def test_the_operator_decides_on_what_was_read_and_only_once() -> None:
    operator, (company, _) = await make_platform(), await register()
    with pytest.raises(StaleVersion):
        await review_company(operator, company.id, 0, CompanyStatus.APPROVED)
    decisions = [CompanyStatus.APPROVED, CompanyStatus.REJECTED]
    both = (review_company(operator, company.id, 1, decision) for decision in decisions)
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(outcome, StaleVersion) for outcome in outcomes) == 1
    assert len(await events_of(company)) == 2
    with pytest.raises(WrongStatus):
        await review_company(operator, company.id, 2, CompanyStatus.APPROVED)


async def test_nobody_but_the_operator_decides() -> None:
    company, administrator = await register()
    supplier = await make_actor(await make_company(CompanyKind.SUPPLIER), Role.ADMIN)
    for actor, refusal in (
        (STRANGER, Unauthenticated),
        (await actor_of(administrator), NotAllowed),
        (supplier, NotAllowed),
    ):
        with pytest.raises(refusal):
            await review_company(actor, company.id, 1, CompanyStatus.APPROVED)
        with pytest.raises(refusal):
            await suspend_company(actor, company.id, 1, "no")


async def test_a_missing_company_is_not_found() -> None:
    operator = await make_platform()
    assert operator.member is not None
    with pytest.raises(NotFound):
        await review_company(operator, operator.member, 1, CompanyStatus.APPROVED)


async def test_the_platform_cannot_shut_itself_out() -> None:
    operator = await make_platform()
    with pytest.raises(NotAllowed):
        await suspend_company(operator, operator.home, 1, "oops")


async def test_a_suspended_company_can_be_let_in_again() -> None:
    operator, company = await make_platform(), await make_company()
    suspended = await suspend_company(operator, company.id, company.version, "欠费")
    assert (suspended.status, suspended.review_note) == (CompanyStatus.SUSPENDED, "欠费")
    back = await review_company(operator, company.id, suspended.version, CompanyStatus.APPROVED)
    assert back.status is CompanyStatus.APPROVED


async def test_there_is_one_platform_however_often_and_by_however_many_it_is_founded() -> None:
    with passwords.cheaply():
        founders = (found_platform(make_application(), make_person()) for _ in range(4))
        platforms = await asyncio.gather(*founders)
    assert len({platform.id for platform in platforms}) == 1
    assert await count("company") == await count("member") == 1
    assert (await Member.first_of(platforms[0].id)).roles == [Role.ADMIN, Role.OPERATOR]


async def test_an_admin_sets_the_approval_threshold_and_the_operator_reads_that_but_not_how_much() -> None:
    company = await make_company()
    admin = await actor_of(await Member.first_of(company.id))
    changed = await set_approval_threshold(admin, company.version, Limit(Decimal("10000.00"), Currency.CNY))
    [rule] = await ApprovalRule.in_force(company.id)
    assert as_rule(rule).conditions == Conditions(Decimal("10000.00"), "CNY")
    *_, event = await events_of(company)
    assert (event["kind"], event["seq"]) == (EventKind.COMPANY_CHANGED, changed.version)
    assert "10000" not in event["body"]
    assert await ApprovalRule.visible_to(await make_platform()) == []
    await set_approval_threshold(admin, changed.version, None)
    assert await ApprovalRule.in_force(company.id) == []


@pytest.mark.parametrize(
    "limit",
    [Limit(Decimal(-1), Currency.CNY), Limit(Decimal("0.001"), Currency.CNY), Limit(Decimal(1), Currency.USD)],
)
async def test_a_threshold_is_an_amount_of_the_companys_money(limit: Limit) -> None:
    company = await make_company()
    admin = await actor_of(await Member.first_of(company.id))
    with pytest.raises(InvalidInput):
        await set_approval_threshold(admin, company.version, limit)


async def test_an_admin_sets_where_orders_are_delivered() -> None:
    company = await make_company()
    admin = await actor_of(await Member.first_of(company.id))
    changed = await set_delivery_defaults(admin, company.version, "1 Harbour Way", "America/Los_Angeles")
    assert (changed.delivery_place, changed.delivery_zone) == ("1 Harbour Way", "America/Los_Angeles")
    with pytest.raises(InvalidInput):
        await set_delivery_defaults(admin, changed.version, None, "Shanghai")
    with pytest.raises(StaleVersion):
        await set_delivery_defaults(admin, company.version, None, "Asia/Shanghai")


async def test_who_is_no_admin_sets_nothing_up() -> None:
    company = await make_company()
    requester = await make_actor(company, Role.REQUESTER)
    with pytest.raises(NotAllowed):
        await set_approval_threshold(requester, company.version, None)
    with pytest.raises(NotAllowed):
        await set_delivery_defaults(requester, company.version, None, "Asia/Shanghai")


async def test_an_applicant_does_and_sees_nothing_but_itself() -> None:
    other = await make_company(CompanyKind.SUPPLIER)
    company, administrator = await register()
    applicant = await actor_of(administrator)
    assert applicant.is_waiting
    assert [seen.id for seen in await Company.visible_to(applicant)] == [company.id]
    assert [seen.id for seen in await Member.visible_to(applicant)] == [administrator.id]
    assert other.id not in {seen.id for seen in await Company.visible_to(STRANGER)}
    with pytest.raises(NotAllowed):
        await set_approval_threshold(applicant, company.version, None)


async def test_the_event_numbers_are_the_companys_versions_without_a_gap() -> None:
    company = await make_company()
    admin = await actor_of(await Member.first_of(company.id))
    await make_actor(company, Role.REQUESTER)
    company = await Company.named(company.id)
    await set_approval_threshold(admin, company.version, None)
    events = await events_of(company)
    assert [event["seq"] for event in events] == list(range(1, (await Company.named(company.id)).version + 1))
    assert await Event.exists(stream=company.id)
