"""Providers' statements of a day: fetched into a file, proven as far as the provider lets us, and read row by row into one vocabulary."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import aiohttp

from partners.payments import File, Illegible, Unsure
from rules.reconciliation import ZONE

PATIENCE = 20
"""Seconds for a whole download: a lease on the errand is longer."""

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a statement as it travels, packed."""

LARGEST_TEXT = 512 * 1024 * 1024
"""Bytes of a statement unpacked: some two million rows. Beyond that somebody wants to fill our disk."""

LONGEST_LINE = 64 * 1024
_CHUNK = 64 * 1024
_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,5})?", re.ASCII)
_NUMBER = re.compile(r"[\x21-\x7e]{0,64}", re.ASCII)
_BEIJING = ZoneInfo(ZONE)


Download = Callable[[str, Mapping[str, str], File], Awaitable[int]]
"""Writes what a URL gives into a file, asked with these headers: the status; raises Unsure where nothing came, or too much."""


async def download(url: str, headers: Mapping[str, str], into: File) -> int:
    """The status of the answer, whose body is in the file."""
    size = 0
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
            session.get(url, headers=headers, allow_redirects=False) as reply,
        ):
            async for chunk in reply.content.iter_chunked(_CHUNK):
                size += len(chunk)
                if size > LARGEST_FILE:
                    raise Unsure("an endless statement")
                into.write(chunk)
            return reply.status
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as trouble:
        raise Unsure(f"no statement: {type(trouble).__name__}") from trouble


def unpacked(packed: File, into: File, done: int = 0) -> Iterator[bytes]:
    """Copy what is unpacked into the file, piece by piece; `done` bytes of the statement are there already."""
    while piece := packed.read(_CHUNK):
        done += len(piece)
        if done > LARGEST_TEXT:
            raise Illegible("unpacked, it has no end")
        into.write(piece)
        yield piece


def lines(file: File, encoding: str) -> Iterator[str]:
    """Its lines without what ends them; none longer than we are ready to hold."""
    while raw := file.readline(LONGEST_LINE):
        if len(raw) == LONGEST_LINE:
            raise Illegible("a line without an end")
        try:
            yield raw.decode(encoding).strip("\r\n\ufeff")
        except UnicodeDecodeError as fault:
            raise Illegible(f"not in {encoding}") from fault


def amount(text: str) -> Decimal:
    """An amount in yuan of either sign, with up to five decimals."""
    if not _AMOUNT.fullmatch(text):
        raise Illegible(f"no amount: {text[:40]!r}")
    return Decimal(text)


def number(text: str) -> str:
    """A number of either side's; it may be empty."""
    if not _NUMBER.fullmatch(text):
        raise Illegible(f"no number: {text[:40]!r}")
    return text


def moment(text: str) -> datetime:
    """A time that the provider writes as it is in Beijing."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_BEIJING).astimezone(UTC)
    except ValueError as fault:
        raise Illegible(f"no time: {text[:40]!r}") from fault


def cell(row: Mapping[str, str], *names: str) -> str:
    """The cell under the first of these headings that the statement has."""
    for name in names:
        if name in row:
            return row[name]
    raise Illegible(f"no column {names[0]}")
