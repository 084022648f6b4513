"""Contracts come through the door to their parties alone, as files and never as pages."""

from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from api.attachments import saved_as
from api.authentication import make_context
from api.contract_files import contract_file_routes
from api.door import Door
from models import Contract
from resolvers.ids import encode_id
from rules.people import Actor
from rules.problems import Unauthenticated, Unavailable
from tests.agreement_makers import make_proposal
from tests.house import open_house
from tests.order_makers import Parties, contract_of, make_awarded_order, make_parties

LINK = "query ($id: ID!) { contract(id: $id) { pdf { downloadUrl } } }"


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
async def contract(parties: Parties) -> Contract:
    """A contract that nobody has signed."""
    return await contract_of(await make_awarded_order(parties))


async def fetch(caller: Actor | Exception, key: str, path: str = "/contracts/{}/contract.pdf") -> httpx2.Response:
    """What the caller is answered."""

    async def authorise(_connection: object) -> Actor:
        if isinstance(caller, Exception):
            raise caller
        return caller

    app = Starlette(routes=contract_file_routes(Door(authorise, make_context)))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://here") as client:
        return await client.get(path.format(key))


async def test_a_party_downloads_a_file_that_no_browser_runs(parties: Parties, contract: Contract) -> None:
    answer = await fetch(parties.supplier, encode_id("Contract", contract.id))
    assert (answer.status_code, answer.content[:5]) == (200, b"%PLAI")
    headers = answer.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == saved_as(f"{contract.number}-v1.pdf")["content-disposition"]
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_a_stranger_s_a_missing_and_a_malformed_id_get_the_same_bytes(contract: Contract) -> None:
    stranger = (await make_parties()).buyer
    keys = (encode_id("Contract", contract.id), encode_id("Contract", stranger.home), "nonsense")
    answers = [await fetch(stranger, key) for key in keys]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(answer.headers) for answer in answers}) == 1


async def test_who_has_not_signed_in_is_told_to_and_who_comes_at_a_bad_moment_to_come_back(contract: Contract) -> None:
    key = encode_id("Contract", contract.id)
    for nobody in (Actor.anonymous(), Unauthenticated()):
        answer = await fetch(nobody, key)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    answer = await fetch(Unavailable(7), key)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")


async def test_a_framework_agreement_comes_the_same_way_and_by_its_own_kind_of_id_alone(parties: Parties) -> None:
    agreement = await make_proposal(parties)
    key = encode_id("FrameworkAgreement", agreement.id)
    answer = await fetch(parties.buyer, key, "/agreements/{}/agreement.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PLAI")
    assert answer.headers["content-disposition"] == saved_as(f"{agreement.number}.pdf")["content-disposition"]
    assert (await fetch(parties.buyer, key)).status_code == 404
    assert (await fetch((await make_parties()).buyer, key, "/agreements/{}/agreement.pdf")).status_code == 404
    assert (await fetch(Actor.anonymous(), key, "/agreements/{}/agreement.pdf")).status_code == 401


async def test_a_browser_gets_it_by_a_link_that_is_good_for_nothing_else(database_url: str, tmp_path: Path) -> None:
    async with open_house(database_url, tmp_path) as house:
        parties = await make_parties()
        ids = [encode_id("Contract", (await contract_of(await make_awarded_order(parties))).id) for _ in range(2)]
        buyer = await house.enter(parties.buyer)
        links = [(await buyer.ask(LINK, id=id_))["contract"]["pdf"]["downloadUrl"] for id_ in ids]
        answer = await house.http.get(links[0])
        assert (answer.status_code, answer.content[:4]) == (200, b"%PDF")
        ticket = links[0].partition("?")[2]
        assert (await house.http.get(f"/contracts/{ids[1]}/contract.pdf?{ticket}")).status_code == 401
        assert (await house.http.get(f"/contracts/{ids[0]}/contract.pdf")).status_code == 401
