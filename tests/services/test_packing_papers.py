"""What packing lists and labels say follows from what is stored, for both parties and for nobody else."""

import json
from typing import Any
from uuid import uuid4

import pytest

from models import Package, Shipment
from rules.problems import NotFound
from services import packing_papers
from services.contract_changes import LineChange
from services.packing import pack_shipment
from services.packing_papers import Printout
from tests.change_makers import make_changed_order
from tests.order_makers import Parties, lines_of, make_contracted_order, make_parties, make_shipment
from tests.package_makers import make_sscc, make_wish


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


def facts(printout: Printout) -> dict[str, Any]:
    """What was handed to the printer, which in tests prints it as it is."""
    said: dict[str, Any] = json.loads(printout.content.removeprefix(b"%PLAIN\n"))
    return said


async def make_packed(parties: Parties) -> Shipment:
    """Two lines in two packages, with something left over."""
    order = await make_contracted_order(parties, ["100", "10"], ["1", "1"])
    packages = (await make_wish(order, "60", "10", sscc=make_sscc()), await make_wish(order, "30"))
    return await make_shipment(parties, order, packages=packages)


async def test_both_parties_get_the_same_paper_and_a_stranger_none(parties: Parties) -> None:
    shipment = await make_packed(parties)
    [package, _] = await Package.of(shipment.id)
    stranger = (await make_parties()).supplier
    for paper, key in (
        (packing_papers.packing_list, shipment.id),
        (packing_papers.labels, shipment.id),
        (packing_papers.label, package.id),
    ):
        one, other = await paper(parties.buyer, key), await paper(parties.supplier, key)
        assert one == other
        assert one.name.startswith(shipment.number)
        for who, what in ((stranger, key), (parties.buyer, uuid4())):
            with pytest.raises(NotFound):
                await paper(who, what)


async def test_a_packing_list_tells_what_lies_where_and_what_is_left_over(parties: Parties) -> None:
    shipment = await make_packed(parties)
    said = facts(await packing_papers.packing_list(parties.buyer, shipment.id))
    assert [[line["quantity"] for line in package["lines"]] for package in said["packages"]] == [["60", "10"], ["30"]]
    assert [(line["despatched"], line["packed"], line["unpacked"]) for line in said["lines"]] == [
        ("100", "90", "10"),
        ("10", "10", "0"),
    ]
    assert (said["grossWeight"], said["volume"], said["template"]) == ("25", "0.1704", packing_papers.PACKING_LIST)
    unpacked = await pack_shipment(parties.supplier, shipment.id, shipment.version, [])
    said = facts(await packing_papers.packing_list(parties.buyer, unpacked.id))
    assert (said["packages"], said["grossWeight"], said["lines"][0]["unpacked"]) == ([], None, "100")


async def test_labels_are_all_or_one_and_none_where_nothing_is_packed(parties: Parties) -> None:
    shipment = await make_packed(parties)
    [_, second] = await Package.of(shipment.id)
    assert facts(await packing_papers.labels(parties.supplier, shipment.id))["labelled"] == [1, 2]
    assert facts(await packing_papers.label(parties.supplier, second.id))["labelled"] == [2]
    await pack_shipment(parties.supplier, shipment.id, shipment.version, [])
    with pytest.raises(NotFound):
        await packing_papers.labels(parties.supplier, shipment.id)
    with pytest.raises(NotFound):
        await packing_papers.label(parties.supplier, second.id)


async def test_other_facts_have_another_fingerprint(parties: Parties) -> None:
    shipment = await make_packed(parties)
    before = await packing_papers.packing_list(parties.buyer, shipment.id)
    assert (await packing_papers.packing_list(parties.buyer, shipment.id)).sha256 == before.sha256
    await pack_shipment(parties.supplier, shipment.id, shipment.version, [])
    assert (await packing_papers.packing_list(parties.buyer, shipment.id)).sha256 != before.sha256


async def test_a_package_whose_goods_all_go_elsewhere_goes_there(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100", "10"], ["1", "1"], delivery_zone="Asia/Shanghai")
    _, second = await lines_of(order)
    order = await make_changed_order(
        parties, order, lines=(LineChange(second.id, second.quantity, delivery_place="三号门"),)
    )
    apart = await make_wish(order, "0", "5")
    packages = (await make_wish(order, "90"), apart, await make_wish(order, "10", "5"), await make_wish(order))
    shipment = await make_shipment(parties, order, packages=packages)
    said = facts(await packing_papers.labels(parties.buyer, shipment.id))
    assert [package["to"] and package["to"]["place"] for package in said["packages"]] == [None, "三号门", None, None]
