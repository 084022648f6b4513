"""Carriers' accounts and what they pushed: where they push to, and what of it is parked."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

import models
import resolvers.delivery_enums  # noqa: F401  # describes the enums below
from resolvers.companies import Company
from resolvers.context import Context
from resolvers.ids import encode_id
from resolvers.inputs import PAGE_DEFAULT, Text, check
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.problems import ALWAYS, answers, known
from resolvers.relations import One, derived, related, shows
from resolvers.steps import shown
from resolvers.words import label
from rules.carriers import SLUGS, CarrierProvider, ParkReason, PushStatus
from services import carriers, pushing
from services.secret import Secret

MOST_SHOWN = 4_000
"""Characters of a push that are shown."""


@strawberry.type(description="A supplier's account with a sender of tracking. Its secret is never shown again.")
@shows(models.CarrierAccount)
class CarrierAccount(Node):
    """Where a sender pushes to."""

    id: strawberry.ID = derived(lambda row: encode_id("CarrierAccount", row.id), description="Opaque id.")
    provider: CarrierProvider = strawberry.field(description="Whose rules its pushes follow.")
    provider_label: str = derived(
        lambda row, context: label("carrier_provider", row.provider, context.locale),
        description="Whose rules its pushes follow, in words of the caller's language.",
    )
    path: str = derived(
        lambda row: f"/carriers/{SLUGS[CarrierProvider(row.provider)]}/{row.endpoint}",
        description="Where it has to push to, behind this server's address; keep it to yourself and the sender.",
    )
    created_at: datetime = strawberry.field(description="When the account was made.")
    changed_at: datetime = strawberry.field(description="When its secret was set last.")


@strawberry.type(description="What a carrier pushed: verified, kept once, and put on record or parked.")
@shows(models.CarrierPush)
class CarrierPush(Node):
    """A push."""

    id: strawberry.ID = derived(lambda row: encode_id("CarrierPush", row.id), description="Opaque id.")
    status: PushStatus = strawberry.field(description="What became of it.")
    reason: ParkReason | None = strawberry.field(description="Why it is parked; null while it is not.")
    reason_label: str | None = derived(
        lambda row, context: row.reason and label("park_reason", row.reason, context.locale),
        description="Why it is parked, in words of the caller's language.",
    )
    detail: str | None = strawberry.field(
        description="What the reason is about: the waybill, the sender's word, the fault."
    )
    received_at: datetime = derived(lambda row: row.created_at, description="When it came.")
    tries: int = strawberry.field(description="How often it was tried to put it on record.")
    tried_at: datetime | None = strawberry.field(description="When it was tried last.")
    sha256: str = strawberry.field(description="SHA-256 of its bytes, in hex.")
    text: str | None = derived(
        lambda row: row.body and bytes(row.body).decode("utf-8", "replace").replace("\x00", "")[:MOST_SHOWN],
        description="What it says, at most 4000 characters; null once all of it is on record.",
    )
    provider: CarrierProvider = strawberry.field(description="Whose rules it follows.")
    company: Company = related(One(models.Company, "company_id"), description="The supplier whose account it came to.")


@strawberry.input(description="What a sender of tracking signs with.")
class SetCarrierAccountInput:
    """A secret."""

    provider: CarrierProvider = strawberry.field(description="Whose rules its pushes follow.")
    secret: Annotated[str, Text(8, 256)] = strawberry.field(
        description=(
            "What it signs with: the salt, key or webhook secret, 8 to 256 characters; OWN_FLEET needs 16 bytes, in base64 behind"
            " `whsec_` or as they are. It replaces the one before at once, and is never shown again."
        )
    )


@strawberry.input(description="A parked push to be tried once more.")
class RetryParkedInput:
    """A push."""

    push_id: strawberry.ID = strawberry.field(description="The push.")


@strawberry.type(description="The sender can push from now on.")
class SetCarrierAccountSuccess:
    """An account."""

    account: CarrierAccount = strawberry.field(description="The account, with the path to push to.")


@strawberry.type(description="The push was tried once more; its status says what came of it.")
class RetryParkedSuccess:
    """A push."""

    push: CarrierPush = strawberry.field(description="The push as it is now.")


@strawberry.type
class CarrierQuery:
    """How to find accounts and pushes."""

    @strawberry.field(description="The company's accounts with senders of tracking, for an ADMIN, the newest first.")
    async def carrier_accounts(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[CarrierAccount]:
        """One page of accounts."""
        found = models.CarrierAccount.visible_to(info.context.actor)
        return Connection.of(await page(found, first=first, after=after))

    @strawberry.field(
        description="What carriers pushed and could not be put on record, for the operator, the newest first."
    )
    async def parked_tracking(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[CarrierPush]:
        """One page of pushes."""
        parked = models.CarrierPush.visible_to(info.context.actor).filter(status=PushStatus.PARKED)
        return Connection.of(await page(parked, first=first, after=after))


@strawberry.type
class CarrierMutation:
    """What administrators and the operator do about carriers."""

    @strawberry.mutation(
        graphql_type=answers(SetCarrierAccountSuccess, *ALWAYS),
        description="Let a sender push tracking of the company's shipments, signed with this secret; for an ADMIN.",
    )
    async def set_carrier_account(
        self, info: Info[Context, None], input: SetCarrierAccountInput
    ) -> SetCarrierAccountSuccess:
        """The account, ready."""
        check(input)
        row = await carriers.set_carrier_account(info.context.actor, input.provider, Secret(input.secret))
        return SetCarrierAccountSuccess(account=shown(row))

    @strawberry.mutation(
        graphql_type=answers(RetryParkedSuccess, *ALWAYS),
        description="Try once more to put a parked push on record; for the operator.",
    )
    async def retry_parked(self, info: Info[Context, None], input: RetryParkedInput) -> RetryParkedSuccess:
        """The push, tried."""
        row = await pushing.retry_parked(info.context.actor, known("CarrierPush", input.push_id))
        return RetryParkedSuccess(push=shown(row))
