"""The codes of quotations as the schema shows them."""

from resolvers.enums import described
from rules.money import RoundingMode, TaxInclusion, TaxLevel
from rules.terms import Incoterm, PartialAcceptance, QuotationStatus

described(
    QuotationStatus,
    "QuotationStatus",
    "What became of a quotation; expect new ones.",
    {
        "SENT": "Open for the buyer's answer.",
        "ACCEPTED": "The buyer took it.",
        "DECLINED": "The buyer ended the order without it.",
        "WITHDRAWN": "The supplier took it back, or rejected the order after it.",
        "SUPERSEDED": "A newer revision replaced it.",
        "EXPIRED": "Its validity ended unanswered.",
    },
)
described(
    RoundingMode,
    "RoundingMode",
    "How a document rounds to the currency's smallest unit; frozen in the quotation.",
    {
        "HALF_UP": "A half is rounded away from zero.",
        "HALF_EVEN": "A half is rounded to the even neighbour.",
        "DOWN": "Towards zero.",
        "UP": "Away from zero.",
    },
)
described(
    TaxLevel,
    "TaxLevel",
    "Where tax is rounded; frozen in the quotation.",
    {"LINE": "On each line.", "DOCUMENT": "Once for each rate on the document, then spread over its lines."},
)
described(
    TaxInclusion,
    "TaxInclusion",
    "How prices are stated: those of goods, freight, allowances and charges alike; `net` and `tax` are apart either way.",
    {
        "EXCLUSIVE": "Without tax (未税价): tax comes on top.",
        "INCLUSIVE": "With tax (含税价): what is paid is quantity times price, and the tax in it is taken out of that.",
    },
)
described(
    Incoterm,
    "Incoterm",
    "Incoterms 2020 delivery terms.",
    {
        "EXW": "Ex works.",
        "FCA": "Free carrier.",
        "CPT": "Carriage paid to.",
        "CIP": "Carriage and insurance paid to.",
        "DAP": "Delivered at place.",
        "DPU": "Delivered at place unloaded.",
        "DDP": "Delivered duty paid.",
        "FAS": "Free alongside ship.",
        "FOB": "Free on board.",
        "CFR": "Cost and freight.",
        "CIF": "Cost, insurance and freight.",
    },
)
described(
    PartialAcceptance,
    "PartialAcceptance",
    "Whether a buyer may accept a part of a quotation.",
    {"ALLOWED": "Some lines and smaller quantities as well.", "WHOLE_ONLY": "All of it or nothing."},
)
