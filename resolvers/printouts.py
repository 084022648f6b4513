"""Papers that are printed when they are fetched, as the schema shows them."""

from uuid import UUID

import strawberry

from resolvers.context import Context
from resolvers.ids import encode_id
from resolvers.links import link

PACKING_LIST_PATH, LABELS_PATH = "/shipments/{id}/packing-list.pdf", "/shipments/{id}/labels.pdf"
LABEL_PATH = "/packages/{id}/label.pdf"
INVOICE_PATH, CREDIT_NOTE_PATH = "/invoices/{id}/invoice.pdf", "/credit-notes/{id}/credit-note.pdf"


@strawberry.type(description="A PDF that is printed each time it is fetched, from what is on record then.")
class Printout:
    """Where to fetch it."""

    url: str = strawberry.field(description="Path on this server; to be fetched with the same `Authorization` header.")
    download_url: str | None = strawberry.field(
        description="The same for a browser, for five minutes; null for machines, which send their key to `url`, and in events, "
        "which many read."
    )

    @classmethod
    def at(cls, context: Context, path: str, kind: str, key: UUID) -> "Printout":
        """The printout of this thing."""
        return cls(url=path.format(id=encode_id(kind, key)), download_url=link(context, path, kind, key))
