"""What the schema says of how stock is kept, and of what happens to it."""

from resolvers.enums import described
from rules.availability import Availability
from rules.stock import StockCount, StockMovement, StockPolicy

described(
    Availability,
    "Availability",
    "Whether an order of a product could leave at once; how much there is, only its supplier sees.",
    {
        "IN_STOCK": "There is plenty.",
        "LOW": "There is enough for a few of the smallest orders.",
        "OUT": "There is not enough for the smallest order.",
        "MADE_TO_ORDER": "It is made when it is ordered; the lead time says how long that takes.",
    },
)
described(
    StockPolicy,
    "StockPolicy",
    "From which step of an order on its goods are kept for it, and whether more may be promised than lies there; expect new ones.",
    {policy.name: policy.meaning for policy in StockPolicy},
)
described(
    StockMovement,
    "StockMovement",
    "What happened to a product in a warehouse; expect new ones.",
    {
        "OPENING": "What there was when the ledger began.",
        "RECEIVED": "Goods came in.",
        "ADJUSTED": "Somebody counted, or took it out of stock.",
        "RESERVED": "Some is kept for an order.",
        "RELEASED": "Less is kept for an order.",
        "DESPATCHED": "Goods left with a shipment, and are no longer kept.",
        "PUT_BACK": "A shipment was cancelled before it left.",
        "RETURNED": "Returned goods are on the shelf again.",
        "TRANSFERRED": "Goods went to another warehouse, or came from one.",
    },
)
described(
    StockCount,
    "StockCount",
    "Why somebody changes what lies in a warehouse; expect new ones.",
    {"RECEIVED": "Goods came in.", "ADJUSTED": "It was counted, or something was broken, lost or found."},
)
