"""Everything a buyer and a supplier can have together, each text in it with a mark that tells who may read it."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import models
from models import Address, Company, Enquiry, Member, Order, Quotation
from models.base import Stored
from models.crediting import left_of
from resolvers.ids import encode_id
from rules.acceptance import GoodsFault
from rules.accounts import Excess
from rules.allowances import Allowance, AllowanceKind
from rules.conversation import TalkChannel
from rules.crediting import CreditWish
from rules.lifecycle import Side
from rules.money import Currency
from rules.people import COMPANY_ROLES, Actor, CompanyKind, Role, Scope
from rules.quantity import Inspection
from rules.returns import Arbitration, Resolution, ReturnedFrom
from rules.shipping import Place, TrackingCode, TransportMode
from services import clock, ledger, passwords
from services.addresses import AddressWish, create_address
from services.alternatives import OfferedAlternative
from services.api_keys import create_api_key
from services.approving import approve_order, return_order
from services.attaching import attach_file
from services.billing_profiles import BillingDetails, set_billing_details
from services.catalogue import Property
from services.certificates import register_proven
from services.changing import propose_change, refuse_change
from services.closing import cancel_order
from services.companies import Limit, set_approval_threshold
from services.contract_changes import Change, LineChange
from services.conversing import Talk, answer_supplier, ask_buyer, log_talk, post_message
from services.credit_lines import CreditTerms, block_credit_line, set_credit_line, unblock_credit_line
from services.crediting import issue_credit_note
from services.delegating import delegate_approval
from services.despatching import Despatch, Report, despatch_shipment, record_tracking
from services.drafting import LineWish, OrderWish, create_order, update_draft
from services.enquiring import EnquiredLine, EnquiryWish, create_enquiry
from services.framing import PriceWish, propose_agreement, refuse_agreement, sign_agreement_proven
from services.inviting import issue_enquiry
from services.invoicing import accept_invoice, dispute_invoice, issue_invoice
from services.matching import InvitationWish, MatchWish
from services.members import invite_member
from services.objecting import dispute_shipment
from services.online_paying import refund_payment
from services.paying import Transfer, confirm_funds, reject_transfer, submit_bank_transfer
from services.price_lists import AudienceWish
from services.quoting import LineCounter, Offer, OfferLine, accept_quotation, counter_quotation, send_quotation
from services.receiving import receive_shipment
from services.recording_fapiao import void_official_invoice
from services.refunding import Repayment, reject_refund, send_refund
from services.returning import ReturnWish, dispute_return, request_return, ship_back_return
from services.signing import sign_proven
from services.signing_elsewhere import prepare_signature
from services.stocktaking import adjust_stock
from services.submitting import submit_order
from services.taking_back import Finding, arbitrate_return, reject_return, resolve_return, take_back_return
from services.templates import TemplateLine, create_order_template
from services.terminating import propose_termination, refuse_termination
from services.warehouses import WarehouseWish, create_warehouse
from tests.address_makers import make_destination
from tests.agreement_makers import make_terms
from tests.budget_makers import make_budget, make_cost_centre
from tests.carrier_makers import make_parked
from tests.devices import Device, make_ec
from tests.fapiao_makers import make_recorded
from tests.file_makers import make_attachment
from tests.makers import actor_of, make_company, make_key, make_person, make_platform
from tests.order_makers import Parties, contract_of, fresh, lines_of, make_goods
from tests.package_makers import make_sscc, make_wish
from tests.payment_makers import make_online_payment
from tests.price_makers import make_grade, make_price_list, make_promotion
from tests.reconciliation_makers import make_difference
from tests.split_makers import make_receiver, make_rule
from tests.statement_makers import make_statement_file

SHARED, BUYERS, SUPPLIERS = "zqshared", "zqbuyers", "zqsuppliers"
"""How the marks begin: for both parties, for the buyer's own people, for the supplier's own people."""

THRESHOLD = Decimal("77.77")
"""A figure that nothing else has, for the buyer whose secrets are looked for."""

BUDGETED = 9_990_000
"""What a budget has besides: its amount ends in that figure."""

SEALED_PRICE = "7654.321987"
"""A price that nothing else has, in an offer that nobody but the supplier may read."""

MODELS: dict[str, type[Stored]] = {
    "Order": models.Order,
    "Quotation": models.Quotation,
    "CounterOffer": models.CounterOffer,
    "Approval": models.Approval,
    "Contract": models.Contract,
    "Shipment": models.Shipment,
    "Invoice": models.Invoice,
    "CreditNote": models.CreditNote,
    "OfficialInvoice": models.OfficialInvoice,
    "Refund": models.Refund,
    "LedgerEntry": models.LedgerEntry,
    "ReturnRequest": models.ReturnRequest,
    "Payment": models.Payment,
    "Message": models.Message,
    "Attachment": models.Attachment,
}
"""What belongs to an order and has an id that clients may ask for."""


_numbers = count(1)


@dataclass
class Firm:
    """A company with somebody for everything, and an approver besides."""

    company: Company
    admin: Actor
    everybody: Actor
    approver: Actor
    threshold: Decimal
    """Above it the approvers decide."""

    @classmethod
    async def made(
        cls, kind: CompanyKind, mark: str = "", *, threshold: Decimal = Decimal("66.66"), **facts: Any
    ) -> "Firm":
        """A new company; its people's names begin with the mark."""
        company = await make_company(kind, **facts)
        admin = await actor_of(await Member.first_of(company.id))

        async def invited(name: str, *roles: Role) -> Actor:
            person = make_person(**{"display_name": f"{mark}{name}"} if mark else {})
            with passwords.cheaply():
                return await actor_of(await invite_member(admin, person, frozenset(roles), idempotency_key=make_key()))

        everybody = await invited("everybody", *COMPANY_ROLES)
        return cls(company, admin, everybody, await invited("approver", Role.APPROVER), threshold)


