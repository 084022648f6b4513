"""The address book: one default at most, nobody else's business, and no order changes with it."""

import asyncio
from typing import Any

import pytest

from models import Address, Company, Order
from rules.addresses import Destination
from rules.people import Actor, CompanyKind, Role
from rules.problems import InvalidInput, NotAllowed, NotFound, StaleVersion
from services.addresses import AddressWish, create_address, remove_address, update_address
from services.drafting import OrderWish, create_order, update_draft
from services.enquiring import EnquiryWish, update_enquiry
from services.inviting import issue_enquiry
from services.regions import gazetteer
from tests.address_makers import make_address, make_destination
from tests.enquiry_makers import make_bidders, make_enquiry
from tests.makers import make_actor, make_company, make_key
from tests.order_makers import Parties, fresh, make_parties


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer whose settings name a place, and a supplier."""
    return await make_parties()


async def draft(parties: Parties, **wish: Any) -> Order:
    """A draft with nothing but these wishes."""
    return await create_order(parties.buyer, parties.supplier.home, OrderWish(**wish), idempotency_key=make_key())


async def defaults(actor: Actor) -> list[str]:
    """The labels of what is the default."""
    return [one.label for one in await Address.visible_to(actor).filter(is_default=True)]


async def test_every_region_of_the_country_is_known_by_six_digits() -> None:
    """Districts below cities, below municipalities, below provinces; cities without districts; Taiwan, which the package gives no code."""
    known = await gazetteer()
    assert len(known.parts()) == 34
    names = {code: known.at(code) for code in ("310115", "440309", "441900", "429004", "710000")}
    assert {code: region and region.full_name for code, region in names.items()} == {
        "310115": "上海市浦东新区",
        "440309": "广东省深圳市龙华区",
        "441900": "广东省东莞市",
        "429004": "湖北省仙桃市",
        "710000": "台湾省",
    }
    pudong = known.at("310115")
    assert pudong is not None
    assert (pudong.parent_code, pudong.city, pudong.district) == ("310000", None, "浦东新区")
    xiantao = known.at("429004")
    assert xiantao is not None
    assert (xiantao.parent_code, xiantao.city, xiantao.district) == ("420000", None, "仙桃市")
    assert all(len(part.code) == 6 for province in known.parts() for part in known.parts(province.code))


async def test_an_address_gets_the_names_of_its_region_and_china_s_time(parties: Parties) -> None:
    address = await make_address(parties.buyer)
    assert (address.province, address.city, address.district) == ("上海市", None, "浦东新区")
    assert (address.zone, address.destination.line) == ("Asia/Shanghai", "上海市浦东新区世纪大道1号 200120")


async def test_what_is_wrong_is_refused_and_nothing_written(parties: Parties) -> None:
    before = (await Company.named(parties.buyer.home)).version
    for facts, path in (
        ({"region_code": "310000"}, "input.regionCode"),
        ({"country": "US", "region_code": None}, "input.zone"),
    ):
        with pytest.raises(InvalidInput) as refused:
            await make_address(parties.buyer, **facts)
        assert [fault.path for fault in refused.value.faults] == [path]
    assert not await Address.visible_to(parties.buyer).exists()
    assert (await Company.named(parties.buyer.home)).version == before


async def test_one_address_is_the_default_and_another_takes_its_place(parties: Parties) -> None:
    """The first becomes it by itself; a later one only when that is said; none has to be."""
    first = await make_address(parties.buyer, label="first")
    second = await make_address(parties.buyer, label="second")
    assert await defaults(parties.buyer) == ["first"]
    await make_address(parties.buyer, label="third", is_default=True)
    assert await defaults(parties.buyer) == ["third"]
    with pytest.raises(StaleVersion):  # it is no longer the default, which its readers have to know
        await update_address(parties.buyer, first.id, first.version, AddressWish("first", first.destination))
    second = await update_address(
        parties.buyer, second.id, second.version, AddressWish("second", second.destination, is_default=True)
    )
    assert await defaults(parties.buyer) == ["second"]
    await update_address(
        parties.buyer, second.id, second.version, AddressWish("second", second.destination, is_default=False)
    )
    assert await defaults(parties.buyer) == []


async def test_many_who_want_to_be_the_default_at_once_leave_one(parties: Parties) -> None:
    await asyncio.gather(*(make_address(parties.buyer, label=f"{number}", is_default=True) for number in range(6)))
    assert len(await defaults(parties.buyer)) == 1
    assert await Address.visible_to(parties.buyer).count() == 6


async def test_the_same_key_writes_one_address(parties: Parties) -> None:
    wish, key = AddressWish("Warehouse", make_destination()), make_key()
    made = await asyncio.gather(*(create_address(parties.buyer, wish, idempotency_key=key) for _ in range(5)))
    assert len({address.id for address in made}) == 1
    await remove_address(parties.buyer, made[0].id, made[0].version)
    assert (await create_address(parties.buyer, wish, idempotency_key=key)).id == made[0].id


async def test_the_book_is_kept_by_administrators_and_requesters_of_its_company_alone(parties: Parties) -> None:
    """To another company's requester the address is not there; a colleague without these roles reads and does not write."""
    address = await make_address(parties.buyer)
    stranger = await make_actor(await make_company(CompanyKind.BUYER), Role.REQUESTER)
    viewer = await make_actor(await Company.named(parties.buyer.home), Role.VIEWER)
    wish = AddressWish("mine", address.destination)
    with pytest.raises(NotFound):
        await update_address(stranger, address.id, address.version, wish)
    with pytest.raises(NotFound):
        await remove_address(stranger, address.id, address.version)
    taken = OrderWish(delivery_address_id=address.id)
    with pytest.raises(NotFound):
        await create_order(stranger, parties.supplier.home, taken, idempotency_key=make_key())
    with pytest.raises(NotAllowed):
        await remove_address(viewer, address.id, address.version)
    assert [one.label for one in await Address.visible_to(viewer)] == ["Warehouse"]
    assert not await Address.visible_to(stranger).exists()


