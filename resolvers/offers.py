"""What a quotation or contract holds besides its lines, and what a line costs with its share of all that."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

import models
from models.rows import related_rows
from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import encode_id
from resolvers.order_lines import SpecificationItem
from resolvers.prices import PriceStep, quoted_steps
from resolvers.relations import One, derived, related, shows
from rules.allowances import AllowanceKind
from rules.money import Currency, landed
from rules.terms import PaymentMoment

if TYPE_CHECKING:
    from resolvers.catalogue import Product

LazyProduct = Annotated["Product", strawberry.lazy("resolvers.catalogue")]

described(
    AllowanceKind,
    "AllowanceKind",
    "Whether an amount on a whole document is taken off or added (UBL ChargeIndicator).",
    {"ALLOWANCE": "The buyer pays less.", "CHARGE": "The buyer pays more."},
)
described(
    PaymentMoment,
    "PaymentMoment",
    "From when the days count within which is to be paid what was not prepaid.",
    {"AFTER_INVOICE": "From the day of the invoice.", "ON_RECEIPT": "From the day the goods were accepted."},
)


@strawberry.type(
    description="Something else the supplier offers for a line; the buyer may take it instead, and no total counts it."
)
@shows(models.Alternative)
class Alternative:
    """An alternative to a line."""

    id: strawberry.ID = derived(lambda row: encode_id("Alternative", row.id), description="Opaque id.")
    position: int = strawberry.field(description="Its place among the line's alternatives, from 1.")
    sku: str = strawberry.field(description="The supplier's article number.")
    name: str = derived(
        lambda row, context: row.name_zh if context.locale == "zh-CN" else row.name_en,
        description="The article's name in the caller's language.",
    )
    specification: list[SpecificationItem] = derived(
        lambda row: [SpecificationItem(**item) for item in row.specification], description="What is specified."
    )
    quantity: Decimal = strawberry.field(description="How many, in the order line's unit.")
    unit_price: Decimal = strawberry.field(
        description="The price of one unit, stated as the quotation's prices are, in its currency."
    )
    tax_rate: Decimal = strawberry.field(description="VAT as a share, such as 0.13.")
    net: Decimal = strawberry.field(description="Quantity times price, rounded, in the quotation's currency.")
    tax: Decimal = strawberry.field(description="The tax on it alone, in the quotation's currency.")
    promised_on: date = strawberry.field(description="When it will be there, as a date at the delivery place.")
    quality_remark: str | None = strawberry.field(description="What the supplier says for it.")
    price_explanation: list[PriceStep] = derived(
        quoted_steps,
        description="Each step from its list price to this one, as it was when it was sent, for the supplier alone: promotions are on "
        "the lines. Empty where it is listed in another currency, and for those sent before this was kept.",
    )
    product: LazyProduct | None = related(
        One(models.Product, "product_id", visible=True),
        description="The article in the catalogue; null if it is no longer offered to the caller.",
    )


@strawberry.type(description="An allowance or charge on a whole document (UBL AllowanceCharge).")
@shows(models.QuotationAllowance, models.ContractAllowance)
class Allowance:
    """An allowance or charge."""

    kind: AllowanceKind = strawberry.field(description="Whether the buyer pays less or more.")
    reason_code: str | None = strawberry.field(description="UNCL 5189 or UNCL 7161 code; null when not said.")
    reason: str = strawberry.field(description="What it is for.")
    tax_rate: Decimal = strawberry.field(description="VAT on it as a share, such as 0.13.")
    net: Decimal = strawberry.field(description="Without tax, in the document's currency; below zero for an allowance.")
    tax: Decimal = strawberry.field(
        description="The tax on it, in the document's currency; below zero for an allowance."
    )


async def landed_costs(context: Context, lines: Sequence[Any]) -> list[Money]:
    """What each line costs with its share of freight, allowances and charges, tax included."""
    ids = {line.quotation_id for line in lines}
    quotations = await related_rows(models.Quotation, by="id", ids=list(ids))
    siblings: dict[Any, list[Any]] = defaultdict(list)
    for line in await related_rows(models.QuotationLine, by="quotation_id", ids=list(ids), order_by=("position",)):
        siblings[line.quotation_id].append(line)
    costs: dict[Any, Money] = {}
    for quotation in quotations:
        currency = Currency(quotation.currency)
        own = siblings[quotation.id]
        amounts = landed([line.net + line.tax for line in own], quotation.total, currency)
        costs |= {line.id: Money(amount=amount, currency=currency) for line, amount in zip(own, amounts, strict=True)}
    return [costs[line.id] for line in lines]