@dataclass
class Estate:
    """One pair's orders in every stage; `ids` names one thing of each kind as clients know it."""

    buyer: Firm
    supplier: Firm
    goods: models.Product
    centre: models.CostCentre
    """Who bears the cost of all that the buyer orders there."""
    price: str = ""
    """What one costs this buyer alone, once it has ordered."""
    ids: dict[str, str] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)

    def mark(self, whose: str) -> str:
        """A text nobody else has."""
        self.marks.append(f"{whose}-{next(_numbers)}")
        return self.marks[-1]

    async def drafted(self, whose: str, *quantities: str) -> Order:
        """A draft whose texts bear the mark."""
        wish = OrderWish(
            lines=tuple(LineWish(self.goods.id, Decimal(much), None, self.mark(whose)) for much in quantities),
            delivery_place=self.mark(whose),
            requested_on=clock.today("Asia/Shanghai") + timedelta(days=30),
            quality_requirement=self.mark(whose),
            cost_centre_id=self.centre.id,
        )
        return await create_order(self.buyer.everybody, self.goods.supplier_id, wish, idempotency_key=make_key())

    async def proposed(self, actor: Actor, other: Actor, side: Side) -> models.FrameworkAgreement:
        """A framework agreement for small orders whose texts bear the mark."""
        price = PriceWish(self.goods.id, Decimal("0.06"), Decimal(0))
        terms = make_terms(order_limit=Decimal("1.00"), prices=(price,), remark=self.mark(SHARED))
        return await propose_agreement(actor, other.home, side, terms, idempotency_key=make_key())

    async def name(self, order: Order) -> None:
        """Know one thing of each kind that the order has."""
        self.ids["Order"] = encode_id("Order", order.id)
        self.ids["OrderLine"] = encode_id("OrderLine", (await lines_of(order))[0].id)
        quotation = await Quotation.newest(order.id)
        assert quotation is not None
        [other] = await models.Alternative.of(quotation.id)
        self.ids["Alternative"] = encode_id("Alternative", other.id)
        [back, *_] = await models.ReturnLine.filter(request__order_id=order.id)
        self.ids["ReturnLine"] = encode_id("ReturnLine", back.id)
        [claimed, *_] = await models.InvoiceLine.filter(invoice__order_id=order.id)
        self.ids["InvoiceLine"] = encode_id("InvoiceLine", claimed.id)
        for kind, model in MODELS.items():
            if kind != "Order":
                [row, *_] = await model.filter(order_id=order.id).limit(1)
                self.ids[kind] = encode_id(kind, row.id)


