"""Goods of the demo move by themselves: a simulated carrier pushes over HTTP to the address that the app itself serves."""

import asyncio
import urllib.error
import urllib.request
from datetime import datetime
from typing import Protocol

import structlog
from anyio import to_thread

from api.demo.people import COMPANIES, actor_for
from api.demo.plot import SIMULATED
from models import CarrierAccount, Member, Shipment, TrackingEvent
from partners.carriers import Push
from rules.admission import SIGNING_IN
from rules.carriers import SLUGS, CarrierProvider
from rules.people import Actor, CompanyKind
from rules.shipping import UNDER_WAY
from services import clock
from services.carriers import set_carrier_account
from services.secret import Secret

STEP = 4.0
"""Seconds from one stop of a route to the next, so that goods arrive within a minute."""

PATIENCE = 5.0
"""Seconds that a push may take."""

_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
log = structlog.get_logger(__name__)


class Simulation(Protocol):
    """A carrier that only exists here."""

    @property
    def secret(self) -> str:
        """What it signs with."""

    def next_pushes(self, waybill: str, known: int, now: datetime) -> list[Push]:
        """What it sends now of goods of which so many reports are known."""


class Driver:
    """Drives what the demo gave to the simulated carrier; several at once do no harm, for each scan counts once."""

    def __init__(self, carrier: Simulation, address: str, step: float = STEP) -> None:
        self._carrier = carrier
        self._address = address
        self._step = step
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """It drives in the background from now on."""
        self._task = asyncio.create_task(self._run(), name="drive")

    async def stop(self) -> None:
        """It has stopped; goods stay where they are known to be, and go on from there."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def drive(self) -> int:
        """Each shipment one stop further; how many pushes were sent."""
        sent = 0
        for cast in COMPANIES:
            member = await Member.signing_in(f"admin@{cast.name}.demo", SIGNING_IN)
            if cast.kind is CompanyKind.SUPPLIER and member is not None:
                sent += await self._drive_for(await actor_for(member))
        return sent

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._step)
            try:
                await self.drive()
            except Exception:  # the database is away, or the server not yet there: the goods wait
                log.warning("could not drive", exc_info=True)

    async def _drive_for(self, actor: Actor) -> int:
        sent = 0
        for shipment in await Shipment.visible_to(actor).filter(carrier=SIMULATED, status__in=list(UNDER_WAY)):
            known = await TrackingEvent.of(shipment.id).count()
            for push in self._carrier.next_pushes(shipment.waybill, known, clock.now()):
                await to_thread.run_sync(_post, f"{self._address}{await self._path(actor)}", push)
                sent += 1
        return sent

    async def _path(self, actor: Actor) -> str:
        """Where the supplier's fleet pushes to; the account is made where it has none."""
        fleet = CarrierProvider.OWN_FLEET
        account = await CarrierAccount.visible_to(actor).get_or_none(provider=fleet)
        account = account or await set_carrier_account(actor, fleet, Secret(self._carrier.secret))
        return f"/carriers/{SLUGS[fleet]}/{account.endpoint}"


def _post(url: str, push: Push) -> None:
    request = urllib.request.Request(url, push.body, dict(push.headers), method="POST")  # noqa: S310  # our own address
    try:
        with _DIRECTLY.open(request, timeout=PATIENCE):
            pass
    except urllib.error.HTTPError as refused:
        refused.close()
        log.warning("a simulated push was refused", status=refused.code)
