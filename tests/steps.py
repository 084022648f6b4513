"""Every step that the schema offers, each with what would make it succeed now: for tests that spoil one part of it."""

import base64
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models import (
    Alternative,
    ApprovalRule,
    Company,
    CostCentre,
    CreditLine,
    Enquiry,
    Invoice,
    Member,
    Order,
    Product,
    ReturnRequest,
    Settlement,
    Warehouse,
)
from models.base import new_id
from models.crediting import left_of
from partners.signing.in_memory import proof
from resolvers.ids import encode_id
from rules.money import Currency
from rules.people import Actor, CompanyKind, CompanyStatus, Role, Scope
from rules.settlement import SettlementStatus
from rules.shipping import TrackingCode
from rules.tax import TaxCategory
from services import clock, passwords
from services.alternatives import OfferedAlternative
from services.api_keys import create_api_key
from services.attaching import attach_file
from services.certificates import own_of
from services.companies import Limit, set_approval_threshold
from services.conversing import ask_buyer, post_message
from services.credit_lines import block_credit_line
from services.delegating import delegate_approval
from services.objecting import dispute_shipment
from services.returning import dispute_return
from services.secret import Secret
from services.sessions import sign_in
from services.statement_files import cancel_account_statement
from services.submitting import submit_order
from services.taking_back import approve_return, reject_return
from services.tax import VatRateWish, add_vat_rate
from services.templates import TemplateLine, create_order_template
from services.terminating import propose_termination
from services.totp import enrol_totp
from services.warehouses import WarehouseWish, create_warehouse
from tests.address_makers import make_address
from tests.agreement_makers import make_agreement, make_proposal
from tests.authenticators import App, make_app
from tests.billing_makers import make_cheque, make_confirmed, make_credit_note, make_refund
from tests.budget_makers import make_budget, make_cost_centre
from tests.carrier_makers import as_admin, make_parked
from tests.certificate_makers import make_certificate, make_preparation
from tests.change_makers import make_change
from tests.credit_makers import make_credit_line
from tests.devices import Device, make_ec
from tests.enquiry_makers import Bidders, make_bid, make_bidders, make_enquiry, make_issued_enquiry
from tests.estates import Firm
from tests.fapiao_makers import make_fapiao, make_number, make_recorded
from tests.file_makers import make_attachment
from tests.makers import HOME, PASSWORD, actor_of, make_company, make_key, make_member, make_platform
from tests.order_makers import (
    Parties,
    contract_of,
    fresh,
    lines_of,
    make_awarded_order,
    make_completed_order,
    make_contracted_order,
    make_goods,
    make_invoice,
    make_order,
    make_placed_order,
    make_quotation,
    make_receipt,
    make_shipment,
    make_sighting,
    make_transfer,
)
from tests.payment_makers import make_online_payment, merchant_input
from tests.price_makers import make_grade, make_price_list, make_promotion
from tests.reconciliation_makers import make_difference
from tests.return_makers import make_return, make_shipped_back, make_taken_back
from tests.split_makers import make_receiver, make_rule
from tests.statement_makers import make_statement_file

PIECES, PRICE = "100", "1"
THRESHOLD = Decimal(1000)
ABROAD = VatRateWish(
    "DE", TaxCategory.S, Decimal("0.19"), "标准税率", "Standard rate", date(2021, 1, 1), "§ 12 Abs. 1 UStG"
)
"""Above what these orders come to, but for the one that waits for its approval."""


@dataclass(frozen=True)
class Step:
    """Who takes the step, the ids it names by kind, and the fields that have to be so and not otherwise."""

    actor: Actor
    ids: dict[str, str]
    facts: dict[str, Any]


