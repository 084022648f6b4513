"""What differs between two offers, field by field: a quotation and the counter-offer to it, or two revisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from rules.quantity import plain


class OfferField(StrEnum):
    """What of an offer can differ."""

    QUANTITY = "QUANTITY"
    UNIT_PRICE = "UNIT_PRICE"
    TAX_RATE = "TAX_RATE"
    PROMISED_ON = "PROMISED_ON"
    QUALITY = "QUALITY"
    OVER_DELIVERY_TOLERANCE = "OVER_DELIVERY_TOLERANCE"
    FREIGHT = "FREIGHT"
    FREIGHT_TAX_RATE = "FREIGHT_TAX_RATE"
    ALLOWANCES = "ALLOWANCES"
    TAX_INCLUSION = "TAX_INCLUSION"
    PREPAID_SHARE = "PREPAID_SHARE"
    PAYMENT_NET_DAYS = "PAYMENT_NET_DAYS"
    PAYMENT_MOMENT = "PAYMENT_MOMENT"
    INSPECTION_DAYS = "INSPECTION_DAYS"
    WARRANTY_DAYS = "WARRANTY_DAYS"
    INCOTERM = "INCOTERM"
    INCOTERM_PLACE = "INCOTERM_PLACE"
    PARTIAL_ACCEPTANCE = "PARTIAL_ACCEPTANCE"
    VALID_UNTIL = "VALID_UNTIL"
    REMARK = "REMARK"
    TOTAL = "TOTAL"


Value = Decimal | int | date | str | None
Fields = Mapping[OfferField, Value]


@dataclass(frozen=True)
class Difference:
    """One field of a line, or of the whole where there is none, in both offers, as they are written."""

    field: OfferField
    line: UUID | None
    before: str | None
    after: str | None


def differences(before: Fields, after: Fields, line: UUID | None = None) -> list[Difference]:
    """The fields named in both that are not equal, in the order of the first: 0.330 is not another price than 0.33."""
    return [
        Difference(field, line, written(value), written(after[field]))
        for field, value in before.items()
        if field in after and value != after[field]
    ]


def wished(fields: Iterable[tuple[OfferField, Value]]) -> Fields:
    """What a counter-offer says of these fields; what it does not name stays as quoted."""
    return {field: value for field, value in fields if value is not None}


def written(value: Value) -> str | None:
    """A value as text: a number without trailing zeros, a date or moment in ISO 8601, a code as it is."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return None if value is None else str(value)
