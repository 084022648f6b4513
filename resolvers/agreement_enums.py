"""The codes of framework agreements, and of signatures, as the schema shows them."""

from enum import Enum

from resolvers.enums import described
from rules.agreement import BY_PARTIES, AgreementStatus, CoverageGap
from rules.contract import TrustLevel

described(
    AgreementStatus,
    "AgreementStatus",
    "How far a framework agreement has come; expect new ones.",
    {
        "PROPOSED": "Nobody has signed yet.",
        "PARTIALLY_SIGNED": "One side has signed.",
        "ACTIVE": "Both have signed: orders within its limits need no signature.",
        "EXPIRED": "The time to sign, or its last day, is over.",
        "TERMINATED": "One side ended it; orders called off before go on.",
        "REFUSED": "One side took it off the table before both had signed.",
    },
)
described(
    CoverageGap,
    "CoverageGap",
    "What keeps an active framework agreement from standing for the signatures on an order; expect new ones.",
    {
        "OUT_OF_PERIOD": "Today, at the delivery place, is not one of its days.",
        "OTHER_CURRENCY": "The quotation is in another currency.",
        "OTHER_PAYMENT_TERMS": "The quotation is to be paid on other terms.",
        "PRICE_ABOVE_AGREED": "A product costs more than was agreed for so many.",
        "ABOVE_ORDER_LIMIT": "The order comes to more than one order may.",
        "ABOVE_TOTAL_LIMIT": "The order comes to more than is left of the total.",
    },
)
described(
    TrustLevel,
    "TrustLevel",
    "Who vouches for a signer, and in whose hands the key was; expect new ones.",
    {
        "PLATFORM_CA": (
            "This platform's own certificate authority, with a key that was used once, for a member who had just given password and code."
        ),
        "REGISTERED_CERTIFICATE": "The signatory's own certificate, registered before; its key never was here.",
        "EXTERNAL_CA": "An outside certificate authority that the operator trusts; the key never was here.",
    },
)
AgreementAction = Enum("AgreementAction", {name.upper(): name for name in BY_PARTIES}, module=__name__)  # type: ignore[misc]
described(
    AgreementAction,
    "AgreementAction",
    "A step of a framework agreement's life that a mutation of the same name takes; expect new ones.",
    {
        "SIGN_AGREEMENT": "`sign_agreement`, by each side once, until both have.",
        "REFUSE_AGREEMENT": "`refuse_agreement`, by either side, until both have signed.",
        "TERMINATE_AGREEMENT": "`terminate_agreement`, by either side, once both have signed.",
    },
)