async def possible_steps() -> dict[str, Step]:
    """By the mutation's name."""
    buyer = await Firm.made(CompanyKind.BUYER, delivery_place="上海市浦东新区世纪大道1号")
    supplier = await Firm.made(CompanyKind.SUPPLIER)
    parties = Parties(buyer.everybody, supplier.everybody)
    company = await Company.named(buyer.company.id)
    await set_approval_threshold(buyer.admin, company.version, Limit(THRESHOLD, Currency.CNY))
    goods = await make_goods(supplier.everybody, stock_on_hand=Decimal(10_000))
    address = await make_address(buyer.everybody)
    ids = {
        "Address": encode_id("Address", address.id),
        "Company": encode_id("Company", supplier.company.id),
        "Product": encode_id("Product", goods.id),
        "Category": encode_id("Category", goods.category_id),
        "Member": encode_id("Member", buyer.approver.member or new_id()),
        # Nobody's: steps that may carry files, or promotions, are tried without.
        "Attachment": encode_id("Attachment", new_id()),
        "Promotion": encode_id("Promotion", new_id()),
    }
    on_law, on_budgets = await _on_law(), await _on_budgets(buyer, ids)
    on_warehouses = await _on_warehouses(supplier, goods, ids)
    on_orders = await _before_contract(parties, buyer, ids) | await _after_contract(parties, ids)
    on_enquiries = await _on_enquiries(parties, goods, ids)
    on_files = await _on_files(parties, ids)
    on_address = Step(buyer.everybody, ids, {"expectedVersion": address.version})
    at_the_shelf = Step(supplier.everybody, ids, {"expectedVersion": goods.version})
    on_agreements, on_rules = await _on_agreements(parties, ids), await _on_rules(buyer, ids)
    return on_orders | on_enquiries | on_files | on_agreements | on_rules | await _on_companies(buyer) | {
        "createOrder": Step(buyer.everybody, ids, {}),
        **await _on_templates(parties, goods, ids),
        **on_law,
        **on_budgets,
        **await _on_prices(parties, goods),
        **await _on_credit(parties),
        **await _on_statements(parties),
        **dict.fromkeys(("createAddress", "updateAddress", "removeAddress"), on_address),
        "createProduct": at_the_shelf,
        "updateProduct": at_the_shelf,
        "adjustStock": at_the_shelf,
        **on_warehouses,
        "setStockPolicy": Step(
            supplier.everybody, ids, {"expectedVersion": (await Company.named(supplier.company.id)).version}
        ),
    }  # fmt: skip


async def _before_contract(parties: Parties, buyer: Firm, common: dict[str, str]) -> dict[str, Step]:
    draft = await make_order(parties, (PIECES,))
    large = await make_order(parties, ("10000",))
    pending = await submit_order(parties.buyer, large.id, large.version)
    placed, asked, quoted = [await make_placed_order(parties, (PIECES,)) for _ in range(3)]
    await ask_buyer(
        parties.supplier, asked.id, asked.version_for(parties.supplier), "which?", idempotency_key=make_key()
    )
    said = await post_message(parties.buyer, placed.id, "hello", idempotency_key=make_key())
    quotation = await make_quotation(parties, quoted, (PRICE,), alternatives=(OfferedAlternative(Decimal(PRICE)),))
    [other] = await Alternative.of(quotation.id)
    awarded = await make_awarded_order(parties, (PIECES,), (PRICE,))
    app = await make_app(parties.buyer)
    sha256 = {"sha256": (await contract_of(awarded)).sha256, "totpCode": app.shown}
    certified, certificate, answer = await _with_own_key(parties, awarded)
    own = {**certificate, "totpCode": app.shown}
    quote = {
        "Quotation": encode_id("Quotation", quotation.id),
        "Alternative": encode_id("Alternative", other.id),
        "Message": encode_id("Message", said.id),
    }

    async def on(order: Order, actor: Actor, *names: str, **facts: Any) -> dict[str, Step]:
        return dict.fromkeys(names, await _step(order, actor, common | quote, facts))

    return (
        await on(draft, parties.buyer, "updateDraft", "submitOrder", "cancelOrder")
        | await on(pending, parties.buyer, "withdrawOrder")
        | await on(pending, buyer.approver, "approveOrder", "returnOrder")
        | await on(placed, parties.supplier, "rejectOrder")
        | await on(placed, parties.supplier, "askBuyer", "postMessage", "logTalk", attachmentIds=[])
        | await on(placed, parties.supplier, "markRead")
        | await on(placed, parties.supplier, "sendQuotation", allowances=[{"share": None}], promotionIds=[])
        | await on(asked, parties.buyer, "answerSupplier", attachmentIds=[])
        | await on(quoted, parties.buyer, "counterQuotation", "acceptQuotation", "declineQuotation")
        | await on(quoted, parties.supplier, "withdrawQuotation")
        | await on(awarded, parties.buyer, "signContract", "refuseContract", **sha256)
        | dict.fromkeys(("registerCertificate", "revokeCertificate"), Step(parties.buyer, common | certified, own))
        | {"prepareSignature": await _step(awarded, parties.buyer, certified, {})}
        | {"completeSignature": Step(parties.buyer, certified, {"signature": answer})}
    )


