"""What checking a contract or a framework agreement finds, as the schema shows it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

import services.verifying as verifying
from partners.signing import Changes, Coverage, Found
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id
from resolvers.words import label
from rules.contract import TrustLevel
from rules.lifecycle import Side
from rules.people import Actor
from rules.problems import NotFound

Id = Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]

described(
    Coverage,
    "SignatureCoverage",
    "How much of a PDF a signature covers; expect new ones.",
    {
        "ENTIRE_FILE": "Every byte.",
        "ENTIRE_REVISION": "Every byte up to the next revision.",
        "PARTIAL": "Not all that was there when it was made: not to be trusted.",
    },
)
described(
    Changes,
    "ChangesAfterSigning",
    "What was added to a PDF after a signature; expect new ones.",
    {
        "NONE": "Nothing.",
        "SIGNING": "Only what the other side's signature needs.",
        "OTHER": "Something else: the signature no longer holds.",
    },
)


@strawberry.type(description="What the certificate of a signature says.")
class CertificateFacts:
    """A certificate."""

    subject: str = strawberry.field(description="Whom it was issued to.")
    issuer: str = strawberry.field(description="Who issued it.")
    serial_number: str = strawberry.field(description="Its number, in hex.")
    sha256: str = strawberry.field(description="SHA-256 of the certificate in DER, in hex.")
    valid_from: datetime = strawberry.field(description="The first moment at which it is good.")
    valid_until: datetime = strawberry.field(description="The moment at which it runs out.")


@strawberry.type(description="The time stamp on a signature (RFC 3161).")
class TimeStampFacts:
    """A time stamp."""

    authority: str = strawberry.field(description="Who vouches for the time.")
    at: datetime = strawberry.field(description="When that authority saw the signature.")


@strawberry.type(description="What checking one side's signature found.")
class SignatureVerdict:
    """A signature on record, and the one in the PDF."""

    side: Side = strawberry.field(description="Whose signature it is.")
    signatory_name: str = strawberry.field(description="Who signed, by the record.")
    trust_level: TrustLevel = strawberry.field(description="Who vouches for the signer.")
    trust_level_label: str = strawberry.field(description="The same in words of the caller's language.")
    signed_at: datetime = strawberry.field(description="When, by the record.")
    certificate: CertificateFacts | None = strawberry.field(
        description="The certificate in the PDF; null, as all that follows, where there is no such signature in it."
    )
    time_stamp: TimeStampFacts | None = strawberry.field(description="The time stamp in the PDF.")
    coverage: Coverage | None = strawberry.field(description="How much of the PDF it covers.")
    coverage_label: str | None = strawberry.field(description="The same in words of the caller's language.")
    changes: Changes | None = strawberry.field(description="What was added to the PDF afterwards.")
    changes_label: str | None = strawberry.field(description="The same in words of the caller's language.")
    is_intact: bool = strawberry.field(description="Whether what it covers is unchanged.")
    is_trusted: bool = strawberry.field(description="Whether somebody we trust vouches for certificate and time.")
    is_as_recorded: bool = strawberry.field(
        description="Whether certificate, person, company, times and coverage are those on record."
    )
    is_valid: bool = strawberry.field(description="Whether all of this is so.")


@strawberry.type
class PaperVerdict:
    """Text, file and signatures of a document."""

    sha256: str = strawberry.field(description="The text's SHA-256 on record, in hex.")
    text_matches: bool = strawberry.field(description="Whether the text on record still has this SHA-256.")
    file_sha256: str | None = strawberry.field(
        description="SHA-256 of the newest PDF, in hex, computed now: that of a copy elsewhere must be equal; null where there is none."
    )
    file_matches: bool = strawberry.field(description="Whether the PDF is the one that was signed last, to the byte.")
    is_bound: bool = strawberry.field(description="Whether the PDF says that it was printed from this very text.")
    signatures: list[SignatureVerdict] = strawberry.field(description="Each signature on record, in order.")
    is_valid: bool = strawberry.field(
        description="Whether text and PDF are the signed ones and both sides' signatures hold; or those on the agreement it stands on."
    )
    label: str = strawberry.field(description="The verdict in words of the caller's language.")


@strawberry.type(description="What checking a framework agreement byte for byte found.")
class AgreementVerdict(PaperVerdict):
    """A framework agreement."""


@strawberry.type(description="What checking a contract byte for byte found.")
class ContractVerdict(PaperVerdict):
    """A contract, with what it stands on."""

    agreement: AgreementVerdict | None = strawberry.field(
        description="What checking the framework agreement found that the text names and the contract stands on; null without one."
    )


@strawberry.type
class VerifyingQuery:
    """How to check a document."""

    @strawberry.field(
        description="Check a contract's text, PDF and signatures; null if there is none that the caller may see."
    )
    async def verify_contract(self, info: Info[Context, None], id: Id) -> ContractVerdict | None:
        """What a check finds now."""
        locale = info.context.locale
        found = await _found("Contract", id, info.context, verifying.verify_contract)
        if found is None:
            return None
        agreement = None if found.agreement is None else AgreementVerdict(**_shown(found.agreement, locale))
        return ContractVerdict(**_shown(found, locale), agreement=agreement)

    @strawberry.field(
        description="Check a framework agreement's text, PDF and signatures; null if there is none that the caller may see."
    )
    async def verify_agreement(self, info: Info[Context, None], id: Id) -> AgreementVerdict | None:
        """What a check finds now."""
        found = await _found("FrameworkAgreement", id, info.context, verifying.verify_agreement)
        return None if found is None else AgreementVerdict(**_shown(found, info.context.locale))


async def _found(
    kind: str, id: str, context: Context, check: Callable[[Actor, UUID], Awaitable[verifying.Verdict]]
) -> verifying.Verdict | None:
    key = decode_id(kind, id)
    try:
        return None if key is None else await check(context.actor, key)
    except NotFound:
        return None


def _shown(found: verifying.Verdict, locale: str) -> dict[str, Any]:
    return {
        "sha256": found.sha256,
        "text_matches": found.text_matches,
        "file_sha256": found.file_sha256,
        "file_matches": found.file_matches,
        "is_bound": found.is_bound,
        "signatures": [_signature(one, locale) for one in found.signatures],
        "is_valid": found.is_valid,
        "label": label("contract_verdict", "VALID" if found.is_valid else "INVALID", locale),
    }


def _signature(verdict: verifying.SignatureVerdict, locale: str) -> SignatureVerdict:
    recorded, found = verdict.recorded, verdict.found
    return SignatureVerdict(
        side=recorded.side,
        signatory_name=recorded.signatory_name,
        trust_level=recorded.trust_level,
        trust_level_label=label("trust_level", recorded.trust_level, locale),
        signed_at=recorded.signed_at,
        certificate=_certificate(found),
        time_stamp=_time_stamp(found),
        coverage=found.coverage if found else None,
        coverage_label=label("signature_coverage", found.coverage, locale) if found else None,
        changes=found.changes if found else None,
        changes_label=label("changes_after_signing", found.changes, locale) if found else None,
        is_intact=found is not None and found.is_intact,
        is_trusted=found is not None and found.is_trusted,
        is_as_recorded=verdict.is_as_recorded,
        is_valid=verdict.is_valid,
    )


def _certificate(found: Found | None) -> CertificateFacts | None:
    if found is None:
        return None
    one = found.certificate
    return CertificateFacts(
        subject=one.subject,
        issuer=one.issuer,
        serial_number=one.serial,
        sha256=one.sha256,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
    )


def _time_stamp(found: Found | None) -> TimeStampFacts | None:
    if found is None or found.authority is None or found.stamped_at is None:
        return None
    return TimeStampFacts(authority=found.authority, at=found.stamped_at)
