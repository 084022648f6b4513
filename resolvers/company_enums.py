"""The codes of companies and their people, as the schema shows them."""

from enum import Enum

from resolvers.enums import described
from rules.people import CompanyKind, CompanyStatus, Role, Scope

described(
    CompanyKind,
    "CompanyKind",
    "What a company does on the platform.",
    {
        "BUYER": "It orders.",
        "SUPPLIER": "It quotes and delivers.",
        "TRADER": "It does both.",
        "PLATFORM": "It runs the platform.",
    },
)
described(
    CompanyStatus,
    "CompanyStatus",
    "Whether the operator lets a company in; expect new ones.",
    {
        "APPLIED": "It registered and waits for the operator; its people see themselves and this status, no more.",
        "APPROVED": "It is admitted.",
        "REJECTED": "The operator did not admit it; nobody can sign in for it.",
        "SUSPENDED": "The operator shut it out; nobody can sign in for it.",
    },
)
described(
    Role,
    "Role",
    "What a member does in the company; a member may have several; expect new ones.",
    {
        "ADMIN": "Invites and governs members and API keys, and sets the company up.",
        "REQUESTER": "Drafts and submits orders, answers suppliers, takes or declines quotations.",
        "APPROVER": "Decides on the orders of colleagues, never on their own.",
        "SIGNATORY": "Signs contracts.",
        "WAREHOUSE": "Despatches and receives goods, and keeps the stock.",
        "FINANCE": "Issues, accepts and disputes invoices, pays and confirms money.",
        "SALES": "Quotes, and keeps the catalogue.",
        "VIEWER": "Reads what the company may read.",
        "OPERATOR": "Reviews companies and keeps the categories; of the platform only.",
        "AUDITOR": "Reads what the platform may read; of the platform only.",
    },
)
described(
    Scope,
    "Scope",
    "What an API key may do; approving, signing and confirming money is for people; expect new ones.",
    {
        "READ": "Reads what its company may read.",
        "ORDERS": "Takes a buyer's steps on orders, and writes messages.",
        "QUOTATIONS": "Quotes, asks and rejects.",
        "CATALOGUE": "Keeps products and stock.",
        "SHIPMENTS": "Despatches, tracks and receives.",
        "BILLING": "Issues and accepts invoices, and submits transfers.",
    },
)


class Decision(Enum):
    """A status that a review may lead to."""

    APPROVED = CompanyStatus.APPROVED.value
    REJECTED = CompanyStatus.REJECTED.value


described(
    Decision,
    "ReviewDecision",
    "What the operator decides about a company.",
    {"APPROVED": "It is admitted.", "REJECTED": "It is not admitted."},
)
