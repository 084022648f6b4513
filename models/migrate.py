"""Brings the database to the shape the models ask for: Tortoise's own migrations, one process at a time (decision 0003)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
from tortoise.context import TortoiseContext, require_context
from tortoise.migrations.executor import MigrationExecutor, PlanStep
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.transactions import in_transaction

from models import structure
from models.database import ALIAS, APP, Limits, config, current_url
from models.driver import OUTAGE
from models.filling import FillingSchemaEditor
from models.project_state import ProjectState
from rules.problems import Unavailable

LOCK = 0x64696E6768756F
"""The advisory lock of whoever migrates: the letters "dinghuo"."""

UNHURRIED = Limits(pool_min=1, pool_max=2, patience=30.0, statement=0.0, lock=30.0, idle_in_transaction=0.0)
"""A migration may take as long as it needs, except for waiting behind others' locks; 0 means for ever."""

Reporter = Callable[[str], object]


async def migrate(url: str | None = None, *, report: Reporter = lambda name: None, stepwise: bool = False) -> list[str]:
    """Apply what is missing and name it, in order; `url` defaults to the connected database.

    An empty database gets the whole structure at once, unless `stepwise`, and then what came after that was written.

    Two processes may call this at once: the second waits, then finds nothing to do. Each migration and its record are one
    transaction, so a crash leaves it applied and recorded, or neither. Raises Unavailable when the database cannot be reached.
    """
    target = url or current_url()
    async with _alone(target), _connected(target) as context:
        executor = _executor(context)
        await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
        done = [] if stepwise else await _build(executor)
        for name in done:
            report(name)
        if steps := await executor.plan():
            state = await _project_state(executor)
        for step in steps:
            report(step.migration.name)
            await _apply(executor, step, state)
            done.append(step.migration.name)
        return done


async def pending() -> list[str]:
    """The migrations the connected database still lacks, in order; raises what the driver raises when it cannot tell."""
    return [step.migration.name for step in await _executor(require_context()).plan()]


class StrictRecorder(MigrationRecorder):
    """Reads the record, and says so when it cannot: Tortoise's own takes every error for "nothing applied yet"."""

    async def applied_migrations(self) -> list[MigrationKey]:
        """What is recorded; nothing where there is no table for it."""
        if not (await self.connection.execute_query(f"SELECT to_regclass('{self.table_name}') AS found"))[1][0][
            "found"
        ]:
            return []
        _, rows = await self.connection.execute_query(f"SELECT app, name FROM {self.table_name}")  # noqa: S608  # constant
        return [MigrationKey(app_label=row["app"], name=row["name"]) for row in rows]


async def _build(executor: MigrationExecutor) -> list[str]:
    """Give an empty database the structure at once, and name the migrations that are thereby applied."""
    script = structure.FILE.read_text("utf-8")
    names = structure.covered([step.migration.name for step in await executor.plan()], script)
    async with in_transaction(ALIAS) as transaction:
        [found] = await transaction.execute_query_dict(structure.EMPTY, [executor.recorder.table_name])
        if not names or not found["empty"]:
            return []
        await transaction.execute_script(script)
        for name in names:
            # The structure holds no rows: what a migration writes down besides, such as rates of tax.
            if rows := getattr(executor.loader.graph.nodes[MigrationKey(APP, name)], "rows", None):
                await transaction.execute_script(rows)
        for name in names:
            await MigrationRecorder(transaction).record_applied(APP, name)
    return names


async def _project_state(executor: MigrationExecutor) -> ProjectState:
    """How the models were when the newest applied migration was written; each step then brings it up to date."""
    applied, graph = set(await executor.recorder.applied_migrations()), executor.loader.graph
    connections = {label: app.get("default_connection", ALIAS) for label, app in executor.loader.apps_config.items()}
    return ProjectState.after((graph.nodes[key] for key in executor._full_plan() if key in applied), connections)


async def _apply(executor: MigrationExecutor, step: PlanStep, state: ProjectState) -> None:
    # Tortoise writes its record after the migration's transaction; a crash in between would make every later start fail.
    async with in_transaction(ALIAS) as transaction:
        editor = FillingSchemaEditor(transaction, atomic=True)
        # Tortoise's own loop copies all models for every operation, which is nearly all of the time that a migration takes.
        for operation in step.migration.operations:
            before = state.around(APP, operation)
            operation.state_forward(APP, state)
            await operation.database_forward(APP, before, state.around(APP, operation), editor)
        state.validate_relations_initialized()
        await MigrationRecorder(transaction).record_applied(APP, step.migration.name)


def _executor(context: TortoiseContext) -> MigrationExecutor:
    apps = {label: app.to_dict() for label, app in config().apps.items()}
    executor = MigrationExecutor(context.db(ALIAS), apps)
    executor.recorder = executor.loader.recorder = StrictRecorder(executor.connection)
    return executor


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[None]:
    # On a connection of its own: the lock lives as long as the connection, and dies with a killed process.
    try:
        connection = await asyncpg.connect(url, server_settings={"application_name": "dinghuo migrate"})
    except (*OUTAGE, OSError) as outage:
        raise Unavailable() from outage
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        yield
    finally:
        await connection.close()


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[TortoiseContext]:
    """A context of its own, in this task only, without the timeouts of serving."""
    async with TortoiseContext() as context:
        await context.init(config(url, UNHURRIED))
        yield context
