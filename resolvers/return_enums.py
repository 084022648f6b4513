"""The codes of returns as the schema shows them."""

from resolvers.enums import described
from rules.returns import Arbitration, Resolution, ReturnedFrom, ReturnStatus

described(
    ReturnStatus,
    "ReturnStatus",
    "Where a return stands.",
    {
        "REQUESTED": "The supplier has to say whether it takes the goods back.",
        "APPROVED": "The buyer may ship them back.",
        "REJECTED": "The supplier, or the operator, does not allow it; what the supplier rejected may be disputed.",
        "DISPUTED": "The operator decides.",
        "SHIPPED_BACK": "The goods are on their way back.",
        "TAKEN_BACK": "The supplier has looked at them.",
        "RESOLVED": "It is settled what comes of them.",
        "CANCELLED": "The buyer keeps the goods after all.",
    },
)
described(
    Resolution,
    "Resolution",
    "What comes of goods that were taken back.",
    {
        "REFUND": "Their price is credited, and paid back where it was paid already.",
        "REPLACE": "Others are sent in their place, free of charge.",
        "CREDIT": "Their price is credited; where it was paid already it is the buyer's credit.",
        "NO_FAULT": "Nothing: they are as they should be, and the buyer's again.",
    },
)
described(
    ReturnedFrom,
    "ReturnedFrom",
    "Which goods go back.",
    {"ACCEPTED": "Goods that were accepted.", "REJECTED": "Goods that were rejected when they came."},
)
described(
    Arbitration,
    "Arbitration",
    "What the operator decides.",
    {"APPROVED": "The goods go back.", "REJECTED": "They do not; that is the last word."},
)