async def test_an_order_goes_where_it_says_or_where_the_last_went_or_to_the_default(parties: Parties) -> None:
    """R8: with this supplier the last place first, then the default address, then the place of the company's settings."""
    first = await draft(parties)
    assert (first.delivery_place, first.delivery_address) == ("上海市浦东新区世纪大道1号", None)
    await make_address(parties.buyer, street="默认路2号", region_code="650109", zone="Asia/Urumqi")
    assert (await draft(parties)).delivery_place == "上海市浦东新区世纪大道1号"
    elsewhere = await make_address(parties.buyer, street="别处路3号")
    other = Parties(parties.buyer, (await make_parties()).supplier)
    by_default = await draft(other)
    assert (by_default.delivery_place, by_default.delivery_zone) == (
        "新疆维吾尔自治区乌鲁木齐市米东区默认路2号 200120",
        "Asia/Urumqi",
    )
    named = await draft(other, delivery_address_id=elsewhere.id)
    assert (named.delivery_place, named.delivery_zone) == (elsewhere.destination.line, "Asia/Shanghai")
    assert named.delivery_address is not None
    assert (named.delivery_address["street"], named.delivery_address["recipient"]) == ("别处路3号", "李欣")
    again = await fresh(await draft(other))
    assert (again.delivery_place, again.delivery_address) == (named.delivery_place, named.delivery_address)


async def test_a_later_change_of_the_book_changes_no_order(parties: Parties) -> None:
    address = await make_address(parties.buyer)
    order = await draft(parties, delivery_address_id=address.id)
    before = (order.delivery_place, order.delivery_address)
    moved = await update_address(
        parties.buyer, address.id, address.version, AddressWish("moved", make_destination(street="新路9号"))
    )
    await remove_address(parties.buyer, moved.id, moved.version)
    kept = await fresh(order)
    assert (kept.delivery_place, kept.delivery_address, kept.version) == (*before, order.version)
    with pytest.raises(NotFound):
        await draft(parties, delivery_address_id=address.id)


async def test_a_place_in_other_words_takes_the_address_s_place_and_not_both_are_said(parties: Parties) -> None:
    address = await make_address(parties.buyer)
    order = await draft(parties, delivery_address_id=address.id)
    order = await update_draft(parties.buyer, order.id, order.version, OrderWish(delivery_place="Gate 7"))
    assert (order.delivery_place, order.delivery_address) == ("Gate 7", None)
    both = OrderWish(delivery_place="Gate 8", delivery_zone="Asia/Shanghai", delivery_address_id=address.id)
    with pytest.raises(InvalidInput) as refused:
        await update_draft(parties.buyer, order.id, order.version, both)
    assert [fault.path for fault in refused.value.faults] == ["input.deliveryPlace", "input.deliveryZone"]
    order = await update_draft(parties.buyer, order.id, order.version, OrderWish(delivery_address_id=address.id))
    assert order.delivery_address is not None
    assert Destination(**order.delivery_address) == address.destination


async def test_an_enquiry_s_orders_are_all_delivered_to_its_address(database: str) -> None:
    bidders = await make_bidders(2)
    default = await make_address(bidders.buyer, street="默认路2号")
    other = await make_address(bidders.buyer, street="别处路3号")
    enquiry = await make_enquiry(bidders)
    assert enquiry.delivery_place == default.destination.line
    enquiry = await update_enquiry(
        bidders.buyer, enquiry.id, enquiry.version, EnquiryWish(delivery_address_id=other.id)
    )
    await issue_enquiry(bidders.buyer, enquiry.id, enquiry.version)
    siblings = await Order.visible_to(bidders.buyer)
    assert [order.delivery_place for order in siblings] == [other.destination.line] * 2
    assert {order.delivery_address["street"] for order in siblings if order.delivery_address} == {"别处路3号"}
