"""What subscribers are told of what was read."""

import strawberry

import models
from resolvers.read_marks import ReadState
from resolvers.relations import One, related, shows
from subscriptions.event import Event, kinds_in


@strawberry.type(description="A company has read what the other side said on an order.")
@shows(models.Event)
class MessagesRead(Event):
    """Messages were read."""

    read_state: ReadState | None = related(
        One(models.ReadState, "stream"), description="How far the company has read, as it is now."
    )


READING_EVENT_TYPES = kinds_in(globals())
