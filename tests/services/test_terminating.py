"""A contract ends before goods have left: by both sides or by the operator, and everything it held is free again."""

from decimal import Decimal as D

import pytest

from models import Company, Contract, Order, Product
from rules.contract import ContractStatus
from rules.lifecycle import Amendment, OrderStatus, Side
from rules.people import Role
from rules.problems import NotAllowed, NotFound, NotYourTurn, WrongStatus
from services import ledger
from services.changing import agree_change
from services.terminating import agree_termination, propose_termination, refuse_termination, terminate_order
from tests.agreement_makers import fresh_agreement, make_accepted_order, make_agreement
from tests.change_makers import make_change
from tests.makers import make_actor, make_platform
from tests.order_makers import Parties, fresh, make_contracted_order, make_goods, make_parties, make_shipment
from tests.races import at_once


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def proposed(parties: Parties, order: Order) -> Order:
    """The order after the buyer has proposed to end it."""
    return await propose_termination(parties.buyer, order.id, order.version, "the site is closed")


async def agree(parties: Parties, order: Order) -> Order:
    """The order after the supplier has agreed."""
    return await agree_termination(parties.supplier, order.id, order.version_for(parties.supplier))


async def test_by_the_word_of_both_nothing_is_owed_or_kept_any_more(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier, stock_on_hand=D(5000))
    order = await make_contracted_order(parties, ("100",), ("1",), goods=[bolts])
    order = await proposed(parties, order)
    assert (order.status, order.amendment, order.turn) == (
        OrderStatus.CONTRACTED,
        Amendment.TERMINATION_PROPOSED,
        Side.SUPPLIER,
    )
    with pytest.raises(NotYourTurn):
        await agree_termination(parties.buyer, order.id, order.version)
    order = await agree(parties, order)
    assert (order.status, order.amendment) == (OrderStatus.TERMINATED, None)
    assert (order.closing_reason, order.closing_note) == ("TERMINATED", "the site is closed")
    [booked] = (await ledger.line_quantities(order)).values()
    assert (booked.ordered, booked.cancelled, booked.to_despatch) == (D(100), D(100), D(0))
    assert (await Product.get(id=bolts.id)).stock_reserved == 0
    [contract] = await Contract.filter(order_id=order.id)
    assert contract.status is ContractStatus.TERMINATED
    with pytest.raises(WrongStatus):
        await make_shipment(parties, order, "1")


async def test_refused_the_contract_stands_and_may_be_asked_about_again(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    for who in (parties.supplier, parties.buyer):
        order = await proposed(parties, order)
        order = await refuse_termination(who, order.id, order.version_for(who), "already made")
        assert (order.status, order.amendment, order.closing_note) == (OrderStatus.CONTRACTED, None, None)
    await make_shipment(parties, order)


async def test_once_goods_have_left_it_cannot_end(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    order = await proposed(parties, order)
    await make_shipment(parties, order, "1")
    order = await fresh(order)
    with pytest.raises(WrongStatus):
        await agree(parties, order)
    with pytest.raises(WrongStatus):
        await terminate_order(await make_platform(), order.id, order.version_for(await make_platform()), "why")
    assert (await fresh(order)).status is OrderStatus.CONTRACTED


async def test_the_operator_ends_it_whatever_is_open(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    change = await make_change(order, parties.buyer, "60")
    operator = await make_platform()
    order = await fresh(order)
    order = await terminate_order(operator, order.id, order.version_for(operator), "the supplier is insolvent")
    assert (order.status, order.closing_note) == (OrderStatus.TERMINATED, "the supplier is insolvent")
    assert (await Contract.get(id=change.id)).status is ContractStatus.VOID
    with pytest.raises(WrongStatus):
        await agree_change(parties.supplier, order.id, order.version_for(parties.supplier))


async def test_only_signatories_of_the_parties_and_the_operator_end_it(parties: Parties) -> None:
    order = await make_contracted_order(parties, ("100",), ("1",))
    requester = await make_actor(await Company.get(id=parties.buyer.home), Role.REQUESTER)
    with pytest.raises(NotAllowed):
        await propose_termination(requester, order.id, order.version, "why")
    with pytest.raises(NotAllowed):
        await terminate_order(parties.buyer, order.id, order.version, "why")
    rival = (await make_parties()).supplier
    with pytest.raises(NotFound):
        await propose_termination(rival, order.id, order.version, "why")


async def test_what_it_held_of_a_framework_agreement_is_given_back(parties: Parties) -> None:
    agreement = await make_agreement(parties)
    order = await make_accepted_order(parties)
    await agree(parties, await proposed(parties, order))
    agreement = await fresh_agreement(agreement)
    assert (agreement.called_off, agreement.version) == (0, 5)
    assert (await make_accepted_order(parties)).status is OrderStatus.CONTRACTED


@pytest.mark.parametrize("_round", range(5))
async def test_of_a_despatch_and_an_end_at_once_exactly_one_wins(parties: Parties, _round: int) -> None:
    order = await proposed(parties, await make_contracted_order(parties, ("100",), ("1",)))
    done, refused = await at_once(make_shipment(parties, order, "40"), agree(parties, order))
    assert (len(done), len(refused)) == (1, 1)
    [booked] = (await ledger.line_quantities(order)).values()
    status = (await fresh(order)).status
    assert (status, booked.despatched) in ((OrderStatus.TERMINATED, D(0)), (OrderStatus.CONTRACTED, D(40)))