async def _with_own_key(parties: Parties, order: Order) -> tuple[dict[str, str], dict[str, str], str]:
    """A registered certificate and what was prepared for it, by their ids; another certificate; the signature that fits."""
    own = await make_certificate(parties.buyer)
    prepared = await make_preparation(order, parties.buyer, own.row)
    ids = {
        "SigningCertificate": encode_id("SigningCertificate", own.row.id),
        "SignaturePreparation": encode_id("SignaturePreparation", prepared.id),
    }
    other = {"certificate": Device.made(make_ec(), clock.now()).pem, "chain": ""}
    return ids, other, base64.b64encode(proof(own_of(own.row).certificate)).decode()


async def _after_contract(parties: Parties, common: dict[str, str]) -> dict[str, Step]:
    contracted, moving = [await make_contracted_order(parties, (PIECES,), (PRICE,)) for _ in range(2)]
    received, billed = [await make_completed_order(parties, (PIECES,), (PRICE,)) for _ in range(2)]
    shipment, invoice = await make_shipment(parties, moving), await make_invoice(parties, billed)
    payment = await make_transfer(parties, invoice, "10.00")
    small, official = make_fapiao("1.00", "0.00"), official_input()
    named = {
        "Shipment": encode_id("Shipment", shipment.id),
        "Invoice": encode_id("Invoice", invoice.id),
        "InvoiceLine": encode_id("InvoiceLine", next(iter((await left_of([invoice.id]))[invoice.id]))),
        "CreditNote": "",
        "OfficialInvoice": encode_id("OfficialInvoice", (await make_recorded(parties, invoice, small)).id),
        "Payment": encode_id("Payment", payment.id),
        "CarrierPush": encode_id("CarrierPush", (await make_parked(parties.supplier))[1].id),
    }
    changing, ending, half = [await make_contracted_order(parties, (PIECES,), (PRICE,)) for _ in range(3)]
    await make_shipment(parties, half, "50")
    half = await fresh(half)
    await make_change(changing, parties.buyer, "60")
    await propose_termination(parties.buyer, ending.id, ending.version, "why")
    found = {"lines": [{"accepted": PIECES, "rejected": "0", "short": "0", "photoIds": []}]}
    settled = {"amount": "10.00", "expectedVersion": payment.version}
    steps: dict[str, tuple[Order, Actor, dict[str, Any]]] = {
        "despatchShipment": (contracted, parties.supplier, {"despatchedAt": None}),
        "packShipment": (moving, parties.supplier, {"expectedVersion": shipment.version}),
        "recordTracking": (moving, parties.supplier, {"occurredAt": shipment.despatched_at.isoformat()}),
        "receiveShipment": (moving, parties.buyer, {**found, "expectedVersion": shipment.version}),
        "cancelShipment": (moving, parties.supplier, {"expectedVersion": shipment.version}),
        "issueInvoice": (received, parties.supplier, {"taxRates": []}),
        "acceptInvoice": (billed, parties.buyer, {"expectedVersion": invoice.version}),
        "disputeInvoice": (billed, parties.buyer, {"expectedVersion": invoice.version}),
        "issueCreditNote": (
            billed,
            parties.supplier,
            {"expectedVersion": invoice.version, "lines": [{"quantity": "1", "net": None}]},
        ),
        "recordOfficialInvoice": (billed, parties.supplier, official),
        "voidOfficialInvoice": (billed, parties.supplier, {}),
        "submitBankTransfer": (billed, parties.buyer, {"orderId": None, "otherInvoiceIds": [], "proofId": None}),
        "confirmFunds": (billed, parties.supplier, settled),
        "rejectTransfer": (billed, parties.supplier, settled),
        "proposeChange": (contracted, parties.buyer, {}),
        "proposeShortClose": (half, parties.supplier, {}),
        "agreeChange": (changing, parties.supplier, {}),
        "refuseChange": (changing, parties.supplier, {}),
        "withdrawChange": (changing, parties.buyer, {}),
        "proposeTermination": (contracted, parties.buyer, {}),
        "agreeTermination": (ending, parties.supplier, {}),
        "refuseTermination": (ending, parties.supplier, {}),
        "terminateOrder": (contracted, await make_platform(), {}),
        "setCarrierAccount": (moving, as_admin(parties.supplier), {}),
        "retryParked": (moving, await make_platform(), {}),
    }
    steps |= {
        "setMerchantAccount": (
            moving,
            as_admin(parties.supplier),
            {**merchant_input(), "certificate": "", "rootCertificates": ""},
        ),
        "startPayment": (
            billed,
            parties.buyer,
            {"orderId": None, "method": "ALIPAY", "flow": "QR", "amount": "1.00", "payerOpenid": None},
        ),
    }
    done = {name: await _step(order, actor, common | named, facts) for name, (order, actor, facts) in steps.items()}
    done |= await _paid_online(parties, billed, invoice, common)
    more = await _on_returns(parties, common) | await _on_money(parties, common) | await _on_splits(parties, common)
    return done | more | await _at_the_place(parties, common)


