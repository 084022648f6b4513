"""What carriers push: verified over the bytes as they came, kept once, put on record, and parked with the reason where it cannot be."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TypeVar, TypeVarTuple
from uuid import UUID

import structlog
from anyio import CapacityLimiter, to_thread

from models import CarrierAccount, CarrierPush, Shipment
from models.base import new_id
from models.transaction import transact
from partners.carriers import Answer, Letter, Push, Scan, Unreadable, Unverified
from rules.carriers import CarrierProvider, ParkReason, PushStatus
from rules.lifecycle import OrderStatus
from rules.people import Actor, CompanyKind, Scope
from rules.problems import NotFound
from services import clock, partners, vault
from services.desk import lock_order
from services.tracking import CLOCKS_APART, Report, add_reports
from services.verb import committed, verb

NAMES = {
    CarrierProvider.KUAIDI100: "Kuaidi100",
    CarrierProvider.SEVENTEEN_TRACK: "17TRACK",
    CarrierProvider.AFTERSHIP: "AfterShip",
    CarrierProvider.EASYPOST: "EasyPost",
    CarrierProvider.OWN_FLEET: "Fleet",
}
"""What the timeline calls them, in any language."""

AGAIN_AFTER = timedelta(seconds=20)
"""A push that could not be put on record is tried again after so long."""

MOST_TRIES = 5
# Their own, so that no carrier waits behind somebody's contracts.
_READING = CapacityLimiter(2)
_ENDPOINT = re.compile(r"[\w-]{43}", re.ASCII)
T = TypeVar("T")
Given = TypeVarTuple("Given")
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Parked:
    """Why a push, or the first part of it that could not, was not put on record."""

    reason: ParkReason
    detail: str = ""


async def receive_push(provider: CarrierProvider, endpoint: str, push: Push) -> Answer:
    """What the sender is to hear. It hears of no trouble of ours once the push is kept: that is tried again by the clock."""
    carrier = partners.carrier(provider)
    account = await CarrierAccount.at(endpoint, provider) if _ENDPOINT.fullmatch(endpoint) else None
    if account is None:
        return carrier.refused
    secret = vault.opened(account.secret, account.id)
    try:
        await _aside(carrier.verify, push, secret, clock.now())
    except Unverified:
        return carrier.refused
    letter = await _aside(_read, provider, push)
    kept = await _keep(account, push, letter)
    if kept is not None:
        await _try(kept, letter)
    return carrier.accepted


async def try_again(push_id: UUID) -> None:
    """What the clock does with a push that was kept and not put on record."""
    await _try(push_id, None)


@verb
async def retry_parked(actor: Actor, push_id: UUID) -> CarrierPush:
    """A parked push, tried once more: its waybill may be known by now. What is on record already changes nothing."""
    if not await CarrierPush.visible_to(actor).filter(id=push_id).exists():
        raise NotFound("CarrierPush", push_id)
    return await _apply(push_id, None)


def _read(provider: CarrierProvider, push: Push) -> Letter | Parked:
    try:
        return partners.carrier(provider).read(push)
    except Unreadable as fault:
        return Parked(ParkReason.UNREADABLE, str(fault))


async def _keep(account: CarrierAccount, push: Push, letter: Letter | Parked) -> UUID | None:
    """The push's row; None where the same came before."""
    sha256 = hashlib.sha256(push.body).hexdigest()
    row = CarrierPush(
        id=new_id(),
        account_id=account.id,
        company_id=account.company_id,
        provider=account.provider,
        event_id=letter.event_id if isinstance(letter, Letter) else sha256,
        sha256=sha256,
        body=push.body,
        created_at=clock.now(),
    )
    return row.id if await transact(row.written) else None


async def _try(push_id: UUID, letter: Letter | Parked | None) -> None:
    try:
        await committed(lambda: _apply(push_id, letter))
    except Exception:  # whatever it is, the push is kept, and the sender could do nothing about it
        log.exception("a push was kept and not put on record", push=str(push_id))
        await transact(lambda: _count(push_id))


async def _count(push_id: UUID) -> None:
    row = await CarrierPush.locked(push_id)
    row.tries, row.tried_at = row.tries + 1, clock.now()
    if row.tries >= MOST_TRIES:
        row.status, row.reason = PushStatus.PARKED, ParkReason.FAILED
    await row.save(update_fields=["tries", "tried_at", "status", "reason"])


async def _apply(push_id: UUID, letter: Letter | Parked | None) -> CarrierPush:
    """Put what can be on record, and say what cannot."""
    row = await CarrierPush.locked(push_id)
    if row.status is PushStatus.APPLIED:
        return row
    told = letter
    if told is None:
        told = await _aside(_read, row.provider, Push(row.body or b"", {}))
    parked = told if isinstance(told, Parked) else await _record(row, told)
    row.status = PushStatus.PARKED if parked else PushStatus.APPLIED
    row.reason, row.detail = (parked.reason, parked.detail[:200]) if parked else (None, None)
    row.body = row.body if parked else None
    row.tries, row.tried_at = row.tries + 1, clock.now()
    await row.save()
    return row


async def _record(push: CarrierPush, letter: Letter) -> Parked | None:
    """The first thing that stood in the way, if any did."""
    troubles: list[Parked] = []
    for waybill, scans in groupby(sorted(letter.scans, key=lambda scan: scan.waybill), key=lambda scan: scan.waybill):
        found, trouble = _reports(scans)
        troubles += trouble
        shipments = await Shipment.under_waybill(push.company_id, waybill)
        if not shipments:
            troubles.append(Parked(ParkReason.UNKNOWN_WAYBILL, waybill))
        open_ones = [await _record_on(push, shipment, found) for shipment in shipments]
        if shipments and not any(open_ones):
            troubles.append(Parked(ParkReason.TOO_LATE, waybill))
    if letter.given_up:
        troubles.append(Parked(ParkReason.GIVEN_UP, letter.given_up))
    return next(iter(troubles), None)


def _reports(scans: Iterable[Scan]) -> tuple[list[Report], list[Parked]]:
    reports, troubles, latest = [], [], clock.now() + CLOCKS_APART
    for scan in scans:
        if scan.code is None:
            troubles.append(Parked(ParkReason.UNKNOWN_STATUS, scan.said))
        elif scan.occurred_at > latest:
            troubles.append(Parked(ParkReason.IN_THE_FUTURE, scan.occurred_at.isoformat()))
        else:
            reports.append(Report(scan.event_id, scan.code, scan.occurred_at, scan.place, scan.eta, scan.remark))
    return reports, troubles


async def _record_on(push: CarrierPush, shipment: Shipment, reports: list[Report]) -> bool:
    """Whether the order still waits for goods; only then there is anything to put on record."""
    actor = Actor(
        company=push.company_id,
        kind=CompanyKind.SUPPLIER,
        scopes=frozenset({Scope.READ, Scope.SHIPMENTS}),
        name=NAMES[push.provider],
    )
    order = await lock_order(actor, shipment.order_id)
    if order.status is not OrderStatus.CONTRACTED:
        return False
    await shipment.refresh_from_db()
    await add_reports(order, shipment, actor, reports)
    return True


async def _aside(work: Callable[[*Given], T], *given: *Given) -> T:
    """The work's answer, worked out in a thread."""
    return await to_thread.run_sync(work, *given, limiter=_READING)
