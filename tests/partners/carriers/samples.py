"""What each sender pushes, built as its documentation shows it, and signed as it says."""

import base64
import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from partners.carriers import Carrier, Push
from partners.carriers.aftership import AfterShip
from partners.carriers.easypost import EasyPost
from partners.carriers.kuaidi100 import Kuaidi100
from partners.carriers.own_fleet import OwnFleet, signed
from partners.carriers.seventeen_track import SeventeenTrack

SECRET = "Schlüssel-ﬁ-0123456789abcdef"
"""With a letter and a ligature that NFKD takes apart."""


@dataclass(frozen=True)
class Told:
    """One scan, with the sender's own word for it."""

    said: str
    at: datetime
    place: str = "上海"
    remark: str = "快件在途中"


@dataclass(frozen=True)
class Sample:
    """One sender: its rules, its words for being moved and for being handed over, how it writes and how it signs."""

    carrier: Carrier
    moving: str
    delivered: str
    write: Callable[[str, Sequence[Told]], dict[str, Any]]
    sign: Callable[[bytes, str, datetime], tuple[bytes, Mapping[str, str]]]
    unknown: str = "TELEPORTED"

    def push(self, waybill: str, *told: Told, secret: str = SECRET, now: datetime | None = None) -> Push:
        """A signed push of these scans, the oldest first."""
        return self.signed(self.write(waybill, told), secret=secret, now=now)

    def signed(self, payload: object, *, secret: str = SECRET, now: datetime | None = None) -> Push:
        """Whatever is to be sent, signed as the sender does."""
        raw = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        body, headers = self.sign(raw, secret, now or datetime.now(UTC))
        return Push(body, headers)


def _kuaidi100(waybill: str, told: Sequence[Told]) -> dict[str, Any]:
    beijing = ZoneInfo("Asia/Shanghai")
    entries = [
        {
            "context": one.remark,
            "time": f"{one.at.astimezone(beijing):%Y-%m-%d %H:%M:%S}",
            "ftime": f"{one.at.astimezone(beijing):%Y-%m-%d %H:%M:%S}",
            "areaCode": "CN310000000000",
            "areaName": one.place,
            "areaCenter": "121.473662,31.230372",
            "statusCode": one.said,
        }
        for one in reversed(told)
    ]
    result = {"message": "ok", "state": "0", "status": "200", "ischeck": "0", "com": "shunfeng", "nu": waybill}
    return {
        "status": "polling",
        "billstatus": "got",
        "message": "",
        "autoCheck": "0",
        "comOld": "",
        "comNew": "",
        "lastResult": {**result, "data": entries},
    }


def _form(raw: bytes, secret: str, now: datetime) -> tuple[bytes, Mapping[str, str]]:
    digest = hashlib.md5(raw + secret.encode(), usedforsecurity=False).hexdigest().upper()
    body = urlencode({"sign": digest, "param": raw}).encode()
    return body, {"content-type": "application/x-www-form-urlencoded"}


def _seventeen_track(waybill: str, told: Sequence[Told]) -> dict[str, Any]:
    events = [
        {
            "time_iso": one.at.astimezone(ZoneInfo("Asia/Shanghai")).isoformat(),
            "time_utc": f"{one.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "description": one.remark,
            "location": one.place,
            "stage": None,
            "sub_status": one.said,
            "address": {
                "country": "CN",
                "state": None,
                "city": one.place,
                "street": None,
                "postal_code": None,
                "coordinates": {"longitude": 121.473662, "latitude": 31.230372},
            },
        }
        for one in reversed(told)
    ]
    main = told[-1].said.partition("_")[0]
    return {
        "event": "TRACKING_UPDATED",
        "data": {
            "number": waybill,
            "carrier": 3011,
            "tag": None,
            "track_info": {
                "latest_status": {"status": main, "sub_status": told[-1].said, "sub_status_descr": None},
                "latest_event": events[0],
                "time_metrics": {"estimated_delivery_date": {"source": None, "from": None, "to": None}},
                "tracking": {"providers_hash": 1, "providers": [{"provider": {"key": 3011}, "events": events}]},
            },
        },
    }


