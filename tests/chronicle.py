"""What an order's events alone say of it, step by step, and what is stored of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models import Contract, Event, Invoice, Order, Payment, Quotation, Refund, ReturnRequest, Shipment
from rules.billing import InvoiceStatus, PaymentStatus
from rules.contract import ContractStatus
from rules.events import EventKind
from rules.lifecycle import STEPS, TURN, Amendment, OrderStatus, Side
from rules.shipping import ShipmentStatus, Sighting, TrackingCode, status_after
from rules.terms import QuotationStatus


@dataclass
class Told:
    """An order as its events tell it."""

    status: OrderStatus | None = None
    turn: Side | None = None
    quotations: dict[str, str] = field(default_factory=dict)
    contracts: dict[str, str] = field(default_factory=dict)
    shipments: dict[str, str] = field(default_factory=dict)
    returns: dict[str, str] = field(default_factory=dict)
    invoices: dict[str, str] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)
    refunds: dict[str, str] = field(default_factory=dict)
    amendment: str | None = None
    closing: str | None = None


K = EventKind
# Which actions an event can be the mark of.
ACTIONS = {
    K.DRAFT_UPDATED: ("update_draft", "import_lines", "add_lines"),
    K.ORDER_SUBMITTED: ("submit_order",),
    K.ORDER_PLACED: ("submit_order", "approve_order"),
    K.ORDER_RETURNED: ("return_order",),
    K.ORDER_WITHDRAWN: ("withdraw_order",),
    K.BUYER_ASKED: ("ask_buyer",),
    K.SUPPLIER_ANSWERED: ("answer_supplier",),
    K.QUOTATION_SENT: ("send_quotation",),
    K.QUOTATION_WITHDRAWN: ("withdraw_quotation",),
    K.ORDER_REJECTED: ("reject_order",),
    K.QUOTATION_COUNTERED: ("counter_quotation",),
    K.QUOTATION_DECLINED: ("decline_quotation",),
    K.QUOTATION_ACCEPTED: ("accept_quotation", "approve_order"),
    K.QUOTATION_EXPIRED: ("expire_quotation",),
    K.CONTRACT_SIGNED: ("sign_contract",),
    K.CONTRACT_REFUSED: ("refuse_contract",),
    K.CONTRACT_LAPSED: ("lapse_contract",),
    K.CONTRACT_CHANGE_PROPOSED: ("propose_change", "propose_short_close"),
    K.CONTRACT_CHANGE_AGREED: ("agree_change",),
    K.CONTRACT_CHANGE_REFUSED: ("refuse_change",),
    K.CONTRACT_CHANGE_WITHDRAWN: ("withdraw_change",),
    K.CONTRACT_CHANGE_LAPSED: ("lapse_change",),
    K.TERMINATION_PROPOSED: ("propose_termination",),
    K.TERMINATION_REFUSED: ("refuse_termination",),
    K.ORDER_TERMINATED: ("agree_termination", "terminate_order"),
    K.ORDER_CANCELLED: ("cancel_order",),
    K.MESSAGE_POSTED: ("post_message",),
    K.TALK_LOGGED: ("log_talk",),
    K.FILE_ATTACHED: ("attach_file",),
    K.FILE_DETACHED: ("detach_file",),
    K.SHIPMENT_DESPATCHED: ("despatch_shipment",),
    K.SHIPMENT_PACKED: ("pack_shipment",),
    K.SHIPMENT_TRACKED: ("record_tracking",),
    K.SHIPMENT_DELAYED: ("note_delay",),
    K.SHIPMENT_RECEIVED: ("receive_shipment", "accept_silently"),
    K.SHIPMENT_CANCELLED: ("cancel_shipment",),
    K.SHIPMENT_INSPECTED: ("receive_shipment",),
    K.RECEIPT_REVERSED: ("reverse_receipt",),
    K.ACCEPTANCE_NEAR: ("warn_of_acceptance",),
    K.SHIPMENT_DISPUTED: ("dispute_shipment",),
    K.SHIPMENT_DISPUTE_CLOSED: ("close_shipment_dispute",),
    K.RETURN_REQUESTED: ("request_return",),
    K.RETURN_APPROVED: ("approve_return",),
    K.RETURN_REJECTED: ("reject_return",),
    K.RETURN_DISPUTED: ("dispute_return",),
    K.RETURN_ARBITRATED: ("arbitrate_return",),
    K.RETURN_SHIPPED_BACK: ("ship_back_return",),
    K.RETURN_TAKEN_BACK: ("take_back_return",),
    K.RETURN_RESOLVED: ("resolve_return",),
    K.RETURN_CANCELLED: ("cancel_return",),
    K.INVOICE_ISSUED: ("issue_invoice",),
    K.INVOICE_ACCEPTED: ("accept_invoice", "accept_matched"),
    K.INVOICE_DISPUTED: ("dispute_invoice",),
    K.CREDIT_NOTE_ISSUED: ("issue_credit_note",),
    K.OFFICIAL_INVOICE_RECORDED: ("record_official_invoice",),
    K.OFFICIAL_INVOICE_VOIDED: ("void_official_invoice",),
    K.PAYMENT_SUBMITTED: ("submit_bank_transfer", "submit_cheque"),
    K.PAYMENT_REJECTED: ("reject_transfer",),
    K.FUNDS_CONFIRMED: ("confirm_funds", "confirm_silently"),
    K.PAYMENT_DUE_SOON: ("warn_of_payment",),
    K.PAYMENT_OVERDUE: ("note_overdue",),
    K.PAYMENT_STARTED: ("start_payment",),
    K.PAYMENT_READY: ("start_payment",),
    K.PAYMENT_PAID: ("apply_news",),
    K.PAYMENT_CLOSED: ("apply_news",),
    K.REFUND_DUE: ("apply_news",),
    K.REFUND_REQUESTED: ("refund_payment",),
    K.REFUND_FAILED: ("apply_news",),
    K.PAYMENT_REFUNDED: ("apply_news",),
    K.CHEQUE_BOUNCED: ("bounce_cheque",),
    K.CREDIT_APPLIED: ("apply_credit",),
    K.CREDIT_USED: ("apply_credit",),
    K.REFUND_SENT: ("send_refund",),
    K.REFUND_RECEIVED: ("confirm_refund",),
    K.REFUND_MISSED: ("reject_refund",),
    K.ORDER_SETTLED: ("apply_news",),
}


def told(events: Iterable[Event]) -> Told:
    """The order that these events leave behind; AssertionError where one of them is a step the table does not have."""
    order = Told()
    for event in events:
        _check_step(order, event)
        after = OrderStatus(str(event.body["status"]))
        if after is not order.status:
            order.status, order.turn = after, TURN.get(after)
        if event.kind in _FOLLOW:
            _FOLLOW[event.kind](order, event)
    return order


def _check_step(order: Told, event: Event) -> None:
    if event.kind is K.ORDER_CREATED:
        assert order.status is None
        return
    rows = [step for step in STEPS if step.source == order.status and step.action in ACTIONS[event.kind]]
    after = OrderStatus(str(event.body["status"]))
    assert any(after in step.targets for step in rows), f"{event.kind} leads from {order.status} to {after}"


def _asked(order: Told, event: Event) -> None:
    order.turn = Side.BUYER if event.kind is K.BUYER_ASKED else Side.SUPPLIER


def _quoted(order: Told, event: Event) -> None:
    if QuotationStatus.WITHDRAWN not in list(order.quotations.values())[-1:]:
        _last(order.quotations, QuotationStatus.SUPERSEDED)
    order.quotations[str(event.body["quotationId"])] = QuotationStatus.SENT


def _withdrawn(order: Told, event: Event) -> None:
    order.quotations[str(event.body["quotationId"])] = QuotationStatus.WITHDRAWN


def _accepted(order: Told, event: Event) -> None:
    order.quotations[str(event.body["quotationId"])] = QuotationStatus.ACCEPTED
    order.contracts[str(event.body["contractId"])] = ContractStatus.DRAFT


def _signed(order: Told, event: Event) -> None:
    contract = str(event.body["contractId"])
    if order.contracts[contract] == ContractStatus.DRAFT:
        order.contracts[contract] = ContractStatus.PARTIALLY_SIGNED
        order.turn = Side.SUPPLIER if event.body["side"] == Side.BUYER else Side.BUYER
    else:
        for other, status in order.contracts.items():
            if status == ContractStatus.EFFECTIVE:
                order.contracts[other] = ContractStatus.SUPERSEDED
        order.contracts[contract] = ContractStatus.EFFECTIVE
        order.amendment = order.turn = None


def _amended(order: Told, event: Event) -> None:
    proposed = event.kind in (K.CONTRACT_CHANGE_PROPOSED, K.TERMINATION_PROPOSED)
    if event.kind is K.CONTRACT_CHANGE_PROPOSED:
        order.contracts[str(event.body["contractId"])] = ContractStatus.DRAFT
    order.amendment, order.turn = _AMENDMENTS[event.kind], _other(event) if proposed else None


def _other(event: Event) -> Side:
    """The side that has to answer: the buyer's company is the first of the readers."""
    return Side.SUPPLIER if event.actor_company_id == event.readers[0] else Side.BUYER


