"""What is stored of an order, taken as one fingerprint, and what its events alone say it should be."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models import Contract, Event, Invoice, Order, Payment, Quotation, Shipment
from models.database import pool
from rules.contract import ContractStatus
from rules.events import EventKind
from rules.lifecycle import STEPS, TURN, OrderStatus, Side
from rules.shipping import ShipmentStatus, Sighting, TrackingCode, status_after
from rules.terms import QuotationStatus

ROOT = "purchase_order"
APART = ("event", "feed_entry")
"""Tables that tell of a change and are none."""

CHILDREN = """
SELECT child.relname AS child, parent.relname AS parent, attribute.attname AS column
FROM pg_constraint link
JOIN pg_class child ON child.oid = link.conrelid
JOIN pg_class parent ON parent.oid = link.confrelid
JOIN pg_attribute attribute ON attribute.attrelid = link.conrelid AND attribute.attnum = link.conkey[1]
WHERE link.contype = 'f'
ORDER BY child.relname, attribute.attname
"""


@dataclass(frozen=True)
class Look:
    """An order at one moment: every row that belongs to it, as one fingerprint, and how many events tell of it."""

    rows: str
    events: int


async def looker() -> Callable[[UUID], Awaitable[Look]]:
    """A function that looks at an order: its rows in whatever table, but for mere counters; its own events and its approvals'."""
    selections = {ROOT: "SELECT id FROM purchase_order WHERE id = $1"}
    links = await pool().fetch(CHILDREN)
    while more := {
        link["child"]: f"SELECT id FROM {link['child']} WHERE {link['column']} IN ({selections[link['parent']]})"
        for link in links
        if link["parent"] in selections and link["child"] not in {*selections, *APART}
    }:
        selections |= more
    rows = " UNION ALL ".join(
        f"SELECT '{table}' || (to_jsonb(t) - '{{version,updated_at}}'::text[])::text AS kept "
        f"FROM {table} t WHERE id IN ({ids})"
        for table, ids in selections.items()
    )
    events = "SELECT count(*) FROM event WHERE stream = $1 OR body ->> 'orderId' = $1::text"
    query = f"SELECT md5(string_agg(kept, '|' ORDER BY kept)) AS rows, ({events}) AS events FROM ({rows}) AS everything"

    async def look(order_id: UUID) -> Look:
        found = await pool().fetchrow(query, order_id)
        return Look(**dict(found or {}))

    return look


@dataclass
class Told:
    """An order as its events tell it."""

    status: OrderStatus | None = None
    turn: Side | None = None
    quotations: dict[str, str] = field(default_factory=dict)
    contracts: dict[str, str] = field(default_factory=dict)
    shipments: dict[str, str] = field(default_factory=dict)
    invoices: dict[str, str] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)
    closing: str | None = None


K = EventKind
# Which actions an event can be the mark of.
ACTIONS = {
    K.DRAFT_UPDATED: ("update_draft",),
    K.ORDER_SUBMITTED: ("submit_order",),
    K.ORDER_PLACED: ("submit_order", "approve_order"),
    K.ORDER_RETURNED: ("return_order",),
    K.ORDER_WITHDRAWN: ("withdraw_order",),
    K.BUYER_ASKED: ("ask_buyer",),
    K.SUPPLIER_ANSWERED: ("answer_supplier",),
    K.QUOTATION_SENT: ("send_quotation",),
    K.ORDER_REJECTED: ("reject_order",),
    K.QUOTATION_COUNTERED: ("counter_quotation",),
    K.QUOTATION_DECLINED: ("decline_quotation",),
    K.QUOTATION_ACCEPTED: ("accept_quotation", "approve_order"),
    K.QUOTATION_EXPIRED: ("expire_quotation",),
    K.CONTRACT_SIGNED: ("sign_contract",),
    K.CONTRACT_REFUSED: ("refuse_contract",),
    K.CONTRACT_LAPSED: ("lapse_contract",),
    K.ORDER_CANCELLED: ("cancel_order",),
    K.MESSAGE_POSTED: ("post_message",),
    K.TALK_LOGGED: ("log_talk",),
    K.SHIPMENT_DESPATCHED: ("despatch_shipment",),
    K.SHIPMENT_TRACKED: ("record_tracking",),
    K.SHIPMENT_RECEIVED: ("receive_shipment", "accept_silently"),
    K.INVOICE_ISSUED: ("issue_invoice",),
    K.INVOICE_ACCEPTED: ("accept_invoice",),
    K.INVOICE_DISPUTED: ("dispute_invoice",),
    K.PAYMENT_SUBMITTED: ("submit_bank_transfer",),
    K.PAYMENT_REJECTED: ("reject_transfer",),
    K.FUNDS_CONFIRMED: ("confirm_funds",),
}


