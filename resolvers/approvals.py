"""Approvals as the schema shows them: what was asked, who agreed, and who is asked now."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

import models
from models.rows import Row, related_rows
from resolvers.amounts import Money
from resolvers.approval_enums import TierStatus
from resolvers.approval_rules import ApprovalConditions, ApprovalRuleTier
from resolvers.companies import Member
from resolvers.context import Context
from resolvers.ids import encode_id
from resolvers.node import Node
from resolvers.relations import Each, Many, One, derived, related, shows
from rules.approval import Flow
from rules.approval_rules import Snapshot
from rules.lifecycle import Side
from rules.terms import ApprovalStage, ApprovalStatus, VoteDecision
from services.approval_flows import flows

if TYPE_CHECKING:
    from resolvers.orders import Order

LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]


@strawberry.type(description="A tier of an approval, as it was asked for and as it stands.")
class ApprovalTier:
    """A tier."""

    number: int = strawberry.field(description="Its place, from 1.")
    side: Side = strawberry.field(description="Whose people it asks: the buyer's, or the platform's.")
    status: TierStatus = strawberry.field(description="Where it stands.")
    is_escalated: bool = strawberry.field(description="Whether it waited so long that others were asked besides.")
    rule: ApprovalRuleTier = strawberry.field(description="What the rule said when it was asked for.")
    asked_ids: strawberry.Private[Sequence[UUID]]
    asked: list[Member] = related(
        Each(models.Member, "asked_ids", visible=True), description="Whose agreement is still wanted at the moment."
    )


def _tier(flow: Flow, number: int, *, is_pending: bool) -> ApprovalTier:
    return ApprovalTier(
        number=number,
        side=flow.tiers[number - 1].side,
        status=_status(flow, number, is_pending=is_pending),
        is_escalated=number in flow.escalated,
        rule=ApprovalRuleTier.of(flow.tiers[number - 1]),
        asked_ids=flow.open_seats(number) if is_pending else (),
    )


def _status(flow: Flow, number: int, *, is_pending: bool) -> TierStatus:
    if number < flow.tier:
        return TierStatus.DONE
    if not is_pending:
        return TierStatus.SKIPPED
    return TierStatus.OPEN if number == flow.tier else TierStatus.WAITING


async def _tiers_of(context: Context, approvals: Sequence[Any]) -> list[list[ApprovalTier]]:
    """The tiers of each approval."""
    shown = zip(approvals, await flows(approvals), strict=True)
    return [
        [
            _tier(flow, number, is_pending=one.status == ApprovalStatus.PENDING)
            for number in range(1, len(flow.tiers) + 1)
        ]
        for one, flow in shown
    ]


async def _represented(context: Context, votes: Sequence[Any]) -> list[Row | None]:
    """For whom each vote was given, where the voter was not asked."""
    seats = [vote.seat_id if vote.seat_id != vote.voter_id else None for vote in votes]
    found = await related_rows(models.Member, by="id", ids=[seat for seat in seats if seat])
    members = {member.id: member for member in found}
    return [members.get(seat) for seat in seats]


@strawberry.type(description="What somebody who was asked said, or said for a colleague who was.")
@shows(models.ApprovalVote)
class ApprovalVote:
    """A vote."""

    tier: int = strawberry.field(description="In which tier, from 1.")
    decision: VoteDecision = strawberry.field(description="What was said.")
    note: str | None = strawberry.field(description="What was added in words.")
    created_at: datetime = strawberry.field(description="When it was said.")
    voter: Member | None = related(
        One(models.Member, "voter_id", visible=True), description="Who said it; null for the platform's operator."
    )
    on_behalf_of: Member | None = related(
        _represented, description="The colleague for whom it was said; null: for themselves."
    )


@strawberry.type(description="The rule as it was when an approval was asked for.")
class ApprovalRuleThen:
    """What asked."""

    name: str = strawberry.field(description="What it was called; empty where only the platform asked.")
    version: int = strawberry.field(description="Its version then.")
    conditions: ApprovalConditions = strawberry.field(description="When it asked.")

    @classmethod
    def of(cls, row: Any) -> "ApprovalRuleThen":
        """The rule in an approval's snapshot."""
        snapshot = Snapshot.from_json(row.snapshot)
        conditions = ApprovalConditions.of(snapshot.conditions)
        return cls(name=snapshot.name, version=snapshot.version, conditions=conditions)


@strawberry.type(description="How much of one line is to be accepted.")
class ChosenLine:
    """A line of a partial acceptance."""

    order_line_id: strawberry.ID = strawberry.field(description="The order line.")
    quantity: Decimal = strawberry.field(description="How much of it, in the line's unit.")
    alternative_id: strawberry.ID | None = strawberry.field(
        description="The alternative that is taken instead of the line's own offer; null without one."
    )


def _choice(approval: Any) -> list[ChosenLine] | None:
    if approval.chosen is None:
        return None
    instead = approval.instead or {}
    return [
        ChosenLine(
            order_line_id=strawberry.ID(encode_id("OrderLine", UUID(line))),
            quantity=Decimal(much),
            alternative_id=strawberry.ID(encode_id("Alternative", UUID(instead[line]))) if line in instead else None,
        )
        for line, much in approval.chosen.items()
    ]


@strawberry.type(description="A decision the buyer's approvers owe or made; the supplier never meets it.")
@shows(models.Approval)
class Approval(Node):
    """An approval of an order or of an award."""

    id: strawberry.ID = derived(lambda row: encode_id("Approval", row.id), description="Opaque id.")
    stage: ApprovalStage = strawberry.field(description="What is being approved.")
    status: ApprovalStatus = strawberry.field(description="What was decided.")
    amount: Money = derived(
        lambda row: Money(amount=row.amount, currency=row.currency), description="The total it was asked for."
    )
    rule: ApprovalRuleThen = derived(
        lambda row: ApprovalRuleThen.of(row),
        description="The rule that asked; a later change of it changes nothing here.",
    )
    chosen: list[ChosenLine] | None = derived(
        _choice, description="What of the quotation is to be accepted; null: all as quoted."
    )
    current_tier: int = derived(lambda row: row.tier, description="Which tier is asked, or was asked last, from 1.")
    tiers: list[ApprovalTier] = related(_tiers_of, description="Whom it asks, one tier after the other.")
    votes: list[ApprovalVote] = related(
        Many(models.ApprovalVote, by="approval_id", order_by=("id",)), description="What was said, oldest first."
    )
    reason: str | None = strawberry.field(description="What the one who decided said to it.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    decided_at: datetime | None = strawberry.field(description="When it was decided; null before.")
    requested_by: Member = related(One(models.Member, "requested_by_id"), description="Who asked.")
    decided_by: Member | None = related(
        One(models.Member, "decided_by_id", visible=True),
        description="Who decided; null before, and for the platform's operator.",
    )
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order it is about.")
