"""The offers on an enquiry side by side: five statements, however many suppliers and lines there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

import models
from models.rows import related_rows
from resolvers.amounts import Money, unit_price
from resolvers.context import Context
from resolvers.quotations import Quotation, QuotationLine
from rules import comparison
from rules.enquiry import EnquiryStatus
from rules.money import Currency
from rules.terms import QuotationStatus, local_date

if TYPE_CHECKING:
    from resolvers.enquiries import EnquiryInvitation, EnquiryLine

LazyLine = Annotated["EnquiryLine", strawberry.lazy("resolvers.enquiries")]
LazyInvitation = Annotated["EnquiryInvitation", strawberry.lazy("resolvers.enquiries")]

GONE = (QuotationStatus.SUPERSEDED, QuotationStatus.WITHDRAWN)
"""What the supplier itself no longer stands by."""


@strawberry.type(description="What one supplier asks for one line.")
class ComparedPrice:
    """A line of an offer."""

    supplier: int = strawberry.field(description="The place of the supplier's invitation.")
    quotation_line: QuotationLine = strawberry.field(description="What is offered: price, quantity, date, remark.")
    landed: Money = strawberry.field(
        description="The line's amount with tax and its share of freight and of whatever else the total has; "
        "the lines of one offer add up to its total."
    )
    landed_unit_price: Money = strawberry.field(description="That for one unit, rounded to six decimals.")
    lead_time_days: int = strawberry.field(description="Days from the offer to the promised date.")
    is_cheapest: bool = strawberry.field(
        description="Whether nobody asks less for a unit, landed, in this currency; currencies are not compared."
    )


@strawberry.type(description="One line of the enquiry, and what the suppliers ask for it.")
class ComparedLine:
    """A row of the comparison."""

    line: LazyLine = strawberry.field(description="What is asked for.")
    prices: list[ComparedPrice] = strawberry.field(
        description="One for each supplier that offers it, by their invitations' places."
    )


@strawberry.type(description="One supplier's newest offer as a whole.")
class ComparedOffer:
    """A column of the comparison."""

    invitation: LazyInvitation = strawberry.field(description="Who offers.")
    quotation: Quotation = strawberry.field(description="The offer with its terms and totals.")
    missing_lines: list[int] = strawberry.field(
        description="The places of the lines of which it offers nothing, or less than is asked for."
    )
    ready_on: date = strawberry.field(description="The latest of its promised dates, at the delivery place.")
    rank: int | None = strawberry.field(
        description="Its place by total among those in its currency that cover everything, from 1; "
        "null where something is missing or the offer has expired."
    )


@strawberry.type(description="All newest offers on an enquiry, line by line and as a whole.")
class EnquiryComparison:
    """The comparison."""

    lines: list[ComparedLine] = strawberry.field(description="Line by line.")
    offers: list[ComparedOffer] = strawberry.field(description="As a whole, by their invitations' places.")
    unanswered: list[LazyInvitation] = strawberry.field(description="Who has no offer: its order's status tells why.")


@dataclass(frozen=True)
class _Offer:
    """An offer with the rows that it was read from."""

    invitation: Any
    quotation: Any
    lines: dict[int, Any]
    """By the place of the enquiry's line."""

    @property
    def compared(self) -> comparison.ComparedOffer:
        """As the rules compare it."""
        return comparison.ComparedOffer(
            key=self.invitation.position,
            currency=Currency(self.quotation.currency),
            total=self.quotation.total,
            quantities={place: line.quantity for place, line in self.lines.items()},
            amounts={place: line.net + line.tax for place, line in self.lines.items()},
            is_open=self.quotation.status != QuotationStatus.EXPIRED,
        )


