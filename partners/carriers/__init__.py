"""Who carries goods, or speaks for those who do: what they push is verified, and read into one vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rules.carriers import CarrierProvider
from rules.shipping import Place, TrackingCode

MOST_SCANS = 200
"""That one push may bring; of a longer history the newest count."""


class Unverified(Exception):
    """Nobody who has the secret sent this, or not now."""


class Unreadable(Exception):
    """It was signed, and is not what the sender documents; the text says why."""


@dataclass(frozen=True)
class Push:
    """A request as it came; the names of headers are in lower case."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What the sender expects to hear."""

    status: int
    body: bytes = b'{"received":true}'
    media_type: str = "application/json"


@dataclass(frozen=True)
class Scan:
    """One thing that happened to goods on their way; its `event_id` is the same whenever it is told again."""

    event_id: str
    waybill: str
    code: TrackingCode | None
    """None where the sender's word for it, `said`, stands in no documentation that we know."""
    said: str
    occurred_at: datetime
    place: Place | None = None
    eta: datetime | None = None
    remark: str | None = None


@dataclass(frozen=True)
class Letter:
    """A push that was read: its name with whoever sent it, and what happened, the oldest first."""

    event_id: str
    scans: tuple[Scan, ...]
    given_up: str = ""
    """Why the sender will tell no more of these goods, in its own words; empty while it will."""


class Carrier(Protocol):
    """The documented rules of one sender."""

    provider: CarrierProvider
    accepted: Answer
    refused: Answer

    def check_secret(self, secret: str) -> None:
        """Raise ValueError, which says why, where no sender of this kind could sign with the secret."""

    def verify(self, push: Push, secret: str, now: datetime) -> None:
        """Raise Unverified unless the bytes, as they came, were signed with the secret."""

    def read(self, push: Push) -> Letter:
        """What a verified push tells; raises Unreadable."""
