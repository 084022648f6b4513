"""How a company sets up its invoices."""

from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.admissions import CompanyNow
from resolvers.billing_profiles import BillingProfile
from resolvers.context import Context
from resolvers.inputs import Number, Text, check
from resolvers.problems import InvalidInputProblem, NotAllowedProblem, StaleVersionProblem, answers
from resolvers.steps import shown
from services import billing_profiles
from services.billing_profiles import BillingDetails, Matching


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


@strawberry.input(
    description="How far invoices to the company may be off, and whether matched ones are accepted by themselves."
)
class SetInvoiceMatchingInput:
    """Tolerance and acceptance."""

    expected_version: int = strawberry.field(description="The version of the company that was read.")
    tolerance_share: Annotated[Decimal, Number(least=0, most=1, places=6)] = strawberry.field(
        description="By which share a line may claim more than the contract's price of what was accepted: 0 to 1, such as 0.02."
    )
    tolerance_amount: Annotated[Decimal, Number(least=0, most=10**12, places=2)] = strawberry.field(
        description="By which amount it may, in the company's currency; the greater of both counts. 0 for none."
    )
    accepts_matched: bool = strawberry.field(
        description="Whether an invoice is accepted by itself when it is issued, if it matches or differs by no more than that."
    )


@strawberry.type(description="The company looks at invoices like this.")
class SetInvoiceMatchingSuccess(CompanyNow):
    """Tolerance and acceptance."""

    billing_profile: BillingProfile = strawberry.field(description="All that is set now.")


@strawberry.type(description="The company's next invoices say this.")
class SetBillingDetailsSuccess(CompanyNow):
    """Address and bank."""

    billing_profile: BillingProfile = strawberry.field(description="All that is set now.")


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
        company, profile = await billing_profiles.set_billing_details(
            info.context.actor, input.expected_version, details
        )
        return SetBillingDetailsSuccess(company=shown(company), billing_profile=shown(profile))

    @strawberry.mutation(
        graphql_type=answers(SetInvoiceMatchingSuccess, NotAllowedProblem, InvalidInputProblem, StaleVersionProblem),
        description="Set how far invoices to the company may be off, and whether matched ones are accepted by themselves; for ADMIN and "
        "FINANCE. No supplier is told.",
    )
    async def set_invoice_matching(
        self, info: Info[Context, None], input: SetInvoiceMatchingInput
    ) -> SetInvoiceMatchingSuccess:
        """Tolerance and acceptance."""
        check(input)
        wish = Matching(input.tolerance_share, input.tolerance_amount, input.accepts_matched)
        company, profile = await billing_profiles.set_invoice_matching(info.context.actor, input.expected_version, wish)
        return SetInvoiceMatchingSuccess(company=shown(company), billing_profile=shown(profile))
