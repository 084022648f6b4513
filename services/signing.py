"""Signing a contract: checked first, proven, signed outside any transaction, and recorded where nothing moved meanwhile (decision 0060)."""

from functools import partial
from uuid import UUID

from models import Contract, ContractLine, Order
from rules.contract import ContractStatus, fingerprint
from rules.events import EventKind
from rules.lifecycle import Side, step_for
from rules.people import Actor
from rules.problems import ContractChanged, ContractLapsed, NotFound
from services import clock, credit, stock
from services.amending import amend, check_amendable
from services.changing import check_approved
from services.concluding import conclude
from services.desk import check_version, lock_order, move, note, other_side, turn_to
from services.paper import Signed, Signing, check_newest, put_on_record, sign_newest
from services.totp import Proof, prove
from services.verb import verb


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
    return await sign_newest(contract, order.side_of(actor), actor, partial(_sign_contract, actor, order.id))


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
    if contract.status is ContractStatus.PARTIALLY_SIGNED:
        await _check_second(order, contract, actor)
    return order, contract


async def record(actor: Actor, order_id: UUID, signing: Signing[Contract], signed: Signed) -> Order:
    """Write down a signature in the transaction around, where the file is still the one that was signed; raises Outrun where not."""
    order = await lock_order(actor, order_id)
    step_for("sign_contract", order, signing.side)
    contract = await _standing(order)
    if contract.id != signing.document.id:
        raise ContractChanged(contract.sha256)
    await _check_approved(order, contract, signing.side)
    await check_newest(contract, signed)
    await put_on_record(actor, signing, signed)
    if signed.base > 0:
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
        await conclude(order, contract, actor)
        move(order, "sign_contract")


async def _check_second(order: Order, contract: Contract, actor: Actor) -> None:
    """Refuse what the contract could not take effect for; the signature, and the signatory's code, would be for nothing."""
    if contract.supersedes_id is not None:
        await check_amendable(order, contract, actor)
    else:
        await stock.check_signable(order, await ContractLine.of(contract.id), actor)
        await credit.check_signable(order)


async def _check_approved(order: Order, contract: Contract, side: Side) -> None:
    """Refuse the buyer's signature on a change that its approvers have yet to agree to."""
    if order.amendment is not None and side is Side.BUYER:
        await check_approved(order, contract)


@verb
async def _sign_contract(actor: Actor, order_id: UUID, signing: Signing[Contract], signed: Signed) -> Order:
    return await record(actor, order_id, signing, signed)


async def _standing(order: Order) -> Contract:
    """The contract that is on the table."""
    contract = await Contract.newest(order.id)
    if contract is None:
        raise NotFound("Contract", order.id)
    if contract.sign_by <= clock.now():
        raise ContractLapsed(contract.sha256)
    return contract
