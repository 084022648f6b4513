"""Rates of value added tax: what is valid, and the operator's steps when the law changes."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

import models
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import encode_id
from resolvers.inputs import PAGE_DEFAULT, Number, Text, check
from resolvers.names import localized
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.problems import ALWAYS, CREATING, ConflictProblem, StaleVersionProblem, answers, known
from resolvers.relations import derived, related, shows
from resolvers.steps import KEY, Key, shown
from rules.addresses import CHINA, CHINA_TIME
from rules.tax import TaxCategory
from services import clock, tax

Country = Annotated[str, Text(2, 2, pattern="[A-Z]{2}")]

described(
    TaxCategory,
    "TaxCategory",
    "What kind of rate it is (UN/ECE 5305); expect new ones.",
    {
        "S": "Standard rate.",
        "AA": "Lower rate, or the levy rate of small-scale taxpayers.",
        "Z": "Zero rate, such as for exports.",
        "E": "Exempt from tax.",
        "O": "Outside the scope of tax.",
    },
)


@strawberry.type(description="A rate of VAT as the law of a country has it from one day to another.")
@shows(models.VatRate)
class VatRate(Node):
    """A rate."""

    id: strawberry.ID = derived(lambda row: encode_id("VatRate", row.id), description="Opaque id.")
    country: str = strawberry.field(description="ISO 3166-1 alpha-2 code, such as `CN`.")
    category: TaxCategory = strawberry.field(description="What kind of rate it is.")
    rate: Decimal = derived(lambda row: row.rate.normalize(), description="The rate as a share: 0.13 is 13 %.")
    name: str = related(localized, description="What it is called, in one language.")
    name_zh: str = strawberry.field(description="What it is called in Chinese.")
    name_en: str = strawberry.field(description="What it is called in English.")
    valid_from: date = strawberry.field(description="The first day on which it is valid.")
    valid_to: date | None = strawberry.field(description="The last day; null: until further notice.")
    source: str = strawberry.field(description="The law or notice it comes from.")
    version: int = strawberry.field(description="What `endVatRate` expects.")


@strawberry.input(description="A rate that the law has from a day on.")
class AddVatRateInput:
    """A new rate."""

    country: Country = strawberry.field(default=CHINA, description="ISO 3166-1 alpha-2 code: CN unless said.")
    category: TaxCategory = strawberry.field(description="What kind of rate it is.")
    rate: Annotated[Decimal, Number(least=0, most=Decimal("0.99"), places=6)] = strawberry.field(
        description="The rate as a share, from 0 to 0.99; 0 for what is not taxed."
    )
    name_zh: Annotated[str, Text(1, 200)] = strawberry.field(description="Its name in Chinese: 1 to 200 characters.")
    name_en: Annotated[str, Text(1, 200)] = strawberry.field(description="Its name in English: 1 to 200 characters.")
    valid_from: date = strawberry.field(description="The first day on which it is valid.")
    valid_to: date | None = strawberry.field(default=None, description="The last day; null: until further notice.")
    source: Annotated[str, Text(1, 500)] = strawberry.field(
        description="The law or notice it comes from: 1 to 500 characters."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A rate as it was read, and its last day.")
class EndVatRateInput:
    """A rate that ends."""

    vat_rate_id: strawberry.ID = strawberry.field(description="The rate.")
    expected_version: int = strawberry.field(description="The version that was read.")
    valid_to: date = strawberry.field(description="The last day on which it is valid; not before the first.")


@strawberry.type(description="The rate is taken from its first day on.")
class AddVatRateSuccess:
    """A rate was added."""

    vat_rate: VatRate = strawberry.field(description="The rate.")


@strawberry.type(description="The rate is taken until its last day; what was agreed at it stays.")
class EndVatRateSuccess:
    """A rate ends."""

    vat_rate: VatRate = strawberry.field(description="The rate as it is now.")


@strawberry.type
class VatRateQuery:
    """How to find rates."""

    @strawberry.field(description="The rates of VAT that a country's law has on a day, the highest first.")
    async def vat_rates(
        self,
        info: Info[Context, None],
        on: Annotated[date | None, strawberry.argument(description="The day; today in China unless said.")] = None,
        country: Annotated[str, strawberry.argument(description="ISO 3166-1 alpha-2 code.")] = CHINA,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> Connection[VatRate]:
        """One page of rates; none where nothing is known of the country: any rate is taken there."""
        valid = models.VatRate.on(on or clock.today(CHINA_TIME))
        found = models.VatRate.visible_to(info.context.actor).filter(valid, country=country)
        return Connection.of(await page(found, ("-rate", "-id"), first=first, after=after))


@strawberry.type
class VatRateMutation:
    """What the operator does when the law changes."""

    @strawberry.mutation(
        graphql_type=answers(AddVatRateSuccess, *CREATING),
        description="Add a rate that the law has; for the platform's operators.",
    )
    async def add_vat_rate(self, info: Info[Context, None], input: AddVatRateInput) -> AddVatRateSuccess:
        """A rate, added."""
        check(input)
        said = {name: value for name, value in vars(input).items() if name != "idempotency_key"}
        found = await tax.add_vat_rate(
            info.context.actor, tax.VatRateWish(**said), idempotency_key=input.idempotency_key
        )
        return AddVatRateSuccess(vat_rate=shown(found))

    @strawberry.mutation(
        graphql_type=answers(EndVatRateSuccess, *ALWAYS, StaleVersionProblem, ConflictProblem),
        description="Say the last day of a rate, or say it anew; for the platform's operators.",
    )
    async def end_vat_rate(self, info: Info[Context, None], input: EndVatRateInput) -> EndVatRateSuccess:
        """A rate, ended."""
        check(input)
        found = await tax.end_vat_rate(
            info.context.actor, known("VatRate", input.vat_rate_id), input.expected_version, input.valid_to
        )
        return EndVatRateSuccess(vat_rate=shown(found))
