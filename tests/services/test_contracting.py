"""Contracts: both sides sign the same bytes, it takes effect once, and whatever is changed later shows."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest

from models import Company, Contract, Event, Order, Product, Signature
from models.database import pool
from rules.contract import ContractStatus, fingerprint
from rules.lifecycle import OrderStatus, Side, actions
from rules.people import CompanyKind, Role, Scope
from rules.problems import (
    ContractChanged,
    ContractLapsed,
    ContractLocked,
    NotFound,
    NotYourTurn,
    SignatoryRequired,
    StaleVersion,
    WrongStatus,
)
from services import clock, ledger
from services.contracting import refuse_contract
from services.conversing import post_message
from services.quoting import accept_quotation, counter_quotation, decline_quotation
from services.secret import Secret
from services.signing import sign_contract, sign_proven
from services.sweeping import sweep
from services.totp import Proof
from services.verifying import Verdict, verify_contract
from tests.makers import HOME, make_actor, make_company, make_key
from tests.order_makers import (
    EVERYDAY,
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_awarded_order,
    make_goods,
    make_parties,
    make_quotation,
    make_signed,
)
from tests.races import at_once

PROOF = Proof(Secret("anything"), Secret("000000"))


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def tamper(change: str, *values: object) -> None:
    """Change a row past the triggers, as somebody with the database in hand could."""
    async with pool().acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        assert await connection.execute(change, *values) == "UPDATE 1"


async def verdict(parties: Parties, order: Order) -> Verdict:
    """What checking the order's contract finds."""
    return await verify_contract(parties.buyer, (await contract_of(order)).id)


async def test_the_second_signature_brings_it_into_effect(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(600))
    order = await make_awarded_order(parties, goods=[bolts])
    order = await make_signed(order, parties.supplier)
    assert (order.status, order.turn) == (OrderStatus.PENDING_SIGNATURE, Side.BUYER)
    assert (await contract_of(order)).status is ContractStatus.PARTIALLY_SIGNED
    order = await make_signed(order, parties.buyer)
    assert (order.status, order.turn) == (OrderStatus.CONTRACTED, None)
    contract = await contract_of(order)
    assert (contract.status, contract.effective_at) == (ContractStatus.EFFECTIVE, order.contracted_at)
    [line] = await lines_of(order)
    assert (await ledger.line_quantities(order))[line.id].ordered == 1000
    assert (await Product.get(id=bolts.id)).stock_reserved == 1000
    assert (await verdict(parties, order)).is_valid


async def test_both_who_sign_at_the_same_moment_bring_it_into_effect_once(parties: Parties) -> None:
    """Scenario 18: whoever comes second signs the file with the first signature in it."""
    order = await make_awarded_order(parties)
    contract = await contract_of(order)
    signed, refused = await at_once(
        *(
            sign_proven(actor, order.id, order.version_for(actor), contract.sha256)
            for actor in (parties.buyer, parties.supplier)
        )
    )
    assert (len(signed), refused) == (2, [])
    assert (await fresh(order)).status is OrderStatus.CONTRACTED
    assert await Event.filter(stream=order.id, kind="CONTRACT_SIGNED").count() == 2
    [line] = await lines_of(order)
    assert (await ledger.line_quantities(order))[line.id].ordered == 1000
    assert (await verdict(parties, order)).is_valid


