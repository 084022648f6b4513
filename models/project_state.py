"""What the written migrations lead to, worked out without making the models anew for each of their operations."""

from collections.abc import Iterable
from typing import Any, Self

from tortoise.migrations.migration import Migration
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps


class Unasked(StateApps):
    """Models that describe tables and are never queried, so that there is nothing to get ready for that."""

    def _build_initial_querysets(self) -> None:
        """No query is ever made."""


class ProjectState(State):
    """How the models are described. Tortoise's own renders all that are related whenever one changes: seconds for some dozens of them."""

    @classmethod
    def after(cls, migrations: Iterable[Any], connections: dict[str, str] | None = None) -> Self:
        """The descriptions once the migrations were applied, in this order; `connections` are each app's, by its label."""
        state = cls(models={}, apps=Unasked(default_connections=connections))
        for migration in migrations:
            if not isinstance(migration, Migration):
                raise TypeError("a migration is missing")
            for operation in migration.operations:
                operation.state_forward(migration.app_label, state)
        return state

    def rendered(self) -> State:
        """The same with its models, for operations that reach a database."""
        state = State(models=self.models, apps=self.apps)
        state._reload(set(self.models))
        state.validate_relations_initialized()
        return state

    def _reload(self, models_to_reload: set[tuple[str, str]]) -> None:
        """Nothing is rendered yet."""
