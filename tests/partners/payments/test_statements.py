"""Statements of both providers: read as they document them, refused where they are not whole, and fetched from the simulator."""

import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from pathlib import Path
from typing import IO

import httpx2
import pytest

from partners.payments import Illegible, NotYet, Unsure, statements
from partners.payments.alipay_statements import AlipayStatements
from partners.payments.calling import Reply
from partners.payments.simulator.alipay_side import fields_of
from partners.payments.simulator.bills import Plants, alipay_text, wechat_text
from partners.payments.simulator.office import Office
from partners.payments.wechat_statements import WeChatStatements
from rules.billing import PaymentMethod
from rules.rails import ONLINE
from rules.reconciliation import EntryKind, StatementEntry
from tests.partners.payments.counters import AMOUNT, NOW, customer_of, merchant_of, office, open_counter, paid

ALIPAY, WECHAT = PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY
ADDRESS = "https://pay.example"
DAY = date(2026, 12, 1)
LATER = datetime.fromisoformat("2026-12-02T10:00:00+08:00")
each_method = pytest.mark.parametrize("method", sorted(ONLINE))

# Made by hand: one of WeChat Pay's, as developers.weixin.qq.com/minigame/dev/wxcloudrun/src/development/pay/order/bill.md has it, with a
# refund and a comma; one of Alipay's, as public code reads it, with what nobody quotes.
_HERE = Path(__file__).parent
WECHAT_FILE = "\ufeff" + (_HERE / "wechat_statement.csv").read_text("utf-8").replace("\n", "\r\n")
ALIPAY_FILE = (_HERE / "alipay_statement.csv").read_text("utf-8").replace("\n", "\r\n")


def source(method: PaymentMethod, **wired: object) -> AlipayStatements | WeChatStatements:
    """Whoever has statements, behind these lines."""
    if method is ALIPAY:
        return AlipayStatements(sandbox=f"{ADDRESS}/gateway.do", **wired)  # type: ignore[arg-type]
    return WeChatStatements(sandbox=ADDRESS, **wired)  # type: ignore[arg-type]


def read(method: PaymentMethod, text: str | bytes) -> list[StatementEntry]:
    """What a statement says."""
    raw = text if isinstance(text, bytes) else text.encode("gbk" if method is ALIPAY else "utf-8")
    return list(source(method).entries(io.BytesIO(raw)))


def test_wechat_s_statement_is_read_as_documented() -> None:
    first, second = read(WECHAT, WECHAT_FILE)
    assert first == StatementEntry(
        EntryKind.PAYMENT,
        "2021WERUN1647840687637",
        "420000612032130748613220688",
        "",
        D("1.00"),
        D("0.01"),
        datetime(2022, 3, 21, 5, 51, 31, tzinfo=UTC),
        "wxfdc955f7104ad557",
    )
    assert (second.kind, second.refund_number, second.amount, second.fee) == (
        EntryKind.REFUND,
        "R-1",
        D("0.50"),
        D("-0.01"),
    )
    assert second.has_failed


def test_wechat_s_older_columns_are_understood() -> None:
    old = WECHAT_FILE.replace("应结订单金额", "总金额").replace(",订单金额,申请退款金额,费率备注", "")
    old = old.replace(",`1.00,`0.00,`\r\n", "\r\n").replace(",`0.00,`0.50,`\r\n", "\r\n")
    assert [one.amount for one in read(WECHAT, old)] == [D("0.99"), D("0.49")]


def test_alipay_s_statement_is_read_as_shops_read_it() -> None:
    first, second = read(ALIPAY, ALIPAY_FILE)
    at = datetime(2016, 4, 5, 15, 59, 59, tzinfo=UTC)
    assert first == StatementEntry(EntryKind.PAYMENT, "PAY1", "2016040521001004", "", D("35.80"), D("0.21"), at)
    assert second == StatementEntry(EntryKind.REFUND, "PAY1", "2016040521001004", "R-1", D("5.80"), D("-0.03"), at)
    unsigned = ALIPAY_FILE.replace("-0.21", "0.21").replace(",0.03,", ",-0.03,")
    assert [one.fee for one in read(ALIPAY, unsigned)] == [D("0.21"), D("-0.03")]


