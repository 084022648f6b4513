"""Signing in, staying signed in, signing out, a new password."""

from datetime import datetime
from typing import Annotated, Self

import strawberry
from strawberry.types import Info

from resolvers.companies import Member
from resolvers.context import Context
from resolvers.inputs import Text, check
from resolvers.problems import InvalidInputProblem, NotAllowedProblem, SignInProblem, answers
from resolvers.steps import shown
from services import members, sessions
from services.secret import Secret

# Longer than any password of ours: the hash is of the whole text, and a text of megabytes would be work for nothing.
Typed = Annotated[str, Text(1, 200)]


@strawberry.input(description="What a member signs in with.")
class SignInInput:
    """A name and a password."""

    sign_in_name: Typed = strawberry.field(description="The member's sign-in name; case does not matter.")
    password: Typed = strawberry.field(description="The member's password.")


@strawberry.input(description="What a session goes on with.")
class RefreshSessionInput:
    """A refresh token."""

    refresh_token: Annotated[str, Text(1, 200)] = strawberry.field(
        description="The newest refresh token of the session; it is good once."
    )


@strawberry.input(description="The old and the new password.")
class ChangePasswordInput:
    """Two passwords."""

    old_password: Typed = strawberry.field(description="The password until now.")
    new_password: Typed = strawberry.field(description="The password from now on: 12 to 128 characters.")


@strawberry.type
class Opened:
    """What a client goes on with."""

    access_token: str = strawberry.field(description="For the header `Authorization: Bearer …`, and `connection_init`.")
    access_token_expires_at: datetime = strawberry.field(description="From when on the access token is refused.")
    refresh_token: str = strawberry.field(
        description="For `refreshSession`, once; used twice, it ends the whole session."
    )
    member: Member = strawberry.field(description="Who signed in.")

    @classmethod
    def of(cls, signed_in: sessions.SignedIn) -> Self:
        """The tokens, to be shown."""
        return cls(
            access_token=signed_in.access_token.text,
            access_token_expires_at=signed_in.access_token.expires_at,
            refresh_token=signed_in.refresh_token,
            member=shown(signed_in.member),
        )


@strawberry.type(description="A session began.")
class SignInSuccess(Opened):
    """A session began."""


@strawberry.type(description="The session goes on, with new tokens; the old refresh token is used up.")
class RefreshSessionSuccess(Opened):
    """The session goes on."""


@strawberry.type(description="The session ended, and every access token of it.")
class SignOutSuccess:
    """The session ended."""

    signed_out_at: datetime = strawberry.field(description="When it ended.")


@strawberry.type(description="The password is another now; all other sessions of the member ended.")
class ChangePasswordSuccess:
    """The password is another now."""

    member: Member = strawberry.field(description="Whose password it is.")


@strawberry.type
class SessionMutation:
    """What happens at the door."""

    @strawberry.mutation(
        graphql_type=answers(SignInSuccess, SignInProblem, InvalidInputProblem),
        description="Begin a session with name and password. At most one in a request.",
    )
    async def sign_in(self, info: Info[Context, None], input: SignInInput) -> SignInSuccess:
        """Name and password for tokens."""
        check(input)
        return SignInSuccess.of(await sessions.sign_in(input.sign_in_name, input.password, info.context.address))

    @strawberry.mutation(
        graphql_type=answers(RefreshSessionSuccess, InvalidInputProblem),
        description="Get new tokens for the session; without a live one an UNAUTHENTICATED error.",
    )
    async def refresh_session(self, info: Info[Context, None], input: RefreshSessionInput) -> RefreshSessionSuccess:
        """One refresh token for the next."""
        check(input)
        return RefreshSessionSuccess.of(await sessions.refresh_session(input.refresh_token))

    @strawberry.mutation(
        graphql_type=answers(SignOutSuccess, NotAllowedProblem),
        description="End the caller's session at once, on every device that shares it.",
    )
    async def sign_out(self, info: Info[Context, None]) -> SignOutSuccess:
        """No tokens any more."""
        return SignOutSuccess(signed_out_at=await sessions.sign_out(info.context.actor))

    @strawberry.mutation(
        graphql_type=answers(ChangePasswordSuccess, SignInProblem, NotAllowedProblem, InvalidInputProblem),
        description="Choose another password, and end all other sessions of the caller.",
    )
    async def change_password(self, info: Info[Context, None], input: ChangePasswordInput) -> ChangePasswordSuccess:
        """An old password for a new one."""
        check(input)
        old, new = Secret(input.old_password), Secret(input.new_password)
        member = await members.change_password(info.context.actor, old, new, address=info.context.address)
        return ChangePasswordSuccess(member=shown(member))
