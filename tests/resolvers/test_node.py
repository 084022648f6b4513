"""Anything is found by its id, unless it is not the caller's to see."""

from datetime import UTC, datetime

import pytest
import strawberry

import models
from models.base import new_id
from resolvers.context import Context
from resolvers.executor import LevelExecutor
from resolvers.ids import encode_id
from resolvers.node import Node, NodeQuery, models_of
from resolvers.relations import derived, shows
from rules.people import Actor, CompanyKind, Role

ASK = "query ($id: ID!) { node(id: $id) { __typename id ... on Category { code } } }"


@strawberry.type
@shows(models.Category)
class Category(Node):
    """A category in this test's schema."""

    id: strawberry.ID = derived(lambda row: encode_id("Category", row.id))
    code: str


@strawberry.type
@shows(models.Member)
class Member(Node):
    """A member in this test's schema."""

    id: strawberry.ID = derived(lambda row: encode_id("Member", row.id))


schema = strawberry.Schema(NodeQuery, types=[Category, Member], execution_context_class=LevelExecutor)
BUYER = Actor(company=new_id(), member=new_id(), kind=CompanyKind.BUYER, roles=frozenset({Role.REQUESTER}))


@pytest.fixture
async def category(database: str) -> models.Category:
    """One category."""
    return await models.Category.create(code="bolts", name_zh="螺栓", name_en="Bolts", created_at=datetime.now(UTC))


async def ask(id: str, actor: Actor = BUYER) -> object:
    """What `node` answers."""
    answer = await schema.execute(ASK, variable_values={"id": id}, context_value=Context(actor=actor))
    assert answer.errors is None
    assert answer.data is not None
    return answer.data["node"]


async def test_a_row_is_found_by_its_id_as_its_own_type(category: models.Category) -> None:
    id = encode_id("Category", category.id)

    assert await ask(id) == {"__typename": "Category", "id": id, "code": "bolts"}


async def test_a_missing_a_malformed_and_a_foreign_id_look_the_same(category: models.Category) -> None:
    company = models.Company(
        legal_name="甬固", credit_code="91330200MA2AAAAA0X", kind="BUYER", created_at=datetime.now(UTC)
    )
    await company.save()
    stranger = await models.Member.create(
        company=company, sign_in_name="li", display_name="李", password_hash="x", roles=[], created_at=datetime.now(UTC)
    )
    there = encode_id("Category", category.id)

    for id in (
        encode_id("Category", new_id()),
        encode_id("Member", stranger.id),
        encode_id("Category", stranger.id),
        encode_id("Company", company.id),
        encode_id("Nothing", category.id),
        encode_id("Node", category.id),
        there + "=",
        there[:-1],
        "",
        "螺栓",
        "x" * 5_000,
    ):
        assert await ask(id) is None, id


async def test_a_stranger_finds_nothing(category: models.Category) -> None:
    assert await ask(encode_id("Category", category.id), Actor.anonymous()) is None


def test_every_type_that_is_a_node_is_known_with_its_model() -> None:
    assert models_of(schema._schema) == {"Category": (models.Category,), "Member": (models.Member,)}
