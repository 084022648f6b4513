"""微信支付 WeChat Pay, API v3: the statement of a day's trades 交易账单.

`GET /v3/bill/tradebill` (https://pay.weixin.qq.com/docs/merchant/apis/native-payment/get-trade-bill.html) gives a URL that is good for five
minutes, and the SHA-1 of the statement before it was packed; the file itself is not signed
(https://pay.weixin.qq.com/doc/v3/merchant/4012084430). Statements are made from nine on the next day, to be fetched after ten, and kept for
three months. Format: https://pay.weixin.qq.com/docs/merchant/products/bill-download/format-trade.html. A payment stands on the day on which
it succeeded, a refund on the day on which it was accepted, for ever with its state at that time. Each cell begins with a backtick and none
is quoted; the last two lines are sums. Fees are in yuan with five decimals.
"""

import asyncio
import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from tempfile import SpooledTemporaryFile
from urllib.parse import urlsplit

from partners.payments import Declined, File, Illegible, Merchant, NotYet, Unsure, aside
from partners.payments.calling import Call, call
from partners.payments.statements import (
    Download,
    amount,
    cell,
    download,
    lines,
    moment,
    number,
    unpacked,
)
from partners.payments.wechat_api import LIVE
from partners.payments.wechat_pay import WeChatPay
from partners.payments.wechat_signing import signed_headers
from rules.reconciliation import EntryKind, StatementEntry, to_the_fen

PATH = "/v3/bill/tradebill"
_NONE = ("NO_STATEMENT_EXIST", "STATEMENT_CREATING")
_KINDS = {"SUCCESS": EntryKind.PAYMENT, "REFUND": EntryKind.REFUND, "REVOKED": EntryKind.REFUND}
# CHANGE and ABNORMAL are of refunds that have left the merchant and still have to be finished by hand: on their way, not failed.
_FAILED = ("FAIL", "CLOSED")
_SUMS = "总交易单数"
_IN_MEMORY = 1024 * 1024


class WeChatStatements(WeChatPay):
    """WeChat Pay, asked for statements."""

    def __init__(
        self, live: str = LIVE, sandbox: str | None = None, call: Call = call, download: Download = download
    ) -> None:
        super().__init__(live, sandbox, call)
        self._download = download

    async def fetch(self, day: date, merchant: Merchant, now: datetime, into: File) -> None:
        """All of the day's trades and refunds, as the provider announced them."""
        path = f"{PATH}?bill_date={day.isoformat()}&bill_type=ALL&tar_type=GZIP"
        try:
            told = await self._ask("GET", path, None, merchant, now)
        except Declined as no:
            if no.code in _NONE:
                raise NotYet(no.code) from no
            raise
        url, digest = str(told.get("download_url")).strip(), str(told.get("hash_value")).lower()
        if told.get("hash_type") != "SHA1" or not url.startswith(f"{self._base(merchant)}/"):
            raise Unsure("no download_url")
        headers = await aside(partial(signed_headers, "GET", urlsplit(url), b"", merchant, now))
        with SpooledTemporaryFile(_IN_MEMORY) as packed:
            status = await self._download(url, headers, packed)
            if status != 200:
                raise Unsure(f"answered {status}")
            await asyncio.to_thread(partial(_unpack, packed, into, digest))

    def entries(self, file: File) -> Iterator[StatementEntry]:
        """One for each payment and each refund."""
        header, count, sums = list[str](), 0, list[str]()
        for line in lines(file, "utf-8"):
            if line.startswith(_SUMS):
                sums = line.split(",")
            elif line.startswith("`") and sums:
                if _cells(sums, line)[_SUMS] != str(count):
                    raise Illegible("it has not as many rows as it says")
                return
            elif line.startswith("`") and header:
                count += 1
                yield _entry(_cells(header, line))
            elif line.strip() and not header:
                header = line.split(",")
            elif line.strip():
                raise Illegible("a line that is neither row nor sum")
        raise Illegible("it is not whole")


def _cells(header: list[str], line: str) -> Mapping[str, str]:
    """The cells by their headings: a comma alone may stand inside of one."""
    cells = [cell.strip() for cell in line[1:].split(",`")]
    if len(cells) != len(header):
        raise Illegible("a row that does not fit the headings")
    return dict(zip((name.strip() for name in header), cells, strict=True))


def _entry(row: Mapping[str, str]) -> StatementEntry:
    kind = _KINDS.get(cell(row, "交易状态"))
    if kind is None:
        raise Illegible(f"an unknown state: {row['交易状态'][:20]!r}")
    fee = abs(to_the_fen(amount(cell(row, "手续费"))))
    is_payment = kind is EntryKind.PAYMENT
    # An older format, which some merchants still get, has the first column under the second name.
    much: Decimal = amount(cell(row, "订单金额", "总金额") if is_payment else cell(row, "申请退款金额", "退款金额"))
    return StatementEntry(
        kind=kind,
        number=number(cell(row, "商户订单号")),
        transaction_id=number(cell(row, "微信订单号", "微信支付订单号")),
        refund_number="" if is_payment else number(cell(row, "商户退款单号")),
        amount=abs(to_the_fen(much)),
        fee=fee if is_payment else -fee,
        at=moment(cell(row, "交易时间")),
        app_id=cell(row, "公众账号ID"),
        has_failed=not is_payment and row.get("退款状态") in _FAILED,
    )


def _unpack(packed: File, into: File, digest: str) -> None:
    """What was packed, if it is what was announced."""
    found = hashlib.sha1(usedforsecurity=False)
    packed.seek(0)
    try:
        with gzip.GzipFile(fileobj=packed, mode="rb") as text:
            for piece in unpacked(text, into):  # type: ignore[arg-type]  # it reads bytes
                found.update(piece)
    except (gzip.BadGzipFile, zlib.error, EOFError) as fault:
        raise Illegible(f"no GZIP: {type(fault).__name__}") from fault
    if found.hexdigest() != digest:
        raise Illegible("not the statement that was announced")
