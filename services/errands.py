"""Errands: what a verb wants done outside is written down with it, done after the commit, and done again until somebody knows the
outcome. Whoever dies in the middle leaves a lease that runs out; the next one asks for the same thing under the same number."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import structlog

from models import Errand
from models.base import new_id
from models.transaction import transact
from rules.errands import HEAD_START, LEASE, ErrandKind, pause_after
from rules.problems import Unavailable
from services import clock

Work = Callable[[Errand], Awaitable[datetime | None]]
"""Does an errand: None when it is done, or when to try again."""

AT_ONCE = 20
log = structlog.get_logger(__name__)


async def send(kind: ErrandKind, subject_id: UUID, due_at: datetime | None = None) -> None:
    """Want it done, now unless said; one that was wanted before is wanted anew. Belongs inside the verb's transaction."""
    due = due_at or clock.now()
    errand = Errand(id=new_id(), kind=kind, subject_id=subject_id, due_at=due, created_at=clock.now())
    if not await errand.written():
        await Errand.again(kind, subject_id, due)


def unless_done_at_once() -> datetime:
    """When an errand is due that the verb's caller waits for: whoever works by the clock, in any process, leaves it to `work_now`, which
    does not ask what is due, and takes it up only if that never came."""
    return clock.now() + HEAD_START


async def work_due(works: Mapping[ErrandKind, Work], most: int = AT_ONCE) -> int:
    """Do what is due of these kinds, up to so many; how many were tried. Several workers at once do no harm.

    Each is claimed when its turn comes, so that its lease begins with it, and others may do what waits behind a slow one.
    """
    for done in range(most):
        claimed = await transact(lambda: Errand.claim(works, clock.now(), LEASE, 1))
        if not claimed:
            return done
        await _do(claimed[0], works)
    return most


async def work_now(works: Mapping[ErrandKind, Work], kind: ErrandKind, subject_id: UUID) -> None:
    """Do this one at once, if nobody else is at it: whoever asked is waiting."""
    for errand in await transact(lambda: Errand.claim_one(kind, subject_id, clock.now(), LEASE)):
        await _do(errand, works)


@asynccontextmanager
async def kept(errand: Errand) -> AsyncIterator[None]:
    """Hold an errand that was claimed for as long as the work within takes, however long; a process that dies holds it no longer than
    the lease. Whoever commits anything asks `Errand.is_mine` in the same transaction."""
    renewing = asyncio.create_task(_renew(errand), name="lease")
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)


async def _renew(errand: Errand) -> None:
    held = True
    while held:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        try:
            held = await transact(lambda: errand.renew(clock.now() + LEASE))
        except Unavailable:  # the next try comes before the lease runs out
            log.warning("a lease could not be renewed", errand=str(errand.id))


async def _do(errand: Errand, works: Mapping[ErrandKind, Work]) -> None:
    trouble = None
    try:
        again = await works[errand.kind](errand)
    except Exception as fault:  # whatever it is, the errand has still to be done
        log.exception("an errand failed", kind=errand.kind, subject=str(errand.subject_id))
        again, trouble = clock.now() + pause_after(errand.attempts), type(fault).__name__
    await transact(lambda: _finish(errand, again, trouble))


async def _finish(errand: Errand, again: datetime | None, trouble: str | None) -> None:
    held = await Errand.held(errand)
    if held is None:  # the lease ran out, and it is in other hands
        return
    wanted_anew = held.attempts != errand.attempts
    held.leased_until, held.trouble = None, trouble
    if not wanted_anew:
        held.done_at = clock.now() if again is None else None
        held.due_at = again or held.due_at
    await held.save()