def official_input() -> dict[str, Any]:
    """A small official invoice for the invoice."""
    said: dict[str, Any] = {
        "number": make_number(),
        "issuedOn": clock.today("Asia/Shanghai").isoformat(),
        "code": None,
        "rates": [],
    }
    sums = {"net": "1.00", "tax": "0.13", "total": "1.13"}
    return {**said, **sums, "creditNoteId": None, "attachmentId": None, "replacesId": None}


async def _on_money(parties: Parties, common: dict[str, str]) -> dict[str, Step]:
    """A cheque that came with too much, so that there is credit; money that is due back, and some on its way."""
    order, open_one = [await make_completed_order(parties, (PIECES,), (PRICE,)) for _ in range(2)]
    paid, owed = await make_invoice(parties, order), await make_invoice(parties, open_one)
    cheque = await make_confirmed(parties, await make_cheque(parties, paid, "500.00"))
    await make_credit_note(parties, paid, "50")
    refund = await make_refund(parties, order, "1.00")
    facts = {"expectedVersion": cheque.version}
    named = {
        "Invoice": encode_id("Invoice", owed.id),
        "Payment": encode_id("Payment", cheque.id),
        "Refund": encode_id("Refund", refund.id),
    }
    steps: dict[str, tuple[Actor, dict[str, Any]]] = {
        "submitCheque": (parties.buyer, {"orderId": None, "otherInvoiceIds": [], "proofId": None, "amount": "1.00"}),
        "applyCredit": (parties.buyer, {"amount": "1.00"}),
        "bounceCheque": (parties.supplier, facts),
        "sendRefund": (parties.supplier, {"amount": "1.00", "expectedVersion": None}),
        "confirmRefund": (parties.buyer, {"expectedVersion": refund.version}),
        "rejectRefund": (parties.buyer, {"expectedVersion": refund.version}),
    }
    return {name: await _step(order, actor, common | named, said) for name, (actor, said) in steps.items()}


async def _on_splits(parties: Parties, common: dict[str, str]) -> dict[str, Step]:
    """A rule for one supplier, and a split that its provider refused."""
    operator, rule = await make_receiver(), await make_rule(supplier_id=parties.supplier.home)
    order = await make_completed_order(parties, (PIECES,), (PRICE,))
    started = await make_online_payment(parties, await make_invoice(parties, order), amount="1.00")
    await started.pay()
    await Settlement.filter(payment_id=started.payment.id).update(status=SettlementStatus.FAILED)
    split = await Settlement.get(payment_id=started.payment.id)
    ids = common | {
        "CommissionRule": encode_id("CommissionRule", rule.id),
        "Settlement": encode_id("Settlement", split.id),
        "Company": encode_id("Company", parties.supplier.home),
    }
    return {
        "createCommissionRule": Step(operator, ids, {"rate": "0.1", "holdDays": 7, "validTo": None}),
        "endCommissionRule": Step(operator, ids, {"expectedVersion": rule.version}),
        "setCommissionReceiver": Step(operator, ids, {"method": "ALIPAY", "payee": "2088000000000001"}),
        "retrySettlement": Step(operator, ids, {"expectedVersion": split.version}),
    }


async def _paid_online(parties: Parties, order: Order, invoice: Invoice, common: dict[str, str]) -> dict[str, Step]:
    """A payment that nobody has paid yet, and one that somebody has; a statement with one that nobody knows."""
    waiting, paid = [await make_online_payment(parties, invoice, amount="2.00") for _ in range(2)]
    await paid.pay()
    difference = await make_difference(parties)
    yesterday = (clock.today("Asia/Shanghai") - timedelta(days=1)).isoformat()
    named = {"ReconciliationDifference": encode_id("ReconciliationDifference", difference.id)}
    on_statements = Step(parties.supplier, common | named, {"method": "ALIPAY", "day": yesterday})
    found = {"closePayment": waiting, "refundPayment": paid}
    actors = {"closePayment": parties.buyer, "refundPayment": parties.supplier}
    return {
        name: await _step(
            order,
            actors[name],
            common | {"Payment": encode_id("Payment", one.payment.id)},
            {"expectedVersion": (await one.now()).version, "amount": "1.00"},
        )
        for name, one in found.items()
    } | dict.fromkeys(("reconcilePayments", "resolveReconciliationDifference"), on_statements)