Spoil = Callable[[str], str]
SPOILT: list[tuple[PaymentMethod, Spoil]] = [
    (WECHAT, lambda text: ""),
    (WECHAT, lambda text: text.rpartition("`2,")[0]),
    (WECHAT, lambda text: text.partition("总交易单数")[0]),
    (WECHAT, lambda text: text.replace("`2,`0.99", "`3,`0.99")),
    (WECHAT, lambda text: text.replace("`CNY,", "")),
    (WECHAT, lambda text: text.replace("`SUCCESS", "`PAID")),
    (WECHAT, lambda text: text.replace("`1.00,", "`one,")),
    (WECHAT, lambda text: text.replace("`1.00,", "`NaN,")),
    (WECHAT, lambda text: text.replace("2022-03-21 13", "2022-02-30 13")),
    (WECHAT, lambda text: text.replace("2021WERUN1647840687637", "x" * 65)),
    (WECHAT, lambda text: text.replace("手续费,", "费,", 1)),
    (WECHAT, lambda text: '{"code":"SIGN_ERROR"}'),
    (WECHAT, lambda text: "x" * statements.LONGEST_LINE * 2),
    (ALIPAY, lambda text: ""),
    (ALIPAY, lambda text: text.partition("#-----------------------------------------业务明细列表结束")[0]),
    (ALIPAY, lambda text: text.replace("交易合计：1笔", "交易合计：2笔")),
    (ALIPAY, lambda text: text.replace("2016040521001004\t,PAY1\t,退款", "2016040521001004\t,退款")),
    (ALIPAY, lambda text: text.replace(",退款,洗衣", ",转账,洗衣")),
    (ALIPAY, lambda text: text.replace("-5.80,-5.80", "五,-5.80")),
    (ALIPAY, lambda text: text + "2016040521001004\t,PAY1\t,交易\r\n"),
    (ALIPAY, lambda text: "<html>"),
]


@pytest.mark.parametrize(("method", "spoil"), SPOILT)
def test_what_is_not_whole_or_not_documented_is_refused(method: PaymentMethod, spoil: Spoil) -> None:
    text = WECHAT_FILE if method is WECHAT else ALIPAY_FILE
    with pytest.raises(Illegible):
        read(method, spoil(text))


def test_bytes_of_another_encoding_are_refused() -> None:
    with pytest.raises(Illegible):
        read(WECHAT, WECHAT_FILE[1:].encode("gbk"))


Deliver = Callable[[bytes], bytes]


