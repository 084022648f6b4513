"""How a company sets up its invoices."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.admissions import CompanyNow
from resolvers.context import Context
from resolvers.inputs import Text, check
from resolvers.problems import InvalidInputProblem, NotAllowedProblem, StaleVersionProblem, answers
from resolvers.steps import shown
from services import billing_profiles
from services.billing_profiles import BillingDetails


@strawberry.input(description="What the company's next invoices are to say of it; null leaves a part away.")
class SetBillingDetailsInput:
    """Address and bank."""

    expected_version: int = strawberry.field(description="The version of the company that was read.")
    address: Annotated[str, Text(1, 300)] | None = strawberry.field(
        description="The registered address, at most 300 characters."
    )
    phone: Annotated[str, Text(1, 32)] | None = strawberry.field(description="The phone, at most 32 characters.")
    bank_name: Annotated[str, Text(1, 120)] | None = strawberry.field(
        description="The bank and its branch, at most 120 characters."
    )
    bank_account: Annotated[str, Text(1, 34, pattern="[0-9A-Z][0-9A-Z -]*")] | None = strawberry.field(
        description="The account: digits, capital letters, spaces and hyphens, at most 34 (as many as an IBAN has, ISO 13616)."
    )


@strawberry.type(description="The company's next invoices say this.")
class SetBillingDetailsSuccess(CompanyNow):
    """Address and bank."""


@strawberry.type
class BillingProfileMutation:
    """How a company sets up its invoices."""

    @strawberry.mutation(
        graphql_type=answers(SetBillingDetailsSuccess, NotAllowedProblem, InvalidInputProblem, StaleVersionProblem),
        description="Set address, phone and bank as the company's invoices and credit notes print them from now on; for an ADMIN.",
    )
    async def set_billing_details(
        self, info: Info[Context, None], input: SetBillingDetailsInput
    ) -> SetBillingDetailsSuccess:
        """Address and bank."""
        check(input)
        details = BillingDetails(input.address, input.phone, input.bank_name, input.bank_account)
        company = await billing_profiles.set_billing_details(info.context.actor, input.expected_version, details)
        return SetBillingDetailsSuccess(company=shown(company))
