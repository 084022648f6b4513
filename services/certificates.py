"""Signatories' own certificates, whose keys never were here: registered in person, and revoked (decision 0100)."""

import base64
from collections.abc import Mapping
from functools import partial
from uuid import UUID

from models import Company, SigningCertificate
from models.base import new_id
from partners.signing import BadChain, Certificate, Own, Unfit
from rules.contract import TrustLevel
from rules.people import Actor
from rules.problems import (
    CertificateOfOthers,
    CertificateRefused,
    CertificateRevoked,
    CertificateUntrusted,
    CertificateUsage,
    CertificateWeak,
    NotFound,
    invalid,
)
from services import clock
from services.partners import signer
from services.printing import aside
from services.register import note_change, open_own_company
from services.totp import Proof, prove
from services.verb import verb

_REFUSALS: Mapping[Unfit, type[CertificateRefused]] = {
    Unfit.NOT_VALID: CertificateRefused,
    Unfit.WEAK: CertificateWeak,
    Unfit.USAGE: CertificateUsage,
    Unfit.UNTRUSTED: CertificateUntrusted,
}


async def register_certificate(
    actor: Actor, certificate: str, chain: str, proof: Proof, *, address: str
) -> SigningCertificate:
    """A certificate that the caller signs with from now on; registering it again changes nothing.

    A key elsewhere speaks for the member without password and code from then on, so both are asked for here, last of all.
    """
    actor.must("register_certificate")
    own = await _vetted(certificate, chain)
    await _check_names(actor, own.certificate)
    await prove(actor, proof, address=address)
    return await _register_certificate(actor, own)


async def register_proven(actor: Actor, certificate: str, chain: str = "") -> SigningCertificate:
    """The certificate of somebody of whom the caller has made sure that it is they; no client can call this."""
    own = await _vetted(certificate, chain)
    await _check_names(actor, own.certificate)
    return await _register_certificate(actor, own)


@verb
async def revoke_certificate(actor: Actor, certificate_id: UUID) -> SigningCertificate:
    """The certificate, with which nothing can be signed any more; what was signed stays. Revoking it again changes nothing."""
    company = await open_own_company(actor)
    found = await SigningCertificate.visible_to(actor).get_or_none(id=certificate_id)
    if found is None:
        raise NotFound("SigningCertificate", certificate_id)
    found = await SigningCertificate.locked(found.id)
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by_name = clock.now(), actor.name
        await found.save(update_fields=["revoked_at", "revoked_by_name"])
        await note_change(company, actor, "revoke_certificate", certificate=str(found.id), sha256=found.sha256)
    return found


def own_of(row: SigningCertificate) -> Own:
    """The certificate as the signing partner knows it."""
    chain = [base64.b64decode(one) for one in row.chain]
    return signer().own(row.certificate, chain, is_vouched=row.trust_level is TrustLevel.EXTERNAL_CA)


def check_usable(row: SigningCertificate) -> None:
    """Refuse a certificate that was revoked, or is not valid now."""
    if row.revoked_at is not None:
        raise _refusal(CertificateRevoked, own_of(row).certificate)
    if not row.valid_from <= clock.now() < row.valid_until:
        raise _refusal(CertificateRefused, own_of(row).certificate)


@verb
async def _register_certificate(actor: Actor, own: Own) -> SigningCertificate:
    company, said = await open_own_company(actor), own.certificate
    row = SigningCertificate(
        id=new_id(),
        member_id=actor.member,
        company_id=company.id,
        certificate=said.der,
        chain=[base64.b64encode(one).decode() for one in own.chain],
        sha256=said.sha256,
        subject=said.subject[:1000],
        issuer=said.issuer[:1000],
        serial_number=said.serial[:80],
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        trust_level=TrustLevel.EXTERNAL_CA if own.is_vouched else TrustLevel.REGISTERED_CERTIFICATE,
        created_at=clock.now(),
    )
    if actor.member is not None and not await row.written():
        known = await SigningCertificate.of(actor.member, said.sha256)
        if known is None or known.revoked_at is not None:
            raise _refusal(CertificateRevoked, said)
        return known
    await note_change(company, actor, "register_certificate", certificate=str(row.id), sha256=row.sha256)
    return row


async def _vetted(certificate: str, chain: str) -> Own:
    """What the texts hold, looked at in a thread; refused with the reason where nobody can sign with it."""
    try:
        own, fault = await aside(partial(signer().vet, certificate, chain, clock.now()))
    except BadChain as unreadable:
        raise invalid("input.chain", str(unreadable)) from unreadable
    except ValueError as unreadable:
        raise invalid("input.certificate", str(unreadable)) from unreadable
    if fault is not None:
        raise _refusal(_REFUSALS[fault], own.certificate)
    return own


async def _check_names(actor: Actor, certificate: Certificate) -> None:
    """Refuse one that names another company; one that names none is a person's."""
    company = await Company.named(actor.home)
    names = {company.legal_name, company.english_name, ""}
    if certificate.organisation not in names and not certificate.names(company.legal_name, company.credit_code):
        raise _refusal(CertificateOfOthers, certificate)


def _refusal(kind: type[CertificateRefused], certificate: Certificate) -> CertificateRefused:
    return kind(certificate.subject, certificate.sha256, certificate.valid_from, certificate.valid_until)
