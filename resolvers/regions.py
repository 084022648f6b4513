"""China's administrative regions, to choose an address's from."""

from typing import Annotated, Any

import strawberry

from resolvers.enums import described
from resolvers.inputs import Text, check
from rules.regions import RegionLevel
from services.regions import gazetteer

MOST_FOUND = 50

described(
    RegionLevel,
    "RegionLevel",
    "How large a region of China is.",
    {
        "PROVINCE": "省级: a province, an autonomous region, a municipality, a special administrative region.",
        "CITY": "地级: a city of several districts, a prefecture.",
        "DISTRICT": "县级: a district, a county, a city that belongs to its province directly.",
    },
)


@strawberry.type(description="An administrative region of China.")
class Region:
    """A code and the names that belong to it."""

    code: str = strawberry.field(description="The code of GB/T 2260: 6 digits, such as `310115`.")
    name: str = strawberry.field(description="The name in Chinese, such as 浦东新区.")
    full_name: str = strawberry.field(description="With the regions it is part of, such as 上海市浦东新区.")
    level: RegionLevel = strawberry.field(description="How large it is.")
    parent_code: str | None = strawberry.field(description="The code of the region it is part of; null for a province.")
    has_parts: bool = strawberry.field(description="Whether it has parts; an address names a region that has none.")


@strawberry.input(description="Which regions to list; the provinces where nothing is said.")
class RegionFilter:
    """Conditions on regions."""

    parent_code: Annotated[str, Text(1, 6)] | None = strawberry.field(
        default=None, description="The parts of the region with this code, at most 6 characters."
    )
    text: Annotated[str, Text(0, 40)] | None = strawberry.field(
        default=None,
        description=f"Instead: those with this in their name, the closest first, at most {MOST_FOUND}; at most 40 characters.",
    )


Filter = Annotated[RegionFilter | None, strawberry.argument(description="Which regions to list.")]


@strawberry.type
class RegionQuery:
    """How to find regions."""

    @strawberry.field(description="China's provinces, the parts of a region, or the regions of a name.")
    async def regions(self, filter: Filter = None) -> list[Region]:
        """The same for everybody; none for what there is not."""
        wanted = filter or RegionFilter()
        check(wanted, "filter")
        known: Any = await gazetteer()
        found: list[Region] = (
            known.parts(wanted.parent_code) if wanted.text is None else known.search(wanted.text, MOST_FOUND)
        )
        return found
