"""A supplier's own fleet, or any carrier that can sign: Standard Webhooks (https://www.standardwebhooks.com), with a body of ours.

`webhook-id` names the message, `webhook-timestamp` is when it was sent in seconds since 1970, and `webhook-signature` holds, behind `v1,`
and in base64, the HMAC-SHA256 of id, time and body with full stops between. A secret that begins with `whsec_` is base64 behind that.
What is older or newer than five minutes is refused; sent again within them it counts once.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from partners.carriers import Answer, Letter, Push, Scan, Unreadable, Unverified
from partners.carriers.reading import (
    NAMES,
    REMARKS,
    WORDS,
    Fields,
    event_id_of,
    happened,
    in_order,
    moment,
    parsed,
    part,
    parts,
    place_named,
    same,
    waybill_in,
    words,
)
from rules.carriers import CarrierProvider
from rules.shipping import TrackingCode

WINDOW = timedelta(minutes=5)
_PREFIX = "whsec_"
_LEAST = 16


class OwnFleet:
    """Our rules; the field `code` is one of ours as well."""

    provider = CarrierProvider.OWN_FLEET
    accepted = Answer(200)
    refused = Answer(401, b'{"received":false}')

    def check_secret(self, secret: str) -> None:
        """At least 16 bytes: whoever has it can move every shipment of the company."""
        if len(_key(secret)) < _LEAST:
            raise ValueError("must have at least 16 bytes")

    def verify(self, push: Push, secret: str, now: datetime) -> None:
        """One of the signatures is right, so that a secret can be changed while messages are under way."""
        message_id, sent = push.headers.get("webhook-id", ""), push.headers.get("webhook-timestamp", "")
        if not message_id or not (sent.isascii() and sent.isdigit() and len(sent) <= 10):
            raise Unverified
        if not now - WINDOW <= datetime.fromtimestamp(int(sent), UTC) <= now + WINDOW:
            raise Unverified
        expected = _signature(_key(secret), message_id, sent, push.body)
        given = push.headers.get("webhook-signature", "").split(" ")[:8]
        same(expected, next((one for one in given if hmac.compare_digest(one.encode(), expected.encode())), None))

    def read(self, push: Push) -> Letter:
        """What the fleet says of one waybill."""
        told = parsed(push.body)
        waybill = waybill_in(told.get("waybill"))
        events = parts(told, "events")
        if not events:
            raise Unreadable("no events")
        message_id = push.headers.get("webhook-id", "")
        return Letter(hashlib.sha256(message_id.encode()).hexdigest(), in_order(_scans(waybill, events)))


def signed(body: bytes, message_id: str, sent_at: datetime, secret: str) -> Mapping[str, str]:
    """The headers with which a sender who has the secret proves a body."""
    sent = str(int(sent_at.timestamp()))
    signature = _signature(_key(secret), message_id, sent, body)
    return {"webhook-id": message_id, "webhook-timestamp": sent, "webhook-signature": signature}


def _signature(key: bytes, message_id: str, sent: str, body: bytes) -> str:
    digest = hmac.digest(key, f"{message_id}.{sent}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def _key(secret: str) -> bytes:
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as fault:
        raise ValueError("must be base64 behind whsec_") from fault


def _scans(waybill: str, events: Sequence[Fields]) -> Iterator[Scan]:
    for event in events:
        said, where = words(event.get("code"), WORDS), part(event, "place")
        name, time = words(where.get("name"), NAMES), event.get("occurredAt")
        remark = words(event.get("remark"), REMARKS)
        yield Scan(
            event_id=words(event.get("eventId"), 64) or event_id_of(waybill, time, said, name, remark),
            waybill=waybill,
            code=TrackingCode(said) if said in TrackingCode.__members__ else None,
            said=said,
            occurred_at=happened(time),
            place=place_named(name, where.get("latitude"), where.get("longitude")),
            eta=moment(event.get("eta")),
            remark=remark or None,
        )
