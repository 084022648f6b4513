"""Makes packages, and the numbers on them."""

from decimal import Decimal
from itertools import count

from models import Company, Order, Package, PackageLine
from rules.gs1 import sscc
from rules.packing import Box, PackageType
from rules.people import Actor
from services.companies import set_gs1_company_prefix
from services.packages import PackageWish
from tests.order_makers import lines_of

PREFIX = "6901234"
_numbers = count(1)


def make_sscc() -> str:
    """A right number nobody used."""
    return sscc("4012345", next(_numbers))


async def make_wish(order: Order, *quantities: str, **facts: object) -> PackageWish:
    """A carton with so much of each line of the order; "0" leaves a line out."""
    lines = await lines_of(order)
    packed = tuple((line.id, Decimal(much)) for line, much in zip(lines, quantities, strict=False) if Decimal(much))
    said = {"gross_weight": Decimal("12.5"), "box": Box(Decimal(60), Decimal(40), Decimal("35.5")), **facts}
    return PackageWish(PackageType.CT, packed, **said)  # type: ignore[arg-type]


async def make_prefix(admin: Actor, prefix: str | None = PREFIX) -> None:
    """From now on the company's packages get numbers."""
    await set_gs1_company_prefix(admin, (await Company.named(admin.home)).version, prefix)


async def packed(shipment_id: object) -> list[tuple[str | None, list[Decimal]]]:
    """What is stored of a shipment's packages: the number of each, and how much of each line lies in it."""
    packages = await Package.filter(shipment_id=shipment_id).order_by("position")
    return [
        (
            package.sscc,
            [line.quantity for line in await PackageLine.filter(package_id=package.id).order_by("position")],
        )
        for package in packages
    ]
