"""How many SQL statements a request takes."""

from strawberry import Schema

from models import database
from resolvers.context import Context
from rules.people import Actor
from tests.statements import counting


async def statements_of(schema: Schema, url: str, actor: Actor, query: str, variables: dict[str, object]) -> int:
    """The number of statements that this query takes on that database, whoever sends them."""
    await database.connect(url)
    try:
        async with counting() as seen:
            answer = await schema.execute(query, variable_values=variables, context_value=Context(actor=actor))
        assert not answer.errors, answer.errors
        # A new connection first asks the server what an array is; that is no part of the request.
        return sum("pg_catalog" not in sql and "current_setting" not in sql for sql in seen)
    finally:
        await database.close()
