"""Signing with a key that never was here: the caller is given what to sign, and brings the signature back (decision 0100)."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID

from models import Contract, Order, SignaturePreparation, SigningCertificate
from models.base import new_id
from models.paper import PaperFile
from partners.documents import FIELDS
from partners.signing import NotThisDocument, NotTrusted, Own, Prepared
from rules.contract import PreparationStatus
from rules.people import Actor
from rules.problems import (
    NotFound,
    PreparationExpired,
    PreparationOutdated,
    PreparationUsed,
    SignatureMismatch,
    Unavailable,
    invalid,
)
from services import clock
from services.certificates import check_usable, own_of
from services.paper import Outrun, Signed, Signing, in_peace, signing_of
from services.partners import signer
from services.printing import aside, newest_file
from services.signing import check_signable, record
from services.verb import creating, verb

TIME_TO_ANSWER = timedelta(minutes=15)
TRIES = 3
"""How often to begin again because the same member prepared another signature at the same moment."""


@dataclass(frozen=True)
class Bare:
    """A signature over what was to be signed: PKCS #1 v1.5 with an RSA key, ECDSA-Sig-Value in DER with an elliptic one."""

    value: bytes


@dataclass(frozen=True)
class Whole:
    """A detached CMS signature (CAdES, RFC 5126) over the file's digest."""

    value: bytes


class Drawn:
    """A file with room for a signature. It is no part of the request, so that a repeat is known again: it reads like any other."""

    def __init__(
        self, signing: Signing[Contract], certificate: SigningCertificate, base: PaperFile, prepared: Prepared
    ) -> None:
        self.signing, self.certificate, self.base, self.prepared = signing, certificate, base, prepared
        self.to_be_signed = signer().attributes(prepared.digest, own_of(certificate))

    def __str__(self) -> str:
        """The same for every file."""
        return "(drawn)"


async def prepare_signature(
    actor: Actor, order_id: UUID, certificate_id: UUID, expected_version: int, *, idempotency_key: str
) -> SignaturePreparation:
    """What to sign for one's side with one's own certificate, for some minutes; what was prepared before is good no longer.

    Nothing about the order changes.
    """
    actor.must("prepare_signature")
    certificate = await _certificate(actor, certificate_id)
    order, contract = await check_signable(actor, order_id, expected_version)
    base = await newest_file(contract)
    signing = signing_of(contract, order.side_of(actor), actor, certificate.trust_level)
    drawn = await aside(lambda: Drawn(signing, certificate, base, _prepared(base, signing)))
    return await _prepare_signature(actor, order_id, certificate_id, drawn, idempotency_key=idempotency_key)


async def complete_signature(actor: Actor, preparation_id: UUID, given: Bare | Whole) -> Order:
    """The order, signed for one's side with what was prepared, like by `sign_contract`.

    While the time stamp authority is away nothing changes, and the same signature is good later.
    """
    actor.must("complete_signature")
    preparation = await SignaturePreparation.visible_to(actor).get_or_none(id=preparation_id)
    if preparation is None:
        raise NotFound("SignaturePreparation", preparation_id)
    _check_open(preparation)
    certificate = await _certificate(actor, preparation.certificate_id)
    contract = await Contract.visible_to(actor).get(id=preparation.contract_id)
    order, standing = await check_signable(actor, contract.order_id, None, contract.sha256)
    base = await newest_file(standing)
    if standing.id != contract.id or base.revision != preparation.revision:
        raise PreparationOutdated(preparation.expires_at)
    cms = await _read(preparation, own_of(certificate), given)
    signing = signing_of(contract, preparation.side, actor, certificate.trust_level, preparation.created_at)
    signed = await in_peace(partial(_embedded, base, preparation, cms))
    return await _complete_signature(actor, order.id, preparation, signing, signed)


@creating(SignaturePreparation)
async def _prepare_signature(
    actor: Actor, order_id: UUID, certificate_id: UUID, drawn: Drawn, *, idempotency_key: str
) -> SignaturePreparation:
    signing, prepared, member = drawn.signing, drawn.prepared, actor.member
    if member is None:
        raise NotFound("SigningCertificate", certificate_id)
    row = SignaturePreparation(
        id=new_id(),
        contract_id=signing.document.id,
        side=signing.side,
        member_id=member,
        certificate_id=drawn.certificate.id,
        revision=drawn.base.revision,
        added=prepared.pdf[len(drawn.base.content) :],
        start=prepared.start,
        end=prepared.end,
        digest=prepared.digest,
        to_be_signed=drawn.to_be_signed,
        created_at=signing.moment,
        expires_at=signing.moment + TIME_TO_ANSWER,
    )
    for _ in range(TRIES):
        await SignaturePreparation.replace(signing.document.id, member)
        if await row.written():
            return row
    raise Unavailable


@verb
async def _complete_signature(
    actor: Actor, order_id: UUID, preparation: SignaturePreparation, signing: Signing[Contract], signed: Signed
) -> Order:
    if not await SignaturePreparation.close(preparation.id):
        raise PreparationUsed(preparation.expires_at)
    _check_open(preparation)
    check_usable(await SigningCertificate.locked(preparation.certificate_id))
    try:
        return await record(actor, order_id, signing, signed)
    except Outrun:
        raise PreparationOutdated(preparation.expires_at) from None


async def _certificate(actor: Actor, certificate_id: UUID) -> SigningCertificate:
    """One of the caller's own that can be signed with now; a colleague's looks like none."""
    found = await SigningCertificate.visible_to(actor).get_or_none(id=certificate_id)
    if found is None or found.member_id != actor.member:
        raise NotFound("SigningCertificate", certificate_id)
    check_usable(found)
    return found


def _check_open(preparation: SignaturePreparation) -> None:
    if preparation.status is not PreparationStatus.OPEN:
        raise PreparationUsed(preparation.expires_at)
    if preparation.expires_at <= clock.now():
        raise PreparationExpired(preparation.expires_at)


def _prepared(base: PaperFile, signing: Signing[Contract]) -> Prepared:
    return signer().prepare(base.content, FIELDS[signing.side], signing.stamp(), signing.moment)


async def _read(preparation: SignaturePreparation, own: Own, given: Bare | Whole) -> bytes:
    """The signature as it goes into the file; refused where it does not fit what was prepared."""
    moment = clock.now()

    def read() -> bytes:
        cms = given.value
        if isinstance(given, Bare):
            cms = signer().assembled(preparation.to_be_signed, given.value, own)
        return signer().read(cms, preparation.digest, own, moment)

    try:
        return await aside(read)
    except (NotThisDocument, NotTrusted) as other:
        raise SignatureMismatch(own.certificate.sha256, sha256(preparation.to_be_signed).hexdigest()) from other
    except ValueError as unreadable:
        raise invalid(_path(given), str(unreadable)) from unreadable


def _path(given: Bare | Whole) -> str:
    return "input.signature" if isinstance(given, Bare) else "input.cms"


def _embedded(base: PaperFile, preparation: SignaturePreparation, cms: bytes) -> Signed:
    """Takes some tenths of a second, and as long as the time stamp authority does."""
    pdf = base.content + (preparation.added or b"")
    prepared = Prepared(pdf, preparation.digest, preparation.start, preparation.end)
    return Signed(signer().complete(prepared, cms, clock.now()), base.revision)
