"""A supplier's offer as clients write it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from resolvers.inputs import Items, Number, Pieces, Text
from resolvers.problems import known
from resolvers.steps import OrderStepInput
from rules.acceptance import INSPECTION_DAYS
from rules.allowances import Allowance, AllowanceKind
from rules.line_sheets import MOST_LINES
from rules.money import RoundingMode, TaxInclusion, TaxLevel
from rules.returns import WARRANTY_DAYS
from rules.terms import Incoterm, PartialAcceptance, PaymentMoment
from services import offering
from services.alternatives import OfferedAlternative

Price = Annotated[Decimal, Number(least=0, most=10**12, places=6)]
Amount = Annotated[Decimal, Number(least=0, most=10**12, places=2)]
Rate = Annotated[Decimal, Number(least=0, most=Decimal("0.99"), places=6)]
Share = Annotated[Decimal, Number(least=0, most=1, places=6)]
NetDays = Annotated[int, Number(least=0, most=365)]
InspectionDays = Annotated[int, Number(least=2, most=90)]
WarrantyDays = Annotated[int, Number(least=0, most=3650)]
MOST_ALTERNATIVES, MOST_ALLOWANCES = 5, 20


@strawberry.input(description="One attribute of an article, such as material: A2-70.")
class OfferedSpecificationInput:
    """A name and its value."""

    name: Annotated[str, Text(1, 60)] = strawberry.field(description="What is specified: 1 to 60 characters.")
    value: Annotated[str, Text(1, 200)] = strawberry.field(description="How it is specified: 1 to 200 characters.")


@strawberry.input(
    description="Something else for a line, which the buyer may take instead; no total counts it. What is null follows the line."
)
class AlternativeInput:
    """An alternative to a line."""

    unit_price: Price = strawberry.field(description="The price of one unit, with at most 6 decimals.")
    product_id: strawberry.ID | None = strawberry.field(
        default=None, description="Another article of your catalogue, measured in the same unit."
    )
    specification: Annotated[list[OfferedSpecificationInput], Items(0, 30)] | None = strawberry.field(
        default=None, description="How it is specified: at most 30 attributes; as in the catalogue unless said."
    )
    quantity: Pieces | None = strawberry.field(default=None, description="How many.")
    tax_rate: Rate | None = strawberry.field(default=None, description="VAT as a share such as 0.13.")
    promised_on: date | None = strawberry.field(default=None, description="When it will be there.")
    quality_remark: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="What to say for it, at most 2000 characters."
    )


@strawberry.input(
    description="An allowance or charge on the whole (UBL AllowanceCharge): an amount, or a share of the goods at its tax rate."
)
class AllowanceInput:
    """An allowance or charge."""

    kind: AllowanceKind = strawberry.field(description="Whether the buyer pays less or more.")
    tax_rate: Rate = strawberry.field(description="VAT on it as a share such as 0.13; give one for each rate.")
    reason: Annotated[str, Text(1, 200)] = strawberry.field(description="What it is for: 1 to 200 characters.")
    reason_code: Annotated[str, Text(1, 3, r"[A-Z0-9]{1,3}")] | None = strawberry.field(
        default=None,
        description="UNCL 5189 code of an allowance, such as 95, or UNCL 7161 code of a charge, such as PC.",
    )
    amount: Annotated[Decimal, Number(above=0, most=10**12, places=2)] | None = strawberry.field(
        default=None, description="How much, with at most 2 decimals, stated as the prices are; or else a share."
    )
    share: Annotated[Decimal, Number(above=0, most=1, places=6)] | None = strawberry.field(
        default=None, description="How much of the goods at its tax rate, such as 0.05; or else an amount."
    )


@strawberry.input(description="The price of one order line.")
class QuotationLineInput:
    """A line of an offer."""

    order_line_id: strawberry.ID = strawberry.field(description="What is quoted.")
    unit_price: Price | None = strawberry.field(
        default=None,
        description="The price of one unit, with at most 6 decimals; as `quotationProposal` has it unless said.",
    )
    quantity: Pieces | None = strawberry.field(default=None, description="How many; as ordered unless said.")
    tax_rate: Rate | None = strawberry.field(
        default=None, description="VAT as a share such as 0.13; the product's unless said."
    )
    promised_on: date | None = strawberry.field(
        default=None, description="When it will be there; as requested unless said."
    )
    quality_remark: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="What to say to the quality requirement, at most 2000 characters."
    )
    over_delivery_tolerance: Share = strawberry.field(
        default=Decimal(0), description="By which share more may be delivered than is agreed, from 0 to 1: 0.05 is 5 %."
    )
    alternatives: Annotated[list[AlternativeInput], Items(0, MOST_ALTERNATIVES)] = strawberry.field(
        default_factory=list, description="What else the buyer may take instead: at most 5."
    )


@strawberry.input(description="An offer for a whole order: every line of it once.")
class SendQuotationInput(OrderStepInput):
    """A quotation to be sent."""

    lines: Annotated[list[QuotationLineInput], Items(1, MOST_LINES)] = strawberry.field(
        description="Each line of the order once: 1 to 5000."
    )
    valid_until: datetime = strawberry.field(description="The first moment at which it can no longer be accepted.")
    freight: Amount = strawberry.field(default=Decimal(0), description="Freight, with at most 2 decimals.")
    freight_tax_rate: Rate | None = strawberry.field(
        default=None,
        description="VAT on freight as a share; unless said, the highest reduced rate (`vatRates`, AA) that is in force at the supplier.",
    )
    allowances: Annotated[list[AllowanceInput], Items(0, MOST_ALLOWANCES)] = strawberry.field(
        default_factory=list, description="Allowances and charges on the whole: at most 20; totals contain them."
    )
    promotion_ids: Annotated[list[strawberry.ID], Items(0, MOST_ALLOWANCES)] | None = strawberry.field(
        default=None,
        description="The promotions that reduce it, at most 20, each of which has to: as `quotationProposal` has them unless said, an "
        "empty list for none. Each becomes an allowance under its name for each tax rate.",
    )
    payment_net_days: NetDays = strawberry.field(
        default=30, description="Days within which is to be paid what was not prepaid: 0 to 365."
    )
    payment_moment: PaymentMoment = strawberry.field(
        default=PaymentMoment.AFTER_INVOICE, description="From when these days count."
    )
    prepaid_share: Share = strawberry.field(
        default=Decimal(0), description="Which share of the total is to be paid before despatch, from 0 to 1."
    )
    inspection_days: InspectionDays = strawberry.field(
        default=INSPECTION_DAYS,
        description="So many days after arrival the buyer's silence becomes acceptance, after a warning: 2 to 90.",
    )
    warranty_days: WarrantyDays = strawberry.field(
        default=WARRANTY_DAYS, description="So many days after completion claims are heard: 0 to 3650."
    )
    incoterm: Incoterm | None = strawberry.field(default=None, description="Who carries which cost and risk.")
    incoterm_place: Annotated[str, Text(0, 300)] | None = strawberry.field(
        default=None,
        description="The place that the delivery term names, at most 300 characters; the delivery place unless said.",
    )
    rounding_mode: RoundingMode = strawberry.field(
        default=RoundingMode.HALF_UP, description="How amounts are rounded; frozen with the quotation."
    )
    tax_level: TaxLevel = strawberry.field(
        default=TaxLevel.LINE, description="Where tax is rounded; frozen with the quotation."
    )
    tax_inclusion: TaxInclusion = strawberry.field(
        default=TaxInclusion.EXCLUSIVE,
        description="How prices, freight, allowances and charges are stated here; frozen with the quotation.",
    )
    partial_acceptance: PartialAcceptance = strawberry.field(
        default=PartialAcceptance.ALLOWED, description="Whether the buyer may accept a part of it."
    )
    remark: Annotated[str, Text(0, 2000)] | None = strawberry.field(
        default=None, description="What to add, at most 2000 characters."
    )


def offer_of(given: SendQuotationInput) -> offering.Offer:
    """The offer as the verb takes it."""
    return offering.Offer(
        lines=tuple(_line(line) for line in given.lines),
        valid_until=given.valid_until,
        freight=given.freight,
        freight_tax_rate=given.freight_tax_rate,
        allowances=tuple(Allowance(**vars(one)) for one in given.allowances),
        promotions=None
        if given.promotion_ids is None
        else tuple(known("Promotion", one) for one in given.promotion_ids),
        payment_net_days=given.payment_net_days,
        payment_moment=given.payment_moment,
        prepaid_share=given.prepaid_share,
        inspection_days=given.inspection_days,
        warranty_days=given.warranty_days,
        incoterm=given.incoterm,
        incoterm_place=given.incoterm_place,
        rounding_mode=given.rounding_mode,
        tax_level=given.tax_level,
        tax_inclusion=given.tax_inclusion,
        partial_acceptance=given.partial_acceptance,
        remark=given.remark,
    )


def _line(given: QuotationLineInput) -> offering.OfferLine:
    return offering.OfferLine(
        known("OrderLine", given.order_line_id),
        given.unit_price,
        given.quantity,
        given.tax_rate,
        given.promised_on,
        given.quality_remark,
        given.over_delivery_tolerance,
        tuple(_alternative(other) for other in given.alternatives),
    )


def _alternative(given: AlternativeInput) -> OfferedAlternative:
    said = given.specification
    return OfferedAlternative(
        given.unit_price,
        None if given.product_id is None else known("Product", given.product_id),
        None if said is None else tuple((item.name, item.value) for item in said),
        given.quantity,
        given.tax_rate,
        given.promised_on,
        given.quality_remark,
    )
