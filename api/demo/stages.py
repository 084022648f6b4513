"""How far an order of the demo has come: the condition by which an example finds one that its step fits."""

from collections.abc import Mapping
from typing import Any

from rules.agreement import AgreementStatus
from rules.billing import InvoiceStatus, PaymentStatus, RefundStatus
from rules.lifecycle import Amendment, OrderStatus, Side
from rules.shipping import ShipmentStatus

S, A = OrderStatus, Amendment
MOVING = (ShipmentStatus.DESPATCHED, ShipmentStatus.IN_TRANSIT)
# fmt: off
STAGES: Mapping[str, Mapping[str, Any]] = {
    # named like the story that leads there   what such an order is like
    "drafted":      {"status": S.DRAFT},
    "submitted":    {"status": S.PENDING_APPROVAL},
    "placed":       {"status": S.PENDING_SUPPLIER, "turn": Side.SUPPLIER},
    "asked":        {"status": S.PENDING_SUPPLIER, "turn": Side.BUYER},
    "quoted":       {"status": S.PENDING_BUYER, "approval_pending": False},
    "negotiating":  {"status": S.NEGOTIATING},
    "awarded":      {"status": S.PENDING_SIGNATURE, "turn__isnull": True},
    "half_signed":  {"status": S.PENDING_SIGNATURE, "turn": Side.SUPPLIER},
    "contracted":   {"status": S.CONTRACTED, "shipments__id__isnull": True, "amendment__isnull": True},
    "change_proposed":    {"amendment": A.CHANGE_PROPOSED, "turn": Side.SUPPLIER},
    "change_agreed":      {"amendment": A.CHANGE_AGREED, "turn__isnull": True},
    "change_half_signed": {"amendment": A.CHANGE_AGREED, "turn": Side.SUPPLIER},
    "under_way":    {"status": S.CONTRACTED, "shipments__status__in": MOVING},
    "arrived":      {"status": S.CONTRACTED, "shipments__status": ShipmentStatus.ARRIVED},
    "completed":    {"status": S.COMPLETED, "invoices__id__isnull": True},
    "billed":       {"status": S.COMPLETED, "invoices__status": InvoiceStatus.ISSUED},
    "invoiced":     {"status": S.COMPLETED, "invoices__status": InvoiceStatus.ACCEPTED, "payments__id__isnull": True},
    "paid":         {"status": S.COMPLETED, "payments__status": PaymentStatus.PROOF_SUBMITTED},
    "settled":      {"settled_at__isnull": False},
    "refund_due":   {"status": S.COMPLETED, "credit_notes__id__isnull": False, "settled_at__isnull": True, "refunds__id__isnull": True},
    "refund_sent":  {"refunds__status": RefundStatus.SENT},
}
# fmt: on
# And a framework agreement.
AGREED: Mapping[str, Mapping[str, Any]] = {
    "proposed": {"status": AgreementStatus.PROPOSED},
    "half_signed": {"status": AgreementStatus.PARTIALLY_SIGNED, "turn": Side.SUPPLIER},
}
