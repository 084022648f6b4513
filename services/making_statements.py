"""Makes statements of account as files, in the background: read in one go, then written slice by slice, so that it can be followed,
given up, and taken over (decision 0163)."""

import asyncio
import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO, TextIO
from uuid import UUID

import structlog

from models import Errand, StatementFile
from models.base import new_id
from rules.account_statements import (
    KEPT_FOR,
    TOLD_EVERY,
    TRIES,
    UNDER_WAY,
    StatementFailure,
    StatementFileStatus,
    StatementFormat,
    StatementHead,
)
from rules.errands import ErrandKind
from rules.problems import Unavailable
from services import clock, partners
from services.errands import kept, work_due
from services.printing import aside
from services.statement_files import note
from services.statement_paper import Paper
from services.statement_reading import Unbalanced, take_down, taken_invoices, taken_lines
from services.statement_sheets import Csv, StatementWriter, Xlsx
from services.verb import committed

WORKED_EVERY = 1.0
"""Seconds between two looks for files that somebody waits for."""

SLICE = 150
"""Lines that are written at once, which takes some hundredths of a second, before anybody else has a turn."""

PIECE = 256 * 1024
S, F = StatementFileStatus, StatementFormat
WRITERS: dict[StatementFormat, Callable[[StatementHead, BinaryIO, str], StatementWriter]] = {
    F.PDF: Paper,
    F.XLSX: lambda head, out, _number: Xlsx(head, out),
    F.CSV: lambda head, out, _number: Csv(head, out),
}
Failure = StatementFailure
REASONS = {Unavailable: Failure.UNAVAILABLE, Unbalanced: Failure.UNBALANCED}
"""What people are told of the last of so many tries; of anything else, that it is our fault."""

log = structlog.get_logger(__name__)


class GivenUp(Exception):
    """It was cancelled, or is in other hands: what was made of it so far is thrown away."""


async def work() -> int:
    """What the clock does: the file that has waited longest. One at a time in each process, so that none takes all its memory."""
    return await work_due({ErrandKind.MAKE_STATEMENT: make_statement}, 1)


async def make_statement(errand: Errand, told_every: timedelta = TOLD_EVERY) -> datetime | None:
    """The file, made and stored; given up after so many tries."""
    making = None
    try:
        making = await committed(lambda: _begin(errand, told_every))
        if making is not None:
            async with kept(errand):
                await _make(making)
    except GivenUp:
        return None
    except Exception as fault:
        if errand.attempts < TRIES:
            raise
        log.exception("a statement of account could not be made", file=str(errand.subject_id))
        why = next((why for kind, why in REASONS.items() if isinstance(fault, kind)), Failure.FAULT)
        await committed(lambda: _fail(errand, why, making))
    return None


@dataclass
class Making:
    """One try at a file: what it was when it began, and how far it has come."""

    errand: Errand
    file_id: UUID
    run: int
    told_every: timedelta
    left_behind: str | None
    """Where a try before may have stored something."""

    done: int = 0
    told_at: datetime = field(default_factory=clock.now)

    async def went_on(self, lines: int) -> None:
        """So many lines more are written: say so unless that was done just now; GivenUp if it is ours no more."""
        self.done += lines
        if clock.now() - self.told_at >= self.told_every:
            await self.step(lambda file: setattr(file, "lines_done", self.done))

    async def step(self, change: Callable[[StatementFile], None]) -> None:
        """Write a change of the file down, with its event."""
        await committed(lambda: self._step(change))
        self.told_at = clock.now()

    async def _step(self, change: Callable[[StatementFile], None]) -> None:
        file = await StatementFile.locked(self.file_id)
        if file.run != self.run or file.status is not S.WORKING or not await self.errand.is_mine():
            raise GivenUp
        change(file)
        await note(file)


async def _begin(errand: Errand, told_every: timedelta) -> Making | None:
    file = await StatementFile.locked(errand.subject_id)
    if file.status not in UNDER_WAY:
        return None
    if errand.attempts > TRIES:  # those who tried before died of it, and could not say so
        await _fail(errand, Failure.INTERRUPTED)
        return None
    file.status, file.lines_done = S.WORKING, 0
    await note(file)
    return Making(errand, file.id, file.run, told_every, file.stored_key)


async def _fail(errand: Errand, why: Failure, making: Making | None = None) -> None:
    """It has failed, unless it is in other hands, or was asked for anew while it was made."""
    file = await StatementFile.locked(errand.subject_id)
    is_same = making is None or making.run == file.run
    if file.status in UNDER_WAY and is_same and await errand.is_mine():
        file.status, file.failure = S.FAILED, why
        await note(file)


async def _make(making: Making) -> None:
    file, key = await StatementFile.named(making.file_id), _new_key()
    if making.left_behind is not None:
        await partners.storage().delete(making.left_behind)
    with tempfile.TemporaryFile("w+", newline="") as spool, tempfile.TemporaryFile() as made:
        head = await take_down(file, spool)
        await making.step(lambda row: _begun(row, head, key))
        writer = await aside(lambda: WRITERS[file.format](head, made, _number(file)))
        try:
            await _write(making, writer, head, spool)
        finally:
            await aside(writer.close)
        await _store(making, made, key)


def _new_key() -> str:
    """A name of this try's own, so that whoever was thought dead and is not overwrites nothing."""
    name = new_id().hex
    return f"statements/{name[-2:]}/{name}"


def _begun(file: StatementFile, head: StatementHead, key: str) -> None:
    """With the key before anything is stored: whoever dies then leaves nothing behind that nobody knows of."""
    file.as_of, file.lines_in_all, file.stored_key = head.as_of, head.lines, key


async def _write(making: Making, writer: StatementWriter, head: StatementHead, spool: TextIO) -> None:
    """Slice by slice, each of them in a thread."""
    spool.seek(0)
    for done in range(0, head.lines, SLICE):
        most = min(SLICE, head.lines - done)
        await aside(lambda most=most: writer.lines(taken_lines(spool, most)))  # type: ignore[misc]
        await making.went_on(most)
    await aside(writer.summary)
    for done in range(0, head.open_invoices, SLICE):
        most = min(SLICE, head.open_invoices - done)
        await aside(lambda most=most: writer.invoices(taken_invoices(spool, most)))  # type: ignore[misc]
        await making.went_on(0)
    await aside(writer.end)


async def _store(making: Making, made: BinaryIO, key: str) -> None:
    size, sha256 = await aside(lambda: _measured(made))
    expires_at = clock.now() + KEPT_FOR

    def finish(file: StatementFile) -> None:
        file.status, file.lines_done = S.READY, file.lines_in_all
        file.size, file.sha256, file.expires_at = size, sha256, expires_at

    await partners.storage().put(key, made)
    try:
        await making.step(finish)
    except BaseException:
        await asyncio.shield(partners.storage().delete(key))
        raise


def _measured(made: BinaryIO) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    made.seek(0)
    while piece := made.read(PIECE):
        digest.update(piece)
        size += len(piece)
    made.seek(0)
    return size, digest.hexdigest()


def _number(file: StatementFile) -> str:
    return f"{file.id.hex[:8]}-{file.id.hex[-8:]} / {file.run}"
