"""Approvers lend their right for a time: whoever takes it answers for them, under both names."""

from datetime import date
from uuid import UUID

from models import Company, Delegation, Member
from models.base import new_id
from rules.approval import reachable
from rules.events import EventKind
from rules.people import Actor, Role
from rules.problems import NotAllowed, NotFound, StaleVersion, WrongStatus, invalid
from services import clock
from services.desk import note_apart
from services.register import open_own_company
from services.verb import creating, verb


@creating(Delegation)
async def delegate_approval(
    actor: Actor, taker: UUID, valid_from: date, valid_to: date, giver: UUID | None = None, *, idempotency_key: str
) -> Delegation:
    """The taker may answer where the giver is asked, on the days given; an administrator may lend another's right.

    The company's row is locked, so that two who lend at the same moment cannot close a circle.
    """
    company = await open_own_company(actor)
    given_by = giver or actor.member
    if given_by is None or (given_by != actor.member and Role.ADMIN not in actor.roles):
        raise NotAllowed("delegate_approval", (Role.ADMIN,))
    await _check_people(actor, given_by, taker)
    _check_days(company, valid_from, valid_to)
    lent = await Delegation.overlapping(company.id, valid_from, valid_to)
    if given_by in (taker, *reachable(taker, lent)):
        raise invalid("input.takerId", "would make a circle: the right would come back to whom it came from")
    delegation = Delegation(
        id=new_id(),
        company_id=company.id,
        giver_id=given_by,
        taker_id=taker,
        valid_from=valid_from,
        valid_to=valid_to,
        created_at=clock.now(),
    )
    await _note(delegation, EventKind.DELEGATION_GIVEN, actor)
    return delegation


@verb
async def revoke_delegation(actor: Actor, delegation_id: UUID, expected_version: int) -> Delegation:
    """The right is back with its giver from now on; what was answered meanwhile stays."""
    await open_own_company(actor)
    delegation = await Delegation.of(actor.home, delegation_id)
    if delegation is None:
        raise NotFound("Delegation", delegation_id)
    if delegation.giver_id != actor.member and Role.ADMIN not in actor.roles:
        raise NotAllowed("revoke_delegation", (Role.ADMIN,))
    if delegation.version != expected_version:
        raise StaleVersion(delegation.version)
    if delegation.revoked_at is not None:
        raise WrongStatus("revoke_delegation", "REVOKED", ("GIVEN",))
    delegation.revoked_at = clock.now()
    await _note(delegation, EventKind.DELEGATION_REVOKED, actor)
    return delegation


async def _check_people(actor: Actor, giver: UUID, taker: UUID) -> None:
    approvers = {member.id for member in await Member.approvers([actor.home])}
    for field, member in (("giverId", giver), ("takerId", taker)):
        if await Member.of(actor.home, member) is None:
            raise NotFound("Member", member)
        if member not in approvers:
            raise invalid(f"input.{field}", "is no approver; give the member the role APPROVER first")


def _check_days(company: Company, first: date, last: date) -> None:
    if last < first:
        raise invalid("input.validTo", "must not be before the first day", first.isoformat())
    today = clock.today(company.delivery_zone)
    if last < today:
        raise invalid("input.validTo", "is in the past", today.isoformat())


async def _note(delegation: Delegation, kind: EventKind, actor: Actor) -> None:
    """Save the delegation and its event under the next number."""
    delegation.version += 1
    await delegation.save()
    body = {"giverId": str(delegation.giver_id), "takerId": str(delegation.taker_id)}
    await note_apart(delegation, delegation.version, kind, actor, [delegation.company_id], body)
