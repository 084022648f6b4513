"""Who, in the schema: what the door answers, and what a company shows to whom."""

from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from models import Company, Member
from resolvers.admissions import AdmissionMutation
from resolvers.companies import CompanyQuery
from resolvers.context import Context
from resolvers.executor import LevelExecutor
from resolvers.ids import encode_id
from resolvers.members import MemberMutation
from resolvers.node import NodeQuery
from resolvers.problems import REFUSALS
from resolvers.scalars import SCALARS
from resolvers.sessions import SessionMutation
from rules.people import Actor, CompanyKind, CompanyStatus, Role
from rules.problems import Unauthenticated
from services import passwords
from services.callers import recognise
from tests.makers import (
    HOME,
    PASSWORD,
    actor_of,
    make_actor,
    make_company,
    make_credit_code,
    make_key,
    make_member,
    make_platform,
)

pytestmark = pytest.mark.usefixtures("database")

schema = strawberry.Schema(
    query=merge_types("Query", (CompanyQuery, NodeQuery)),
    mutation=merge_types("Mutation", (SessionMutation, AdmissionMutation, MemberMutation)),
    config=StrawberryConfig(scalar_map=SCALARS),
    exception_handlers=REFUSALS,
    execution_context_class=LevelExecutor,
)
PROBLEM = "... on Problem { code message }"
SIGN_IN = f"""mutation ($input: SignInInput!) {{ signIn(input: $input) {{ __typename {PROBLEM}
    ... on SignInProblem {{ retryAfter }}
    ... on SignInSuccess {{ accessToken accessTokenExpiresAt refreshToken member {{ id roles company {{ status }} }} }} }} }}"""
REFRESH = f"""mutation ($input: RefreshSessionInput!) {{ refreshSession(input: $input) {{ {PROBLEM}
    ... on RefreshSessionSuccess {{ accessToken refreshToken member {{ id }} }} }} }}"""
REGISTER = f"""mutation ($input: RegisterCompanyInput!) {{ registerCompany(input: $input) {{ __typename {PROBLEM}
    ... on ConflictProblem {{ field }}
    ... on InvalidInputProblem {{ faults {{ field }} }}
    ... on RegisterCompanySuccess {{ company {{ id status statusLabel version }} administrator {{ signInName roles }} }} }} }}"""
COMPANY = """query ($id: ID!) { company(id: $id) { legalName creditCode kind status currency
    version deliveryPlace deliveryZone reviewNote reviewedAt } }"""
PRIVATE = ("version", "deliveryPlace", "deliveryZone", "reviewNote", "reviewedAt")
ME = "{ me { signInName roles company { legalName status version } } }"


async def run(actor: Actor, query: str, **variables: Any) -> Any:
    """The whole result of an operation."""
    context = Context(actor=actor, locale="en", address=HOME)
    with passwords.cheaply():
        return await schema.execute(query, variable_values=variables, context_value=context)


async def ask(actor: Actor, query: str, **variables: Any) -> Any:
    """What the one field of an operation answers; errors fail the test."""
    result = await run(actor, query, **variables)
    assert result.errors is None, result.errors
    [answer] = result.data.values()
    return answer


def application(**changes: Any) -> dict[str, Any]:
    """The input of a registration."""
    key = make_key()
    said = {"legalName": "第一贸易有限公司", "creditCode": make_credit_code(), "kind": "BUYER", "displayName": "李娜"}
    return {**said, "signInName": f"{key}@example.com", "password": PASSWORD, "idempotencyKey": key, **changes}


