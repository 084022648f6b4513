"""Framework agreements in the schema: on paper, signed and checked like contracts."""

import pytest

from resolvers.ids import encode_id
from tests.agreement_makers import make_accepted_order, make_agreement, make_proposal
from tests.order_makers import Parties, contract_of, make_parties
from tests.resolvers.asking import ask

AGREEMENT = """query ($id: ID!) { agreement(id: $id) {
    number sha256 pdf { url revision sha256 size }
    signatures { id side signatoryName trustLevel trustLevelLabel revision certificate certificateSubject timeStampAuthority
        timeStampedAt signedAt company { legalName } } } }"""
VERDICT = """sha256 textMatches fileSha256 fileMatches isBound isValid label
    signatures { side trustLevel coverage isValid certificate { subject } timeStamp { authority } }"""
VERIFY = f"query ($id: ID!) {{ verifyAgreement(id: $id) {{ {VERDICT} }} }}"
STANDS_ON = f"query ($id: ID!) {{ verifyContract(id: $id) {{ isValid agreement {{ {VERDICT} }} }} }}"


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_it_is_shown_with_its_paper_and_who_signed(parties: Parties) -> None:
    key = encode_id("FrameworkAgreement", (await make_agreement(parties)).id)
    shown = await ask(parties.buyer, AGREEMENT, locale="zh-CN", id=key)
    assert (shown["pdf"]["url"], shown["pdf"]["revision"]) == (f"/agreements/{key}/agreement.pdf", 2)
    assert [one["side"] for one in shown["signatures"]] == ["SUPPLIER", "BUYER"]
    assert {one["trustLevelLabel"] for one in shown["signatures"]} == {"平台签发证书"}
    assert all(one["certificate"].startswith("-----BEGIN CERTIFICATE-----") for one in shown["signatures"])


async def test_one_that_nobody_printed_yet_has_an_address_all_the_same(parties: Parties) -> None:
    key = encode_id("FrameworkAgreement", (await make_proposal(parties)).id)
    shown = await ask(parties.supplier, AGREEMENT, id=key)
    assert shown["pdf"] == {"url": f"/agreements/{key}/agreement.pdf", "revision": 0, "sha256": None, "size": None}


async def test_it_is_checked_by_its_own_id_and_with_what_stands_on_it(parties: Parties) -> None:
    agreement = await make_agreement(parties)
    key = encode_id("FrameworkAgreement", agreement.id)
    verdict = await ask(parties.supplier, VERIFY, locale="zh-CN", id=key)
    assert (verdict["isValid"], verdict["label"], verdict["sha256"]) == (True, "有效", agreement.sha256)
    assert [one["isValid"] for one in verdict["signatures"]] == [True, True]
    contract = await contract_of(await make_accepted_order(parties))
    found = await ask(parties.supplier, STANDS_ON, locale="zh-CN", id=encode_id("Contract", contract.id))
    assert (found["isValid"], found["agreement"]) == (True, verdict)
    stranger = (await make_parties()).buyer
    for id_ in (key, encode_id("FrameworkAgreement", stranger.home), "nonsense"):
        assert await ask(stranger, VERIFY, id=id_) is None
