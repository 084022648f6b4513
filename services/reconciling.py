"""Daily reconciliation 对账: the clock wants each day of each account compared once the provider's statement can be there; an errand
fetches it, asks the provider about what only the statement calls paid, compares, posts the fees and writes down what differs."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from tempfile import SpooledTemporaryFile
from uuid import UUID, uuid5

import structlog

from models import Errand, MerchantAccount, OnlinePayment, Reconciliation, ReconciliationDifference
from models.base import new_id
from partners.payments import Declined, File, Illegible, NotYet, Unsure
from rules.errands import ErrandKind, pause_after
from rules.events import EventKind
from rules.people import CLOCK
from rules.reconciliation import (
    Comparison,
    EntryKind,
    Key,
    ReconciliationStatus,
    Record,
    StatementEntry,
    clock_days,
    compare,
    is_believed_empty,
)
from services import clock, errands, partners
from services.alerts import Alert, alert
from services.charging import post_fees
from services.merchants import merchant_of
from services.online_queries import learn
from services.streams import note_apart
from services.sweeping import each
from services.verb import committed

PLANNED_EVERY = 300.0
"""Seconds between two looks for days that are to be compared."""

WORKED_EVERY = 2.0
"""Seconds between two looks for days that somebody or the clock wants compared now."""

ASKED_AGAIN = timedelta(hours=1)
"""After how long a provider is asked again for a statement that it has not, or that was not whole."""

IN_MEMORY = 1024 * 1024
AT_ONCE = 100
log = structlog.get_logger(__name__)
Entries = Callable[[], Iterator[StatementEntry]]


async def plan() -> int:
    """Want the days compared whose statements can be there, as far back as every provider keeps them, such as after the server was down;
    how many were found. Of what is older somebody is told, once."""
    first, last = clock_days(clock.now())
    wanted: dict[UUID, tuple[UUID, date, bool]] = {}

    async def open_days(most: int) -> list[UUID]:
        for found in await Reconciliation.open_days(first, last, most):
            wanted[uuid5(found[0], str(found[1]))] = found
        return list(wanted)

    async def want_day(key: UUID) -> None:
        account_id, day, is_cut = wanted[key]
        await want(await MerchantAccount.named(account_id), day)
        if is_cut:
            alert(Alert.DAYS_NOT_COMPARED, account=str(account_id), before=str(day))

    return await each(want_day, open_days)


async def work() -> int:
    """What the clock does: the comparisons that are due, one after another."""
    return await errands.work_due({ErrandKind.RECONCILE: reconcile})


async def want(account: MerchantAccount, day: date, due_at: datetime | None = None) -> Reconciliation:
    """The day's reconciliation, to be worked at from now on unless said; belongs inside a transaction."""
    row = Reconciliation(
        id=new_id(),
        account_id=account.id,
        company_id=account.company_id,
        method=account.method,
        day=day,
        created_at=clock.now(),
    )
    if not await row.written():
        row = await Reconciliation.of(account.id, day) or row
    await errands.send(ErrandKind.RECONCILE, row.id, due_at)
    return row


async def reconcile(errand: Errand) -> datetime | None:
    """Compare a day, however long its statement takes; again later where there is no statement yet, or nothing that could be read."""
    async with errands.kept(errand):
        return await _reconcile(errand)


async def _reconcile(errand: Errand) -> datetime | None:
    row = await Reconciliation.named(errand.subject_id)
    account = await MerchantAccount.named(row.account_id)
    with SpooledTemporaryFile(IN_MEMORY) as file:
        try:
            result = await _compared(row, account, await _fetched(row, account, file))
        except NotYet:
            return clock.now() + ASKED_AGAIN
        except Illegible as fault:
            alert(Alert.STATEMENT_UNREADABLE, method=row.method, day=str(row.day), why=str(fault))
            await committed(partial(_unreadable, errand))
            return clock.now() + ASKED_AGAIN
        except (Unsure, Declined) as trouble:
            log.warning("a statement was not to be had", method=row.method, day=str(row.day), why=str(trouble))
            return clock.now() + pause_after(errand.attempts)
    for begin in range(0, len(result.charged), AT_ONCE):
        await committed(partial(post_fees, account, result.charged[begin : begin + AT_ONCE]))
    await committed(partial(_conclude, errand, result))
    return None


