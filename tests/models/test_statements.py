"""A statement is built once for each different question, and never given to another one."""

from decimal import Decimal
from typing import Any

import pytest
from tortoise.expressions import F, Q

from models import Company, Product
from models.statements import KEPT, _built, _remembered, statement
from rules.people import CompanyStatus


def different() -> list[Any]:
    """Querysets that look alike and are not."""
    return [
        Company.all(),
        Product.all(),
        Company.filter(version=1),
        Company.filter(version=True),
        Company.filter(version=2),
        Company.exclude(version=1),
        Company.filter(version=None),
        Company.filter(version__in=[1]),
        Company.filter(version__in=[1, 2]),
        Company.filter(version__in=[]),
        Company.filter(version__gt=1),
        Company.filter(status=CompanyStatus.APPROVED),
        Company.filter(version=1, legal_name="x"),
        Company.filter(Q(version=1) | Q(legal_name="x")),
        Company.filter(~(Q(version=1) | Q(legal_name="x"))),
        Company.filter(version=1).limit(1),
        Company.filter(version=1).limit(1).offset(1),
        Company.filter(version=1).order_by("id"),
        Company.filter(version=1).order_by("-id"),
        Company.filter(version=1).distinct(),
        Company.filter(version=1).only("id"),
        Company.filter(version=F("version")),
        Company.filter(version=1).select_for_update(),
        Product.filter(supplier__version=1),
        Product.filter(list_price=Decimal(1)),
    ]


@pytest.mark.usefixtures("database")
async def test_every_question_gets_its_own_statement_the_first_time_and_the_second() -> None:
    expected = [_built(queryset) for queryset in different()]
    for _ in range(2):
        assert [statement(queryset) for queryset in different()] == [(sql, list(values)) for sql, values in expected]


@pytest.mark.usefixtures("database")
async def test_statements_are_forgotten_in_the_end() -> None:
    for version in range(KEPT + 10):
        statement(Company.filter(version=version))
    assert len(_remembered) == KEPT
    sql, values = statement(Company.filter(version=0))
    assert values == [0]
    values.append("spoilt")
    assert statement(Company.filter(version=0)) == (sql, [0])