async def test_a_stranger_registers_signs_in_and_sees_that_the_company_waits() -> None:
    given = application()
    made = await ask(Actor.anonymous(), REGISTER, input=given)
    assert made["__typename"] == "RegisterCompanySuccess"
    assert made["company"]["status"] == "APPLIED"
    assert made["administrator"] == {"signInName": given["signInName"], "roles": ["ADMIN"]}
    opened = await ask(Actor.anonymous(), SIGN_IN, input={"signInName": given["signInName"], "password": PASSWORD})
    me = await ask(await recognise(opened["accessToken"]), ME)
    assert me["company"] == {"legalName": "第一贸易有限公司", "status": "APPLIED", "version": 1}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"creditCode": "9131000000000000XX"}, ["input.creditCode"]),
        ({"creditCode": "1", "legalName": ""}, ["input.legalName", "input.creditCode"]),
        ({"password": "short"}, ["input.password"]),
        ({"kind": "PLATFORM"}, ["input.kind"]),
    ],
)
async def test_wrong_fields_are_named(changes: dict[str, Any], fields: list[str]) -> None:
    refused = await ask(Actor.anonymous(), REGISTER, input=application(**changes))
    assert [fault["field"] for fault in refused["faults"]] == fields


async def test_what_is_taken_is_a_conflict() -> None:
    given = application()
    await ask(Actor.anonymous(), REGISTER, input=given)
    for field in ("creditCode", "signInName"):
        refused = await ask(Actor.anonymous(), REGISTER, input=application(**{field: given[field]}))
        assert (refused["__typename"], refused["code"], refused["field"]) == ("ConflictProblem", "ALREADY_TAKEN", field)


async def test_signing_in_gives_tokens_that_refresh_and_end() -> None:
    member = await Member.first_of((await make_company()).id)
    opened = await ask(Actor.anonymous(), SIGN_IN, input={"signInName": member.sign_in_name, "password": PASSWORD})
    assert opened["member"] == {
        "id": encode_id("Member", member.id),
        "roles": ["ADMIN"],
        "company": {"status": "APPROVED"},
    }
    renewed = await ask(Actor.anonymous(), REFRESH, input={"refreshToken": opened["refreshToken"]})
    assert renewed["refreshToken"] != opened["refreshToken"]
    actor = await recognise(renewed["accessToken"])
    ended = await ask(actor, "mutation { signOut { ... on SignOutSuccess { signedOutAt } } }")
    assert ended["signedOutAt"].endswith("Z")
    with pytest.raises(Unauthenticated):
        await recognise(renewed["accessToken"])


async def test_a_wrong_password_and_an_unknown_name_read_the_same() -> None:
    member = await Member.first_of((await make_company()).id)
    wrong = {"signInName": member.sign_in_name, "password": "wrong horse battery staple"}
    unknown = {"signInName": "nobody@example.com", "password": PASSWORD}
    one, other = [await ask(Actor.anonymous(), SIGN_IN, input=given) for given in (wrong, unknown)]
    assert one == other
    assert (one["__typename"], one["code"], one["retryAfter"]) == ("SignInProblem", "SIGN_IN_FAILED", 1)


async def test_a_bad_refresh_token_is_an_error_of_the_request() -> None:
    result = await run(Actor.anonymous(), REFRESH, input={"refreshToken": "dr_unknown"})
    assert result.data == {"refreshSession": None}
    assert isinstance(result.errors[0].original_error, Unauthenticated)


async def test_strangers_and_machines_are_nobody_in_person() -> None:
    company = await make_company()
    assert await ask(Actor.anonymous(), ME) is None
    assert await ask(Actor(company=company.id, scopes=frozenset()), ME) is None


async def test_a_company_shows_its_inside_to_its_own_people_and_the_operator_only() -> None:
    supplier = await make_company(CompanyKind.SUPPLIER, delivery_place="仓库一号")
    admin, rival = (
        await actor_of(await Member.first_of(supplier.id)),
        await make_actor(await make_company(), Role.VIEWER),
    )
    threshold = """mutation ($input: SetApprovalThresholdInput!) { setApprovalThreshold(input: $input) {
        ... on SetApprovalThresholdSuccess { company { version } } } }"""
    version = (await Company.named(supplier.id)).version
    wanted = {"expectedVersion": version, "threshold": {"amount": "10000.00", "currency": "CNY"}}
    changed = await ask(admin, threshold, input=wanted)
    assert changed["company"] == {"version": version + 1}
    ours, theirs = [await ask(actor, COMPANY, id=encode_id("Company", supplier.id)) for actor in (admin, rival)]
    assert (ours["deliveryPlace"], ours["deliveryZone"]) == ("仓库一号", "Asia/Shanghai")
    assert theirs["legalName"] == ours["legalName"]
    assert [theirs[name] for name in PRIVATE] == [None] * len(PRIVATE)
    seen_by_operator = await ask(await make_platform(), COMPANY, id=encode_id("Company", supplier.id))
    assert seen_by_operator == ours


