"""Signatories' own certificates: shown, registered and revoked."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

import models
from resolvers.authenticators import CODE, Code, Password
from resolvers.companies import Member
from resolvers.context import Context
from resolvers.ids import encode_id
from resolvers.inputs import PAGE_DEFAULT, Text, check
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.problems import ALWAYS, CertificateProblem, ProofProblem, answers, known
from resolvers.relations import One, derived, related, shows
from resolvers.signatures import as_pem
from resolvers.steps import shown
from resolvers.words import label
from rules.contract import TrustLevel
from services import certificates
from services.secret import Secret
from services.totp import Proof


@strawberry.type(description="A member's own X.509 certificate, whose key never was here.")
@shows(models.SigningCertificate)
class SigningCertificate(Node):
    """A registered certificate."""

    id: strawberry.ID = derived(lambda row: encode_id("SigningCertificate", row.id), description="Opaque id.")
    subject: str = strawberry.field(description="Whom it names.")
    issuer: str = strawberry.field(description="Who issued it.")
    serial_number: str = strawberry.field(description="Its number with that issuer, in hex.")
    sha256: str = strawberry.field(description="SHA-256 of the certificate, in hex.")
    valid_from: datetime = strawberry.field(description="When it becomes valid.")
    valid_until: datetime = strawberry.field(description="When it runs out.")
    pem: str = derived(lambda row: as_pem(row.certificate), description="The certificate in PEM.")
    trust_level: TrustLevel = strawberry.field(
        description=(
            "Who vouches for it: EXTERNAL_CA for an authority that the operator trusts, REGISTERED_CERTIFICATE for its owner alone."
        )
    )
    trust_level_label: str = derived(
        lambda row, context: label("trust_level", row.trust_level, context.locale),
        description="Who vouches for it, in words of the caller's language.",
    )
    created_at: datetime = strawberry.field(description="When it was registered.")
    revoked_at: datetime | None = strawberry.field(description="When it was revoked here; null while it is not.")
    revoked_by_name: str | None = strawberry.field(description="Who revoked it here; null while it is not.")
    member: Member = related(One(models.Member, "member_id"), description="Who signs with it.")


@strawberry.input(description="A certificate to sign with from now on, and who registers it: the caller, in person.")
class RegisterCertificateInput:
    """A certificate."""

    certificate: Annotated[str, Text(1, 8_000)] = strawberry.field(
        description="One X.509 certificate in PEM, or its DER in base64; at most 3 KB of DER, never with its private key."
    )
    chain: Annotated[str, Text(0, 12_000)] = strawberry.field(
        default="",
        description="The certificates between it and a root the operator trusts, in PEM and any order; at most 5 KB of DER.",
    )
    password: Password = strawberry.field(description="The caller's password: registering is done in person.")
    totp_code: Code = strawberry.field(description=CODE)


@strawberry.input(description="A certificate that nothing is to be signed with any more.")
class RevokeCertificateInput:
    """A certificate."""

    certificate_id: strawberry.ID = strawberry.field(
        description="The certificate: one's own, or for an ADMIN anybody's of the company."
    )


@strawberry.type(description="The caller can sign with the certificate's key (`prepareSignature`).")
class RegisterCertificateSuccess:
    """A certificate."""

    certificate: SigningCertificate = strawberry.field(description="The certificate's facts.")


@strawberry.type(description="Nothing can be signed with the certificate any more; signatures made before stay valid.")
class RevokeCertificateSuccess:
    """A certificate."""

    certificate: SigningCertificate = strawberry.field(description="The certificate's facts.")


@strawberry.type
class CertificateQuery:
    """How to find certificates."""

    @strawberry.field(
        description="The caller's own certificates, for an ADMIN those of the whole company, the newest first."
    )
    async def certificates(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[SigningCertificate]:
        """One page of certificates."""
        found = models.SigningCertificate.visible_to(info.context.actor)
        return Connection.of(await page(found, first=first, after=after))


@strawberry.type
class CertificateMutation:
    """What signatories do about their own certificates."""

    @strawberry.mutation(
        graphql_type=answers(RegisterCertificateSuccess, *ALWAYS, CertificateProblem, ProofProblem),
        description="Register a certificate of one's own, to sign with a key that never leaves its owner; for a SIGNATORY.",
    )
    async def register_certificate(
        self, info: Info[Context, None], input: RegisterCertificateInput
    ) -> RegisterCertificateSuccess:
        """The certificate, registered."""
        check(input)
        proof = Proof(Secret(input.password), Secret(input.totp_code))
        row = await certificates.register_certificate(
            info.context.actor, input.certificate, input.chain, proof, address=info.context.address
        )
        return RegisterCertificateSuccess(certificate=shown(row))

    @strawberry.mutation(
        graphql_type=answers(RevokeCertificateSuccess, *ALWAYS),
        description="Let nothing be signed with a certificate any more; for the SIGNATORY whose it is, and for an ADMIN.",
    )
    async def revoke_certificate(
        self, info: Info[Context, None], input: RevokeCertificateInput
    ) -> RevokeCertificateSuccess:
        """The certificate, revoked."""
        key = known("SigningCertificate", input.certificate_id)
        return RevokeCertificateSuccess(
            certificate=shown(await certificates.revoke_certificate(info.context.actor, key))
        )
