"""`python -m bench.notices`: a provider's notice, thirty times at once on two servers of one database: how long the slowest answer takes.

Each round has a payment of its own, which is booked once. In turns with it stand thirty requests at once that ask for nothing: what the
machine, the sockets and this program take of the time. PostgreSQL writes through to the disk. Nothing is written but to the terminal.
It fails where an answer took a second or longer.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

import httpx2

from api.embedded import EmbeddedPostgres
from models import database as door
from models.migrate import migrate
from rules.billing import PaymentMethod, PaymentStatus
from rules.rails import ONLINE, SLUGS
from services import clock, vault
from services.key_files import kept_in
from tests.order_makers import Parties, make_parties
from tests.payment_makers import line, make_online_payment
from tests.processes import Fleet, open_fleet
from tests.servers import valkey

AT_ONCE = 30
MOST_SECONDS = 1.0
"""What the slowest answer has to stay below."""

Send = Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.notices", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="of thirty notices each, with either provider")
    with tempfile.TemporaryDirectory(prefix="dinghuo-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # the database's account must be able to pass
        asyncio.run(_run(Path(folder), parser.parse_args().rounds))


async def _run(folder: Path, rounds: int) -> None:
    postgres = EmbeddedPostgres(home=folder / "postgres", max_connections=200)
    postgres.start()
    try:
        url = postgres.url_of("postgres")
        await migrate(url)
        await door.connect(url)
        vault.use(kept_in(folder / "secrets.key", vault.new_key))
        with valkey() as broker:
            async with open_fleet(url, broker, folder) as fleet:
                parties = await make_parties()
                measured = {
                    method: [await _round(fleet, parties, method) for _ in range(rounds)] for method in sorted(ONLINE)
                }
    finally:
        await door.close()
        postgres.stop()
    for method, found in measured.items():
        _print(method, found)
    if late := too_slow(measured):
        raise SystemExit(f"slower than {MOST_SECONDS:.0f} s: {', '.join(late)}")


def too_slow(measured: Mapping[PaymentMethod, Sequence[tuple[float, float]]]) -> list[PaymentMethod]:
    """Whose slowest notice took too long, in any round."""
    return [method for method, rounds in measured.items() if max(notice for notice, _ in rounds) >= MOST_SECONDS]


async def _round(fleet: Fleet, parties: Parties, method: PaymentMethod) -> tuple[float, float]:
    """Seconds of the slowest notice, and of the slowest request for nothing."""
    started = await make_online_payment(parties, method=method)
    line().office.bank.pay(started.trade, clock.now())
    notice, path = started.notice(), f"/payments/{SLUGS[method]}/{started.account.endpoint}"
    nothing = await _slowest(fleet, lambda http: http.post("/graphql", json={"query": "{ __typename }"}))
    slowest = await _slowest(fleet, lambda http: http.post(path, content=notice.body, headers=dict(notice.headers)))
    if (await started.now()).status is not PaymentStatus.CHANNEL_CONFIRMED:
        raise SystemExit("the payment was not booked")
    return slowest, nothing


async def _slowest(fleet: Fleet, send: Send) -> float:
    servers = (fleet.first.http, fleet.second.http) * (AT_ONCE // 2)
    return max(await asyncio.gather(*(_seconds(send, http) for http in servers)))


async def _seconds(send: Send, http: httpx2.AsyncClient) -> float:
    begun = time.perf_counter()
    reply = await send(http)
    taken = time.perf_counter() - begun
    if reply.status_code != 200:
        raise SystemExit(f"answered {reply.status_code}: {reply.text[:200]}")
    return taken


def _print(method: PaymentMethod, rounds: list[tuple[float, float]]) -> None:
    slowest = [notice for notice, _ in rounds]
    ratios = [notice / nothing for notice, nothing in rounds]
    print(
        f"{method:12} the slowest of {AT_ONCE} at once: {max(slowest):.2f} s at worst of {len(rounds)} rounds, "
        f"{median(slowest):.2f} s in the median; {median(ratios):.1f} times that of requests for nothing"
    )


if __name__ == "__main__":
    main()
