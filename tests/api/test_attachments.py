"""Files over HTTP: bounded, looked into, never trusted with their name, and for nobody who may not see what they hang on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from api.embedded import EmbeddedPostgres
from models import Attachment, Company, Member
from models.base import new_id
from resolvers.ids import decode_id, encode_id
from rules.people import Role, Scope
from services import clock, partners
from services.api_keys import create_api_key
from services.attaching import attach_file, detach_file
from services.members import deactivate_member
from services.tickets import LIFE
from tests import servers
from tests.file_makers import CSV, PDF, PNG, make_archive, make_shelf
from tests.house import Caller, House, open_house
from tests.makers import actor_of, make_actor, make_company, make_key
from tests.order_makers import Parties, make_order, make_parties, make_placed_order

MOST = 64 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX = make_archive("[Content_Types].xml", "xl/workbook.xml")
READ = "query ($id: ID!) { attachment(id: $id) { id name mediaType size downloadUrl order { number } } }"


@dataclass
class Stage:
    """A house, and two companies that deal with each other in it."""

    house: House
    parties: Parties
    buyer: Caller
    supplier: Caller

    async def send(
        self, caller: Caller, content: Any, media_type: str, name: str = "x", **headers: str
    ) -> httpx2.Response:
        """An upload."""
        sent = {"content-type": media_type, "idempotency-key": make_key(), **headers}
        if caller.token:
            sent["authorization"] = f"Bearer {caller.token}"
        return await self.house.http.post("/attachments", params={"name": name}, content=content, headers=sent)

    async def get(self, path: str, caller: Caller | None = None) -> httpx2.Response:
        """A download."""
        headers = {"authorization": f"Bearer {caller.token}"} if caller else {}
        return await self.house.http.get(path, headers=headers)


@pytest.fixture(scope="module")
async def stage(
    postgres_server: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """Made once: each test brings files of its own."""
    url = await servers.copied(postgres_server, template)
    async with open_house(url, tmp_path_factory.mktemp("var"), limit_upload_bytes=MOST) as house:
        parties = await make_parties()
        yield Stage(house, parties, await house.enter(parties.buyer), await house.enter(parties.supplier))


@pytest.mark.parametrize(
    ("content", "media_type", "name", "shown"),
    [
        (PDF, "application/pdf", "规格书.pdf", "规格书.pdf"),
        (PNG, "image/png; charset=binary", "../../a.php", "a.php.png"),
        (CSV, "application/vnd.ms-excel", "list.csv", "list.csv"),
        ("货号,数量\n".encode("gb18030"), "text/csv", "list", "list.csv"),
        (XLSX, OFFICE, "C:\\list.xlsx", "list.xlsx"),
    ],
)
async def test_a_good_file_comes_back_as_it_was_sent(
    stage: Stage, content: bytes, media_type: str, name: str, shown: str
) -> None:
    reply = await stage.send(stage.buyer, content, media_type, name)
    told = reply.json()
    assert (reply.status_code, told["name"], told["size"]) == (201, shown, len(content))
    got = await stage.get(f"/attachments/{told['id']}", stage.buyer)
    assert (got.content, got.headers["content-type"].partition(";")[0]) == (content, told["mediaType"])
    assert {
        name: got.headers[name] for name in ("cache-control", "content-security-policy", "x-content-type-options")
    } == {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
    }
    disposition = got.headers["content-disposition"]
    assert disposition.startswith("attachment; ")
    assert disposition.isascii()


async def test_a_name_may_stand_in_content_disposition(stage: Stage) -> None:
    headers = {"content-disposition": "attachment; filename*=UTF-8''%E5%9B%BE.pdf"}
    sent = {"content-type": "application/pdf", "idempotency-key": make_key(), **headers}
    sent["authorization"] = f"Bearer {stage.buyer.token}"
    reply = await stage.house.http.post("/attachments", content=PDF, headers=sent)
    assert reply.json()["name"] == "图.pdf"


@pytest.mark.parametrize(
    ("content", "media_type", "field"),
    [
        (b"<html><script>alert(1)</script>", "text/plain", "file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "file"),
        (b"MZ\x90\x00\x03", "application/pdf", "file"),
        (make_archive("a.exe"), "application/zip", "file"),
        (make_archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), OFFICE, "file"),
        (b"PK\x03\x04 no archive", OFFICE, "file"),
        (b"", "application/pdf", "file"),
        (PDF, "image/png", "mediaType"),
        (CSV, "application/pdf", "mediaType"),
        (PDF, "nonsense", "Content-Type"),
    ],
)
async def test_what_is_not_what_it_says_or_may_be_run_is_refused(
    stage: Stage, content: bytes, media_type: str, field: str
) -> None:
    before = await Attachment.all().count()
    reply = await stage.send(stage.buyer, content, media_type)
    [error] = reply.json()["errors"]
    assert (reply.status_code, error["extensions"]["code"], error["extensions"]["field"]) == (
        400,
        "INVALID_INPUT",
        field,
    )
    assert await Attachment.all().count() == before


async def test_too_large_is_refused_announced_or_not_and_leaves_nothing(stage: Stage) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield PDF
        for _ in range(100):
            yield bytes(MOST // 10)

    before = await Attachment.all().count()
    for content in (PDF + bytes(MOST), endless()):
        reply = await stage.send(stage.buyer, content, "application/pdf")
        assert (reply.status_code, reply.json()["errors"][0]["extensions"]["code"]) == (413, "LIMIT_EXCEEDED")
    assert await Attachment.all().count() == before
    assert (await stage.send(stage.buyer, PDF.ljust(MOST, b"\n"), "application/pdf")).status_code == 201


async def test_the_same_key_gives_the_same_file(stage: Stage) -> None:
    key = {"idempotency-key": make_key()}
    first, again = [await stage.send(stage.buyer, PDF, "application/pdf", "a.pdf", **key) for _ in range(2)]
    assert first.json() == again.json()
    other = await stage.send(stage.buyer, PDF, "application/pdf", "b.pdf", **key)
    assert (other.status_code, other.json()["errors"][0]["extensions"]["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert (await stage.send(stage.buyer, PDF, "application/pdf", **{"idempotency-key": "short"})).status_code == 400


async def test_strangers_viewers_and_foreign_pages_upload_nothing(stage: Stage) -> None:
    viewer = await stage.house.enter(await make_actor(await make_company(), Role.VIEWER))
    stranger = stage.house.stranger()
    assert (await stage.send(stranger, PDF, "application/pdf")).status_code == 401
    assert (await stage.send(viewer, PDF, "application/pdf")).status_code == 403
    assert (await stage.send(stage.buyer, PDF, "application/pdf", origin="https://evil.example")).status_code == 403


async def uploaded(stage: Stage, caller: Caller) -> str:
    """The id of a new file."""
    reply = await stage.send(caller, PDF, "application/pdf", "spec.pdf")
    return str(reply.json()["id"])


async def test_a_stranger_s_file_is_answered_like_a_missing_one(stage: Stage) -> None:
    """Byte for byte, by token and by path."""
    id_ = await uploaded(stage, stage.buyer)
    asked = [id_, encode_id("Attachment", new_id()), encode_id("Order", new_id()), "no-id"]
    answers = [await stage.get(f"/attachments/{one}", stage.supplier) for one in asked]
    told = [(a.status_code, a.content, {**a.headers, "date": ""}) for a in answers]
    assert told == told[:1] * 4
    assert told[0][0] == 404
    assert [(await stage.get(f"/attachments/{one}")).status_code for one in asked] == [401] * 4


async def test_a_link_opens_one_file_for_five_minutes(stage: Stage) -> None:
    id_, other = await uploaded(stage, stage.buyer), await uploaded(stage, stage.buyer)
    link = (await stage.buyer.ask(READ, id=id_))["attachment"]["downloadUrl"]
    got = await stage.get(link)
    assert (got.status_code, got.content) == (200, PDF)
    assert (await stage.get(link.replace(id_, other))).status_code == 401
    assert (await stage.get(link[:-3] + "AAA")).status_code == 401
    assert (await stage.get(link.partition("=")[0] + "=%FF")).status_code == 401
    with clock.held_at(clock.now() + LIFE + timedelta(seconds=1)):
        assert (await stage.get(link)).status_code == 401


async def test_a_link_opens_nothing_its_bearer_may_no_longer_see(stage: Stage) -> None:
    """Its member was let go."""
    company = await Company.named(stage.parties.buyer.home)
    leaving = await make_actor(company, Role.REQUESTER)
    caller = await stage.house.enter(leaving)
    id_ = await uploaded(stage, stage.buyer)
    link = (await caller.ask(READ, id=id_))["attachment"]["downloadUrl"]
    assert (await stage.get(link)).status_code == 200
    admin = await actor_of(await Member.first_of(company.id))
    member = await Member.get(id=leaving.member)
    await deactivate_member(admin, member.id, member.version)
    assert (await stage.get(link)).status_code == 401


async def test_a_link_to_what_was_taken_off_the_order_finds_nothing(stage: Stage) -> None:
    buyer, order = stage.parties.buyer, await make_placed_order(stage.parties)
    id_ = await uploaded(stage, stage.buyer)
    key = decode_id("Attachment", id_)
    assert key is not None
    _, order = await attach_file(buyer, order.id, order.version, key)
    link = (await stage.supplier.ask(READ, id=id_))["attachment"]["downloadUrl"]
    assert (await stage.get(link)).content == PDF
    await detach_file(buyer, order.id, order.version, key)
    assert (await stage.get(link)).status_code == 404


async def test_machines_use_their_key_and_get_no_link(stage: Stage) -> None:
    company = await Company.named(stage.parties.buyer.home)
    admin = await actor_of(await Member.first_of(company.id))
    scopes = frozenset({Scope.READ, Scope.ORDERS})
    _, secret = await create_api_key(admin, "ERP", scopes, None, idempotency_key=make_key())
    machine = Caller(stage.house.http, stage.house.ws_url, secret)
    id_ = await uploaded(stage, machine)
    assert (await machine.ask(READ, id=id_))["attachment"]["downloadUrl"] is None
    assert (await stage.get(f"/attachments/{id_}", machine)).content == PDF


async def test_an_event_that_many_read_holds_no_link(stage: Stage) -> None:
    order = await make_order(stage.parties)
    id_ = await uploaded(stage, stage.buyer)
    watch = "subscription ($id: ID!) { orderEvents(orderId: $id) { ... on FileAttached { name lineId attachment { id downloadUrl } } } }"
    async with stage.buyer.listening(watch, id=encode_id("Order", order.id)) as listener:
        attach = "mutation ($input: AttachFileInput!) { attachFile(input: $input) { __typename ... on Problem { message } } }"
        given = {"orderId": encode_id("Order", order.id), "expectedVersion": order.version, "attachmentId": id_}
        assert (await stage.buyer.do(attach, **given))["__typename"] == "AttachFileSuccess"
        event = await listener.next()
    assert event == {"name": "spec.pdf", "lineId": None, "attachment": {"id": id_, "downloadUrl": None}}


async def test_a_company_s_uploads_arrive_a_few_at_a_time(stage: Stage) -> None:
    """Whoever sends slowly holds up nobody else."""
    go_on = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield PDF
        await go_on.wait()

    under_way = [asyncio.create_task(stage.send(stage.buyer, slow(), "application/pdf")) for _ in range(4)]
    await asyncio.sleep(0.3)
    refused = await stage.send(stage.buyer, PDF, "application/pdf")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert (await stage.send(stage.supplier, PDF, "application/pdf")).status_code == 201
    go_on.set()
    assert [reply.status_code for reply in await asyncio.gather(*under_way)] == [201] * 4


async def test_while_the_storage_is_away_uploads_and_downloads_say_so(stage: Stage) -> None:
    id_, kept = await uploaded(stage, stage.buyer), partners.storage()
    shelf = make_shelf()
    try:
        missing = await stage.get(f"/attachments/{id_}", stage.buyer)
        assert (missing.status_code, missing.headers["retry-after"]) == (503, "60")
        shelf.is_away = True
        for reply in (
            await stage.get(f"/attachments/{id_}", stage.buyer),
            await stage.send(stage.buyer, PDF, "application/pdf"),
        ):
            assert (reply.status_code, reply.json()["errors"][0]["extensions"]["code"]) == (503, "UNAVAILABLE")
    finally:
        partners.use_storage(kept)
    assert (await stage.get(f"/attachments/{id_}", stage.buyer)).content == PDF
