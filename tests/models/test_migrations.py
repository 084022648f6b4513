"""The migrated database is what the models say: nothing silently missing, nothing forgotten, no two processes in each other's way."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import asyncpg
import pytest
from tortoise import fields
from tortoise.context import require_context
from tortoise.exceptions import OperationalError
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.indexes import Index
from tortoise.migrations import Migration
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.migrations.operations import AddConstraint, CreateModel
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model
from tortoise.transactions import in_transaction

from api.embedded import EmbeddedPostgres
from api.structure import structure_of
from models import database
from models.database import ALIAS, APP, pool
from models.draft_migration import draft, with_real_constraints
from models.filling import FillingSchemaEditor
from models.migrate import _executor, _project_state, migrate, pending
from models.project_state import ProjectState
from models.structure import COVERS, FILE, covered


def models() -> dict[str, type[Model]]:
    """Every model of ours, by table."""
    apps = require_context().apps
    assert apps is not None
    return {model._meta.db_table: model for model in apps[APP].values()}


def column(model: type[Model], field: str) -> str:
    """The column that holds the field; a foreign key is written as `buyer`, its column is `buyer_id`."""
    found = model._meta.fields_map.get(field)
    if isinstance(found, ForeignKeyFieldInstance):
        return str(found.source_field)
    return model._meta.fields_db_projection.get(field, field)


async def column_lists(query: str) -> set[tuple[str, ...]]:
    """Rows of (table, column, column …) as a query on the catalogue gives them: table, then an array of columns."""
    return {(row[0], *row[1]) for row in await pool().fetch(query)}


UNIQUE = """
    SELECT i.indrelid::regclass::text, array(
        SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY k.place)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE c.relnamespace = 'public'::regnamespace AND {condition}
