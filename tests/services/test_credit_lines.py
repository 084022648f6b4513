"""What suppliers set as their buyers' limits: by the right people, in the right amounts, told to the two it is about."""

from decimal import Decimal as D

import pytest

from models import Company, CreditEntry, CreditLine, Event
from models.base import new_id
from rules.money import Currency
from rules.people import Actor, Role
from rules.problems import InvalidInput, NotAllowed, NotFound, StaleVersion
from services.credit_lines import CreditTerms, block_credit_line, set_credit_line
from tests.credit_makers import make_credit_line
from tests.makers import make_actor
from tests.order_makers import Parties, make_contracted_order, make_parties, make_placed_order

CNY = Currency.CNY


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer, and a supplier that has its order on its desk."""
    parties = await make_parties()
    await make_placed_order(parties)
    return parties


async def colleague(actor: Actor, role: Role) -> Actor:
    """Somebody of the same company with this role alone."""
    return await make_actor(await Company.named(actor.home), role)


async def test_administrators_finance_and_sales_set_a_line_one_after_the_other(parties: Parties) -> None:
    for version, role in enumerate((Role.ADMIN, Role.FINANCE, Role.SALES)):
        actor = await colleague(parties.supplier, role)
        line = await set_credit_line(actor, parties.buyer.home, CNY, version, CreditTerms(D(100 + version)))
        assert (line.version, line.credit_limit) == (version + 1, D(100 + version))
        with pytest.raises(StaleVersion):
            await set_credit_line(actor, parties.buyer.home, CNY, version, CreditTerms(D(7)))
    for actor in (await colleague(parties.supplier, Role.WAREHOUSE), await colleague(parties.buyer, Role.FINANCE)):
        with pytest.raises(NotAllowed):
            await set_credit_line(actor, parties.buyer.home, CNY, 3, CreditTerms(D(7)))
    events = await Event.filter(stream=line.id).order_by("seq")
    assert [(event.seq, event.kind, event.body) for event in events] == [
        (number, "CREDIT_LINE_CHANGED", {"action": "set_credit_line"}) for number in (1, 2, 3)
    ]
    assert {tuple(event.readers) for event in events} == {(parties.supplier.home, parties.buyer.home)}


async def test_the_limit_for_all_is_told_to_nobody_else_and_blocks_nobody(parties: Parties) -> None:
    line = await make_credit_line(parties, for_all=True)
    [event] = await Event.filter(stream=line.id)
    assert event.readers == [parties.supplier.home]
    with pytest.raises(InvalidInput):
        await block_credit_line(parties.supplier, line.id, line.version, "nobody pays")


@pytest.mark.parametrize(("limit", "currency"), [("-0.01", CNY), ("0.001", CNY), ("0.5", Currency.JPY), ("1e14", CNY)])
async def test_an_amount_that_is_none_of_the_currency_is_refused(
    parties: Parties, limit: str, currency: Currency
) -> None:
    with pytest.raises(InvalidInput):
        await set_credit_line(parties.supplier, parties.buyer.home, currency, 0, CreditTerms(D(limit)))
    assert await CreditLine.all().count() == 0


async def test_a_line_is_for_a_company_that_one_knows_and_that_buys(parties: Parties) -> None:
    for unknown in (new_id(), (await make_parties()).buyer.home):
        with pytest.raises(NotFound):
            await set_credit_line(parties.supplier, unknown, CNY, 0, CreditTerms(D(7)))
    with pytest.raises(InvalidInput):
        await set_credit_line(parties.supplier, parties.supplier.home, CNY, 0, CreditTerms(D(7)))


async def test_lines_and_entries_are_seen_by_the_two_and_of_them_by_those_whom_it_concerns(parties: Parties) -> None:
    await make_contracted_order(parties)
    reads = {
        parties.supplier: {Role.ADMIN, Role.FINANCE, Role.SALES},
        parties.buyer: {Role.ADMIN, Role.FINANCE, Role.REQUESTER},
    }
    for side, roles in reads.items():
        for role in (Role.ADMIN, Role.FINANCE, Role.SALES, Role.REQUESTER, Role.SIGNATORY, Role.VIEWER):
            actor = await colleague(side, role)
            seen = await CreditLine.visible_to(actor).count(), await CreditEntry.visible_to(actor).count()
            assert seen == ((1, 1) if role in roles else (0, 0)), role
