"""`python -m bench.statements`: long statements of account, asked for and followed by a person over a socket, made by one server.

For each length and format: seconds until it was READY, how many words of its progress came, in rising order, the size of the file, the
server's seconds of a processor, how much more memory it held at most than before, and how long requests for nothing waited for an answer
meanwhile, one every 10 ms. A short one is made before, so that fonts are there. Nothing is written but to the terminal.
"""

import argparse
import asyncio
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import asyncpg
import httpx2

from api.embedded import EmbeddedPostgres
from bench import servers
from models import Member
from models import database as door
from models.migrate import migrate
from resolvers.ids import encode_id
from rules.account_statements import StatementFormat
from tests.house import SIGN_IN, Caller
from tests.ledger_makers import make_books
from tests.makers import PASSWORD, make_key
from tests.order_makers import Parties, make_parties

PAUSE = 0.01
"""Seconds between two requests for nothing."""

REQUEST = """mutation ($input: RequestAccountStatementInput!) { requestAccountStatement(input: $input) {
    ... on RequestAccountStatementSuccess { statementFile { id } } ... on Problem { code message } } }"""
EVENTS = """subscription { companyEvents(after: 0) { ... on StatementFileChanged { status linesDone statementFile { id url size } } } }"""


HEADINGS = "format", "lines", "seconds", "told", "KiB", "CPU s", "MiB more", "slowest ms", "99 of 100 ms"
Wish = dict[str, Any]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.statements", description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[10_000, 30_000], help="multiples of four")
    servers.stay_on(servers.LOAD_CORE)
    asyncio.run(_run(parser.parse_args().lines))


async def _run(lengths: list[int]) -> None:
    _print(HEADINGS)
    with servers.postgres() as postgres:
        for lines in lengths:
            url = await _database(postgres, f"lines_{lines}")
            await door.connect(url)
            try:
                parties = await make_parties()
                await make_books(parties, lines)
                name = (await Member.get(id=parties.supplier.member)).sign_in_name
            finally:
                await door.close()
            with servers.uvicorn({"one": ("bench.ours:app", url)}) as started:
                await _measure(started["one"], parties, name, lines)


async def _database(postgres: EmbeddedPostgres, name: str) -> str:
    connection = await asyncpg.connect(postgres.url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    await migrate(postgres.url_of(name))
    return postgres.url_of(name)


async def _measure(server: servers.Server, parties: Parties, name: str, lines: int) -> None:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as http:
        caller = Caller(http, f"ws://127.0.0.1:{server.port}/graphql")
        caller.token = (await caller.do(SIGN_IN, signInName=name, password=PASSWORD))["accessToken"]
        wish = {
            "counterpartyId": encode_id("Company", parties.buyer.home),
            "currency": "CNY",
            "periodStart": "2026-11-01",
        }
        await _made(caller, {**wish, "format": "PDF", "periodEnd": "2026-11-01"})
        for kind in StatementFormat:
            memory, cpu, began, waits = _memory(server), server.cpu_seconds, time.monotonic(), list[float]()
            asking = asyncio.create_task(_ask(http, waits))
            told, size = await _made(caller, {**wish, "format": kind, "periodEnd": "2026-11-30"})
            seconds = time.monotonic() - began
            asking.cancel()
            if told != sorted(told) or told[-1] != lines:
                raise SystemExit(f"progress was told as {told}")
            more, cpu = _memory(server, "VmHWM") - memory, server.cpu_seconds - cpu
            slow = 1000 * max(waits), 1000 * quantiles(waits, n=100, method="inclusive")[-1]
            numbers = (f"{number:.1f}" for number in (cpu, more, *slow))
            _print((kind, f"{lines:,}", f"{seconds:.1f}", str(len(told)), f"{size // 1024:,}", *numbers))


async def _made(caller: Caller, wish: Wish) -> tuple[list[int], int]:
    """The lines of each word of progress, as they came, and the bytes of the file."""
    told = list[int]()
    async with caller.listening(EVENTS) as feed:
        asked = await caller.do(REQUEST, **wish, idempotencyKey=make_key())
        file = asked["statementFile"]["id"]
        while True:
            event = await feed.next(within=300)
            if event and event["statementFile"]["id"] == file:
                told.append(event["linesDone"])
                if event["status"] in ("READY", "FAILED"):
                    reply = await caller.http.get(
                        event["statementFile"]["url"], headers={"authorization": f"Bearer {caller.token}"}
                    )
                    return told, len(reply.content)


async def _ask(http: httpx2.AsyncClient, waits: list[float]) -> None:
    while True:
        began = time.monotonic()
        reply = await http.post("/graphql", json={"query": "{ __typename }"})
        if reply.status_code != 200:
            raise SystemExit(f"answered {reply.status_code}: {reply.text[:200]}")
        waits.append(time.monotonic() - began)
        await asyncio.sleep(PAUSE)


def _memory(server: servers.Server, which: str = "VmRSS") -> float:
    """MiB that the server holds; or, as VmHWM, held at most since it was last asked what it holds (proc(5))."""
    process = Path(f"/proc/{server.process.pid}")
    if which == "VmRSS":
        (process / "clear_refs").write_text("5")
    [line] = [line for line in (process / "status").read_text().splitlines() if line.startswith(which)]
    return int(line.split()[1]) / 1024


def _print(cells: tuple[str, ...]) -> None:
    print("".join(f"{cell:>14}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