async def _fetched(row: Reconciliation, account: MerchantAccount, file: File) -> Entries:
    """What gives the statement's entries, as often as it is called; none where the provider is believed to have none."""
    source = partners.statement_source(row.method)
    try:
        await source.fetch(row.day, merchant_of(account), clock.now(), file)
    except NotYet:
        if not is_believed_empty(row.day, clock.now()):
            raise
        return lambda: iter(())

    def entries() -> Iterator[StatementEntry]:
        file.seek(0)
        return source.entries(file)

    return entries


async def _compared(row: Reconciliation, account: MerchantAccount, entries: Entries) -> Comparison:
    """What the day comes to. Whatever only the statement calls paid is asked for, not guessed."""
    ours = await Reconciliation.records(account, row.day)
    strays = await asyncio.to_thread(lambda: _unsettled(ours, entries()))
    others = await OnlinePayment.of_other_apps(account, strays) if strays else set()
    strays = [number for number in strays if number not in others]
    named = await _named(account, row.day, strays)
    for record in named.values():
        if record.kind is EntryKind.PAYMENT and not record.has_happened:
            await _ask(record)
    named = await _named(account, row.day, strays)
    ours = {**named, **await Reconciliation.records(account, row.day)}
    mine = partial(_without, others, entries)
    return await asyncio.to_thread(lambda: compare(ours, mine(), account.app_id))


def _without(others: set[str], entries: Entries) -> Iterator[StatementEntry]:
    """What of the statement is not another app's: a payee's statement may have those of all its apps."""
    return (entry for entry in entries() if entry.number not in others)


async def _ask(record: Record) -> None:
    log.warning("only the statement has a payment as paid", number=record.number)
    try:
        if (refusal := await learn(record.payment)) is not None:
            alert(Alert.ANSWER_OF_ANOTHER, number=record.number, reason=refusal)
    except Declined as no:  # it stays a difference; all others are to be compared
        alert(Alert.PAYMENT_UNTOLD, number=record.number, why=str(no))


def _unsettled(ours: dict[Key, Record], theirs: Iterable[StatementEntry]) -> list[str]:
    """The numbers of payments of which the statement says something that we do not have of this day."""
    return list({entry.number for entry in theirs if entry.key not in ours or not ours[entry.key].has_happened})


async def _named(account: MerchantAccount, day: date, numbers: list[str]) -> dict[Key, Record]:
    return await Reconciliation.records_named(account, day, numbers) if numbers else {}


async def _unreadable(errand: Errand) -> None:
    """Tell the supplier once, however often the statement is asked for; a day that was compared stays as it was."""
    row = await Reconciliation.locked(errand.subject_id)
    is_known = row.compared_at is not None or row.status is ReconciliationStatus.UNREADABLE
    if not is_known and await errand.is_mine():
        row.status, row.version = ReconciliationStatus.UNREADABLE, row.version + 1
        await row.save(update_fields=["status", "version"])
        await note_apart(row, row.version, EventKind.RECONCILIATION_UNREADABLE, CLOCK, [row.company_id], {})


async def _conclude(errand: Errand, result: Comparison) -> None:
    """Write down what came out, and tell the supplier where that is news, which a day on which nothing happened is not; unless it is
    compared anew, which then says what is so."""
    row, now = await Reconciliation.locked(errand.subject_id), clock.now()
    if not await errand.is_mine():
        return
    found = [ReconciliationDifference.made(row.id, one, now) for one in result.differences]
    still_open = await ReconciliationDifference.replace_open(row.id, found)
    await Reconciliation.mark_found(row.day, result.found)
    before = _told(row)
    row.our_paid, row.our_refunded, row.our_count = result.ours.paid, result.ours.refunded, result.ours.count
    row.their_paid, row.their_refunded, row.their_count = (
        result.theirs.paid,
        result.theirs.refunded,
        result.theirs.count,
    )
    row.fees, row.compared_at = result.fees, now
    row.status = ReconciliationStatus.DIFFERS if still_open else ReconciliationStatus.RECONCILED
    is_quiet = not (row.version or still_open or row.our_count or row.their_count)
    if _told(row) != before and not is_quiet:
        kind = EventKind.RECONCILIATION_DIFFERS if still_open else EventKind.RECONCILED
        row.version += 1
        await note_apart(row, row.version, kind, CLOCK, [row.company_id], {"differences": still_open})
    await row.save()


def _told(row: Reconciliation) -> tuple[object, ...]:
    ours, theirs = (
        (row.our_paid, row.our_refunded, row.our_count),
        (row.their_paid, row.their_refunded, row.their_count),
    )
    return row.status, ours, theirs, row.fees
