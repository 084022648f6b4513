"""What the schema says of how a day's comparison with a provider's statement stands."""

from resolvers.enums import described
from rules.reconciliation import AlteredFact, DifferenceKind, EntryKind, ReconciliationStatus

described(
    ReconciliationStatus,
    "ReconciliationStatus",
    "How far the comparison of a day with a provider's statement is; expect new ones.",
    {
        "WAITING": "The provider has no statement of the day yet, or did not answer; it is asked again.",
        "UNREADABLE": "What it gave is not whole, or not what it documents; it is asked again.",
        "RECONCILED": "Both agree, or each difference was resolved.",
        "DIFFERS": "Differences are open.",
    },
)
described(
    DifferenceKind,
    "ReconciliationDifferenceKind",
    "How a provider's statement and our ledger disagree; expect new ones.",
    {
        "MISSING": "Our ledger has it, the statement has not.",
        "UNKNOWN": "The statement has it, we know nothing of it.",
        "ALTERED": "Both have it, and not the same.",
        "DOUBLED": "The statement has it more than once, or another day's statement had it already.",
    },
)
described(
    AlteredFact,
    "ReconciliationFact",
    "What of an entry differs; expect new ones.",
    {
        "AMOUNT": "The amount.",
        "STATE": "Whether it came through.",
        "TRANSACTION": "The provider's number of it.",
        "FEE": "The fee: another one than was posted, or more than the amount.",
    },
)
described(
    EntryKind,
    "StatementEntryKind",
    "Which way money went; expect new ones.",
    {"PAYMENT": "It came in.", "REFUND": "It went back."},
)
