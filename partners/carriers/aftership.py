"""AfterShip Tracking: webhooks (https://www.aftership.com/docs/tracking/webhook/webhook-signature, …/webhook-specifications).

The header `aftership-hmac-sha256` is the HMAC-SHA256 of the body as it came, in base64. `event_id` names the event, `msg` is the whole
tracking with its checkpoints, and `tag` is one of nine statuses. Any 2xx is an acceptance. A checkpoint's time may have no zone: then it
is read in UTC, but never as later than when AfterShip learnt of it.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime

from partners.carriers import Answer, Letter, Push, Scan
from partners.carriers.reading import (
    NAMES,
    REMARKS,
    WORDS,
    Fields,
    event_id_of,
    happened,
    in_order,
    joined,
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
from rules.shipping import TrackingCode as T

TAGS = {
    "Pending": T.INFO_RECEIVED,
    "InfoReceived": T.INFO_RECEIVED,
    "InTransit": T.IN_TRANSIT,
    "OutForDelivery": T.OUT_FOR_DELIVERY,
    "AttemptFail": T.DELIVERY_FAILED,
    "Delivered": T.DELIVERED,
    "AvailableForPickup": T.READY_FOR_PICKUP,
    "Exception": T.EXCEPTION,
    "Expired": T.EXCEPTION,
}


class AfterShip:
    """The vendor's rules."""

    provider = CarrierProvider.AFTERSHIP
    accepted = Answer(200)
    refused = Answer(401, b'{"received":false}')

    def check_secret(self, secret: str) -> None:
        """The webhook secret of the account's settings."""

    def verify(self, push: Push, secret: str, now: datetime) -> None:
        """Over the body alone."""
        digest = hmac.digest(secret.encode(), push.body, hashlib.sha256)
        same(base64.b64encode(digest).decode(), push.headers.get("aftership-hmac-sha256"))

    def read(self, push: Push) -> Letter:
        """All checkpoints of the tracking; what is expected belongs to the newest."""
        told = parsed(push.body)
        tracking = part(told, "msg")
        event_id = words(told.get("event_id"), 64) or hashlib.sha256(push.body).hexdigest()
        return Letter(event_id, in_order(_scans(tracking)), _given_up(tracking))


def _given_up(tracking: Fields) -> str:
    return "Expired" if tracking.get("tag") == "Expired" else ""


def _scans(tracking: Fields) -> Iterator[Scan]:
    waybill = waybill_in(tracking.get("tracking_number"))
    eta = moment(part(tracking, "latest_estimated_delivery").get("datetime")) or moment(
        tracking.get("expected_delivery")
    )
    checkpoints = parts(tracking, "checkpoints")
    for place, point in enumerate(checkpoints, 1):
        time, said = point.get("checkpoint_time"), words(point.get("tag"), WORDS)
        remark, where = words(point.get("message"), REMARKS), part(point, "coordinate")
        name = words(point.get("location"), NAMES) or joined(
            point.get("city"), point.get("state"), point.get("country_iso3")
        )
        yield Scan(
            event_id=event_id_of(waybill, point.get("slug"), time, said, remark),
            waybill=waybill,
            code=TAGS.get(said),
            said=said,
            occurred_at=_at(point),
            place=place_named(name, where.get("latitude"), where.get("longitude")),
            eta=eta if place == len(checkpoints) else None,
            remark=remark or None,
        )


def _at(point: Fields) -> datetime:
    time, learnt = happened(point.get("checkpoint_time")), moment(point.get("created_at"))
    return min(time, learnt) if learnt else time
