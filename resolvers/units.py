"""Units of measure, with their names."""

import strawberry

from resolvers.names import localized
from resolvers.relations import related
from rules import units


@strawberry.type(description="A unit of measure that goods are ordered in.")
class Unit:
    """A code and its names."""

    code: str = strawberry.field(
        description="The code of UN/ECE Recommendation 20, such as `H87`, or for packages of Recommendation 21, such as `XBX`."
    )
    name: str = related(localized, description="The name in one language.")
    name_zh: str = strawberry.field(description="The name in Chinese.")
    name_en: str = strawberry.field(description="The name in English.")


UNITS = {code: Unit(code=code, name_zh=chinese, name_en=english) for code, (english, chinese) in units.NAMES.items()}


@strawberry.type
class UnitQuery:
    """How to find units."""

    @strawberry.field(description="All units of measure that goods are ordered in; there are few.")
    def units(self) -> list[Unit]:
        """All of them."""
        return list(UNITS.values())
