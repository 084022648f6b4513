"""Drafts the migration that the models ask for: `python -m models.draft_migration add_order_note`, or `--check` that none is due.

Tortoise writes a new model's `Meta.constraints` into CreateModel and then never creates them in the database (tortoise-orm issue
2272). So they are taken out there and added as operations of their own, which do reach it (decision 0003).
"""

import argparse
import asyncio
import sys
from collections.abc import Iterable, Iterator

from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import AddConstraint, CreateModel, Operation
from tortoise.migrations.writer import MigrationWriter, format_migration_name

from models.database import config
from models.project_state import ProjectState


class Autodetector(MigrationAutodetector):
    """Compares descriptions alone."""

    async def _project_state(self) -> ProjectState:
        return ProjectState.after(self.loader.graph.nodes[key] for key in self._full_plan())


async def draft() -> list[MigrationWriter]:
    """The migrations that would bring the written ones up to the models; empty when none is due. Needs no database."""
    settings = config()
    apps = {label: app.to_dict() for label, app in settings.apps.items()}
    async with TortoiseContext() as context:
        await context.init(settings, init_connections=False)
        if context.apps is None:
            raise RuntimeError("Tortoise found no models")
        writers = await Autodetector(context.apps, apps).changes()
    for writer in writers:
        writer.operations = list(with_real_constraints(writer.operations))
    return writers


def with_real_constraints(operations: Iterable[Operation]) -> Iterator[Operation]:
    """The same operations, each new model's constraints taken out of it and added right after it."""
    for operation in operations:
        if not isinstance(operation, CreateModel):
            yield operation
            continue
        options = dict(operation.options or {})
        constraints = options.pop("constraints", ())
        operation.options = options
        yield operation
        for constraint in constraints:
            yield AddConstraint(operation.name, constraint)


def main(words: list[str] | None = None) -> int:
    """Write the migration under a name that says what it does, or report with `--check` whether one is due."""
    parser = argparse.ArgumentParser(prog="models.draft_migration", description=main.__doc__)
    parser.add_argument("name", nargs="?", help="what changes, for people: add_order_note")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when a model changed without migration"
    )
    asked = parser.parse_args(words)
    writers = asyncio.run(draft())
    if not writers:
        return _say("The migrations are complete.", 0)
    if asked.check:
        changes = "\n".join(f"  {operation.describe()}" for writer in writers for operation in writer.operations)
        return _say(f"The models changed without a migration; run `make migrations name=…`:\n{changes}", 1)
    if not asked.name and not writers[0].initial:
        return _say("Say what changes: make migrations name=add_order_note", 2)
    for writer in writers:
        writer.name = _named(writer.name, asked.name)
        _say(f"Wrote {writer.write()}", 0)
    return 0


def _named(drafted: str, wanted: str | None) -> str:
    return format_migration_name(int(drafted.split("_", 1)[0]), wanted) if wanted else drafted


def _say(text: str, code: int) -> int:
    sys.stdout.write(text + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
