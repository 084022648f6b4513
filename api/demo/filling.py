"""Fills an example's variables: what stands there as `$order.quoted.version` becomes what its demo user would read."""

import re
from dataclasses import replace
from typing import Any

from api.demo.finding import FINDERS, part
from api.demo.lists import shown
from api.demo.people import actor_for
from api.examples import Example
from models import Member
from rules.admission import SIGNING_IN
from rules.people import Actor

_NAMED = re.compile(r"\$(?P<kind>[a-z]+)\.(?P<name>[\w-]+)(?P<path>(?:\.\w+)*)")


async def filled(example: Example) -> Example:
    """The example with values that fit the demo as it is now.

    What the demo no longer has stays as it is written. Takes a few statements for each placeholder, however much the demo holds.
    """
    member = await Member.signing_in(example.user, SIGNING_IN) if example.user else None
    actor = await actor_for(member) if member else Actor.anonymous()
    return replace(example, variables=await _Filling(actor).fill(example.variables))


class _Filling:
    """One example's look-ups; two placeholders that begin alike speak of the same row."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._found: dict[str, Any] = {}

    async def fill(self, written: Any) -> Any:
        """The same structure, with every placeholder replaced for which there is something."""
        if isinstance(written, dict):
            return {key: await self.fill(value) for key, value in written.items()}
        if isinstance(written, list):
            return [await self.fill(value) for value in written]
        named = _NAMED.fullmatch(written) if isinstance(written, str) else None
        found = await self._at(f"{named['kind']}.{named['name']}{named['path']}") if named else None
        return written if found is None else shown(found)

    async def _at(self, path: str) -> Any:
        if path not in self._found:
            self._found[path] = await self._look_up(path)
        return self._found[path]

    async def _look_up(self, path: str) -> Any:
        before, _, name = path.rpartition(".")
        if "." not in before:
            return await FINDERS[before](self.actor, name)
        row = await self._at(before)
        return None if row is None else await part(self.actor, row, name)