def told(events: Iterable[Event]) -> Told:
    """The order that these events leave behind; AssertionError where one of them is a step the table does not have."""
    order = Told()
    for event in events:
        _check_step(order, event)
        after = OrderStatus(str(event.body["status"]))
        if after is not order.status:
            order.status, order.turn = after, TURN.get(after)
        _follow(order, event)
    return order


def _check_step(order: Told, event: Event) -> None:
    if event.kind is K.ORDER_CREATED:
        assert order.status is None
        return
    rows = [step for step in STEPS if step.source == order.status and step.action in ACTIONS[event.kind]]
    after = OrderStatus(str(event.body["status"]))
    assert any(after in step.targets for step in rows), f"{event.kind} leads from {order.status} to {after}"


def _follow(order: Told, event: Event) -> None:
    """What the event says of turns and documents."""
    body = event.body
    match event.kind:
        case K.BUYER_ASKED:
            order.turn = Side.BUYER
        case K.SUPPLIER_ANSWERED:
            order.turn = Side.SUPPLIER
        case K.QUOTATION_SENT:
            _last(order.quotations, QuotationStatus.SUPERSEDED)
            order.quotations[str(body["quotationId"])] = QuotationStatus.SENT
        case K.QUOTATION_ACCEPTED:
            order.quotations[str(body["quotationId"])] = QuotationStatus.ACCEPTED
            order.contracts[str(body["contractId"])] = ContractStatus.DRAFT
        case K.CONTRACT_SIGNED:
            _signed(order, body)
        case K.SHIPMENT_DESPATCHED | K.SHIPMENT_TRACKED | K.SHIPMENT_RECEIVED:
            _delivered(order, event)
        case K.INVOICE_ISSUED | K.INVOICE_ACCEPTED | K.INVOICE_DISPUTED:
            order.invoices[str(body["invoiceId"])] = event.kind.removeprefix("INVOICE_")
        case K.PAYMENT_SUBMITTED | K.PAYMENT_REJECTED | K.FUNDS_CONFIRMED:
            order.payments[str(body["paymentId"])] = _PAID[event.kind]
        case _:
            _end(order, event)


_PAID = {K.PAYMENT_SUBMITTED: "PROOF_SUBMITTED", K.PAYMENT_REJECTED: "FAILED", K.FUNDS_CONFIRMED: "FUNDS_CONFIRMED"}
# What an event makes of the last quotation, if it is still open, and why it closes the order.
_ENDS = {
    K.ORDER_REJECTED: (QuotationStatus.WITHDRAWN, None),
    K.ORDER_CANCELLED: (QuotationStatus.DECLINED, "CANCELLED"),
    K.QUOTATION_DECLINED: (QuotationStatus.DECLINED, "DECLINED"),
    K.QUOTATION_EXPIRED: (QuotationStatus.EXPIRED, "QUOTATION_EXPIRED"),
    K.CONTRACT_LAPSED: (None, "SIGNATURE_OVERDUE"),
    K.CONTRACT_REFUSED: (None, None),
}


def _end(order: Told, event: Event) -> None:
    if event.kind not in _ENDS:
        return
    status, closing = _ENDS[event.kind]
    if status is not None and order.quotations:
        _last(order.quotations, status, only=QuotationStatus.SENT)
    for contract, reached in order.contracts.items():
        if reached in (ContractStatus.DRAFT, ContractStatus.PARTIALLY_SIGNED):
            order.contracts[contract] = ContractStatus.VOID
    if event.kind is not K.CONTRACT_REFUSED:
        order.closing = closing or str(event.body["reason"])


def _signed(order: Told, body: Mapping[str, Any]) -> None:
    contract = str(body["contractId"])
    if order.contracts[contract] == ContractStatus.DRAFT:
        order.contracts[contract] = ContractStatus.PARTIALLY_SIGNED
        order.turn = Side.SUPPLIER if body["side"] == Side.BUYER else Side.BUYER
    else:
        order.contracts[contract] = ContractStatus.EFFECTIVE


def _delivered(order: Told, event: Event) -> None:
    shipment = str(event.body["shipmentId"])
    if event.kind is not K.SHIPMENT_TRACKED:
        order.shipments[shipment] = event.kind.removeprefix("SHIPMENT_")
        return
    sighting = Sighting(str(event.body["eventId"]), TrackingCode(str(event.body["code"])), event.occurred_at)
    order.shipments[shipment] = status_after(ShipmentStatus(order.shipments[shipment]), sighting, None)


def _last(documents: dict[str, str], status: str, only: str | None = None) -> None:
    if documents and only in (None, documents[last := list(documents)[-1]]):
        documents[list(documents)[-1]] = status


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
        invoices=await statuses(Invoice),
        payments=await statuses(Payment),
        closing=order.closing_reason,
    )
