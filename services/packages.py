"""What the packages of a shipment are, and the numbers on them: written down inside the verbs that despatch, pack and cancel."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models import Company, Order, OrderLine, Package, PackageLine, Shipment, ShipmentLine, Sscc, SsccSeries
from models.base import new_id
from rules.gs1 import capacity, is_sscc, sscc
from rules.packing import Box, PackageType, check_packed
from rules.problems import FieldFault, InvalidInput, NotFound, invalid
from rules.quantity import each_once
from services import clock

PATH = "input.packages"


@dataclass(frozen=True)
class PackageWish:
    """A package: of which type, how much of which order lines lies in it, its number where it has one, kilograms and centimetres."""

    package_type: PackageType
    contents: tuple[tuple[UUID, Decimal], ...] = ()
    sscc: str | None = None
    gross_weight: Decimal | None = None
    box: Box | None = None


async def pack(order: Order, shipment: Shipment, wishes: Sequence[PackageWish]) -> None:
    """Make these all packages of a shipment whose order is locked, in this order; each gets a number if its supplier has a prefix.

    InvalidInput, NotFound or QuantityExceeded where they cannot be. Numbers of earlier packages stay the shipment's.
    """
    lines = {line.order_line_id: line for line in await ShipmentLine.of(shipment.id)}
    contents = [each_once(f"{PATH}[{place}].contents", wish.contents) for place, wish in enumerate(wishes)]
    await _check_contents(order, lines, [packed for content in contents for packed in content.items()])
    numbers = await _numbers(order, shipment, wishes)
    await Package.of(shipment.id).delete()
    moment = clock.now()
    packages = [
        Package(
            id=new_id(),
            shipment_id=shipment.id,
            position=position,
            package_type=wish.package_type,
            sscc=number,
            gross_weight=wish.gross_weight,
            created_at=moment,
            **(vars(wish.box) if wish.box else {}),
        )
        for position, (wish, number) in enumerate(zip(wishes, numbers, strict=True), 1)
    ]
    await Package.write_all(packages)
    await PackageLine.write_all(
        PackageLine(
            package_id=package.id, shipment_line_id=lines[line].id, position=place, quantity=quantity, created_at=moment
        )
        for package, content in zip(packages, contents, strict=True)
        for place, (line, quantity) in enumerate(content.items(), 1)
    )


async def free_numbers(shipment: Shipment) -> None:
    """Let other shipments have the numbers of one that never left."""
    await Sscc.of(shipment.id).delete()


async def _check_contents(order: Order, lines: dict[UUID, ShipmentLine], packed: list[tuple[UUID, Decimal]]) -> None:
    for line, _quantity in packed:
        if line not in lines:
            raise NotFound("OrderLine", line)
    positions = {line.id: line.position for line in await OrderLine.of(order.id)} if packed else {}
    check_packed(packed, {line: lines[line].despatched for line, _quantity in packed}, positions)


async def _numbers(order: Order, shipment: Shipment, wishes: Sequence[PackageWish]) -> list[str | None]:
    """The number of each package: the one that was given, or else the supplier's next, or none without a prefix."""
    given = {wish.sscc: place for place, wish in enumerate(wishes) if wish.sscc is not None}
    _check_given(wishes, given)
    wanted = len(wishes) - len(given)
    prefix = (await Company.named(order.supplier_id)).gs1_company_prefix if wanted else None
    made = iter(await _made(order.supplier_id, prefix, wanted, given.keys()) if prefix else ())
    numbers = [wish.sscc or next(made, None) for wish in wishes]
    await _claim(order.supplier_id, shipment, numbers)
    return numbers


def _check_given(wishes: Sequence[PackageWish], given: dict[str, int]) -> None:
    faults = []
    for place, wish in enumerate(wishes):
        if wish.sscc is None:
            continue
        if not is_sscc(wish.sscc):
            faults.append(
                FieldFault(f"{PATH}[{place}].sscc", "is not an SSCC: 18 digits, the last of which checks the others")
            )
        elif given[wish.sscc] != place:
            faults.append(FieldFault(f"{PATH}[{place}].sscc", "stands on another package, too"))
    if faults:
        raise InvalidInput(tuple(faults))


async def _made(supplier_id: UUID, prefix: str, wanted: int, given: Collection[str]) -> list[str]:
    """The supplier's next numbers that nobody used; the series stays locked until commit, so that none is made twice."""
    blank = SsccSeries(supplier_id=supplier_id, prefix=prefix, created_at=clock.now())
    await blank.written()
    series = await SsccSeries.of(supplier_id, prefix).select_for_update(no_key=True).get()
    made: list[str] = []
    step = wanted
    while len(made) < wanted:
        upto = min(series.ordinal + step, capacity(prefix))
        if upto == series.ordinal:
            raise invalid(PATH, "all SSCCs of the company prefix are used up")
        candidates = [sscc(prefix, ordinal) for ordinal in range(series.ordinal, upto)]
        # The supplier's own systems may have used some; twice as many are looked at each time, so that few looks are enough.
        taken = await Sscc.owners(supplier_id, candidates)
        made += [number for number in candidates if number not in taken and number not in given]
        series.ordinal, step = upto, step * 2
    await series.save(update_fields=["ordinal"])
    return made[:wanted]


async def _claim(supplier_id: UUID, shipment: Shipment, numbers: Sequence[str | None]) -> None:
    """Make the numbers the shipment's; InvalidInput where another of the supplier's has one. Who asks at once waits here."""
    places = {number: place for place, number in enumerate(numbers) if number is not None}
    moment = clock.now()
    await Sscc.bulk_create(
        (
            Sscc(supplier_id=supplier_id, number=number, shipment_id=shipment.id, created_at=moment)
            for number in sorted(places)
        ),
        ignore_conflicts=True,
    )
    owners = await Sscc.owners(supplier_id, places)
    faults = [
        FieldFault(f"{PATH}[{place}].sscc", "was used for another shipment; an SSCC is never used again")
        for number, place in places.items()
        if owners[number] != shipment.id
    ]
    if faults:
        raise InvalidInput(tuple(faults))
