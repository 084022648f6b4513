"""What the schema tells a supplier's own people of warehouses and stock, and what it keeps from everybody else."""

from decimal import Decimal as D
from typing import Any

import pytest

from models import Company, Warehouse
from models.base import new_id
from resolvers.ids import encode_id
from rules.stock import StockPolicy
from tests.makers import make_key, make_platform
from tests.order_makers import (
    Parties,
    fresh,
    make_contracted_order,
    make_goods,
    make_parties,
    make_placed_order,
    make_quotation,
    make_shipment,
)
from tests.resolvers.asking import ask
from tests.stock_makers import make_policy, make_stock, make_warehouse

WAREHOUSES = "query ($inUse: Boolean) { warehouses(inUse: $inUse) { nodes { code isDefault stockPolicy archivedAt } } }"
CREATE = """mutation ($input: CreateWarehouseInput!) { createWarehouse(input: $input) { __typename
  ... on CreateWarehouseSuccess { warehouse { id code name address isDefault stockPolicy version } } ... on Problem { code } } }"""
UPDATE = """mutation ($input: UpdateWarehouseInput!) { updateWarehouse(input: $input) { __typename
  ... on UpdateWarehouseSuccess { warehouse { name address version } } ... on Problem { code } ... on ConflictProblem { field } } }"""
ARCHIVE = """mutation ($input: WarehouseStepInput!) { archiveWarehouse(input: $input) { __typename
  ... on ArchiveWarehouseSuccess { warehouse { code } } ... on InvalidInputProblem { faults { field fault } } } }"""
POLICY = """mutation ($input: SetStockPolicyInput!) { setStockPolicy(input: $input) { __typename
  ... on SetStockPolicySuccess { company { stockPolicy version } } ... on Problem { code } } }"""
ADJUST = """mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { __typename ... on AdjustStockSuccess { product {
  version stockOnHand { value } stockLevels { warehouse { code } onHand reserved available } } }
  ... on InvalidInputProblem { faults { field } } } }"""
TRANSFER = """mutation ($input: TransferStockInput!) { transferStock(input: $input) { __typename
  ... on TransferStockSuccess { product { version } } ... on InvalidInputProblem { faults { field fault } } } }"""
LEVELS = "query ($id: ID) { stockLevels(warehouseId: $id) { nodes { product { sku } onHand reserved available } } }"
ENTRIES = """query ($product: ID, $warehouse: ID, $order: ID, $first: Int, $after: String) {
  stockEntries(productId: $product, warehouseId: $warehouse, orderId: $order, first: $first, after: $after) {
    nodes { movement onHand reserved remark bookedBy warehouse { code } order { number } orderLine { position } }
    pageInfo { endCursor hasNextPage } } }"""
PRODUCT = "query ($id: ID!) { product(id: $id) { stockLevels { onHand } supplier { stockPolicy } } }"
SHIPMENT = "query ($id: ID!) { shipment(id: $id) { despatchedFrom { code } } }"
ACCEPT = """mutation ($input: AcceptQuotationInput!) { acceptQuotation(input: $input) { __typename ... on Problem { code message }
  ... on StockProblem { line sku requested availability available } } }"""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_warehouses_are_made_changed_and_archived(parties: Parties) -> None:
    supplier = parties.supplier
    said = {"code": "SZ", "name": "Suzhou", "address": "218 Xinghu Street", "stockPolicy": "RESERVE_AT_DESPATCH"}
    made = (await ask(supplier, CREATE, input={**said, "idempotencyKey": make_key()}))["warehouse"]
    id_ = made.pop("id")
    assert made == {**said, "isDefault": True, "version": 1}
    second = (await ask(supplier, CREATE, input={"code": "NT", "name": "Nantong", "idempotencyKey": make_key()}))[
        "warehouse"
    ]
    changed = {"warehouseId": second["id"], "expectedVersion": 1, "code": "SZ", "name": "N"}
    assert await ask(supplier, UPDATE, input=changed) == {
        "__typename": "ConflictProblem",
        "code": "ALREADY_TAKEN",
        "field": "code",
    }
    assert (await ask(supplier, UPDATE, input={**changed, "code": "NT"}))["warehouse"] == {
        "name": "N",
        "address": None,
        "version": 2,
    }
    refused = await ask(supplier, ARCHIVE, input={"warehouseId": id_, "expectedVersion": 1})
    assert refused["faults"] == [
        {"field": "input.warehouseId", "fault": "make another warehouse the default one first"}
    ]
    await ask(supplier, ARCHIVE, input={"warehouseId": second["id"], "expectedVersion": 2})
    assert [one["code"] for one in (await ask(supplier, WAREHOUSES))["nodes"]] == ["NT", "SZ"]
    assert [one["code"] for one in (await ask(supplier, WAREHOUSES, inUse=True))["nodes"]] == ["SZ"]
    for stranger in (parties.buyer, await make_platform()):
        assert (await ask(stranger, WAREHOUSES))["nodes"] == []


