"""Approvals as they stand, with everybody who could answer them at the moment."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from models import ApprovalVote, Delegation, Member
from rules.approval import Flow, Lending, Person, Vote
from rules.approval_rules import Snapshot
from rules.lifecycle import Side
from rules.people import Role
from rules.terms import VoteDecision
from services import clock


async def flows(approvals: Sequence[Any]) -> list[Flow]:
    """Each approval as it stands: in as many statements for a hundred as for one."""
    if not approvals:
        return []
    snapshots = [Snapshot.from_json(approval.snapshot) for approval in approvals]
    companies = {approval.company_id for approval in approvals}
    reviewed = any(tier.side is Side.PLATFORM for snapshot in snapshots for tier in snapshot.tiers)
    people = await _people(companies, and_operators=reviewed)
    lendings = await Delegation.in_force(companies, clock.now())
    votes = await ApprovalVote.on(approval.id for approval in approvals)
    return [
        _flow(
            approval,
            snapshot,
            people[approval.company_id],
            lendings.get(approval.company_id, ()),
            [vote for vote in votes if vote.approval_id == approval.id],
        )
        for approval, snapshot in zip(approvals, snapshots, strict=True)
    ]


async def beginning(company_id: UUID, snapshot: Snapshot) -> Flow:
    """An approval as it would stand if it were asked for now."""
    reviewed = any(tier.side is Side.PLATFORM for tier in snapshot.tiers)
    people = await _people({company_id}, and_operators=reviewed)
    lendings = await Delegation.in_force([company_id], clock.now())
    return Flow(snapshot.tiers, people[company_id], snapshot.barred, lendings.get(company_id, ()))


async def _people(companies: Collection[UUID], *, and_operators: bool) -> dict[UUID, tuple[Person, ...]]:
    """The approvers of each company, whom alone its rules may ask, and the platform's operators besides."""
    members = await Member.approvers(companies, and_operators=and_operators)
    operators = tuple(_person(one, Side.PLATFORM) for one in members if one.company_id not in companies)
    own = {company: [one for one in members if one.company_id == company] for company in companies}
    return {company: (*(_person(one, Side.BUYER) for one in found), *operators) for company, found in own.items()}


def _person(member: Member, side: Side) -> Person:
    return Person(member.id, frozenset(map(Role, member.roles)), side)


def _flow(
    approval: Any,
    snapshot: Snapshot,
    people: tuple[Person, ...],
    lendings: tuple[Lending, ...],
    votes: Sequence[ApprovalVote],
) -> Flow:
    agreed = (Vote(one.tier, one.seat_id, one.voter_id) for one in votes if one.decision == VoteDecision.APPROVED)
    return Flow(
        tiers=snapshot.tiers,
        people=people,
        barred=snapshot.barred,
        lendings=lendings,
        votes=tuple(agreed),
        escalated=frozenset(approval.escalated),
        tier=approval.tier,
    )
