"""The way into the house: companies that register, members who sign in or fail to, and what was written down of it."""

from typing import Any

import pytest

from models import Company, Member
from models.database import pool
from rules.people import Actor
from rules.problems import SignInFailed
from services import passwords
from services.companies import Application, register_company
from services.members import Person
from services.sessions import SignedIn, sign_in
from tests.makers import HOME, PASSWORD, make_application, make_key, make_person

STRANGER = Actor.anonymous()
ELSEWHERE = "198.51.100.7"
WRONG = "wrong horse battery staple"


async def register(
    application: Application | None = None, person: Person | None = None, key: str | None = None, address: str = HOME
) -> tuple[Company, Member]:
    """What a stranger does."""
    with passwords.cheaply():
        return await register_company(
            STRANGER,
            application or make_application(),
            person or make_person(),
            address=address,
            idempotency_key=key or make_key(),
        )


async def enter(member: Member, address: str = HOME) -> SignedIn:
    """A session of the member."""
    return await sign_in(member.sign_in_name, PASSWORD, address)


async def fail(name: str, address: str = HOME, password: str = WRONG) -> SignInFailed:
    """The refusal of a try."""
    with pytest.raises(SignInFailed) as refused:
        await sign_in(name, password, address)
    return refused.value


async def events_of(company: Company) -> list[Any]:
    """The company's stream, read past the ORM."""
    return list(await pool().fetch("SELECT * FROM event WHERE stream = $1 ORDER BY seq", company.id))


async def count(table: str) -> int:
    """How many rows there are, read past the ORM."""
    return int(await pool().fetchval(f"SELECT count(*) FROM {table}"))
