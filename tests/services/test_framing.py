"""Framework agreements: two signatures once, and later orders within the limits are under contract at once."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from models import AgreementCallOff, AgreementSignature, Company, Event, FrameworkAgreement, Order, Signature
from models.database import pool
from rules.agreement import AgreementStatus, CoverageGap
from rules.contract import ContractStatus
from rules.lifecycle import OrderStatus, Side
from rules.money import Currency
from rules.people import CompanyKind, Role, Scope
from rules.problems import (
    ContractChanged,
    ContractLapsed,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotYourTurn,
    ProofFailed,
    StaleVersion,
    WrongStatus,
)
from services import clock, ledger
from services.approving import approve_order
from services.companies import Limit, set_approval_threshold
from services.framing import (
    PriceWish,
    propose_agreement,
    refuse_agreement,
    sign_agreement,
    sign_agreement_proven,
    terminate_agreement,
)
from services.quoting import accept_quotation
from services.sweeping import sweep
from services.totp import Proof
from services.verifying import verify_agreement, verify_contract
from tests.agreement_makers import (
    fresh_agreement,
    make_accepted_order,
    make_agreement,
    make_proposal,
    make_signed_agreement,
    make_terms,
)
from tests.authenticators import make_app
from tests.makers import HOME, make_actor, make_company, make_key
from tests.order_makers import (
    EVERYDAY,
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_goods,
    make_parties,
    make_placed_order,
    make_quotation,
    make_receipt,
    make_shipment,
    make_signed,
)
from tests.races import at_once


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


async def tamper(change: str, *values: object) -> None:
    """Change a row past the triggers, as somebody with the database in hand could."""
    async with pool().acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        assert await connection.execute(change, *values) == "UPDATE 1"


async def test_both_sign_once_and_an_order_within_the_limits_is_under_contract_without_a_signature(
    parties: Parties,
) -> None:
    agreement = await make_proposal(parties)
    assert (agreement.status, agreement.version) == (AgreementStatus.PROPOSED, 1)
    agreement = await make_signed_agreement(agreement, parties.supplier)
    assert (agreement.status, agreement.turn) == (AgreementStatus.PARTIALLY_SIGNED, Side.BUYER)
    agreement = await make_signed_agreement(agreement, parties.buyer)
    assert (agreement.status, agreement.turn) == (AgreementStatus.ACTIVE, None)
    order = await make_accepted_order(parties)
    contract = await contract_of(order)
    assert (order.status, order.turn, order.contracted_at) == (OrderStatus.CONTRACTED, None, contract.effective_at)
    assert (contract.status, contract.agreement_id) == (ContractStatus.EFFECTIVE, agreement.id)
    assert await Signature.all().count() == 0
    [line] = await lines_of(order)
    assert (await ledger.line_quantities(order))[line.id].ordered == 100
    assert (await fresh_agreement(agreement)).called_off == order.agreed_total == D("565.00")
    assert [row.amount for row in await AgreementCallOff.all()] == [D("565.00")]
    await make_receipt(parties, await make_shipment(parties, order))
    assert (await fresh(order)).status is OrderStatus.COMPLETED


async def test_each_step_is_an_event_of_its_own_stream_for_both_parties(parties: Parties) -> None:
    agreement = await make_agreement(parties)
    order = await make_accepted_order(parties)
    events = await Event.filter(stream=agreement.id).order_by("seq")
    assert [(event.seq, event.kind) for event in events] == [
        (1, "AGREEMENT_PROPOSED"),
        (2, "AGREEMENT_SIGNED"),
        (3, "AGREEMENT_SIGNED"),
        (4, "AGREEMENT_CALLED_OFF"),
    ]
    assert {tuple(event.readers) for event in events} == {(parties.buyer.home, parties.supplier.home)}
    assert events[-1].body == {"status": "ACTIVE", "orderId": str(order.id), "amount": "565.00"}
    [accepted] = await Event.filter(stream=order.id, kind="QUOTATION_ACCEPTED")
    assert (accepted.body["status"], accepted.body["agreementId"]) == ("CONTRACTED", str(agreement.id))


async def test_the_contract_is_checked_by_the_agreement_s_signatures(parties: Parties) -> None:
    agreement = await make_agreement(parties)
    contract = await contract_of(await make_accepted_order(parties))
    assert json.loads(contract.text)["agreement"] == {"number": agreement.number, "sha256": agreement.sha256}
    found = await verify_contract(parties.supplier, contract.id)
    assert found.agreement is not None
    assert (found.is_valid, found.agreement.is_valid, found.signatures) == (True, True, ())


TOUCHED = {
    "the agreement's text": "UPDATE framework_agreement SET text = text || ' '",
    "the agreement's text and fingerprint": (
        "UPDATE framework_agreement SET text = text || ' ', sha256 = encode(sha256(convert_to(text || ' ', 'UTF8')), 'hex')"
    ),
    "a signature": "UPDATE agreement_signature SET signatory_name = '张三' WHERE side = 'BUYER'",
    "the contract": "UPDATE contract SET text = replace(text, '\"100\"', '\"101\"')",
    "what it stands on": "UPDATE contract SET agreement_id = NULL",
}


@pytest.mark.parametrize("what", TOUCHED)
async def test_one_byte_changed_of_what_a_contract_stands_on_is_found_out(parties: Parties, what: str) -> None:
    await make_agreement(parties)
    contract = await contract_of(await make_accepted_order(parties))
    await tamper(TOUCHED[what])
    assert not (await verify_contract(parties.buyer, contract.id)).is_valid


GAPS: dict[CoverageGap, dict[str, Any]] = {
    CoverageGap.ABOVE_ORDER_LIMIT: {"order_limit": D("564.99")},
    CoverageGap.ABOVE_TOTAL_LIMIT: {"order_limit": D("600.00"), "total_limit": D("1129.99")},
    CoverageGap.OTHER_PAYMENT_TERMS: {"payment_net_days": 60},
    CoverageGap.OTHER_CURRENCY: {"currency": Currency.USD},
}


@pytest.mark.parametrize("gap", GAPS)
async def test_beyond_a_limit_both_sign_as_ever_and_are_told_why(parties: Parties, gap: CoverageGap) -> None:
    await make_agreement(parties, **GAPS[gap])
    if gap is CoverageGap.ABOVE_TOTAL_LIMIT:
        await make_accepted_order(parties)
    order = await make_accepted_order(parties)
    contract = await contract_of(order)
    assert (order.status, contract.agreement_id) == (OrderStatus.PENDING_SIGNATURE, None)
    assert contract.agreement_gap is gap
    for actor in (parties.buyer, parties.supplier):
        order = await make_signed(order, actor)
    assert order.status is OrderStatus.CONTRACTED


async def test_its_days_are_days_at_the_delivery_place(parties: Parties) -> None:
    """The last day ends at midnight in Shanghai, eight hours before it does in Greenwich."""
    with clock.held_at("2026-12-01T04:00:00Z"):
        last = clock.today("Asia/Shanghai")
        await make_agreement(parties, valid_from=last, valid_to=last)
        order = await make_placed_order(parties, ("100",), requested_on=last + timedelta(days=60))
    for moment, covered in (("2026-12-01T15:59:59Z", True), ("2026-12-01T16:00:00Z", False)):
        with clock.held_at(moment):
            if not covered:
                order = await make_placed_order(parties, ("100",), requested_on=last + timedelta(days=60))
            quotation = await make_quotation(parties, order, ("5",), freight="0")
            accepted = await accept(parties, quotation.id, order)
            assert (accepted.status is OrderStatus.CONTRACTED) is covered
    assert (await contract_of(accepted)).agreement_gap is CoverageGap.OUT_OF_PERIOD


async def accept(parties: Parties, quotation_id: UUID, order: Order) -> Order:
    """The order after acceptance."""
    return await accept_quotation(parties.buyer, quotation_id, (await fresh(order)).version)


async def test_a_price_above_the_agreed_one_is_signed_for(parties: Parties) -> None:
    bolts = await make_goods(parties.supplier)
    price = PriceWish(bolts.id, D("4.99"), D(100))
    await make_agreement(parties, prices=(price,))
    dear = await make_accepted_order(parties, "100", "5", goods=[bolts])
    assert (await contract_of(dear)).agreement_gap is CoverageGap.PRICE_ABOVE_AGREED
    few = await make_accepted_order(parties, "99", "5", goods=[bolts])
    right = await make_accepted_order(parties, "100", "4.99", goods=[bolts])
    assert {few.status, right.status} == {OrderStatus.CONTRACTED}


async def test_whoever_wants_to_sign_signs(parties: Parties) -> None:
    agreement = await make_agreement(parties)
    order = await make_accepted_order(parties, under_agreement=False)
    contract = await contract_of(order)
    assert (order.status, contract.agreement_gap) == (OrderStatus.PENDING_SIGNATURE, None)
    assert (await fresh_agreement(agreement)).called_off == 0


async def test_the_buyer_s_approvers_are_asked_all_the_same(parties: Parties) -> None:
    """The agreement saves signatures, not approvals; what the requester said of it is remembered until they decide."""
    await make_agreement(parties)
    company = await Company.get(id=parties.buyer.home)
    admin, approver = await make_actor(company, Role.ADMIN), await make_actor(company, Role.APPROVER)
    company = await Company.get(id=parties.buyer.home)
    await set_approval_threshold(admin, company.version, Limit(D("500.00"), Currency.CNY))
    for under_agreement, status in ((True, OrderStatus.CONTRACTED), (False, OrderStatus.PENDING_SIGNATURE)):
        order = await make_accepted_order(parties, under_agreement=under_agreement)
        assert order.status is OrderStatus.PENDING_BUYER
        order = await approve_order(approver, order.id, order.version)
        assert order.status is status


@pytest.mark.parametrize("_round", range(5))
async def test_two_orders_for_the_last_remainder_one_is_covered_the_other_is_signed(
    parties: Parties, _round: int
) -> None:
    agreement = await make_agreement(parties, order_limit=D("600.00"), total_limit=D("1000.00"))
    orders = [await make_placed_order(parties, ("100",)) for _ in range(2)]
    quotations = [await make_quotation(parties, order, ("5",), freight="0") for order in orders]
    done, refused = await at_once(
        *(accept(parties, quotation.id, order) for quotation, order in zip(quotations, orders, strict=True))
    )
    assert refused == []
    assert sorted(order.status for order in done) == [OrderStatus.CONTRACTED, OrderStatus.PENDING_SIGNATURE]
    agreement = await fresh_agreement(agreement)
    assert (agreement.called_off, agreement.version) == (D("565.00"), 4)
    [waiting] = [order for order in done if order.status is OrderStatus.PENDING_SIGNATURE]
    assert (await contract_of(waiting)).agreement_gap is CoverageGap.ABOVE_TOTAL_LIMIT


async def test_the_database_itself_keeps_the_limit(parties: Parties) -> None:
    agreement = await make_agreement(parties)
    with pytest.raises(asyncpg.CheckViolationError, match="agreement_not_exceeded"):
        await pool().execute("UPDATE framework_agreement SET called_off = 2000.01 WHERE id = $1", agreement.id)


async def test_of_two_agreements_the_one_that_ends_first_is_used_up_first(parties: Parties) -> None:
    today = clock.today("Asia/Shanghai")
    late = await make_agreement(parties, valid_to=today + timedelta(days=90))
    early = await make_agreement(parties, valid_to=today + timedelta(days=30), total_limit=D("1000.00"))
    first, second = await make_accepted_order(parties), await make_accepted_order(parties)
    assert [(await contract_of(order)).agreement_id for order in (first, second)] == [early.id, late.id]


async def test_terminated_it_covers_nothing_more_and_what_it_covered_goes_on(parties: Parties) -> None:
    agreement = await make_agreement(parties)
    running = await make_accepted_order(parties)
    agreement = await fresh_agreement(agreement)
    ended = await terminate_agreement(parties.supplier, agreement.id, agreement.version, "new prices")
    assert (ended.status, ended.ending_reason) == (AgreementStatus.TERMINATED, "new prices")
    assert (await make_accepted_order(parties)).status is OrderStatus.PENDING_SIGNATURE
    await make_receipt(parties, await make_shipment(parties, running))
    assert (await fresh(running)).status is OrderStatus.COMPLETED
    assert (await verify_contract(parties.buyer, (await contract_of(running)).id)).is_valid
    with pytest.raises(WrongStatus):
        await terminate_agreement(parties.buyer, ended.id, ended.version, "again")


async def test_a_refused_one_can_no_longer_be_signed(parties: Parties) -> None:
    agreement = await make_signed_agreement(await make_proposal(parties), parties.buyer)
    refused = await refuse_agreement(parties.supplier, agreement.id, agreement.version, "too low")
    assert (refused.status, refused.turn) == (AgreementStatus.REFUSED, None)
    with pytest.raises(WrongStatus):
        await make_signed_agreement(refused, parties.supplier)


async def test_a_side_signs_once_and_only_what_it_read(parties: Parties) -> None:
    agreement = await make_proposal(parties)
    with pytest.raises(ContractChanged):
        await sign_agreement_proven(parties.buyer, agreement.id, agreement.version, "0" * 64)
    await make_signed_agreement(agreement, parties.buyer)
    with pytest.raises(NotYourTurn):
        await make_signed_agreement(agreement, parties.buyer)
    with pytest.raises(StaleVersion):
        await sign_agreement_proven(parties.supplier, agreement.id, agreement.version, agreement.sha256)
    assert await AgreementSignature.all().count() == 1


async def test_it_is_signed_in_person_by_password_and_code(parties: Parties) -> None:
    """A refusal of anything else costs nobody their code."""
    agreement, app = await make_proposal(parties), await make_app(parties.buyer)
    proof = app.proof()

    async def sign(sha256: str, given: Proof) -> FrameworkAgreement:
        return await sign_agreement(parties.buyer, agreement.id, agreement.version, sha256, given, address=HOME)

    with pytest.raises(ContractChanged):
        await sign("0" * 64, proof)
    with pytest.raises(ProofFailed):
        await sign(agreement.sha256, app.proof("another password"))
    assert await AgreementSignature.all().count() == 0
    assert (await sign(agreement.sha256, proof)).turn is Side.SUPPLIER


async def test_only_signatories_of_the_parties_sign_or_terminate(parties: Parties) -> None:
    agreement = await make_proposal(parties)
    everything_else = replace(parties.buyer, roles=EVERYDAY - {Role.SIGNATORY} | {Role.ADMIN, Role.APPROVER})
    machine = replace(parties.buyer, member=None, roles=frozenset(), scopes=frozenset(Scope))
    for actor in (everything_else, machine):
        with pytest.raises(NotAllowed):
            await sign_agreement_proven(actor, agreement.id, agreement.version, agreement.sha256)
        with pytest.raises(NotAllowed):
            await terminate_agreement(actor, agreement.id, agreement.version, "why")
    rival = await make_actor(await make_company(CompanyKind.SUPPLIER), Role.SIGNATORY)
    with pytest.raises(NotFound) as unseen:
        await sign_agreement_proven(rival, agreement.id, agreement.version, agreement.sha256)
    with pytest.raises(NotFound) as missing:
        await sign_agreement_proven(rival, uuid4(), agreement.version, agreement.sha256)
    assert str(unseen.value) == str(missing.value)
    assert not await FrameworkAgreement.visible_to(rival).exists()
    with pytest.raises(NotFound):
        await verify_agreement(rival, agreement.id)


async def test_a_supplier_proposes_to_a_buyer_whose_orders_it_received_and_to_no_other(parties: Parties) -> None:
    async def propose() -> FrameworkAgreement:
        return await propose_agreement(
            parties.supplier, parties.buyer.home, Side.SUPPLIER, make_terms(), idempotency_key=make_key()
        )

    with pytest.raises(NotFound):
        await propose()
    await make_placed_order(parties)
    agreement = await propose()
    assert (agreement.buyer_id, agreement.proposed_by) == (parties.buyer.home, Side.SUPPLIER)


WRONG: dict[str, tuple[str, Side, dict[str, Any]]] = {
    "a side that orders have and agreements have not": ("input.side", Side.PLATFORM, {}),
    "the side that the company cannot take": ("input.side", Side.SUPPLIER, {}),
    "a last day before the first": ("input.validTo", Side.BUYER, {"valid_to": clock.today("UTC") - timedelta(days=2)}),
    "an order above all orders": ("input.orderLimit", Side.BUYER, {"order_limit": D("2000.01")}),
    "an amount finer than the currency": (
        "input.totalLimit",
        Side.BUYER,
        {"currency": Currency.JPY, "total_limit": D("2000.5")},
    ),
}


@pytest.mark.parametrize("what", WRONG)
async def test_what_cannot_be_agreed_is_refused_by_name(parties: Parties, what: str) -> None:
    path, side, facts = WRONG[what]
    with pytest.raises(InvalidInput) as refused:
        await propose_agreement(
            parties.buyer, parties.supplier.home, side, make_terms(**facts), idempotency_key=make_key()
        )
    assert refused.value.faults[0].path == path
    assert await FrameworkAgreement.all().count() == 0


async def test_prices_are_for_the_supplier_s_own_products(parties: Parties) -> None:
    others = await make_goods((await make_parties()).supplier)
    with pytest.raises(NotFound) as refused:
        await make_proposal(parties, prices=(PriceWish(others.id, D(1), D(0)),))
    assert refused.value.kind == "Product"


async def test_time_ends_what_nobody_signed_and_what_has_had_its_day(parties: Parties) -> None:
    last = clock.today("Asia/Shanghai")
    unsigned = await make_proposal(parties)
    over = await make_agreement(parties, valid_to=last)
    with clock.held_at(unsigned.sign_by), pytest.raises(ContractLapsed):
        await sign_agreement_proven(parties.buyer, unsigned.id, unsigned.version, unsigned.sha256)
    assert await sweep() == 0
    with clock.held_at(unsigned.sign_by):
        assert await sweep() == 2
        assert await sweep() == 0
    assert {(await fresh_agreement(one)).status for one in (unsigned, over)} == {AgreementStatus.EXPIRED}
    assert await Event.filter(kind="AGREEMENT_EXPIRED", actor_name="clock").count() == 2