async def _on_returns(parties: Parties, common: dict[str, str]) -> dict[str, Step]:
    """A return at each place of its way."""
    order = await make_completed_order(parties, (PIECES,), (PRICE,))
    asked, rejected, disputed, approved, shipped, taken = [await make_return(parties, order, "1") for _ in range(6)]
    rejected, disputed = [
        await reject_return(parties.supplier, one.id, one.version, "no") for one in (rejected, disputed)
    ]
    disputed = await dispute_return(parties.buyer, disputed.id, disputed.version, "yes")
    approved = await approve_return(parties.supplier, approved.id, approved.version)
    shipped, taken = await make_shipped_back(parties, shipped), await make_taken_back(parties, taken)
    [line] = await shipped.lines.all()
    steps: dict[str, tuple[ReturnRequest, Actor, dict[str, Any]]] = {
        "cancelReturn": (asked, parties.buyer, {}),
        "approveReturn": (asked, parties.supplier, {}),
        "rejectReturn": (asked, parties.supplier, {}),
        "disputeReturn": (rejected, parties.buyer, {}),
        "arbitrateReturn": (disputed, await make_platform(), {}),
        "shipBackReturn": (approved, parties.buyer, {}),
        "takeBackReturn": (shipped, parties.supplier, {"lines": [{"confirmed": "1"}]}),
        "resolveReturn": (taken, parties.supplier, {}),
    }
    more = {"ReturnLine": encode_id("ReturnLine", line.id)}
    return {"requestReturn": await _step(order, parties.buyer, common, {"lines": [{"quantity": "1"}]})} | {
        name: Step(
            actor,
            common | more | {"ReturnRequest": encode_id("ReturnRequest", one.id)},
            {"expectedVersion": one.version, **facts},
        )
        for name, (one, actor, facts) in steps.items()
    }


async def _at_the_place(parties: Parties, common: dict[str, str]) -> dict[str, Step]:
    """A shipment of which a part was received, one that arrived, and one that is disputed."""
    orders = [await make_contracted_order(parties, (PIECES,), (PRICE,)) for _ in range(3)]
    received, arrived, disputed = [await make_shipment(parties, order, "40") for order in orders]
    received = await make_receipt(parties, received)
    arrived, disputed = [
        await make_sighting(parties, one, TrackingCode.DELIVERED, clock.now()) for one in (arrived, disputed)
    ]
    disputed = await dispute_shipment(parties.buyer, disputed.id, disputed.version, "wet")
    names = ("reverseReceipt", "disputeShipment", "closeShipmentDispute")
    return {
        name: await _step(
            order,
            parties.buyer,
            common | {"Shipment": encode_id("Shipment", shipment.id)},
            {"expectedVersion": shipment.version},
        )
        for name, order, shipment in zip(names, orders, (received, arrived, disputed), strict=True)
    }


async def _on_templates(parties: Parties, goods: Product, common: dict[str, str]) -> dict[str, Step]:
    lines = [TemplateLine(goods.id, Decimal(PIECES))]
    template = await create_order_template(
        parties.buyer, "monthly", parties.supplier.home, lines, idempotency_key=make_key()
    )
    order = await make_order(parties, (PIECES,))
    named = {"OrderTemplate": encode_id("OrderTemplate", template.id), "Order": encode_id("Order", order.id)}
    names = (
        "createOrderTemplate", "saveOrderAsTemplate", "updateOrderTemplate", "removeOrderTemplate",
        "createOrderFromTemplate", "orderAgain",
    )  # fmt: skip
    return dict.fromkeys(names, Step(parties.buyer, common | named, {"expectedVersion": template.version}))


async def _on_budgets(buyer: Firm, common: dict[str, str]) -> dict[str, Step]:
    """What finance does about a cost centre, to which orders and enquiries may go: `common` names it from now on."""
    centre = await make_cost_centre(buyer.everybody)
    budget = await make_budget(buyer.everybody, centre)
    common |= {"CostCentre": encode_id("CostCentre", centre.id), "Budget": encode_id("Budget", budget.id)}
    last = budget.period_end + timedelta(days=9)
    facts = {
        "expectedVersion": (await CostCentre.get(id=centre.id)).version,
        "periodStart": budget.period_start.isoformat(),
        "periodEnd": last.isoformat(),
    }
    names = ("createCostCentre", "updateCostCentre", "setBudget")
    return dict.fromkeys(names, Step(buyer.everybody, common, facts))