async def make_estate(buyer: Firm, supplier: Firm) -> Estate:
    """A draft, one before the approvers, a cancelled one, and one that lived through everything."""
    goods = await make_goods(supplier.everybody, stock_on_hand=Decimal(5000))
    goods, stored = await _stored(supplier.everybody, goods)
    code, name = (f"{BUYERS}-{next(_numbers)}" for _ in range(2))
    centre = await make_cost_centre(buyer.everybody, code, name)
    estate = Estate(buyer, supplier, goods, centre, marks=[code, name, *stored.marks])
    estate.ids |= stored.ids
    budget = await make_budget(buyer.everybody, centre, str(BUDGETED + buyer.threshold), reason=estate.mark(BUYERS))
    estate.ids |= {"CostCentre": encode_id("CostCentre", centre.id), "Budget": encode_id("Budget", budget.id)}
    estate.ids["Address"] = encode_id("Address", (await _addressed(estate, BUYERS)).id)
    await estate.drafted(BUYERS, "10")
    lines = [TemplateLine(goods.id, Decimal(30), estate.mark(BUYERS))]
    template = await create_order_template(
        buyer.everybody, estate.mark(BUYERS), supplier.company.id, lines, idempotency_key=make_key()
    )
    estate.ids["OrderTemplate"] = encode_id("OrderTemplate", template.id)
    company = await Company.named(buyer.company.id)
    await set_approval_threshold(buyer.admin, company.version, Limit(buyer.threshold, Currency.CNY))
    hidden = await estate.drafted(BUYERS, "700")
    await submit_order(buyer.everybody, hidden.id, hidden.version)
    ended = await estate.drafted(SHARED, "20")
    ended = await submit_order(buyer.everybody, ended.id, ended.version)
    await cancel_order(buyer.everybody, ended.id, ended.version, estate.mark(SHARED))
    rule = await models.ApprovalRule.threshold_of(buyer.company.id)
    estate.ids["ApprovalRule"] = encode_id("ApprovalRule", rule.id if rule else UUID(int=0))
    await _framed(estate)
    today = clock.today("Asia/Shanghai")
    lent = await delegate_approval(
        buyer.approver, buyer.everybody.member or UUID(int=0), today, today, idempotency_key=make_key()
    )
    estate.ids["Delegation"] = encode_id("Delegation", lent.id)
    await make_receiver()
    commission = await make_rule("0.3", supplier_id=supplier.company.id)
    estate.ids["CommissionRule"] = encode_id("CommissionRule", commission.id)
    order = await _placed(estate)
    await _talked(estate, order)
    await _agreed(estate, order)
    await _amended(estate, order)
    await _delivered(estate, order)
    await _paid(estate, order)
    await _listed(estate)
    await _lent(estate)
    statement = await make_statement_file(supplier.everybody, buyer.everybody)
    estate.ids["StatementFile"] = encode_id("StatementFile", statement.id)
    await estate.name(order)
    [entry, *_] = await models.BudgetEntry.filter(order_id=order.id)
    estate.ids["BudgetEntry"] = encode_id("BudgetEntry", entry.id)
    await _enquired(estate)
    for firm, whose in ((buyer, BUYERS), (supplier, SUPPLIERS)):
        key, _ = await create_api_key(
            firm.admin, estate.mark(whose), frozenset({Scope.READ}), None, idempotency_key=make_key()
        )
        if firm is buyer:
            estate.ids["ApiKey"], estate.ids["Member"] = (
                encode_id("ApiKey", key.id),
                encode_id("Member", firm.approver.member or UUID(int=0)),
            )
    return estate


@dataclass
class _Stored:
    ids: dict[str, str]
    marks: list[str]


