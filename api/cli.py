"""The command `dinghuo`: serve, migrate, demo, schema, worker, doctor."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api import garbage
from api.demo_users import DemoUser
from api.embedded import provided
from api.listening import PortTaken, inherited, listen
from api.logs import configure_logs
from api.postgres_cluster import EmbeddedPostgresError
from api.settings import PREFIX, Settings
from api.workers import Workers
from models.migrate import migrate as apply_migrations
from rules.problems import Unavailable

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="订货 Dinghuo, B2B ordering."
)
say = Console(stderr=True, highlight=False)
SCHEMA = Path("schema.graphql")
UNWELCOME = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidPasswordError,
    asyncpg.InvalidCatalogNameError,
)


class Refused(Exception):
    """The command cannot be carried out; the text says why and what to do."""


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; more than one needs DATABASE_URL and REDIS_URL.")] = 1,
    demo: Annotated[bool | None, typer.Option("--demo", help="Fill the database with demo companies first.")] = None,
) -> None:
    """Serve the API and its pages; without DATABASE_URL on a PostgreSQL of its own."""
    settings = _settings(host=host, port=port, demo=demo)
    if workers > 1 and not (settings.database_url and settings.redis_url):
        raise Refused(
            "Several workers need a PostgreSQL and a Redis that all of them can reach: set DATABASE_URL and REDIS_URL."
            " One process needs neither, and serves many."
        )
    handed_over = inherited()
    if handed_over is not None:
        from api.serving import serve_here

        serve_here(settings, settings.database_url or "", handed_over)
        return
    with listen(settings.host, settings.port) as listening, provided(settings) as url:
        if workers == 1:
            from api.serving import serve_here  # takes two seconds: who may not serve is told before
        _migrate(url)
        if settings.demo:
            _fill(settings, url)
        _welcome(settings, listening.getsockname()[1])
        if workers > 1:
            Workers(workers, listening).run(say.print)
        else:
            serve_here(settings, url, listening)


@app.command()
def migrate() -> None:
    """Bring the database's tables up to this version."""
    with provided(_settings(), shared=True) as url:
        _migrate(url)


@app.command()
def demo() -> None:
    """Fill the database with demo companies and print whom to sign in as; does nothing twice."""
    settings = _settings()
    if not settings.demo:
        raise Refused(
            f"This would write made-up companies. If that is what you want, set {PREFIX}DEMO=true and run it again."
        )
    with provided(settings, shared=True) as url:
        _migrate(url)
        _fill(settings, url)


@app.command()
def worker() -> None:
    """Do the work beside the requests (announcing events, sweeping deadlines) without serving any."""
    from api.wiring import at_work

    settings = _settings()

    async def work(url: str) -> None:
        async with at_work(settings, url):
            await _told_to_stop()

    with provided(settings, shared=True) as url:
        _migrate(url)
        say.print("At work; Ctrl-C ends it.")
        asyncio.run(work(url))


@app.command()
def schema(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when the file is not current.")] = False,
    path: Annotated[Path, typer.Argument(help="File to write; - prints.")] = SCHEMA,
) -> None:
    """Write the GraphQL schema into schema.graphql."""
    from api.schema import sdl

    text = sdl()
    if str(path) == "-":
        sys.stdout.write(text)
    elif not check:
        path.write_text(text, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        raise Refused(
            f"{path} is not what the code says. Run `make schema` and look at the difference before you commit it."
        )


@app.command()
def doctor() -> None:
    """Say in plain words what is wrong with this installation."""
    from api.doctor import examine

    table = Table(box=None, pad_edge=False, show_header=False)
    findings = examine(_settings())
    for finding in findings:
        table.add_row("[green]ok[/]" if finding.is_fine else "[red]no[/]", finding.what, finding.advice)
    Console(highlight=False).print(table)
    if not all(finding.is_fine for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the command; trouble that has a cure is told in a sentence, without a traceback."""
    garbage.rarely()
    # By default SIGTERM ends Python on the spot; so it leaves as a Ctrl-C does, and the database is stopped in order.
    signal.signal(signal.SIGTERM, lambda order, frame: sys.exit(0))
    try:
        app()
    except (Refused, EmbeddedPostgresError, PortTaken) as trouble:
        _give_up(str(trouble))
    except UNWELCOME as trouble:
        _give_up(f"The database does not let us in: {trouble}. Check DATABASE_URL.")
    except Unavailable:
        _give_up(
            "The database cannot be reached. Check DATABASE_URL, and that the server runs; `dinghuo doctor` looks closer."
        )
    except ValidationError as wrong:
        for error in wrong.errors():
            say.print(f"[red]{PREFIX}{'_'.join(map(str, error['loc'])).upper()}[/]: {error['msg']}")
        _give_up("Correct these settings and start again.")


def _settings(**given: object) -> Settings:
    chosen = Settings.model_validate({**Settings().model_dump(), **{k: v for k, v in given.items() if v is not None}})
    configure_logs(chosen.log_level, chosen.log_format)
    return chosen


def _migrate(url: str) -> None:
    asyncio.run(apply_migrations(url, report=lambda name: say.print(f"Migrating: {name}")))


def _fill(settings: Settings, url: str) -> None:
    from api.demo.making import make_demo
    from api.demo.people import users
    from api.wiring import at_work, open_till

    async def fill(report: Callable[[str, int, int], None]) -> None:
        async with at_work(settings, url):
            await make_demo(report, partial(open_till, settings))

    with _progress() as report:
        asyncio.run(fill(report))
    _introduce(users())


def _introduce(people: Sequence[DemoUser]) -> None:
    """Whom to sign in as; a table of Rich's would cut names off where the terminal has 80 columns."""
    for company, members in groupby(people, lambda person: person.company):
        say.print(f"\n{company.zh} · {company.en}", style="bold", soft_wrap=True)
        for person in members:
            role = f"{person.role.zh} · {person.role.en}"
            say.print(f"  {person.account:<24}{person.password:<20}{role}", soft_wrap=True)
    say.print()


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    with Progress(console=say, transient=True) as bar:
        task = bar.add_task("demo", total=None)
        yield lambda what, done, total: bar.update(task, description=f"demo: {what}", completed=done, total=total)


def _welcome(settings: Settings, port: int) -> None:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104  # only shown
    say.print(
        f"Dinghuo listens on [bold]http://{host}:{port}[/]  ·  GraphiQL: http://{host}:{port}/graphiql", soft_wrap=True
    )


def _told_to_stop() -> Awaitable[bool]:
    told = asyncio.Event()
    for order in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(order, told.set)
    return told.wait()


def _give_up(sentence: str) -> None:
    say.print(sentence, style="red", soft_wrap=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