async def test_stock_is_counted_received_and_moved_where_somebody_says(parties: Parties) -> None:
    supplier, bolts = parties.supplier, await make_goods(parties.supplier, stock_on_hand=D(10))
    second = await make_warehouse(supplier, "W2")
    main = await Warehouse.get(company_id=supplier.home, code="MAIN")
    ids = {one.code: encode_id("Warehouse", one.id) for one in (main, second)}
    step = {"productId": encode_id("Product", bolts.id), "expectedVersion": 0}
    there = await ask(supplier, ADJUST, input={**step, "change": "4", "warehouseId": ids["W2"], "count": "RECEIVED"})
    assert there["product"]["stockOnHand"] == {"value": "14"}
    assert {one["warehouse"]["code"]: D(one["onHand"]) for one in there["product"]["stockLevels"]} == {
        "MAIN": 10,
        "W2": 4,
    }
    step["expectedVersion"] = 1
    for wrong in ({"change": "-5", "warehouseId": ids["W2"]}, {"change": "-1", "count": "RECEIVED"}):
        refused = await ask(supplier, ADJUST, input={**step, **wrong})
        assert refused["faults"] == [{"field": "input.change"}]
    way = {"fromWarehouseId": ids["MAIN"], "toWarehouseId": ids["W2"]}
    refused = await ask(supplier, TRANSFER, input={**step, **way, "quantity": "11"})
    assert refused["faults"] == [{"field": "input.quantity", "fault": "must be more than 0 and at most 10"}]
    assert (await ask(supplier, TRANSFER, input={**step, **way, "quantity": "10", "remark": "north"}))["product"] == {
        "version": 2
    }
    [level] = (await ask(supplier, LEVELS, id=ids["W2"]))["nodes"]
    assert level == {
        "product": {"sku": bolts.sku},
        "onHand": "14.000000",
        "reserved": "0.000000",
        "available": "14.000000",
    }
    assert (await ask(supplier, LEVELS, id="nonsense"))["nodes"] == []


async def test_every_movement_is_told_to_the_supplier_page_by_page_and_to_nobody_else(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(100))
    order = await make_contracted_order(parties, ["60"], ["1"], goods=[bolts])
    shipment = await make_shipment(parties, order, "20")
    product = encode_id("Product", bolts.id)
    told: list[Any] = []
    page: dict[str, Any] = {"endCursor": None, "hasNextPage": True}
    while page["hasNextPage"]:
        found = await ask(parties.supplier, ENTRIES, product=product, first=1, after=page["endCursor"])
        told, page = told + found["nodes"], found["pageInfo"]
    assert [(one["movement"], D(one["onHand"]), D(one["reserved"])) for one in told] == [
        ("DESPATCHED", D(-20), D(-20)),
        ("RESERVED", D(0), D(60)),
        ("OPENING", D(100), D(0)),
    ]
    assert [(one["order"], one["orderLine"]) for one in told] == [
        ({"number": order.number}, {"position": 1}),
        ({"number": order.number}, {"position": 1}),
        (None, None),
    ]
    of_order = await ask(parties.supplier, ENTRIES, order=encode_id("Order", order.id))
    assert of_order["nodes"] == told[:2]
    for nothing in ({"order": "nonsense"}, {"warehouse": encode_id("Warehouse", new_id())}):
        assert (await ask(parties.supplier, ENTRIES, **nothing))["nodes"] == []
    id_ = encode_id("Shipment", shipment.id)
    assert (await ask(parties.supplier, SHIPMENT, id=id_))["despatchedFrom"] == {"code": "MAIN"}
    assert (await ask(parties.supplier, PRODUCT, id=product))["stockLevels"] == [{"onHand": "80.000000"}]
    for stranger in (parties.buyer, (await make_parties()).supplier, await make_platform()):
        assert (await ask(stranger, ENTRIES, product=product))["nodes"] == []
        assert (await ask(stranger, LEVELS))["nodes"] == []
        assert await ask(stranger, PRODUCT, id=product) == {"stockLevels": [], "supplier": {"stockPolicy": None}}
    assert (await ask(parties.buyer, SHIPMENT, id=id_))["despatchedFrom"] is None


async def test_a_policy_is_set_and_a_buyer_who_meets_it_learns_no_figure(parties: Parties) -> None:
    version = (await Company.named(parties.supplier.home)).version
    said = {"expectedVersion": version, "stockPolicy": "RESERVE_AT_ACCEPTANCE_IN_STOCK_ONLY"}
    assert (await ask(parties.supplier, POLICY, input=said))["company"] == {
        "stockPolicy": "RESERVE_AT_ACCEPTANCE_IN_STOCK_ONLY",
        "version": version + 1,
    }
    assert await ask(parties.supplier, POLICY, input=said) == {
        "__typename": "StaleVersionProblem",
        "code": "STALE_VERSION",
    }
    bolts = await make_goods(parties.supplier, stock_on_hand=D(5), minimum_quantity=D(6), quantity_step=D(1))
    order = await make_placed_order(parties, ["7"], goods=[bolts])
    quotation = await make_quotation(parties, order, ["1"])
    given = {"quotationId": encode_id("Quotation", quotation.id), "expectedVersion": (await fresh(order)).version}
    assert await ask(parties.buyer, ACCEPT, input=given) == {
        "__typename": "StockProblem",
        "code": "STOCK_SHORT",
        "message": f"The supplier has not enough of {bolts.sku}, line 1, to promise 7; ask for less, or wait.",
        "line": 1,
        "sku": bolts.sku,
        "requested": "7.000000",
        "availability": "OUT",
        "available": None,
    }
    await make_stock(parties.supplier, bolts, "2")
    assert (await ask(parties.buyer, ACCEPT, input=given))["__typename"] == "AcceptQuotationSuccess"
    await make_policy(parties.supplier, StockPolicy.RESERVE_AT_SIGNATURE)
