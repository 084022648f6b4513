"""Shipments are packed until they arrive; a number is on one shipment of a supplier, for good."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from models import Company, Event, Package, Sscc, SsccSeries
from rules.gs1 import capacity, sscc
from rules.people import CompanyKind, Role
from rules.problems import (
    InvalidInput,
    NotAllowed,
    NotFound,
    QuantityExceeded,
    StaleVersion,
    WrongStatus,
)
from rules.shipping import TrackingCode
from services import clock
from services.companies import set_gs1_company_prefix
from services.despatching import cancel_shipment
from services.packing import pack_shipment
from tests.carrier_makers import as_admin
from tests.makers import make_actor, make_company
from tests.order_makers import (
    Parties,
    fresh,
    make_contracted_order,
    make_parties,
    make_receipt,
    make_shipment,
    make_sighting,
)
from tests.package_makers import PREFIX, make_prefix, make_sscc, make_wish, packed
from tests.races import at_once


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def test_a_despatch_may_say_how_it_is_packed(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100", "10"], ["1", "1"])
    number = make_sscc()
    packages = (await make_wish(order, "60", "10", sscc=number), await make_wish(order, "30"))
    shipment = await make_shipment(parties, order, packages=packages)
    assert await packed(shipment.id) == [(number, [D(60), D(10)]), (None, [D(30)])]
    assert (await fresh(order)).version == order.version + 1
    assert shipment.version == 1


async def test_packing_again_takes_the_place_of_what_was_said_before(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    shipment = await make_shipment(parties, order, packages=(await make_wish(order, "100"),))
    halves = [await make_wish(order, "50"), await make_wish(order, "50")]
    shipment = await pack_shipment(parties.supplier, shipment.id, shipment.version, halves)
    assert await packed(shipment.id) == [(None, [D(50)]), (None, [D(50)])]
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert (event.kind, event.body["packageCount"], event.shipment_seq) == ("SHIPMENT_PACKED", 2, 2)
    assert event.readers == [parties.buyer.home, parties.supplier.home]
    shipment = await pack_shipment(parties.supplier, shipment.id, shipment.version, [])
    assert await packed(shipment.id) == []


async def test_of_two_who_pack_at_once_one_has_to_read_again(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    shipment = await make_shipment(parties, order)
    whole = [await make_wish(order, "100")]
    done, refused = await at_once(
        *(pack_shipment(parties.supplier, shipment.id, shipment.version, whole) for _ in range(2))
    )
    assert (len(done), [type(problem) for problem in refused]) == (1, [StaleVersion])
    assert await packed(shipment.id) == [(None, [D(100)])]


async def test_a_refused_packing_changes_nothing(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    other = await make_contracted_order(parties, ["100"])
    shipment = await make_shipment(parties, order, packages=(await make_wish(order, "70"),))
    version, number = (await fresh(order)).version, make_sscc()
    half = await make_wish(order, "50")
    twice = replace(half, contents=half.contents * 2)
    refusals = (
        (QuantityExceeded, [half, await make_wish(order, "50.000001")]),
        (NotFound, [await make_wish(other, "1")]),
        (InvalidInput, [twice]),
        (InvalidInput, [await make_wish(order, "1", sscc=number[:-1] + str(9 - int(number[-1])))]),
        (InvalidInput, [await make_wish(order, "1", sscc=number), await make_wish(order, "1", sscc=number)]),
    )
    for problem, packages in refusals:
        with pytest.raises(problem):
            await pack_shipment(parties.supplier, shipment.id, shipment.version, packages)
    assert await packed(shipment.id) == [(None, [D(70)])]
    assert (await fresh(order)).version == version
    assert not await Sscc.filter(number=number).exists()


async def test_what_has_arrived_or_never_left_is_packed_no_more(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    arrived, received, cancelled = [await make_shipment(parties, order, "20") for _ in range(3)]
    arrived = await make_sighting(parties, arrived, TrackingCode.DELIVERED, clock.now())
    received = await make_receipt(parties, received)
    cancelled = await cancel_shipment(parties.supplier, cancelled.id, cancelled.version, "no")
    for shipment in (arrived, received, cancelled):
        with pytest.raises(WrongStatus):
            await pack_shipment(parties.supplier, shipment.id, shipment.version, [await make_wish(order, "20")])
        assert await packed(shipment.id) == []
    moving = await make_shipment(parties, order, "20")
    moving = await make_sighting(parties, moving, TrackingCode.ON_HOLD, clock.now())
    await pack_shipment(parties.supplier, moving.id, moving.version, [await make_wish(order, "20")])


async def test_only_the_supplier_packs_and_a_stranger_learns_nothing(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    shipment = await make_shipment(parties, order)
    with pytest.raises(WrongStatus):
        await pack_shipment(parties.buyer, shipment.id, shipment.version, [])
    with pytest.raises(NotFound):
        await pack_shipment(
            await make_actor(await make_company(CompanyKind.SUPPLIER), Role.WAREHOUSE),
            shipment.id,
            shipment.version,
            [],
        )
    with pytest.raises(NotAllowed):
        await pack_shipment(replace(parties.supplier, roles=frozenset()), shipment.id, shipment.version, [])
    with pytest.raises(StaleVersion):
        await pack_shipment(parties.supplier, shipment.id, shipment.version + 1, [])


async def test_a_number_is_never_on_two_shipments(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    one, other = [await make_shipment(parties, order, "40") for _ in range(2)]
    number = make_sscc()
    one = await pack_shipment(parties.supplier, one.id, one.version, [await make_wish(order, "1", sscc=number)])
    with pytest.raises(InvalidInput) as refused:
        await pack_shipment(
            parties.supplier,
            other.id,
            other.version,
            [await make_wish(order, "1"), await make_wish(order, sscc=number)],
        )
    assert [fault.path for fault in refused.value.faults] == ["input.packages[1].sscc"]
    # The same shipment may have it again, also after it was packed without; another supplier may have the same.
    one = await pack_shipment(parties.supplier, one.id, one.version, [])
    with pytest.raises(InvalidInput):
        await pack_shipment(parties.supplier, other.id, other.version, [await make_wish(order, sscc=number)])
    await pack_shipment(parties.supplier, one.id, one.version, [await make_wish(order, "1", sscc=number)])
    rivals = await make_parties()
    theirs = await make_contracted_order(rivals, ["100"])
    await make_shipment(rivals, theirs, packages=(await make_wish(theirs, "1", sscc=number),))


async def test_of_two_shipments_that_claim_a_number_at_once_one_gets_it(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    elsewhere = await make_contracted_order(parties, ["100"])
    shipments = [await make_shipment(parties, one, "40") for one in (order, elsewhere)]
    wishes = [[await make_wish(one, sscc=number) for number in ("106141411234567897",)] for one in (order, elsewhere)]
    done, refused = await at_once(
        *(
            pack_shipment(parties.supplier, shipment.id, shipment.version, wish)
            for shipment, wish in zip(shipments, wishes, strict=True)
        )
    )
    assert (len(done), [type(problem) for problem in refused]) == (1, [InvalidInput])


async def test_what_was_cancelled_gives_its_numbers_back(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"])
    wish = await make_wish(order, "40", sscc=make_sscc())
    never = await make_shipment(parties, order, "40", packages=(wish,))
    await cancel_shipment(parties.supplier, never.id, never.version, "the wrong pallet")
    shipment = await make_shipment(parties, order, "40", packages=(wish,))
    assert await packed(shipment.id) == [(wish.sscc, [D(40)])]
    assert await packed(never.id) == [(wish.sscc, [D(40)])]


async def test_with_a_company_prefix_each_package_gets_a_number_that_nobody_used(parties: Parties) -> None:
    await make_prefix(as_admin(parties.supplier))
    order = await make_contracted_order(parties, ["100"])
    # The supplier's own system used the second number already.
    given = await make_shipment(parties, order, "1", packages=(await make_wish(order, sscc=sscc(PREFIX, 1)),))
    three = tuple([await make_wish(order) for _ in range(3)])
    shipment = await make_shipment(parties, order, "1", packages=three)
    numbers = [number for number, _ in await packed(shipment.id)]
    assert numbers == [sscc(PREFIX, ordinal) for ordinal in (0, 2, 3)]
    one_more = await make_shipment(parties, order, "1", packages=(await make_wish(order),))
    [[number, _]] = await packed(one_more.id)
    assert number not in {*numbers, sscc(PREFIX, 1)}
    assert [number for number, _ in await packed(given.id)] == [sscc(PREFIX, 1)]


async def test_many_who_pack_at_once_get_different_numbers(parties: Parties) -> None:
    await make_prefix(as_admin(parties.supplier))
    orders = [await make_contracted_order(parties, ["100"]) for _ in range(5)]
    loads = [(order, tuple([await make_wish(order) for _ in range(4)])) for order in orders]
    done, refused = await at_once(*(make_shipment(parties, order, packages=wishes) for order, wishes in loads))
    assert refused == []
    numbers = [package.sscc for shipment in done for package in await Package.of(shipment.id)]
    assert len(set(numbers)) == 20


async def test_a_prefix_whose_numbers_are_used_up_makes_none_twice(parties: Parties) -> None:
    longest = "690123456789"
    await make_prefix(as_admin(parties.supplier), longest)
    order = await make_contracted_order(parties, ["100"])
    await make_shipment(parties, order, "1", packages=(await make_wish(order),))
    await SsccSeries.filter(supplier_id=parties.supplier.home).update(ordinal=capacity(longest) - 1)
    await make_shipment(parties, order, "1", packages=(await make_wish(order),))
    with pytest.raises(InvalidInput):
        await make_shipment(parties, order, "1", packages=(await make_wish(order),))


@pytest.mark.parametrize("prefix", ["123", "1234567890123", "69012a4", "６901"])
async def test_a_prefix_that_is_none_is_refused(parties: Parties, prefix: str) -> None:
    admin = as_admin(parties.supplier)
    company = await Company.named(admin.home)
    with pytest.raises(InvalidInput):
        await set_gs1_company_prefix(admin, company.version, prefix)
    assert (await Company.named(admin.home)).version == company.version
    with pytest.raises(NotAllowed):
        await set_gs1_company_prefix(parties.supplier, company.version, PREFIX)