async def _on_warehouses(supplier: Firm, goods: Product, common: dict[str, str]) -> dict[str, Step]:
    """What a supplier does about an empty warehouse beside the one where its goods are: `common` names it from now on."""
    first = await Warehouse.get(company_id=supplier.company.id)
    second = await create_warehouse(supplier.everybody, WarehouseWish("W2", "Second"), idempotency_key=make_key())
    common |= {"Warehouse": encode_id("Warehouse", second.id)}
    on_second = Step(supplier.everybody, common, {"expectedVersion": second.version})
    return {
        "createWarehouse": on_second,
        "updateWarehouse": on_second,
        "archiveWarehouse": on_second,
        "transferStock": Step(
            supplier.everybody,
            common,
            {"expectedVersion": goods.version, "fromWarehouseId": encode_id("Warehouse", first.id)},
        ),
    }


async def _on_prices(parties: Parties, goods: Product) -> dict[str, Step]:
    """What a supplier does about its lists and the grades of its customers, once the buyer has ordered from it."""
    listed = await make_price_list(parties.supplier, goods)
    grade = await make_grade(parties.supplier, parties.buyer.home)
    ids = {
        "PriceList": encode_id("PriceList", listed.id),
        "CustomerGrade": encode_id("CustomerGrade", grade.id),
        "Company": encode_id("Company", parties.buyer.home),
        "Product": encode_id("Product", goods.id),
    }
    promotion = await make_promotion(parties.supplier, name="not yet", valid_from=date(2999, 1, 1))
    ids["Promotion"] = encode_id("Promotion", promotion.id)
    on_promotion = {
        "expectedVersion": promotion.version,
        "gradeId": None,
        "policy": "PERCENTAGE",
        "terms": [{"name": "share", "value": "0.1"}],
    }
    on_list = Step(parties.supplier, ids, {"expectedVersion": listed.version, "gradeId": None})
    on_grade = Step(parties.supplier, ids, {"expectedVersion": grade.version})
    return {
        **dict.fromkeys(("createPriceList", "updatePriceList", "archivePriceList", "setPriceListItems"), on_list),
        **dict.fromkeys(("createPromotion", "endPromotion"), Step(parties.supplier, ids, on_promotion)),
        **dict.fromkeys(("createCustomerGrade", "updateCustomerGrade", "assignCustomerGrade"), on_grade),
    }


async def _on_credit(parties: Parties) -> dict[str, Step]:
    """What a supplier does about the credit of a buyer that has ordered from it: lines in three currencies."""
    company = encode_id("Company", parties.buyer.home)

    def on(line: CreditLine | None, currency: Currency) -> Step:
        ids = {"Company": company} | ({"CreditLine": encode_id("CreditLine", line.id)} if line else {})
        return Step(parties.supplier, ids, {"expectedVersion": line.version if line else 0, "currency": currency})

    lent = await make_credit_line(parties, currency=Currency.USD)
    blocked = await make_credit_line(parties, currency=Currency.EUR)
    blocked = await block_credit_line(parties.supplier, blocked.id, blocked.version, "they pay late")
    return {
        "setCreditLine": on(None, Currency.HKD),
        "blockCreditLine": on(lent, Currency.USD),
        "unblockCreditLine": on(blocked, Currency.EUR),
    }


async def _on_statements(parties: Parties) -> dict[str, Step]:
    """A statement that waits to be made, and one that was given up."""
    waiting, ended = [await make_statement_file(parties.buyer, parties.supplier) for _ in range(2)]
    await cancel_account_statement(parties.buyer, ended.id)
    company = {"Company": encode_id("Company", parties.supplier.home)}
    period = {"periodStart": "2026-12-01", "periodEnd": "2026-12-31"}
    return {
        "requestAccountStatement": Step(parties.buyer, company, period),
        "cancelAccountStatement": Step(parties.buyer, {"StatementFile": encode_id("StatementFile", waiting.id)}, {}),
        "retryAccountStatement": Step(parties.buyer, {"StatementFile": encode_id("StatementFile", ended.id)}, {}),
    }