def _dropped(order: Told) -> None:
    """What is proposed is off the table."""
    for contract, status in order.contracts.items():
        if status in (ContractStatus.DRAFT, ContractStatus.PARTIALLY_SIGNED):
            order.contracts[contract] = ContractStatus.VOID
    order.amendment = order.turn = None


def _stood(order: Told, event: Event) -> None:
    _dropped(order)


def _terminated(order: Told, event: Event) -> None:
    _dropped(order)
    order.contracts[str(event.body["contractId"])] = ContractStatus.TERMINATED
    order.closing = "TERMINATED"


def _delivered(order: Told, event: Event) -> None:
    shipment = str(event.body["shipmentId"])
    if order.status is OrderStatus.COMPLETED and event.kind is K.SHIPMENT_RECEIVED:
        _dropped(order)
    if event.kind is not K.SHIPMENT_TRACKED:
        order.shipments[shipment] = event.kind.removeprefix("SHIPMENT_")
        return
    sighting = Sighting(str(event.body["eventId"]), TrackingCode(str(event.body["code"])), event.occurred_at)
    order.shipments[shipment] = status_after(ShipmentStatus(order.shipments[shipment]), sighting, None)


def _at_the_place(order: Told, event: Event) -> None:
    order.shipments[str(event.body["shipmentId"])] = ShipmentStatus.ARRIVED


