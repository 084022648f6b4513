"""From a request to its answer, the same way over HTTP and websocket."""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Hashable, Iterable
from dataclasses import dataclass
from inspect import isawaitable
from itertools import islice
from typing import Any, Protocol, cast

import orjson
import strawberry
from graphql import ExecutionResult, GraphQLError, OperationType
from graphql.execution import create_source_event_stream
from strawberry.execution import optimized_is_awaitable

from api.bounds import Limits
from api.documents import Document, Documents, Operation
from resolvers.coercion import Fault, has_bad_text, text_faults, variable_faults
from resolvers.errors import Code, Refused, bad_input, over_limit, refusal, shown
from resolvers.request import Request

Answer = dict[str, Any]
_is_awaitable: Any = optimized_is_awaitable


class Context(Protocol):
    """What an answer needs of the operation's context."""

    @property
    def trace_id(self) -> str:
        """The name of the operation in our logs."""

    @property
    def locale(self) -> str:
        """The language for people."""


@dataclass(frozen=True)
class Prepared:
    """A request that may run: valid, within every limit, its cost known."""

    request: Request
    document: Document
    operation: Operation
    cost: int
    operations: "Operations"

    @property
    def is_subscription(self) -> bool:
        """Whether it gives answers for as long as somebody listens."""
        return self.operation.type is OperationType.SUBSCRIPTION

    @property
    def audience(self) -> Hashable:
        """What an event's text depends on, besides the event and the caller's scope."""
        variables = {name: self.request.variables.get(name) for name in self.operation.variables_below}
        return (self.request.query, self.request.operation_name, orjson.dumps(variables, option=orjson.OPT_SORT_KEYS))

    async def answer(self, context: Context) -> Answer:
        """What a query or mutation answers; Refused when its variables do not fit or the deadline has passed.

        A mutation goes on after its deadline, and when the caller is gone: half a mutation helps nobody.
        """
        return await self.operations.answer(self, context)

    async def subscribe(self, context: Context) -> "Live":
        """The open subscription; Refused when its source could not be opened."""
        return await self.operations.subscribe(self, context)


class Operations:
    """The operations of one schema.

    It does not use `schema.execute`: that parses and validates through extensions made anew for each request. What the
    schema promises stays: its executor class, and the exception handlers, which live in the resolvers.
    """

    def __init__(self, schema: strawberry.Schema, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.schema = schema._schema
        self.documents = Documents(self.schema, self.limits)
        self._executor_class = schema.execution_context_class
        self.running_mutations: set[asyncio.Task[Answer]] = set()
        self._introspecting = asyncio.Semaphore(1)

    def prepare(self, request: Request) -> Prepared:
        """The request, ready to run; Refused when it is invalid or asks for too much."""
        document = self.documents.of(request.query)
        operation = document.operation(request.operation_name)
        if request.variables and has_bad_text(request.variables):
            raise self._input_refusal(text_faults(document.node, request.variables))
        try:
            cost = operation.cost.of(request.variables)
        except GraphQLError as error:
            raise Refused(error) from None
        if cost > self.limits.cost:
            raise Refused(over_limit("cost", self.limits.cost, cost))
        return Prepared(request, document, operation, cost, self)

    async def answer(self, prepared: Prepared, context: Context) -> Answer:
        """See Prepared.answer."""
        try:
            async with asyncio.timeout(self.limits.deadline):
                if prepared.operation.type is not OperationType.MUTATION:
                    return await self._run(prepared, context)
                mutation = asyncio.create_task(self._run(prepared, context))
                self.running_mutations.add(mutation)
                mutation.add_done_callback(self._mutation_done)
                return await asyncio.shield(mutation)
        except TimeoutError:
            late = refusal(Code.TIMEOUT, f"There was no answer within {self.limits.deadline:g} seconds.")
            raise Refused(late) from None

    async def subscribe(self, prepared: Prepared, context: Context) -> "Live":
        """See Prepared.subscribe."""
        executor = self._executor(prepared, context)
        source = create_source_event_stream(executor)
        if isawaitable(source):
            source = await cast(Awaitable[Any], source)
        if isinstance(source, ExecutionResult):
            raise Refused(*(source.errors or ()))
        return Live(executor, cast(AsyncIterable[Any], source), self.limits.deadline)

    async def finish_mutations(self) -> None:
        """Wait for the mutations that are still running; for the shutdown."""
        while self.running_mutations:
            await asyncio.wait(self.running_mutations)

    async def _run(self, prepared: Prepared, context: Context) -> Answer:
        executor = self._executor(prepared, context)
        if prepared.operation.only_introspects:
            # A big synchronous computation: in a thread, one at a time, it does not hold up everybody else.
            async with self._introspecting:
                result = await asyncio.to_thread(executor.execute_operation)
        else:
            result = executor.execute_operation()
        if isawaitable(result):
            result = await result
        return {**as_answer(result, context), "extensions": {"cost": prepared.cost}}

    def _mutation_done(self, mutation: asyncio.Task[Answer]) -> None:
        self.running_mutations.discard(mutation)
        if not mutation.cancelled():
            mutation.exception()  # nobody may be waiting any more; asyncio complains of exceptions nobody looked at

    def _executor(self, prepared: Prepared, context: Context) -> Any:
        request, operation = prepared.request, prepared.operation.node
        executor = self._executor_class.build(
            self.schema,
            prepared.document.node,
            context_value=context,
            raw_variable_values=request.variables,
            operation_name=request.operation_name,
            max_coercion_errors=1,
            is_awaitable=_is_awaitable,
            hide_suggestions=True,
        )
        if isinstance(executor, list):
            raise self._input_refusal(
                variable_faults(self.schema, prepared.document.node, operation, request.variables), *executor
            )
        return executor

    def _input_refusal(self, faults: Iterable[Fault], *otherwise: GraphQLError) -> Refused:
        found = [bad_input(path, fault) for path, fault in islice(faults, self.limits.errors)]
        return Refused(*(found or (refusal(Code.INVALID_INPUT, error.message) for error in otherwise)))


@dataclass(frozen=True)
class Live:
    """An open subscription: where its events come from, and how each of them is shown."""

    executor: Any
    source: AsyncIterable[Any]
    deadline: float

    async def show(self, event: object, context: Context) -> Answer:
        """What the subscriber is told about the event, executed with a context of its own."""
        executor = self.executor.build_per_event_executor(event)
        executor.context_value = context
        async with asyncio.timeout(self.deadline):
            result = executor.execute_operation(False)
            if isawaitable(result):
                result = await result
        return as_answer(result, context)


def as_answer(result: ExecutionResult, context: Context) -> Answer:
    """The result as it is sent, its errors fit to be seen."""
    answer: Answer = {"data": result.data}
    if result.errors:
        answer["errors"] = [shown(error, context.trace_id, context.locale) for error in result.errors]
    return answer
