"""Makes addresses by walking the real verbs."""

from typing import Any

from models import Address
from rules.addresses import Destination
from rules.people import Actor
from services.addresses import AddressWish, create_address
from tests.makers import make_key

PUDONG = "310115"


def make_destination(**facts: Any) -> Destination:
    """A warehouse in Pudong."""
    said = {
        "recipient": "李欣",
        "phone": "+86 138-0000-0000",
        "street": "世纪大道1号",
        "region_code": PUDONG,
        "postal_code": "200120",
        **facts,
    }
    return Destination(**said)


async def make_address(
    actor: Actor, *, label: str = "Warehouse", zone: str | None = None, is_default: bool | None = None, **facts: Any
) -> Address:
    """An entry of the actor's company's address book."""
    wish = AddressWish(label, make_destination(**facts), zone, is_default)
    return await create_address(actor, wish, idempotency_key=make_key())