async def _stored(supplier: Actor, goods: models.Product) -> tuple[models.Product, _Stored]:
    """A second warehouse of the supplier's, where some of the goods lie."""
    code, name, address, remark = marks = [f"{SUPPLIERS}-{next(_numbers)}" for _ in range(4)]
    wish = WarehouseWish(code, name, address)
    warehouse = await create_warehouse(supplier, wish, idempotency_key=make_key())
    goods = await adjust_stock(supplier, goods.id, goods.version, Decimal(9), warehouse.id, remark=remark)
    rows = {
        "Warehouse": warehouse,
        "StockLevel": await models.StockLevel.get(warehouse_id=warehouse.id),
        "StockEntry": await models.StockEntry.get(warehouse_id=warehouse.id),
    }
    return goods, _Stored({kind: encode_id(kind, row.id) for kind, row in rows.items()}, marks)


async def _listed(estate: Estate) -> None:
    """A grade and two price lists, of which the buyer never hears; a draft of it follows the price of the one that is for it."""
    supplier, buyer = estate.supplier.everybody, estate.buyer.everybody.home
    estate.price = f"0.4{next(_numbers):04d}7"
    grade = await make_grade(supplier, buyer, name=estate.mark(SUPPLIERS))
    listed = await make_price_list(
        supplier, estate.goods, {"1": estate.price}, customer_id=buyer, name=estate.mark(SUPPLIERS)
    )
    await make_price_list(supplier, grade_id=grade.id, name=estate.mark(SUPPLIERS))
    await make_promotion(supplier, name=estate.mark(SHARED), to=AudienceWish(buyer))
    promotion = await make_promotion(
        supplier, name=estate.mark(SUPPLIERS), to=AudienceWish(buyer), minimum_amount=Decimal(10**9)
    )
    estate.ids |= {
        "Promotion": encode_id("Promotion", promotion.id),
        "CustomerGrade": encode_id("CustomerGrade", grade.id),
        "PriceList": encode_id("PriceList", listed.id),
    }
    await estate.drafted(BUYERS, "10")


async def _lent(estate: Estate) -> None:
    """What the supplier lends the buyer, and all others, with notes of its own; a line that was blocked and opened again."""
    supplier, buyer = estate.supplier.everybody, estate.buyer.everybody.home
    terms = CreditTerms(Decimal(10**9), remark=estate.mark(SUPPLIERS))
    others = await models.CreditLine.get_or_none(supplier_id=supplier.home, buyer_id=None, currency=Currency.USD)
    await set_credit_line(supplier, None, Currency.USD, others.version if others else 0, terms)
    line = await models.CreditLine.get(supplier_id=supplier.home, buyer_id=buyer)
    line = await set_credit_line(supplier, buyer, Currency.CNY, line.version, terms)
    line = await block_credit_line(supplier, line.id, line.version, "nobody reads it any more, once it is open again")
    await unblock_credit_line(supplier, line.id, line.version)
    waiting = await set_credit_line(supplier, buyer, Currency.EUR, 0, terms)
    await block_credit_line(supplier, waiting.id, waiting.version, estate.mark(SUPPLIERS))
    [entry, *_] = await models.CreditEntry.filter(line_id=line.id)
    estate.ids |= {"CreditLine": encode_id("CreditLine", line.id), "CreditEntry": encode_id("CreditEntry", entry.id)}


async def _framed(estate: Estate) -> None:
    """A framework agreement in force with a small order under it, and one that was refused."""
    buyer, supplier = estate.buyer.everybody, estate.supplier.everybody
    refused = await estate.proposed(supplier, buyer, Side.SUPPLIER)
    await refuse_agreement(buyer, refused.id, refused.version, estate.mark(SHARED))
    agreement = await estate.proposed(buyer, supplier, Side.BUYER)
    for actor in (supplier, buyer):
        agreement = await sign_agreement_proven(actor, agreement.id, agreement.version, agreement.sha256)
    order = await estate.drafted(SHARED, "20")
    order = await submit_order(buyer, order.id, order.version)
    quotation = await _quoted(estate, order, "0.02", freight="0")
    await accept_quotation(buyer, quotation.id, await version(order, buyer))
    estate.ids["FrameworkAgreement"] = encode_id("FrameworkAgreement", agreement.id)
    [taken] = await models.AgreementCallOff.filter(agreement_id=agreement.id)
    estate.ids["AgreementCallOff"] = encode_id("AgreementCallOff", taken.id)


