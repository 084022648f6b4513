"""The executor of every operation: relations are loaded level by level, plain selections are read directly.

It is graphql-core's own executor with two changes. What a resolver gives is first walked for relations, each of which is loaded once
for all parents of a level (`resolvers.loading`). What only shows attributes, derived values and loaded relations is then read without
a task, a path or a resolver call for each field (`resolvers.reading`). Whatever is unusual there (an exception, a wrong null, a value
nobody expected) goes through the stock path, which reports it as it always does; so the answers are the stock executor's, errors and
order included.

    schema = strawberry.Schema(Query, execution_context_class=LevelExecutor)

How types declare their fields is told in `resolvers.relations`.
"""

from __future__ import annotations

from typing import Any, cast

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLOutputType, OperationType
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as StockExecutor
from strawberry.schema.schema import _OperationContextAwareGraphQLResolveInfo as StockInfo

from models.lease import one_connection
from resolvers.compiling import field_reader, value_reader
from resolvers.loading import Loaded, Loading
from resolvers.plans import How, Selected, known_of

UNREAD: Any = object()


class LevelInfo(StockInfo):
    """What a resolver is told; and what was loaded ahead, for the resolver of a relation."""

    loaded: Loaded


class LevelExecutor(StockExecutor):
    """Executes one operation, or one event of a subscription."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loaded = Loaded()
        switches = tuple(
            (name, value) for name, value in self.variable_values.coerced.items() if value.__class__ is bool
        )
        self.plan = known_of(self.schema).plan(self.operation, switches)
        self._relevant_sub_fields = self.plan.collected
        self._reads = not (self.middleware_manager and self.middleware_manager.middlewares)

    def build_per_event_executor(self, payload: Any) -> LevelExecutor:
        """A copy for one event, which has loaded nothing yet."""
        executor = cast(LevelExecutor, super().build_per_event_executor(payload))
        executor.loaded = Loaded()
        return executor

    def build_resolve_info(
        self, field_def: GraphQLField, field_nodes: list[FieldNode], parent_type: GraphQLObjectType, path: Path
    ) -> Any:
        """As the stock executor's, with what was loaded."""
        stock: Any = super().build_resolve_info(field_def, field_nodes, parent_type, path)
        info = LevelInfo(*stock)
        info.loaded = self.loaded
        return info

    def runtime_type(self, selected: Selected, value: Any) -> GraphQLObjectType | None:
        """As which object type a value of this field appears; None where the stock path has to tell."""

        def info() -> Any:
            nodes = [one.node for one in selected.details]
            path = Path(None, selected.name, selected.owner.name)
            return self.build_resolve_info(selected.field.definition, nodes, selected.owner, path)

        return self.plan.runtime_types.of(selected.named, value, info)

    def execute_operation(self, serially: bool | None = None) -> Any:
        """Execute the operation; its reads share one connection."""
        result = super().execute_operation(serially)
        return self._on_one_connection(result) if self.is_awaitable(result) else result

    def execute_collected_root_fields(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: GroupedFieldSet,
        serially: bool,
        new_defer_usages: Any,
    ) -> Any:
        """Execute the plan's root fields: they equal the given ones, but the plan knows selections by the lists they are in."""
        if self.plan.root is None:
            self.plan.root = grouped_field_set
        self.plan.uses += 1
        return super().execute_collected_root_fields(root_type, root_value, self.plan.root, serially, new_defer_usages)

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: Any,
    ) -> Any:
        """Read the field directly where that is all there is to do."""
        if path.prev is None and self.operation.operation is OperationType.MUTATION:
            self.loaded = Loaded()  # what one mutation loaded, the next may have changed
        selected = self.plan.selected(parent_type, field_details_list)
        if selected is not None and selected.field.how is not How.RESOLVED and position_context is None:
            answer = self._read(field_reader, selected, source)
            if answer is not UNREAD:
                return answer
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Load what is selected beneath a resolver's result, then read it directly if nothing in it is unusual."""
        rest = field_details_list, info, path, result, position_context
        if return_type is not info.return_type or position_context is not None:  # an item of a list, or deferred
            return super().complete_value(return_type, *rest)
        selected = self.plan.selected(info.parent_type, field_details_list)
        if selected is None:
            return super().complete_value(return_type, *rest)
        if self._is_new(selected) and self.plan.leads(self.collect_subfields, selected):
            return self._load_and_complete(selected, return_type, *rest)
        return self._complete(selected, return_type, *rest)

    def _is_new(self, selected: Selected) -> bool:
        """Whether no walk from above has been here: it is a resolver's result, or a relation that had to load by itself."""
        how = selected.field.how
        return how is How.RESOLVED or (how is How.RELATED and not self.loaded.reached(selected))

    async def _load_and_complete(self, selected: Selected, return_type: GraphQLOutputType, *rest: Any) -> Any:
        await Loading(self).beneath(selected, rest[3])
        completed = self._complete(selected, return_type, *rest)
        return await completed if self.is_awaitable(completed) else completed

    def _complete(self, selected: Selected, return_type: GraphQLOutputType, *rest: Any) -> Any:
        answer = self._read(value_reader, selected, rest[3])
        return super().complete_value(return_type, *rest) if answer is UNREAD else answer

    def _read(self, make: Any, selected: Selected, value: Any) -> Any:
        """What stands in the answer for this value, or UNREAD where the stock path has to look."""
        # Compiling takes longer than one execution; it is done for documents that come again.
        if not self._reads or self.plan.uses < 2:
            return UNREAD
        readers = self.plan.readers
        key = make, selected
        if key not in readers:
            readers[key] = make(self, selected)
        read = readers[key]
        if read is None:
            return UNREAD
        try:
            return read(value, self)
        except Exception:  # whatever it is, the stock path meets it again and reports it
            return UNREAD

    async def _on_one_connection(self, result: Any) -> Any:
        try:
            async with one_connection():
                return await result
        finally:
            # graphql-core's executors refer to themselves, so they and the rows with them would wait for the garbage collector.
            self.loaded = Loaded()
