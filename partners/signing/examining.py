"""Judges signatures by nothing but the bytes they come in and the certificates that are trusted."""

import asyncio
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    async_validate_pdf_signature,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from partners.signing import Certificate, Changes, Coverage, Examined, Found
from partners.signing.pyhanko_forms import described

Certificates = Sequence[asn1.Certificate]
DIGEST = "sha256"
KEYWORD = "sha256:"
# A certificate says either of these where it is meant for signing; ISO 32000 asks for no particular one.
SIGNING = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
_COVERAGE = {
    SignatureCoverageLevel.ENTIRE_FILE: Coverage.ENTIRE_FILE,
    SignatureCoverageLevel.ENTIRE_REVISION: Coverage.ENTIRE_REVISION,
}
_CHANGES = {
    ModificationLevel.NONE: Changes.NONE,
    ModificationLevel.LTA_UPDATES: Changes.SIGNING,
    ModificationLevel.FORM_FILLING: Changes.SIGNING,
}


@dataclass(frozen=True)
class Trust:
    """Whom an examiner believes: authorities of signers', those of time stamps, and single certificates."""

    signers: Certificates
    clocks: Certificates
    registered: Collection[bytes] = ()


def examined(pdf: bytes, trust: Trust) -> Examined:
    """Every signature in the file. What cannot be read as a PDF has none: nothing in a damaged file is believed."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        found = tuple(asyncio.run(_found(one, trust)) for one in reader.embedded_signatures)
        keywords = str(reader.trailer["/Info"]["/Keywords"])
    except (
        Exception
    ):  # the parser meets bytes of anybody's making, and stumbles over them in ways that have no common class
        return Examined()
    return Examined(found, keywords.removeprefix(KEYWORD) if keywords.startswith(KEYWORD) else None)


async def _found(embedded: EmbeddedPdfSignature, trust: Trust) -> Found:
    certificate = described(embedded.signer_cert)
    stated = _time_stamp(embedded.signer_info)
    moment = stated["gen_time"].native if stated else None
    trusted = [embedded.signer_cert] if certificate.der in trust.registered else trust.signers
    status = await async_validate_pdf_signature(
        embedded,
        # Whether a certificate was good is asked of the moment of signing: it may well have run out since.
        signer_validation_context=context(trusted, moment),
        ts_validation_context=context(trust.clocks, moment),
        key_usage_settings=SIGNING,
    )
    stamp = status.timestamp_validity
    is_stamped = stamp is not None and _is_good(stamp, certificate)
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


def _is_good(stamp: TimestampSignatureStatus, certificate: Certificate) -> bool:
    """Whether the stamp holds, and the certificate was valid then: one that is trusted by itself is asked for its time by nobody else."""
    return stamp.valid and stamp.intact and stamp.trusted and certificate.is_valid_at(stamp.timestamp)


def _time_stamp(signer_info: cms.SignerInfo) -> tsp.TSTInfo | None:
    attributes = signer_info["unsigned_attrs"]
    tokens = [one["values"][0] for one in attributes if one["type"].native == "signature_time_stamp_token"]
    return tokens[0]["content"]["encap_content_info"]["content"].parsed if tokens else None


def context(
    trusted: Certificates, moment: datetime | None, others: Collection[asn1.Certificate] = ()
) -> ValidationContext:
    """Trusts these, at that moment, and asks nobody on the network."""
    store = SimpleCertificateStore()
    store.register_multiple(others)
    return ValidationContext(
        trust_roots=list(trusted),
        other_certs=list(store),
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
