"""Lines leave as spreadsheets that run nothing, only to whoever may see the order, and come back as they were."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from python_calamine import CalamineWorkbook

from api.embedded import EmbeddedPostgres
from models import Order
from models.base import new_id
from resolvers.ids import encode_id
from rules.line_sheets import Column, headings
from rules.people import CompanyKind, Role
from services.drafting import LineWish, OrderWish, update_draft
from tests import servers
from tests.address_makers import make_address
from tests.file_makers import make_attachment
from tests.house import Caller, House, open_house
from tests.makers import make_actor, make_company
from tests.order_makers import Parties, lines_of, make_goods, make_order, make_parties
from tests.sheet_makers import make_csv

EVIL = ('=HYPERLINK("http://x","y")', "+1", "-1+1", "@SUM(A1)", "x\t=1", "'=1", 'https://example.com/?q="a",b')
IMPORT = """
mutation ($input: ImportLinesInput!) { importLines(input: $input) { __typename
  ... on ImportLinesSuccess { order { version lines { sku } } report { rows rightRows faults { cell } } }
  ... on ImportProblem { message report { rows rightRows wrongRows faultCount faults { cell row column value fault suggestion } } }
  ... on Problem { code } } }
"""
URLS = "query ($id: ID!) { order(id: $id) { linesXlsxUrl linesCsvUrl } }"


@dataclass
class Stage:
    """A house, and a draft in it whose texts would be formulas."""

    house: House
    parties: Parties
    buyer: Caller
    draft: Order

    @property
    def id(self) -> str:
        """The draft's."""
        return encode_id("Order", self.draft.id)

    async def get(self, path: str, caller: Caller | None = None, locale: str = "en") -> httpx2.Response:
        """A file."""
        headers = {"accept-language": locale} | ({"authorization": f"Bearer {caller.token}"} if caller else {})
        return await self.house.http.get(path, headers=headers)


def cells_of(workbook: bytes) -> list[list[Any]]:
    """The cells of its first sheet."""
    return CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()


@pytest.fixture(scope="module")
async def stage(
    postgres_server: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """Made once."""
    url = await servers.copied(postgres_server, template)
    async with open_house(url, tmp_path_factory.mktemp("var")) as house:
        parties = await make_parties()
        finest = Decimal("0.000001")
        goods = [
            await make_goods(
                parties.supplier,
                sku=f"0{n}{sku}"[:64] if n else sku[:64],
                name_zh=sku,
                minimum_quantity=finest,
                quantity_step=finest,
            )
            for n, sku in enumerate(EVIL)
        ]
        quantities = ("1", "0.1", "999999999999.123456", "7", "8", "9", "10")
        draft = await make_order(parties, quantities, goods=goods)
        gate = (await make_address(parties.buyer, label=EVIL[0], street="别处路3号")).id
        lines = tuple(
            LineWish(one.id, Decimal(much), draft.requested_on if place else None, text, None if place % 2 else gate)
            for place, (one, much, text) in enumerate(zip(goods, quantities, EVIL, strict=True))
        )
        draft = await update_draft(parties.buyer, draft.id, draft.version, OrderWish(lines=lines))
        yield Stage(house, parties, await house.enter(parties.buyer), draft)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
async def test_what_is_exported_comes_back_equal_and_harmless(stage: Stage, ending: str, locale: str) -> None:
    reply = await stage.get(f"/orders/{stage.id}/lines.{ending}", stage.buyer, locale)
    assert (reply.status_code, reply.headers["x-content-type-options"]) == (200, "nosniff")
    assert f'filename="{stage.draft.number}.{ending}"' in reply.headers["content-disposition"]
    if ending == "csv":
        rows: list[list[Any]] = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
        assert not any(cell.startswith(tuple("=+-@\t\r")) for row in rows for cell in row)
    else:
        rows = cells_of(reply.content)
        with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert [mark for mark in ("<f>", "<hyperlink", 't="str"') if mark in sheet] == []
    known = headings(rows[0])
    assert known is not None
    assert set(known) == set(Column) - {Column.UNIT}
    before = await lines_of(stage.draft)
    file = await make_attachment(
        stage.parties.buyer, f"l.{ending}", reply.content, reply.headers["content-type"].partition(";")[0]
    )
    order = await Order.get(id=stage.draft.id)
    given = {"orderId": stage.id, "expectedVersion": order.version, "attachmentId": encode_id("Attachment", file.id)}
    answer = (await stage.buyer.ask(IMPORT, input=given))["importLines"]
    assert answer["report"] == {"rows": 7, "rightRows": 7, "faults": []}
    said = [[(line.id, line.sku, line.quantity, *line.terms) for line in lines]
            for lines in (before, await lines_of(stage.draft))]  # fmt: skip
    assert said[0] == said[1]
    assert before[0].delivery_place == "上海市浦东新区别处路3号 200120"


async def test_faults_are_told_in_the_caller_s_language(stage: Stage) -> None:
    file = await make_csv(stage.parties.buyer, "货号,数量\n没有,一百\n".encode())
    order = await Order.get(id=stage.draft.id)
    given = {"orderId": stage.id, "expectedVersion": order.version, "attachmentId": encode_id("Attachment", file.id)}
    answer = (await stage.buyer.ask(IMPORT, input=given))["importLines"]
    assert (answer["__typename"], answer["code"]) == ("ImportProblem", "ROWS_WRONG")
    assert answer["report"]["faults"][1] == {
        "cell": "B2", "row": 2, "column": "QUANTITY", "value": "一百", "fault": "不是数字", "suggestion": None
    }  # fmt: skip
    assert answer["report"]["faults"][0]["fault"] == "不是该供应商在售商品的货号"


async def test_a_link_opens_the_lines_of_its_order_and_nothing_else(stage: Stage) -> None:
    urls = (await stage.buyer.ask(URLS, id=stage.id))["order"]
    assert {(await stage.get(url)).status_code for url in urls.values()} == {200}
    other = await make_order(stage.parties)
    ticket = urls["linesCsvUrl"].partition("?")[2]
    assert (await stage.get(f"/orders/{encode_id('Order', other.id)}/lines.csv?{ticket}")).status_code == 401
    assert (await stage.get(f"/orders/{stage.id}/lines.csv")).status_code == 401


async def test_a_stranger_s_order_and_a_draft_look_like_none(stage: Stage) -> None:
    stranger = await stage.house.enter(await make_actor(await make_company(CompanyKind.BUYER), Role.REQUESTER))
    supplier = await stage.house.enter(stage.parties.supplier)
    missing = encode_id("Order", new_id())
    for caller in (stranger, supplier):
        replies = [await stage.get(f"/orders/{id_}/lines.xlsx", caller) for id_ in (stage.id, missing, "%25")]
        assert {reply.status_code for reply in replies} == {404}
        told = [[(e["message"], e["extensions"]["code"]) for e in reply.json()["errors"]] for reply in replies]
        assert told[0] == told[1] == told[2]


@pytest.mark.parametrize(("locale", "first"), [("en", "SKU"), ("zh-CN", "货号")])
async def test_the_template_has_the_headings_that_an_import_knows(stage: Stage, locale: str, first: str) -> None:
    reply = await stage.get("/import-template.xlsx", None, locale)
    [row] = cells_of(reply.content)
    assert (row[0], headings(row)) == (
        first,
        {column: place for place, column in enumerate(Column) if column is not Column.UNIT},
    )
    assert reply.headers["content-disposition"].startswith("attachment; ")
