"""Signing a frozen text, refusing to, and checking later that nothing was changed."""

from dataclasses import dataclass
from uuid import UUID

from models import Contract, FrameworkAgreement, Order, Signature
from partners.signing import Seal
from rules.contract import ContractStatus, fingerprint, named_agreement, statement
from rules.events import EventKind
from rules.lifecycle import OrderStatus, Side
from rules.people import Actor
from rules.problems import ContractChanged, ContractLapsed, NotFound
from services import clock
from services.agreement_seals import AgreementVerdict, verdict_on
from services.closing import void_contract
from services.concluding import conclude
from services.desk import move, note, open_order, turn_to
from services.partners import signer
from services.verb import verb


@dataclass(frozen=True)
class Verdict:
    """What checking a contract found: the text against its fingerprint, and each side's signature against the text.

    `agreement`: the same of the framework agreement it stands on, if the text names that very one.
    """

    sha256: str
    text_matches: bool
    valid: dict[Side, bool]
    agreement: AgreementVerdict | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the text is the signed one and both sides' signatures hold, on it or on the agreement it stands on."""
        if self.agreement is not None:
            return self.text_matches and self.agreement.is_valid
        return self.text_matches and self.valid == {Side.BUYER: True, Side.SUPPLIER: True}


@verb
async def sign_contract(actor: Actor, order_id: UUID, expected_version: int, sha256: str) -> Order:
    """Sign for one's side the text whose SHA-256 the caller was shown; with the second signature it takes effect."""
    order = await open_order(actor, "sign_contract", order_id, expected_version)
    contract, side = await _open_contract(order), order.side_of(actor)
    if contract.sign_by <= clock.now():
        raise ContractLapsed(contract.sha256)
    if sha256 != contract.sha256 or fingerprint(contract.text) != contract.sha256:
        raise ContractChanged(contract.sha256)
    is_second = await Signature.of(contract.id).exists()
    await _sign(contract, actor, side)
    if is_second:
        await conclude(order, contract)
        move(order, "sign_contract")
    else:
        contract.status = ContractStatus.PARTIALLY_SIGNED
        await contract.save(update_fields=["status"])
        move(order, "sign_contract", to=OrderStatus.PENDING_SIGNATURE)
        turn_to(order, Side.SUPPLIER if side is Side.BUYER else Side.BUYER)
    await note(order, EventKind.CONTRACT_SIGNED, actor, {"contractId": str(contract.id), "side": side})
    return order


@verb
async def refuse_contract(actor: Actor, order_id: UUID, expected_version: int, reason: str) -> Order:
    """Send the text back to negotiation; its version is void, and so are signatures on it."""
    order = await open_order(actor, "refuse_contract", order_id, expected_version)
    contract = await void_contract(order)
    order.agreed_total = None
    move(order, "refuse_contract")
    body = {"contractId": str(contract.id) if contract else None, "reason": reason}
    await note(order, EventKind.CONTRACT_REFUSED, actor, body)
    return order


async def verify_contract(actor: Actor, contract_id: UUID) -> Verdict:
    """Check the stored text and signatures, byte for byte; changes nothing."""
    contract = await Contract.visible_to(actor).get_or_none(id=contract_id)
    if contract is None:
        raise NotFound("Contract", contract_id)
    sha256 = fingerprint(contract.text)
    valid = {signature.side: _holds(signature, sha256) for signature in await Signature.of(contract.id)}
    return Verdict(contract.sha256, sha256 == contract.sha256, valid, await _stands_on(contract))


async def _stands_on(contract: Contract) -> AgreementVerdict | None:
    """What checking the framework agreement finds whose fingerprint the contract's text names."""
    agreement = await FrameworkAgreement.named(contract.agreement_id)
    if agreement is None or named_agreement(contract.text) != (agreement.number, agreement.sha256):
        return None
    return await verdict_on(agreement)


async def _open_contract(order: Order) -> Contract:
    contract = await Contract.newest(order.id)
    if contract is None:
        raise NotFound("Contract", order.id)
    return contract


async def _sign(contract: Contract, actor: Actor, side: Side) -> None:
    # The platform's key is in memory and takes 50 microseconds; a signer that is called over a network goes through an errand.
    moment = clock.now()
    text = statement(
        sha256=contract.sha256,
        side=side,
        company=str(actor.company),
        signatory=str(actor.member),
        name=actor.name,
        signed_at=moment.isoformat(),
    )
    seal = signer().sign(text)
    await Signature.create(
        contract_id=contract.id,
        side=side,
        company_id=actor.company,
        member_id=actor.member,
        signatory_name=actor.name,
        statement=text,
        created_at=moment,
        **vars(seal),
    )


def _holds(signature: Signature, sha256: str) -> bool:
    seal = Seal(signature.algorithm, signature.key_id, signature.public_key, signature.value, signature.trust_level)
    expected = statement(
        sha256=sha256,
        side=signature.side,
        company=str(signature.company_id),
        signatory=str(signature.member_id),
        name=signature.signatory_name,
        signed_at=signature.created_at.isoformat(),
    )
    return signature.statement == expected and signer().verifies(signature.statement, seal)
