"""Packing lists and labels come through the door to both parties alone, as files and never as pages."""

from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from api.attachments import saved_as
from api.authentication import make_context
from api.door import Door
from api.packing_files import packing_file_routes
from models import Package, Shipment
from resolvers.ids import encode_id
from rules.people import Actor
from services.packing import pack_shipment
from tests.house import open_house
from tests.order_makers import Parties, make_contracted_order, make_parties, make_shipment
from tests.package_makers import make_sscc, make_wish

LINKS = """query ($id: ID!) { shipment(id: $id) { packing {
    packingList { url downloadUrl } labels { url downloadUrl } packages { label { url downloadUrl } } } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def make_packed(parties: Parties) -> tuple[Shipment, Package]:
    """A shipment in one package."""
    order = await make_contracted_order(parties, ["100"])
    shipment = await make_shipment(parties, order, packages=(await make_wish(order, "60", sscc=make_sscc()),))
    [package] = await Package.of(shipment.id)
    return shipment, package


async def fetch(caller: Actor, path: str) -> httpx2.Response:
    """What the caller is answered."""

    async def authorise(_connection: object) -> Actor:
        return caller

    app = Starlette(routes=packing_file_routes(Door(authorise, make_context)))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://here") as client:
        return await client.get(path)


async def test_both_parties_download_files_that_no_browser_runs(parties: Parties) -> None:
    shipment, package = await make_packed(parties)
    id_, label = encode_id("Shipment", shipment.id), encode_id("Package", package.id)
    for path, name in (
        (f"/shipments/{id_}/packing-list.pdf", f"{shipment.number}-packing-list.pdf"),
        (f"/shipments/{id_}/labels.pdf", f"{shipment.number}-labels.pdf"),
        (f"/packages/{label}/label.pdf", f"{shipment.number}-1.pdf"),
    ):
        mine, theirs = await fetch(parties.supplier, path), await fetch(parties.buyer, path)
        assert (mine.status_code, mine.content[:5], mine.content) == (200, b"%PLAI", theirs.content)
        headers = mine.headers
        assert headers["content-type"] == "application/pdf"
        assert headers["content-disposition"] == saved_as(name)["content-disposition"]
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
        assert headers["etag"] == theirs.headers["etag"]


async def test_a_stranger_s_a_missing_and_a_malformed_id_get_the_same_bytes(parties: Parties) -> None:
    shipment, package = await make_packed(parties)
    stranger = (await make_parties()).buyer
    for path, kind, key in (
        ("/shipments/{}/packing-list.pdf", "Shipment", shipment.id),
        ("/shipments/{}/labels.pdf", "Shipment", shipment.id),
        ("/packages/{}/label.pdf", "Package", package.id),
    ):
        ids = (encode_id(kind, key), encode_id(kind, stranger.home), encode_id("Order", key), "nonsense")
        answers = [await fetch(stranger, path.format(id_)) for id_ in ids]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert (await fetch(Actor.anonymous(), path.format(ids[0]))).status_code == 401


async def test_a_browser_gets_each_by_a_link_of_its_own(database_url: str, tmp_path: Path) -> None:
    async with open_house(database_url, tmp_path) as house:
        parties = await make_parties()
        shipment, package = await make_packed(parties)
        buyer = await house.enter(parties.buyer)
        id_ = encode_id("Shipment", shipment.id)
        packing = (await buyer.ask(LINKS, id=id_))["shipment"]["packing"]
        [only] = packing["packages"]
        for link in (packing["packingList"], packing["labels"], only["label"]):
            answer = await house.http.get(link["downloadUrl"])
            assert (answer.status_code, answer.content[:4]) == (200, b"%PDF")
            assert link["downloadUrl"].startswith(link["url"])
            assert (await house.http.get(link["url"])).status_code == 401
        ticket = packing["labels"]["downloadUrl"].partition("?")[2]
        assert (await house.http.get(f"{only['label']['url']}?{ticket}")).status_code == 401
        await pack_shipment(parties.supplier, shipment.id, shipment.version, [])
        assert (await buyer.ask(LINKS, id=id_))["shipment"]["packing"]["labels"] is None
        assert (await house.http.get(packing["labels"]["downloadUrl"])).status_code == 404
        assert not await Package.filter(id=package.id).exists()