async def _on_enquiries(parties: Parties, goods: Product, common: dict[str, str]) -> dict[str, Step]:
    """A draft, and one that is out; a second supplier can be asked, too."""
    asked = Bidders(parties.buyer, [parties.supplier], [[goods]])
    draft, issued = await make_enquiry(asked, (PIECES,)), await make_issued_enquiry(asked, (PIECES,))
    quotation = await make_bid(asked, issued, 0, PRICE, alternatives=(OfferedAlternative(Decimal(PRICE)),))
    [instead] = await Alternative.of(quotation.id)
    other = await make_bidders(1)
    more = {
        "Company": encode_id("Company", other.suppliers[0].home),
        "Product": encode_id("Product", other.goods[0][0].id),
    }

    bid = {
        "Quotation": encode_id("Quotation", quotation.id),
        "Alternative": encode_id("Alternative", instead.id),
    }

    def on(enquiry: Enquiry, ids: dict[str, str], *names: str) -> dict[str, Step]:
        named = {"Enquiry": encode_id("Enquiry", enquiry.id)}
        return dict.fromkeys(names, Step(parties.buyer, common | named | ids, {"expectedVersion": enquiry.version}))

    return (
        on(draft, {}, "createEnquiry", "updateEnquiry", "issueEnquiry")
        | on(issued, {}, "withdrawInvitation", "extendEnquiry", "cancelEnquiry")
        | on(issued, more, "inviteSupplier")
        | on(issued, bid, "awardEnquiry")
    )


async def _on_agreements(parties: Parties, common: dict[str, str]) -> dict[str, Step]:
    proposed, active = await make_proposal(parties), await make_agreement(parties)
    named = {"FrameworkAgreement": encode_id("FrameworkAgreement", proposed.id)}
    in_force = {"FrameworkAgreement": encode_id("FrameworkAgreement", active.id)}
    facts = {"expectedVersion": proposed.version, "sha256": proposed.sha256}
    app = await make_app(parties.supplier)
    return {
        "proposeAgreement": Step(parties.buyer, common, {}),
        "signAgreement": Step(parties.supplier, common | named, {**facts, "totpCode": app.shown}),
        "refuseAgreement": Step(parties.supplier, common | named, facts),
        "terminateAgreement": Step(parties.supplier, common | in_force, {"expectedVersion": active.version}),
    }


async def _on_files(parties: Parties, common: dict[str, str]) -> dict[str, Step]:
    """One that hangs on nothing, and one that hangs on an order."""
    loose, hanging = [await make_attachment(parties.buyer) for _ in range(2)]
    order = await make_placed_order(parties, (PIECES,))
    await attach_file(parties.buyer, order.id, order.version, hanging.id)
    draft = await make_order(parties, (PIECES,))
    rows = f"SKU,Quantity\n{(await lines_of(draft))[0].sku},{PIECES}\n".encode()
    sheet = await make_attachment(parties.buyer, "lines.csv", rows, "text/csv")
    lying = common | {"Attachment": encode_id("Attachment", loose.id)}
    return {
        "attachFile": await _step(order, parties.buyer, lying, {}),
        "detachFile": await _step(
            order, parties.buyer, common | {"Attachment": encode_id("Attachment", hanging.id)}, {}
        ),
        "discardAttachment": Step(parties.buyer, lying, {}),
        "importLines": await _step(
            draft, parties.buyer, common | {"Attachment": encode_id("Attachment", sheet.id)}, {}
        ),
        "addLines": await _step(draft, parties.buyer, common, {"whenDuplicate": "KEEP_APART"}),
    }


async def _step(order: Order, actor: Actor, ids: dict[str, str], facts: dict[str, Any]) -> Step:
    """The step on this order as the actor reads it now."""
    named = {
        "Order": encode_id("Order", order.id),
        "OrderLine": encode_id("OrderLine", (await lines_of(order))[0].id),
    }
    return Step(actor, ids | named, {"expectedVersion": (await fresh(order)).version_for(actor), **facts})


