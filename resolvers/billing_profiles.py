"""What a company's invoices say of it besides its name, and how it looks at those it gets."""

from decimal import Decimal

import strawberry
from strawberry.types import Info

import models
from models.rows import row
from resolvers.context import Context
from resolvers.relations import shows


@strawberry.type(
    description="What a company's invoices say of it besides its name and its credit code, and how it looks at those it gets."
)
@shows(models.BillingProfile)
class BillingProfile:
    """Address and bank."""

    address: str | None = strawberry.field(description="Its registered address; null where none was set.")
    phone: str | None = strawberry.field(description="Its phone; null where none was set.")
    bank_name: str | None = strawberry.field(description="Where it has its account; null where none was set.")
    bank_account: str | None = strawberry.field(description="The account to pay to; null where none was set.")
    tolerance_share: Decimal = strawberry.field(
        description="By which share a line of an invoice may claim more than the contract's price of what was accepted, such as 0.02."
    )
    tolerance_amount: Decimal = strawberry.field(
        description="By which amount it may, in the company's currency and for invoices in that; the greater of both counts."
    )
    accepts_matched: bool = strawberry.field(
        description="Whether an invoice is accepted by itself that matches, or differs by no more than that."
    )


@strawberry.type
class BillingProfileQuery:
    """How a company looks at its own setting."""

    @strawberry.field(
        description="What the caller's company has set of its invoices; null where nothing was, and for the platform."
    )
    async def billing_profile(self, info: Info[Context, None]) -> BillingProfile | None:
        """One's own, and nobody else's."""
        return await row(models.BillingProfile.visible_to(info.context.actor))
