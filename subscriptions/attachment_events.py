"""Events of files on an order."""

from typing import Any
from uuid import UUID

import strawberry

import models
from resolvers.attachments import Attachment
from resolvers.ids import encode_id
from resolvers.relations import derived, related, shows
from subscriptions.event import Named, OrderEvent, kinds_in


def _line_id(row: Any) -> str | None:
    line = row.body["lineId"]
    return line and encode_id("OrderLine", UUID(line))


@strawberry.type
class _WithAttachment:
    attachment: Attachment | None = related(
        Named(models.Attachment, "attachmentId", visible=True),
        description="The file; null once it is gone, or the caller may not see it any more.",
    )
    name: str | None = derived(
        lambda row: row.body["name"], description="What the file is called; null for the supplier's under seal."
    )
    line_id: strawberry.ID | None = derived(_line_id, description="The line it hung on; null for the order as a whole.")


@strawberry.type(description="Somebody attached a file to the order.")
@shows(models.Event)
class FileAttached(_WithAttachment, OrderEvent):
    """A file was attached."""


@strawberry.type(description="Whoever attached a file took it off again.")
@shows(models.Event)
class FileDetached(_WithAttachment, OrderEvent):
    """A file was detached."""


ATTACHMENT_EVENT_TYPES = kinds_in(globals())