def _body_slash_key(raw: bytes, secret: str, now: datetime) -> tuple[bytes, Mapping[str, str]]:
    return raw, {"sign": hashlib.sha256(raw + b"/" + secret.encode()).hexdigest()}


def _aftership(waybill: str, told: Sequence[Told]) -> dict[str, Any]:
    return {
        "ts": int(told[-1].at.timestamp()),
        "event": "tracking_update",
        "event_id": _name(waybill, told),
        "is_tracking_first_tag": False,
        "msg": {
            "tracking_number": waybill,
            "slug": "usps",
            "tag": told[-1].said,
            "subtag": f"{told[-1].said}_001",
            "checkpoints": [
                {
                    "slug": "usps",
                    "checkpoint_time": one.at.isoformat(),
                    "created_at": one.at.isoformat(),
                    "location": one.place,
                    "message": one.remark,
                    "tag": one.said,
                    "subtag": f"{one.said}_001",
                }
                for one in told
            ],
        },
    }


def _base64_hmac(raw: bytes, secret: str, now: datetime) -> tuple[bytes, Mapping[str, str]]:
    digest = hmac.digest(secret.encode(), raw, hashlib.sha256)
    return raw, {"aftership-hmac-sha256": base64.b64encode(digest).decode()}


def _easypost(waybill: str, told: Sequence[Told]) -> dict[str, Any]:
    return {
        "id": f"evt_{_name(waybill, told)[:32]}",
        "object": "Event",
        "description": "tracker.updated",
        "result": {
            "object": "Tracker",
            "tracking_code": waybill,
            "status": told[-1].said,
            "est_delivery_date": None,
            "tracking_details": [
                {
                    "object": "TrackingDetail",
                    "message": one.remark,
                    "status": one.said,
                    "status_detail": "status_update",
                    "datetime": f"{one.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                    "tracking_location": {"city": one.place, "state": None, "country": "CN", "zip": None},
                }
                for one in told
            ],
        },
    }


def _hex_hmac(raw: bytes, secret: str, now: datetime) -> tuple[bytes, Mapping[str, str]]:
    key = unicodedata.normalize("NFKD", secret).encode()
    return raw, {"x-hmac-signature": f"hmac-sha256-hex={hmac.new(key, raw, hashlib.sha256).hexdigest()}"}


def _own_fleet(waybill: str, told: Sequence[Told]) -> dict[str, Any]:
    place = {"latitude": "31.230372", "longitude": "121.473662"}
    return {
        "waybill": waybill,
        "events": [
            {
                "code": one.said,
                "occurredAt": one.at.isoformat(),
                "place": {"name": one.place, **place},
                "remark": one.remark,
            }
            for one in told
        ],
    }


def _standard(raw: bytes, secret: str, now: datetime) -> tuple[bytes, Mapping[str, str]]:
    return raw, signed(raw, f"msg_{hashlib.sha256(raw).hexdigest()[:24]}", now, secret)


def _name(waybill: str, told: Sequence[Told]) -> str:
    return hashlib.sha256(repr((waybill, told)).encode()).hexdigest()[:36]


SAMPLES = {
    "kuaidi100": Sample(Kuaidi100(), "0", "301", _kuaidi100, _form, unknown="9999"),
    "17track": Sample(
        SeventeenTrack(), "InTransit_Other", "Delivered_Other", _seventeen_track, _body_slash_key, unknown="Teleported"
    ),
    "aftership": Sample(AfterShip(), "InTransit", "Delivered", _aftership, _base64_hmac),
    "easypost": Sample(EasyPost(), "in_transit", "delivered", _easypost, _hex_hmac),
    "fleet": Sample(OwnFleet(), "IN_TRANSIT", "DELIVERED", _own_fleet, _standard),
}
