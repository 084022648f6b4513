"""Certificates and signatures that come from outside: looked at, put together, and judged before they go into a file."""

import asyncio
import base64
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import cms
from asn1crypto import x509 as asn1
from asn1crypto.algos import SignedDigestAlgorithm
from pyhanko.sign.general import SignedDataCerts, extract_certificate_info, find_unique_cms_attribute
from pyhanko.sign.signers.pdf_cms import ExternalSigner, PdfCMSSignedAttributes
from pyhanko.sign.validation import async_validate_cms_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from partners.signing import BadChain, NotThisDocument, NotTrusted, Own, Unfit
from partners.signing.examining import DIGEST, SIGNING, Certificates, context
from partners.signing.pyhanko_forms import certificates_in, described

LONGEST, LONGEST_CHAIN = 3 * 1024, 5 * 1024
"""Bytes of a certificate, usual ones have 1 to 2 KB, and of a chain: both go into the file with each signature."""
LONGEST_SIGNATURE = 10 * 1024
"""Bytes of a signature with both; a file has room for 16 KB, and the time stamp needs some 5."""
LEAST_BITS = 2048
CURVES = ("secp256r1", "secp384r1", "secp521r1")
_MECHANISM = {"rsa": "sha256_rsa", "ec": "sha256_ecdsa"}


def vetted(certificate: str, chain: str, roots: Certificates, moment: datetime) -> tuple[Own, Unfit | None]:
    """What the texts hold, and what is wrong with it. Without roots everybody speaks for their own certificate.

    ValueError: the first holds no certificate, or a very long one. BadChain: the second holds something else.
    """
    [only, *more] = _read_certificates(certificate)
    if more or len(only.dump()) > LONGEST:
        raise ValueError("is not one certificate of at most 3 KB")
    others = _read_chain(chain)
    said = described(only)
    if not said.is_valid_at(moment):
        return Own(said), Unfit.NOT_VALID
    if not _is_strong(only):
        return Own(said), Unfit.WEAK
    if not _is_for_signing(only):
        return Own(said), Unfit.USAGE
    if not roots:
        return Own(said), None
    path = asyncio.run(_path(only, others, roots, moment))
    return (Own(said), Unfit.UNTRUSTED) if path is None else (Own(said, path, is_vouched=True), None)


def attributes(digest: bytes, own: Own) -> bytes:
    """What a bare signature has to be over: content type, digest, and the certificate by its own SHA-256 (ETSI EN 319 122-1 §5)."""
    settings = PdfCMSSignedAttributes()
    made = asyncio.run(_with(own, b"").signed_attrs(digest, DIGEST, attr_settings=settings, use_pades=True))
    return bytes(made.dump())


def assembled(signed: bytes, signature: bytes, own: Own) -> bytes:
    """A CMS signature of the attributes and the bare signature."""
    given = cms.CMSAttributes.load(signed)
    return bytes(asyncio.run(_with(own, signature).async_sign_prescribed_attributes(DIGEST, given)).dump())


def taken(der: bytes, digest: bytes, own: Own, roots: Certificates, moment: datetime) -> bytes:
    """The signature as it goes into a file, if it is over the digest and made with this certificate's key.

    ValueError: it is no such signature. NotThisDocument: it is over something else. NotTrusted: it is of another certificate, or nobody
    vouches for it now.
    """
    content, signed, certificates = _read(der)
    [signer_info] = signed["signer_infos"]
    if find_unique_cms_attribute(signer_info["signed_attrs"], "message_digest").native != digest:
        raise NotThisDocument("is over another document")
    certificate = certificates.signer_cert
    if certificate.dump() != own.certificate.der:
        raise NotTrusted(certificate.subject.human_friendly)
    others = [asn1.Certificate.load(one) for one in own.chain]
    signed["certificates"] = [cms.CertificateChoices("certificate", one) for one in (certificate, *others)]
    signer_info["unsigned_attrs"], signed["crls"] = None, None
    known = context(roots if own.is_vouched else [certificate], moment, others)
    if not asyncio.run(_holds(signed, digest, known)) or not own.certificate.is_valid_at(moment):
        raise NotTrusted(own.certificate.subject)
    taken_in = bytes(content.dump(force=True))
    if len(taken_in) > LONGEST_SIGNATURE:
        raise ValueError("is longer than 10 KB with its certificates")
    return taken_in