async def comparison_of(context: Context, enquiries: Sequence[Any]) -> list[EnquiryComparison | None]:
    """The comparison of each enquiry; None for a draft, and while it is sealed."""
    shown = [one for one in enquiries if not _is_hidden(one)]
    ids = [one.id for one in shown]
    lines = _by("enquiry_id", await related_rows(models.EnquiryLine, by="enquiry_id", ids=ids, order_by=("position",)))
    invitations = _by(
        "enquiry_id", await related_rows(models.EnquiryInvitation, by="enquiry_id", ids=ids, order_by=("position",))
    )
    offers = await _offers(context, [one for found in invitations.values() for one in found])
    compared = {
        one.id: _comparison(one, lines[one.id], invitations[one.id], [offers[i.id] for i in invitations[one.id] if i.id in offers])
        for one in shown
    }  # fmt: skip
    return [compared.get(one.id) for one in enquiries]


def _is_hidden(enquiry: Any) -> bool:
    return bool(enquiry.status == EnquiryStatus.DRAFT or (enquiry.is_sealed and enquiry.status == EnquiryStatus.OPEN))


async def _offers(context: Context, invitations: Sequence[Any]) -> dict[UUID, _Offer]:
    """The newest offer of each invitation that has one the viewer may read, by the invitation's id."""
    orders = [one.order_id for one in invitations if one.order_id]
    visible = models.Quotation.visible_to(context.actor)
    newest = {
        row.order_id: row
        for row in await related_rows(
            models.Quotation, by="order_id", ids=orders, order_by=("revision",), among=visible
        )
    }
    standing = {order: row for order, row in newest.items() if row.status not in GONE}
    quoted = _by(
        "quotation_id",
        await related_rows(models.QuotationLine, by="quotation_id", ids=[row.id for row in standing.values()]),
    )
    matches = await related_rows(models.EnquiryMatch, by="invitation_id", ids=[one.id for one in invitations])
    places = {match.order_line_id: match.position for match in matches}
    return {
        one.id: _Offer(one, row, {places[line.order_line_id]: line for line in quoted[row.id]})
        for one in invitations
        if (row := standing.get(one.order_id)) is not None
    }


def _comparison(
    enquiry: Any, lines: Sequence[Any], invitations: Sequence[Any], offers: Sequence[_Offer]
) -> EnquiryComparison:
    asked = {line.position: line.quantity for line in lines}
    compared = {offer.invitation.position: offer.compared for offer in offers}
    landed = {place: one.landed for place, one in compared.items()}
    ranks = comparison.ranks(list(compared.values()), asked)
    answered = {offer.invitation.id for offer in offers}
    return EnquiryComparison(
        lines=[
            ComparedLine(line=line, prices=_prices(enquiry, line.position, offers, landed, compared.values()))
            for line in lines
        ],
        offers=[
            ComparedOffer(
                invitation=offer.invitation,
                quotation=offer.quotation,
                missing_lines=compared[offer.invitation.position].missing(asked),
                ready_on=max(line.promised_on for line in offer.lines.values()),
                rank=ranks.get(offer.invitation.position),
            )
            for offer in offers
        ],
        unanswered=[one for one in invitations if one.id not in answered],
    )


def _prices(
    enquiry: Any,
    place: int,
    offers: Sequence[_Offer],
    landed: dict[int, dict[int, Decimal]],
    compared: Iterable[comparison.ComparedOffer],
) -> list[ComparedPrice]:
    cheapest = comparison.cheapest(compared, place)
    return [
        _price(offer, place, landed[offer.invitation.position][place], cheapest, enquiry.delivery_zone)
        for offer in offers
        if place in offer.lines
    ]


def _price(offer: _Offer, place: int, amount: Decimal, cheapest: set[Any], zone: str) -> ComparedPrice:
    line, currency = offer.lines[place], offer.quotation.currency
    sent_at: datetime = offer.quotation.created_at
    return ComparedPrice(
        supplier=offer.invitation.position,
        quotation_line=line,
        landed=Money(amount=amount, currency=currency),
        landed_unit_price=unit_price(round(amount / line.quantity, 6), currency),
        lead_time_days=(line.promised_on - local_date(sent_at, zone)).days,
        is_cheapest=offer.invitation.position in cheapest,
    )


def _by(key: str, rows: Iterable[Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found
