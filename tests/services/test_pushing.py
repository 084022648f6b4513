"""What carriers push: once, for whoever proves who they are, and never to the harm of what is known."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from models import CarrierAccount, CarrierPush, Event, Order, Shipment, TrackingEvent
from models.base import new_id
from models.database import pool
from partners.carriers import Push
from rules.carriers import ParkReason, PushStatus
from rules.problems import InvalidInput, NotAllowed, NotFound
from rules.shipping import ShipmentStatus, TrackingCode
from services import clock, pushing, vault, watching
from services.carriers import set_carrier_account
from services.pushing import MOST_TRIES, receive_push, retry_parked
from services.secret import Secret
from tests.carrier_makers import as_admin, make_account, pushed
from tests.makers import make_platform
from tests.order_makers import Parties, make_contracted_order, make_parties, make_receipt, make_shipment
from tests.partners.carriers.samples import SAMPLES, SECRET, Sample, Told
from tests.races import at_once

each_sender = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


NOW = clock.now().replace(microsecond=0)
"""When these tests began, to the second, as senders tell it: asked twice, a clock may have gone on."""


def ago(hours: int) -> datetime:
    """So many hours before that."""
    return NOW - timedelta(hours=hours)


async def timeline(shipment: Shipment) -> list[tuple[TrackingCode, datetime]]:
    """What is on record, the oldest first."""
    return [(event.code, event.occurred_at) for event in await TrackingEvent.of(shipment.id)]


@each_sender
async def test_a_push_moves_the_goods_and_tells_both_sides(parties: Parties, sample: Sample) -> None:
    order = await make_contracted_order(parties)
    shipment = await make_shipment(parties, order)
    account = await make_account(parties.supplier, sample)
    told = Told(sample.moving, ago(2)), Told(sample.delivered, ago(1), "杭州")
    assert await pushed(account, sample.push(shipment.waybill, *told)) == sample.carrier.accepted
    shipment = await Shipment.get(id=shipment.id)
    assert (shipment.status, shipment.arrived_at) == (ShipmentStatus.ARRIVED, told[1].at)
    assert await timeline(shipment) == [(TrackingCode.IN_TRANSIT, told[0].at), (TrackingCode.DELIVERED, told[1].at)]
    events = await Event.filter(shipment_id=shipment.id).order_by("seq")
    assert [event.kind for event in events] == ["SHIPMENT_DESPATCHED", "SHIPMENT_TRACKED", "SHIPMENT_TRACKED"]
    assert events[-1].readers == [parties.buyer.company, parties.supplier.company]
    assert events[-1].actor_name == pushing.NAMES[sample.carrier.provider]
    [row] = await CarrierPush.all()
    assert (row.status, row.body, row.reason) == (PushStatus.APPLIED, None, None)


@each_sender
async def test_whoever_cannot_sign_leaves_no_trace(parties: Parties, sample: Sample) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    account = await make_account(parties.supplier, sample)
    good = sample.push(shipment.waybill, Told(sample.delivered, ago(1)))
    tampered = Push(good.body.replace(b"1", b"2", 1), good.headers)
    unsigned = Push(good.body.partition(b"&")[2], {}) if b"sign=" in good.body else Push(good.body, {})
    forged = sample.push(shipment.waybill, Told(sample.delivered, ago(1)), secret=SECRET[::-1])
    for push in (tampered, unsigned, forged):
        assert await pushed(account, push) == sample.carrier.refused
    assert await receive_push(account.provider, "no-endpoint-of-ours", good) == sample.carrier.refused
    assert await CarrierPush.all().count() == 0
    assert (await Shipment.get(id=shipment.id)).status is ShipmentStatus.DESPATCHED


@each_sender
async def test_a_push_that_comes_again_at_once_counts_once_and_hears_the_same(parties: Parties, sample: Sample) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    account = await make_account(parties.supplier, sample)
    push = sample.push(shipment.waybill, Told(sample.moving, ago(1)))
    answers, refused = await at_once(*(pushed(account, push) for _ in range(5)))
    assert (answers, refused) == ([sample.carrier.accepted] * 5, [])
    assert await CarrierPush.all().count() == 1
    assert len(await timeline(shipment)) == 1
    assert await Event.filter(shipment_id=shipment.id).count() == 2


@each_sender
async def test_pushes_that_overtake_each_other_leave_the_same_history(parties: Parties, sample: Sample) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    account = await make_account(parties.supplier, sample)
    told = [Told(sample.moving, ago(4)), Told(sample.moving, ago(3)), Told(sample.delivered, ago(2))]
    for one in reversed(told):
        assert await pushed(account, sample.push(shipment.waybill, one)) == sample.carrier.accepted
    shipment = await Shipment.get(id=shipment.id)
    assert [at for _, at in await timeline(shipment)] == [one.at for one in told]
    assert (shipment.status, shipment.arrived_at) == (ShipmentStatus.ARRIVED, told[-1].at)


@each_sender
async def test_an_unknown_status_is_parked_and_the_rest_is_on_record(parties: Parties, sample: Sample) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    account = await make_account(parties.supplier, sample)
    push = sample.push(shipment.waybill, Told(sample.moving, ago(2)), Told(sample.unknown, ago(1)))
    assert await pushed(account, push) == sample.carrier.accepted
    [row] = await CarrierPush.all()
    assert (row.status, row.reason, row.detail) == (PushStatus.PARKED, ParkReason.UNKNOWN_STATUS, sample.unknown)
    assert row.body == push.body
    assert await timeline(shipment) == [(TrackingCode.IN_TRANSIT, ago(2))]


@each_sender
async def test_what_is_malformed_is_parked_and_answered_as_received(parties: Parties, sample: Sample) -> None:
    account = await make_account(parties.supplier, sample)
    broken: Any = sample.write("W1", (Told(sample.moving, ago(1)),))
    text = json.dumps(broken).replace("W1", "")
    for payload in (b"[1]", text.encode()):
        assert await pushed(account, sample.signed(payload)) == sample.carrier.accepted
    assert {(row.status, row.reason) for row in await CarrierPush.all()} == {(PushStatus.PARKED, ParkReason.UNREADABLE)}


async def test_a_parked_push_is_put_on_record_once_its_waybill_is_known(parties: Parties) -> None:
    """The operator sees it, with what it says; a supplier cannot."""
    sample, operator = SAMPLES["fleet"], await make_platform()
    account = await make_account(parties.supplier, sample)
    await pushed(account, sample.push("SF-LATER", Told("IN_TRANSIT", ago(1))))
    [row] = await CarrierPush.visible_to(operator)
    assert (row.reason, row.detail) == (ParkReason.UNKNOWN_WAYBILL, "SF-LATER")
    assert await CarrierPush.visible_to(parties.supplier).count() == 0
    shipment = await make_shipment(parties, await make_contracted_order(parties), waybill="SF-LATER")
    with pytest.raises(NotAllowed):
        await retry_parked(parties.supplier, row.id)
    assert (await retry_parked(operator, row.id)).status is PushStatus.APPLIED
    assert (await retry_parked(operator, row.id)).status is PushStatus.APPLIED
    assert len(await timeline(shipment)) == 1
    with pytest.raises(NotFound):
        await retry_parked(operator, account.id)


async def test_another_supplier_s_goods_are_not_moved_by_knowing_their_waybill(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    stranger = await make_account((await make_parties()).supplier, SAMPLES["fleet"])
    await pushed(stranger, SAMPLES["fleet"].push(shipment.waybill, Told("DELIVERED", ago(1))))
    assert (await Shipment.get(id=shipment.id)).status is ShipmentStatus.DESPATCHED
    assert [row.reason for row in await CarrierPush.all()] == [ParkReason.UNKNOWN_WAYBILL]


async def test_goods_of_several_orders_under_one_waybill_move_together(parties: Parties) -> None:
    orders = [await make_contracted_order(parties) for _ in range(2)]
    shipments = [await make_shipment(parties, order, waybill="TRUCK-7") for order in orders]
    account = await make_account(parties.supplier, SAMPLES["fleet"])
    await pushed(account, SAMPLES["fleet"].push("TRUCK-7", Told("DELIVERED", ago(1))))
    assert {(await Shipment.get(id=one.id)).status for one in shipments} == {ShipmentStatus.ARRIVED}


async def test_what_comes_after_the_receipt_is_parked_and_moves_nothing(parties: Parties) -> None:
    shipment = await make_receipt(parties, await make_shipment(parties, await make_contracted_order(parties)))
    account = await make_account(parties.supplier, SAMPLES["fleet"])
    before = await Order.get(id=shipment.order_id)
    await pushed(account, SAMPLES["fleet"].push(shipment.waybill, Told("EXCEPTION", ago(0))))
    assert [row.reason for row in await CarrierPush.all()] == [ParkReason.TOO_LATE]
    assert (await Order.get(id=shipment.order_id)).version == before.version
    assert (await Shipment.get(id=shipment.id)).status is ShipmentStatus.RECEIVED


async def test_a_scan_from_the_future_is_parked_for_it_would_hide_all_that_follow(parties: Parties) -> None:
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    account = await make_account(parties.supplier, SAMPLES["easypost"])
    await pushed(account, SAMPLES["easypost"].push(shipment.waybill, Told("in_transit", ago(-3))))
    assert [row.reason for row in await CarrierPush.all()] == [ParkReason.IN_THE_FUTURE]
    assert await timeline(shipment) == []


async def test_a_push_survives_our_own_trouble_and_the_sender_never_hears_of_it(parties: Parties) -> None:
    """The order is held by somebody for longer than a push waits; the clock puts the push on record afterwards."""
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    account = await make_account(parties.supplier, SAMPLES["fleet"])
    async with pool().acquire() as other, other.transaction():
        await other.execute("SELECT 1 FROM purchase_order WHERE id = $1 FOR UPDATE", shipment.order_id)
        answer = await pushed(account, SAMPLES["fleet"].push(shipment.waybill, Told("IN_TRANSIT", ago(1))))
    assert answer == SAMPLES["fleet"].carrier.accepted
    [row] = await CarrierPush.all()
    assert (row.status, row.tries) == (PushStatus.PENDING, 1)
    assert row.tried_at is not None
    same = {name: getattr(row, name) for name in CarrierPush._meta.db_fields - {"id", "event_id", "tried_at"}}
    behind = await CarrierPush.create(**same, id=new_id(), event_id="behind", tried_at=None)
    assert await CarrierPush.waiting(row.tried_at - timedelta(microseconds=1), 1) == [behind.id]
    await behind.delete()
    assert await watching.watch() == 0
    with clock.held_at(clock.now() + pushing.AGAIN_AFTER):
        assert await watching.watch() == 1
    assert (await CarrierPush.get(id=row.id)).status is PushStatus.APPLIED
    assert len(await timeline(shipment)) == 1


async def test_a_push_that_never_goes_on_record_is_parked_after_some_tries(parties: Parties) -> None:
    account = await make_account(parties.supplier, SAMPLES["fleet"])
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    await pool().execute("ALTER TABLE tracking_event ADD CONSTRAINT never CHECK (code <> 'CUSTOMS')")
    await pushed(account, SAMPLES["fleet"].push(shipment.waybill, Told("CUSTOMS", ago(1))))
    for later in range(1, MOST_TRIES):
        with clock.held_at(clock.now() + later * 2 * pushing.AGAIN_AFTER):
            assert await watching.watch() == 1
    [row] = await CarrierPush.all()
    assert (row.status, row.reason, row.tries) == (PushStatus.PARKED, ParkReason.FAILED, MOST_TRIES)
    await pool().execute("ALTER TABLE tracking_event DROP CONSTRAINT never")


async def test_a_secret_is_sealed_and_replaced_at_once(parties: Parties) -> None:
    sample = SAMPLES["aftership"]
    shipment = await make_shipment(parties, await make_contracted_order(parties))
    first = await make_account(parties.supplier, sample)
    again = await make_account(parties.supplier, sample, "another secret")
    assert (again.id, again.endpoint) == (first.id, first.endpoint)
    assert SECRET.encode() not in first.secret
    assert vault.opened(again.secret, again.id) == "another secret"
    push = sample.push(shipment.waybill, Told("InTransit", ago(1)))
    assert await pushed(again, push) == sample.carrier.refused
    renewed = sample.push(shipment.waybill, Told("InTransit", ago(1)), secret="another secret")
    assert await pushed(again, renewed) == sample.carrier.accepted
    events = await Event.filter(kind="COMPANY_CHANGED", stream=parties.supplier.company).order_by("seq")
    assert [event.body for event in events[-2:]] == [{"action": "set_carrier_account", "provider": "AFTERSHIP"}] * 2


async def test_only_an_administrator_has_accounts_and_only_a_good_secret_is_taken(parties: Parties) -> None:
    provider = SAMPLES["fleet"].carrier.provider
    with pytest.raises(NotAllowed):
        await set_carrier_account(parties.supplier, provider, Secret(SECRET))
    with pytest.raises(InvalidInput, match=r"input\.secret: must have at least 16 bytes"):
        await set_carrier_account(as_admin(parties.supplier), provider, Secret("too short"))
    account = await make_account(parties.supplier, SAMPLES["fleet"])
    assert await CarrierAccount.visible_to(as_admin(parties.supplier)).get(id=account.id) == account
    assert await CarrierAccount.visible_to(as_admin(parties.buyer)).count() == 0
    assert await CarrierAccount.visible_to(await make_platform()).count() == 0
