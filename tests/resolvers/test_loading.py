"""Each relation is loaded once for all parents of a level, and never twice."""

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest
import strawberry
from graphql import parse
from graphql.execution import execute
from strawberry.types import Info

from resolvers.executor import LevelExecutor
from resolvers.plans import Known, known_of
from resolvers.relations import derived, related


@dataclass
class Viewer:
    """A context that remembers what was asked: the batch, how many parents, which arguments."""

    name: str = "Ada"
    asked: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)

    def note(self, batch: str, parents: Sequence[Any], **arguments: Any) -> None:
        """Remember one call of a batch."""
        self.asked.append((batch, len(parents), arguments))


@dataclass
class Row:
    """Stands for a row; equal ones are still two."""

    number: int


async def books_of(context: Viewer, parents: Sequence[Any], first: int = 2) -> list[list[Row]]:
    """Numbers 10·n, 10·n + 1, …"""
    context.note("books", parents, first=first)
    await asyncio.sleep(0)  # lets others in, as a database does
    return [[Row(parent.number * 10 + step) for step in range(first)] for parent in parents]


async def author_of(context: Viewer, parents: Sequence[Any]) -> list[Any]:
    """One in three is unknown to the catalogue."""
    context.note("author", parents)
    return [LookupError("nobody knows") if parent.number % 3 == 2 else Row(parent.number) for parent in parents]


async def reader_of(context: Viewer, parents: Sequence[Any]) -> list[Row]:
    """Who looks, which is not the same for every viewer."""
    context.note("reader", parents)
    await asyncio.sleep(0)
    return [Row(len(context.name)) for _ in parents]


async def burnt(context: Viewer, parents: Sequence[Any]) -> list[Any]:
    """Fails for everybody."""
    context.note("burnt", parents)
    raise OSError("the archive burnt down")


async def short(context: Viewer, parents: Sequence[Any]) -> list[Any]:
    """Forgets a parent."""
    return [Row(1)] * (len(parents) - 1)


@strawberry.type
class Author:
    number: int
    books: list["Book"] = related(books_of)


@strawberry.type
class Book:
    number: int
    author: Author | None = related(author_of)
    reader: Author = related(reader_of)
    archive: Author | None = related(burnt)
    short: Author | None = related(short)


@strawberry.type
class Entry:
    node: Book


@strawberry.type
class Catalogue:
    """Wraps rows, as a page does; its entries are other objects each time."""

    rows: strawberry.Private[list[Row]]
    entries: list[Entry] = derived(lambda shown: [Entry(node=row) for row in shown.rows])
    first: Book | None = derived(lambda shown: shown.rows[0] if shown.rows else None)


@strawberry.type
class Lent:
    book: Book


@strawberry.type
class Refused:
    reason: str


SHARED = [Row(1), Row(2), Row(3)]


@strawberry.type
class Query:
    @strawberry.field
    async def authors(self, count: int = 3) -> list[Author]:
        return [Row(number) for number in range(1, count + 1)]  # type: ignore[misc]

    @strawberry.field
    def shelf(self) -> list[Book]:
        return [*SHARED, SHARED[0]]  # type: ignore[list-item]

    @strawberry.field
    async def catalogue(self) -> Catalogue:
        return Catalogue(rows=SHARED)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def lend(self, info: Info[Viewer, None]) -> Annotated[Lent | Refused, strawberry.union("LendResult")] | None:
        info.context.name += "!"
        return Lent(book=SHARED[0])  # type: ignore[arg-type]


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def arrivals(self, count: int = 2) -> AsyncIterator[Catalogue]:
        for _ in range(count):
            yield Catalogue(rows=SHARED)


schema = strawberry.Schema(Query, Mutation, Subscription, execution_context_class=LevelExecutor)


async def ask(query: str, viewer: Viewer | None = None, **variables: Any) -> tuple[Any, list[tuple[str, str]], Viewer]:
    """The data, the errors as (path, message), and the viewer with what was asked of the batches."""
    viewer = viewer or Viewer()
    result = await schema.execute(query, variable_values=variables, context_value=viewer)
    errors = [(".".join(map(str, error.path or ())), error.message) for error in result.errors or ()]
    return result.data, errors, viewer


@pytest.mark.parametrize("count", [1, 3, 50])
async def test_a_relation_is_asked_once_for_a_level_however_many_parents_there_are(count: int) -> None:
    data, _, viewer = await ask(
        "query($n: Int!) { authors(count: $n) { books { number author { books(first: 1) { number } } } } }", n=count
    )
    assert len(data["authors"]) == count
    assert [name for name, *_ in viewer.asked] == ["books", "author", "books"]
    assert viewer.asked[0] == ("books", count, {"first": 2})


async def test_relations_are_found_through_wrapper_objects_at_the_cost_of_no_level() -> None:
    data, _, viewer = await ask("{ catalogue { entries { node { reader { number } } } first { reader { number } } } }")
    assert data["catalogue"]["first"] == {"reader": {"number": 3}}
    assert viewer.asked == [("reader", 3, {})]


async def test_aliases_with_other_arguments_are_loaded_apart_and_with_the_same_ones_together() -> None:
    data, _, viewer = await ask(
        """query($one: Int!) { authors {
            two: books { number } one: books(first: $one) { number } same: books(first: 2) { number }
        } }""",
        one=1,
    )
    assert data["authors"][0] == {
        "two": [{"number": 10}, {"number": 11}],
        "one": [{"number": 10}],
        "same": [{"number": 10}, {"number": 11}],
    }
    assert viewer.asked == [("books", 3, {"first": 2}), ("books", 3, {"first": 1})]


