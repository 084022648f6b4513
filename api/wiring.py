"""What runs in a process, and which concrete partners it uses: the only place that names them."""

import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from asn1crypto import x509

from api.demo.driving import STEP, Driver
from api.demo.paying import PayDesk
from api.settings import Settings
from models import database
from partners.carriers.aftership import AfterShip
from partners.carriers.easypost import EasyPost
from partners.carriers.kuaidi100 import Kuaidi100
from partners.carriers.own_fleet import OwnFleet
from partners.carriers.seventeen_track import SeventeenTrack
from partners.carriers.simulated import SimulatedCarrier
from partners.documents.typst_printer import TypstPrinter
from partners.payments import rsa
from partners.payments.alipay import Alipay
from partners.payments.alipay_statements import AlipayStatements
from partners.payments.sandbox import Sandbox
from partners.payments.wechat_pay import WeChatPay
from partners.payments.wechat_statements import WeChatStatements
from partners.signing.certificates import Authority
from partners.signing.pades import Pades
from partners.signing.pyhanko_forms import certificates_in
from partners.storage import Storage
from partners.storage.folder import Folder
from partners.storage.s3 import S3, Bucket
from services import (
    attaching,
    clock,
    errand_works,
    making_statements,
    partners,
    reconciling,
    statement_files,
    sweeping,
    tokens,
    vault,
    verb,
    watching,
)
from services.key_files import kept_in
from services.signing_key import signing_key_in
from services.sweeper import Sweeper
from subscriptions.bell import Bell
from subscriptions.fields import use_tails
from subscriptions.relay import RELAY, Relay
from subscriptions.tail import Tails

FILES = "files"
AUTHORITY = "contract-authority.pem"
VAULT_KEY = "secrets.key"
SIMULATED_KEY = "simulated-carrier.key"
SANDBOX_KEY = "sandbox-merchant.pem"
SIMULATOR = "payment-simulator"

BY_THE_CLOCK = (
    (sweeping.SWEPT_EVERY, sweeping.sweep),
    (attaching.TIDIED_EVERY, attaching.tidy_files),
    (attaching.TIDIED_EVERY, statement_files.tidy_statements),
    (watching.WATCHED_EVERY, watching.watch),
    (errand_works.WORKED_EVERY, errand_works.work),
    (making_statements.WORKED_EVERY, making_statements.work),
    (reconciling.WORKED_EVERY, reconciling.work),
    (reconciling.PLANNED_EVERY, reconciling.plan),
)
"""What each process does by itself, each beside the others, so that none waits for another; and after how many seconds again."""


class Worker(Protocol):
    """Works beside the requests."""

    async def start(self) -> None:
        """It works from now on."""

    async def stop(self) -> None:
        """It has stopped."""


@dataclass(frozen=True)
class House:
    """What is at work in this process."""

    bell: Bell
    relay: Relay
    tails: Tails
    sweepers: Sequence[Sweeper]


@asynccontextmanager
async def at_work(settings: Settings, database_url: str, address: str | None = None) -> AsyncIterator[House]:
    """Everything that runs beside the requests, from the database to the sweeper; put away in the opposite order.

    With an `address` at which this process answers, the goods of a demo move.
    """
    async with AsyncExitStack() as put_away:
        put_away.enter_context(partners.for_a_while())
        partners.use_signer(_signer(settings))
        partners.use_printer(TypstPrinter())
        partners.use_storage(storage_at(settings))
        partners.use_carriers((Kuaidi100(), SeventeenTrack(), AfterShip(), EasyPost(), OwnFleet()))
        use_payments(settings.public_url or address, settings.payment_simulator_url)
        vault.use(kept_in(settings.data_dir / VAULT_KEY, vault.new_key))
        tokens.use(tokens.Keyring(signing_key_in(settings.data_dir)))
        await database.connect(database_url, pool_min=settings.pool_min, pool_max=settings.pool_max)
        put_away.push_async_callback(database.close)
        bell = Bell(settings.redis_url or "memory://")
        house = House(bell, Relay(bell), Tails(bell), [Sweeper(every, work) for every, work in BY_THE_CLOCK])
        workers: list[Worker] = [house.bell, house.relay, house.tails, *house.sweepers]
        workers += [_driver(settings, address), _pay_desk(settings, address)] if settings.demo and address else []
        for worker in workers:
            await worker.start()
            put_away.push_async_callback(worker.stop)
        use_tails(house.tails)
        verb.after_commit[:] = [lambda: bell.ring([RELAY])]
        put_away.callback(verb.after_commit.clear)
        yield house


def storage_at(settings: Settings) -> Storage:
    """Where the setting says that files are kept."""
    url = settings.storage_url or (settings.data_dir / FILES).resolve().as_uri()
    return S3(Bucket.at(url)) if url.startswith("s3:") else Folder(Path(unquote(urlsplit(url).path)))


def use_payments(address: str | None, simulator: str | None) -> None:
    """Let money be taken: by the real providers, and for sandbox accounts by the simulator, where there is one."""
    partners.use_public_address(address)
    gateway = simulator and f"{simulator.rstrip('/')}/gateway.do"
    api = simulator and simulator.rstrip("/")
    partners.use_payment_providers((Alipay(sandbox=gateway), WeChatPay(sandbox=api)))
    partners.use_statement_sources((AlipayStatements(sandbox=gateway), WeChatStatements(sandbox=api)))


@contextmanager
def open_till(settings: Settings) -> Iterator[Sandbox]:
    """While this lasts, money is taken by a simulated Alipay inside of this process; the demo's simulator knows of it afterwards."""
    till = Sandbox(settings.data_dir / SIMULATOR, _sandbox_key(settings))
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    with partners.for_a_while():
        partners.use_public_address(address)
        partners.use_payment_providers((Alipay(sandbox=f"{address}/gateway.do", call=till.call), WeChatPay()))
        yield till
        till.keep()


def _driver(settings: Settings, address: str) -> Driver:
    """Signs with a secret of its own, which all processes of the demo share."""
    secret = kept_in(settings.data_dir / SIMULATED_KEY, lambda: secrets.token_hex(32).encode()).decode()
    return Driver(SimulatedCarrier(secret, timedelta(seconds=STEP)), address)


def _pay_desk(settings: Settings, address: str) -> PayDesk:
    """Signs with a key of its own, which all processes of the demo share."""
    key = _sandbox_key(settings)

    def use(simulator: str) -> None:
        use_payments(settings.public_url or address, simulator)

    return PayDesk(settings.data_dir / SIMULATOR, key, rsa.public_half(key), use)


def _sandbox_key(settings: Settings) -> str:
    return kept_in(settings.data_dir / SANDBOX_KEY, lambda: rsa.new_key().encode()).decode()


def _signer(settings: Settings) -> Pades:
    """Signs with the installation's own authority, whose keys are made on the first start."""
    authority = kept_in(settings.data_dir / AUTHORITY, lambda: Authority.made(clock.now()).pem())
    return Pades(
        Authority.from_pem(authority),
        time_stamp_url=settings.time_stamp_url,
        trusted=_certificates_at(settings.trusted_roots),
        signing_roots=_certificates_at(settings.signing_roots),
    )


def _certificates_at(path: Path | None) -> list[x509.Certificate]:
    return certificates_in(path.read_bytes()) if path else []
