"""A statement as a file from the request to the download: followed in the company's feed, fetched by a link of its own, by nobody else."""

from pathlib import Path
from typing import Any

from resolvers.ids import encode_id
from tests.house import open_house
from tests.makers import make_key
from tests.order_makers import make_parties

FILE = """statementFile { id status statusLabel linesDone linesInAll url downloadUrl size sha256 expiresAt asOf format language
    periodStart periodEnd currency requester { id } counterparty { id } requestedAt }"""
REQUEST = """mutation ($input: RequestAccountStatementInput!) { requestAccountStatement(input: $input) {
    ... on RequestAccountStatementSuccess { FILE } ... on Problem { code message } } }""".replace("FILE", FILE)
RETRY = """mutation ($input: StatementFileInput!) { retryAccountStatement(input: $input) {
    ... on RetryAccountStatementSuccess { FILE } ... on WrongStatusProblem { code status allowedIn } } }""".replace(
    "FILE", FILE
)
LIST = "{ statementFiles { nodes { status downloadUrl url sha256 size } } }"
ONE = "query ($id: ID!) { statementFile(id: $id) { status statusLabel } }"
EVENTS = """subscription { companyEvents(after: 0) { ... on StatementFileChanged {
    status linesDone linesInAll label actor { name } statementFile { id downloadUrl } } } }"""


async def test_a_statement_is_asked_for_followed_and_fetched(database_url: str, tmp_path: Path) -> None:
    async with open_house(database_url, tmp_path) as house:
        parties = await make_parties()
        buyer, supplier = await house.enter(parties.buyer), await house.enter(parties.supplier)
        wish: dict[str, Any] = {
            "counterpartyId": encode_id("Company", parties.supplier.home),
            "currency": "CNY",
            "periodStart": "2026-12-01",
            "periodEnd": "2026-12-31",
            "format": "PDF",
            "language": "ZH_CN",
            "idempotencyKey": make_key(),
        }
        heard: list[dict[str, Any]] = []
        async with buyer.listening(EVENTS) as feed:
            asked = (await buyer.do(REQUEST, **wish))["statementFile"]
            assert (asked["status"], asked["url"], asked["language"], asked["requester"]["id"]) == (
                "QUEUED",
                None,
                "ZH_CN",
                encode_id("Member", parties.buyer.member or parties.buyer.home),
            )
            while not heard or heard[-1]["status"] != "READY":
                event = await feed.next()
                heard += [event] if event else []
        assert [event["status"] for event in heard] == ["QUEUED", "WORKING", "WORKING", "READY"]
        assert {event["statementFile"]["id"] for event in heard} == {asked["id"]}
        assert {event["statementFile"]["downloadUrl"] for event in heard} == {None}
        [file] = (await buyer.ask(LIST))["statementFiles"]["nodes"]
        got = await buyer.http.get(file["downloadUrl"])
        assert (got.status_code, got.headers["content-type"], got.content[:5]) == (200, "application/pdf", b"%PDF-")
        assert (len(got.content), got.headers["etag"]) == (file["size"], f'"{file["sha256"]}"')
        for headers, status in (({}, 401), ({"authorization": f"Bearer {supplier.token}"}, 404)):
            assert (await buyer.http.get(file["url"], headers=headers)).status_code == status
        assert (await supplier.ask(LIST))["statementFiles"]["nodes"] == []
        assert (await supplier.ask(ONE, id=asked["id"]))["statementFile"] is None
        again = await buyer.do(RETRY, statementFileId=asked["id"])
        assert (again["status"], again["allowedIn"]) == ("READY", ["CANCELLED", "EXPIRED", "FAILED"])
        assert (await buyer.do(REQUEST, **wish | {"format": "CSV"}))["code"] == "IDEMPOTENCY_KEY_REUSED"