"""


@pytest.mark.usefixtures("database")
async def test_no_model_changed_without_a_migration() -> None:
    writers = await draft()
    assert [operation.describe() for writer in writers for operation in writer.operations] == []


@pytest.mark.usefixtures("database")
async def test_every_table_and_column_of_the_models_exists_and_no_other() -> None:
    query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    found = {tuple(row) for row in await pool().fetch(query) if row["table_name"] != "tortoise_migrations"}
    wanted = {(table, name) for table, model in models().items() for name in model._meta.fields_db_projection.values()}
    assert found == wanted


@pytest.mark.usefixtures("database")
async def test_columns_refuse_null_exactly_where_the_models_do() -> None:
    query = """SELECT table_name, column_name FROM information_schema.columns
               WHERE table_schema = 'public' AND is_nullable = 'YES' AND table_name <> 'tortoise_migrations'"""
    found = {tuple(row) for row in await pool().fetch(query)}
    wanted = {
        (table, name)
        for table, model in models().items()
        for field, name in model._meta.fields_db_projection.items()
        if model._meta.fields_map[field].null
    }
    assert found == wanted


@pytest.mark.usefixtures("database")
async def test_every_check_of_the_models_exists() -> None:
    query = """SELECT conrelid::regclass::text, conname FROM pg_constraint
               WHERE contype = 'c' AND connamespace = 'public'::regnamespace"""
    found = {tuple(row) for row in await pool().fetch(query)}
    wanted = {
        (table, check.name)
        for table, model in models().items()
        for check in model._meta.constraints
        if isinstance(check, CheckConstraint)
    }
    assert wanted, "the models have checks; an empty answer would compare nothing"
    assert found == wanted


@pytest.mark.usefixtures("database")
async def test_every_uniqueness_of_the_models_exists() -> None:
    found = await column_lists(UNIQUE.format(condition="i.indisunique AND NOT i.indisprimary AND i.indpred IS NULL"))
    wanted: set[tuple[str, ...]] = set()
    for table, model in models().items():
        meta = model._meta
        groups = [*meta.unique_together, *(c.fields for c in _unique(model) if not c.condition)]
        wanted |= {(table, *(column(model, field) for field in group)) for group in groups}
        wanted |= {
            (table, column(model, name)) for name, field in meta.fields_map.items() if field.unique and not field.pk
        }
    assert found >= wanted, f"missing: {wanted - found}"


@pytest.mark.usefixtures("database")
async def test_every_conditional_uniqueness_of_the_models_exists_under_its_name() -> None:
    query = """SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
               WHERE i.indisunique AND i.indpred IS NOT NULL AND c.relnamespace = 'public'::regnamespace"""
    found = {row[0] for row in await pool().fetch(query)}
    assert found == {c.name for model in models().values() for c in _unique(model) if c.condition}


@pytest.mark.usefixtures("database")
async def test_every_index_of_the_models_exists() -> None:
    found = await column_lists(UNIQUE.format(condition="NOT i.indisunique"))
    wanted = {
        (table, *(column(model, field) for field in index.fields))
        for table, model in models().items()
        for index in _indexes(model)
        if index.fields  # an index on an expression has none; it is found by name below
    }
    assert found >= wanted, f"missing: {wanted - found}"
    names = {row[0] for row in await pool().fetch("SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public'")}
    assert names >= {index.name for model in models().values() for index in _indexes(model) if index.name}


@pytest.mark.usefixtures("database")
async def test_every_foreign_key_exists_and_leads_an_index() -> None:
    query = """SELECT conrelid::regclass::text, (SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1])
               FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"""
    keys = {tuple(row) for row in await pool().fetch(query)}
    wanted = {
        (table, str(field.source_field))
        for table, model in models().items()
        for field in model._meta.fields_map.values()
        if isinstance(field, ForeignKeyFieldInstance) and field.db_constraint
    }
    assert keys == wanted
    leading = {
        (row[0], row[1]) for row in await column_lists(UNIQUE.format(condition="i.indpred IS NULL")) if len(row) > 1
    }
    assert keys <= leading, f"without an index: {keys - leading}"


async def test_two_processes_may_migrate_at_once(make_database_url: Callable[..., str]) -> None:
    url = make_database_url()
    first, second = await asyncio.gather(migrate(url), migrate(url))
    assert sorted([first, second]) == [[], max(first, second)]
    assert max(first, second)[0] == "0001_initial"


async def test_what_was_applied_is_recorded_and_never_pending(database: str) -> None:
    recorded = [
        row[0] for row in await pool().fetch("SELECT name FROM tortoise_migrations WHERE app = $1 ORDER BY id", APP)
    ]
    assert recorded[0] == "0001_initial"
    assert await pending() == []
    assert await migrate(database) == []


async def test_an_empty_database_lacks_every_migration(make_database_url: Callable[..., str]) -> None:
    await database.connect(make_database_url())
    try:
        assert (await pending())[0] == "0001_initial"
    finally:
        await database.close()


async def test_a_database_that_cannot_answer_is_not_taken_for_an_empty_one(database: str) -> None:
    await pool().execute("ALTER TABLE tortoise_migrations RENAME COLUMN name TO nobody_knows")
    with pytest.raises(Exception, match="name"):
        await pending()
    with pytest.raises(Exception, match="name"):
        await migrate(database)


async def test_a_migration_that_fails_leaves_neither_tables_nor_a_record(make_database_url: Callable[..., str]) -> None:
    url = make_database_url()
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as other:
        await other.execute("CREATE TABLE order_line (id int)")  # in the way of 0001_initial, somewhere in its middle
        with pytest.raises(OperationalError, match="order_line"):
            await migrate(url)
        tables = {
            row[0] for row in await other.fetch("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
        }
        assert tables == {"order_line", "tortoise_migrations"}
        assert await other.fetchval("SELECT count(*) FROM tortoise_migrations") == 0
        await other.execute("DROP TABLE order_line")
        assert (await migrate(url))[0] == "0001_initial"


async def test_the_structure_is_what_the_migrations_lead_to(
    postgres_server: EmbeddedPostgres, make_database_url: Callable[..., str], database_url: str
) -> None:
    """Twice: the file says what comes of every single step, and a database that was made from the file is the same."""
    by_steps = make_database_url()
    last = (await migrate(by_steps, stepwise=True))[-1]
    written = structure_of(postgres_server, by_steps, last)
    assert FILE.read_text("utf-8") == written, "run `make structure`"
    assert structure_of(postgres_server, database_url, last) == written


def test_a_relation_to_a_model_that_is_not_there_is_noticed() -> None:
    orphan = CreateModel(
        "Orphan", [("id", fields.UUIDField(primary_key=True)), ("parent", fields.ForeignKeyField("models.Nobody"))]
    )
    lone = Migration("0001_lone", APP)
    lone.operations = [orphan]
    with pytest.raises(RuntimeError, match="Orphan"):
        ProjectState.after([lone]).validate_relations_initialized()


async def test_what_the_structure_does_not_cover_yet_is_migrated_after_it(
    make_database_url: Callable[..., str],
) -> None:
    url, names = make_database_url(), [path.stem for path in sorted(FILE.parent.glob("migrations/0*.py"))]
    older = "CREATE TABLE public.old (id int);"
    assert covered(names, f"{COVERS}{names[1]}\n{older}") == names[:2]
    assert covered(names, f"{COVERS}9999_of_another_history\n{older}") == covered(names, "") == []
    assert await migrate(url) == names


def test_constraints_of_a_new_model_become_operations_of_their_own() -> None:
    check, once = CheckConstraint(check="a > 0", name="a_positive"), UniqueConstraint(fields=("a",), name="a_once")
    created = CreateModel("Thing", [], options={"table": "thing", "constraints": (check, once)})
    operations = list(with_real_constraints([created]))
    assert operations[0] is created
    assert created.options == {"table": "thing"}
    assert [op.constraint for op in operations[1:] if isinstance(op, AddConstraint)] == [check, once]


async def test_a_new_column_reaches_the_rows_there_are(database: str) -> None:
    """Tortoise's own editor adds it without a value, which PostgreSQL refuses as soon as there is a row."""
    await pool().execute(
        "INSERT INTO category (id, created_at, code, name_zh, name_en) VALUES ($1, now(), 'A', '甲', 'A')", UUID(int=1)
    )
    executor = _executor(require_context())
    assert await executor.plan() == []
    added = Migration("0999_shown", APP)
    added.operations = [ops.AddField("Category", "is_shown", fields.BooleanField(default=True))]
    state = (await _project_state(executor)).around(APP, added.operations[0])
    async with in_transaction(ALIAS) as transaction:
        await added.apply(state, schema_editor=FillingSchemaEditor(transaction, atomic=True))
    assert await pool().fetchval("SELECT is_shown FROM category") is True
    with pytest.raises(asyncpg.NotNullViolationError):
        await pool().execute(
            "INSERT INTO category (id, created_at, code, name_zh, name_en) VALUES ($1, now(), 'B', '乙', 'B')",
            UUID(int=2),
        )


