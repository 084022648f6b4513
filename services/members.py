"""The people of a company: invited, given roles, let go, and their passwords."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from models import Approval, Company, Member, Session
from models.base import new_id
from rules.people import Actor, Role, roles_of
from rules.phrase import Phrase
from rules.problems import (
    Conflict,
    FieldFault,
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleVersion,
    Unauthenticated,
    invalid,
)
from rules.signing_in import is_name, normal_name, password_fault
from services import attempts, clock, passwords
from services.register import note_change, open_own_company
from services.secret import Secret
from services.verb import creating, verb


@dataclass(frozen=True)
class Person:
    """Somebody who is to become a member."""

    sign_in_name: str
    display_name: str
    password: Secret
    locale: str = "zh-CN"

    def normal(self, *known_words: str) -> "Person":
        """The same in the normal spelling; InvalidInput names everything that is wrong. No password may consist of `known_words`."""
        name, shown = normal_name(self.sign_in_name), " ".join(self.display_name.split())
        weak = password_fault(self.password.reveal(), name, name.partition("@")[0], shown, *known_words)
        faults = []
        if not is_name(name):
            faults.append(
                FieldFault("input.signInName", "must be an e-mail address or another name of 3 to 120 characters")
            )
        if not shown:
            faults.append(FieldFault("input.displayName", "must not be empty"))
        if weak:
            faults.append(FieldFault("input.password", weak))
        if faults:
            raise InvalidInput(tuple(faults))
        return replace(self, sign_in_name=name, display_name=shown)


async def invite_member(actor: Actor, person: Person, roles: frozenset[Role], *, idempotency_key: str) -> Member:
    """A member of the caller's company, who signs in with the password given here and should change it then."""
    actor.must("invite_member")
    person = person.normal()
    password_hash = Secret(await passwords.hashed(person.password.reveal()))
    return await _invite_member(actor, person, roles, password_hash, idempotency_key=idempotency_key)


@creating(Member)
async def _invite_member(
    actor: Actor, person: Person, roles: frozenset[Role], password_hash: Secret, *, idempotency_key: str
) -> Member:
    company = await open_own_company(actor)
    _must_suit(company, roles)
    member = await added(company.id, person, roles, password_hash)
    await note_change(company, actor, "invite_member", member=str(member.id), roles=sorted(roles))
    return member


async def added(company_id: UUID, person: Person, roles: Collection[Role], password_hash: Secret) -> Member:
    """The person as a member; Conflict when the sign-in name is taken, by whomever."""
    member = Member(
        id=new_id(),
        company_id=company_id,
        sign_in_name=person.sign_in_name,
        display_name=person.display_name,
        password_hash=password_hash.reveal(),
        roles=sorted(roles),
        locale=person.locale,
        created_at=clock.now(),
    )
    if not await member.written():
        raise Conflict("signInName")
    return member


@verb
async def change_roles(actor: Actor, member_id: UUID, expected_version: int, roles: frozenset[Role]) -> Member:
    """The member with exactly these roles, from their next request on."""
    company = await open_own_company(actor)
    member = await _open_member(actor, member_id, expected_version)
    _must_suit(company, roles)
    await _must_leave_an_admin(member, stays=Role.ADMIN in roles)
    member.roles = sorted(roles)
    await _save(member)
    await Approval.look_again(company.id, clock.now())
    await note_change(company, actor, "change_roles", member=str(member.id), roles=member.roles)
    return member


@verb
async def deactivate_member(actor: Actor, member_id: UUID, expected_version: int) -> Member:
    """The member, who cannot sign in any more and is signed out everywhere; what they did stays theirs."""
    company = await open_own_company(actor)
    member = await _open_member(actor, member_id, expected_version)
    await _must_leave_an_admin(member, stays=False)
    member.is_active = False
    await _save(member)
    await Approval.look_again(company.id, clock.now())
    await Session.revoke_of(member.id, clock.now())
    await note_change(company, actor, "deactivate_member", member=str(member.id))
    return member


async def change_password(actor: Actor, old: Secret, new: Secret, *, address: str) -> Member:
    """The caller with a new password, signed out everywhere else. A wrong old one counts like a wrong try at signing in."""
    member = await _oneself(actor)
    await attempts.must_be_open(member.sign_in_name, address)
    if weak := password_fault(new.reveal(), member.sign_in_name, member.sign_in_name.partition("@")[0]):
        raise invalid("input.newPassword", weak)
    fit = await passwords.fits(old.reveal(), member.password_hash)
    password_hash = await passwords.hashed(new.reveal())

    async def change() -> Member:
        member.password_hash = password_hash
        await member.save(update_fields=["password_hash"])
        await Session.revoke_of(member.id, clock.now(), but=actor.session)
        return member

    return await attempts.judge(member.sign_in_name, address, fit.is_right, change)


async def _oneself(actor: Actor) -> Member:
    if actor.member is None:
        raise NotAllowed("change_password") if actor.is_signed_in else Unauthenticated
    return await Member.named(actor.member)


async def _open_member(actor: Actor, member_id: UUID, expected_version: int) -> Member:
    """A member of the caller's own company: the operator sees those of others, and yet does not govern them."""
    member = await Member.of(actor.home, member_id)
    if member is None:
        raise NotFound("Member", member_id)
    if member.version != expected_version:
        raise StaleVersion(member.version)
    return member


def _must_suit(company: Company, roles: frozenset[Role]) -> None:
    offered = roles_of(company.kind)
    if not roles:
        raise invalid("input.roles", "a member needs at least one role")
    if not roles <= offered:
        unknown = Phrase("this company has no {roles}", roles=", ".join(sorted(roles - offered)))
        raise invalid("input.roles", unknown, ", ".join(sorted(offered)))


async def _must_leave_an_admin(member: Member, *, stays: bool) -> None:
    """The company's row is locked, so two administrators cannot remove each other at the same moment."""
    if not stays and await Member.count_admins(member.company_id, but=member.id) == 0:
        raise invalid("input.memberId", "is the company's last administrator; make somebody else one first")


async def _save(member: Member) -> None:
    member.version += 1
    await member.save()
