"""支付宝 Alipay: the statement of a day's trades 业务明细.

`alipay.data.dataservice.bill.downloadurl.query` (as quoted at https://apifox.com/apidoc/docs-site/3618910/doc-3273091) gives a URL that is
good for 30 seconds: a ZIP of CSV in GBK, a file with the trades and another with sums. There are statements of each day since
2016-01-01, made by nine on the next day, in special cases later. Nothing proves the file but its address, which the gateway signed: it is
asked for over TLS whatever the address says. The columns are those that public code of several shops reads; the vendor's own page of them
was not to be had. Comments begin with `#`; numbers end in a tab, so that spreadsheets leave them alone; a refund is a row of its own,
below zero, with the number it was asked for by.
"""

import asyncio
import csv
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from tempfile import SpooledTemporaryFile

from partners.payments import Declined, File, Illegible, Merchant, NotYet, Unsure
from partners.payments.alipay import Alipay
from partners.payments.alipay_gateway import LIVE
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
from rules.reconciliation import EntryKind, StatementEntry, to_the_fen

METHOD = "alipay.data.dataservice.bill.downloadurl.query"
ENCODING = "gb18030"
"""Of which GBK is a part."""

_NONE = ("isp.bill_not_exist", "BILL_NOT_EXIST", "isv.bill-not-exist")
_KINDS = {"交易": EntryKind.PAYMENT, "退款": EntryKind.REFUND}
_TITLE, _BEGINS, _ENDS = "业务明细查询", "业务明细列表", "业务明细列表结束"
_SUM = re.compile(r"#+(交易|退款)合计[：:](\d+)笔")
_UNIT = re.compile(r"[（(]元[）)]")
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_MOST_FILES = 64
_IN_MEMORY = 1024 * 1024


class AlipayStatements(Alipay):
    """Alipay, asked for statements."""

    def __init__(
        self, live: str = LIVE, sandbox: str | None = None, call: Call = call, download: Download = download
    ) -> None:
        super().__init__(live, sandbox, call)
        self._download = download

    async def fetch(self, day: date, merchant: Merchant, now: datetime, into: File) -> None:
        """The day's trades, in one file."""
        try:
            told = await self._ask(METHOD, {"bill_type": "trade", "bill_date": day.isoformat()}, merchant, now)
        except Declined as no:
            if no.code in _NONE:
                raise NotYet(no.code) from no
            raise
        url = told.get("bill_download_url")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise Unsure("no bill_download_url")
        if not merchant.is_sandbox:
            url = re.sub(r"^http:", "https:", url)
        with SpooledTemporaryFile(_IN_MEMORY) as packed:
            status = await self._download(url, {}, packed)
            if status != 200:
                raise Unsure(f"answered {status}")
            await asyncio.to_thread(partial(_unpack, packed, into))

    def entries(self, file: File) -> Iterator[StatementEntry]:
        """One for each trade and each refund."""
        header, begun, ended, counts, said = list[str](), 0, 0, dict.fromkeys(_KINDS, 0), dict.fromkeys(_KINDS, 0)
        for line in lines(file, ENCODING):
            if line.startswith("#"):
                header = [] if _BEGINS in line else header
                begun, ended = begun + (_BEGINS in line and _ENDS not in line), ended + (_ENDS in line)
                if told := _SUM.match(line):
                    said[told[1]] += int(told[2])
            elif line.strip() and begun == ended:
                raise Illegible("a row outside of the list")
            elif line.strip() and not header:
                header = [_UNIT.sub("", name).strip() for name in line.split(",")]
            elif line.strip():
                row = _row(header, line)
                counts[row.get("业务类型", "")] = counts.get(row.get("业务类型", ""), 0) + 1
                yield _entry(row)
        if not begun or begun != ended or counts != said:
            raise Illegible("it is not whole")


def _row(header: list[str], line: str) -> Mapping[str, str]:
    """The cells by their headings. What was sold, and the remark behind all, may have commas in them that nobody quoted."""
    cells = [cell.strip() for cell in next(csv.reader([line]))]
    if {"商品名称", "创建时间"} <= set(header):
        goods, created = header.index("商品名称"), header.index("创建时间")
        for more in range(len(cells) - len(header) + 1):
            row = [*cells[:goods], ",".join(cells[goods : goods + more + 1]), *cells[goods + more + 1 :]]
            if _TIME.fullmatch(row[created]):
                return dict(zip(header, row, strict=False))
    raise Illegible("a row that does not fit the headings")


def _entry(row: Mapping[str, str]) -> StatementEntry:
    kind = _KINDS.get(cell(row, "业务类型"))
    if kind is None:
        raise Illegible(f"an unknown kind of trade: {row['业务类型'][:20]!r}")
    # Published statements disagree on a fee's sign: a payment costs one, and with a refund it comes back.
    fee = abs(to_the_fen(amount(cell(row, "服务费"))))
    return StatementEntry(
        kind=kind,
        number=number(cell(row, "商户订单号")),
        transaction_id=number(cell(row, "支付宝交易号")),
        refund_number=number(cell(row, "退款批次号/请求号")) if kind is EntryKind.REFUND else "",
        amount=abs(to_the_fen(amount(cell(row, "订单金额")))),
        fee=fee if kind is EntryKind.PAYMENT else -fee,
        at=moment(row.get("完成时间") or cell(row, "创建时间")),
    )


def _unpack(packed: File, into: File) -> None:
    """The files with trades, one behind the other; those with sums are left out."""
    done = 0
    try:
        with zipfile.ZipFile(packed) as archive:
            if len(archive.infolist()) > _MOST_FILES:
                raise Illegible("too many files")
            for member in archive.infolist():
                with archive.open(member) as file:
                    title = file.readline(200)
                with suppress(UnicodeDecodeError):
                    if _TITLE in title.decode(ENCODING):
                        with archive.open(member) as file:
                            done += sum(len(piece) for piece in unpacked(file, into, done))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
        raise Illegible(f"no ZIP: {type(fault).__name__}") from fault
    if not done:
        raise Illegible("no file of trades")
