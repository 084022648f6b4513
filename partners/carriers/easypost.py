"""EasyPost: tracker events (https://docs.easypost.com/docs/webhooks, https://docs.easypost.com/docs/trackers).

The header `X-Hmac-Signature` is `hmac-sha256-hex=` and the HMAC-SHA256, in hex, of the body as it came; the key is the webhook secret in
Unicode's NFKD form, as the vendor's own libraries make it. Any 2xx is an acceptance. `result.tracking_details` is the whole history.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from partners.carriers import Answer, Letter, Push, Scan
from partners.carriers.reading import (
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
    "unknown": T.INFO_RECEIVED,
    "pre_transit": T.INFO_RECEIVED,
    "in_transit": T.IN_TRANSIT,
    "out_for_delivery": T.OUT_FOR_DELIVERY,
    "delivered": T.DELIVERED,
    "available_for_pickup": T.READY_FOR_PICKUP,
    "return_to_sender": T.RETURNING,
    "failure": T.DELIVERY_FAILED,
    "cancelled": T.EXCEPTION,
    "error": T.EXCEPTION,
}


class EasyPost:
    """The vendor's rules."""

    provider = CarrierProvider.EASYPOST
    accepted = Answer(200)
    refused = Answer(401, b'{"received":false}')

    def check_secret(self, secret: str) -> None:
        """What was given as `webhook_secret`."""

    def verify(self, push: Push, secret: str, now: datetime) -> None:
        """Over the body alone."""
        key = unicodedata.normalize("NFKD", secret).encode()
        digest = hmac.new(key, push.body, hashlib.sha256).hexdigest()
        same(f"hmac-sha256-hex={digest}", push.headers.get("x-hmac-signature"))

    def read(self, push: Push) -> Letter:
        """The tracker's history; events of other things than trackers tell nothing of goods."""
        told = parsed(push.body)
        event_id = words(told.get("id"), 64) or hashlib.sha256(push.body).hexdigest()
        if not words(told.get("description"), WORDS).startswith("tracker."):
            return Letter(event_id, ())
        return Letter(event_id, in_order(_scans(part(told, "result"))))


def _scans(tracker: Fields) -> Iterator[Scan]:
    waybill, eta = waybill_in(tracker.get("tracking_code")), moment(tracker.get("est_delivery_date"))
    details = parts(tracker, "tracking_details")
    for number, detail in enumerate(details, 1):
        time, said = detail.get("datetime"), words(detail.get("status"), WORDS)
        remark, where = words(detail.get("message"), REMARKS), part(detail, "tracking_location")
        yield Scan(
            event_id=event_id_of(waybill, time, said, remark),
            waybill=waybill,
            code=STATUSES.get(said),
            said=said,
            occurred_at=happened(time),
            place=place_named(joined(where.get("city"), where.get("state"), where.get("country"))),
            eta=eta if number == len(details) else None,
            remark=remark or None,
        )
