"""Authenticator apps: what signing asks for besides the password."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.companies import Member
from resolvers.context import Context
from resolvers.inputs import Text, check
from resolvers.problems import InvalidInputProblem, NotAllowedProblem, ProofProblem, answers
from resolvers.steps import shown
from services import totp
from services.secret import Secret

Password = Annotated[str, Text(1, 200)]
Code = Annotated[str, Text(6, 12)]
CODE = "The six digits that the authenticator app shows now; good once."


@strawberry.input(description="Who asks for a new authenticator: the caller, in person.")
class EnrolTotpInput:
    """A password, and a code where there is an authenticator already."""

    password: Password = strawberry.field(description="The caller's password.")
    totp_code: Code | None = strawberry.field(
        default=None, description="A code of the present authenticator, where this one is to replace it."
    )


@strawberry.input(description="The first code of the new authenticator.")
class ConfirmTotpInput:
    """A code."""

    totp_code: Code = strawberry.field(description=CODE)


@strawberry.input(description="Who takes the authenticator away: the caller, in person.")
class DisableTotpInput:
    """A proof."""

    password: Password = strawberry.field(description="The caller's password.")
    totp_code: Code = strawberry.field(description=CODE)


@strawberry.type(
    description="The secret for the authenticator app, shown this once; it counts once its first code was confirmed."
)
class EnrolTotpSuccess:
    """A secret."""

    secret: str = strawberry.field(description="The secret in base32 (RFC 6238, SHA-1, six digits, thirty seconds).")
    uri: str = strawberry.field(description="The same as an otpauth address, to be shown as a QR code.")


@strawberry.type(description="The authenticator counts from now on.")
class ConfirmTotpSuccess:
    """An authenticator."""

    member: Member = strawberry.field(description="Whose it is.")


@strawberry.type(
    description="There is no authenticator any more, so the member can sign nothing with the platform's certificates."
)
class DisableTotpSuccess:
    """No authenticator."""

    member: Member = strawberry.field(description="Whose it was.")


@strawberry.type
class AuthenticatorMutation:
    """What people do about their own authenticator."""

    @strawberry.mutation(
        graphql_type=answers(EnrolTotpSuccess, ProofProblem, NotAllowedProblem, InvalidInputProblem),
        description="Get the secret for an authenticator app.",
    )
    async def enrol_totp(self, info: Info[Context, None], input: EnrolTotpInput) -> EnrolTotpSuccess:
        """A new secret."""
        check(input)
        code = None if input.totp_code is None else Secret(input.totp_code)
        made = await totp.enrol_totp(info.context.actor, Secret(input.password), code, address=info.context.address)
        return EnrolTotpSuccess(secret=made.secret, uri=made.uri)

    @strawberry.mutation(
        graphql_type=answers(ConfirmTotpSuccess, ProofProblem, NotAllowedProblem, InvalidInputProblem),
        description="Show that the app has the secret.",
    )
    async def confirm_totp(self, info: Info[Context, None], input: ConfirmTotpInput) -> ConfirmTotpSuccess:
        """A first code."""
        check(input)
        member = await totp.confirm_totp(info.context.actor, Secret(input.totp_code), address=info.context.address)
        return ConfirmTotpSuccess(member=shown(member))

    @strawberry.mutation(
        graphql_type=answers(DisableTotpSuccess, ProofProblem, NotAllowedProblem, InvalidInputProblem),
        description="Take the authenticator away.",
    )
    async def disable_totp(self, info: Info[Context, None], input: DisableTotpInput) -> DisableTotpSuccess:
        """No authenticator."""
        check(input)
        proof = totp.Proof(Secret(input.password), Secret(input.totp_code))
        member = await totp.disable_totp(info.context.actor, proof, address=info.context.address)
        return DisableTotpSuccess(member=shown(member))
