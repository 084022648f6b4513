"""What an operation knows of its caller."""

from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import uuid4

from rules.people import Actor


@dataclass
class Context:
    """Made afresh for each operation and each event of a subscription."""

    actor: Actor = field(default_factory=Actor.anonymous)
    locale: str = "en"
    trace_id: str = field(default_factory=lambda: uuid4().hex)
    # Where the request came from, to slow down guessing of passwords.
    address: str = ""
    # What was asked of rows that several fields want to know, by the rows themselves: what is read anew is asked anew.
    asked: dict[tuple[int, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    def for_audience(self) -> Self:
        """The same for everybody of this scope: what is shown to all of them must not hold what one of them alone may use."""
        return replace(self, actor=replace(self.actor, session=None))

    @property
    def scope(self) -> tuple[object, ...]:
        """What an answer may depend on besides the document and its variables: equal scopes may share one execution."""
        actor = self.actor
        return (actor.company, actor.kind, actor.roles, actor.scopes, self.locale)
