"""Rights to approve that are lent for a time: shown, lent, taken back."""

from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types import Info

import models
from resolvers.companies import Member
from resolvers.context import Context
from resolvers.ids import encode_id
from resolvers.inputs import PAGE_DEFAULT, check
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.problems import CHANGING, CREATING, answers, known
from resolvers.relations import One, derived, related, shows
from resolvers.steps import KEY, Key, shown
from services import delegating


@strawberry.type(description="A right to approve that is lent: the taker may answer where the giver is asked.")
@shows(models.Delegation)
class Delegation(Node):
    """A right that is lent."""

    id: strawberry.ID = derived(lambda row: encode_id("Delegation", row.id), description="Opaque id.")
    version: int = strawberry.field(description="Rises by one with each change: what mutations expect.")
    giver: Member = related(One(models.Member, "giver_id"), description="Whose right it is.")
    taker: Member = related(One(models.Member, "taker_id"), description="Who may answer for them.")
    valid_from: date = strawberry.field(description="The first day, as a date at the company's place.")
    valid_to: date = strawberry.field(description="The last day, as a date at the company's place.")
    revoked_at: datetime | None = strawberry.field(description="When it was taken back; null while it was not.")
    created_at: datetime = strawberry.field(description="When it was lent.")


@strawberry.input(description="A right to approve that is to be lent.")
class DelegateApprovalInput:
    """Who lends to whom, and for how long."""

    taker_id: strawberry.ID = strawberry.field(description="Who may answer: an approver of the same company.")
    giver_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose right it is; null: the caller's. Another's only an ADMIN may lend."
    )
    valid_from: date = strawberry.field(description="The first day, as a date at the company's place.")
    valid_to: date = strawberry.field(description="The last day, today or later.")
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A lent right, as it was read, to be taken back.")
class RevokeDelegationInput:
    """Which right."""

    delegation_id: strawberry.ID = strawberry.field(description="The delegation.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.type
class DelegationNow:
    """What a step on a delegation answers with."""

    delegation: Delegation = strawberry.field(description="The delegation as it is now.")


@strawberry.type(description="The right is lent.")
class DelegateApprovalSuccess(DelegationNow):
    """The right is lent."""


@strawberry.type(description="The right is back with its giver.")
class RevokeDelegationSuccess(DelegationNow):
    """The right is back."""


@strawberry.type
class DelegationQuery:
    """How to find what is lent."""

    @strawberry.field(description="What the caller's company's approvers lent each other, the newest first.")
    async def delegations(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[Delegation]:
        """Past ones and those taken back as well."""
        found: Any = models.Delegation.visible_to(info.context.actor)
        return Connection.of(await page(found, ("-id",), first=first, after=after))


@strawberry.type
class DelegationMutation:
    """How a right is lent and taken back."""

    @strawberry.mutation(
        graphql_type=answers(DelegateApprovalSuccess, *CREATING),
        description="Lend the right to approve to a colleague for some days; for an APPROVER, or an ADMIN.",
    )
    async def delegate_approval(
        self, info: Info[Context, None], input: DelegateApprovalInput
    ) -> DelegateApprovalSuccess:
        """A right, lent."""
        check(input)
        lent = await delegating.delegate_approval(
            info.context.actor,
            known("Member", input.taker_id),
            input.valid_from,
            input.valid_to,
            known("Member", input.giver_id) if input.giver_id else None,
            idempotency_key=input.idempotency_key,
        )
        return DelegateApprovalSuccess(delegation=shown(lent))

    @strawberry.mutation(
        graphql_type=answers(RevokeDelegationSuccess, *CHANGING),
        description="Take a lent right back; for who lent it, or an ADMIN.",
    )
    async def revoke_delegation(
        self, info: Info[Context, None], input: RevokeDelegationInput
    ) -> RevokeDelegationSuccess:
        """A right, back."""
        lent = await delegating.revoke_delegation(
            info.context.actor, known("Delegation", input.delegation_id), input.expected_version
        )
        return RevokeDelegationSuccess(delegation=shown(lent))
