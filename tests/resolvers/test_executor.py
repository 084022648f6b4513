"""The level executor answers as the stock executor does, with one batch for each relation and level."""

import gc
from collections.abc import Callable, Iterator

import pytest

from tests.resolvers.bazaar import schema
from tests.resolvers.comparison import assert_same_answers
from tests.resolvers.documents import cases

BAZAAR = schema._schema


@pytest.fixture
def swept() -> Iterator[Callable[[], None]]:
    """Collects garbage when told to and never in between.

    The stock executor leaves coroutines behind when a sibling fails first. CPython cannot even warn of them when the collector comes
    upon them inside a namedtuple, whose constructor runs without builtins.
    """
    gc.disable()
    yield lambda: gc.collect() and None
    gc.enable()


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
async def test_thousands_of_generated_queries_are_answered_as_by_the_stock_executor(swept: Callable[[], None]) -> None:
    """2,080 documents over a schema in which every kind of field fails somewhere."""
    compared = failing = 0
    for document, variables in cases(BAZAAR, generated=160, bent=12):
        answer = await assert_same_answers(BAZAAR, document, variables, lambda: "7")
        compared, failing = compared + 1, failing + bool(answer.errors)
        if compared % 100 == 0:
            swept()
    swept()
    assert compared >= 2_000
    assert compared > failing > compared / 4  # else the documents would prove little