async def _enquired(estate: Estate) -> None:
    """A draft; one with an offer on it; one whose offer is sealed, so that the supplier alone knows it."""
    await _enquiry(estate, BUYERS)
    enquiry = await _enquiry(estate, SHARED)
    enquiry = await issue_enquiry(estate.buyer.everybody, enquiry.id, enquiry.version)
    estate.ids["Enquiry"] = encode_id("Enquiry", enquiry.id)
    await bid(estate, enquiry, SHARED, "0.31")
    sealed = await _enquiry(estate, SHARED, is_sealed=True)
    sealed = await issue_enquiry(estate.buyer.everybody, sealed.id, sealed.version)
    offer, supplier = await bid(estate, sealed, SUPPLIERS, SEALED_PRICE), estate.supplier.everybody
    asked = await Order.get(id=offer.order_id)
    sheet = await make_attachment(supplier, estate.mark(SUPPLIERS))
    await attach_file(supplier, asked.id, await version(asked, supplier), sheet.id, (await lines_of(asked))[0].id)


async def _enquiry(estate: Estate, whose: str, **facts: Any) -> Enquiry:
    """A draft whose texts bear marks: those that go into the supplier's order as told, all others the buyer's own."""
    line = EnquiredLine(
        Decimal(10),
        name=estate.mark(BUYERS),
        unit=estate.goods.unit,
        specification=(Property(estate.mark(BUYERS), estate.mark(BUYERS)),),
        quality_requirement=estate.mark(whose),
    )
    wish = EnquiryWish(
        title=estate.mark(BUYERS),
        remark=estate.mark(BUYERS),
        lines=(line,),
        invitations=(InvitationWish(estate.supplier.company.id, (MatchWish(1, estate.goods.id),)),),
        delivery_place=estate.mark(whose),
        requested_on=clock.today("Asia/Shanghai") + timedelta(days=30),
        quality_requirement=estate.mark(whose),
        answer_by=clock.now() + timedelta(days=5),
        cost_centre_id=estate.centre.id,
        **facts,
    )
    return await create_enquiry(estate.buyer.everybody, wish, idempotency_key=make_key())


async def contend(estate: Estate, rival: Estate) -> None:
    """One enquiry of the same buyer's to both suppliers, each of whom makes an offer."""
    both = (estate, rival)
    lines = (EnquiredLine(Decimal(10), name=estate.mark(BUYERS), unit=estate.goods.unit),)
    invitations = tuple(InvitationWish(one.supplier.company.id, (MatchWish(1, one.goods.id),)) for one in both)
    wish = EnquiryWish(
        title=estate.mark(BUYERS),
        lines=lines,
        invitations=invitations,
        delivery_place="told to both",
        requested_on=clock.today("Asia/Shanghai") + timedelta(days=30),
    )
    buyer = estate.buyer.everybody
    enquiry = await create_enquiry(buyer, wish, idempotency_key=make_key())
    enquiry = await issue_enquiry(buyer, enquiry.id, enquiry.version)
    for one, price in zip(both, ("0.32", "0.33"), strict=True):
        await bid(one, enquiry, SHARED, price)


async def bid(estate: Estate, enquiry: Enquiry, whose: str, price: str) -> Quotation:
    """The supplier's offer on its sibling order."""
    invitation = await models.EnquiryInvitation.get(enquiry_id=enquiry.id, supplier_id=estate.supplier.company.id)
    order = await Order.get(id=invitation.order_id)
    return await _quoted(estate, order, price, whose)


async def _addressed(estate: Estate, whose: str) -> Address:
    """An entry of the buyer's book, whose place and people bear marks of that kind; what it is called is the buyer's alone."""
    place = make_destination(recipient=estate.mark(whose), street=estate.mark(whose))
    wish = AddressWish(estate.mark(BUYERS), place)
    return await create_address(estate.buyer.everybody, wish, idempotency_key=make_key())