def _returned(order: Told, event: Event) -> None:
    status = event.body.get("decision") or event.kind.removeprefix("RETURN_")
    order.returns[str(event.body["returnId"])] = str(status)
    for invoice in _listed(event, "creditedInvoiceIds"):
        order.invoices[invoice] = InvoiceStatus.CREDITED


def _billed(order: Told, event: Event) -> None:
    order.invoices[str(event.body["invoiceId"])] = event.kind.removeprefix("INVOICE_")


def _listed(event: Event, key: str) -> list[str]:
    named = event.body.get(key, [])
    return named if isinstance(named, list) else []


def _credited(order: Told, event: Event) -> None:
    order.invoices[str(event.body["invoiceId"])] = str(event.body["invoiceStatus"])


def _paid(order: Told, event: Event) -> None:
    statuses = {
        K.PAYMENT_SUBMITTED: PaymentStatus.PROOF_SUBMITTED,
        K.PAYMENT_REJECTED: PaymentStatus.FAILED,
        K.CHEQUE_BOUNCED: PaymentStatus.BOUNCED,
    }
    known = event.body.get("paymentStatus") or statuses.get(event.kind, PaymentStatus.FUNDS_CONFIRMED)
    order.payments[str(event.body["paymentId"])] = str(known)


def _refunded(order: Told, event: Event) -> None:
    order.refunds[str(event.body["refundId"])] = event.kind.removeprefix("REFUND_")


def _ended(order: Told, event: Event) -> None:
    status, closing = _ENDS[event.kind]
    if status is not None:
        _last(order.quotations, status, only=QuotationStatus.SENT)
    for contract, reached in order.contracts.items():
        if reached in (ContractStatus.DRAFT, ContractStatus.PARTIALLY_SIGNED):
            order.contracts[contract] = ContractStatus.VOID
    order.closing = closing or str(event.body["reason"])


def _refused(order: Told, event: Event) -> None:
    order.contracts[str(event.body["contractId"])] = ContractStatus.VOID


def _last(documents: dict[str, str], status: str, only: str | None = None) -> None:
    newest = next(reversed(documents), None)
    if newest is not None and only in (None, documents[newest]):
        documents[newest] = status


