"""Names of things that have one in Chinese and one in English."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry

from resolvers.context import Context
from resolvers.words import best_locale

Locale = Annotated[
    str | None,
    strawberry.argument(
        description="The wanted language's tag, such as `zh-CN` or `en`; the caller's language unless told."
    ),
]


async def localized(context: Context, things: Sequence[Any], locale: Locale = None) -> list[str]:
    """The name of each, which is a batch only because a field that takes an argument has to be one."""
    chinese = best_locale(locale, otherwise=context.locale).startswith("zh")
    return [thing.name_zh if chinese else thing.name_en for thing in things]
