"""What suppliers do about price lists and the grades of their customers."""

from datetime import date
from typing import Annotated, Protocol

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.inputs import Items, Pieces, Text, check
from resolvers.offer_inputs import Price
from resolvers.price_lists import CustomerGrade, PriceList
from resolvers.problems import ALWAYS, CREATING, ConflictProblem, StaleVersionProblem, answers, known
from resolvers.steps import KEY, Key, shown
from rules.money import Currency, TaxInclusion
from rules.pricing.price_lists import PriceBreak
from services import price_lists

MOST_PRODUCTS, MOST_BREAKS = 5000, 10
Name = Annotated[str, Text(1, 120)]
NAME = "What it is called, for the company's own people alone: 1 to 120 characters."
FROM = "The first day it is valid, in the calendar of the company's own place."
TO = "The last day it is valid; null: until it is archived."


@strawberry.input(description="A new grade of the caller's customers.")
class CreateCustomerGradeInput:
    """A new grade."""

    name: Name = strawberry.field(description=NAME)
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A grade as it was read, and its new name.")
class UpdateCustomerGradeInput:
    """A grade to be renamed."""

    grade_id: strawberry.ID = strawberry.field(description="The grade.")
    expected_version: int = strawberry.field(description="The version that was read.")
    name: Name = strawberry.field(description=NAME)


@strawberry.input(description="At which grade a customer is to be kept.")
class AssignCustomerGradeInput:
    """A customer and a grade."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    grade_id: strawberry.ID | None = strawberry.field(description="The grade; null for none.")


@strawberry.input(description="A new price list, without prices yet; whom it is for and its currency stay for good.")
class CreatePriceListInput:
    """A new price list."""

    name: Name = strawberry.field(description=NAME)
    currency: Currency = strawberry.field(description="The currency of all its prices.")
    tax_inclusion: TaxInclusion = strawberry.field(
        default=TaxInclusion.EXCLUSIVE, description="How all its prices are stated; that stays for good."
    )
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="The one customer it is for; or else a grade, or everyone."
    )
    grade_id: strawberry.ID | None = strawberry.field(
        default=None, description="The grade of customers it is for; or else a customer, or everyone."
    )
    valid_from: date = strawberry.field(description=FROM)
    valid_to: date | None = strawberry.field(default=None, description=TO)
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A price list, as it was read.")
class PriceListStepInput:
    """Which list."""

    price_list_id: strawberry.ID = strawberry.field(description="The price list, of the caller's company.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="A price list as it was read, and as it is to be: everything is replaced.")
class UpdatePriceListInput(PriceListStepInput):
    """A changed list."""

    name: Name = strawberry.field(description=NAME)
    valid_from: date = strawberry.field(description=FROM)
    valid_to: date | None = strawberry.field(default=None, description=TO)


@strawberry.input(description="What one unit costs from a quantity on, stated as the list's prices are.")
class PriceBreakInput:
    """A quantity break."""

    minimum_quantity: Pieces = strawberry.field(
        description="From how many on, in the product's unit; more than 0, at most 10¹²."
    )
    unit_price: Price = strawberry.field(description="The price of one, with at most 6 decimals, at most 10¹².")


@strawberry.input(description="All prices of one product on a list.")
class ProductPricesInput:
    """A product's prices."""

    product_id: strawberry.ID = strawberry.field(description="The product, of the caller's company.")
    breaks: Annotated[list[PriceBreakInput], Items(0, MOST_BREAKS)] = strawberry.field(
        description="Its prices by quantity: at most 10; none takes the product off the list."
    )


@strawberry.input(description="Prices of a list; those of products that are not named stay.")
class SetPriceListItemsInput(PriceListStepInput):
    """Prices to be set."""

    prices: Annotated[list[ProductPricesInput], Items(1, MOST_PRODUCTS)] = strawberry.field(
        description="Each product once: 1 to 5000."
    )


@strawberry.type
class CustomerGradeNow:
    """What a step on a grade answers with."""

    customer_grade: CustomerGrade = strawberry.field(description="The grade as it is now.")


@strawberry.type(description="Customers may be kept at the grade.")
class CreateCustomerGradeSuccess(CustomerGradeNow):
    """A grade was made."""


@strawberry.type(description="The grade has its new name.")
class UpdateCustomerGradeSuccess(CustomerGradeNow):
    """A grade was renamed."""


@strawberry.type(description="What is priced from now on follows the customer's grade.")
class AssignCustomerGradeSuccess:
    """A customer is at a grade, or at none."""

    customer_grade: CustomerGrade | None = strawberry.field(description="The grade as it is now; null for none.")


@strawberry.type
class PriceListNow:
    """What a step on a price list answers with."""

    price_list: PriceList = strawberry.field(description="The list as it is now.")


@strawberry.type(description="The list is there; it has no prices yet.")
class CreatePriceListSuccess(PriceListNow):
    """A list was made."""


@strawberry.type(description="The list is changed, for what is priced from now on.")
class UpdatePriceListSuccess(PriceListNow):
    """A list was changed."""


@strawberry.type(description="The list prices nothing any more.")
class ArchivePriceListSuccess(PriceListNow):
    """A list was put away."""


@strawberry.type(description="The prices hold for what is priced from now on.")
class SetPriceListItemsSuccess(PriceListNow):
    """Prices were set."""