async def _placed(estate: Estate) -> Order:
    """Given back once, changed, and approved in the end."""
    buyer, approver = estate.buyer.everybody, estate.buyer.approver
    before = len(estate.marks)
    order = await estate.drafted(BUYERS, "1000")
    overwritten = estate.marks[before:]
    order = await submit_order(buyer, order.id, order.version)
    order = await return_order(approver, order.id, order.version, estate.mark(BUYERS))
    wish = OrderWish(
        lines=(
            LineWish(estate.goods.id, Decimal(1000), None, estate.mark(SHARED), (await _addressed(estate, SHARED)).id),
        ),
        delivery_address_id=(await _addressed(estate, SHARED)).id,
        quality_requirement=estate.mark(SHARED),
    )
    order = await update_draft(buyer, order.id, order.version, wish)
    estate.marks = [mark for mark in estate.marks if mark not in overwritten]
    order = await submit_order(buyer, order.id, order.version)
    return await approve_order(approver, order.id, order.version, estate.mark(BUYERS))


async def _talked(estate: Estate, order: Order) -> None:
    buyer, supplier = estate.buyer.everybody, estate.supplier.everybody
    await ask_buyer(supplier, order.id, await version(order, supplier), estate.mark(SHARED), idempotency_key=make_key())
    await answer_supplier(buyer, order.id, await version(order, buyer), estate.mark(SHARED), idempotency_key=make_key())
    await post_message(buyer, order.id, estate.mark(SHARED), idempotency_key=make_key())
    talk = Talk(TalkChannel.PHONE, clock.now(), estate.mark(SHARED))
    await log_talk(supplier, order.id, talk, idempotency_key=make_key())
    drawing = await make_attachment(buyer, estate.mark(SHARED))
    await attach_file(buyer, order.id, await version(order, buyer), drawing.id, (await lines_of(order))[0].id)


async def _agreed(estate: Estate, order: Order) -> None:
    """Two revisions with a counter-offer between them, an award approval, both signatures."""
    buyer, supplier = estate.buyer.everybody, estate.supplier.everybody
    await _quoted(estate, order, "0.5")
    [line] = await lines_of(order)
    wish = LineCounter(line.id, unit_price=Decimal("0.4"), quality_requirement=estate.mark(SHARED))
    await counter_quotation(buyer, order.id, await version(order, buyer), (wish,), estate.mark(SHARED))
    quotation = await _quoted(estate, order, "0.45")
    await accept_quotation(buyer, quotation.id, await version(order, buyer))
    if (await fresh(order)).approval_pending:
        await approve_order(estate.buyer.approver, order.id, await version(order, buyer), estate.mark(BUYERS))
    device = Device.made(make_ec(), clock.now(), name=estate.mark(BUYERS))
    own = await register_proven(buyer, device.pem)
    key, now = make_key(), await version(order, buyer)
    prepared = await prepare_signature(buyer, order.id, own.id, now, idempotency_key=key)
    estate.ids["SigningCertificate"] = encode_id("SigningCertificate", own.id)
    estate.ids["SignaturePreparation"] = encode_id("SignaturePreparation", prepared.id)
    for actor in (buyer, supplier):
        await sign_proven(actor, order.id, await version(order, actor), (await contract_of(order)).sha256)


async def _quoted(estate: Estate, order: Order, price: str, whose: str = SHARED, *, freight: str = "50") -> Quotation:
    supplier = estate.supplier.everybody
    [line] = await lines_of(order)
    other = OfferedAlternative(Decimal(price), specification=(("coating", "zinc"),), quality_remark=estate.mark(whose))
    offer = Offer(
        lines=(OfferLine(line.id, Decimal(price), quality_remark=estate.mark(whose), alternatives=(other,)),),
        valid_until=clock.now() + timedelta(days=9),
        freight=Decimal(freight),
        allowances=(Allowance(AllowanceKind.ALLOWANCE, Decimal("0.13"), estate.mark(whose), amount=Decimal("0.01")),),
        incoterm_place=estate.mark(whose),
        remark=estate.mark(whose),
    )
    return await send_quotation(supplier, order.id, await version(order, supplier), offer)


