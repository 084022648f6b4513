"""Where a counter-offer differs from the quotation it answers, and a revision from the one before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import strawberry

import models
from models.rows import related_rows
from resolvers.context import Context
from resolvers.enums import described
from resolvers.order_lines import OrderLine
from resolvers.words import label
from rules.differences import Difference, Fields, OfferField, differences, wished
from rules.money import TaxInclusion

F = OfferField
described(
    OfferField,
    "OfferField",
    "What of an offer can differ; expect new ones.",
    {
        "QUANTITY": "How many of a line.",
        "UNIT_PRICE": "The price of one unit of a line, as its document states prices.",
        "TAX_RATE": "A line's VAT.",
        "PROMISED_ON": "When a line will be there.",
        "QUALITY": "What is said to a line's quality.",
        "OVER_DELIVERY_TOLERANCE": "By which share more of a line may be delivered.",
        "FREIGHT": "Freight, as its document states prices.",
        "FREIGHT_TAX_RATE": "The VAT on freight.",
        "ALLOWANCES": "What allowances and charges come to, without tax.",
        "TAX_INCLUSION": "Whether prices are stated with tax.",
        "PREPAID_SHARE": "Which share is to be paid before despatch.",
        "PAYMENT_NET_DAYS": "Within how many days the rest is to be paid.",
        "PAYMENT_MOMENT": "From when these days count.",
        "INSPECTION_DAYS": "So many days after arrival silence becomes acceptance.",
        "WARRANTY_DAYS": "So many days after completion claims are heard.",
        "INCOTERM": "Who carries which cost and risk.",
        "INCOTERM_PLACE": "The place that the delivery term names.",
        "PARTIAL_ACCEPTANCE": "Whether a part of it may be accepted.",
        "VALID_UNTIL": "Until when it can be accepted.",
        "REMARK": "What is added in words.",
        "TOTAL": "What is to be paid.",
    },
)


@strawberry.type(description="A field of an offer in which two differ.")
class OfferDifference:
    """A difference, with both values as text: numbers plain, dates and times in ISO 8601, codes as they are."""

    field: OfferField = strawberry.field(description="Which field.")
    label: str = strawberry.field(description="Which field, in the caller's language.")
    order_line: OrderLine | None = strawberry.field(description="Of which line; null for a term of the whole.")


@strawberry.type(description="A field in which a counter-offer differs from the quotation it answers.")
class CounterDifference(OfferDifference):
    """What was quoted and what is wanted."""

    quoted: str | None = strawberry.field(description="What the supplier quoted; null for nothing.")
    wanted: str | None = strawberry.field(description="What the buyer wants instead.")


@strawberry.type(description="A field in which a revision differs from the one before.")
class QuotationChange(OfferDifference):
    """What it was and what it is."""

    before: str | None = strawberry.field(description="What the revision before said; null for nothing.")
    after: str | None = strawberry.field(description="What this revision says; null for nothing.")


async def counter_differences(context: Context, counters: Sequence[Any]) -> list[list[CounterDifference]]:
    """Of each counter-offer: what it asks for that was not quoted, line by line, then the terms."""
    quotations = await _by_id(models.Quotation, (one.quotation_id for one in counters))
    quoted = await _lines_of(models.QuotationLine, "quotation_id", quotations)
    wishes = await _lines_of(models.CounterOfferLine, "counter_offer_id", [one.id for one in counters])
    ordered = await _order_lines(line for lines in wishes.values() for line in lines)
    found = []
    for one in counters:
        lines = {line.order_line_id: _line(line) for line in quoted[one.quotation_id]}
        parts = [
            differences(lines[wish.order_line_id], _wishes(wish), wish.order_line_id)
            for wish in wishes[one.id]
            if wish.order_line_id in lines
        ]
        terms = differences(_terms(quotations[one.quotation_id]), _wanted_terms(one))
        found.append(
            [
                CounterDifference(**_shown(context, each, ordered), quoted=each.before, wanted=each.after)
                for each in [*(one for part in parts for one in part), *terms]
            ]
        )
    return found


async def quotation_changes(context: Context, quotations: Sequence[Any]) -> list[list[QuotationChange]]:
    """Of each revision: what changed since the one before; nothing for the first."""
    siblings = await related_rows(models.Quotation, by="order_id", ids=list({one.order_id for one in quotations}))
    by_place = {(one.order_id, one.revision): one for one in siblings}
    lines = await _lines_of(models.QuotationLine, "quotation_id", [one.id for one in siblings])
    beside = await _lines_of(models.QuotationAllowance, "quotation_id", [one.id for one in siblings])
    ordered = await _order_lines(line for found in lines.values() for line in found)
    found = []
    for one in quotations:
        earlier = by_place.get((one.order_id, one.revision - 1))
        changed = _changed(earlier, one, lines, beside) if earlier else []
        found.append(
            [
                QuotationChange(**_shown(context, each, ordered), before=each.before, after=each.after)
                for each in changed
            ]
        )
    return found


def _changed(earlier: Any, later: Any, lines: dict[Any, list[Any]], beside: dict[Any, list[Any]]) -> list[Difference]:
    before = {line.order_line_id: _line(line) for line in lines[earlier.id]}
    parts = [
        differences(before[line.order_line_id], _line(line), line.order_line_id)
        for line in lines[later.id]
        if line.order_line_id in before
    ]
    whole = differences(_whole(earlier, beside), _whole(later, beside))
    return [*(each for part in parts for each in part), *whole]


def _line(row: Any) -> Fields:
    return {
        F.QUANTITY: row.quantity,
        F.UNIT_PRICE: row.unit_price,
        F.TAX_RATE: row.tax_rate,
        F.PROMISED_ON: row.promised_on,
        F.QUALITY: row.quality_remark,
        F.OVER_DELIVERY_TOLERANCE: row.over_delivery_tolerance,
    }


def _wishes(row: Any) -> Fields:
    return wished(
        (
            (F.QUANTITY, row.quantity),
            (F.UNIT_PRICE, row.unit_price),
            (F.PROMISED_ON, row.promised_on),
            (F.QUALITY, row.quality_requirement),
        )
    )


def _terms(row: Any) -> Fields:
    return {
        F.FREIGHT: TaxInclusion(row.tax_inclusion).stated(row.freight, row.freight_tax),
        F.TAX_INCLUSION: row.tax_inclusion,
        F.FREIGHT_TAX_RATE: row.freight_tax_rate,
        F.PREPAID_SHARE: row.prepaid_share,
        F.PAYMENT_NET_DAYS: row.payment_net_days,
        F.PAYMENT_MOMENT: row.payment_moment,
        F.INSPECTION_DAYS: row.inspection_days,
        F.WARRANTY_DAYS: row.warranty_days,
        F.INCOTERM: row.incoterm,
        F.INCOTERM_PLACE: row.incoterm_place,
        F.PARTIAL_ACCEPTANCE: row.partial_acceptance,
        F.VALID_UNTIL: row.valid_until,
        F.REMARK: row.remark,
    }


def _whole(row: Any, beside: dict[Any, list[Any]]) -> Fields:
    return {**_terms(row), F.ALLOWANCES: sum(part.net for part in beside[row.id]), F.TOTAL: row.total}


def _wanted_terms(row: Any) -> Fields:
    return wished(
        (
            (F.FREIGHT, row.freight),
            (F.PREPAID_SHARE, row.prepaid_share),
            (F.PAYMENT_NET_DAYS, row.payment_net_days),
            (F.PAYMENT_MOMENT, row.payment_moment),
            (F.INSPECTION_DAYS, row.inspection_days),
            (F.WARRANTY_DAYS, row.warranty_days),
            (F.VALID_UNTIL, row.valid_until),
        )
    )


def _shown(context: Context, each: Difference, ordered: dict[Any, Any]) -> dict[str, Any]:
    return {
        "field": each.field,
        "label": label("offer_field", each.field, context.locale),
        "order_line": None if each.line is None else ordered[each.line],
    }


async def _by_id(model: Any, ids: Iterable[Any]) -> dict[Any, Any]:
    return {row.id: row for row in await related_rows(model, by="id", ids=list(set(ids)))}


async def _lines_of(model: Any, by: str, ids: Iterable[Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for line in await related_rows(model, by=by, ids=list(ids), order_by=("position",)):
        found[getattr(line, by)].append(line)
    return found


async def _order_lines(lines: Iterable[Any]) -> dict[Any, Any]:
    return await _by_id(models.OrderLine, (line.order_line_id for line in lines))
