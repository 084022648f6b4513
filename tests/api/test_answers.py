"""The whole schema answers as it would on the stock executor, and takes as many statements for 50 orders as for 5."""

import itertools
from functools import partial

import pytest

from api.schema import schema
from bench.data import fill, row_id
from bench.questions import LIST
from resolvers.context import Context
from rules.people import Actor, CompanyKind, Role
from tests.estates import Firm, make_estate
from tests.resolvers.comparison import assert_same_answers, sweeping
from tests.resolvers.documents import cases
from tests.statements import counting


@pytest.mark.usefixtures("database")
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
async def test_generated_queries_on_real_orders_are_answered_as_by_the_stock_executor() -> None:
    buyer, supplier = await Firm.made(CompanyKind.BUYER), await Firm.made(CompanyKind.SUPPLIER)
    estate = await make_estate(buyer, supplier)
    people = itertools.cycle([buyer.everybody, supplier.everybody, buyer.admin])
    with_data = 0
    with sweeping() as sweep:
        for document, variables in cases(schema._schema, generated=70, bent=4, known={"id": list(estate.ids.values())}):
            make_context = partial(Context, next(people), "zh-CN")
            answer = await assert_same_answers(schema._schema, document, variables, make_context)
            with_data += bool(answer.data and any(answer.data.values()))
            sweep()
    assert with_data > 60  # else the documents would prove little


async def statements_for(first: int) -> list[str]:
    """What the order list sends to the database."""
    buyer = Actor(company=row_id(1, 2), kind=CompanyKind.BUYER, roles=frozenset({Role.REQUESTER}))
    async with counting() as sent:
        result = await schema.execute(LIST, variable_values={"first": first}, context_value=Context(actor=buyer))
    assert result.errors is None
    assert len(result.data["orders"]["nodes"]) == first  # type: ignore[index]
    return sent


async def test_the_number_of_statements_does_not_grow_with_the_number_of_rows(database: str) -> None:
    await fill(database, 1_000)
    few, many = await statements_for(5), await statements_for(50)
    assert len(few) == len(many) == 4
