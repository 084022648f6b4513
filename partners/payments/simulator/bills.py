"""The simulated providers' statements of a day, and what can be wrong with them."""

import gzip
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from partners.payments.simulator.bank import Bank, Customer, Refused
from rules.billing import PaymentMethod
from rules.reconciliation import READY_AT, ZONE, EntryKind, StatementEntry
from rules.terms import local_date

RATE = Decimal("0.006")
_FEN = Decimal("0.01")
_WECHAT = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
    "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
_WECHAT_SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
_ALIPAY = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,"
    "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)


@dataclass(frozen=True)
class Plants:
    """What is wrong with the statements: entries by the numbers of payments and refunds, and payments that nobody made."""

    omitted: frozenset[str] = frozenset()
    doubled: frozenset[str] = frozenset()
    altered: Mapping[str, Decimal] = field(default_factory=dict)
    """Other amounts."""
    charged: Mapping[str, Decimal] = field(default_factory=dict)
    """Other fees."""
    invented: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Plants":
        """From JSON: lists of numbers, and objects of amounts as strings."""

        def amounts(name: str) -> dict[str, Decimal]:
            return {number: Decimal(much) for number, much in told.get(name, {}).items()}

        omitted, doubled = frozenset(told.get("omitted", ())), frozenset(told.get("doubled", ()))
        return cls(omitted, doubled, amounts("altered"), amounts("charged"), amounts("invented"))


class Bills:
    """Writes statements of what a bank collected and paid back."""

    def __init__(self, bank: Bank, address: str = "") -> None:
        self.bank, self.address, self.plants = bank, address, Plants()

    def entries(self, customer: Customer, day: date) -> list[StatementEntry]:
        """What the day's statement says, plants and all."""
        plants, found = self.plants, list[StatementEntry]()
        for entry in self._true(customer, day):
            name = entry.refund_number or entry.number
            much, fee = plants.altered.get(name, entry.amount), plants.charged.get(name, entry.fee)
            entry = replace(entry, amount=much, fee=fee)
            found += [entry] * (0 if name in plants.omitted else 2 if name in plants.doubled else 1)
        at = datetime.fromisoformat(f"{day}T12:00:00+08:00")
        for name, much in plants.invented.items():
            found.append(StatementEntry(EntryKind.PAYMENT, name, f"T{name}", "", much, _fee(much), at, customer.app_id))
        return found

    def offer(self, customer: Customer, day: date, now: datetime) -> tuple[str, bytes]:
        """Where the day's statement is, and the statement before it is packed; Refused where there is none yet, or never."""
        if now < datetime.fromisoformat(f"{day}T{READY_AT}+08:00") + timedelta(days=1):
            raise Refused("NO_BILL")
        found = self.entries(customer, day)
        if not found:
            raise Refused("NO_BILL")
        path = f"/v3/billdownload/file?token={customer.payee}.{day}"
        if customer.method is PaymentMethod.ALIPAY:
            path = f"/bills/{customer.payee}/{day}.zip"
        text = alipay_text(customer, found) if customer.method is PaymentMethod.ALIPAY else wechat_text(customer, found)
        return f"{self.address}{path}", text

    def announced(self, customer: Customer, wanted: Mapping[str, str], now: datetime) -> dict[str, Any]:
        """What a provider answers who is asked for a statement."""
        url, text = self.offer(customer, date.fromisoformat(wanted["bill_date"]), now)
        if customer.method is PaymentMethod.ALIPAY:
            return {"bill_download_url": url}
        digest = hashlib.sha1(text, usedforsecurity=False).hexdigest()
        return {"download_url": url, "hash_type": "SHA1", "hash_value": digest}

    def file(self, method: PaymentMethod, payee: str, day: str, now: datetime) -> bytes:
        """The statement as it travels; Refused where there is none, KeyError or ValueError where nobody was offered that."""
        customer = self.bank.customers[method, payee]
        _, text = self.offer(customer, date.fromisoformat(day), now)
        if method is PaymentMethod.WECHAT_PAY:
            return gzip.compress(text, mtime=0)
        packed, name = io.BytesIO(), f"{payee}_{day.replace('-', '')}_业务明细"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}(汇总).csv", "#支付宝业务汇总查询\r\n".encode("gbk"))
            archive.writestr(f"{name}.csv", text)
        return packed.getvalue()

    def _true(self, customer: Customer, day: date) -> Iterator[StatementEntry]:
        for trade in self.bank:
            whose = trade.customer.method, trade.customer.payee  # of all its apps
            if whose != (customer.method, customer.payee) or trade.paid_at is None:
                continue
            app, number, transaction = trade.customer.app_id, trade.number, trade.transaction_id
            if local_date(trade.paid_at, ZONE) == day:
                fee, paid = _fee(trade.amount), EntryKind.PAYMENT
                yield StatementEntry(paid, number, transaction, "", trade.amount, fee, trade.paid_at, app)
            for name, much in trade.refunds.items():
                at = trade.refunded_at.get(name, trade.paid_at)
                if local_date(at, ZONE) == day:
                    yield StatementEntry(EntryKind.REFUND, number, transaction, name, much, -_fee(much), at, app)