def line_to(desk: Office, now: datetime, spoil: Deliver = lambda body: body, status: int = 200) -> dict[str, object]:
    """The lines to the providers, over which the statement travels as told."""

    async def call(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        if url.startswith(f"{ADDRESS}/gateway.do"):
            return Reply(200, desk.alipay.answer(fields_of(body), now), {})
        return desk.wechat_pay.answer(method, url.removeprefix(ADDRESS), headers, body, now)

    async def download(url: str, headers: Mapping[str, str], into: IO[bytes]) -> int:
        reply = desk.statement(url.removeprefix(ADDRESS), headers, now)
        into.write(spoil(reply.body))
        return reply.status if status == 200 else status

    return {"call": call, "download": download}


def desk_of(method: PaymentMethod) -> Office:
    """A desk at which somebody paid, and got something back."""
    desk = office()
    desk.alipay.bills.address = desk.wechat_pay.bills.address = ADDRESS
    trade = paid(method, desk)
    desk.bank.refund(trade, "R-1", D("130.00"), now=NOW + timedelta(hours=1))
    return desk


async def fetched(method: PaymentMethod, now: datetime = LATER, **line: object) -> list[StatementEntry]:
    """What the provider gives for the day."""
    desk = desk_of(method)
    asked, into = source(method, **line_to(desk, now, **line)), io.BytesIO()  # type: ignore[arg-type]
    await asked.fetch(DAY, merchant_of(method), now, into)
    into.seek(0)
    return list(asked.entries(into))


@each_method
async def test_a_statement_is_fetched_and_says_what_happened(method: PaymentMethod) -> None:
    first, second = await fetched(method)
    assert (first.kind, first.amount, first.fee, first.at) == (EntryKind.PAYMENT, AMOUNT, D("6.78"), NOW)
    assert (second.kind, second.refund_number) == (EntryKind.REFUND, "R-1")
    assert (second.amount, second.fee) == (D("130.00"), D("-0.78"))
    assert first.number == second.number


@each_method
async def test_what_is_not_there_yet_is_asked_for_later(method: PaymentMethod) -> None:
    with pytest.raises(NotYet):
        await fetched(method, LATER - timedelta(seconds=1))


@each_method
@pytest.mark.parametrize("spoil", [lambda body: body[:-9], lambda body: b"<html>", lambda body: b""])
async def test_a_file_that_is_broken_is_refused(method: PaymentMethod, spoil: Deliver) -> None:
    with pytest.raises(Illegible):
        await fetched(method, spoil=spoil)


async def test_a_file_that_is_not_the_announced_one_is_refused() -> None:
    def altered(body: bytes) -> bytes:
        return gzip.compress(gzip.decompress(body).replace(b"1130.00", b"1130.01"))

    with pytest.raises(Illegible, match="announced"):
        await fetched(WECHAT, spoil=altered)


async def test_an_address_that_gives_nothing_leaves_us_in_doubt() -> None:
    for method in sorted(ONLINE):
        with pytest.raises(Unsure):
            await fetched(method, status=503)


@each_method
async def test_a_file_that_would_fill_the_disk_is_left(method: PaymentMethod, monkeypatch: pytest.MonkeyPatch) -> None:
    def bomb(_: bytes) -> bytes:
        text = b"\0" * 300_000
        if method is WECHAT:
            return gzip.compress(text)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("x.csv", "#支付宝业务明细查询\r\n".encode("gbk") + text)
        return packed.getvalue()

    monkeypatch.setattr(statements, "LARGEST_TEXT", 100_000)
    with pytest.raises(Illegible, match="no end"):
        await fetched(method, spoil=bomb)


async def test_an_archive_without_trades_or_with_too_many_files_is_refused() -> None:
    def packed(*names: str) -> Deliver:
        found = io.BytesIO()
        with zipfile.ZipFile(found, "w") as archive:
            for name in names:
                archive.writestr(name, "#支付宝业务汇总查询\r\n".encode("gbk"))
        return lambda body: found.getvalue()

    for spoil in (packed("a.csv"), packed(*(f"{place}.csv" for place in range(65)))):
        with pytest.raises(Illegible):
            await fetched(ALIPAY, spoil=spoil)


async def test_the_simulator_gives_statements_over_its_socket_and_spoils_them_when_told_to() -> None:
    now = datetime.now(UTC)
    paid_at, day = now - timedelta(days=2), (now - timedelta(days=2)).astimezone(LATER.tzinfo).date()
    with open_counter() as counter:
        address, desk = counter.simulator.address, counter.simulator.office
        sources = AlipayStatements(sandbox=f"{address}/gateway.do"), WeChatStatements(sandbox=address)
        for asked in sources:
            trade = paid(asked.method, desk)
            trade.paid_at = paid_at
            told = {"method": asked.method, "invented": {"X": "9.99"}}
            async with httpx2.AsyncClient() as lever:
                assert (await lever.post(f"{address}/plants", json=told)).status_code == 204
                for hidden in (f"/bills/2088/{day}.zip", "/v3/billdownload/file?token=x"):
                    assert (await lever.get(address + hidden)).status_code in (401, 404)
            into = io.BytesIO()
            await asked.fetch(day, merchant_of(asked.method), now, into)
            into.seek(0)
            assert [one.number for one in asked.entries(into)] == [trade.number, "X"]
            with pytest.raises(NotYet):
                await asked.fetch(day + timedelta(days=2), merchant_of(asked.method), now, into)


@each_method
def test_the_simulator_plants_what_it_is_told_to(method: PaymentMethod) -> None:
    desk = desk_of(method)
    for number in ("2" * 32, "3" * 32):
        paid(method, desk, number)
    bills, customer = desk.bills(method), customer_of(method)
    true = bills.entries(customer, DAY)
    bills.plants = Plants.read(
        {"omitted": ["R-1"], "doubled": ["2" * 32], "altered": {"3" * 32: "1.00"}, "invented": {"X": "9.99"}}
    )
    text = alipay_text if method is ALIPAY else wechat_text
    found = read(method, text(customer, bills.entries(customer, DAY)))
    assert [(one.number[0], one.amount) for one in found] == [
        ("0", AMOUNT),
        ("2", AMOUNT),
        ("2", AMOUNT),
        ("3", D("1.00")),
        ("X", D("9.99")),
    ]
    plain = [replace(one, app_id=None) if method is ALIPAY else one for one in true]
    assert read(method, text(customer, true)) == plain


def test_sandbox_and_hash_are_what_wechat_documents() -> None:
    desk = desk_of(WECHAT)
    told = desk.wechat_pay.bills.announced(customer_of(WECHAT), {"bill_date": "2026-12-01"}, LATER)
    packed = desk.wechat_pay.bills.file(WECHAT, customer_of(WECHAT).payee, "2026-12-01", LATER)
    assert told["hash_value"] == hashlib.sha1(gzip.decompress(packed)).hexdigest()  # noqa: S324  # the provider's choice
