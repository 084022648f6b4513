"""Signatures as the schema shows them."""

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

import models
import resolvers.agreement_enums  # noqa: F401  # describes TrustLevel
from resolvers.ids import encode_id
from resolvers.relations import One, derived, related, shows
from resolvers.words import label
from rules.contract import TrustLevel
from rules.lifecycle import Side

if TYPE_CHECKING:
    from resolvers.companies import Company

LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]
_LINE = 64
"""Characters in a line of PEM (RFC 7468)."""


@strawberry.type
class SignatureOver:
    """What is known of a signature, whatever it is on."""

    side: Side = strawberry.field(description="For which side it was made.")
    signatory_name: str = strawberry.field(description="Who signed.")
    trust_level: TrustLevel = strawberry.field(description="Who vouches for the signer.")
    trust_level_label: str = derived(
        lambda row, context: label("trust_level", row.trust_level, context.locale),
        description="Who vouches for the signer, in words of the caller's language.",
    )
    revision: int = strawberry.field(description="The revision of the PDF that it made, from 1.")
    certificate: str = derived(
        lambda row: as_pem(row.certificate), description="The X.509 certificate it was made with, in PEM."
    )
    certificate_subject: str = strawberry.field(description="Whom the certificate names.")
    time_stamp_authority: str = strawberry.field(description="Who vouches for the time (RFC 3161).")
    time_stamped_at: datetime = strawberry.field(description="When that authority saw the signature.")
    signed_at: datetime = derived(lambda row: row.created_at, description="When it was made, by this platform's clock.")
    company: LazyCompany = related(One(models.Company, "company_id"), description="The company it binds.")


@strawberry.type(description="One side's signature on a contract: the record of what stands in the contract's PDF.")
@shows(models.Signature)
class Signature(SignatureOver):
    """A signature on a contract."""

    id: strawberry.ID = derived(lambda row: encode_id("Signature", row.id), description="Opaque id.")


@strawberry.type(
    description="One side's signature on a framework agreement: the record of what stands in the agreement's PDF."
)
@shows(models.AgreementSignature)
class AgreementSignature(SignatureOver):
    """A signature on a framework agreement."""

    id: strawberry.ID = derived(lambda row: encode_id("AgreementSignature", row.id), description="Opaque id.")


def as_pem(certificate: Any) -> str:
    """A certificate as text."""
    text = base64.b64encode(certificate).decode()
    lines = (text[at : at + _LINE] for at in range(0, len(text), _LINE))
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])
