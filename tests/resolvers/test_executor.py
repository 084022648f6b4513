"""The level executor answers as the stock executor does."""

import pytest

from tests.resolvers.bazaar import schema
from tests.resolvers.comparison import assert_same_answers, sweeping
from tests.resolvers.documents import cases

BAZAAR = schema._schema


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
async def test_thousands_of_generated_queries_are_answered_as_by_the_stock_executor() -> None:
    """2,080 documents over a schema in which every kind of field fails somewhere."""
    compared = failing = 0
    with sweeping() as sweep:
        for document, variables in cases(BAZAAR, generated=130, bent=15):
            answer = await assert_same_answers(BAZAAR, document, variables, lambda: "7")
            compared, failing = compared + 1, failing + bool(answer.errors)
            if compared % 400 == 0:
                sweep()
    assert compared >= 2_000
    assert compared > failing > compared / 4  # else the documents would prove little
