"""Signatures on framework agreements: sealed statements, made and checked."""

from dataclasses import dataclass
from uuid import UUID

from models import AgreementSignature, FrameworkAgreement
from partners.seals import Seal
from rules.contract import fingerprint, statement
from rules.lifecycle import Side
from rules.people import Actor
from rules.problems import NotFound
from services import clock
from services.partners import sealer


@dataclass(frozen=True)
class AgreementVerdict:
    """What checking an agreement found: the text against its fingerprint, and each side's signature against the text."""

    agreement_id: UUID
    sha256: str
    text_matches: bool
    valid: dict[Side, bool]

    @property
    def is_valid(self) -> bool:
        """Whether the text is the signed one and both sides' signatures hold."""
        return self.text_matches and self.valid == {Side.BUYER: True, Side.SUPPLIER: True}


async def verify_agreement(actor: Actor, agreement_id: UUID) -> AgreementVerdict:
    """Check the stored text and signatures, byte for byte; changes nothing."""
    agreement = await FrameworkAgreement.visible_to(actor).get_or_none(id=agreement_id)
    if agreement is None:
        raise NotFound("FrameworkAgreement", agreement_id)
    return await verdict_on(agreement)


async def verdict_on(agreement: FrameworkAgreement) -> AgreementVerdict:
    """What checking an agreement that was opened before finds."""
    sha256 = fingerprint(agreement.text)
    valid = {signature.side: _holds(signature, sha256) for signature in await AgreementSignature.of(agreement.id)}
    return AgreementVerdict(agreement.id, agreement.sha256, sha256 == agreement.sha256, valid)


async def seal_agreement(agreement: FrameworkAgreement, actor: Actor, side: Side) -> None:
    """Write down the actor's signature for a side."""
    moment = clock.now()
    text = statement(
        sha256=agreement.sha256,
        side=side,
        company=str(actor.company),
        signatory=str(actor.member),
        name=actor.name,
        signed_at=moment.isoformat(),
    )
    await AgreementSignature.create(
        agreement_id=agreement.id,
        side=side,
        company_id=actor.company,
        member_id=actor.member,
        signatory_name=actor.name,
        statement=text,
        created_at=moment,
        **vars(sealer().sign(text)),
    )


def _holds(signature: AgreementSignature, sha256: str) -> bool:
    seal = Seal(signature.algorithm, signature.key_id, signature.public_key, signature.value, signature.trust_level)
    expected = statement(
        sha256=sha256,
        side=signature.side,
        company=str(signature.company_id),
        signatory=str(signature.member_id),
        name=signature.signatory_name,
        signed_at=signature.created_at.isoformat(),
    )
    return signature.statement == expected and sealer().verifies(signature.statement, seal)
