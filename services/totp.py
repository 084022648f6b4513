"""Authenticator apps: enrolled with the password, confirmed by a first code, asked for a fresh one where it counts (decision 0061)."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from pyotp import TOTP, random_base32

from models import Authenticator, Member
from models.base import new_id
from rules.people import Actor
from rules.problems import NotAllowed, ProofFailed, SignInFailed, TotpRequired, Unauthenticated, invalid
from services import attempts, clock, passwords, vault
from services.secret import Secret

ISSUER = "Dinghuo"
STEP = 30
"""Seconds that a code lives (RFC 6238 §5.2)."""
DRIFT = 1
"""Steps by which a phone's clock may be off, either way."""


@dataclass(frozen=True)
class Proof:
    """What shows that the member acts in person, and now."""

    password: Secret
    code: Secret


@dataclass(frozen=True)
class Enrolment:
    """What the authenticator app is given, once: the secret in base32, and the same as an address that it reads from a picture."""

    secret: str
    uri: str


async def enrol_totp(actor: Actor, password: Secret, code: Secret | None, *, address: str) -> Enrolment:
    """A new secret, which counts once its first code was confirmed; replacing one that counts takes a code of it as well."""
    member, present = await _oneself(actor, "enrol_totp")
    if present is not None and present.secret is not None and code is None:
        raise invalid("input.code", "is needed where an authenticator is to be replaced")
    secret = random_base32()

    async def enrol() -> None:
        row = await Authenticator.locked(member.id) or _new(member.id)
        row.pending = vault.locked(secret, member.id)
        await row.save()

    if present is not None and present.secret is not None and code is not None:
        await _proven(member, present, Proof(password, code), address, then=enrol)
    else:
        await _judged(member, address, await _knows(member, password, address), enrol)
    uri = TOTP(secret).provisioning_uri(name=member.sign_in_name, issuer_name=ISSUER)
    return Enrolment(secret, uri)


async def confirm_totp(actor: Actor, code: Secret, *, address: str) -> Member:
    """The member, whose new authenticator counts from now on."""
    member, present = await _oneself(actor, "confirm_totp")
    if present is None or present.pending is None:
        raise TotpRequired
    step = _step_of(present.pending, member.id, code, clock.now(), after=None)

    async def confirm() -> None:
        row = await Authenticator.locked(member.id)
        if row is None or row.pending != present.pending:
            raise ProofFailed(1)  # replaced meanwhile
        row.secret, row.pending, row.last_step, row.confirmed_at = row.pending, None, step, clock.now()
        await row.save()

    await _judged(member, address, step is not None, confirm)
    return member


async def disable_totp(actor: Actor, proof: Proof, *, address: str) -> Member:
    """The member, who can sign nothing until an authenticator is enrolled again."""
    member, present = await _oneself(actor, "disable_totp")
    if present is None or present.secret is None:
        raise TotpRequired
    await _proven(member, present, proof, address, then=present.delete)
    return member


async def prove(actor: Actor, proof: Proof, *, address: str) -> None:
    """Refuse unless it is the member, in person, now: ProofFailed, which tells nothing, or TotpRequired. A code is good once."""
    member, present = await _oneself(actor, "prove")
    if present is None or present.secret is None:
        raise TotpRequired
    await _proven(member, present, proof, address)


async def _oneself(actor: Actor, action: str) -> tuple[Member, Authenticator | None]:
    if actor.member is None:
        raise NotAllowed(action) if actor.is_signed_in else Unauthenticated
    return await Member.named(actor.member), await Authenticator.of(actor.member)


async def _proven(
    member: Member, present: Authenticator, proof: Proof, address: str, then: attempts.Then | None = None
) -> None:
    is_right = await _knows(member, proof.password, address)
    step = _step_of(present.secret, member.id, proof.code, clock.now(), after=present.last_step)

    async def accept() -> None:
        row = await Authenticator.locked(member.id)
        # Whoever offered the same code at the same moment was a little faster.
        if row is None or step is None or row.secret != present.secret or step <= (row.last_step or 0):
            raise ProofFailed(1)
        row.last_step = step
        await row.save(update_fields=["last_step"])
        if then is not None:
            await then()

    await _judged(member, address, is_right and step is not None, accept)


async def _knows(member: Member, password: Secret, address: str) -> bool:
    try:
        await attempts.must_be_open(member.sign_in_name, address)
    except SignInFailed as paused:
        raise ProofFailed(paused.retry_after) from None
    return (await passwords.fits(password.reveal(), member.password_hash)).is_right


async def _judged(member: Member, address: str, is_right: bool, then: attempts.Then) -> None:
    """A wrong one counts like a wrong try at signing in, so that guessing here wins nothing."""
    try:
        await attempts.judge(member.sign_in_name, address, is_right, then)
    except SignInFailed as failed:
        raise ProofFailed(failed.retry_after) from None


def _step_of(stored: bytes | None, owner: UUID, code: Secret, moment: datetime, *, after: int | None) -> int | None:
    """The time step whose code this is, if that step was not used yet."""
    try:
        totp = TOTP(vault.opened(stored or b"", owner))
    except InvalidTag:
        return None
    now = int(moment.timestamp()) // STEP
    given = "".join(code.reveal().split()).encode()
    for step in range(max(now - DRIFT, (after or 0) + 1), now + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), given):
            return step
    return None


def _new(member_id: UUID) -> Authenticator:
    return Authenticator(id=new_id(), member_id=member_id, created_at=clock.now())
