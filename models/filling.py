"""New columns reach tables that have rows: Tortoise adds a NOT NULL column without a value for them, and PostgreSQL refuses."""

from tortoise.fields.base import Field
from tortoise.migrations.schema_editor.asyncpg import AsyncpgSchemaEditor
from tortoise.models import Model


class FillingSchemaEditor(AsyncpgSchemaEditor):
    """Gives the rows there are the default that the model gives new ones; the database keeps no default of its own."""

    async def add_field(self, model: type[Model], field_name: str) -> None:
        """Add the column, filled where the model knows with what."""
        field = model._meta.fields_map[field_name]
        if field.null or field.has_db_default() or field.default is None or callable(field.default):
            await super().add_field(model, field_name)
            return
        await self._add_filled(model, field_name, field)

    async def _add_filled(self, model: type[Model], field_name: str, field: Field[object]) -> None:
        before, field.db_default = field.db_default, field.default
        try:
            await super().add_field(model, field_name)
        finally:
            field.db_default = before
        column = model._meta.fields_db_projection[field_name]
        await self._run_sql(f'ALTER TABLE "{model._meta.db_table}" ALTER COLUMN "{column}" DROP DEFAULT')
