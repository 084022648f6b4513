"""A thousand small questions about real orders, each answered as the stock executor answers it, whoever asks."""

import random
from functools import partial

import pytest

from api.schema import schema as shown_schema
from resolvers.context import Context
from resolvers.ids import encode_id
from rules.people import Actor, CompanyKind
from tests.estates import Firm, make_estate
from tests.makers import make_platform
from tests.resolvers.comparison import assert_same_answers, sweeping
from tests.resolvers.documents import bent_once
from tests.small_questions import question

SCHEMA = shown_schema._schema
COUNT = 1_000


@pytest.mark.usefixtures("database")
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
async def test_a_thousand_small_questions_are_answered_as_by_the_stock_executor() -> None:
    buyer, supplier = await Firm.made(CompanyKind.BUYER), await Firm.made(CompanyKind.SUPPLIER)
    estate = await make_estate(buyer, supplier)
    people = [buyer.everybody, supplier.everybody, buyer.admin, await make_platform(), Actor.anonymous()]
    company, goods = encode_id("Company", supplier.company.id), encode_id("Product", estate.goods.id)
    ids = {kind: id_ for kind, id_ in estate.ids.items() if kind != "OrderLine"} | {
        "Company": company,
        "Product": goods,
    }
    told = failed = 0
    with sweeping() as sweep:
        for number in range(COUNT):
            chance = random.Random(number)  # no secret, and the same thousand each time
            document, variables = bent_once(SCHEMA, question(SCHEMA, chance, ids), chance)
            context = partial(Context, chance.choice(people), chance.choice(("zh-CN", "en")))
            answer = await assert_same_answers(SCHEMA, document, variables, context)
            told += bool(answer.data and any(answer.data.values()))
            failed += bool(answer.errors)
            if number % 50 == 0:
                sweep()
    assert told > COUNT / 2  # else the questions would prove little
    assert failed > COUNT / 100
