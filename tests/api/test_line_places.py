"""A line may go elsewhere than the order; where is told at once, to whom only once it has to be delivered."""

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from api.embedded import EmbeddedPostgres
from models import Contract, Order
from partners.documents.purchase_contract import sheet
from resolvers.ids import encode_id
from services.drafting import LineWish, OrderWish, update_draft
from services.quoting import accept_quotation
from services.submitting import submit_order
from tests import servers
from tests.address_makers import make_address
from tests.deep_queries import question
from tests.house import Caller, House, open_house
from tests.makers import make_platform
from tests.market import DEPTH, SCHEMA, WIDE, heard
from tests.order_makers import Parties, fresh, lines_of, make_order, make_parties, make_quotation, make_signed

PLACE, PEOPLE, LABEL = "别处路3号", ("陈到货", "+86 139-1234-5678"), "二号仓 our own word"
LINES = """query ($id: ID!) { order(id: $id) { lines { deliveryPlace deliveryZone deliveryEntry { label }
    deliveryAddress { street district recipient phone } } } }"""


@dataclass
class Stage:
    """A house with two parties in it."""

    house: House
    parties: Parties
    buyer: Caller
    supplier: Caller
    operator: Caller

    async def told(self, caller: Caller, order: Order) -> str:
        """All that the caller is told of the order: by asking for everything, by following it, and as files."""
        id_ = encode_id("Order", order.id)
        answer = await caller.ask_raw(question(SCHEMA, "order", DEPTH), id=id_)
        assert "errors" not in answer, answer["errors"]
        events = await heard(caller, id_) if caller is not self.operator else []
        file: str = (await self.file(caller, order)).text
        return json.dumps([answer, events], ensure_ascii=False) + file

    async def file(self, caller: Caller, order: Order) -> Any:
        """The lines as CSV."""
        headers = {"authorization": f"Bearer {caller.token}", "accept-language": "en"}
        return await self.house.http.get(f"/orders/{encode_id('Order', order.id)}/lines.csv", headers=headers)


@pytest.fixture
async def stage(
    postgres_server: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """One of its own for each test."""
    url = await servers.copied(postgres_server, template)
    async with open_house(url, tmp_path_factory.mktemp("var"), **WIDE) as house:
        parties = await make_parties()
        people = [await house.enter(actor) for actor in (parties.buyer, parties.supplier, await make_platform())]
        yield Stage(house, parties, *people)


async def divided(parties: Parties) -> Order:
    """A draft whose second line goes elsewhere."""
    order = await make_order(parties, ("5", "6"))
    gate = await make_address(parties.buyer, label=LABEL, street=PLACE, recipient=PEOPLE[0], phone=PEOPLE[1])
    first, second = await lines_of(order)
    wishes = (
        LineWish(first.product_id, first.quantity),
        LineWish(second.product_id, second.quantity, delivery_address_id=gate.id),
    )
    return await update_draft(parties.buyer, order.id, order.version, OrderWish(lines=wishes))


async def test_people_are_told_of_with_the_contract_in_force_and_not_before(stage: Stage) -> None:
    parties = stage.parties
    order = await divided(parties)
    order = await submit_order(parties.buyer, order.id, order.version)
    for step in ("placed", "quoted", "awarded", "half signed"):
        if step == "quoted":
            quotation = await make_quotation(parties, order, ("1", "2"))
        elif step == "awarded":
            await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version)
        elif step == "half signed":
            await make_signed(order, parties.buyer)
        for caller in (stage.supplier, stage.operator):
            told = await stage.told(caller, order)
            assert PLACE in told, step
            assert [word for word in (*PEOPLE, LABEL) if word in told] == [], step
    assert {*PEOPLE, LABEL} <= {word for word in (*PEOPLE, LABEL) if word in await stage.told(stage.buyer, order)}
    await make_signed(order, parties.supplier)
    told = await stage.told(stage.supplier, order)
    assert [word for word in (*PEOPLE, LABEL) if word in told] == list(PEOPLE)


async def test_the_contract_names_the_place_and_nobody_s_name(stage: Stage) -> None:
    parties = stage.parties
    order = await divided(parties)
    order = await submit_order(parties.buyer, order.id, order.version)
    quotation = await make_quotation(parties, order, ("1", "2"))
    await accept_quotation(parties.buyer, quotation.id, (await fresh(order)).version)
    text = (await Contract.get(order_id=order.id)).text
    first, second = json.loads(text)["lines"]
    assert second["delivery"] == {"place": f"上海市浦东新区{PLACE} 200120", "zone": "Asia/Shanghai"}
    assert "delivery" not in first
    printed = sheet(text, lambda word: word)
    assert [any(PLACE in note for note in line["notes"]) for line in printed["lines"]] == [False, True]
    assert "该行货物交至该地点" in json.dumps(printed["sections"], ensure_ascii=False)
    assert [word for word in (*PEOPLE, LABEL) if word in text or word in str(printed)] == []