async def test_another_buyer_an_id_of_nothing_and_a_malformed_one_look_the_same() -> None:
    buyer, other = await make_company(), await make_actor(await make_company(), Role.VIEWER)
    assert other.member is not None
    for id_ in (encode_id("Company", buyer.id), encode_id("Company", other.member), encode_id("Order", buyer.id), "x"):
        assert await ask(other, COMPANY, id=id_) is None
        assert await ask(Actor.anonymous(), COMPANY, id=id_) is None
        assert await ask(other, "query ($id: ID!) { node(id: $id) { id } }", id=id_) is None


async def test_the_operator_finds_who_waits_and_admits_them() -> None:
    operator, waiting = await make_platform(), await make_company(status=CompanyStatus.APPLIED)
    await make_company()
    query = "{ companies(status: APPLIED, first: 1) { nodes { id status version } pageInfo { hasNextPage } } }"
    found = await ask(operator, query)
    assert found["nodes"] == [{"id": encode_id("Company", waiting.id), "status": "APPLIED", "version": 1}]
    review = f"""mutation ($input: ReviewCompanyInput!) {{ reviewCompany(input: $input) {{ __typename {PROBLEM}
        ... on NotAllowedProblem {{ needs }} ... on ReviewCompanySuccess {{ company {{ status statusLabel reviewNote }} }} }} }}"""
    wanted = {"companyId": found["nodes"][0]["id"], "expectedVersion": 1, "decision": "APPROVED", "note": "欢迎"}
    buyer = await make_actor(await make_company(), Role.ADMIN)
    refused = await ask(buyer, review, input=wanted)
    assert (refused["code"], refused["needs"]) == ("NOT_ALLOWED", ["OPERATOR"])
    admitted = await ask(operator, review, input=wanted)
    assert (admitted["company"]["status"], admitted["company"]["reviewNote"]) == ("APPROVED", "欢迎")
    assert (await ask(operator, review, input=wanted))["code"] == "STALE_VERSION"


async def test_administrators_invite_change_and_let_go_in_the_schema() -> None:
    company = await make_company()
    admin = await actor_of(await Member.first_of(company.id))
    invite = f"""mutation ($input: InviteMemberInput!) {{ inviteMember(input: $input) {{ {PROBLEM}
        ... on InviteMemberSuccess {{ member {{ id roles version isActive }} }} }} }}"""
    person = {"signInName": f"{make_key()}@example.com", "displayName": "王芳", "password": PASSWORD}
    made = (await ask(admin, invite, input={**person, "roles": ["SALES"], "idempotencyKey": make_key()}))["member"]
    assert (made["roles"], made["version"], made["isActive"]) == (["SALES"], 1, True)
    change = f"""mutation ($input: ChangeRolesInput!) {{ changeRoles(input: $input) {{ {PROBLEM}
        ... on ChangeRolesSuccess {{ member {{ roles version }} }} }} }}"""
    changed = await ask(admin, change, input={"memberId": made["id"], "expectedVersion": 1, "roles": ["FINANCE"]})
    assert changed["member"] == {"roles": ["FINANCE"], "version": 2}
    leave = f"""mutation ($input: DeactivateMemberInput!) {{ deactivateMember(input: $input) {{ {PROBLEM}
        ... on DeactivateMemberSuccess {{ member {{ isActive }} }} }} }}"""
    left = await ask(admin, leave, input={"memberId": made["id"], "expectedVersion": 2})
    assert left["member"] == {"isActive": False}
    assert len((await ask(admin, "{ members(first: 10) { nodes { id } } }"))["nodes"]) == 2


