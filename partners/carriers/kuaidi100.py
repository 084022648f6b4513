"""快递100: pushes of its subscription service (https://api.kuaidi100.com/document/5f0ffa8f2977d50a94e1023c).

A form with the fields `sign` and `param`; `sign` is the MD5 of param and salt in upper-case hex. MD5 is the vendor's choice, not ours.
A push holds the whole history, newest first. With `resultv2=4` each entry has a `statusCode`, with `resultv2=1` the name of its state;
without either, only the newest has one: `lastResult.state`. Times are Beijing's.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from partners.carriers import Answer, Letter, Push, Scan, Unreadable, Unverified
from partners.carriers.reading import (
    NAMES,
    REMARKS,
    WORDS,
    Fields,
    event_id_of,
    happened,
    in_order,
    parsed,
    part,
    parts,
    place_named,
    same,
    waybill_in,
    words,
)
from rules.carriers import CarrierProvider
from rules.shipping import TrackingCode as T

BEIJING = ZoneInfo("Asia/Shanghai")
# By main state, then by the finer ones. Those of customs are 8 and 10 to 13.
STATES = {
    "0": T.IN_TRANSIT,  # 在途
    "1": T.PICKED_UP,  # 揽收
    "2": T.EXCEPTION,  # 疑难
    "3": T.DELIVERED,  # 签收
    "4": T.RETURNING,  # 退签
    "5": T.OUT_FOR_DELIVERY,  # 派件
    "6": T.RETURNING,  # 退回
    "7": T.IN_TRANSIT,  # 转投
    "8": T.CUSTOMS,  # 清关
    "10": T.CUSTOMS,  # 待清关
    "11": T.CUSTOMS,  # 清关中
    "12": T.CUSTOMS,  # 已清关
    "13": T.ON_HOLD,  # 清关异常
    "14": T.DELIVERY_FAILED,  # 拒签
    "101": T.INFO_RECEIVED,  # 已下单
    "102": T.INFO_RECEIVED,  # 待揽收
    "103": T.PICKED_UP,  # 已揽收
    "201": T.EXCEPTION,  # 超时未签收
    "202": T.EXCEPTION,  # 超时未更新
    "203": T.DELIVERY_FAILED,  # 拒收
    "204": T.DELIVERY_FAILED,  # 派件异常
    "205": T.ON_HOLD,  # 柜或驿站超时未取
    "206": T.DELIVERY_FAILED,  # 无法联系
    "207": T.EXCEPTION,  # 超区
    "208": T.ON_HOLD,  # 滞留
    "209": T.EXCEPTION,  # 破损
    "210": T.EXCEPTION,  # 销单
    "301": T.DELIVERED,  # 本人签收
    "302": T.DELIVERED,  # 派件异常后签收
    "303": T.DELIVERED,  # 代签
    "304": T.DELIVERED,  # 投柜或站签收
    "401": T.RETURNING,  # 已销单
    "501": T.READY_FOR_PICKUP,  # 投柜或驿站
    "1001": T.IN_TRANSIT,  # 到达派件城市
    "1002": T.IN_TRANSIT,  # 干线
    "1003": T.IN_TRANSIT,  # 转递
}
NAMED = {
    "在途": "0",
    "揽收": "1",
    "疑难": "2",
    "签收": "3",
    "退签": "4",
    "派件": "5",
    "退回": "6",
    "转投": "7",
    "清关": "8",
    "拒签": "14",
}


class Kuaidi100:
    """The vendor's rules."""

    provider = CarrierProvider.KUAIDI100
    accepted = Answer(200, '{"result":true,"returnCode":"200","message":"成功"}'.encode())
    refused = Answer(401, '{"result":false,"returnCode":"500","message":"失败"}'.encode())

    def check_secret(self, secret: str) -> None:
        """The salt of the subscription; an empty one would sign nothing."""

    def verify(self, push: Push, secret: str, now: datetime) -> None:
        """The signature is over the field, and so over its bytes once the form is undone."""
        form = _form(push)
        digest = hashlib.md5(form["param"].encode() + secret.encode(), usedforsecurity=False)
        same(digest.hexdigest().upper(), form["sign"])

    def read(self, push: Push) -> Letter:
        """The history here and, for goods that crossed a border, that of the country they went to."""
        param = _form(push)["param"]
        told = parsed(param)
        results = [found for name in ("lastResult", "destResult") if (found := part(told, name))]
        if not results:
            raise Unreadable("no lastResult")
        given_up = words(told.get("message"), WORDS) or "abort" if told.get("status") == "abort" else ""
        scans = in_order(scan for result in results for scan in _scans(result))
        return Letter(hashlib.sha256(param.encode()).hexdigest(), scans, given_up)


def _form(push: Push) -> dict[str, str]:
    """The two fields, each once: of two with one name nobody could say which was signed."""
    try:
        fields = parse_qs(push.body.decode("ascii"), strict_parsing=True, errors="strict", max_num_fields=8)
    except ValueError as fault:
        raise Unverified from fault
    if any(len(fields.get(name, ())) != 1 for name in ("sign", "param")):
        raise Unverified
    return {name: fields[name][0] for name in ("sign", "param")}


def _scans(result: Fields) -> Iterator[Scan]:
    waybill = waybill_in(result.get("nu"))
    for place, entry in enumerate(parts(result, "data")):
        said, code = _state(entry, result if place == 0 else {})
        time, context = entry.get("ftime") or entry.get("time"), words(entry.get("context"), REMARKS)
        longitude, _, latitude = words(entry.get("areaCenter"), 60).partition(",")
        yield Scan(
            event_id=event_id_of(waybill, time, context),
            waybill=waybill,
            code=code,
            said=said,
            occurred_at=happened(time, BEIJING),
            place=place_named(words(entry.get("areaName") or entry.get("location"), NAMES), latitude, longitude),
            remark=context or None,
        )


def _state(entry: Fields, newest: Fields) -> tuple[str, T | None]:
    """What the entry says of itself; an entry that says nothing is a passage, unless it is the newest, of which the whole speaks."""
    said = (
        words(entry.get("statusCode"), WORDS) or words(entry.get("status"), WORDS) or words(newest.get("state"), WORDS)
    )
    return said, STATES.get(NAMED.get(said, said or "0"))
