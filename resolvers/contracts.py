"""Contracts as the schema shows them, and how to find them."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.types import Info

import models
from models.rows import row
from resolvers.agreements import FrameworkAgreement
from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.contract_changes import ContractChange, changes_of
from resolvers.contract_files import ContractPdf, contract_pdfs
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id
from resolvers.node import Node
from resolvers.offers import Allowance
from resolvers.order_lines import OrderLine, SpecificationItem
from resolvers.prices import PriceStep, quoted_steps
from resolvers.quotations import Quotation
from resolvers.relations import Many, One, derived, related, shows
from resolvers.signatures import Signature
from resolvers.words import label
from rules.agreement import CoverageGap
from rules.contract import ContractStatus
from rules.lifecycle import Side
from rules.money import TaxInclusion

if TYPE_CHECKING:
    from resolvers.companies import Company
    from resolvers.orders import Order

LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]
LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]
Id = Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]

described(
    ContractStatus,
    "ContractStatus",
    "How far a contract version has come; expect new ones.",
    {
        "DRAFT": "Nobody has signed yet.",
        "PARTIALLY_SIGNED": "One side has signed.",
        "SUPERSEDED": "A later version took its place.",
        "TERMINATED": "It was ended before any goods had left.",
        "EFFECTIVE": "Both sides have signed; goods are owed.",
        "FULFILLED": "Goods and money are done with.",
        "VOID": "It was refused, cancelled or lapsed before both had signed.",
    },
)


@strawberry.type(description="What is agreed on one order line.")
@shows(models.ContractLine)
class ContractLine:
    """A line of a contract."""

    id: strawberry.ID = derived(lambda row: encode_id("ContractLine", row.id), description="Opaque id.")
    position: int = strawberry.field(description="The order line's place, from 1.")
    quantity: Decimal = strawberry.field(description="How many, in the order line's unit.")
    unit_price: Decimal = strawberry.field(
        description="The price of one unit, stated as the contract's `taxInclusion` says, in the order's currency."
    )
    tax_rate: Decimal = strawberry.field(description="VAT as a share, such as 0.13.")
    net: Decimal = strawberry.field(description="What it comes to without tax, in the order's currency.")
    tax: Decimal = strawberry.field(description="The tax on it, in the order's currency.")
    promised_on: date = strawberry.field(description="When it will be there, as a date at the delivery place.")
    quality_remark: str | None = strawberry.field(description="What the supplier says to the quality requirement.")
    over_delivery_tolerance: Decimal = strawberry.field(
        description="By which share more may be delivered than is agreed, such as 0.05."
    )
    sku: str = strawberry.field(description="The supplier's article number of what is delivered.")
    name: str = derived(
        lambda row, context: row.name_zh if context.locale == "zh-CN" else row.name_en,
        description="The name of what is delivered, in the caller's language: an alternative's where one was taken.",
    )
    specification: list[SpecificationItem] = derived(
        lambda row: [SpecificationItem(**item) for item in row.specification], description="What is specified."
    )
    price_explanation: list[PriceStep] = derived(
        quoted_steps,
        description="Each step from the list price to this one, for as many as were quoted, as the accepted offer had it: all for the "
        "supplier, for everybody else the promotions alone. Empty where a change of the contract agreed on another price.",
    )
    order_line: OrderLine = related(One(models.OrderLine, "order_line_id"), description="What is agreed on.")


@strawberry.type(description="The text that both sides sign; no byte of it changes once it is drawn up.")
@shows(models.Contract)
class Contract(Node):
    """One version of an order's contract."""

    id: strawberry.ID = derived(lambda row: encode_id("Contract", row.id), description="Opaque id.")
    number: str = strawberry.field(description="The number for people.")
    version: int = strawberry.field(description="Which version of the order's contract it is, from 1.")
    status: ContractStatus = strawberry.field(description="How far it has come.")
    status_label: str = derived(
        lambda row, context: label("contract_status", row.status, context.locale),
        description="How far it has come, in words of the caller's language.",
    )
    text: str = strawberry.field(description="The whole agreement as canonical JSON.")
    sha256: str = strawberry.field(description="SHA-256 of the text's UTF-8 bytes, in hex: what both sides sign.")
    tax_inclusion: TaxInclusion = strawberry.field(description="How the prices of its lines are stated.")
    freight: Money = derived(
        lambda row: Money(amount=row.freight, currency=row.currency), description="Freight without tax."
    )
    net: Money = derived(lambda row: Money(amount=row.net, currency=row.currency), description="All without tax.")
    tax: Money = derived(lambda row: Money(amount=row.tax, currency=row.currency), description="All tax.")
    total: Money = derived(
        lambda row: Money(amount=row.total, currency=row.currency), description="What is to be paid."
    )
    sign_by: datetime = strawberry.field(description="The first moment at which it can no longer be signed.")
    effective_at: datetime | None = strawberry.field(description="When the second side signed; null before.")
    created_at: datetime = strawberry.field(description="When it was drawn up.")
    lines: list[ContractLine] = related(
        Many(models.ContractLine, by="contract_id", order_by=("position",)),
        description="What is agreed line by line; a line of the order that is missing here is not ordered.",
    )
    allowances: list[Allowance] = related(
        Many(models.ContractAllowance, by="contract_id", order_by=("position",)),
        description="Agreed allowances and charges; the totals contain them.",
    )
    signatures: list[Signature] = related(
        Many(models.Signature, by="contract_id", order_by=("id",)), description="Who signed, in the order of signing."
    )
    quotation: Quotation = related(One(models.Quotation, "quotation_id"), description="The offer that was accepted.")
    proposed_by: Side | None = strawberry.field(
        description="Which side proposed this change; null for a first version."
    )
    change_reason: str | None = strawberry.field(description="Why it was proposed; null for a first version.")
    changes: list[ContractChange] = related(
        changes_of, description="What it says differently from the version it replaces; empty for a first version."
    )
    agreement: FrameworkAgreement | None = related(
        One(models.FrameworkAgreement, "agreement_id"),
        description="The framework agreement whose signatures stand for this contract's own; null without one.",
    )
    agreement_gap: CoverageGap | None = strawberry.field(
        description="Why no framework agreement of the parties stood for the signatures; null where one does, or there is none."
    )
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order it belongs to.")
    pdf: ContractPdf = related(contract_pdfs, description="The contract as it is printed and signed.")


@strawberry.type
class ContractQuery:
    """How to find a contract."""

    @strawberry.field(description="A contract by its id; null if there is none that the caller may see.")
    async def contract(self, info: Info[Context, None], id: Id) -> Contract | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("Contract", id)
        return await row(models.Contract.visible_to(info.context.actor).filter(id=key)) if key else None
