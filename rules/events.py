"""What can happen, in the past tense: each kind once, with the stream it belongs to and the roles that may read it."""

from dataclasses import dataclass
from enum import StrEnum

from rules.people import Role, Scope

R = Role


class Topic(StrEnum):
    """Which stream an event belongs to: an order's is read by both parties, the others by their own company."""

    ORDER = "ORDER"
    APPROVAL = "APPROVAL"
    COMPANY = "COMPANY"
    ENQUIRY = "ENQUIRY"


class EventKind(StrEnum):
    """What happened."""

    ORDER_CREATED = "ORDER_CREATED"
    DRAFT_UPDATED = "DRAFT_UPDATED"
    ORDER_SUBMITTED = "ORDER_SUBMITTED"
    ORDER_RETURNED = "ORDER_RETURNED"
    ORDER_WITHDRAWN = "ORDER_WITHDRAWN"
    ORDER_PLACED = "ORDER_PLACED"
    BUYER_ASKED = "BUYER_ASKED"
    SUPPLIER_ANSWERED = "SUPPLIER_ANSWERED"
    QUOTATION_SENT = "QUOTATION_SENT"
    QUOTATION_WITHDRAWN = "QUOTATION_WITHDRAWN"
    ORDER_REJECTED = "ORDER_REJECTED"
    QUOTATION_COUNTERED = "QUOTATION_COUNTERED"
    QUOTATION_DECLINED = "QUOTATION_DECLINED"
    QUOTATION_ACCEPTED = "QUOTATION_ACCEPTED"
    QUOTATION_EXPIRED = "QUOTATION_EXPIRED"
    CONTRACT_SIGNED = "CONTRACT_SIGNED"
    CONTRACT_REFUSED = "CONTRACT_REFUSED"
    CONTRACT_LAPSED = "CONTRACT_LAPSED"
    ORDER_CANCELLED = "ORDER_CANCELLED"
    DEADLINE_EXTENDED = "DEADLINE_EXTENDED"
    MESSAGE_POSTED = "MESSAGE_POSTED"
    TALK_LOGGED = "TALK_LOGGED"
    FILE_ATTACHED = "FILE_ATTACHED"
    FILE_DETACHED = "FILE_DETACHED"
    SHIPMENT_DESPATCHED = "SHIPMENT_DESPATCHED"
    SHIPMENT_TRACKED = "SHIPMENT_TRACKED"
    SHIPMENT_RECEIVED = "SHIPMENT_RECEIVED"
    INVOICE_ISSUED = "INVOICE_ISSUED"
    INVOICE_ACCEPTED = "INVOICE_ACCEPTED"
    INVOICE_DISPUTED = "INVOICE_DISPUTED"
    PAYMENT_SUBMITTED = "PAYMENT_SUBMITTED"
    PAYMENT_REJECTED = "PAYMENT_REJECTED"
    FUNDS_CONFIRMED = "FUNDS_CONFIRMED"
    APPROVAL_REQUESTED = "APPROVAL_REQUESTED"
    APPROVAL_VOTED = "APPROVAL_VOTED"
    APPROVAL_DECIDED = "APPROVAL_DECIDED"
    APPROVAL_RULE_CHANGED = "APPROVAL_RULE_CHANGED"
    COMPANY_REGISTERED = "COMPANY_REGISTERED"
    COMPANY_REVIEWED = "COMPANY_REVIEWED"
    COMPANY_CHANGED = "COMPANY_CHANGED"
    ENQUIRY_CREATED = "ENQUIRY_CREATED"
    ENQUIRY_UPDATED = "ENQUIRY_UPDATED"
    ENQUIRY_ISSUED = "ENQUIRY_ISSUED"
    SUPPLIER_INVITED = "SUPPLIER_INVITED"
    INVITATION_WITHDRAWN = "INVITATION_WITHDRAWN"
    ENQUIRY_EXTENDED = "ENQUIRY_EXTENDED"
    ENQUIRY_CLOSED = "ENQUIRY_CLOSED"
    ENQUIRY_AWARDED = "ENQUIRY_AWARDED"
    ENQUIRY_CANCELLED = "ENQUIRY_CANCELLED"


@dataclass(frozen=True)
class Reading:
    """Who of a company that may read the stream may read this kind; no roles: every member."""

    topic: Topic
    roles: frozenset[Role] = frozenset()
    scope: Scope = Scope.READ


_APPROVALS = Reading(Topic.APPROVAL, frozenset({R.ADMIN, R.REQUESTER, R.APPROVER, R.FINANCE}))
_COMPANY = Reading(Topic.COMPANY, frozenset({R.ADMIN, R.OPERATOR, R.AUDITOR}))
_ENQUIRY = Reading(Topic.ENQUIRY)
_ORDER = Reading(Topic.ORDER)

READING = dict.fromkeys(EventKind, _ORDER) | {
    EventKind.APPROVAL_REQUESTED: _APPROVALS,
    EventKind.APPROVAL_VOTED: _APPROVALS,
    EventKind.APPROVAL_DECIDED: _APPROVALS,
    EventKind.APPROVAL_RULE_CHANGED: _APPROVALS,
    EventKind.COMPANY_REGISTERED: _COMPANY,
    EventKind.COMPANY_REVIEWED: _COMPANY,
    EventKind.COMPANY_CHANGED: _COMPANY,
    EventKind.ENQUIRY_CREATED: _ENQUIRY,
    EventKind.ENQUIRY_UPDATED: _ENQUIRY,
    EventKind.ENQUIRY_ISSUED: _ENQUIRY,
    EventKind.SUPPLIER_INVITED: _ENQUIRY,
    EventKind.INVITATION_WITHDRAWN: _ENQUIRY,
    EventKind.ENQUIRY_EXTENDED: _ENQUIRY,
    EventKind.ENQUIRY_CLOSED: _ENQUIRY,
    EventKind.ENQUIRY_AWARDED: _ENQUIRY,
    EventKind.ENQUIRY_CANCELLED: _ENQUIRY,
}


def may_read(kind: EventKind, roles: frozenset[Role], scopes: frozenset[Scope] | None) -> bool:
    """Whether a member with these roles, or a key with these scopes, may read the kind in a stream open to its company."""
    reading = READING[kind]
    if scopes is not None:
        return reading.scope in scopes and not reading.roles
    return not reading.roles or bool(reading.roles & roles)