def wechat_text(customer: Customer, found: list[StatementEntry]) -> bytes:
    """The text of WeChat Pay's statement."""
    rows = [",".join(f"`{cell}" for cell in _wechat_row(customer, entry)) for entry in found]
    paid = sum((entry.amount for entry in found if entry.kind is EntryKind.PAYMENT), Decimal("0.00"))
    back = sum((entry.amount for entry in found if entry.kind is EntryKind.REFUND), Decimal("0.00"))
    fees = sum((entry.fee for entry in found), Decimal("0.00"))
    sums = ",".join(f"`{cell}" for cell in (len(found), paid, back, "0.00", f"{fees:.5f}", paid, back))
    return "\r\n".join(["\ufeff" + _WECHAT, *rows, _WECHAT_SUMS, sums, ""]).encode()


def _wechat_row(customer: Customer, entry: StatementEntry) -> tuple[object, ...]:
    is_paid = entry.kind is EntryKind.PAYMENT
    paid, back = (entry.amount, "0.00") if is_paid else ("0.00", entry.amount)
    refund = ("0", "0") if is_paid else (f"50{entry.transaction_id}"[:32], entry.refund_number)
    states = ("", "") if is_paid else ("ORIGINAL", "PROCESSING")
    head = (_said(entry.at), entry.app_id, customer.payee, "0", "", entry.transaction_id, entry.number, "oSANDBOX")
    middle = ("NATIVE", "SUCCESS" if is_paid else "REFUND", "OTHERS", "CNY", paid, "0.00", *refund, back, "0.00")
    return *head, *middle, *states, "SANDBOX", "", f"{entry.fee:.5f}", "0.60%", paid, back, ""


def alipay_text(customer: Customer, found: list[StatementEntry]) -> bytes:
    """The text of Alipay's statement."""
    rows = [",".join(map(str, _alipay_row(entry))) for entry in found]
    paid = [entry.amount for entry in found if entry.kind is EntryKind.PAYMENT]
    back = [entry.amount for entry in found if entry.kind is EntryKind.REFUND]
    head = ["#支付宝业务明细查询", f"#账号：[{customer.payee}0156]", f"#{'-' * 41}业务明细列表{'-' * 40}", _ALIPAY]
    tail = [
        f"#{'-' * 41}业务明细列表结束{'-' * 36}",
        f"#交易合计：{len(paid)}笔，商家实收共{sum(paid)}元，商家优惠共0.00元",
        f"#退款合计：{len(back)}笔，商家实收退款共-{sum(back)}元，商家优惠退款共0.00元",
        "",
    ]
    return "\r\n".join([*head, *rows, *tail]).encode("gbk")


def _alipay_row(entry: StatementEntry) -> tuple[object, ...]:
    is_paid, at = entry.kind is EntryKind.PAYMENT, _said(entry.at)
    much = entry.amount if is_paid else -entry.amount
    head = (f"{entry.transaction_id}\t", f"{entry.number}\t", "交易" if is_paid else "退款", "SANDBOX", at, at)
    middle = ("",) * 4 + ("*box(138****0000)", much, much) + ("0.00",) * 5 + ("", "0.00", "0.00")
    return *head, *middle, f"{entry.refund_number}\t", -entry.fee, "0.00", ""


def _said(at: datetime) -> str:
    return at.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M:%S")


def _fee(much: Decimal) -> Decimal:
    return (much * RATE).quantize(_FEN, ROUND_HALF_UP)
