"""What all carriers' messages have in common: JSON that strangers wrote, texts to be cut, and times to be understood."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from partners.carriers import MOST_SCANS, Scan, Unreadable, Unverified
from rules.shipping import Place

NAMES, REMARKS, WAYBILLS, WORDS = 200, 1000, 64, 60
"""The most characters kept of a place, a remark, a waybill, and a carrier's own word for a status."""

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_PLACES = Decimal("0.000001")

Fields = Mapping[str, Any]


def same(expected: str, given: str | None) -> None:
    """Raise Unverified unless the signatures agree, in a time that tells nothing."""
    if not given or not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise Unverified


def parsed(text: bytes | str) -> Fields:
    """The JSON object; no number in it becomes a float."""
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, InvalidOperation) as fault:
        raise Unreadable("no JSON") from fault
    if not isinstance(found, dict):
        raise Unreadable("no JSON object")
    return found


def part(fields: Fields, *path: str) -> Fields:
    """The object at the end of the path; an empty one where there is none."""
    for name in path:
        found = fields.get(name)
        fields = found if isinstance(found, dict) else {}
    return fields


def parts(fields: Fields, name: str) -> Sequence[Fields]:
    """The objects of a list; none where there is no list."""
    found = fields.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def words(value: object, most: int) -> str:
    """A text or a whole number as text, without what no database can hold, cut; empty for everything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return _UNSTORABLE.sub("", str(value)[: 4 * most]).strip()[:most]


def waybill_in(value: object) -> str:
    """The waybill; raises Unreadable without one, for then nobody knows what the push is about."""
    waybill = words(value, WAYBILLS)
    if not waybill:
        raise Unreadable("no waybill")
    return waybill


def moment(value: object, zone: tzinfo = UTC) -> datetime | None:
    """An ISO 8601 time in UTC, read in `zone` where it names none; None for what is no time, or out of all reach."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        found = datetime.fromisoformat(value)
        found = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if EARLIEST <= found < LATEST else None


def happened(value: object, zone: tzinfo = UTC) -> datetime:
    """When something happened; raises Unreadable where nobody can tell."""
    found = moment(value, zone)
    if found is None:
        raise Unreadable(f"no time: {words(value, 40) or '-'}")
    return found


def place_named(name: str, latitude: object = None, longitude: object = None) -> Place | None:
    """The place; without coordinates unless both are sound, and None without a name."""
    if not name:
        return None
    north, east = _degrees(latitude, 90), _degrees(longitude, 180)
    return Place(name, north, east) if north is not None and east is not None else Place(name)


def joined(*names: object) -> str:
    """The name of a place from its parts, such as city, region and country."""
    return ", ".join(filter(None, (words(name, NAMES) for name in names)))[:NAMES]


def event_id_of(*facts: object) -> str:
    """A name for a scan to which its sender gives none: the SHA-256 of what it says, so that it is the same when it comes again."""
    return hashlib.sha256(json.dumps([str(fact) for fact in facts]).encode()).hexdigest()


def in_order(scans: Iterable[Scan]) -> tuple[Scan, ...]:
    """The newest of them, the oldest first, each once."""
    each = {scan.event_id: scan for scan in scans}
    return tuple(sorted(each.values(), key=lambda scan: scan.occurred_at)[-MOST_SCANS:])


def _degrees(value: object, most: int) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str) or len(str(value)) > 40:
        return None
    try:
        found = Decimal(value).quantize(_PLACES)
    except InvalidOperation:
        return None
    return found if -most <= found <= most else None


def _no_number(name: str) -> object:
    raise ValueError(name)
