"""Framework agreements as the schema shows them, and how to find them."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

import models
import resolvers.order_enums  # noqa: F401  # describes the sides
from models.order import side_of
from models.rows import row
from resolvers.agreement_enums import AgreementAction
from resolvers.amounts import Money
from resolvers.catalogue import Product
from resolvers.context import Context
from resolvers.contract_files import AgreementPdf, agreement_pdfs
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT, Items, check
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.relations import Many, One, derived, related, shows
from resolvers.signatures import AgreementSignature
from resolvers.words import label
from rules.agreement import AgreementStatus, agreement_actions
from rules.lifecycle import Side

if TYPE_CHECKING:
    from resolvers.companies import Company
    from resolvers.orders import Order

LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]
LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]
Id = Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]


def _available(row: Any, context: Context) -> list[Any]:
    actor = context.actor
    return [AgreementAction(name) for name in agreement_actions(row, side_of(row, actor)) if actor.may(name)]


@strawberry.type(
    description="What one unit of a product costs at most under a framework agreement, from a quantity on."
)
@shows(models.AgreementPrice)
class AgreementPrice:
    """An agreed price."""

    id: strawberry.ID = derived(lambda row: encode_id("AgreementPrice", row.id), description="Opaque id.")
    position: int = strawberry.field(description="Its place in the agreement, from 1.")
    sku: str = strawberry.field(description="The supplier's article number when it was proposed.")
    name_zh: str = strawberry.field(description="The name in Chinese when it was proposed.")
    name_en: str = strawberry.field(description="The name in English when it was proposed.")
    unit: str = strawberry.field(description="The UN/ECE Recommendation 20 code of the unit that the price is for.")
    unit_price: Decimal = strawberry.field(
        description="At most this for one unit, without tax, in the agreement's currency."
    )
    minimum_quantity: Decimal = strawberry.field(description="From how many units of one order line on.")
    product: Product | None = related(
        One(models.Product, "product_id", visible=True), description="The product; null once it is offered no more."
    )


@strawberry.type(description="What an order took of a framework agreement's total, or gave back.")
@shows(models.AgreementCallOff)
class AgreementCallOff(Node):
    """An entry of the agreement's ledger."""

    id: strawberry.ID = derived(lambda row: encode_id("AgreementCallOff", row.id), description="Opaque id.")
    amount: Money = derived(
        lambda row: Money(amount=row.amount, currency=row.currency),
        description="With tax; less than zero where the order gave it back.",
    )
    created_at: datetime = strawberry.field(description="When it was written.")
    order: LazyOrder = related(One(models.Order, "order_id"), description="The order.")


