"""A company's people keep its address book."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.addresses import LOCALITY, Address
from resolvers.context import Context
from resolvers.inputs import Text, check
from resolvers.problems import ALWAYS, CREATING, StaleVersionProblem, answers, known
from resolvers.steps import KEY, Key, shown
from rules.addresses import CHINA, Destination
from services import addresses


@strawberry.input(description="An address, with everything that it says.")
class AddressFieldsInput:
    """What an address says."""

    label: Annotated[str, Text(1, 60)] = strawberry.field(
        description="What the company's own people call it: 1 to 60 characters."
    )
    recipient: Annotated[str, Text(1, 80)] = strawberry.field(
        description="Who takes the goods over: 1 to 80 characters."
    )
    phone: Annotated[str, Text(5, 32, pattern=r"\+?[0-9][0-9 ()-]*[0-9]")] = strawberry.field(
        description="How to reach them: 5 to 32 digits, blanks, brackets and hyphens, a plus sign before them if need be."
    )
    country: Annotated[str, Text(2, 2, pattern="[A-Z]{2}")] = strawberry.field(
        default=CHINA, description="ISO 3166-1 alpha-2 code in capital letters."
    )
    region_code: Annotated[str, Text(6, 6, pattern="[0-9]{6}")] | None = strawberry.field(
        default=None, description="In China: the smallest region's code of GB/T 2260, 6 digits, as `regions` gives it."
    )
    locality: Annotated[str, Text(1, 80)] | None = strawberry.field(
        default=None, description=f"{LOCALITY[:-1]}, at most 80 characters."
    )
    street: Annotated[str, Text(1, 200)] = strawberry.field(
        description="Street and house, and what else leads there, without the region: 1 to 200 characters."
    )
    postal_code: Annotated[str, Text(2, 12)] | None = strawberry.field(
        default=None, description="The postal code, at most 12 characters; 6 digits in China."
    )
    zone: Annotated[str, Text(1, 64)] | None = strawberry.field(
        default=None,
        description="IANA time zone of the place, at most 64 characters; Asia/Shanghai in China unless said.",
    )
    is_default: bool | None = strawberry.field(
        default=None,
        description="Whether it takes the place of the company's default address; where nothing is said the first one does, "
        "and a changed one stays what it was.",
    )


@strawberry.input(description="A new address.")
class CreateAddressInput(AddressFieldsInput):
    """What the book gains."""

    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="An address, as it was read.")
class AddressStepInput:
    """Which address."""

    address_id: strawberry.ID = strawberry.field(description="The address.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="An address, as it was read, and everything that it says from now on.")
class UpdateAddressInput(AddressFieldsInput, AddressStepInput):
    """What the address becomes; what is left out it says no longer."""


@strawberry.type
class AddressNow:
    """What every change of the book answers with."""

    address: Address = strawberry.field(description="The address as it is now.")


@strawberry.type(description="The address was written down.")
class CreateAddressSuccess(AddressNow):
    """The address was written down."""


@strawberry.type(description="The address was changed; orders that were made before keep what they say.")
class UpdateAddressSuccess(AddressNow):
    """The address was changed."""


@strawberry.type(description="The address stands in the book no longer; orders keep what they say.")
class RemoveAddressSuccess(AddressNow):
    """The address was removed."""


def _wish(given: AddressFieldsInput) -> addresses.AddressWish:
    place = Destination(
        recipient=given.recipient,
        phone=given.phone,
        street=given.street,
        country=given.country,
        region_code=given.region_code,
        locality=given.locality,
        postal_code=given.postal_code,
    )
    return addresses.AddressWish(given.label, place, given.zone, given.is_default)


@strawberry.type
class AddressMutation:
    """Changes of the address book."""

    @strawberry.mutation(
        graphql_type=answers(CreateAddressSuccess, *CREATING), description="Write an address into the company's book."
    )
    async def create_address(self, info: Info[Context, None], input: CreateAddressInput) -> CreateAddressSuccess:
        """A new address."""
        check(input)
        address = await addresses.create_address(
            info.context.actor, _wish(input), idempotency_key=input.idempotency_key
        )
        return CreateAddressSuccess(address=shown(address))

    @strawberry.mutation(
        graphql_type=answers(UpdateAddressSuccess, *ALWAYS, StaleVersionProblem), description="Change an address."
    )
    async def update_address(self, info: Info[Context, None], input: UpdateAddressInput) -> UpdateAddressSuccess:
        """The address, changed."""
        check(input)
        address = await addresses.update_address(
            info.context.actor, known("Address", input.address_id), input.expected_version, _wish(input)
        )
        return UpdateAddressSuccess(address=shown(address))

    @strawberry.mutation(
        graphql_type=answers(RemoveAddressSuccess, *ALWAYS, StaleVersionProblem),
        description="Take an address out of the company's book.",
    )
    async def remove_address(self, info: Info[Context, None], input: AddressStepInput) -> RemoveAddressSuccess:
        """The address, removed."""
        address = await addresses.remove_address(
            info.context.actor, known("Address", input.address_id), input.expected_version
        )
        return RemoveAddressSuccess(address=shown(address))