async def _amended(estate: Estate, order: Order) -> None:
    """A change that is refused, and an end that is."""
    buyer, supplier = estate.buyer.everybody, estate.supplier.everybody
    [line] = await lines_of(order)
    lines = (LineChange(line.id, Decimal(900), quality_remark=estate.mark(SHARED), delivery_place=estate.mark(SHARED)),)
    change = Change(estate.mark(SHARED), lines, delivery_place=estate.mark(SHARED))
    await propose_change(buyer, order.id, await version(order, buyer), change)
    await refuse_change(supplier, order.id, await version(order, supplier), estate.mark(SHARED))
    await propose_termination(supplier, order.id, await version(order, supplier), estate.mark(SHARED))
    await refuse_termination(buyer, order.id, await version(order, buyer), estate.mark(SHARED))


async def _delivered(estate: Estate, order: Order) -> None:
    buyer, supplier = estate.buyer.everybody, estate.supplier.everybody
    [line] = await lines_of(order)
    packages = (await make_wish(order, "600", sscc=make_sscc()), await make_wish(order, "300"))
    load = Despatch(
        ((line.id, Decimal(1000)),),
        TransportMode.ROAD,
        estate.mark(SHARED),
        estate.mark(SHARED),
        packages=packages,
    )
    shipment = await despatch_shipment(
        supplier, order.id, await version(order, supplier), load, idempotency_key=make_key()
    )
    report = Report(
        estate.mark(SHARED),
        TrackingCode.DELIVERED,
        clock.now(),
        place=Place(estate.mark(SHARED)),
        remark=estate.mark(SHARED),
    )
    shipment = await record_tracking(supplier, shipment.id, report)
    await make_parked(supplier)
    found = Inspection(Decimal(990), Decimal(10), Decimal(0), estate.mark(SHARED))
    shipment = await dispute_shipment(buyer, shipment.id, shipment.version, estate.mark(SHARED))
    await receive_shipment(buyer, shipment.id, shipment.version, {line.id: found})
    await _returned(estate, order, line.id)


async def _returned(estate: Estate, order: Order, line: UUID) -> None:
    """What was rejected goes back, after the operator's word."""
    buyer, supplier = estate.buyer.everybody, estate.supplier.everybody
    wish = ReturnWish(line, Decimal(10), GoodsFault.OTHER, ReturnedFrom.REJECTED, estate.mark(SHARED))
    one = await request_return(buyer, order.id, None, (wish,), estate.mark(SHARED), idempotency_key=make_key())
    one = await reject_return(supplier, one.id, one.version, estate.mark(SHARED))
    one = await dispute_return(buyer, one.id, one.version, estate.mark(SHARED))
    operator = await make_platform()
    one = await arbitrate_return(operator, one.id, one.version, Arbitration.APPROVED, estate.mark(SHARED))
    one = await ship_back_return(buyer, one.id, one.version, estate.mark(SHARED), estate.mark(SHARED))
    [back] = await one.lines.all()
    found = {back.id: Finding(Decimal(9), estate.mark(SHARED))}
    one = await take_back_return(supplier, one.id, one.version, found)
    await resolve_return(supplier, one.id, one.version, Resolution.CREDIT)


