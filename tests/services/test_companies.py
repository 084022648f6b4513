"""Companies come in by the operator's decision, and set themselves up; strangers learn nothing by asking."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from models.database import pool
from rules.events import EventKind
from rules.people import CompanyKind, CompanyStatus, Role
from rules.problems import (
    Conflict,
    InvalidInput,
    KeyReused,
    SignInFailed,
)
from services.secret import Secret
from tests.entrance import count, events_of, register
from tests.makers import (
    PASSWORD,
    make_application,
    make_key,
    make_person,
    make_platform,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_a_registered_company_waits_with_its_administrator() -> None:
    company, administrator = await register(make_application(legal_name="  第一  贸易有限公司 "))
    assert (company.status, company.version, company.legal_name) == (CompanyStatus.APPLIED, 1, "第一 贸易有限公司")
    assert (administrator.company_id, administrator.roles) == (company.id, [Role.ADMIN])
    assert PASSWORD not in administrator.password_hash


async def test_the_platform_and_the_company_read_that_it_registered() -> None:
    operator = await make_platform()
    company, administrator = await register()
    [event] = await events_of(company)
    assert (event["kind"], event["seq"]) == (EventKind.COMPANY_REGISTERED, 1)
    assert set(event["readers"]) == {company.id, operator.company}
    assert (event["actor_company_id"], event["actor_member_id"]) == (company.id, administrator.id)


async def test_before_there_is_a_platform_only_the_company_reads_it() -> None:
    company, _ = await register()
    [event] = await events_of(company)
    assert event["readers"] == [company.id]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"credit_code": "91310000MA0000001X"}, "input.creditCode"),
        ({"credit_code": "short"}, "input.creditCode"),
        ({"legal_name": "  "}, "input.legalName"),
        ({"delivery_zone": "Mars/Olympus"}, "input.deliveryZone"),
        ({"kind": CompanyKind.PLATFORM}, "input.kind"),
    ],
)
async def test_a_wrong_application_is_refused_by_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await register(replace(make_application(), **changes))
    assert [fault.path for fault in refused.value.faults] == [field]
    assert await count("company") == await count("member") == await count("idempotency_key") == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sign_in_name": "a b"}, "input.signInName"),
        ({"display_name": " "}, "input.displayName"),
        ({"password": Secret("short")}, "input.password"),
        ({"password": Secret("password1234")}, "input.password"),
    ],
)
async def test_a_wrong_administrator_is_refused_by_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await register(person=replace(make_person(), **changes))
    assert [fault.path for fault in refused.value.faults] == [field]
    assert await count("company") == 0


async def test_the_companys_own_name_is_no_password() -> None:
    with pytest.raises(InvalidInput):
        await register(
            make_application(english_name="Northwind Harbour Trading"),
            make_person(password=Secret("NorthwindHarbour1")),
        )


async def test_a_small_letter_in_the_credit_code_is_no_other_company() -> None:
    company, _ = await register()
    with pytest.raises(Conflict) as refused:
        await register(make_application(credit_code=f" {company.credit_code.lower()}"))
    assert refused.value.field == "creditCode"


async def test_a_taken_sign_in_name_leaves_no_company_behind() -> None:
    _, administrator = await register()
    with pytest.raises(Conflict) as refused:
        await register(person=make_person(sign_in_name=administrator.sign_in_name.upper()))
    assert refused.value.field == "signInName"
    assert await count("company") == 1


async def test_of_two_that_register_one_company_at_once_one_gets_it() -> None:
    application = make_application()
    outcomes = await asyncio.gather(*(register(application) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 3
    assert await count("company") == await count("member") == 1


async def test_a_double_click_registers_once_and_gets_one_answer() -> None:
    application, person, key = make_application(), make_person(), make_key()
    answers = await asyncio.gather(*(register(application, person, key) for _ in range(10)))
    assert {(company.id, member.id) for company, member in answers} == {(answers[0][0].id, answers[0][1].id)}
    assert await count("company") == await count("event") == 1


async def test_the_same_key_with_another_request_is_refused() -> None:
    application, person, key = make_application(), make_person(), make_key()
    await register(application, person, key)
    with pytest.raises(KeyReused):
        await register(replace(application, legal_name="another"), person, key)


async def test_who_guesses_anothers_key_without_the_password_gets_no_answer() -> None:
    application, person, key = make_application(), make_person(), make_key()
    await register(application, person, key)
    with pytest.raises(KeyReused):
        await register(application, replace(person, password=Secret("kettle orbit mango seven")), key)


async def test_two_strangers_may_use_one_key_for_two_companies() -> None:
    key = make_key()
    (one, _), (other, _) = await register(key=key), await register(key=key)
    assert one.id != other.id


async def test_neither_password_nor_its_hash_is_part_of_what_is_remembered() -> None:
    application, person, key = make_application(), make_person(), make_key()
    await register(application, person, key)
    first = await pool().fetchval("SELECT fingerprint FROM idempotency_key")
    await pool().execute("DELETE FROM idempotency_key")
    with pytest.raises(Conflict):
        await register(application, replace(person, password=Secret("kettle orbit mango seven")), key)
    second = await pool().fetchval("SELECT fingerprint FROM idempotency_key")
    assert first is not None
    assert second is None, "a refusal leaves no key behind"


async def test_asking_which_names_are_taken_is_slow_like_guessing() -> None:
    _, administrator = await register()
    for _ in range(20):
        with pytest.raises(Conflict):
            await register(person=make_person(sign_in_name=administrator.sign_in_name), address="198.51.100.1")
    with pytest.raises(SignInFailed):
        await register(address="198.51.100.1")
    await register(address="198.51.100.2")
