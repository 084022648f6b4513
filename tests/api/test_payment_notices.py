"""Where payment providers write to: over real sockets, and thirty at once on two servers."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from api.payment_notices import MOST_BYTES, payment_notice_routes
from models import Event, Payment, PaymentNotice
from partners.payments import Notice
from resolvers.ids import encode_id
from rules.billing import PaymentMethod, PaymentStatus
from rules.events import EventKind
from rules.people import CompanyKind, Role
from rules.rails import ONLINE, SLUGS
from services import clock, vault
from services.key_files import kept_in
from tests.databases import Databases, beside_all
from tests.estates import Firm
from tests.house import House, open_house
from tests.makers import make_actor, make_platform
from tests.order_makers import Parties, make_completed_order, make_invoice, make_parties
from tests.payment_makers import WECHAT, Started, line, make_online_payment, merchant_input
from tests.processes import open_fleet
from tests.servers import Valkey

VAULT_KEY = "secrets.key"
SET = """mutation ($input: SetMerchantAccountInput!) { setMerchantAccount(input: $input) { __typename
  ... on SetMerchantAccountSuccess { account { id method path appId isSandbox } } ... on Problem { code message }
  ... on InvalidInputProblem { faults { field fault } } } }"""
START = """mutation ($input: StartPaymentInput!) { startPayment(input: $input) { __typename
  ... on StartPaymentSuccess { payment { id version status statusLabel amount { amount }
    checkout { flow content isSandbox expiresAt } } }
  ... on PaymentUnavailableProblem { code message method methods } ... on Problem { code } } }"""
PAYMENT = """query ($id: ID!) { payment(id: $id) { status isSandbox checkout { content isSandbox }
  refunds { status statusLabel why amount { amount } } } }"""
ACCOUNTS = "{ merchantAccounts { nodes { id method path appId payee isSandbox changedAt } } }"
REFUSED = "{ refusedPaymentNotices { nodes { id method reason reasonLabel number company { id } } } }"
each_method = pytest.mark.parametrize("method", sorted(ONLINE))


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """The product."""
    async with open_house(database_url, tmp_path) as house:
        yield house


def path_of(started: Started) -> str:
    """Where its provider writes to."""
    return f"/payments/{SLUGS[started.account.method]}/{started.account.endpoint}"


async def send(http: httpx2.AsyncClient, path: str, notice: Notice) -> httpx2.Response:
    """What the provider is answered."""
    return await http.post(path, content=notice.body, headers=dict(notice.headers))


@each_method
async def test_an_invoice_is_paid_by_a_notice_and_everybody_sees_it(house: House, method: PaymentMethod) -> None:
    parties = await make_parties()
    started = await make_online_payment(parties, method=method)
    buyer = await house.enter(parties.buyer)
    id_ = encode_id("Payment", started.payment.id)
    before = (await buyer.ask(PAYMENT, id=id_))["payment"]
    assert (before["status"], before["checkout"]["isSandbox"]) == ("AWAITING_CHANNEL", True)
    line().office.bank.pay(started.trade, clock.now())
    for _ in range(2):
        reply = await send(house.http, path_of(started), started.notice())
        assert reply.status_code == 200
        assert reply.text == "success" or json.loads(reply.text)["code"] == "SUCCESS"
    assert (await buyer.ask(PAYMENT, id=id_))["payment"]["status"] == "CHANNEL_CONFIRMED"


async def test_how_to_pay_is_for_the_payer_s_finance_alone(house: House) -> None:
    buyer, supplier = await Firm.made(CompanyKind.BUYER, delivery_place="上海"), await Firm.made(CompanyKind.SUPPLIER)
    parties = Parties(buyer.everybody, supplier.everybody)
    started = await make_online_payment(parties)
    id_ = encode_id("Payment", started.payment.id)
    viewer = await house.enter(await make_actor(buyer.company, Role.VIEWER))
    finance = await house.enter(await make_actor(buyer.company, Role.FINANCE))
    seller = await house.enter(parties.supplier)
    assert (await finance.ask(PAYMENT, id=id_))["payment"]["checkout"]["content"]
    for other in (viewer, seller):
        seen = (await other.ask(PAYMENT, id=id_))["payment"]
        assert (seen["checkout"], seen["isSandbox"]) == (None, True)  # that no money moves is no secret
    stranger = await house.enter((await make_parties()).buyer)
    assert (await stranger.ask(PAYMENT, id=id_))["payment"] is None


async def test_keys_are_read_by_nobody_and_accounts_by_their_administrators_alone(house: House) -> None:
    firm = await Firm.made(CompanyKind.SUPPLIER)
    admin, colleague = await house.enter(firm.admin), await house.enter(firm.approver)
    given = merchant_input() | {"isSandbox": False}
    result = await admin.do(SET, **given)
    assert result["account"]["path"].startswith("/payments/alipay/")
    told = await admin.ask(ACCOUNTS)
    assert [account["appId"] for account in told["merchantAccounts"]["nodes"]] == [given["appId"]]
    assert "PRIVATE" not in json.dumps(told)
    assert (await colleague.ask(ACCOUNTS))["merchantAccounts"]["nodes"] == []
    assert (await colleague.do(SET, **given))["code"] == "NOT_ALLOWED"
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"appId": "x"}, "input.appId"),
        ({"privateKey": "x" * 64}, "input.privateKey"),
        ({"providerKeys": [{"name": "", "publicKey": "é" * 64}]}, "input.providerKeys"),
        ({"certificate": "x"}, "input.certificate"),
        ({"rootCertificates": "x"}, "input.certificate"),
        ({"isSandbox": True}, "input.isSandbox"),
        ({"method": "BANK_TRANSFER"}, "input.method"),
    ]
    for changed, field in wrong:
        refused = await admin.do(SET, **(given | changed))
        assert (refused["code"], refused["faults"][0]["field"]) == ("INVALID_INPUT", field)


async def test_without_an_account_the_buyer_is_told_what_there_is(house: House) -> None:
    parties = await make_parties()
    invoice = await make_invoice(parties, await make_completed_order(parties))
    buyer = await house.enter(parties.buyer)
    given = {"invoiceId": encode_id("Invoice", invoice.id), "flow": "QR", "idempotencyKey": "first-try"}
    refused = await buyer.do(START, **given, method="ALIPAY")
    assert (refused["code"], refused["method"], refused["methods"]) == ("PAYMENT_UNAVAILABLE", "ALIPAY", [])
    assert await Payment.all().count() == 0


@each_method
async def test_what_is_not_proven_is_refused_whoever_s_endpoint_it_is(house: House, method: PaymentMethod) -> None:
    started = await make_online_payment(await make_parties(), method=method)
    line().office.bank.pay(started.trade, clock.now())
    notice, path = started.notice(), path_of(started)
    spoiled = Notice(notice.body[:-3] + b"abc", notice.headers)
    known, unknown = await send(house.http, path, spoiled), await send(house.http, path[:-4] + "xxxx", spoiled)
    blank = {"date": ""}
    assert known.status_code in (400, 401)
    assert (known.status_code, known.content, dict(known.headers) | blank) == (
        unknown.status_code,
        unknown.content,
        dict(unknown.headers) | blank,
    )
    assert await PaymentNotice.all().count() == 0


async def test_hostile_bodies_and_addresses_get_an_answer_and_nothing_else(house: House) -> None:
    started = await make_online_payment(await make_parties())
    path = path_of(started)
    bodies = (
        b"",
        b"\x00" * 100,
        b"&" * 1000,
        b"a=1&" * 5000,
        "订单=1".encode(),
        b"sign_type=RSA2&sign=%00",
        b"[" * 60000,
    )
    for body in bodies:
        assert (await send(house.http, path, Notice(body, {}))).status_code == 400, body[:20]
    assert (await send(house.http, path, Notice(b"x" * (MOST_BYTES + 1), {}))).status_code == 413
    for other in ("/payments/paypal/abc", "/payments/alipay/%00", "/payments/wechat-pay/" + "x" * 5000):
        assert (await send(house.http, other, Notice(b"", {}))).status_code in (400, 401), other
    assert (await house.http.get(path)).status_code == 405
    headers = {f"wechatpay-{name}": "\xff" * 10 for name in ("signature", "timestamp", "nonce", "serial")}
    wechat = path_of(await make_online_payment(await make_parties(), method=WECHAT))
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    assert (await house.http.post(wechat, content=b"{}", headers=raw)).status_code == 401


@asynccontextmanager
async def away(databases: Databases, url: str) -> AsyncIterator[None]:
    """While this lasts the server lets nobody into the database, and whoever was there is gone."""
    name = urlsplit(url).path.lstrip("/")
    await beside_all(databases.server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    try:
        ended = f"SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = '{name}'"
        await beside_all(databases.server, ended)
        yield
    finally:
        await beside_all(databases.server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


async def test_while_the_database_is_away_providers_are_told_to_come_again(databases: Databases, database: str) -> None:
    """A real one: what is asked first, whose endpoint it is, runs in no transaction. Of the product only what listens to providers, for
    all the rest of it would complain meanwhile."""
    app = httpx2.ASGITransport(Starlette(routes=payment_notice_routes()))
    first = await make_online_payment(await make_parties(), amount="1.00")
    both = (first, await make_online_payment(first.parties, first.invoice, method=WECHAT, amount="1.00"))
    for started in both:
        line().office.bank.pay(started.trade, clock.now())
    notices = [(path_of(started), started.notice()) for started in both]
    async with httpx2.AsyncClient(transport=app, base_url="http://here") as http:
        async with away(databases, database):
            with capture_logs() as told:  # which takes longer to draw on a console than all of this
                for path, notice in notices:
                    begun = time.monotonic()
                    reply = await send(http, path, notice)
                    assert (reply.status_code, time.monotonic() - begun < 3) == (503, True)
                    assert reply.text == "failure" or json.loads(reply.text)["code"] == "FAIL"
            assert [one["method"] for one in told] == [started.account.method for started in both]
        for path, notice in notices * 2:
            assert (await send(http, path, notice)).status_code == 200
    for started in both:
        assert (await started.now()).status is PaymentStatus.CHANNEL_CONFIRMED
    assert await Event.filter(stream=first.order.id, kind=EventKind.PAYMENT_PAID).count() == len(both)
    assert await PaymentNotice.all().count() == len(both)


async def test_the_operator_sees_what_was_refused_although_it_was_the_provider_s(house: House) -> None:
    started = await make_online_payment(await make_parties())
    stranger = await make_online_payment(await make_parties())
    line().office.bank.pay(started.trade, clock.now())
    assert (await send(house.http, path_of(stranger), started.notice())).status_code == 400
    operator, buyer = await house.enter(await make_platform()), await house.enter(started.parties.buyer)
    [refused] = (await operator.ask(REFUSED))["refusedPaymentNotices"]["nodes"]
    assert (refused["reason"], refused["number"]) == ("UNKNOWN_PAYMENT", started.number)
    assert (await buyer.ask(REFUSED))["refusedPaymentNotices"]["nodes"] == []


@pytest.fixture
def broker() -> Any:
    """A broker for two servers."""
    from tests import servers

    with servers.valkey() as server:
        yield server


async def test_thirty_at_once_on_two_servers_are_one_payment(database: str, broker: Valkey, tmp_path: Path) -> None:
    vault.use(kept_in(tmp_path / VAULT_KEY, vault.new_key))
    parties = await make_parties()
    async with open_fleet(database, broker, tmp_path) as fleet:
        for method in [PaymentMethod.ALIPAY, WECHAT] * 5:
            started = await make_online_payment(parties, method=method)
            line().office.bank.pay(started.trade, clock.now())
            notice, path = started.notice(), path_of(started)
            servers = (fleet.first.http, fleet.second.http) * 15
            begun = asyncio.get_running_loop().time()
            replies = await asyncio.gather(*(send(http, path, notice) for http in servers))
            assert asyncio.get_running_loop().time() - begun < 30
            assert {reply.status_code for reply in replies} == {200}
            assert (await started.now()).status is PaymentStatus.CHANNEL_CONFIRMED
            told = await Event.filter(stream=started.order.id, kind=EventKind.PAYMENT_PAID).count()
            assert told == 1
            assert await PaymentNotice.filter(account_id=started.account.id, number=started.number).count() == 1
