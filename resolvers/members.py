"""The people and the machines of a company: added, changed, let go."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.companies import ApiKey, Member
from resolvers.context import Context
from resolvers.inputs import Items, Text, check
from resolvers.problems import ALWAYS, CREATING, StaleVersionProblem, answers, known
from resolvers.steps import KEY, Key, shown
from rules.people import Role, Scope
from services import api_keys, members
from services.secret import Secret

Roles = Annotated[list[Role], Items(1, len(Role))]


@strawberry.input(description="Somebody who is to act for the company.")
class InviteMemberInput:
    """A new member."""

    sign_in_name: Annotated[str, Text(3, 120)] = strawberry.field(
        description="What the member signs in with, best an e-mail address: 3 to 120 characters."
    )
    display_name: Annotated[str, Text(1, 120)] = strawberry.field(
        description="What others call the member, at most 120 characters."
    )
    roles: Roles = strawberry.field(description="What the member does: at least one role.")
    password: Annotated[str, Text(1, 200)] = strawberry.field(
        description="The first password, 12 to 128 characters, which the member should change."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="The roles a member, as it was read, is to have.")
class ChangeRolesInput:
    """Roles."""

    member_id: strawberry.ID = strawberry.field(description="The member.")
    expected_version: int = strawberry.field(description="The version that was read.")
    roles: Roles = strawberry.field(description="All roles from now on: at least one.")


@strawberry.input(description="A member, as it was read, who is to leave.")
class DeactivateMemberInput:
    """A leaving member."""

    member_id: strawberry.ID = strawberry.field(description="The member.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="What a machine is to do for the company.")
class CreateApiKeyInput:
    """A new key."""

    name: Annotated[str, Text(1, 120)] = strawberry.field(
        description="What people call it, such as the system that uses it; at most 120 characters."
    )
    scopes: Annotated[list[Scope], Items(1, len(Scope))] = strawberry.field(
        description="What it may do: at least one scope."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="From when on it is refused, in the future; null for never."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A key that is to be believed no longer.")
class RevokeApiKeyInput:
    """A key."""

    api_key_id: strawberry.ID = strawberry.field(description="The key.")


@strawberry.type
class MemberNow:
    """What every step on a member answers with."""

    member: Member = strawberry.field(description="The member as it is now.")


@strawberry.type(description="The member was added and may sign in.")
class InviteMemberSuccess(MemberNow):
    """The member was added."""


@strawberry.type(description="The member has these roles, from the next request on.")
class ChangeRolesSuccess(MemberNow):
    """The member has these roles."""


@strawberry.type(description="The member cannot sign in any more and is signed out within seconds.")
class DeactivateMemberSuccess(MemberNow):
    """The member has left."""


@strawberry.type(description="The key was made.")
class CreateApiKeySuccess:
    """The key was made."""

    api_key: ApiKey = strawberry.field(description="The key's facts.")
    secret: str | None = strawberry.field(
        description="What goes into `Authorization: Bearer …`; shown this once, null when a request is repeated."
    )


@strawberry.type(description="The key is believed no longer.")
class RevokeApiKeySuccess:
    """The key is revoked."""

    api_key: ApiKey = strawberry.field(description="The key's facts.")


@strawberry.type
class MemberMutation:
    """What administrators do about people and machines."""

    @strawberry.mutation(
        graphql_type=answers(InviteMemberSuccess, *CREATING),
        description="Add a member to the caller's company; for an ADMIN.",
    )
    async def invite_member(self, info: Info[Context, None], input: InviteMemberInput) -> InviteMemberSuccess:
        """A new member."""
        check(input)
        person = members.Person(input.sign_in_name, input.display_name, Secret(input.password), info.context.locale)
        member = await members.invite_member(
            info.context.actor, person, frozenset(input.roles), idempotency_key=input.idempotency_key
        )
        return InviteMemberSuccess(member=shown(member))

    @strawberry.mutation(
        graphql_type=answers(ChangeRolesSuccess, *ALWAYS, StaleVersionProblem),
        description="Give a member other roles; for an ADMIN.",
    )
    async def change_roles(self, info: Info[Context, None], input: ChangeRolesInput) -> ChangeRolesSuccess:
        """Other roles."""
        check(input)
        member = await members.change_roles(
            info.context.actor, known("Member", input.member_id), input.expected_version, frozenset(input.roles)
        )
        return ChangeRolesSuccess(member=shown(member))

    @strawberry.mutation(
        graphql_type=answers(DeactivateMemberSuccess, *ALWAYS, StaleVersionProblem),
        description="Let a member go: no more signing in, no session; for an ADMIN.",
    )
    async def deactivate_member(
        self, info: Info[Context, None], input: DeactivateMemberInput
    ) -> DeactivateMemberSuccess:
        """A member leaves."""
        member = await members.deactivate_member(
            info.context.actor, known("Member", input.member_id), input.expected_version
        )
        return DeactivateMemberSuccess(member=shown(member))

    @strawberry.mutation(
        graphql_type=answers(CreateApiKeySuccess, *CREATING), description="Make a key for a machine; for an ADMIN."
    )
    async def create_api_key(self, info: Info[Context, None], input: CreateApiKeyInput) -> CreateApiKeySuccess:
        """A new key."""
        check(input)
        key, secret = await api_keys.create_api_key(
            info.context.actor,
            input.name,
            frozenset(input.scopes),
            input.expires_at,
            idempotency_key=input.idempotency_key,
        )
        return CreateApiKeySuccess(api_key=shown(key), secret=secret)

    @strawberry.mutation(
        graphql_type=answers(RevokeApiKeySuccess, *ALWAYS), description="Take a key back; for an ADMIN."
    )
    async def revoke_api_key(self, info: Info[Context, None], input: RevokeApiKeyInput) -> RevokeApiKeySuccess:
        """A key is refused from now on."""
        key = await api_keys.revoke_api_key(info.context.actor, known("ApiKey", input.api_key_id))
        return RevokeApiKeySuccess(api_key=shown(key))