async def test_a_keys_secret_is_shown_once() -> None:
    admin = await actor_of(await Member.first_of((await make_company()).id))
    create = f"""mutation ($input: CreateApiKeyInput!) {{ createApiKey(input: $input) {{ {PROBLEM}
        ... on CreateApiKeySuccess {{ secret apiKey {{ id name scopes createdBy {{ id }} lastUsedAt }} }} }} }}"""
    wanted = {"name": "ERP", "scopes": ["READ", "ORDERS"], "idempotencyKey": make_key()}
    first, again = await ask(admin, create, input=wanted), await ask(admin, create, input=wanted)
    assert again == {"secret": None, "apiKey": first["apiKey"]}
    assert (await recognise(first["secret"])).company == admin.company
    [listed] = (await ask(admin, "{ apiKeys { nodes { id scopes revokedAt } } }"))["nodes"]
    assert listed == {"id": first["apiKey"]["id"], "scopes": ["ORDERS", "READ"], "revokedAt": None}
    revoke = "mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { ... on RevokeApiKeySuccess { apiKey { revokedAt } } } }"
    assert (await ask(admin, revoke, input={"apiKeyId": listed["id"]}))["apiKey"]["revokedAt"] is not None
    with pytest.raises(Unauthenticated):
        await recognise(first["secret"])


async def test_members_of_others_are_not_listed() -> None:
    await make_member(await make_company())
    viewer = await make_actor(await make_company(), Role.VIEWER)
    names = {node["id"] for node in (await ask(viewer, "{ members { nodes { id } } }"))["nodes"]}
    assert names == {encode_id("Member", member.id) for member in await Member.visible_to(viewer)}
    assert len(names) == 2
    assert (await ask(viewer, "{ apiKeys { nodes { id } } }"))["nodes"] == []


async def test_a_password_is_changed_in_the_schema() -> None:
    actor = await make_actor(await make_company(), Role.VIEWER)
    change = f"""mutation ($input: ChangePasswordInput!) {{ changePassword(input: $input) {{ {PROBLEM}
        ... on ChangePasswordSuccess {{ member {{ id }} }} }} }}"""
    new = "kettle orbit mango seven"
    assert (await ask(actor, change, input={"oldPassword": "x", "newPassword": new}))["code"] == "SIGN_IN_FAILED"
    assert (await ask(actor, change, input={"oldPassword": PASSWORD, "newPassword": "x"}))["code"] == "INVALID_INPUT"
    changed = await ask(actor, change, input={"oldPassword": PASSWORD, "newPassword": new})
    assert changed["member"]["id"] == encode_id("Member", actor.member or actor.home)


async def test_the_delivery_place_is_set_and_a_suspension_shown_in_the_schema() -> None:
    company, operator = await make_company(), await make_platform()
    admin = await actor_of(await Member.first_of(company.id))
    place = f"""mutation ($input: SetDeliveryDefaultsInput!) {{ setDeliveryDefaults(input: $input) {{ {PROBLEM}
        ... on SetDeliveryDefaultsSuccess {{ company {{ deliveryPlace deliveryZone version }} }} }} }}"""
    wanted = {"expectedVersion": company.version, "deliveryPlace": "洋山港", "deliveryZone": "Asia/Shanghai"}
    set_up = (await ask(admin, place, input=wanted))["company"]
    assert (set_up["deliveryPlace"], set_up["version"]) == ("洋山港", company.version + 1)
    suspend = f"""mutation ($input: SuspendCompanyInput!) {{ suspendCompany(input: $input) {{ {PROBLEM}
        ... on SuspendCompanySuccess {{ company {{ status reviewNote }} }} }} }}"""
    given = {"companyId": encode_id("Company", company.id), "expectedVersion": set_up["version"], "note": "欠费"}
    suspended = await ask(operator, suspend, input=given)
    assert suspended["company"] == {"status": "SUSPENDED", "reviewNote": "欠费"}
