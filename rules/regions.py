"""The administrative regions of China by their codes (GB/T 2260): found by code, by what they are part of, by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice


class RegionLevel(StrEnum):
    """How large a region is; the code's last four, last two or none of its digits are zeros."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    DISTRICT = "DISTRICT"


@dataclass(frozen=True)
class Region:
    """One region, with the names of those it is part of; a district that belongs to its province directly has no city."""

    code: str
    name: str
    parent_code: str | None
    province: str
    city: str | None
    district: str | None
    has_parts: bool

    @property
    def level(self) -> RegionLevel:
        """How large it is."""
        return level(self.code)

    @property
    def full_name(self) -> str:
        """As it begins an address: the largest first."""
        return "".join(filter(None, (self.province, self.city, self.district)))


def level(code: str) -> RegionLevel:
    """How large the region with this code is."""
    if code.endswith("0000"):
        return RegionLevel.PROVINCE
    return RegionLevel.CITY if code.endswith("00") else RegionLevel.DISTRICT


class Gazetteer:
    """Every region there is."""

    def __init__(self, regions: Iterable[Region]) -> None:
        """Regions in the order in which they are to be listed."""
        self._by_code = {region.code: region for region in regions}
        self._parts: dict[str | None, list[Region]] = {}
        for region in self._by_code.values():
            self._parts.setdefault(region.parent_code, []).append(region)

    def at(self, code: str) -> Region | None:
        """The region with this code."""
        return self._by_code.get(code)

    def parts(self, code: str | None = None) -> list[Region]:
        """What the region consists of; the provinces for None, nothing for a code that is none."""
        return self._parts.get(code, [])

    def search(self, text: str, most: int) -> list[Region]:
        """The regions whose name, or full name, has the text in it: those called so first, then those that begin with it."""
        wanted = "".join(text.split())
        if not wanted:
            return []
        found = [region for region in self._by_code.values() if wanted in region.full_name]
        return list(islice(sorted(found, key=lambda region: _rank(region, wanted)), most))


def _rank(region: Region, wanted: str) -> int:
    """Where it stands among what was found; a part of what was meant comes after it."""
    if region.name == wanted or region.full_name == wanted:
        return 0
    if region.name.startswith(wanted):
        return 1
    if wanted in region.name or region.full_name.endswith(wanted):
        return 2
    return 3
