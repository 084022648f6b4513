"""The one place that knows what time it is, so that a test can hold it still."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from rules.terms import local_date


def _wall() -> datetime:
    return datetime.now(UTC)


_read: Callable[[], datetime] = _wall


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _read()


def today(zone: str) -> date:
    """Today's date at a place."""
    return local_date(now(), zone)


@contextmanager
def held_at(moment: datetime | str) -> Iterator[None]:
    """Hold the time still for this whole process; for tests."""
    global _read
    held = (datetime.fromisoformat(moment) if isinstance(moment, str) else moment).astimezone(UTC)
    before, _read = _read, lambda: held
    try:
        yield
    finally:
        _read = before
