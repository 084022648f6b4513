"""Settlement 分账 as the schema shows it to the supplier and the platform; a buyer meets none of it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

import models
from models.rows import related_rows
from resolvers.amounts import Money
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.relations import Many, One, derived, related, shows
from resolvers.words import label
from rules.money import Currency
from rules.settlement import Part, SettlementStatus, ShareReturnStatus, Terms

if TYPE_CHECKING:
    from resolvers.billing import Payment
    from resolvers.companies import Company

LazyPayment = Annotated["Payment", strawberry.lazy("resolvers.billing")]
LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]
described(
    SettlementStatus,
    "SettlementStatus",
    "Where the split of a payment stands; expect new ones.",
    {
        "DUE": "The goods are accepted; it is split once its days are over.",
        "PROCESSING": "The provider was asked; what became of it is not known yet.",
        "SETTLED": "The platform has its share, and the rest is the supplier's.",
        "FAILED": "The provider refused; the operator may have it asked again, under its number unless the provider has closed that.",
        "REVERSING": "A part of the share, or all of it, is on its way back before a refund.",
        "REVERSED": "The platform has nothing of it any more.",
    },
)
described(
    ShareReturnStatus,
    "ShareReturnStatus",
    "Where a part of the platform's share stands that goes back; expect new ones.",
    {
        "REVERSING": "The provider was asked, and is until it has come.",
        "REVERSED": "It came back; so did what was less than a hundredth, at once.",
        "LAPSED": "It is too late for the provider: the platform and the supplier settle it otherwise.",
    },
)


def yuan(value: Any, description: str) -> Any:
    """An amount of the row in CNY, in which all is paid that goes through a provider."""
    return derived(lambda row: Money(amount=value(row), currency=Currency.CNY), description=description)


@strawberry.type(description="What a part of the goods bears of the commission.")
class CommissionPart:
    """Goods under one rule."""

    gross: Money = strawberry.field(description="What these goods cost with tax: how much they weigh.")
    rate: Decimal = strawberry.field(description="The share that the platform keeps of them, such as 0.05.")
    hold_days: int = strawberry.field(description="How many days after acceptance it is kept.")
    rule_id: strawberry.ID | None = strawberry.field(
        description="The rule that says so; null where there was none and nothing is kept."
    )

    @classmethod
    def of(cls, part: Part) -> "CommissionPart":
        """The part, to be shown."""
        return cls(
            gross=Money(amount=part.gross, currency=Currency.CNY),
            rate=part.rate.normalize(),
            hold_days=part.hold_days,
            rule_id=strawberry.ID(encode_id("CommissionRule", part.rule)) if part.rule else None,
        )


async def parts_borne(_context: Context, settlements: Sequence[Any]) -> list[list[CommissionPart]]:
    """What each payment bears, as it was when it was started."""
    ids = [one.payment_id for one in settlements]
    found = await related_rows(models.OnlinePayment, by="payment_id", ids=ids, columns={"payment_id", "terms"})
    borne = {one.payment_id: Terms.read(one.terms or []).parts for one in found}
    return [[CommissionPart.of(part) for part in borne.get(one.payment_id, ())] for one in settlements]


@strawberry.type(description="A part of the platform's share that went back because of a refund, or is to.")
@shows(models.SettlementReturn)
class SettlementReturn:
    """A share on its way back."""

    number: str = strawberry.field(description="Its number with the provider.")
    status: ShareReturnStatus = strawberry.field(description="Where it stands.")
    status_label: str = derived(
        lambda row, context: label("share_return_status", row.status, context.locale),
        description="Where it stands, in words of the caller's language.",
    )
    amount: Money = yuan(lambda row: row.amount, "How much.")
    failure_reason: str | None = strawberry.field(
        description="What the provider said last when it refused, such as that the receiver has not the money."
    )
    created_at: datetime = strawberry.field(description="When it was wanted.")
    done_at: datetime | None = strawberry.field(description="When nothing was left to be done about it; null before.")


@strawberry.type(
    description="The split of one online payment between the platform and the supplier. The buyer never meets it."
)
@shows(models.Settlement)
class Settlement(Node):
    """A split."""

    id: strawberry.ID = derived(lambda row: encode_id("Settlement", row.id), description="Opaque id.")
    number: str = strawberry.field(description="Its number with the provider, the same however often it is asked.")
    version: int = strawberry.field(description="Rises by one with each step: what mutations expect.")
    status: SettlementStatus = strawberry.field(description="Where it stands.")
    status_label: str = derived(
        lambda row, context: label("settlement_status", row.status, context.locale),
        description="Where it stands, in words of the caller's language.",
    )
    base: Money = yuan(lambda row: row.base, "What of the payment had not gone back when it was split, or has not yet.")
    commission: Money = yuan(lambda row: row.commission, "What the platform gets of that.")
    returned: Money = yuan(lambda row: row.returned, "What of the commission came back because of refunds.")
    remainder: Money = yuan(lambda row: row.base - row.commission, "What the supplier got of the base.")
    due_at: datetime = strawberry.field(description="From when on it is split.")
    attempts: int = strawberry.field(description="How often the provider was asked.")
    failure_reason: str | None = strawberry.field(description="What the provider said when it refused.")
    created_at: datetime = strawberry.field(description="When it became due.")
    settled_at: datetime | None = strawberry.field(description="When the platform had its share; null before.")
    parts: list[CommissionPart] = related(parts_borne, description="By which rules, for which part of the goods.")
    returns: list[SettlementReturn] = related(
        Many(models.SettlementReturn, by="settlement_id", order_by=("id",)),
        description="What of the share went back, or is to, the oldest first.",
    )
    payment: LazyPayment = related(One(models.Payment, "payment_id"), description="The payment that is split.")
    supplier: LazyCompany = related(One(models.Company, "supplier_id"), description="Whose payment it is.")


Standing = Annotated[
    SettlementStatus | None, strawberry.argument(description="Those in this status; all of them without it.")
]


@strawberry.type
class SettlementQuery:
    """How to find splits."""

    @strawberry.field(
        description="The splits of the company's payments, for a supplier's FINANCE and ADMIN; all for the platform. Newest first."
    )
    async def settlements(
        self, info: Info[Context, None], status: Standing = None, first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[Settlement]:
        """One page of splits."""
        found = models.Settlement.visible_to(info.context.actor)
        if status is not None:
            found = found.filter(status=status)
        return Connection.of(await page(found, first=first, after=after))