async def _paid(estate: Estate, order: Order) -> None:
    """One invoice disputed, one accepted; one transfer that never came, one that did."""
    buyer, supplier = estate.buyer.everybody, estate.supplier.everybody
    [line] = await lines_of(order)
    part = ((line.id, Decimal(400)),)
    disputed = await issue_invoice(supplier, order.id, await version(order, supplier), part, idempotency_key=make_key())
    disputed = await dispute_invoice(buyer, disputed.id, disputed.version, estate.mark(SHARED))
    await _credited(estate, disputed)
    invoice = await issue_invoice(supplier, order.id, await version(order, supplier), None, idempotency_key=make_key())
    await accept_invoice(buyer, invoice.id, invoice.version)
    for comes in (False, True):
        transfer = Transfer(
            amount=invoice.total,
            paid_on=clock.today("Asia/Shanghai"),
            bank_reference=estate.mark(SHARED),
            remark=estate.mark(SHARED),
        )
        payment = await submit_bank_transfer(buyer, invoice.id, transfer, idempotency_key=make_key())
        if comes:
            await confirm_funds(supplier, payment.id, payment.version, payment.amount, idempotency_key=make_key())
        else:
            await reject_transfer(supplier, payment.id, payment.version, estate.mark(SHARED))
    await _officially(estate, invoice)
    await _paid_online(estate, disputed)
    await _credited(estate, await models.Invoice.get(id=invoice.id))


async def _officially(estate: Estate, invoice: models.Invoice) -> None:
    """What each side's own invoices say of it; a wrong official invoice, and the right one with its file."""
    parties = Parties(estate.buyer.everybody, estate.supplier.everybody)
    for firm, whose in ((estate.buyer, BUYERS), (estate.supplier, SUPPLIERS)):
        if await models.BillingProfile.exists(company_id=firm.company.id):
            continue  # said with another estate of the same company
        details = BillingDetails(address=estate.mark(whose), bank_name=estate.mark(whose))
        await set_billing_details(firm.admin, (await Company.named(firm.company.id)).version, details)
    wrong = await make_recorded(parties, invoice)
    await void_official_invoice(parties.supplier, wrong.id, estate.mark(SHARED))
    file = await make_attachment(parties.supplier, f"{estate.mark(SHARED)}.pdf")
    await make_recorded(parties, invoice, attachment_id=file.id)


async def _paid_online(estate: Estate, invoice: models.Invoice) -> None:
    """A cent that was paid through a provider and paid back, another that nobody has paid yet, one that is to be split, and a statement
    that differs."""
    parties = Parties(estate.buyer.everybody, estate.supplier.everybody)
    started = await make_online_payment(parties, invoice, amount="0.01")
    await started.pay()
    paid = await started.now()
    await refund_payment(
        parties.supplier, paid.id, paid.version, paid.amount, estate.mark(SHARED), idempotency_key=make_key()
    )
    await make_online_payment(parties, invoice, amount="0.02")
    split = await make_online_payment(parties, invoice, amount="0.03")
    await split.pay()
    settlement = await models.Settlement.get(payment_id=split.payment.id)
    estate.ids["Settlement"] = encode_id("Settlement", settlement.id)
    # Without a mark: the operator sees it too.
    difference = await make_difference(parties)
    estate.ids |= {
        "Reconciliation": encode_id("Reconciliation", difference.reconciliation_id),
        "ReconciliationDifference": encode_id("ReconciliationDifference", difference.id),
    }
    # Or the clock would ask the provider, and write down when, while a crawl looks whether anything changes.
    await models.Errand.all().update(due_at=clock.now() + timedelta(days=1))


async def _credited(estate: Estate, invoice: models.Invoice) -> None:
    """Ten pieces of it become cheaper; of what was paid already a part goes back, and never arrives."""
    supplier = estate.supplier.everybody
    [claimed, *_] = (await left_of([invoice.id]))[invoice.id]
    less = (CreditWish(claimed, net=Decimal("10.00")),)
    key, reason = make_key(), estate.mark(SHARED)
    kept = Excess.CREDIT_BALANCE
    note = await issue_credit_note(supplier, invoice.id, invoice.version, reason, less, kept, idempotency_key=key)
    if (await ledger.standing(await Order.get(id=note.order_id))).credit:
        repayment = Repayment(Decimal(1), clock.today("Asia/Shanghai"), estate.mark(SHARED), estate.mark(SHARED))
        back = await send_refund(supplier, note.order_id, None, repayment, idempotency_key=make_key())
        await reject_refund(estate.buyer.everybody, back.id, back.version, estate.mark(SHARED))


async def version(order: Order, actor: Actor) -> int:
    """The order's version as the actor counts it now."""
    return (await fresh(order)).version_for(actor)
