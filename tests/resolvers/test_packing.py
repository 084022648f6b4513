"""Packages in the schema: said with the despatch or later, seen by both sides, refused with what a screen needs."""

from typing import Any

import pytest

from models import Company
from resolvers.ids import encode_id
from tests.carrier_makers import as_admin
from tests.makers import make_key
from tests.order_makers import Parties, lines_of, make_contracted_order, make_parties, make_shipment
from tests.package_makers import PREFIX, make_sscc
from tests.resolvers.asking import ask, do

PACKED = """packing {
    packageCount grossWeight volume
    packages {
        position sscc grossWeight volume dimensions { length width height } packageType { code name }
        lines { quantity shipmentLine { position orderLine { sku } } }
    }
}"""
SHIPMENT = f"query ($id: ID!) {{ shipment(id: $id) {{ {PACKED} }} }}"


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def package_for(order: Any, quantity: str = "400", **said: Any) -> dict[str, Any]:
    """A pallet with so much of the first line."""
    [line, *_] = await lines_of(order)
    contents = [{"orderLineId": encode_id("OrderLine", line.id), "quantity": quantity}]
    return {"packageType": "PX", "contents": contents, "sscc": make_sscc(), **said}


async def pack(parties: Parties, shipment: Any, *packages: dict[str, Any]) -> Any:
    """What the supplier is answered."""
    return await do(
        parties.supplier,
        "packShipment",
        f"shipment {{ version {PACKED} }}",
        shipmentId=encode_id("Shipment", shipment.id),
        expectedVersion=shipment.version,
        packages=list(packages),
    )


async def test_goods_leave_in_packages_that_both_sides_see(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    [line] = await lines_of(order)
    measures = {"length": "120", "width": "80", "height": "144.5"}
    package = await package_for(order, grossWeight="412.5", dimensions=measures)
    sent = await do(
        parties.supplier,
        "despatchShipment",
        "shipment { id }",
        orderId=encode_id("Order", order.id),
        lines=[{"orderLineId": encode_id("OrderLine", line.id), "quantity": "400"}],
        transportMode="ROAD",
        carrier="SF Express",
        waybill="SF123",
        packages=[package],
        idempotencyKey=make_key(),
    )
    for actor, locale, name in ((parties.buyer, "en", "pallet"), (parties.supplier, "zh-CN", "托盘")):
        shown = (await ask(actor, SHIPMENT, locale=locale, id=sent["shipment"]["id"]))["packing"]
        assert shown == {
            "packageCount": 1,
            "grossWeight": "412.500",
            "volume": "1.387200",
            "packages": [
                {
                    "position": 1,
                    "sscc": package["sscc"],
                    "grossWeight": "412.500",
                    "volume": "1.387200",
                    "dimensions": {"length": "120.00", "width": "80.00", "height": "144.50"},
                    "packageType": {"code": "PX", "name": name},
                    "lines": [
                        {"quantity": "400.000000", "shipmentLine": {"position": 1, "orderLine": {"sku": line.sku}}}
                    ],
                }
            ],
        }


async def test_what_is_not_known_of_one_package_is_not_summed(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order)
    heavy, light = await package_for(order, grossWeight="2"), await package_for(order)
    answer = await pack(parties, shipment, heavy, light)
    assert answer["shipment"]["version"] == shipment.version + 1
    packing = answer["shipment"]["packing"]
    assert (packing["packageCount"], packing["grossWeight"], packing["volume"]) == (2, None, None)
    assert [package["dimensions"] for package in packing["packages"]] == [None, None]


async def test_refusals_name_the_package(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order)
    one, other = await package_for(order, "600"), await package_for(order, "400")
    more = await package_for(order, "400.5")
    too_much = await pack(parties, shipment, one, more)
    assert (too_much["code"], too_much["remaining"]) == ("QUANTITY_EXCEEDED", "1000.000000")
    wrong = await pack(parties, shipment, one, {**other, "sscc": "123456789012345678"})
    assert wrong["faults"] == [{"field": "input.packages[1].sscc"}]
    limits = await pack(
        parties,
        shipment,
        one,
        {**other, "grossWeight": "0", "dimensions": {"length": "1", "width": "1", "height": "0.001"}},
    )
    assert [fault["field"] for fault in limits["faults"]] == [
        "input.packages[1].grossWeight",
        "input.packages[1].dimensions.height",
    ]


async def test_a_company_prefix_makes_numbers_and_is_the_company_s_own(parties: Parties) -> None:
    admin = as_admin(parties.supplier)
    company = await Company.named(admin.home)
    said = {"expectedVersion": company.version, "prefix": PREFIX}
    answer = await do(admin, "setGs1CompanyPrefix", "company { gs1CompanyPrefix }", **said)
    assert answer["company"] == {"gs1CompanyPrefix": PREFIX}
    query = "query ($id: ID!) { company(id: $id) { legalName gs1CompanyPrefix } }"
    shown = await ask(parties.buyer, query, id=encode_id("Company", company.id))
    assert shown == {"legalName": company.legal_name, "gs1CompanyPrefix": None}
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    answer = await pack(parties, shipment, {"packageType": "CT"})
    [package] = answer["shipment"]["packing"]["packages"]
    assert package["sscc"][1:].startswith(PREFIX)
    stale = await do(admin, "setGs1CompanyPrefix", "company { gs1CompanyPrefix }", **said)
    assert stale["code"] == "STALE_VERSION"


async def test_package_types_have_names(parties: Parties) -> None:
    shown = await ask(parties.buyer, "{ packageTypes { code name nameZh nameEn } }", locale="zh-CN")
    assert {"code": "CT", "name": "纸箱", "nameZh": "纸箱", "nameEn": "carton"} in shown
