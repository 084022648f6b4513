"""What people do about reconciliations: have a day compared, now or once more, and say what a difference was."""

from datetime import date
from uuid import UUID

from models import Reconciliation, ReconciliationDifference
from rules.billing import PaymentMethod
from rules.errands import ErrandKind
from rules.events import EventKind
from rules.people import Actor
from rules.problems import NotFound, WrongStatus, invalid
from rules.rails import ONLINE
from rules.reconciliation import ReconciliationStatus, days_kept
from rules.statement_problems import MerchantAccountMissing, StatementUnavailable
from services import clock, errands
from services.errand_works import work_at_once
from services.reconciling import want
from services.streams import note_apart
from services.verb import verb

OPEN, RESOLVED = "OPEN", "RESOLVED"


async def reconcile_payments(
    actor: Actor, method: PaymentMethod, day: date, supplier_id: UUID | None = None
) -> Reconciliation:
    """The day as its comparison leaves it; as it was, where the provider has no statement of it yet, or does not answer.

    Of the caller's own company, or for an operator of the supplier's. Where several accounts were used on it, since one replaced another,
    all of them are compared, and it is the newest one's.
    """
    found = await _reconcile_payments(actor, method, day, supplier_id)
    for row in found:
        await work_at_once(ErrandKind.RECONCILE, row.id)
    return await Reconciliation.named(found[0].id)


@verb
async def _reconcile_payments(
    actor: Actor, method: PaymentMethod, day: date, supplier_id: UUID | None
) -> list[Reconciliation]:
    if actor.is_operator and supplier_id is None:
        raise invalid("input.supplierId", "must name the supplier whose account it is")
    if not actor.is_operator and supplier_id is not None and supplier_id != actor.home:
        raise NotFound("Company", supplier_id)
    if method not in ONLINE:
        raise invalid("input.method", "must be ALIPAY or WECHAT_PAY")
    accounts = await Reconciliation.accounts_on(supplier_id or actor.home, method, day)
    if not accounts:
        raise MerchantAccountMissing(method)
    first, last = days_kept(method, clock.now())
    if not first <= day <= last:
        raise StatementUnavailable(method, day, first, last)
    return [await want(account, day, errands.unless_done_at_once()) for account in accounts]


@verb
async def resolve_reconciliation_difference(actor: Actor, difference_id: UUID, remark: str) -> ReconciliationDifference:
    """The difference, done with; the last one leaves the day reconciled."""
    row = await Reconciliation.locked((await _seen(actor, difference_id)).reconciliation_id)
    difference = await _seen(actor, difference_id)  # the day may have been compared meanwhile
    if difference.resolved_at is not None:
        raise WrongStatus("resolve_reconciliation_difference", RESOLVED, (OPEN,))
    difference.resolved_at, difference.resolved_by, difference.remark = clock.now(), actor.name, remark
    await difference.save()
    if not await ReconciliationDifference.are_open(row.id):
        row.status = ReconciliationStatus.RECONCILED
    row.version += 1
    await row.save()
    body = {"differenceId": str(difference.id)}
    await note_apart(row, row.version, EventKind.STATEMENT_DIFFERENCE_RESOLVED, actor, [row.company_id], body)
    return difference


async def _seen(actor: Actor, difference_id: UUID) -> ReconciliationDifference:
    difference = await ReconciliationDifference.visible_to(actor).get_or_none(id=difference_id)
    if difference is None:
        raise NotFound("ReconciliationDifference", difference_id)
    return difference
