"""Packages of a shipment: their types, their measures, and how much of which line lies in which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

from rules.decimals import ZERO
from rules.problems import QuantityExceeded, invalid

FINEST_WEIGHT = Decimal("0.001")
"""A gram, in kilograms."""
CUBIC_CENTIMETRES = Decimal(1_000_000)
"""In one cubic metre."""
FINEST_VOLUME = Decimal("0.000001")
"""A cubic centimetre, in cubic metres."""


class PackageType(StrEnum):
    """What goods travel in, by UN/ECE Recommendation 21 (UBL TransportHandlingUnitTypeCode)."""

    CT = "CT"
    BX = "BX"
    CS = "CS"
    CR = "CR"
    PX = "PX"
    PC = "PC"
    PK = "PK"
    BG = "BG"
    SA = "SA"
    BE = "BE"
    BL = "BL"
    RO = "RO"
    RL = "RL"
    DR = "DR"
    BA = "BA"
    JY = "JY"
    WA = "WA"
    CG = "CG"
    TU = "TU"
    EN = "EN"
    NE = "NE"


#   code            English                       中文
# fmt: off
NAMES = {
    PackageType.CT: ("carton",                    "纸箱"),
    PackageType.BX: ("box",                       "盒"),
    PackageType.CS: ("case",                      "箱"),
    PackageType.CR: ("crate",                     "板条箱"),
    PackageType.PX: ("pallet",                    "托盘"),
    PackageType.PC: ("parcel",                    "包裹"),
    PackageType.PK: ("package",                   "件"),
    PackageType.BG: ("bag",                       "袋"),
    PackageType.SA: ("sack",                      "麻袋"),
    PackageType.BE: ("bundle",                    "捆"),
    PackageType.BL: ("bale, compressed",          "压缩包"),
    PackageType.RO: ("roll",                      "卷"),
    PackageType.RL: ("reel",                      "卷盘"),
    PackageType.DR: ("drum",                      "圆桶"),
    PackageType.BA: ("barrel",                    "琵琶桶"),
    PackageType.JY: ("jerrican, cylindrical",     "圆柱形塑料桶"),
    PackageType.WA: ("intermediate bulk container", "中型散装容器"),
    PackageType.CG: ("cage",                      "笼"),
    PackageType.TU: ("tube",                      "管筒"),
    PackageType.EN: ("envelope",                  "信封"),
    PackageType.NE: ("unpacked",                  "裸装"),
}
# fmt: on


@dataclass(frozen=True)
class Box:
    """Outer length, width and height, in centimetres."""

    length: Decimal
    width: Decimal
    height: Decimal

    @property
    def content(self) -> Decimal:
        """What it takes up, in cubic metres, exactly."""
        return self.length * self.width * self.height / CUBIC_CENTIMETRES


def volume(boxes: Iterable[Box | None]) -> Decimal | None:
    """What all take up together, in cubic metres, rounded once to cubic centimetres; None if one was not measured, or there is none."""
    return whole([box.content if box else None for box in boxes], FINEST_VOLUME)


def whole(parts: Sequence[Decimal | None], finest: Decimal) -> Decimal | None:
    """Their sum, rounded half up; None if one of them is not known, or there is none."""
    known = [part for part in parts if part is not None]
    if not parts or len(known) < len(parts):
        return None
    return sum(known, ZERO).quantize(finest, ROUND_HALF_UP)


def check_packed(
    packed: Iterable[tuple[UUID, Decimal]], despatched: Mapping[UUID, Decimal], positions: Mapping[UUID, int]
) -> None:
    """Refuse to pack more of a line, over all packages, than was despatched of it; a rest may stay unpacked."""
    sums: dict[UUID, Decimal] = {}
    for line, quantity in packed:
        if quantity <= 0:
            raise invalid("input.packages", "quantities must be greater than zero")
        sums[line] = sums.get(line, ZERO) + quantity
    for line, total in sums.items():
        if total > despatched[line]:
            raise QuantityExceeded(positions[line], total, despatched[line])
