"""Contracts and signatures as the schema shows them, and what checking them finds."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.types import Info

import models
from models.rows import row
from resolvers.agreements import AgreementVerdict, FrameworkAgreement, shown_verdict
from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.contract_files import ContractPdf, pdfs_of
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id
from resolvers.node import Node
from resolvers.offers import Allowance
from resolvers.order_lines import OrderLine, SpecificationItem
from resolvers.quotations import Quotation
from resolvers.relations import Many, One, derived, related, shows
from resolvers.words import label
from rules.agreement import CoverageGap
from rules.contract import ContractStatus, TrustLevel
from rules.lifecycle import Side
from rules.problems import NotFound
from services import contracting

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
        "EFFECTIVE": "Both sides have signed; goods are owed.",
        "FULFILLED": "Goods and money are done with.",
        "VOID": "It was refused, cancelled or lapsed before both had signed.",
    },
)


@strawberry.type(description="One side's signature over a contract.")
@shows(models.Signature)
class Signature:
    """A signature, with everything needed to check it elsewhere."""

    id: strawberry.ID = derived(lambda row: encode_id("Signature", row.id), description="Opaque id.")
    side: Side = strawberry.field(description="For which side it was made.")
    signatory_name: str = strawberry.field(description="Who signed.")
    statement: str = strawberry.field(
        description="Exactly what was signed, in UTF-8: canonical JSON with the contract's SHA-256, signatory and time."
    )
    algorithm: str = strawberry.field(description="How it was signed, such as Ed25519 (RFC 8032).")
    key_id: str = strawberry.field(description="Which key signed.")
    public_key: str = strawberry.field(description="The key to check it with, in base64.")
    value: str = strawberry.field(description="The signature over the statement, in base64.")
    trust_level: TrustLevel = strawberry.field(description="Who vouches for the signer.")
    signed_at: datetime = derived(lambda row: row.created_at, description="When it was made.")
    company: LazyCompany = related(One(models.Company, "company_id"), description="The company it binds.")


@strawberry.type(description="What is agreed on one order line.")
@shows(models.ContractLine)
class ContractLine:
    """A line of a contract."""

    id: strawberry.ID = derived(lambda row: encode_id("ContractLine", row.id), description="Opaque id.")
    position: int = strawberry.field(description="The order line's place, from 1.")
    quantity: Decimal = strawberry.field(description="How many, in the order line's unit.")
    unit_price: Decimal = strawberry.field(description="The price of one unit without tax, in the order's currency.")
    tax_rate: Decimal = strawberry.field(description="VAT as a share, such as 0.13.")
    net: Decimal = strawberry.field(description="Quantity times price, rounded, in the order's currency.")
    tax: Decimal = strawberry.field(description="The tax on it, in the order's currency.")
    promised_on: date = strawberry.field(description="When it will be there, as a date at the delivery place.")
    quality_remark: str | None = strawberry.field(description="What the supplier says to the quality requirement.")
    sku: str = strawberry.field(description="The supplier's article number of what is delivered.")
    name: str = derived(
        lambda row, context: row.name_zh if context.locale == "zh-CN" else row.name_en,
        description="The name of what is delivered, in the caller's language: an alternative's where one was taken.",
    )
    specification: list[SpecificationItem] = derived(
        lambda row: [SpecificationItem(**item) for item in row.specification], description="What is specified."
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
    agreement: FrameworkAgreement | None = related(
        One(models.FrameworkAgreement, "agreement_id"),
        description="The framework agreement whose signatures stand for this contract's own; null without one.",
    )
    agreement_gap: CoverageGap | None = strawberry.field(
        description="Why no framework agreement of the parties stood for the signatures; null where one does, or there is none."
    )
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order it belongs to.")
    pdf: ContractPdf = related(pdfs_of, description="The contract as it is printed and signed.")


@strawberry.type(description="Whether one side's signature holds.")
class SignatureVerdict:
    """What checking one signature found."""

    side: Side = strawberry.field(description="Whose signature it is.")
    is_valid: bool = strawberry.field(description="Whether this signatory signed this very text, then, with our key.")


@strawberry.type(description="What checking a contract byte for byte found.")
class ContractVerdict:
    """The text against its fingerprint, and each signature against the text."""

    sha256: str = strawberry.field(description="The SHA-256 on record, in hex.")
    text_matches: bool = strawberry.field(description="Whether the text on record still has this SHA-256.")
    signatures: list[SignatureVerdict] = strawberry.field(description="Each signature there is.")
    agreement: AgreementVerdict | None = strawberry.field(
        description="What checking the framework agreement found that the text names and the contract stands on; null without one."
    )
    is_valid: bool = strawberry.field(
        description="Whether the text is the signed one, and both sides' signatures hold on it or on the agreement it stands on."
    )


@strawberry.type
class ContractQuery:
    """How to find and check a contract."""

    @strawberry.field(description="A contract by its id; null if there is none that the caller may see.")
    async def contract(self, info: Info[Context, None], id: Id) -> Contract | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("Contract", id)
        return await row(models.Contract.visible_to(info.context.actor).filter(id=key)) if key else None

    @strawberry.field(
        description="Check a contract's text and signatures; null if there is none that the caller may see."
    )
    async def verify_contract(self, info: Info[Context, None], id: Id) -> ContractVerdict | None:
        """What a check of text and signatures finds now."""
        key = decode_id("Contract", id)
        if key is None:
            return None
        try:
            found = await contracting.verify_contract(info.context.actor, key)
        except NotFound:
            return None
        signatures = [SignatureVerdict(side=side, is_valid=valid) for side, valid in found.valid.items()]
        return ContractVerdict(
            sha256=found.sha256,
            text_matches=found.text_matches,
            signatures=signatures,
            agreement=None if found.agreement is None else shown_verdict(found.agreement),
            is_valid=found.is_valid,
        )
