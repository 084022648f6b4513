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
from bench.data import row_id
from bench.load import Load
from bench.questions import DETAIL, LIST
from resolvers.ids import encode_id
from rules.people import Actor, CompanyKind, Role

ORDER, BUYER = row_id(5, 1), row_id(1, 2)
"""An order, and the buyer who placed it."""


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
        with servers.uvicorn(apps, BENCH_BUYER=str(BUYER), BENCH_ORDER=str(ORDER)) as ports:
            loads = _loads(ports)
            await _check(loads)
            rates = await _measured(loads, options)
        _print(rates, options)
        await _print_statements(small)


def _loads(ports: dict[str, int]) -> dict[str, Load]:
    ask_list = orjson.dumps({"query": LIST, "variables": {"first": 50}})
    ask_detail = orjson.dumps({"query": DETAIL, "variables": {"id": encode_id("Order", ORDER)}})
    return {
        "list, rows": Load(ports["raw"], "/list/rows", b""),
        "list, json": Load(ports["raw"], "/list/json", b""),
        "list": Load(ports["ours"], "/graphql", ask_list),
        "list, 10x": Load(ports["large"], "/graphql", ask_list),
        "detail, rows": Load(ports["raw"], "/detail/rows", b""),
        "detail, json": Load(ports["raw"], "/detail/json", b""),
        "detail": Load(ports["ours"], "/graphql", ask_detail),
        "nothing": Load(ports["ours"], "/graphql", orjson.dumps({"query": "{ __typename }"})),
    }


async def _check(loads: dict[str, Load]) -> None:
    """All of them must say the same, or the comparison is worth nothing."""
    answers = {name: orjson.loads(await load.once())["data"] for name, load in loads.items()}
    for question in ("list", "detail"):
        for way in ("rows", "json"):
            if answers[question] != answers[f"{question}, {way}"]:
                pair = answers[question], answers[f"{question}, {way}"]
                raise SystemExit(f"the {question} differs:\n" + "\n".join(str(one)[:2_000] for one in pair))


async def _measured(loads: dict[str, Load], options: Options) -> dict[str, list[float]]:
    for load in loads.values():
        await load.run(options.seconds / 2, options.connections)
    rates: dict[str, list[float]] = defaultdict(list)
    for _ in range(options.rounds):
        for name, load in loads.items():
            rates[name].append(await load.run(options.seconds, options.connections))
    return rates


def _print(rates: dict[str, list[float]], options: Options) -> None:
    per_second = {name: median(values) for name, values in rates.items()}
    print(f"\nrequests/s, {options.connections} connections, median of {options.rounds} turns")
    for name, rate in per_second.items():
        print(f"  {name:14} {rate:8.0f}")
    print("\nshare of the faster handler written by hand")
    for question in ("list", "detail"):
        limits = [max(pair) for pair in zip(rates[f"{question}, rows"], rates[f"{question}, json"], strict=True)]
        ratios = [ours / limit for ours, limit in zip(rates[question], limits, strict=True)]
        print(f"  {question:14} {median(ratios):8.2f}   ({min(ratios):.2f} to {max(ratios):.2f})")
    growth = median(small / large for small, large in zip(rates["list"], rates["list, 10x"], strict=True))
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
