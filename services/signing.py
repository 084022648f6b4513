"""Signing a contract: checked first, proven, signed outside any transaction, and recorded where nothing moved meanwhile (decision 0060)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from models import Contract, ContractFile, Order, Signature
from partners.documents import FIELDS, Stamp
from partners.signing import Completed, Signatory, SigningFailed
from rules.contract import ContractStatus, TrustLevel, fingerprint
from rules.events import EventKind
from rules.lifecycle import Side, step_for
from rules.people import Actor
from rules.problems import ContractChanged, ContractLapsed, NotFound, Unavailable
from services import clock
from services.amending import amend
from services.changing import check_approved
from services.concluding import conclude
from services.desk import check_version, lock_order, move, note, other_side, turn_to
from services.partners import printer, signer
from services.printing import aside, newest_file
from services.totp import Proof, prove
from services.verb import verb

TRIES = 3
"""How often to begin again because the other side signed meanwhile; each side signs once, so once is enough."""


class Outrun(Exception):
    """Somebody else made the next revision of the file."""


@dataclass(frozen=True)
class Signing:
    """What is about to be signed, by whom and when."""

    contract: Contract
    side: Side
    signatory: Signatory
    moment: datetime
    trust_level: TrustLevel

    def stamp(self) -> bytes:
        """What will be seen of the signature."""
        return printer().stamp(
            Stamp(self.signatory.company, self.signatory.name, self.moment, self.trust_level, signer().authority)
        )


@dataclass(frozen=True)
class Signed:
    """The file with the new signature, and the revision it was put on."""

    completed: Completed
    base: int


async def sign_contract(
    actor: Actor, order_id: UUID, expected_version: int, sha256: str, proof: Proof, *, address: str
) -> Order:
    """Sign for one's side the text whose SHA-256 the caller was shown; with the second signature it takes effect.

    The proof is asked for last, so that a refusal costs nobody their code.
    """
    actor.must("sign_contract")
    await check_signable(actor, order_id, expected_version, sha256)
    await prove(actor, proof, address=address)
    return await sign_proven(actor, order_id, expected_version, sha256)


async def sign_proven(actor: Actor, order_id: UUID, expected_version: int, sha256: str) -> Order:
    """The order, signed by somebody of whom the caller has made sure that it is they; no client can call this."""
    actor.must("sign_contract")
    order, contract = await check_signable(actor, order_id, expected_version, sha256)
    for _ in range(TRIES):
        base = await newest_file(contract)
        signing = signing_of(order, contract, actor, TrustLevel.PLATFORM_CA)
        signed = await in_peace(partial(_sign, base, signing))
        try:
            return await _sign_contract(actor, order.id, signing, signed)
        except Outrun:
            continue
    raise Unavailable


async def check_signable(
    actor: Actor, order_id: UUID, expected_version: int | None, sha256: str | None = None
) -> tuple[Order, Contract]:
    """The order and its contract as they are now; refuses whoever cannot sign now, or not this text."""
    order = await Order.visible_to(actor).get_or_none(id=order_id)
    if order is None:
        raise NotFound("Order", order_id)
    check_version(order, actor, expected_version)
    step_for("sign_contract", order, order.side_of(actor))
    contract = await _standing(order)
    if sha256 not in (contract.sha256, None) or fingerprint(contract.text) != contract.sha256:
        raise ContractChanged(contract.sha256)
    await _check_approved(order, contract, order.side_of(actor))
    return order, contract


def signing_of(
    order: Order, contract: Contract, actor: Actor, trust_level: TrustLevel, moment: datetime | None = None
) -> Signing:
    """The actor's signature, made now unless said, and named as the contract names the company."""
    side = order.side_of(actor)
    party = json.loads(contract.text)[side.lower()]
    signatory = Signatory(actor.name, str(actor.member), party["name"], party["creditCode"])
    # PDF keeps whole seconds.
    return Signing(contract, side, signatory, (moment or clock.now()).replace(microsecond=0), trust_level)


async def in_peace(work: Callable[[], Signed]) -> Signed:
    """The work's answer from a thread; Unavailable where somebody outside did not do their part."""
    try:
        return await aside(work)
    except SigningFailed as failed:
        raise Unavailable(30) from failed


async def record(actor: Actor, order_id: UUID, signing: Signing, signed: Signed) -> Order:
    """Write down a signature in the transaction around, where the file is still the one that was signed; raises Outrun where not."""
    order = await lock_order(actor, order_id)
    step_for("sign_contract", order, signing.side)
    contract = await _standing(order)
    if contract.id != signing.contract.id:
        raise ContractChanged(contract.sha256)
    newest = await ContractFile.newest_revision(contract.id)
    await _check_approved(order, contract, signing.side)
    if newest != signed.base:
        raise Outrun
    await _write(actor, signing, signed)
    if newest > 0:
        await _take_effect(order, contract, actor)
    else:
        contract.status = ContractStatus.PARTIALLY_SIGNED
        await contract.save(update_fields=["status"])
        move(order, "sign_contract", to=order.status)
        turn_to(order, other_side(signing.side))
    await note(order, EventKind.CONTRACT_SIGNED, actor, {"contractId": str(contract.id), "side": signing.side})
    return order


async def _take_effect(order: Order, contract: Contract, actor: Actor) -> None:
    """Both have signed: the first version binds, a later one takes the place of the one before."""
    if contract.supersedes_id is not None:
        await amend(order, contract, actor)
    else:
        await conclude(order, contract)
        move(order, "sign_contract")


async def _check_approved(order: Order, contract: Contract, side: Side) -> None:
    """Refuse the buyer's signature on a change that its approvers have yet to agree to."""
    if order.amendment is not None and side is Side.BUYER:
        await check_approved(order, contract)


@verb
async def _sign_contract(actor: Actor, order_id: UUID, signing: Signing, signed: Signed) -> Order:
    return await record(actor, order_id, signing, signed)


def _sign(base: ContractFile, signing: Signing) -> Signed:
    """Takes some tenths of a second."""
    pades, moment = signer(), signing.moment
    prepared = pades.prepare(base.content, FIELDS[signing.side], signing.stamp(), moment)
    cms = pades.sign(prepared.digest, signing.signatory, moment)
    return Signed(pades.complete(prepared, cms, moment), base.revision)


async def _standing(order: Order) -> Contract:
    """The contract that is on the table."""
    contract = await Contract.newest(order.id)
    if contract is None:
        raise NotFound("Contract", order.id)
    if contract.sign_by <= clock.now():
        raise ContractLapsed(contract.sha256)
    return contract


async def _write(actor: Actor, signing: Signing, signed: Signed) -> None:
    revision, made, contract_id = signed.base + 1, signed.completed, signing.contract.id
    await ContractFile.holding(contract_id, revision, made.pdf, clock.now()).save(force_create=True)
    await Signature.create(
        contract_id=contract_id,
        side=signing.side,
        company_id=actor.company,
        member_id=actor.member,
        signatory_name=actor.name,
        trust_level=signing.trust_level,
        revision=revision,
        certificate=made.certificate.der,
        certificate_subject=made.certificate.subject[:1000],
        time_stamp_authority=made.authority,
        time_stamped_at=made.stamped_at,
        created_at=signing.moment,
    )
