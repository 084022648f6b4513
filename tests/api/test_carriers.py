"""Where carriers push to: over a real socket, as a sender does it."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.carriers import MOST_BYTES
from models import CarrierPush, Shipment
from partners.carriers import Push
from resolvers.ids import encode_id
from rules.carriers import CarrierProvider
from rules.people import CompanyKind
from services import clock
from tests.estates import Firm
from tests.house import House, open_house
from tests.makers import make_platform
from tests.order_makers import Parties, make_contracted_order, make_shipment
from tests.partners.carriers.samples import SAMPLES, SECRET, Sample, Told

each_sender = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
SET = """mutation ($input: SetCarrierAccountInput!) { setCarrierAccount(input: $input) { __typename
  ... on SetCarrierAccountSuccess { account { id path provider providerLabel } } ... on Problem { code message } } }"""
ACCOUNTS = "{ carrierAccounts { nodes { id path provider changedAt } } }"
PARKED = "{ parkedTracking { nodes { id status reason reasonLabel detail text tries provider company { id } } } }"
RETRY = """mutation ($input: RetryParkedInput!) { retryParked(input: $input) { __typename
  ... on RetryParkedSuccess { push { status reason } } ... on Problem { code } } }"""
TIMELINE = """query ($id: ID!) { shipment(id: $id) { status eta delay etaRevisions { eta saidBy }
  trackingEvents { code codeLabel place latitude longitude reportedBy } } }"""


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """The product."""
    async with open_house(database_url, tmp_path) as house:
        yield house


async def make_moving(house: House) -> tuple[Firm, Parties, Shipment]:
    """A supplier, whom it deals with, and goods under way."""
    buyer, supplier = (
        await Firm.made(CompanyKind.BUYER, delivery_place="上海市浦东新区世纪大道1号"),
        await Firm.made(CompanyKind.SUPPLIER),
    )
    parties = Parties(buyer.everybody, supplier.everybody)
    return supplier, parties, await make_shipment(parties, await make_contracted_order(parties))


async def send(house: House, path: str, push: Push) -> httpx2.Response:
    """What the sender is answered."""
    return await house.http.post(path, content=push.body, headers=dict(push.headers))


async def path_of(house: House, supplier: Firm, provider: CarrierProvider) -> str:
    """Where the sender has to push to."""
    caller = await house.enter(supplier.admin)
    result = await caller.do(SET, provider=provider.name, secret=SECRET)
    assert result["__typename"] == "SetCarrierAccountSuccess", result
    return str(result["account"]["path"])


@each_sender
async def test_a_push_is_answered_as_its_sender_waits_for_and_seen_by_both(house: House, sample: Sample) -> None:
    supplier, parties, shipment = await make_moving(house)
    path = await path_of(house, supplier, sample.carrier.provider)
    push = sample.push(shipment.waybill, Told(sample.moving, clock.now() - timedelta(hours=1)))
    for _ in range(2):
        reply = await send(house, path, push)
        assert (reply.status_code, reply.content) == (200, sample.carrier.accepted.body)
    buyer = await house.enter(parties.buyer)
    seen: Any = (await buyer.ask(TIMELINE, id=encode_id("Shipment", shipment.id)))["shipment"]
    [event] = seen["trackingEvents"]
    assert (seen["status"], event["code"], event["place"][:2]) == ("IN_TRANSIT", "IN_TRANSIT", "上海")
    assert event["reportedBy"] in ("Kuaidi100", "17TRACK", "AfterShip", "EasyPost", "Fleet")


@each_sender
async def test_what_is_not_proven_is_refused_whoever_s_endpoint_it_is(house: House, sample: Sample) -> None:
    supplier, _, shipment = await make_moving(house)
    path = await path_of(house, supplier, sample.carrier.provider)
    push = sample.push(shipment.waybill, Told(sample.moving, clock.now()), secret="another-secret-altogether")
    known, unknown = await send(house, path, push), await send(house, path[:-4] + "xxxx", push)
    assert (known.status_code, known.content) == (401, sample.carrier.refused.body)
    assert (unknown.status_code, unknown.content, dict(unknown.headers) | {"date": ""}) == (
        known.status_code,
        known.content,
        dict(known.headers) | {"date": ""},
    )
    assert await CarrierPush.all().count() == 0


@each_sender
async def test_a_huge_push_is_cut_off_and_nothing_of_it_stays(house: House, sample: Sample) -> None:
    supplier, _, shipment = await make_moving(house)
    path = await path_of(house, supplier, sample.carrier.provider)
    push = sample.push(shipment.waybill, Told(sample.moving, clock.now(), remark="x" * MOST_BYTES))
    assert (await send(house, path, push)).status_code == 413
    assert await CarrierPush.all().count() == 0


async def test_addresses_that_are_none_of_ours_give_nothing_away(house: House) -> None:
    push = Push(b"{}", {})
    for path in ("/carriers/dhl/abc", "/carriers/fleet/%00", "/carriers/fleet/" + "x" * 5000, "/carriers/17track/é"):
        assert (await send(house, path, push)).status_code == 401
    assert (await house.http.get("/carriers/fleet/abc")).status_code == 405


async def test_the_operator_sees_what_is_parked_and_tries_it_again(house: House) -> None:
    supplier, parties, _ = await make_moving(house)
    sample = SAMPLES["17track"]
    path = await path_of(house, supplier, sample.carrier.provider)
    push = sample.push("NOT-YET", Told(sample.moving, clock.now() - timedelta(hours=1)))
    assert (await send(house, path, push)).status_code == 200
    operator, seller = await house.enter(await make_platform()), await house.enter(supplier.admin)
    [parked] = (await operator.ask(PARKED))["parkedTracking"]["nodes"]
    assert (parked["status"], parked["reason"], parked["detail"]) == ("PARKED", "UNKNOWN_WAYBILL", "NOT-YET")
    assert json.loads(parked["text"])["data"]["number"] == "NOT-YET"
    assert (await seller.ask(PARKED))["parkedTracking"]["nodes"] == []
    assert (await seller.do(RETRY, pushId=parked["id"]))["code"] == "NOT_ALLOWED"
    assert (await operator.do(RETRY, pushId=parked["id"]))["push"]["reason"] == "UNKNOWN_WAYBILL"
    await make_shipment(parties, await make_contracted_order(parties), waybill="NOT-YET")
    assert (await operator.do(RETRY, pushId=parked["id"]))["push"] == {"status": "APPLIED", "reason": None}
    assert (await operator.ask(PARKED))["parkedTracking"]["nodes"] == []


async def test_a_secret_is_read_by_nobody_and_accounts_by_their_administrators_alone(house: House) -> None:
    supplier, parties, _ = await make_moving(house)
    path = await path_of(house, supplier, CarrierProvider.OWN_FLEET)
    admin, colleague = await house.enter(supplier.admin), await house.enter(supplier.approver)
    buyer = await house.enter(parties.buyer)
    told = await admin.ask(ACCOUNTS)
    assert [account["path"] for account in told["carrierAccounts"]["nodes"]] == [path]
    assert SECRET not in json.dumps(told, ensure_ascii=False)
    for other in (colleague, buyer):
        assert (await other.ask(ACCOUNTS))["carrierAccounts"]["nodes"] == []
    assert (await colleague.do(SET, provider="OWN_FLEET", secret=SECRET))["code"] == "NOT_ALLOWED"
    assert (await admin.do(SET, provider="OWN_FLEET", secret="whsec_!!!!!!"))["code"] == "INVALID_INPUT"
