"""What the written migrations lead to, worked out without making all models anew for each of their operations."""

from collections.abc import Iterable
from typing import Any, Self

from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import DIRECT_RELATION_FIELDS
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps

NAMES = ("model_name", "name", "old_name", "new_name")
"""Under which an operation says which model it is about, or how one is called before and after it."""


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

    def around(self, label: str, operation: object) -> State:
        """As it is now, with the models of what the operation is about and of what that points to: it asks for no others."""
        named = {(label, getattr(operation, name, "")) for name in NAMES} & self.models.keys()
        near = named | {target for key in named for target in self._targets(key)} & self.models.keys()
        state = State(
            models={key: self.models[key].clone() for key in near},
            apps=Unasked(default_connections=self.apps._default_connections),
        )
        state._reload(near)
        return state

    def validate_relations_initialized(self) -> None:
        """Every relation leads to a model that there is; Tortoise's own asks the rendered ones."""
        lost = sorted(key[1] for key in self.models if not self._targets(key) <= self.models.keys())
        if lost:
            raise RuntimeError(f"{', '.join(lost)} point to models that no migration has made")

    def _targets(self, key: tuple[str, str]) -> set[tuple[str, str]]:
        fields = self.models[key].fields.values()
        return {
            self.apps.split_reference(field.model_name) for field in fields if isinstance(field, DIRECT_RELATION_FIELDS)
        }

    def _reload(self, models_to_reload: set[tuple[str, str]]) -> None:
        """Nothing is rendered yet."""