async def _holds(signed: cms.SignedData, digest: bytes, known: ValidationContext) -> bool:
    """Whether the certificate is trusted; NotThisDocument where the key is not its."""
    try:
        status = await async_validate_cms_signature(
            signed, raw_digest=digest, validation_context=known, key_usage_settings=SIGNING
        )
    except (SignatureValidationError, ValueError) as unreadable:
        raise ValueError("is no signature that can be checked") from unreadable
    if not (status.intact and status.valid):
        raise NotThisDocument("was not made with the key of its certificate")
    return bool(status.trusted)


def _read(der: bytes) -> tuple[cms.ContentInfo, cms.SignedData, SignedDataCerts]:
    """The signed data of a CAdES signature by one signer, without the content."""
    try:
        content = cms.ContentInfo.load(der, strict=True)
        signed = content["content"]
        [signer_info] = signed["signer_infos"]
        find_unique_cms_attribute(signer_info["signed_attrs"], "signing_certificate_v2")
        find_unique_cms_attribute(signer_info["signed_attrs"], "message_digest")
        is_fit = (
            content["content_type"].native == "signed_data"
            and signed["encap_content_info"]["content"].native is None
            and signer_info["digest_algorithm"]["algorithm"].native == DIGEST
        )
        certificates = extract_certificate_info(signed)
    except Exception as malformed:  # anybody's bytes: the parser stumbles over them in ways that have no common class
        raise ValueError("is no detached CAdES signature") from malformed
    if not is_fit:
        raise ValueError("is no detached CAdES signature with SHA-256")
    return content, signed, certificates


def _with(own: Own, signature: bytes) -> ExternalSigner:
    certificate = asn1.Certificate.load(own.certificate.der)
    store = SimpleCertificateStore()
    store.register_multiple([asn1.Certificate.load(one) for one in own.chain])
    mechanism = SignedDigestAlgorithm({"algorithm": _MECHANISM[certificate.public_key.algorithm]})
    return ExternalSigner(certificate, store, signature, mechanism)


def _read_certificates(text: str) -> list[asn1.Certificate]:
    """Every certificate in PEM, or the one in base64. ValueError, whatever else it is."""
    try:
        if "-----BEGIN" in text:
            found = certificates_in(text.encode("ascii"))
        else:
            found = [asn1.Certificate.load(base64.b64decode("".join(text.split()), validate=True), strict=True)]
        for one in found:
            _ = described(one), one.native  # parses all of it now
    except Exception as malformed:  # anybody's bytes, as above
        raise ValueError("is no certificate") from malformed
    if not found:
        raise ValueError("is no certificate")
    return found


def _read_chain(text: str) -> list[asn1.Certificate]:
    try:
        found = _read_certificates(text) if text.strip() else []
    except ValueError as malformed:
        raise BadChain(str(malformed)) from malformed
    if sum(len(one.dump()) for one in found) > LONGEST_CHAIN:
        raise BadChain("is a chain of more than 5 KB")
    return found


def _is_strong(certificate: asn1.Certificate) -> bool:
    key = certificate.public_key
    if key.algorithm == "rsa":
        return int(key.bit_size) >= LEAST_BITS
    return key.algorithm == "ec" and key.curve in {("named", curve) for curve in CURVES}


def _is_for_signing(certificate: asn1.Certificate) -> bool:
    """Whether its key usage says so, and it is no authority's."""
    usage = certificate.key_usage_value
    allowed = usage.native if usage is not None else set()
    return bool({"digital_signature", "non_repudiation"} & allowed) and not certificate.ca


async def _path(
    certificate: asn1.Certificate, others: Sequence[asn1.Certificate], roots: Certificates, moment: datetime
) -> tuple[bytes, ...] | None:
    """The certificates between this one and a root, without either; None where no path leads there."""
    validator = CertificateValidator(certificate, others, context(roots, moment, others))
    try:
        path = await validator.async_validate_path()
    except (PathBuildingError, ValidationError):
        return None
    ends = {certificate.dump(), *(root.dump() for root in roots)}
    return tuple(one.dump() for one in path if one.dump() not in ends)