class ForSomebody(Protocol):
    """An input that says whom something is for."""

    customer_id: strawberry.ID | None
    grade_id: strawberry.ID | None


def audience_of(given: ForSomebody) -> price_lists.AudienceWish:
    """Whom something is to be for."""
    return price_lists.AudienceWish(
        known("Company", given.customer_id) if given.customer_id is not None else None,
        known("CustomerGrade", given.grade_id) if given.grade_id is not None else None,
    )


def _prices(given: SetPriceListItemsInput) -> list[price_lists.ProductPrices]:
    return [
        price_lists.ProductPrices(
            known("Product", one.product_id),
            tuple(PriceBreak(at.minimum_quantity, at.unit_price) for at in one.breaks),
        )
        for one in given.prices
    ]


@strawberry.type
class ListingPricesMutation:
    """What suppliers do about price lists and grades."""

    @strawberry.mutation(
        graphql_type=answers(CreateCustomerGradeSuccess, *CREATING),
        description="Make a grade of customers; for ADMIN and SALES of a company that supplies.",
    )
    async def create_customer_grade(
        self, info: Info[Context, None], input: CreateCustomerGradeInput
    ) -> CreateCustomerGradeSuccess:
        """A grade, made."""
        check(input)
        grade = await price_lists.create_customer_grade(
            info.context.actor, input.name, idempotency_key=input.idempotency_key
        )
        return CreateCustomerGradeSuccess(customer_grade=shown(grade))

    @strawberry.mutation(
        graphql_type=answers(UpdateCustomerGradeSuccess, *ALWAYS, StaleVersionProblem, ConflictProblem),
        description="Give a grade another name; for ADMIN and SALES.",
    )
    async def update_customer_grade(
        self, info: Info[Context, None], input: UpdateCustomerGradeInput
    ) -> UpdateCustomerGradeSuccess:
        """A grade, renamed."""
        check(input)
        grade = await price_lists.update_customer_grade(
            info.context.actor, known("CustomerGrade", input.grade_id), input.expected_version, input.name
        )
        return UpdateCustomerGradeSuccess(customer_grade=shown(grade))

    @strawberry.mutation(
        graphql_type=answers(AssignCustomerGradeSuccess, *ALWAYS),
        description="Keep a customer at a grade, or at none; for ADMIN and SALES. The customer is not told.",
    )
    async def assign_customer_grade(
        self, info: Info[Context, None], input: AssignCustomerGradeInput
    ) -> AssignCustomerGradeSuccess:
        """A customer, kept at a grade."""
        check(input)
        grade = await price_lists.assign_customer_grade(
            info.context.actor,
            known("Company", input.customer_id),
            None if input.grade_id is None else known("CustomerGrade", input.grade_id),
        )
        return AssignCustomerGradeSuccess(customer_grade=shown(grade))

    @strawberry.mutation(
        graphql_type=answers(CreatePriceListSuccess, *CREATING),
        description="Make a price list for a customer, a grade or everyone; for ADMIN and SALES of a company that supplies.",
    )
    async def create_price_list(self, info: Info[Context, None], input: CreatePriceListInput) -> CreatePriceListSuccess:
        """A list, made."""
        check(input)
        listed = await price_lists.create_price_list(
            info.context.actor,
            input.name,
            input.currency,
            audience_of(input),
            input.valid_from,
            input.valid_to,
            input.tax_inclusion,
            idempotency_key=input.idempotency_key,
        )
        return CreatePriceListSuccess(price_list=shown(listed))

    @strawberry.mutation(
        graphql_type=answers(UpdatePriceListSuccess, *ALWAYS, StaleVersionProblem),
        description="Change a price list's name and days; for ADMIN and SALES.",
    )
    async def update_price_list(self, info: Info[Context, None], input: UpdatePriceListInput) -> UpdatePriceListSuccess:
        """A list, changed."""
        check(input)
        list_id = known("PriceList", input.price_list_id)
        listed = await price_lists.update_price_list(
            info.context.actor, list_id, input.expected_version, input.name, input.valid_from, input.valid_to
        )
        return UpdatePriceListSuccess(price_list=shown(listed))

    @strawberry.mutation(
        graphql_type=answers(ArchivePriceListSuccess, *ALWAYS, StaleVersionProblem),
        description="Put a price list away for good; for ADMIN and SALES.",
    )
    async def archive_price_list(self, info: Info[Context, None], input: PriceListStepInput) -> ArchivePriceListSuccess:
        """A list, put away."""
        check(input)
        list_id = known("PriceList", input.price_list_id)
        listed = await price_lists.archive_price_list(info.context.actor, list_id, input.expected_version)
        return ArchivePriceListSuccess(price_list=shown(listed))

    @strawberry.mutation(
        graphql_type=answers(SetPriceListItemsSuccess, *ALWAYS, StaleVersionProblem),
        description="Replace all prices of some products on a list; for ADMIN and SALES.",
    )
    async def set_price_list_items(
        self, info: Info[Context, None], input: SetPriceListItemsInput
    ) -> SetPriceListItemsSuccess:
        """Prices, set."""
        check(input)
        list_id = known("PriceList", input.price_list_id)
        listed = await price_lists.set_price_list_items(
            info.context.actor, list_id, input.expected_version, _prices(input)
        )
        return SetPriceListItemsSuccess(price_list=shown(listed))
