"""The demo is paid through a simulated provider, a process of its own: invoices of its suppliers can be paid by Alipay and WeChat Pay."""

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import structlog
from anyio import to_thread

from api.demo.people import COMPANIES, actor_for
from models import Member, MerchantAccount
from rules.admission import SIGNING_IN
from rules.billing import PaymentMethod
from rules.people import Actor, CompanyKind
from services.merchants import MerchantCredentials, set_merchant_account
from services.secret import Secret

PAYS_AFTER = 10
"""Seconds after which the simulated payer pays, if nobody does it at the cashier before."""

PACE = 30
"""How much faster than in reality notices are sent again."""

AGAIN, BEGINNING = 3.0, 15.0
"""Seconds between two tries, and those that the first may take before the server opens without it."""

PATIENCE = 10.0
SERIAL = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
SEAL = "SANDBOX-SANDBOX-SANDBOX-SANDBOX!"
log = structlog.get_logger(__name__)
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class PayDesk:
    """Starts the simulator, and gives the demo's suppliers their sandbox accounts.

    Of several processes with one data folder the first one's simulator serves all; when that process has ended, another one's does.
    """

    def __init__(self, folder: Path, key: str, public_key: str, use: Callable[[str], None]) -> None:
        self._folder, self._key, self._public_key, self._use = folder, key, public_key, use
        self._running: subprocess.Popen[str] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Invoices can be paid from now on, or, on a machine that does other things besides, soon."""
        tried = asyncio.Event()
        self._task = asyncio.create_task(self._run(tried), name="pay-desk")
        with suppress(TimeoutError):
            await asyncio.wait_for(tried.wait(), BEGINNING)

    async def stop(self) -> None:
        """The simulator has ended, if it was this process's."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await to_thread.run_sync(self._end)

    async def _run(self, tried: asyncio.Event) -> None:
        while True:
            try:
                address = await to_thread.run_sync(self._begin)
                if address and await self._open_accounts(address):
                    self._use(address)
                    tried.set()
                    await _ended(address)
            except Exception:  # the database is away, or the demo not yet made: nobody pays meanwhile
                log.warning("nothing can be paid yet", exc_info=True)
            finally:
                tried.set()
            self._end()
            await asyncio.sleep(AGAIN)

    def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.kill()
            running.wait()

    def _begin(self) -> str:
        """Where a simulator serves; it ends with this process, however that ends."""
        command = [sys.executable, "-m", "partners.payments.simulator", "--folder", str(self._folder), "--with-parent"]
        command += ["--pay-after", str(PAYS_AFTER), "--pace", str(PACE)]
        running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603  # ourselves
        self._running = running
        return running.stdout.readline().strip() if running.stdout else ""

    async def _open_accounts(self, address: str) -> bool:
        """Whether the suppliers have their accounts; the demo's people may still have to come."""
        actors = [actor async for actor in _suppliers()]
        for number, actor in enumerate(actors):
            for method in (PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY):
                await self._open_account(address, actor, number, method)
        return bool(actors)

    async def _open_account(self, address: str, actor: Actor, number: int, method: PaymentMethod) -> None:
        is_alipay, facts = method is PaymentMethod.ALIPAY, account_names(number, method)
        asked = {**facts, "method": method, "public_key": self._public_key}
        told = await to_thread.run_sync(_register, address, asked | ({} if is_alipay else {"secret": SEAL}))
        keys = {told["key_id"]: told["public_key"]}
        seal = Secret("" if is_alipay else SEAL)
        credentials = MerchantCredentials(
            private_key=Secret(self._key), provider_keys=keys, api_key=seal, is_sandbox=True, **facts
        )
        known = await MerchantAccount.visible_to(actor).get_or_none(method=method, replaced_at__isnull=True)
        if known is None or not known.is_sandbox or (known.app_id, known.payee) != (facts["app_id"], facts["payee"]):
            self._use(address)
            await set_merchant_account(actor, method, credentials)


def account_names(number: int, method: PaymentMethod) -> dict[str, str]:
    """What one of the demo's suppliers, counted from 0, is called at a provider."""
    if method is PaymentMethod.ALIPAY:
        return {"app_id": f"20210000{number:08d}", "payee": f"20880000{number:08d}"}
    return {"app_id": f"wxsandbox{number:04d}", "payee": f"19000{number:05d}", "certificate_serial": SERIAL}


async def _ended(address: str) -> None:
    """Wait until nobody answers there any more."""
    host, _, port = address.rpartition("/")[2].partition(":")
    with suppress(OSError):
        while True:
            _, line = await asyncio.open_connection(host, int(port))
            line.close()
            await asyncio.sleep(AGAIN)


async def _suppliers() -> AsyncIterator[Actor]:
    for cast in COMPANIES:
        member = await Member.signing_in(f"admin@{cast.name}.demo", SIGNING_IN)
        if cast.kind is CompanyKind.SUPPLIER and member is not None:
            yield await actor_for(member)


def _register(address: str, merchant: dict[str, str]) -> dict[str, str]:
    request = urllib.request.Request(f"{address}/merchants", json.dumps(merchant).encode(), method="POST")  # noqa: S310  # our own
    with _DIRECTLY.open(request, timeout=PATIENCE) as answer:
        told: dict[str, str] = json.load(answer)
        return told
