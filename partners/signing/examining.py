"""Judges signatures by nothing but the bytes they come in and the certificates that are trusted."""

import asyncio
import io
from collections.abc import Collection, Sequence
from datetime import datetime

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SignedDataCerts, extract_certificate_info, find_unique_cms_attribute
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    async_validate_cms_signature,
    async_validate_pdf_signature,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from partners.signing import Certificate, Changes, Coverage, Examined, Found, NotThisDocument, NotTrusted
from partners.signing.pyhanko_forms import described

Certificates = Sequence[asn1.Certificate]
DIGEST = "sha256"
KEYWORD = "sha256:"
# A certificate says either of these where it is meant for signing; ISO 32000 asks for no particular one.
_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
_COVERAGE = {
    SignatureCoverageLevel.ENTIRE_FILE: Coverage.ENTIRE_FILE,
    SignatureCoverageLevel.ENTIRE_REVISION: Coverage.ENTIRE_REVISION,
}
_CHANGES = {
    ModificationLevel.NONE: Changes.NONE,
    ModificationLevel.LTA_UPDATES: Changes.SIGNING,
    ModificationLevel.FORM_FILLING: Changes.SIGNING,
}


def examined(pdf: bytes, roots: Certificates, registered: Collection[bytes]) -> Examined:
    """Every signature in the file. What cannot be read as a PDF has none: nothing in a damaged file is believed."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        found = tuple(asyncio.run(_found(one, roots, registered)) for one in reader.embedded_signatures)
        keywords = str(reader.trailer["/Info"]["/Keywords"])
    except (
        Exception
    ):  # the parser meets bytes of anybody's making, and stumbles over them in ways that have no common class
        return Examined()
    return Examined(found, keywords.removeprefix(KEYWORD) if keywords.startswith(KEYWORD) else None)


async def _found(embedded: EmbeddedPdfSignature, roots: Certificates, registered: Collection[bytes]) -> Found:
    certificate = described(embedded.signer_cert)
    stated = _time_stamp(embedded.signer_info)
    moment = stated["gen_time"].native if stated else None
    trusted = [embedded.signer_cert] if certificate.der in registered else roots
    status = await async_validate_pdf_signature(
        embedded,
        # Whether a certificate was good is asked of the moment of signing: it may well have run out since.
        signer_validation_context=_context(trusted, moment),
        ts_validation_context=_context(roots, moment),
        key_usage_settings=_USAGE,
    )
    stamp = status.timestamp_validity
    is_stamped = stamp is not None and stamp.valid and stamp.intact and stamp.trusted
    return Found(
        field=str(embedded.field_name),
        certificate=certificate,
        claimed_at=embedded.self_reported_timestamp,
        authority=described(stamp.signing_cert).common_name if stamp else None,
        stamped_at=stamp.timestamp if stamp else None,
        coverage=_COVERAGE.get(status.coverage or SignatureCoverageLevel.UNCLEAR, Coverage.PARTIAL),
        changes=_CHANGES.get(status.modification_level or ModificationLevel.OTHER, Changes.OTHER),
        is_intact=status.intact and status.valid,
        is_trusted=status.trusted and is_stamped,
        holds=status.bottom_line and is_stamped,
    )


def foreign(
    der: bytes, digest: bytes, registered: Collection[bytes], roots: Certificates, moment: datetime
) -> Certificate:
    """The certificate that a detached CMS signature over the digest was made with.

    ValueError: it is no such signature. NotThisDocument: it is over something else. NotTrusted: nobody vouches for the certificate.
    """
    signed, certificates = _read(der)
    [signer_info] = signed["signer_infos"]
    if find_unique_cms_attribute(signer_info["signed_attrs"], "message_digest").native != digest:
        raise NotThisDocument("is over another document")
    certificate = described(certificates.signer_cert)
    is_registered = certificate.der in registered
    context = _context([certificates.signer_cert] if is_registered else roots, moment, certificates.other_certs)
    try:
        status = asyncio.run(
            async_validate_cms_signature(
                signed, raw_digest=digest, validation_context=context, key_usage_settings=_USAGE
            )
        )
    except SignatureValidationError as unreadable:
        raise ValueError("is no signature that can be checked") from unreadable
    if not (status.intact and status.valid):
        raise NotThisDocument("was not made with the key of its certificate")
    if not status.trusted or not certificate.valid_from <= moment < certificate.valid_until:
        raise NotTrusted(certificate.subject)
    return certificate


def _read(der: bytes) -> tuple[cms.SignedData, SignedDataCerts]:
    """The signed data of a CAdES signature by one signer, without the content."""
    try:
        content = cms.ContentInfo.load(der, strict=True)
        signed = content["content"]
        [signer_info] = signed["signer_infos"]
        find_unique_cms_attribute(signer_info["signed_attrs"], "signing_certificate_v2")
        is_fit = (
            content["content_type"].native == "signed_data"
            and signed["encap_content_info"]["content"].native is None
            and signer_info["digest_algorithm"]["algorithm"].native == DIGEST
        )
        certificates = extract_certificate_info(signed)
    except Exception as malformed:  # anybody's bytes, as above
        raise ValueError("is no detached CAdES signature") from malformed
    if not is_fit:
        raise ValueError("is no detached CAdES signature with SHA-256")
    return signed, certificates


def _time_stamp(signer_info: cms.SignerInfo) -> tsp.TSTInfo | None:
    attributes = signer_info["unsigned_attrs"]
    tokens = [one["values"][0] for one in attributes if one["type"].native == "signature_time_stamp_token"]
    return tokens[0]["content"]["encap_content_info"]["content"].parsed if tokens else None


def _context(
    trusted: Certificates, moment: datetime | None, others: Collection[asn1.Certificate] = ()
) -> ValidationContext:
    store = SimpleCertificateStore()
    store.register_multiple(others)
    return ValidationContext(
        trust_roots=list(trusted),
        other_certs=list(store),
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
