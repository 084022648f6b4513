"""Who does which errand: each kind's work, done when it is due, or at once while somebody waits for it."""

from uuid import UUID

from rules.errands import ErrandKind
from services import splitting
from services.errands import Work, work_due, work_now
from services.lapsing import watch
from services.online_errands import follow, refund, start
from services.reconciling import reconcile
from services.three_way import look_at_invoice

WORKED_EVERY = 2.0
"""Seconds between two looks for errands that are due."""

WORKS: dict[ErrandKind, Work] = {
    ErrandKind.START_PAYMENT: start,
    ErrandKind.FOLLOW_PAYMENT: follow,
    ErrandKind.REFUND_PAYMENT: refund,
    ErrandKind.SPLIT_PAYMENT: splitting.split,
    ErrandKind.TAKE_BACK_SHARE: splitting.take_back,
    ErrandKind.WATCH_HELD_MONEY: watch,
    ErrandKind.RECONCILE: reconcile,
    ErrandKind.MATCH_INVOICE: look_at_invoice,
}
APART = frozenset({ErrandKind.RECONCILE})
"""Which may take minutes, and have a worker of their own: nobody waits for a payment behind one."""


async def work() -> int:
    """What the clock does: the errands that are due."""
    return await work_due({kind: does for kind, does in WORKS.items() if kind not in APART})


async def work_at_once(kind: ErrandKind, subject_id: UUID) -> None:
    """What a verb does after its commit, while its caller waits."""
    await work_now(WORKS, kind, subject_id)
