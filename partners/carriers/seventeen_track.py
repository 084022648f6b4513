"""17TRACK: notifications of its Tracking API v2.4 (https://asset.17track.net/api/document/v2.4_en/index.html).

The header `sign` is the SHA-256, in hex, of the body as it came, a slash and the key of the account. A notification holds the whole
history, for each carrier that had the goods. Its nine main statuses have finer ones after an underscore.
"""

import hashlib
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

STATUSES = {
    "NotFound": T.INFO_RECEIVED,
    "InfoReceived": T.INFO_RECEIVED,
    "InTransit": T.IN_TRANSIT,
    "InTransit_PickedUp": T.PICKED_UP,
    "InTransit_CustomsProcessing": T.CUSTOMS,
    "InTransit_CustomsReleased": T.CUSTOMS,
    "InTransit_CustomsRequiringInformation": T.ON_HOLD,
    "Expired": T.EXCEPTION,
    "AvailableForPickup": T.READY_FOR_PICKUP,
    "OutForDelivery": T.OUT_FOR_DELIVERY,
    "DeliveryFailure": T.DELIVERY_FAILED,
    "Delivered": T.DELIVERED,
    "Exception": T.EXCEPTION,
    "Exception_Returning": T.RETURNING,
    "Exception_Returned": T.RETURNING,
    # Milestones, where an event has no status of its own.
    "PickedUp": T.PICKED_UP,
    "Departure": T.IN_TRANSIT,
    "Arrival": T.IN_TRANSIT,
    "Returning": T.RETURNING,
    "Returned": T.RETURNING,
}


class SeventeenTrack:
    """The vendor's rules."""

    provider = CarrierProvider.SEVENTEEN_TRACK
    accepted = Answer(200)
    refused = Answer(401, b'{"received":false}')

    def check_secret(self, secret: str) -> None:
        """The account's key."""

    def verify(self, push: Push, secret: str, now: datetime) -> None:
        """Over the body, a slash, and the key."""
        same(hashlib.sha256(push.body + b"/" + secret.encode()).hexdigest(), push.headers.get("sign"))

    def read(self, push: Push) -> Letter:
        """The whole history; TRACKING_STOPPED says that no more will come."""
        told = parsed(push.body)
        data = part(told, "data")
        info, waybill = part(data, "track_info"), waybill_in(data.get("number"))
        stopped = told.get("event") == "TRACKING_STOPPED"
        given_up = "TRACKING_STOPPED" if stopped and not _is_done(info) else ""
        return Letter(hashlib.sha256(push.body).hexdigest(), in_order(_scans(waybill, info)), given_up)


def _is_done(info: Fields) -> bool:
    return part(info, "latest_status").get("status") == "Delivered"


def _scans(waybill: str, info: Fields) -> Iterator[Scan]:
    newest = part(info, "latest_event")
    expected = part(info, "time_metrics", "estimated_delivery_date")
    eta = moment(expected.get("to")) or moment(expected.get("from"))
    told = [event for provider in parts(part(info, "tracking"), "providers") for event in parts(provider, "events")]
    for event in told or ([newest] if newest else []):
        time = event.get("time_utc") or event.get("time_iso")
        said = words(event.get("sub_status"), WORDS) or words(event.get("stage"), WORDS)
        if not said and not told:
            said = words(part(info, "latest_status").get("sub_status"), WORDS)
        address, remark = part(event, "address"), words(event.get("description"), REMARKS)
        where = part(address, "coordinates")
        name = words(event.get("location"), NAMES) or joined(
            address.get("city"), address.get("state"), address.get("country")
        )
        yield Scan(
            event_id=event_id_of(waybill, time, remark, name),
            waybill=waybill,
            code=_code(said),
            said=said,
            occurred_at=happened(time),
            place=place_named(name, where.get("latitude"), where.get("longitude")),
            eta=eta if time in (newest.get("time_utc"), newest.get("time_iso")) else None,
            remark=remark or None,
        )


def _code(said: str) -> T | None:
    """By the finer status, else by its main one; an event without any is a passage."""
    return STATUSES.get(said) or STATUSES.get((said or "InTransit").partition("_")[0])
