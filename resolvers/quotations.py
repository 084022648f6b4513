"""Quotations and counter-offers as the schema shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

import models
import resolvers.quotation_enums  # noqa: F401  # describes the enums below
from resolvers.amounts import Money
from resolvers.availability import QuotationHint, warnings_of
from resolvers.differences import CounterDifference, QuotationChange, counter_differences, quotation_changes
from resolvers.ids import encode_id
from resolvers.node import Node
from resolvers.offers import Allowance, Alternative, landed_costs
from resolvers.order_lines import OrderLine
from resolvers.prices import PriceStep, quoted_steps
from resolvers.relations import Many, One, derived, related, shows
from rules.money import RoundingMode, TaxInclusion, TaxLevel
from rules.terms import Incoterm, PartialAcceptance, PaymentMoment, QuotationStatus

if TYPE_CHECKING:
    from resolvers.orders import Order

LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]


@strawberry.type(description="What one order line would cost, how many, and when.")
@shows(models.QuotationLine)
class QuotationLine:
    """A line of a quotation."""

    id: strawberry.ID = derived(lambda row: encode_id("QuotationLine", row.id), description="Opaque id.")
    position: int = strawberry.field(description="The order line's place, from 1.")
    quantity: Decimal = strawberry.field(description="How many, in the order line's unit.")
    unit_price: Decimal = strawberry.field(
        description="The price of one unit, stated as the quotation's `taxInclusion` says, in the quotation's currency."
    )
    tax_rate: Decimal = strawberry.field(description="VAT as a share, such as 0.13.")
    net: Decimal = strawberry.field(description="Quantity times price, rounded, in the quotation's currency.")
    tax: Decimal = strawberry.field(description="The tax on it, in the quotation's currency.")
    promised_on: date = strawberry.field(description="When it will be there, as a date at the delivery place.")
    quality_remark: str | None = strawberry.field(description="What the supplier says to the quality requirement.")
    over_delivery_tolerance: Decimal = strawberry.field(
        description="By which share more may be delivered than is agreed, such as 0.05."
    )
    landed_cost: Money = related(
        landed_costs,
        description="What it costs with its share of freight, allowances and charges, tax included; the shares add up to the total.",
    )
    price_explanation: list[PriceStep] = derived(
        quoted_steps,
        description="Each step from the list price to this one, as it was when it was sent: all for the supplier, for everybody else the "
        "promotions alone.",
    )
    alternatives: list[Alternative] = related(
        Many(models.Alternative, by="quotation_line_id", order_by=("position",)),
        description="What else the buyer may take instead.",
    )
    order_line: OrderLine = related(One(models.OrderLine, "order_line_id"), description="What is quoted.")


@strawberry.type(description="One revision of a supplier's offer; once sent, only its status changes.")
@shows(models.Quotation)
class Quotation(Node):
    """A binding offer within its validity."""

    id: strawberry.ID = derived(lambda row: encode_id("Quotation", row.id), description="Opaque id.")
    number: str = strawberry.field(description="The number for people.")
    revision: int = strawberry.field(description="Which revision of the order's offers it is, from 1.")
    status: QuotationStatus = strawberry.field(description="What became of it.")
    valid_until: datetime = strawberry.field(description="The first moment at which it can no longer be accepted.")
    freight: Money = derived(
        lambda row: Money(amount=row.freight, currency=row.currency), description="Freight without tax."
    )
    freight_tax_rate: Decimal = strawberry.field(description="VAT on freight as a share, such as 0.09.")
    payment_net_days: int = strawberry.field(description="Days within which is to be paid what was not prepaid.")
    payment_moment: PaymentMoment = strawberry.field(description="From when these days count.")
    prepaid_share: Decimal = strawberry.field(
        description="Which share of the total is to be paid before despatch, from 0 to 1."
    )
    inspection_days: int = strawberry.field(
        description="So many days after arrival the buyer's silence becomes acceptance, after a warning."
    )
    warranty_days: int = strawberry.field(description="So many days after completion claims are heard.")
    incoterm: Incoterm | None = strawberry.field(description="Who carries which cost and risk; null when not said.")
    incoterm_place: str | None = strawberry.field(
        description="The place the delivery term names; null: the delivery place."
    )
    partial_acceptance: PartialAcceptance = strawberry.field(description="Whether the buyer may accept a part of it.")
    rounding_mode: RoundingMode = strawberry.field(description="How its amounts are rounded.")
    tax_level: TaxLevel = strawberry.field(description="Where its tax is rounded.")
    tax_inclusion: TaxInclusion = strawberry.field(description="How the prices of its lines are stated.")
    remark: str | None = strawberry.field(description="What the supplier adds.")
    net: Money = derived(lambda row: Money(amount=row.net, currency=row.currency), description="All without tax.")
    tax: Money = derived(lambda row: Money(amount=row.tax, currency=row.currency), description="All tax.")
    total: Money = derived(
        lambda row: Money(amount=row.total, currency=row.currency), description="What is to be paid."
    )
    sent_by: str = strawberry.field(description="Who sent it.")
    created_at: datetime = strawberry.field(description="When it was sent.")
    lines: list[QuotationLine] = related(
        Many(models.QuotationLine, by="quotation_id", order_by=("position",)), description="The offer line by line."
    )
    allowances: list[Allowance] = related(
        Many(models.QuotationAllowance, by="quotation_id", order_by=("position",)),
        description="Allowances and charges on the whole; the totals contain them.",
    )
    warnings: list[QuotationHint] = related(
        warnings_of,
        description="What its supplier should look at, such as a date before the goods can be had; it was sent all the same. Empty for "
        "everybody else, and once it is answered.",
    )
    changes: list[QuotationChange] = related(
        quotation_changes, description="What is different from the revision before; empty for the first."
    )
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order it answers.")


@strawberry.type(description="The buyer's wishes on one line; what is null stays as quoted.")
@shows(models.CounterOfferLine)
class CounterOfferLine:
    """A line of a counter-offer."""

    id: strawberry.ID = derived(lambda row: encode_id("CounterOfferLine", row.id), description="Opaque id.")
    position: int = strawberry.field(description="The order line's place, from 1.")
    quantity: Decimal | None = strawberry.field(description="How many instead.")
    unit_price: Decimal | None = strawberry.field(
        description="At which price instead, in the quotation's currency and stated as its prices are."
    )
    promised_on: date | None = strawberry.field(description="When instead.")
    quality_requirement: str | None = strawberry.field(description="In which quality instead.")
    order_line: OrderLine = related(One(models.OrderLine, "order_line_id"), description="What it is about.")


@strawberry.type(description="What the buyer would rather have than a quotation.")
@shows(models.CounterOffer)
class CounterOffer(Node):
    """An answer to a quotation."""

    id: strawberry.ID = derived(lambda row: encode_id("CounterOffer", row.id), description="Opaque id.")
    freight: Decimal | None = strawberry.field(
        description="Which freight instead, in the quotation's currency and stated as its prices are; null: as quoted."
    )
    prepaid_share: Decimal | None = strawberry.field(description="Which prepaid share instead; null: as quoted.")
    payment_net_days: int | None = strawberry.field(
        description="Within how many days the rest is to be paid instead; null: as quoted."
    )
    payment_moment: PaymentMoment | None = strawberry.field(
        description="From when these days count instead; null: as quoted."
    )
    inspection_days: int | None = strawberry.field(
        description="After how many days silence becomes acceptance instead; null: as quoted."
    )
    warranty_days: int | None = strawberry.field(
        description="For how many days claims are heard instead; null: as quoted."
    )
    valid_until: datetime | None = strawberry.field(
        description="Until when the next quotation should be valid; null: as quoted."
    )
    remark: str | None = strawberry.field(description="The wishes in words.")
    differences: list[CounterDifference] = related(
        counter_differences, description="Field by field, what is wanted that was not quoted: lines first, then terms."
    )
    made_by: str = strawberry.field(description="Who made it.")
    created_at: datetime = strawberry.field(description="When it was made.")
    quotation: Quotation = related(One(models.Quotation, "quotation_id"), description="The quotation it answers.")
    lines: list[CounterOfferLine] = related(
        Many(models.CounterOfferLine, by="counter_offer_id", order_by=("position",)),
        description="The wishes line by line.",
    )
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order it is about.")