async def _on_rules(firm: Firm, common: dict[str, str]) -> dict[str, Step]:
    """What administrators do about approvals: there is the threshold's rule."""
    [rule] = await ApprovalRule.in_force(firm.company.id)
    ids = common | {"ApprovalRule": encode_id("ApprovalRule", rule.id)}
    on_rule = Step(firm.admin, ids, {"expectedVersion": rule.version})
    operator, today = await make_platform(), clock.today("Asia/Shanghai")
    taker = firm.everybody.member or new_id()
    lent = await delegate_approval(firm.approver, taker, today, today, idempotency_key=make_key())
    ids["Delegation"] = encode_id("Delegation", lent.id)
    platform = await Company.named(operator.home)
    return {
        "delegateApproval": Step(firm.admin, ids, {"takerId": encode_id("Member", taker)}),
        "revokeDelegation": Step(firm.approver, ids, {"expectedVersion": lent.version}),
        "setPlatformReview": Step(operator, ids, {"expectedVersion": platform.version, "isOn": True}),
        "createApprovalRule": Step(firm.admin, ids, {}),
        "updateApprovalRule": on_rule,
        "deactivateApprovalRule": on_rule,
        "reorderApprovalRules": Step(firm.admin, ids, {"rules": [{"expectedVersion": rule.version}]}),
    }


async def _on_law() -> dict[str, Step]:
    """What the operator does when a law changes; before others read the platform's version, which counts that."""
    operator = await make_platform()
    rate = await add_vat_rate(operator, ABROAD, idempotency_key=make_key())
    return {
        "addVatRate": Step(operator, {}, {"country": "DE", "category": "AA", "rate": "0.07"}),
        "endVatRate": Step(operator, {"VatRate": encode_id("VatRate", rate.id)}, {"expectedVersion": rate.version}),
    }


async def _on_companies(firm: Firm) -> dict[str, Step]:
    """What administrators, the operator, members and strangers do."""
    member = await make_member(await Company.named(firm.company.id), Role.VIEWER)
    applicant = await make_company(status=CompanyStatus.APPLIED)
    key, _ = await create_api_key(firm.admin, "erp", frozenset({Scope.READ}), None, idempotency_key=make_key())
    company = await Company.named(firm.company.id)
    with passwords.cheaply():
        session = await sign_in(member.sign_in_name, PASSWORD, HOME)
        colleague = await actor_of(member)
        unconfirmed = App((await enrol_totp(colleague, Secret(PASSWORD), None, address=HOME)).secret)
    confirmed = await make_app(firm.approver)
    operator, nobody = await make_platform(), Actor.anonymous()
    ids = {"Member": encode_id("Member", member.id), "ApiKey": encode_id("ApiKey", key.id)}
    on_member = Step(firm.admin, ids, {"expectedVersion": member.version, "roles": ["VIEWER"]})
    on_company = Step(firm.admin, ids, {"expectedVersion": company.version})
    new = {"signInName": f"{make_key()}@example.com", "roles": ["VIEWER"], "kind": "BUYER"}
    reviewed = {"Company": encode_id("Company", applicant.id), "Category": ""}
    suspended = {"Company": encode_id("Company", company.id)}
    return {
        "inviteMember": Step(firm.admin, ids, new),
        "changeRoles": on_member,
        "deactivateMember": on_member,
        "createApiKey": Step(firm.admin, ids, {}),
        "revokeApiKey": on_member,
        "setApprovalThreshold": on_company,
        "setDeliveryDefaults": on_company,
        "setBrand": Step(firm.admin, ids, {"expectedVersion": company.version, "colour": "#8a1c1c"}),
        "setGs1CompanyPrefix": Step(firm.admin, ids, {"expectedVersion": company.version, "prefix": "6901234"}),
        "setBillingDetails": Step(firm.admin, ids, {"expectedVersion": company.version, "bankAccount": "6222 0012"}),
        "setCollectionPolicy": Step(firm.admin, ids, {"expectedVersion": company.version, "prepaymentDays": 3}),
        "setInvoiceMatching": Step(firm.admin, ids, {"expectedVersion": company.version, "acceptsMatched": False}),
        "createCategory": Step(operator, reviewed, {"parentId": None, "code": "new-ones"}),
        "reviewCompany": Step(operator, reviewed, {"expectedVersion": applicant.version}),
        "suspendCompany": Step(operator, suspended, {"expectedVersion": company.version}),
        "registerCompany": Step(nobody, ids, new),
        "signIn": Step(nobody, ids, {"signInName": (await Member.first_of(company.id)).sign_in_name}),
        "refreshSession": Step(nobody, ids, {"refreshToken": session.refresh_token}),
        "enrolTotp": Step(firm.admin, ids, {"totpCode": None}),
        "confirmTotp": Step(colleague, ids, {"totpCode": unconfirmed.shown}),
        "disableTotp": Step(firm.approver, ids, {"totpCode": confirmed.shown}),
        "changePassword": Step(firm.everybody, ids, {"newPassword": "another correct horse battery"}),
    }
