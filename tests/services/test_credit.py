"""What contracts keep of their buyers' credit: raised by the signature that binds, moved by every step, and never beyond the limit."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal as D

import pytest

from models import CreditLine, Event, Order, Signature
from rules.credit import CreditStanding
from rules.events import EventKind
from rules.lifecycle import OrderStatus
from rules.money import Currency
from rules.problems import CreditBlocked, CreditLimitExceeded, StaleVersion, StockShort
from rules.quantity import Inspection
from rules.shortage_problems import CreditBlock
from rules.stock import StockPolicy
from services import clock
from services.bouncing import bounce_cheque
from services.changing import agree_change, propose_short_close, refuse_change
from services.credit import look_at_part, looks
from services.credit_lines import CreditTerms, block_credit_line, set_credit_line, unblock_credit_line
from services.quoting import accept_quotation
from services.receiving import reverse_receipt
from services.signing import check_signable
from services.terminating import agree_termination, propose_termination
from tests.agreement_makers import make_accepted_order, make_agreement
from tests.billing_makers import make_cheque, make_confirmed, make_credit_note, make_prepayment
from tests.change_makers import make_agreed_change, make_changed_order
from tests.credit_makers import check_credit, credit_of, kept_by, make_credit_line, moves_of
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_awarded_order,
    make_contracted_order,
    make_goods,
    make_invoice,
    make_parties,
    make_placed_order,
    make_quotation,
    make_receipt,
    make_shipment,
    make_signed,
    make_transfer,
)
from tests.races import at_once, in_the_middle_of
from tests.stock_makers import make_policy

AGREED = D("430.79")
"""A thousand pieces at 0.333, freight of 50.00, and the tax on both."""


@pytest.fixture
async def parties(database: str) -> Parties:
    """A supplier that lends its buyer 1000.00."""
    parties = await make_known()
    await make_credit_line(parties)
    return parties


async def make_known() -> Parties:
    """A buyer, and a supplier that has met it, since it has an order of its own on its desk."""
    parties = await make_parties()
    await make_placed_order(parties)
    return parties


async def half_signed(parties: Parties, quantity: str = "100", **terms: object) -> Order:
    """An order for so many at 1.00 without freight that the buyer alone has signed: 113.00 with tax for a hundred."""
    order = await make_awarded_order(parties, [quantity], ["1"], freight="0", **terms)
    return await make_signed(order, parties.buyer)


async def test_a_contract_keeps_what_it_lends_an_invoice_uses_it_and_money_gives_it_back(parties: Parties) -> None:
    order = await make_awarded_order(parties)
    assert (await check_credit(parties)).available == 1000, "what is accepted binds nobody yet"
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    assert (await check_credit(parties)).reserved == AGREED
    await make_receipt(parties, await make_shipment(parties, order))
    assert await kept_by(order) == AGREED, "goods that are there are owed for"
    invoice = await make_invoice(parties, order)
    use = await check_credit(parties)
    assert (use.reserved, use.used, use.available) == (D(0), AGREED, 1000 - AGREED)
    await make_confirmed(parties, await make_transfer(parties, invoice))
    assert (await check_credit(parties)).available == 1000
    assert await moves_of(order) == [("RESERVED", "430.79"), ("CONSUMED", "-430.79")]


async def test_what_is_paid_beforehand_is_not_lent(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"], ["1"], freight="0", prepaid_share=D("0.3"))
    assert (await check_credit(parties)).reserved == D("79.10")
    await make_receipt(parties, await make_shipment(parties, order, "50"))
    await make_invoice(parties, order)
    use = await check_credit(parties)
    assert (use.reserved, use.used) == (D("39.55"), D("56.50"))


async def test_a_cheque_that_bounces_is_used_again(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    await make_receipt(parties, await make_shipment(parties, order))
    payment = await make_confirmed(parties, await make_cheque(parties, await make_invoice(parties, order), "430.79"))
    assert (await check_credit(parties)).available == 1000
    await bounce_cheque(parties.supplier, payment.id, payment.version, "no cover")
    assert (await check_credit(parties)).used == AGREED


async def test_what_is_credited_and_may_be_invoiced_again_is_kept_again(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"], ["1"], freight="0")
    await make_receipt(parties, await make_shipment(parties, order))
    await make_credit_note(parties, await make_invoice(parties, order), "40")
    use = await check_credit(parties)
    assert (use.reserved, use.used) == (D("45.20"), D("67.80"))
    assert (await moves_of(order))[-1] == ("RESTORED", "45.20")
    await make_invoice(parties, order)
    assert (await check_credit(parties)).reserved == 0


async def test_what_was_rejected_is_given_back_with_the_last_goods(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"], ["1"], freight="0")
    [line] = await lines_of(order)
    half = await make_receipt(parties, await make_shipment(parties, order, "50"))
    half = await reverse_receipt(parties.buyer, half.id, half.version, "counted wrongly")
    assert await kept_by(order) == 113
    await make_receipt(parties, half)
    last = await make_shipment(parties, order, "50")
    await make_receipt(parties, last, {line.id: Inspection(D(40), D(10), reason="bent")})
    assert (await fresh(order)).status is OrderStatus.COMPLETED
    assert await kept_by(order) == D("101.70")
    assert await moves_of(order) == [("RESERVED", "113.00"), ("RELEASED", "-11.30")]


async def test_a_contract_that_ends_gives_everything_back(parties: Parties) -> None:
    order = await make_contracted_order(parties)
    await propose_termination(parties.buyer, order.id, order.version, "not needed")
    order = await fresh(order)
    await agree_termination(parties.supplier, order.id, order.version_for(parties.supplier))
    assert (await check_credit(parties)).available == 1000
    assert (await moves_of(order))[-1] == ("RELEASED", "-430.79")


async def test_a_change_keeps_more_or_less(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"], ["1"], freight="0")
    order = await make_changed_order(parties, order, "150")
    assert (await check_credit(parties)).reserved == D("169.50")
    order = await make_changed_order(parties, order, "60")
    assert (await check_credit(parties)).reserved == D("67.80")
    assert [move for move, _ in await moves_of(order)] == ["RESERVED", "RESERVED", "RELEASED"]


async def test_a_contract_closed_short_keeps_what_left_the_supplier(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"], ["1"], freight="0")
    await make_receipt(parties, await make_shipment(parties, order, "30"))
    order = await fresh(order)
    await propose_short_close(parties.buyer, order.id, order.version, "enough")
    order = await fresh(order)
    await agree_change(parties.supplier, order.id, order.version_for(parties.supplier))
    for actor in (parties.supplier, parties.buyer):
        order = await make_signed(order, actor)
    assert order.status is OrderStatus.COMPLETED
    assert await kept_by(order) == D("33.90")
    await make_invoice(parties, order)
    assert (await check_credit(parties)).reserved == 0


async def test_a_look_at_a_part_of_an_offer_tells_what_its_acceptance_keeps(parties: Parties) -> None:
    """Of three lines with freight, a third paid ahead, and one alternative: what does not divide evenly."""
    order = await make_placed_order(parties, ("5", "7", "3"))
    offer = await make_quotation(parties, order, ("1.005", "2.333", "9"), freight="7.77", prepaid_share=D("0.333"))
    first, second, _ = await lines_of(order)
    chosen = {first.id: D(4), second.id: D("1.5")}
    look = await look_at_part(await fresh(order), chosen, None)
    whole = (await looks([await fresh(order)]))[order.id]
    order = await accept_quotation(parties.buyer, offer.id, (await fresh(order)).version, chosen)
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    assert look is not None
    assert (look.needed, look.standing) == (await kept_by(order), CreditStanding.ENOUGH)
    assert 0 < look.needed < whole.needed
    assert await look_at_part(order, chosen, None) is None, "nothing is offered any more"


async def test_the_second_signature_is_refused_beyond_the_limit_before_any_code_is_asked_for(parties: Parties) -> None:
    await make_credit_line(parties, "112.99")
    order = await half_signed(parties)
    with pytest.raises(CreditLimitExceeded) as refused:
        await check_signable(parties.supplier, order.id, None)
    assert refused.value.facts() == {
        "currency": "CNY",
        "available": D("112.99"),
        "needed": D("113.00"),
        "short_by": D("0.01"),
    }
    with pytest.raises(CreditLimitExceeded):
        await make_signed(order, parties.supplier)
    contract = await contract_of(order)
    assert await Signature.filter(contract_id=contract.id).count() == 1
    assert (await fresh(order)).status is OrderStatus.PENDING_SIGNATURE
    await make_credit_line(parties, "113.00")
    assert (await make_signed(order, parties.supplier)).status is OrderStatus.CONTRACTED


async def test_of_two_contracts_that_are_signed_at_once_and_fit_alone_one_binds(parties: Parties) -> None:
    await make_credit_line(parties, "120.00")
    orders = [await make_awarded_order(parties, ["100"], ["1"], freight="0") for _ in range(2)]
    sides = (parties.buyer, parties.supplier)
    orders = [await make_signed(order, actor) for order, actor in zip(orders, sides, strict=True)]
    last = zip(orders, reversed(sides), strict=True)
    done, refused = await at_once(*(make_signed(order, actor) for order, actor in last))
    assert [order.status for order in done] == [OrderStatus.CONTRACTED]
    assert [type(problem) for problem in refused] == [CreditLimitExceeded]
    [other] = [order for order in orders if order.id != done[0].id]
    assert (await fresh(other)).status is OrderStatus.PENDING_SIGNATURE
    assert await Signature.filter(contract__order_id=other.id).count() == 1
    assert (await check_credit(parties)).available == D("7.00")


async def test_who_signs_while_another_contract_is_let_in_waits_and_is_told_what_that_has_left(
    parties: Parties,
) -> None:
    """The trigger alone would hold the limit too, and tell nobody of it."""
    await make_credit_line(parties, "120.00")
    first, second = [await half_signed(parties) for _ in range(2)]
    refused = await in_the_middle_of(
        lambda: make_signed(first, parties.supplier), lambda: make_signed(second, parties.supplier)
    )
    assert isinstance(refused, CreditLimitExceeded)
    assert (refused.available, refused.needed) == (D("7.00"), D("113.00"))
    assert (await check_credit(parties)).reserved == 113


async def test_who_signs_while_the_line_is_being_blocked_is_refused(parties: Parties) -> None:
    order, line = await half_signed(parties), await make_credit_line(parties)
    refused = await in_the_middle_of(
        lambda: block_credit_line(parties.supplier, line.id, line.version, "they pay late"),
        lambda: make_signed(order, parties.supplier),
    )
    assert isinstance(refused, CreditBlocked)
    assert await kept_by(order) == 0


async def test_a_line_that_a_signature_exhausts_meanwhile_has_another_version(parties: Parties) -> None:
    line = await make_credit_line(parties, "120.00")
    refused = await in_the_middle_of(
        await exhausting(parties), lambda: block_credit_line(parties.supplier, line.id, line.version, "they pay late")
    )
    assert isinstance(refused, StaleVersion)
    line = await make_credit_line(parties, "240.00")
    terms = CreditTerms(D(500))
    refused = await in_the_middle_of(
        await exhausting(parties),
        lambda: set_credit_line(parties.supplier, parties.buyer.home, Currency.CNY, line.version, terms),
    )
    assert isinstance(refused, StaleVersion)
    assert (await credit_of(parties)).limit == 240


async def exhausting(parties: Parties) -> Callable[[], Awaitable[Order]]:
    """A signature that takes 113.00."""
    order = await half_signed(parties)
    return lambda: make_signed(order, parties.supplier)


async def test_the_first_contracts_of_a_pair_without_a_line_at_once_share_one(database: str) -> None:
    parties = await make_parties()
    await make_credit_line(parties, "120.00", for_all=True)
    orders = [await half_signed(parties) for _ in range(3)]
    done, refused = await at_once(*(make_signed(order, parties.supplier) for order in orders))
    assert (len(done), {type(problem) for problem in refused}) == (1, {CreditLimitExceeded})
    assert await CreditLine.filter(buyer_id=parties.buyer.home).count() == 1


async def test_without_a_limit_everything_binds_and_counts_when_one_is_set(database: str) -> None:
    parties = await make_parties()
    await make_contracted_order(parties)
    use = await check_credit(parties)
    assert (use.limit, use.reserved, use.available) == (None, AGREED, None)
    await make_credit_line(parties, "500.00")
    assert (await credit_of(parties)).available == 500 - AGREED


async def test_the_limit_for_all_holds_for_buyers_without_their_own(parties: Parties) -> None:
    await make_credit_line(parties, "100.00", for_all=True)
    other = Parties((await make_parties()).buyer, parties.supplier)
    with pytest.raises(CreditLimitExceeded):
        await make_signed(await half_signed(other), parties.supplier)
    await make_signed(await half_signed(parties), parties.supplier)
    await make_credit_line(parties, None)
    assert (await credit_of(parties)).limit == 100


async def test_another_currency_is_another_line(parties: Parties) -> None:
    await make_credit_line(parties, "100.00", currency=Currency.USD)
    goods = [await make_goods(parties.supplier, currency=Currency.USD)]
    order = await half_signed(parties, "50", goods=goods)
    await make_signed(order, parties.supplier)
    with pytest.raises(CreditLimitExceeded):
        await make_signed(await half_signed(parties, "50", goods=goods), parties.supplier)
    assert (await credit_of(parties, Currency.USD)).reserved == D("56.50")
    assert (await check_credit(parties)).reserved == 0


async def test_a_limit_below_what_is_taken_lets_nothing_new_in_and_takes_nothing_away(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"], ["1"], freight="0")
    waiting = await half_signed(parties)
    await make_credit_line(parties, "50.00")
    assert (await credit_of(parties)).available == D("-63.00")
    with pytest.raises(CreditLimitExceeded):
        await make_signed(waiting, parties.supplier)
    order = await make_changed_order(parties, order, "90")
    await make_receipt(parties, await make_shipment(parties, order, "90"))
    await make_invoice(parties, order)
    await check_credit(parties)


async def test_a_dearer_change_is_refused_before_its_second_signature(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"], ["1"], freight="0")
    await make_credit_line(parties, "120.00")
    order = await make_agreed_change(parties, order, "110")
    order = await make_signed(order, parties.supplier)
    with pytest.raises(CreditLimitExceeded) as refused:
        await check_signable(parties.buyer, order.id, None)
    assert (refused.value.available, refused.value.needed) == (D("7.00"), D("11.30"))
    with pytest.raises(CreditLimitExceeded):
        await make_signed(order, parties.buyer)
    assert (await check_credit(parties)).reserved == 113


async def test_a_change_beyond_the_stock_is_refused_before_its_second_signature(parties: Parties) -> None:
    """One product on two lines: what the one gives up the other may have."""
    bolts = await make_goods(parties.supplier, stock_on_hand=D(100))
    await make_policy(parties.supplier, StockPolicy.RESERVE_AT_SIGNATURE_IN_STOCK_ONLY)
    order = await make_contracted_order(parties, ("60", "40"), ("1", "1"), goods=[bolts, bolts], freight="0")
    order = await make_agreed_change(parties, order, "80", "30")
    order = await make_signed(order, parties.supplier)
    with pytest.raises(StockShort):
        await check_signable(parties.buyer, order.id, None)
    order = await fresh(order)
    await make_drop(parties, order)
    order = await make_agreed_change(parties, order, "80", "20")
    order = await make_signed(order, parties.supplier)
    await check_signable(parties.buyer, order.id, None)
    assert (await make_signed(order, parties.buyer)).agreed_total == 113


async def make_drop(parties: Parties, order: Order) -> None:
    """The agreed change, refused by the side that has not signed it."""
    await refuse_change(parties.buyer, order.id, order.version, "no")


async def test_a_blocked_line_lends_nothing_more_until_it_is_opened(parties: Parties) -> None:
    order = await half_signed(parties)
    line = await CreditLine.get(buyer_id=parties.buyer.home)
    line = await block_credit_line(parties.supplier, line.id, line.version, "they pay late")
    with pytest.raises(CreditBlocked) as refused:
        await make_signed(order, parties.supplier)
    assert refused.value.facts() == {"currency": "CNY", "block": CreditBlock.SUSPENDED}
    await unblock_credit_line(parties.supplier, line.id, line.version)
    assert (await make_signed(order, parties.supplier)).status is OrderStatus.CONTRACTED


async def test_a_line_that_watches_lends_nothing_while_something_is_overdue(parties: Parties) -> None:
    order = await make_contracted_order(parties, ["100"], ["1"], freight="0", payment_net_days=0)
    await make_receipt(parties, await make_shipment(parties, order))
    invoice = await make_invoice(parties, order)
    waiting = await half_signed(parties)
    with clock.held_at(clock.now() + timedelta(days=12)):
        assert (await credit_of(parties)).block is None
        await make_credit_line(parties, "1000.00", blocks_overdue=True)
        with pytest.raises(CreditBlocked) as refused:
            await make_signed(waiting, parties.supplier)
        assert refused.value.block is CreditBlock.OVERDUE
        await make_confirmed(parties, await make_transfer(parties, invoice))
        await make_signed(waiting, parties.supplier)


async def test_a_prepayment_that_did_not_come_counts_as_overdue_like_an_invoice(parties: Parties) -> None:
    """Due at once, on a Friday; the invoice for all of it a month later, or nobody asks yet."""
    await make_credit_line(parties, "1000.00", blocks_overdue=True)
    with clock.held_at("2026-11-26T03:00Z"):
        order = await make_contracted_order(parties, ["100"], ["1"], freight="0", prepaid_share=D("0.3"))
        waiting, paid_ahead = await half_signed(parties), await half_signed(parties, prepaid_share=D(1))
    with clock.held_at("2026-11-27T15:59:59Z"):
        assert (await credit_of(parties)).block is None, "its day ends at midnight in Shanghai"
    with clock.held_at("2026-11-27T16:00:00Z"):
        assert (await credit_of(parties)).block is CreditBlock.OVERDUE
        with pytest.raises(CreditBlocked):
            await make_signed(waiting, parties.supplier)
        await make_signed(paid_ahead, parties.supplier)
        await make_receipt(parties, await make_shipment(parties, order))
        await make_invoice(parties, order)
        assert (await credit_of(parties)).block is CreditBlock.OVERDUE, "an invoice that is not due asks for it now"
        await make_confirmed(parties, await make_prepayment(parties, order, "33.90"))
        assert (await credit_of(parties)).block is None
        await make_signed(waiting, parties.supplier)


async def test_what_is_overdue_elsewhere_blocks_nobody(parties: Parties) -> None:
    await make_credit_line(parties, "1000.00", blocks_overdue=True)
    other = Parties((await make_parties()).buyer, parties.supplier)
    with clock.held_at("2026-11-26T03:00Z"):
        await make_contracted_order(other, prepaid_share=D("0.3"))
        dollars = [await make_goods(parties.supplier, currency=Currency.USD)]
        await make_contracted_order(parties, ["100"], ["1"], goods=dollars, freight="0", prepaid_share=D("0.3"))
    with clock.held_at("2026-12-26T03:00Z"):
        assert (await credit_of(parties)).block is None
        await make_credit_line(parties, "1000.00", currency=Currency.USD, blocks_overdue=True)
        assert (await credit_of(parties, Currency.USD)).block is CreditBlock.OVERDUE


async def test_an_order_under_a_framework_agreement_is_refused_when_it_is_accepted(parties: Parties) -> None:
    await make_agreement(parties)
    await make_credit_line(parties, "564.99")
    with pytest.raises(CreditLimitExceeded):
        await make_accepted_order(parties)
    assert await Order.filter(buyer_id=parties.buyer.home, status=OrderStatus.PENDING_BUYER).count() == 1
    await make_credit_line(parties, "565.00")
    await make_accepted_order(parties)
    assert (await check_credit(parties)).available == 0


async def test_both_sides_are_told_once_when_nine_tenths_are_taken(parties: Parties) -> None:
    line = await make_credit_line(parties, "250.00")
    for quantity in ("100", "99", "10"):
        await make_signed(await half_signed(parties, quantity), parties.supplier)
    events = await Event.filter(stream=line.id, kind=EventKind.CREDIT_LINE_EXHAUSTED)
    assert [(event.seq, set(event.readers)) for event in events] == [
        (line.version + 1, {parties.supplier.home, parties.buyer.home})
    ]
