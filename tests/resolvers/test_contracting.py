"""Contracts in the schema: read, signed, checked, refused."""

import hashlib
from typing import Any

import pytest

from models import Order
from resolvers.ids import encode_id
from rules.people import Actor
from tests.order_makers import Parties, contract_of, fresh, make_awarded_order, make_contracted_order, make_parties
from tests.resolvers.asking import ask, do

CONTRACT = """query ($id: ID!) { contract(id: $id) {
    number version status statusLabel text sha256 signBy effectiveAt
    signatures { side signatoryName statement algorithm keyId publicKey value trustLevel signedAt company { legalName } }
    quotation { revision } order { number } } }"""
VERIFY = """query ($id: ID!) { verifyContract(id: $id) {
    sha256 textMatches isValid signatures { side isValid } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def sign(actor: Actor, order: Order, sha256: str) -> Any:
    """What the actor is told who signs this text."""
    order = await fresh(order)
    return await do(
        actor,
        "signContract",
        "order { status turn }",
        orderId=encode_id("Order", order.id),
        expectedVersion=order.version_for(actor),
        sha256=sha256,
    )


async def test_both_sides_sign_what_they_have_read(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    key = encode_id("Contract", (await contract_of(order)).id)
    shown = await ask(parties.buyer, CONTRACT, locale="zh-CN", id=key)
    assert (shown["statusLabel"], shown["signatures"]) == ("待双方签署", [])
    assert hashlib.sha256(shown["text"].encode()).hexdigest() == shown["sha256"]
    first = await sign(parties.buyer, order, shown["sha256"])
    assert first["order"] == {"status": "PENDING_SIGNATURE", "turn": "SUPPLIER"}
    again = await sign(parties.buyer, order, shown["sha256"])
    assert again["code"] == "NOT_YOUR_TURN"
    second = await sign(parties.supplier, order, shown["sha256"])
    assert second["order"] == {"status": "CONTRACTED", "turn": None}
    signed = await ask(parties.supplier, CONTRACT, id=key)
    assert [signature["side"] for signature in signed["signatures"]] == ["BUYER", "SUPPLIER"]
    assert all(shown["sha256"] in signature["statement"] for signature in signed["signatures"])
    assert await ask(parties.supplier, VERIFY, id=key) == {
        "sha256": shown["sha256"],
        "textMatches": True,
        "isValid": True,
        "signatures": [{"side": "BUYER", "isValid": True}, {"side": "SUPPLIER", "isValid": True}],
    }


async def test_another_text_is_not_signed(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    assert (await sign(parties.buyer, order, "ab" * 32))["code"] == "CONTRACT_CHANGED"
    refused = await sign(parties.buyer, order, "nonsense")
    assert refused["faults"] == [{"field": "input.sha256"}]


async def test_a_refused_contract_is_void(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    answer = await do(
        parties.supplier,
        "refuseContract",
        "order { status contracts { status } }",
        orderId=encode_id("Order", order.id),
        expectedVersion=order.version_for(parties.supplier),
        reason="another name",
    )
    assert answer["order"] == {"status": "NEGOTIATING", "contracts": [{"status": "VOID"}]}


async def test_a_stranger_s_a_missing_and_a_malformed_id_look_the_same(parties: Parties) -> None:
    contract = await contract_of(await make_contracted_order(parties))
    stranger = (await make_parties()).buyer
    for key in (encode_id("Contract", contract.id), encode_id("Contract", stranger.home), "nonsense"):
        assert await ask(stranger, CONTRACT, id=key) is None
        assert await ask(stranger, VERIFY, id=key) is None
