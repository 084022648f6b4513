"""Whether the level executor answers as the stock executor does, on any schema.

`assert_same_answers` is the whole promise: same data in the same key order, same errors. Errors need a word: where several wrong values
lie beneath one nullable field, GraphQL lets the executor report any of them, and which it is depends on what was ready first. So each
document is also run with error propagation switched off, where every error is reported and nothing may differ at all.
"""

import gc
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from inspect import isawaitable
from typing import Any

from graphql import DirectiveNode, DocumentNode, GraphQLSchema, NameNode, OperationDefinitionNode
from graphql.execution import ExecutionResult, execute
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as StockExecutor

from resolvers.executor import LevelExecutor
from services import clock

MakeContext = Callable[[], Any]
Path = tuple[str | int, ...]
Told = tuple[Path, str, str]


@contextmanager
def sweeping() -> Iterator[Callable[[], None]]:
    """Collects garbage when told to and never in between.

    The stock executor leaves coroutines behind when a sibling fails first. CPython cannot even warn of them when the collector comes
    upon them inside a namedtuple, whose constructor runs without builtins.
    """

    def sweep() -> None:
        gc.collect()
        gc.freeze()  # what is still there is not looked through again each time

    gc.disable()
    sweep()
    try:
        yield sweep
    finally:
        sweep()
        gc.enable()


async def assert_same_answers(
    schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any], make_context: MakeContext
) -> ExecutionResult:
    """Compare the two executors on one document; gives the level executor's answer.

    It executes the document twice, since only what comes again is compiled; and at one moment, since a link tells when it expires.
    """
    with clock.held_at(clock.now()):
        return await _assert_same_answers_now(schema, document, variables, make_context)


async def _assert_same_answers_now(
    schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any], make_context: MakeContext
) -> ExecutionResult:
    asked = schema, document, variables, make_context
    every_error = schema, without_propagation(document), variables, make_context
    stock = await answer(StockExecutor, *every_error)
    text, possible = json_text(stock), sorted(map(told, stock.errors or ()), key=str)
    for _ in range(2):
        level = await answer(LevelExecutor, *every_error)
        assert json_text(level) == text
        assert sorted(map(told, level.errors or ()), key=str) == possible
        forget_frames(level)
    forget_frames(stock)
    stock = await answer(StockExecutor, *asked)
    text, expected = json_text(stock), nulled(stock)
    for _ in range(2):
        level = await answer(LevelExecutor, *asked)
        assert json_text(level) == text
        _assert_allowed(nulled(level), expected, possible)
        forget_frames(level)
    forget_frames(stock)
    return level


def _assert_allowed(found: dict[Path, list[Told]], expected: dict[Path, list[Told]], possible: list[Told]) -> None:
    """The same places became null, each for an error that the stock executor may report there."""
    assert found.keys() == expected.keys()
    for place, errors in found.items():
        assert all(error in possible for error in errors)
        if all(path == place for path, *_ in expected[place]):  # nothing was propagated, so there was no choice
            assert sorted(errors, key=str) == sorted(expected[place], key=str)


async def answer(
    executor: type[StockExecutor],
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any],
    make_context: MakeContext,
) -> ExecutionResult:
    """What this executor answers."""
    result = execute(
        schema,
        document,
        variable_values=dict(variables),
        context_value=make_context(),
        executor_class=executor,
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # a plain bool, as the product passes it
    )
    return await result if isawaitable(result) else result


def without_propagation(document: DocumentNode) -> DocumentNode:
    """The same document with graphql-core's directive that leaves every null where it arose."""
    directive = DirectiveNode(name=NameNode(value="experimental_disableErrorPropagation"), arguments=())
    definitions = []
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode):
            parts = {key: getattr(one, key) for key in one.keys}
            one = OperationDefinitionNode(**{**parts, "directives": (*(one.directives or ()), directive)})
        definitions.append(one)
    return DocumentNode(definitions=tuple(definitions))


def forget_frames(result: ExecutionResult) -> None:
    """Where each error was raised, nobody asks any more: its frames, and all they hold, would wait for the garbage collector."""
    left: list[BaseException | None] = list(result.errors or ())
    while left:
        if (error := left.pop()) is not None:
            left += (error.__cause__, error.__context__, getattr(error, "original_error", None))
            error.__traceback__ = error.__cause__ = error.__context__ = None


def json_text(result: ExecutionResult) -> str:
    """The data with its keys in the order they were given."""
    return json.dumps(result.data, default=repr)


def told(error: Any) -> Told:
    """What a client learns of an error; its locations are those of its nodes."""
    return tuple(error.path or ()), error.message, repr(([id(node) for node in error.nodes or ()], error.extensions))


def nulled(result: ExecutionResult) -> dict[Path, list[Told]]:
    """The errors by the place in the data that became null for them."""
    places: dict[Path, list[Told]] = defaultdict(list)
    for error in result.errors or ():
        places[_null_on(result.data, tuple(error.path or ()))].append(told(error))
    return dict(places)


def _null_on(data: Any, path: Path) -> Path:
    for depth, step in enumerate(path):
        if data is None:
            return path[:depth]
        data = data[step]
    return path