@strawberry.type(
    description="A contract under which later orders of the two parties, up to its limits, need no signature of their own."
)
@shows(models.FrameworkAgreement)
class FrameworkAgreement(Node):
    """A framework agreement; no byte of its text changes once it is proposed."""

    id: strawberry.ID = derived(lambda row: encode_id("FrameworkAgreement", row.id), description="Opaque id.")
    number: str = strawberry.field(description="The number for people, such as FA-7F3K-9Q2M.")
    version: int = strawberry.field(
        description="Rises by one with each event: what mutations expect, and the cursor to subscribe after."
    )
    status: AgreementStatus = strawberry.field(description="How far it has come.")
    status_label: str = derived(
        lambda row, context: label("agreement_status", row.status, context.locale),
        description="How far it has come, in words of the caller's language.",
    )
    proposed_by: Side = strawberry.field(description="Which side proposed it.")
    proposer_name: str = strawberry.field(description="Who proposed it.")
    turn: Side | None = strawberry.field(description="Whose signature is missing after the other's; null otherwise.")
    my_side: Side = derived(lambda row, context: side_of(row, context.actor), description="The caller's side.")
    available_actions: list[AgreementAction] = derived(
        _available, description="What the caller may do next, by status, side and role."
    )
    valid_from: date = strawberry.field(description="The first day, at the delivery place of the order it is to cover.")
    valid_to: date = strawberry.field(description="The last day, at the delivery place of the order it is to cover.")
    order_limit: Money = derived(
        lambda row: Money(amount=row.order_limit, currency=row.currency),
        description="The most that one order comes to, with tax.",
    )
    total_limit: Money = derived(
        lambda row: Money(amount=row.total_limit, currency=row.currency),
        description="The most that all orders under it come to together, with tax.",
    )
    called_off: Money = derived(
        lambda row: Money(amount=row.called_off, currency=row.currency), description="What orders hold of the total."
    )
    remaining: Money = derived(
        lambda row: Money(amount=row.total_limit - row.called_off, currency=row.currency),
        description="What is left of the total.",
    )
    payment_net_days: int = strawberry.field(
        description="Days after the invoice within which orders under it are to be paid."
    )
    remark: str | None = strawberry.field(description="What else is agreed.")
    text: str = strawberry.field(description="The whole agreement as canonical JSON.")
    sha256: str = strawberry.field(description="SHA-256 of the text's UTF-8 bytes, in hex: what both sides sign.")
    sign_by: datetime = strawberry.field(description="The first moment at which it can no longer be signed.")
    effective_at: datetime | None = strawberry.field(description="When the second side signed; null before.")
    ended_at: datetime | None = strawberry.field(
        description="When it was refused or terminated or ran out; null before."
    )
    ending_reason: str | None = strawberry.field(
        description="Why it was refused or terminated, in words; null otherwise."
    )
    created_at: datetime = strawberry.field(description="When it was proposed.")
    buyer: LazyCompany = related(One(models.Company, "buyer_id"), description="The company that orders under it.")
    supplier: LazyCompany = related(
        One(models.Company, "supplier_id"), description="The company that delivers under it."
    )
    prices: list[AgreementPrice] = related(
        Many(models.AgreementPrice, by="agreement_id", order_by=("position",)),
        description="The prices agreed for products.",
    )
    signatures: list[AgreementSignature] = related(
        Many(models.AgreementSignature, by="agreement_id", order_by=("id",)),
        description="Who signed, in the order of signing.",
    )
    pdf: AgreementPdf = related(agreement_pdfs, description="The agreement as it is printed and signed.")
    call_offs: list[AgreementCallOff] = related(
        Many(models.AgreementCallOff, by="agreement_id", order_by=("id",)),
        description="Which orders took or gave back how much, oldest first.",
    )


@strawberry.input(description="Which framework agreements to list; all conditions must hold.")
class AgreementFilter:
    """Conditions on agreements; what is null does not narrow."""

    statuses: Annotated[list[AgreementStatus], Items(0, len(AgreementStatus))] | None = strawberry.field(
        default=None, description="Those in one of these statuses, each named once at most."
    )
    counterparty_id: strawberry.ID | None = strawberry.field(default=None, description="Those with this company.")


Filter = Annotated[AgreementFilter | None, strawberry.argument(description="Which agreements to list; all without it.")]


@strawberry.type
class AgreementQuery:
    """How to find framework agreements."""

    @strawberry.field(description="A framework agreement by its id; null if there is none that the caller may see.")
    async def agreement(self, info: Info[Context, None], id: Id) -> FrameworkAgreement | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("FrameworkAgreement", id)
        return await row(models.FrameworkAgreement.visible_to(info.context.actor).filter(id=key)) if key else None

    @strawberry.field(description="The framework agreements the caller may see, newest first.")
    async def agreements(
        self, info: Info[Context, None], filter: Filter = None, first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[FrameworkAgreement]:
        """One page of agreements."""
        found = models.FrameworkAgreement.visible_to(info.context.actor)
        if filter is not None:
            check(filter, "filter")
            if filter.statuses is not None:
                found = found.filter(status__in=filter.statuses)
            if filter.counterparty_id is not None:
                found = found.filter(models.Order.with_company(decode_id("Company", filter.counterparty_id)))
        return Connection.of(await page(found, ("-id",), first=first, after=after))
