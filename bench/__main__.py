"""`python -m bench`: requests per second of the order list and the order detail, as shares of what a hand-written handler reaches.

Everything runs in one go and in turns, because the same machine is up to 1.3 times faster a minute later: only ratios within a run
mean something. Nothing is written anywhere but to the terminal.
"""

import argparse
from collections import defaultdict
from dataclasses import dataclass
from statistics import median

import orjson
import uvloop

from bench import servers
from bench.counting import statements_of
from bench.data import credential, row_id
from bench.load import Load, Measured
from bench.questions import DETAIL, LIST
from resolvers.ids import encode_id
from rules.people import Actor, CompanyKind, Role

BUYER_NUMBER = 2
ORDER, BUYER = row_id(5, 1), row_id(1, BUYER_NUMBER)
"""An order, and the buyer who placed it."""

Turns = dict[str, list[Measured]]


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    orders: int
    rounds: int
    seconds: float
    connections: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--orders", type=int, default=2_000, help="in the smaller database; the other has ten times as many"
    )
    parser.add_argument("--rounds", type=int, default=5, help="turns for each request")
    parser.add_argument("--seconds", type=float, default=2.0, help="of one turn")
    parser.add_argument("--connections", type=int, default=16, help="asking at the same time")
    uvloop.run(_run(Options(**vars(parser.parse_args()))))


async def _run(options: Options) -> None:
    servers.stay_on(servers.LOAD_CORE)
    with servers.postgres() as postgres:
        small = await servers.database(postgres, options.orders)
        large = await servers.database(postgres, options.orders * 10)
        apps = {"raw": ("bench.raw:app", small), "ours": ("bench.ours:app", small), "large": ("bench.ours:app", large)}
        with servers.uvicorn(apps, BENCH_BUYER=str(BUYER), BENCH_ORDER=str(ORDER)) as started:
            loads = _loads(started)
            await _check(loads)
            turns = await _measured(loads, options)
        _print(turns, options)
        await _print_statements(small)


def _loads(started: dict[str, servers.Server]) -> dict[str, Load]:
    def ask(server: str, query: str, **variables: object) -> Load:
        headers = {"authorization": f"Bearer {credential(BUYER_NUMBER)}", "accept-language": "zh-CN"}
        return Load(started[server], "/graphql", orjson.dumps({"query": query, "variables": variables}), headers)

    return {
        "list, rows": Load(started["raw"], "/list/rows", b""),
        "list, json": Load(started["raw"], "/list/json", b""),
        "list": ask("ours", LIST, first=50),
        "list, 10x": ask("large", LIST, first=50),
        "detail, rows": Load(started["raw"], "/detail/rows", b""),
        "detail, json": Load(started["raw"], "/detail/json", b""),
        "detail": ask("ours", DETAIL, id=encode_id("Order", ORDER)),
        "nothing": ask("ours", "{ __typename }"),
    }


async def _check(loads: dict[str, Load]) -> None:
    """All of them must say the same, or the comparison is worth nothing."""
    answers = {name: orjson.loads(await load.once())["data"] for name, load in loads.items()}
    for question in ("list", "detail"):
        for way in ("rows", "json"):
            if answers[question] != answers[f"{question}, {way}"]:
                pair = answers[question], answers[f"{question}, {way}"]
                raise SystemExit(f"the {question} differs:\n" + "\n".join(str(one)[:2_000] for one in pair))


async def _measured(loads: dict[str, Load], options: Options) -> Turns:
    for load in loads.values():
        await load.run(options.seconds / 2, options.connections)
    turns: Turns = defaultdict(list)
    for _ in range(options.rounds):
        for name, load in loads.items():
            turns[name].append(await load.run(options.seconds, options.connections))
    return turns


def _print(turns: Turns, options: Options) -> None:
    print(
        f"\n{options.connections} connections, median of {options.rounds} turns      requests/s   server CPU, µs each"
    )
    for name, measured in turns.items():
        print(f"  {name:40} {median(one.rate for one in measured):10.0f} {median(one.cpu for one in measured):16.0f}")
    print("\nshare of the requests/s of the faster handler written by hand")
    for question in ("list", "detail"):
        ratios = [
            ours.rate / max(rows.rate, json.rate)
            for ours, rows, json in zip(
                turns[question], turns[f"{question}, rows"], turns[f"{question}, json"], strict=True
            )
        ]
        print(f"  {question:40} {median(ratios):10.2f}   ({min(ratios):.2f} to {max(ratios):.2f})")
    growth = median(small.rate / large.rate for small, large in zip(turns["list"], turns["list, 10x"], strict=True))
    print(f"\ntime of the list with {options.orders * 10} orders to that with {options.orders}: {growth:.2f}")


async def _print_statements(url: str) -> None:
    from api.schema import schema

    buyer = Actor(company=BUYER, kind=CompanyKind.BUYER, roles=frozenset({Role.REQUESTER}))
    print("\nSQL statements per request")
    for first in (5, 50):
        count = await statements_of(schema, url, buyer, LIST, {"first": first})
        print(f"  {f'list of {first}':14} {count:8}")


if __name__ == "__main__":
    main()
