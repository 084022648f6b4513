"""Packing lists and labels of packages: printed anew each time from what is stored, since packings change until goods arrive."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from models import Company, Order, OrderLine, Package, PackageLine, Shipment, ShipmentLine
from models.package import box
from rules.contract import canonical, fingerprint
from rules.packing import FINEST_WEIGHT, volume, whole
from rules.people import Actor
from rules.problems import NotFound, Unavailable
from rules.quantity import plain
from services.awarding import branded, party
from services.partners import printer
from services.printing import aside

PACKING_LIST, LABEL = "dinghuo-packing-list/1", "dinghuo-logistic-label/1"


@dataclass(frozen=True)
class Printout:
    """A file under a name; `sha256` is that of the facts on it, which alone decide its bytes."""

    name: str
    sha256: str
    content: bytes


async def packing_list(actor: Actor, shipment_id: UUID) -> Printout:
    """Where the goods go and with whom, what lies in which package, and what is left over."""
    shipment = await _seen(actor, shipment_id)
    return await _printed(
        f"{shipment.number}-packing-list.pdf", {**await _facts(actor, shipment), "template": PACKING_LIST}
    )


async def labels(actor: Actor, shipment_id: UUID) -> Printout:
    """A label for each package of a shipment, a page each; NotFound where it has none."""
    shipment = await _seen(actor, shipment_id)
    facts = await _facts(actor, shipment)
    positions = [package["position"] for package in facts["packages"]]
    if not positions:
        raise NotFound("Shipment", shipment_id)
    return await _labelled(f"{shipment.number}-labels.pdf", facts, positions)


async def label(actor: Actor, package_id: UUID) -> Printout:
    """The label of one package."""
    package = await Package.visible_to(actor).get_or_none(id=package_id)
    if package is None:
        raise NotFound("Package", package_id)
    shipment = await Shipment.named(package.shipment_id)
    facts = await _facts(actor, shipment)
    return await _labelled(f"{shipment.number}-{package.position}.pdf", facts, [package.position])


async def _labelled(name: str, facts: Mapping[str, Any], positions: list[int]) -> Printout:
    return await _printed(name, {**facts, "template": LABEL, "labelled": positions})


async def _printed(name: str, facts: Mapping[str, Any]) -> Printout:
    text = canonical(facts)
    return Printout(name, fingerprint(text), await aside(lambda: printer().printout(text)))


async def _seen(actor: Actor, shipment_id: UUID) -> Shipment:
    shipment = await Shipment.visible_to(actor).get_or_none(id=shipment_id)
    if shipment is None:
        raise NotFound("Shipment", shipment_id)
    return shipment


async def _facts(actor: Actor, shipment: Shipment) -> dict[str, Any]:
    """Everything that either paper says; Unavailable where it was packed anew while this read it."""
    order = await Order.visible_to(actor).get(id=shipment.order_id)
    goods = {line.id: line for line in await OrderLine.of(order.id)}
    travelling = await ShipmentLine.of(shipment.id)
    packages = await Package.of(shipment.id)
    packed = await PackageLine.within([package.id for package in packages])
    if (await Shipment.named(shipment.id)).version != shipment.version:
        raise Unavailable
    return {
        **await _heading(order, shipment),
        "grossWeight": _text(whole([package.gross_weight for package in packages], FINEST_WEIGHT)),
        "volume": _text(volume(map(box, packages))),
        "lines": _lines(travelling, goods, packed),
        "packages": _packages(packages, {line.id: goods[line.order_line_id] for line in travelling}, packed),
    }


async def _heading(order: Order, shipment: Shipment) -> dict[str, Any]:
    return {
        "number": shipment.number,
        "order": order.number,
        "buyer": party(await Company.named(order.buyer_id)),
        "supplier": branded(await Company.named(order.supplier_id)),
        "despatchedAt": shipment.despatched_at.isoformat(),
        "zone": order.delivery_zone,
        "promisedOn": shipment.promised_on and shipment.promised_on.isoformat(),
        "mode": shipment.transport_mode,
        "carrier": shipment.carrier,
        "waybill": shipment.waybill,
        "to": _place(order),
    }


def _lines(
    travelling: Iterable[ShipmentLine], goods: Mapping[UUID, OrderLine], packed: Iterable[PackageLine]
) -> list[dict[str, Any]]:
    sums: dict[UUID, Decimal] = defaultdict(Decimal)
    for line in packed:
        sums[line.shipment_line_id] += line.quantity
    return [
        {
            **_article(goods[line.order_line_id]),
            "position": line.position,
            "nameEn": goods[line.order_line_id].name_en,
            "despatched": plain(line.despatched),
            "packed": plain(sums[line.id]),
            "unpacked": plain(line.despatched - sums[line.id]),
        }
        for line in travelling
    ]


def _packages(
    packages: Iterable[Package], goods: Mapping[UUID, OrderLine], packed: Iterable[PackageLine]
) -> list[dict[str, Any]]:
    contents: dict[UUID, list[PackageLine]] = defaultdict(list)
    for line in packed:
        contents[line.package_id].append(line)
    return [
        {
            "position": package.position,
            "type": package.package_type,
            "sscc": package.sscc,
            "grossWeight": _text(package.gross_weight),
            "length": _text(package.length),
            "width": _text(package.width),
            "height": _text(package.height),
            "volume": _text(volume([box(package)])),
            "to": _apart([goods[line.shipment_line_id] for line in contents[package.id]]),
            "lines": [
                {**_article(goods[line.shipment_line_id]), "quantity": plain(line.quantity)}
                for line in contents[package.id]
            ],
        }
        for package in packages
    ]


def _article(line: OrderLine) -> dict[str, Any]:
    return {"sku": line.sku, "nameZh": line.name_zh, "unit": line.unit}


def _place(thing: Order | OrderLine) -> dict[str, str | None]:
    address = thing.delivery_address or {}
    return {"place": thing.delivery_place, "recipient": address.get("recipient"), "phone": address.get("phone")}


def _apart(lines: list[OrderLine]) -> dict[str, str | None] | None:
    """Where a package goes that holds nothing but lines for one place of their own; None: where the order goes."""
    places = [_place(line) for line in lines]
    elsewhere = bool(places) and lines[0].delivery_place is not None
    return places[0] if elsewhere and all(place == places[0] for place in places) else None


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)
