"""What a company's invoices say of it besides its name."""

import strawberry

import models
from resolvers.relations import shows


@strawberry.type(description="What a company's invoices say of it besides its name and its credit code.")
@shows(models.BillingProfile)
class BillingProfile:
    """Address and bank."""

    address: str | None = strawberry.field(description="Its registered address; null where none was set.")
    phone: str | None = strawberry.field(description="Its phone; null where none was set.")
    bank_name: str | None = strawberry.field(description="Where it has its account; null where none was set.")
    bank_account: str | None = strawberry.field(description="The account to pay to; null where none was set.")