async def test_a_relation_selected_in_several_merged_places_is_loaded_once() -> None:
    data, _, viewer = await ask(
        "{ authors { books { number } ...More } } fragment More on Author { books { reader { number } } }"
    )
    assert data["authors"][0]["books"][0] == {"number": 10, "reader": {"number": 3}}
    assert viewer.asked == [("books", 3, {"first": 2}), ("reader", 6, {})]


async def test_a_parent_that_stands_in_a_list_twice_is_asked_for_once() -> None:
    data, _, viewer = await ask("{ shelf { number reader { number } } }")
    assert [book["number"] for book in data["shelf"]] == [1, 2, 3, 1]
    assert viewer.asked == [("reader", 3, {})]


async def test_root_fields_that_run_at_the_same_time_do_not_load_the_same_twice() -> None:
    data, _, viewer = await ask("{ a: catalogue { first { reader { number } } } b: shelf { reader { number } } }")
    assert data["a"]["first"] == data["b"][0]
    assert sum(parents for _, parents, _ in viewer.asked) == 3  # three books, whoever asked for them


async def test_a_failing_batch_fails_each_of_its_fields_and_nothing_else_and_is_asked_once() -> None:
    data, errors, viewer = await ask("{ shelf { number archive { number } reader { number } } }")
    assert data["shelf"][1] == {"number": 2, "archive": None, "reader": {"number": 3}}
    assert errors == [(f"shelf.{place}.archive", "the archive burnt down") for place in range(4)]
    assert sorted(viewer.asked) == [("burnt", 3, {}), ("reader", 3, {})]


async def test_an_exception_in_a_batchs_answer_fails_only_that_parents_field() -> None:
    data, errors, _ = await ask("{ shelf { author { number } } }")
    assert [book["author"] for book in data["shelf"]] == [{"number": 1}, None, {"number": 3}, {"number": 1}]
    assert errors == [("shelf.1.author", "nobody knows")]


async def test_a_batch_that_forgets_a_parent_fails_rather_than_giving_children_to_strangers() -> None:
    data, errors, _ = await ask("{ shelf { short { number } } }")
    assert [book["short"] for book in data["shelf"]] == [None] * 4
    assert "gave 2 answers for 3 parents" in errors[0][1]


async def test_what_one_viewer_loaded_is_not_left_on_rows_that_another_sees() -> None:
    query = "{ shelf { reader { number } } }"
    ada, eve = await asyncio.gather(ask(query, Viewer("Ada")), ask(query, Viewer("Eva-Maria")))
    assert ada[0]["shelf"][0]["reader"]["number"] == 3
    assert eve[0]["shelf"][0]["reader"]["number"] == 9
    assert all(vars(row) == {"number": row.number} for row in SHARED)


async def test_relations_in_a_mutations_union_are_loaded_afresh_for_each_mutation() -> None:
    data, errors, viewer = await ask(
        "mutation { a: lend { ...L } b: lend { ...L } } fragment L on Lent { book { reader { number } } }"
    )
    assert not errors
    assert [data[name]["book"]["reader"]["number"] for name in "ab"] == [4, 5]
    assert viewer.asked == [("reader", 1, {}), ("reader", 1, {})]


async def test_each_event_of_a_subscription_loads_its_own_relations_once() -> None:
    viewer = Viewer()
    events: Any = await schema.subscribe(
        "subscription { arrivals { entries { node { reader { number } } } } }", context_value=viewer
    )
    shown = []
    async for event in events:
        viewer.name += "!"
        shown.append([entry["node"]["reader"]["number"] for entry in event.data["arrivals"]["entries"]])
    assert shown == [[3, 3, 3], [4, 4, 4]]
    assert viewer.asked == [("reader", 3, {}), ("reader", 3, {})]


async def test_the_same_document_means_something_else_with_other_switches() -> None:
    query = "query($deep: Boolean!) { shelf { number reader @include(if: $deep) { number } } }"
    for deep in (True, False, True, False):
        data, _, viewer = await ask(query, deep=deep)
        assert ("reader" in data["shelf"][0]) is deep
        assert bool(viewer.asked) is deep


async def test_rows_do_not_wait_for_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        before = _rows_alive()
        for _ in range(2):
            await ask("{ authors(count: 20) { books { number reader { number } } } }")
        assert _rows_alive() == before
    finally:
        gc.enable()


def _rows_alive() -> int:
    return sum(type(thing) is Row for thing in gc.get_objects())


async def test_plans_are_forgotten_with_their_documents() -> None:
    known = known_of(schema._schema)
    before = len(known._plans)
    for number in range(50):
        await ask(f"{{ n{number}: shelf {{ number }} }}")
    gc.collect()
    assert len(known._plans) <= before


async def test_few_plans_are_kept_for_one_document_whatever_its_switches() -> None:
    names = "abcde"
    fields = " ".join(f"{name}: number @include(if: ${name})" for name in names)
    document = parse(f"query({' '.join(f'${name}: Boolean!' for name in names)}) {{ shelf {{ {fields} }} }}")
    for number in range(2 ** len(names)):
        wanted = {name: bool(number >> bit & 1) for bit, name in enumerate(names)}
        answer: Any = execute(schema._schema, document, variable_values=wanted, executor_class=LevelExecutor)
        assert [name for name in names if wanted[name]] == list(answer.data["shelf"][0])
    [operation] = document.definitions
    assert len(known_of(schema._schema)._plans[id(operation)][1]) == Known.KEPT
