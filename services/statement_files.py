"""Statements of account as files: asked for, given up, asked for again, and forgotten after a while. One is made in `making_statements`."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models import Company, StatementFile
from models.base import new_id
from rules.account_statements import (
    CAME_TO_NOTHING,
    MADE_ANEW,
    MOST_UNDER_WAY,
    UNDER_WAY,
    StatementFileStatus,
    StatementFormat,
    check_length,
)
from rules.errands import ErrandKind
from rules.events import EventKind
from rules.money import Currency
from rules.people import CLOCK, Actor
from rules.phrase import Phrase
from rules.problems import NotAllowed, NotFound, WrongStatus, invalid
from services import clock, errands, partners
from services.statement_reading import books_of
from services.streams import note_apart
from services.verb import committed, creating, verb

TIDIED_AT_ONCE = 100
S = StatementFileStatus


@dataclass(frozen=True)
class StatementWish:
    """Which statement, as what, and in which language (`zh-CN` or `en`)."""

    counterparty_id: UUID
    currency: Currency
    period_start: date
    period_end: date
    format: StatementFormat
    locale: str


@creating(StatementFile)
async def request_account_statement(actor: Actor, wish: StatementWish, *, idempotency_key: str) -> StatementFile:
    """A file that will be made, of what the caller's own company and another one booked with each other."""
    if not actor.may_read_books or actor.is_operator:
        raise NotAllowed("request_account_statement")
    if not await Company.visible_to(actor).filter(id=wish.counterparty_id).exists():
        raise NotFound("Company", wish.counterparty_id)
    if wish.period_end < wish.period_start:
        raise invalid("input.periodEnd", "must not be before the first day")
    file = StatementFile(
        id=new_id(),
        company_id=actor.home,
        requester_id=actor.responsible,
        lines_in_all=0,
        created_at=clock.now(),
        **vars(wish),
    )
    await _check_room(file)
    await _queue(file, actor)
    return file


@verb
async def cancel_account_statement(actor: Actor, file_id: UUID) -> StatementFile:
    """A file that is not made any further; whoever is at it stops within a second or two."""
    file = await _opened(actor, file_id, "cancel_account_statement", UNDER_WAY)
    file.status = S.CANCELLED
    await note(file, actor)
    return file


@verb
async def retry_account_statement(actor: Actor, file_id: UUID) -> StatementFile:
    """A file that failed, was given up or has been forgotten, made from the beginning and of the books as they are now."""
    file = await _opened(actor, file_id, "retry_account_statement", MADE_ANEW)
    await _check_room(file)
    file.run += 1
    await _queue(file, actor)
    return file


async def note(file: StatementFile, actor: Actor = CLOCK) -> None:
    """Save the file and its event under the next number, for the company whose books it is of."""
    file.version += 1
    await file.save()
    body = {"status": file.status, "linesDone": file.lines_done, "linesInAll": file.lines_in_all}
    await note_apart(file, file.version, EventKind.STATEMENT_FILE_CHANGED, actor, [file.company_id], body)


async def tidy_statements() -> int:
    """Forget files that have lain long enough, and what was left behind of those that came to nothing, up to a hundred of either; how
    many. While the storage is away they wait."""
    outlived = await StatementFile.outlived(clock.now(), TIDIED_AT_ONCE)
    for file in outlived:
        # Its content first: a row that says READY and has none answers with an error for a moment, and a lost row would never. The key
        # and that it has outlived were read together, so that nothing is deleted that was made anew meanwhile.
        await partners.storage().delete(str(file.stored_key))
        await committed(lambda file_id=file.id: _expire(file_id))  # type: ignore[misc]
    left_behind = await StatementFile.left_behind(TIDIED_AT_ONCE)
    for file in left_behind:
        await partners.storage().delete(str(file.stored_key))
        await committed(lambda file_id=file.id, key=file.stored_key: _forget(file_id, key))  # type: ignore[misc]
    return len(outlived) + len(left_behind)


async def _expire(file_id: UUID) -> None:
    file = await StatementFile.locked(file_id)
    if file.status is S.READY and file.expires_at is not None and file.expires_at <= clock.now():
        file.status, file.stored_key = S.EXPIRED, None
        await note(file)


async def _forget(file_id: UUID, key: str) -> None:
    """Nobody is told: to people there never was anything."""
    file = await StatementFile.locked(file_id)
    if file.status in CAME_TO_NOTHING and file.stored_key == key:
        file.stored_key = None
        await file.save(update_fields=["stored_key"])


async def _check_room(file: StatementFile) -> None:
    """Refuse what is too long, or one too many at the same time: the company's row is locked for this."""
    await Company.locked(file.company_id)
    if await StatementFile.count_under_way(file.company_id) >= MOST_UNDER_WAY:
        most = Phrase(
            "is one too many: {most} files are being made already; wait for one or cancel it", most=MOST_UNDER_WAY
        )
        raise invalid("input", most)
    books, _ = await books_of(file)
    file.lines_in_all = sum(total.entries for total in await books.totals())
    check_length("input.periodEnd", file.lines_in_all)


async def _queue(file: StatementFile, actor: Actor) -> None:
    file.status, file.failure, file.lines_done = S.QUEUED, None, 0
    await note(file, actor)
    await errands.send(ErrandKind.MAKE_STATEMENT, file.id)


async def _opened(actor: Actor, file_id: UUID, action: str, statuses: frozenset[StatementFileStatus]) -> StatementFile:
    if not await StatementFile.visible_to(actor).filter(id=file_id).exists():
        raise NotFound("StatementFile", file_id)
    file = await StatementFile.locked(file_id)
    if file.status not in statuses:
        raise WrongStatus(action, file.status, tuple(sorted(statuses)))
    return file
