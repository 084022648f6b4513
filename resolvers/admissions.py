"""Companies register, the operator decides, and they set themselves up."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.amounts import MoneyInput
from resolvers.companies import Company, Member
from resolvers.company_enums import Decision
from resolvers.context import Context
from resolvers.inputs import Text, check
from resolvers.problems import (
    CHANGING,
    ConflictProblem,
    InvalidInputProblem,
    NotAllowedProblem,
    SignInProblem,
    StaleVersionProblem,
    answers,
    known,
)
from resolvers.steps import KEY, Key, shown
from rules.money import Currency
from rules.people import CompanyKind, CompanyStatus
from services import companies
from services.members import Person
from services.secret import Secret

Note = Annotated[str, Text(1, 1000)]


@strawberry.input(description="A company, and its first administrator.")
class RegisterCompanyInput:
    """What a company says of itself."""

    legal_name: Annotated[str, Text(1, 200)] = strawberry.field(
        description="The name in the business licence, at most 200 characters."
    )
    english_name: Annotated[str, Text(1, 200)] | None = strawberry.field(
        default=None, description="The name in English, at most 200 characters."
    )
    credit_code: Annotated[str, Text(18, 18)] = strawberry.field(
        description="Unified social credit code: 18 characters, the last of which checks the others."
    )
    kind: CompanyKind = strawberry.field(description="What it will do: BUYER, SUPPLIER or TRADER.")
    currency: Currency = strawberry.field(default=Currency.CNY, description="What its orders are made in.")
    delivery_place: Annotated[str, Text(1, 300)] | None = strawberry.field(
        default=None, description="Where its orders are to be delivered, at most 300 characters."
    )
    delivery_zone: Annotated[str, Text(1, 64)] = strawberry.field(
        default="Asia/Shanghai", description="IANA time zone of that place, at most 64 characters."
    )
    sign_in_name: Annotated[str, Text(3, 120)] = strawberry.field(
        description="What the administrator signs in with, best an e-mail address: 3 to 120 characters."
    )
    display_name: Annotated[str, Text(1, 120)] = strawberry.field(
        description="What others call the administrator, at most 120 characters."
    )
    password: Annotated[str, Text(1, 200)] = strawberry.field(
        description="The administrator's password: 12 to 128 characters, of any kind."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="The operator's decision on a company, as it was read.")
class ReviewCompanyInput:
    """A decision."""

    company_id: strawberry.ID = strawberry.field(description="The company.")
    expected_version: int = strawberry.field(description="The version that was read.")
    decision: Decision = strawberry.field(description="Whether it is admitted.")
    note: Note | None = strawberry.field(
        default=None, description="What the company is told about it, at most 1000 characters."
    )


@strawberry.input(description="A company to be shut out, as it was read.")
class SuspendCompanyInput:
    """A suspension."""

    company_id: strawberry.ID = strawberry.field(description="The company.")
    expected_version: int = strawberry.field(description="The version that was read.")
    note: Note = strawberry.field(description="Why: 1 to 1000 characters.")


@strawberry.input(description="From which total on the company's orders need an approval.")
class SetApprovalThresholdInput:
    """A threshold."""

    expected_version: int = strawberry.field(description="The version of the company that was read.")
    threshold: MoneyInput | None = strawberry.field(
        description="In the company's currency; orders above it need an approval; null: none does."
    )


@strawberry.input(description="Where the company's new orders are to be delivered.")
class SetDeliveryDefaultsInput:
    """A place."""

    expected_version: int = strawberry.field(description="The version of the company that was read.")
    delivery_place: Annotated[str, Text(1, 300)] | None = strawberry.field(
        description="The place, at most 300 characters; null: each order names its own."
    )
    delivery_zone: Annotated[str, Text(1, 64)] = strawberry.field(
        description="IANA time zone of the place, such as Asia/Shanghai; at most 64 characters."
    )


@strawberry.input(description="What the company's contracts are to look like, from the next one on.")
class SetBrandInput:
    """Colour and line."""

    expected_version: int = strawberry.field(description="The version of the company that was read.")
    colour: Annotated[str, Text(7, 7, pattern="#[0-9a-f]{6}")] | None = strawberry.field(
        description="Colour of rules and headings, as # and six lower-case hex digits; null for the plain one."
    )
    line: Annotated[str, Text(1, 60)] | None = strawberry.field(
        description="A line beside the company's name, at most 60 characters; null for none."
    )


@strawberry.type
class CompanyNow:
    """What every step of a company answers with."""

    company: Company = strawberry.field(description="The company as it is now.")


@strawberry.type(description="The company waits for the operator; its administrator may sign in.")
class RegisterCompanySuccess(CompanyNow):
    """The company waits."""

    administrator: Member = strawberry.field(description="The company's first member.")


@strawberry.type(description="The operator has decided.")
class ReviewCompanySuccess(CompanyNow):
    """The operator has decided."""


@strawberry.type(description="The company is shut out; its people are signed out within seconds.")
class SuspendCompanySuccess(CompanyNow):
    """The company is shut out."""


@strawberry.type(description="The threshold holds for orders submitted from now on.")
class SetApprovalThresholdSuccess(CompanyNow):
    """The threshold is set."""


@strawberry.type(description="The place is suggested in new orders.")
class SetDeliveryDefaultsSuccess(CompanyNow):
    """The place is set."""


@strawberry.type(description="The company's next contracts look like this.")
class SetBrandSuccess(CompanyNow):
    """The brand."""


def _application(given: RegisterCompanyInput) -> companies.Application:
    return companies.Application(
        legal_name=given.legal_name,
        english_name=given.english_name,
        credit_code=given.credit_code,
        kind=given.kind,
        currency=given.currency,
        delivery_place=given.delivery_place,
        delivery_zone=given.delivery_zone,
    )


def _limit(given: MoneyInput | None) -> companies.Limit | None:
    return None if given is None else companies.Limit(given.amount, given.currency)


@strawberry.type
class AdmissionMutation:
    """How companies come in, and what they are set to."""

    @strawberry.mutation(
        graphql_type=answers(
            RegisterCompanySuccess, NotAllowedProblem, InvalidInputProblem, ConflictProblem, SignInProblem
        ),
        description="Register a company; anybody may. The operator then admits or rejects it.",
    )
    async def register_company(self, info: Info[Context, None], input: RegisterCompanyInput) -> RegisterCompanySuccess:
        """A company and its administrator."""
        check(input)
        person = Person(input.sign_in_name, input.display_name, Secret(input.password), info.context.locale)
        company, administrator = await companies.register_company(
            info.context.actor,
            _application(input),
            person,
            address=info.context.address,
            idempotency_key=input.idempotency_key,
        )
        return RegisterCompanySuccess(company=shown(company), administrator=shown(administrator))

    @strawberry.mutation(
        graphql_type=answers(ReviewCompanySuccess, *CHANGING),
        description="Admit or reject a company; for the operator.",
    )
    async def review_company(self, info: Info[Context, None], input: ReviewCompanyInput) -> ReviewCompanySuccess:
        """A decision."""
        check(input)
        company = await companies.review_company(
            info.context.actor,
            known("Company", input.company_id),
            input.expected_version,
            CompanyStatus(input.decision.value),
            input.note,
        )
        return ReviewCompanySuccess(company=shown(company))

    @strawberry.mutation(
        graphql_type=answers(SuspendCompanySuccess, *CHANGING),
        description="Shut a company out; for the operator. `reviewCompany` lets it in again.",
    )
    async def suspend_company(self, info: Info[Context, None], input: SuspendCompanyInput) -> SuspendCompanySuccess:
        """A suspension."""
        check(input)
        company = await companies.suspend_company(
            info.context.actor, known("Company", input.company_id), input.expected_version, input.note
        )
        return SuspendCompanySuccess(company=shown(company))

    @strawberry.mutation(
        graphql_type=answers(SetApprovalThresholdSuccess, NotAllowedProblem, InvalidInputProblem, StaleVersionProblem),
        description="Say above which total the company's orders need an approval; for an ADMIN.",
    )
    async def set_approval_threshold(
        self, info: Info[Context, None], input: SetApprovalThresholdInput
    ) -> SetApprovalThresholdSuccess:
        """A threshold."""
        check(input)
        company = await companies.set_approval_threshold(
            info.context.actor, input.expected_version, _limit(input.threshold)
        )
        return SetApprovalThresholdSuccess(company=shown(company))

    @strawberry.mutation(
        graphql_type=answers(SetDeliveryDefaultsSuccess, NotAllowedProblem, InvalidInputProblem, StaleVersionProblem),
        description="Say where the company's new orders are to be delivered; for an ADMIN.",
    )
    async def set_delivery_defaults(
        self, info: Info[Context, None], input: SetDeliveryDefaultsInput
    ) -> SetDeliveryDefaultsSuccess:
        """A place."""
        check(input)
        company = await companies.set_delivery_defaults(
            info.context.actor, input.expected_version, input.delivery_place, input.delivery_zone
        )
        return SetDeliveryDefaultsSuccess(company=shown(company))

    @strawberry.mutation(
        graphql_type=answers(SetBrandSuccess, NotAllowedProblem, InvalidInputProblem, StaleVersionProblem),
        description="Set what the company's contracts look like; for an ADMIN.",
    )
    async def set_brand(self, info: Info[Context, None], input: SetBrandInput) -> SetBrandSuccess:
        """Colour and line."""
        check(input)
        company = await companies.set_brand(info.context.actor, input.expected_version, input.colour, input.line)
        return SetBrandSuccess(company=shown(company))