# What an event makes of the last quotation, if it is still open, and why it closes the order.
_ENDS = {
    K.ORDER_REJECTED: (QuotationStatus.WITHDRAWN, None),
    K.ORDER_CANCELLED: (QuotationStatus.DECLINED, "CANCELLED"),
    K.QUOTATION_DECLINED: (QuotationStatus.DECLINED, "DECLINED"),
    K.QUOTATION_EXPIRED: (QuotationStatus.EXPIRED, "QUOTATION_EXPIRED"),
    K.CONTRACT_LAPSED: (None, "SIGNATURE_OVERDUE"),
}
_AMENDMENTS = {
    K.CONTRACT_CHANGE_PROPOSED: Amendment.CHANGE_PROPOSED,
    K.CONTRACT_CHANGE_AGREED: Amendment.CHANGE_AGREED,
    K.TERMINATION_PROPOSED: Amendment.TERMINATION_PROPOSED,
}
_STANDING = (
    K.CONTRACT_CHANGE_REFUSED,
    K.CONTRACT_CHANGE_WITHDRAWN,
    K.CONTRACT_CHANGE_LAPSED,
    K.TERMINATION_REFUSED,
)
# What an event does to turns and documents; what is not named does nothing to them.
_FOLLOW: dict[EventKind, Callable[[Told, Event], None]] = {
    K.BUYER_ASKED: _asked,
    K.SUPPLIER_ANSWERED: _asked,
    K.QUOTATION_SENT: _quoted,
    K.QUOTATION_WITHDRAWN: _withdrawn,
    K.QUOTATION_ACCEPTED: _accepted,
    K.CONTRACT_SIGNED: _signed,
    K.CONTRACT_REFUSED: _refused,
    **dict.fromkeys((K.SHIPMENT_DESPATCHED, K.SHIPMENT_TRACKED, K.SHIPMENT_RECEIVED, K.SHIPMENT_CANCELLED), _delivered),
    **dict.fromkeys((K.SHIPMENT_INSPECTED, K.RECEIPT_REVERSED), _at_the_place),
    **dict.fromkeys((kind for kind in K if kind.startswith("RETURN_")), _returned),
    **dict.fromkeys((K.INVOICE_ISSUED, K.INVOICE_ACCEPTED, K.INVOICE_DISPUTED), _billed),
    K.CREDIT_NOTE_ISSUED: _credited,
    **dict.fromkeys((K.PAYMENT_SUBMITTED, K.PAYMENT_REJECTED, K.FUNDS_CONFIRMED), _paid),
    **dict.fromkeys((K.CHEQUE_BOUNCED, K.CREDIT_APPLIED), _paid),
    **dict.fromkeys((K.PAYMENT_STARTED, K.PAYMENT_READY, K.PAYMENT_PAID, K.PAYMENT_CLOSED, K.PAYMENT_REFUNDED), _paid),
    **dict.fromkeys((K.REFUND_DUE, K.REFUND_REQUESTED, K.REFUND_FAILED), _paid),
    **dict.fromkeys((K.REFUND_SENT, K.REFUND_RECEIVED, K.REFUND_MISSED), _refunded),
    **dict.fromkeys(_ENDS, _ended),
    **dict.fromkeys(_AMENDMENTS, _amended),
    **dict.fromkeys(_STANDING, _stood),
    K.ORDER_TERMINATED: _terminated,
}


async def stored(order_id: UUID) -> Told:
    """The same order as the tables have it."""
    order = await Order.get(id=order_id)

    async def statuses(model: Any) -> dict[str, str]:
        # A fulfilled contract is an effective one of an order that is settled.
        rows = await model.filter(order_id=order_id).order_by("id")
        return {str(row.id): row.status.replace(ContractStatus.FULFILLED, ContractStatus.EFFECTIVE) for row in rows}

    return Told(
        status=order.status,
        turn=order.turn,
        quotations=await statuses(Quotation),
        contracts=await statuses(Contract),
        shipments=await statuses(Shipment),
        returns=await statuses(ReturnRequest),
        invoices=await statuses(Invoice),
        payments=await statuses(Payment),
        refunds=await statuses(Refund),
        amendment=order.amendment,
        closing=order.closing_reason,
    )
