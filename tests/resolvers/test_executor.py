"""The level executor answers as the stock executor does."""

import os

import pytest

from tests.resolvers.bazaar import schema
from tests.resolvers.comparison import assert_same_answers, sweeping
from tests.resolvers.documents import cases

BAZAAR = schema._schema
GENERATED = int(os.environ.get("DINGHUO_DOCUMENTS", "65"))
"""Each is bent fifteen times besides; `DINGHUO_DOCUMENTS=300` for a long look."""


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
async def test_generated_queries_are_answered_as_by_the_stock_executor() -> None:
    """1,040 documents, unless more are asked for, over a schema in which every kind of field fails somewhere."""
    compared = failing = 0
    with sweeping() as sweep:
        for document, variables in cases(BAZAAR, generated=GENERATED, bent=15):
            answer = await assert_same_answers(BAZAAR, document, variables, lambda: "7")
            compared, failing = compared + 1, failing + bool(answer.errors)
            if compared % 100 == 0:
                sweep()
    assert compared == GENERATED * 16
    assert compared > failing > compared / 4  # else the documents would prove little
