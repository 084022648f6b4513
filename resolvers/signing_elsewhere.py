"""Signing with a key that never was here, in two steps: what to sign, and the signature."""

import base64
import binascii
import hashlib
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

import models
from resolvers.certificates import SigningCertificate
from resolvers.context import Context
from resolvers.contracts import Contract
from resolvers.ids import encode_id
from resolvers.inputs import Text, check
from resolvers.node import Node
from resolvers.problems import (
    CHANGING,
    KEEPING,
    MOVING,
    SIGNING,
    CertificateProblem,
    ConflictProblem,
    PreparationProblem,
    SignatureProblem,
    answers,
    known,
)
from resolvers.relations import One, derived, related, shows
from resolvers.steps import KEY, Key, OrderNow, OrderStepInput, shown
from rules.problems import invalid
from services import signing_elsewhere
from services.signing_elsewhere import Bare, Whole


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


@strawberry.type(
    description="What to sign, and until when. Signing the bytes of `toBeSigned` with SHA-256 is all a key has to do."
)
@shows(models.SignaturePreparation)
class SignaturePreparation(Node):
    """A preparation."""

    id: strawberry.ID = derived(lambda row: encode_id("SignaturePreparation", row.id), description="Opaque id.")
    to_be_signed: str = derived(
        lambda row: _base64(row.to_be_signed),
        description=(
            "The bytes to sign, in base64: the CMS signed attributes in DER (RFC 5652 §5.4), naming the file's digest and the certificate. "
            "An RSA key signs their SHA-256 by PKCS #1 v1.5, an elliptic one by ECDSA."
        ),
    )
    to_be_signed_digest: str = derived(
        lambda row: _base64(hashlib.sha256(row.to_be_signed).digest()),
        description="SHA-256 of those bytes, in base64: for keys that are handed a digest.",
    )
    digest_algorithm: str = derived(lambda row: "SHA-256", description="How the digests were made.")
    document_digest: str = derived(
        lambda row: _base64(row.digest),
        description="The digest of the PDF without the room for the signature, in base64: the messageDigest of a CMS signature.",
    )
    expires_at: datetime = strawberry.field(description="The first moment at which a signature comes too late.")
    contract: Contract = related(One(models.Contract, "contract_id"), description="The contract that is signed.")
    certificate: SigningCertificate = related(
        One(models.SigningCertificate, "certificate_id"), description="The certificate it has to be signed with."
    )


@strawberry.input(
    description="The order whose contract the caller has read and signs, and the certificate to sign with."
)
class PrepareSignatureInput(OrderStepInput):
    """What is to be signed."""

    certificate_id: strawberry.ID = strawberry.field(description="A certificate of the caller's own.")
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A signature over what was prepared: either a bare one, or a whole CMS signature.")
class CompleteSignatureInput:
    """A signature."""

    preparation_id: strawberry.ID = strawberry.field(description="What was prepared.")
    signature: Annotated[str, Text(1, 4_000)] | None = strawberry.field(
        default=None,
        description="The signature over `toBeSigned` in base64: as it comes from an RSA key, as ECDSA-Sig-Value in DER from another.",
    )
    cms: Annotated[str, Text(1, 16_000)] | None = strawberry.field(
        default=None,
        description="Instead: a detached CMS signature (CAdES, SHA-256) over `documentDigest` by the certificate, its DER in base64.",
    )


@strawberry.type(description="The caller has this to sign, and some minutes; nothing about the order has changed.")
class PrepareSignatureSuccess:
    """A preparation."""

    preparation: SignaturePreparation = strawberry.field(description="What to sign.")


@strawberry.type(description="The caller's side has signed; with the second signature the contract takes effect.")
class CompleteSignatureSuccess(OrderNow):
    """The order, signed by one side or both."""


@strawberry.type
class SigningElsewhereMutation:
    """Signing with one's own key."""

    @strawberry.mutation(
        graphql_type=answers(
            PrepareSignatureSuccess, *CHANGING, *SIGNING, *KEEPING, ConflictProblem, CertificateProblem
        ),
        description="Get what to sign with one's own certificate for one's own side; what was prepared before is good no longer.",
    )
    async def prepare_signature(
        self, info: Info[Context, None], input: PrepareSignatureInput
    ) -> PrepareSignatureSuccess:
        """What to sign."""
        check(input)
        row = await signing_elsewhere.prepare_signature(
            info.context.actor,
            known("Order", input.order_id),
            known("SigningCertificate", input.certificate_id),
            input.expected_version,
            idempotency_key=input.idempotency_key,
        )
        return PrepareSignatureSuccess(preparation=shown(row))

    @strawberry.mutation(
        graphql_type=answers(
            CompleteSignatureSuccess,
            *CHANGING,
            *SIGNING,
            *MOVING,
            *KEEPING,
            CertificateProblem,
            PreparationProblem,
            SignatureProblem,
        ),
        description="Sign an order's contract for one's own side by a signature made elsewhere; its trust level is the certificate's.",
    )
    async def complete_signature(
        self, info: Info[Context, None], input: CompleteSignatureInput
    ) -> CompleteSignatureSuccess:
        """The order, signed."""
        check(input)
        preparation_id = known("SignaturePreparation", input.preparation_id)
        order = await signing_elsewhere.complete_signature(info.context.actor, preparation_id, _given(input))
        return CompleteSignatureSuccess(order=shown(order))


def _given(input: CompleteSignatureInput) -> Bare | Whole:
    if (input.signature is None) == (input.cms is None):
        raise invalid("input.signature", "give either a signature or a cms, and not both")
    if input.signature is not None:
        return Bare(_bytes("input.signature", input.signature))
    return Whole(_bytes("input.cms", input.cms or ""))


def _bytes(path: str, text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise invalid(path, "is no base64") from None
