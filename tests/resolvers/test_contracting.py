"""Contracts in the schema: read, signed, checked, refused."""

import hashlib
from typing import Any

import pytest

from models import Company, Order
from resolvers.ids import encode_id
from rules.people import Actor, Role
from tests.authenticators import App, make_app
from tests.makers import PASSWORD, make_actor
from tests.order_makers import Parties, contract_of, fresh, make_awarded_order, make_contracted_order, make_parties
from tests.resolvers.asking import ask, do

pytestmark = pytest.mark.usefixtures("cheap_hashes")
CONTRACT = """query ($id: ID!) { contract(id: $id) {
    number version status statusLabel text sha256 signBy effectiveAt pdf { url revision sha256 size }
    signatures { side signatoryName trustLevel trustLevelLabel revision certificate certificateSubject timeStampAuthority
        timeStampedAt signedAt company { legalName } }
    quotation { revision } order { number } } }"""
VERIFY = """query ($id: ID!) { verifyContract(id: $id) {
    sha256 textMatches fileSha256 fileMatches isBound isValid label
    signatures { side signatoryName trustLevel trustLevelLabel coverage coverageLabel changes changesLabel isIntact isTrusted
        isAsRecorded isValid certificate { subject issuer } timeStamp { authority } } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def sign(actor: Actor, order: Order, sha256: str, app: App | None = None) -> Any:
    """What the actor is told who signs this text, with a code of this app or a wrong one."""
    order = await fresh(order)
    return await do(
        actor,
        "signContract",
        "order { status turn }",
        orderId=encode_id("Order", order.id),
        expectedVersion=order.version_for(actor),
        sha256=sha256,
        password=PASSWORD,
        totpCode=app.code() if app else "000000",
    )


async def test_both_sides_sign_what_they_have_read(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    key = encode_id("Contract", (await contract_of(order)).id)
    shown = await ask(parties.buyer, CONTRACT, locale="zh-CN", id=key)
    assert (shown["statusLabel"], shown["signatures"]) == ("待双方签署", [])
    assert hashlib.sha256(shown["text"].encode()).hexdigest() == shown["sha256"]
    assert shown["pdf"] == {"url": f"/contracts/{key}/contract.pdf", "revision": 0, "sha256": None, "size": None}
    buyer, supplier = await make_app(parties.buyer), await make_app(parties.supplier)
    first = await sign(parties.buyer, order, shown["sha256"], buyer)
    assert first["order"] == {"status": "PENDING_SIGNATURE", "turn": "SUPPLIER"}
    again = await sign(parties.buyer, order, shown["sha256"], buyer)
    assert again["code"] == "NOT_YOUR_TURN"
    second = await sign(parties.supplier, order, shown["sha256"], supplier)
    assert second["order"] == {"status": "CONTRACTED", "turn": None}
    signed = await ask(parties.supplier, CONTRACT, id=key)
    assert [signature["side"] for signature in signed["signatures"]] == ["BUYER", "SUPPLIER"]
    assert {signature["trustLevel"] for signature in signed["signatures"]} == {"PLATFORM_CA"}
    found = await ask(parties.supplier, VERIFY, locale="zh-CN", id=key)
    assert (found["sha256"], found["isValid"], found["label"]) == (shown["sha256"], True, "有效")
    assert signed["pdf"]["sha256"] == found["fileSha256"]
    assert signed["pdf"]["revision"] == 2
    assert [one["coverageLabel"] for one in found["signatures"]] == ["覆盖签署时的整个版本", "覆盖整个文件"]
    assert all(one["isValid"] and one["timeStamp"]["authority"] for one in found["signatures"])


async def test_without_a_fresh_proof_nothing_is_signed(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    sha256 = (await contract_of(order)).sha256
    assert (await sign(parties.buyer, order, sha256))["code"] == "TOTP_REQUIRED"
    app = await make_app(parties.buyer)
    assert (await sign(parties.buyer, order, sha256))["code"] == "PROOF_FAILED"
    assert (await sign(parties.buyer, order, sha256, app))["order"]["turn"] == "SUPPLIER"
    sales = await make_actor(await Company.get(id=parties.supplier.home), Role.SALES)
    refused = await sign(sales, order, sha256, app)
    assert (refused["code"], refused["__typename"]) == ("SIGNATORY_REQUIRED", "NotAllowedProblem")


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