@pytest.mark.usefixtures("database")
async def test_plain_sql_can_be_part_of_a_migration() -> None:
    class Guarded(Migration):
        operations = [  # noqa: RUF012  # Tortoise's own form
            ops.RunSQL(
                """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                   BEGIN RAISE EXCEPTION 'append only'; END $$""",
                reverse_sql="DROP FUNCTION refuse() CASCADE",
            ),
            ops.RunSQL(
                "CREATE TRIGGER kept BEFORE DELETE ON tortoise_migrations EXECUTE FUNCTION refuse()", reverse_sql=""
            ),
        ]

    executor = _executor(require_context())
    await Guarded("0999_guarded", APP).apply(executor_state(), schema_editor=executor._schema_editor(atomic=False))
    with pytest.raises(asyncpg.RaiseError, match="append only"):
        await pool().execute("DELETE FROM tortoise_migrations")


def executor_state() -> State:
    """An empty state, which plain SQL does not look at."""
    return State(models={}, apps=StateApps(default_connections={APP: ALIAS}))


def _indexes(model: type[Model]) -> list[Index]:
    return [index if isinstance(index, Index) else Index(fields=tuple(index)) for index in model._meta.indexes]


def _unique(model: type[Model]) -> list[UniqueConstraint]:
    return [constraint for constraint in model._meta.constraints if isinstance(constraint, UniqueConstraint)]