async def test_two_signatories_of_one_side_sign_once(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    contract = await contract_of(order)
    colleague = await make_actor(await Company.get(id=parties.buyer.home), Role.SIGNATORY)
    signed, refused = await at_once(
        *(sign_proven(actor, order.id, order.version, contract.sha256) for actor in (parties.buyer, colleague))
    )
    assert len(signed) == 1
    assert [type(problem) for problem in refused] in ([NotYourTurn], [StaleVersion])
    assert await Signature.all().count() == 1


async def test_whoever_has_not_read_the_newest_version_signs_nothing(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    await post_message(parties.supplier, order.id, "Please wait.", idempotency_key=make_key())
    with pytest.raises(StaleVersion):
        await sign_proven(parties.buyer, order.id, order.version, (await contract_of(order)).sha256)


async def test_a_text_that_is_being_signed_is_not_edited(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    with pytest.raises(ContractLocked) as locked:
        await make_quotation(parties, order)
    assert (locked.value.action, locked.value.status) == ("send_quotation", "PENDING_SIGNATURE")
    with pytest.raises(ContractLocked):
        await counter_quotation(parties.buyer, order.id, order.version, (), "cheaper")
    with pytest.raises(WrongStatus) as other:
        await decline_quotation(parties.buyer, order.id, order.version, "too late")
    assert not isinstance(other.value, ContractLocked)


async def test_a_side_signs_once_and_is_not_offered_to_again(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    assert "sign_contract" in actions(order, Side.BUYER)
    order = await make_signed(order, parties.buyer)
    assert "sign_contract" not in actions(order, Side.BUYER)
    assert "sign_contract" in actions(order, Side.SUPPLIER)
    with pytest.raises(NotYourTurn):
        await make_signed(order, parties.buyer)
    assert await Signature.all().count() == 1


async def test_only_signatories_of_the_parties_sign(parties: Parties) -> None:
    """Scenario 18: a non-signatory is refused; a machine never signs; a rival learns nothing."""
    order = await make_awarded_order(parties)
    contract = await contract_of(order)
    everything_else = replace(parties.buyer, roles=EVERYDAY - {Role.SIGNATORY} | {Role.ADMIN, Role.APPROVER})
    machine = replace(parties.buyer, member=None, roles=frozenset(), scopes=frozenset(Scope))
    for actor in (everything_else, machine):
        with pytest.raises(SignatoryRequired):
            await sign_contract(actor, order.id, order.version, contract.sha256, PROOF, address=HOME)
    rival = await make_actor(await make_company(CompanyKind.SUPPLIER), Role.SIGNATORY)
    with pytest.raises(NotFound) as unseen:
        await sign_contract(rival, order.id, order.version, contract.sha256, PROOF, address=HOME)
    assert str(unseen.value) == str(NotFound("Order", uuid4()))
    assert await Signature.all().count() == 0


async def test_whoever_read_another_text_does_not_sign_this_one(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    contract = await contract_of(order)
    with pytest.raises(ContractChanged) as refused:
        await sign_proven(parties.buyer, order.id, order.version, fingerprint(contract.text + " "))
    assert refused.value.sha256 == contract.sha256
    await tamper("UPDATE contract SET text = replace(text, '0.333', '0.334') WHERE id = $1", contract.id)
    with pytest.raises(ContractChanged):
        await sign_proven(parties.buyer, order.id, order.version, contract.sha256)


async def test_the_time_to_sign_ends_to_the_microsecond(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    contract = await contract_of(order)
    with clock.held_at(contract.sign_by), pytest.raises(ContractLapsed):
        await sign_proven(parties.buyer, order.id, order.version, contract.sha256)
    with clock.held_at(contract.sign_by - timedelta(microseconds=1)):
        order = await make_signed(order, parties.buyer)
        assert await sweep() == 0
    with clock.held_at(contract.sign_by):
        assert await sweep() == 1
    assert ((await fresh(order)).status, (await contract_of(order)).status) == (
        OrderStatus.EXPIRED,
        ContractStatus.VOID,
    )


async def test_the_text_says_what_was_agreed(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    agreed = json.loads((await contract_of(order)).text)
    [line] = agreed["lines"]
    assert (line["quantity"], line["unitPrice"], line["net"], line["tax"]) == ("1000", "0.333", "333.00", "43.29")
    assert (agreed["freight"]["net"], agreed["amounts"]["total"]) == ("50.00", "430.79")
    assert (agreed["payment"]["netDays"], agreed["delivery"]["zone"]) == ("30", "Asia/Shanghai")


async def test_a_contract_with_one_signature_is_not_valid_yet(parties: Parties) -> None:
    order = await make_signed(await make_awarded_order(parties), parties.supplier)
    found = await verdict(parties, order)
    [one] = found.signatures
    assert (found.text_matches, one.recorded.side, one.is_valid) == (True, Side.SUPPLIER, True)
    assert not found.is_valid


async def test_a_stranger_cannot_have_a_contract_checked(parties: Parties) -> None:
    contract = await contract_of(await make_awarded_order(parties))
    with pytest.raises(NotFound) as unseen:
        await verify_contract((await make_parties()).buyer, contract.id)
    with pytest.raises(NotFound) as missing:
        await verify_contract(parties.buyer, uuid4())
    assert str(unseen.value) == str(missing.value)


async def test_a_refused_contract_is_negotiated_again_and_signed_in_its_next_version(parties: Parties) -> None:
    order = await make_signed(await make_awarded_order(parties), parties.buyer)
    order = await refuse_contract(parties.supplier, order.id, order.version_for(parties.supplier), "another name")
    assert (order.status, order.turn, order.agreed_total) == (OrderStatus.NEGOTIATING, Side.SUPPLIER, None)
    void = await contract_of(order)
    assert void.status is ContractStatus.VOID
    with pytest.raises(WrongStatus):
        await make_signed(order, parties.supplier)
    quotation = await make_quotation(parties, order, ["0.300"])
    order = await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version)
    newest = await contract_of(order)
    assert (newest.version, newest.id == void.id) == (2, False)
    with pytest.raises(ContractChanged):
        await sign_proven(parties.buyer, order.id, order.version, void.sha256)
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    assert order.status is OrderStatus.CONTRACTED
    assert await Contract.filter(order_id=order.id, status=ContractStatus.EFFECTIVE).count() == 1