async def test_each_side_reads_the_place_in_the_schema_and_in_files(stage: Stage) -> None:
    parties = stage.parties
    order = await divided(parties)
    order = await submit_order(parties.buyer, order.id, order.version)
    nothing = {"deliveryPlace": None, "deliveryZone": None, "deliveryEntry": None, "deliveryAddress": None}
    place = {"deliveryPlace": f"上海市浦东新区{PLACE} 200120", "deliveryZone": "Asia/Shanghai"}
    said = {"street": PLACE, "district": "浦东新区"}
    shown: dict[str, tuple[Any, Any, str]] = {
        "buyer": ({"label": LABEL}, {**said, "recipient": PEOPLE[0], "phone": PEOPLE[1]}, LABEL),
        "supplier": (None, {**said, "recipient": None, "phone": None}, str(place["deliveryPlace"])),
    }
    for caller, (entry, address, cell) in zip((stage.buyer, stage.supplier), shown.values(), strict=True):
        lines = (await caller.ask(LINES, id=encode_id("Order", order.id)))["order"]["lines"]
        assert lines == [nothing, {**place, "deliveryEntry": entry, "deliveryAddress": address}]
        rows = list(csv.reader(io.StringIO((await stage.file(caller, order)).content.decode("utf-8-sig"))))
        assert [row[-1] for row in rows] == ["Deliver to", "", cell]


async def test_a_line_may_be_named_over_the_wire(stage: Stage) -> None:
    order = await make_order(stage.parties, ("5",))
    gate = await make_address(stage.parties.buyer, street=PLACE)
    [line] = await lines_of(order)
    wish = {"productId": encode_id("Product", line.product_id), "quantity": "7"}
    result = await stage.buyer.do(
        "mutation ($input: AddLinesInput!) { addLines(input: $input) { __typename ... on AddLinesSuccess { "
        "report { rightRows } order { lines { quantity { value } deliveryPlace } draftHints { code field } } } } }",
        orderId=encode_id("Order", order.id),
        expectedVersion=order.version,
        lines=[{**wish, "deliveryAddressId": encode_id("Address", gate.id)}],
        whenDuplicate="ADD_UP",
        idempotencyKey="a key of mine",
    )
    assert result["__typename"] == "AddLinesSuccess"
    assert [(one["quantity"]["value"], one["deliveryPlace"]) for one in result["order"]["lines"]] == [
        ("5.000000", None),
        ("7.000000", gate.destination.line),
    ]
    assert result["order"]["draftHints"] == [{"code": "PRODUCT_REPEATED", "field": "lines[1].productId"}]
    assert Decimal(result["report"]["rightRows"]) == 1


async def test_a_pasted_list_is_looked_at_over_the_wire(stage: Stage) -> None:
    order = await make_order(stage.parties, ("5",))
    [line] = await lines_of(order)
    look = """query ($input: QuickEntryInput!) { quickEntry(input: $input) { report { rows rightRows faults { cell column } }
        rows { row sku quantity unit { code } requestedOn isRight repeatsRow onLine product { sku } faults { suggestion } } } }"""
    given = {"orderId": encode_id("Order", order.id), "text": f"{line.sku}，7件\n\n{line.sku.lower()} x"}
    found = (await stage.buyer.ask(look, input=given))["quickEntry"]
    assert found["report"] == {
        "rows": 2, "rightRows": 1, "faults": [{"cell": "A3", "column": "SKU"}, {"cell": "B3", "column": "QUANTITY"}]
    }  # fmt: skip
    assert found["rows"][0] == {
        "row": 1, "sku": line.sku, "quantity": "7.000000", "unit": {"code": "H87"}, "requestedOn": None, "isRight": True,
        "repeatsRow": None, "onLine": 1, "product": {"sku": line.sku}, "faults": []
    }  # fmt: skip
    assert found["rows"][1]["faults"][0]["suggestion"] == line.sku
    assert (await stage.supplier.ask(look, input=given))["quickEntry"] is None
    for wrong in ({"text": "a 1"}, {**given, "supplierId": encode_id("Company", stage.parties.supplier.home)}):
        answer = await stage.buyer.ask_raw(look, input=wrong)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_INPUT"]
