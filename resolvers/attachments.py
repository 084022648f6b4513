"""Files as the schema shows them, how to find them, and the steps that hang them on something."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.types import Info

import models
from models.rows import row
from resolvers.context import Context
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.links import link
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.problems import ALWAYS, CHANGING, answers, known
from resolvers.relations import One, derived, related, shows
from resolvers.steps import OrderNow, shown
from services import attaching

if TYPE_CHECKING:
    from resolvers.companies import Company
    from resolvers.order_lines import Message, OrderLine
    from resolvers.orders import Order

LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]
LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders")]
LazyLine = Annotated["OrderLine", strawberry.lazy("resolvers.order_lines")]
LazyMessage = Annotated["Message", strawberry.lazy("resolvers.order_lines")]


def _download_url(row: Any, context: Context) -> str | None:
    return link(context, "/attachments/{id}", "Attachment", row.id)


@strawberry.type(description="A file: uploaded with `POST /attachments`, then hung on an order, a line or a message.")
@shows(models.Attachment)
class Attachment(Node):
    """What is known of a file."""

    id: strawberry.ID = derived(lambda row: encode_id("Attachment", row.id), description="Opaque id.")
    name: str = strawberry.field(description="What people call it; harmless to show and to save under.")
    media_type: str = strawberry.field(description="What it is, by its content.")
    size: int = strawberry.field(description="Its bytes.")
    sha256: str = strawberry.field(description="SHA-256 of its content, in hex.")
    created_at: datetime = strawberry.field(description="When it was uploaded.")
    download_url: str | None = derived(
        _download_url,
        description="A path at this server that gives the caller the file, for five minutes; null for machines, which send "
        "their key to `/attachments/<id>`, and in events, which many read.",
    )
    company: LazyCompany = related(One(models.Company, "company_id"), description="The company that uploaded it.")
    order: LazyOrder | None = related(
        One(models.Order, "order_id"), description="The order it hangs on; null while it hangs on nothing."
    )
    line: LazyLine | None = related(
        One(models.OrderLine, "order_line_id"), description="The line it hangs on; null if on none."
    )
    message: LazyMessage | None = related(
        One(models.Message, "message_id"), description="The message it came with; null if with none."
    )


@strawberry.type
class AttachmentQuery:
    """How to find files."""

    @strawberry.field(description="A file by its id; null if there is none that the caller may see.")
    async def attachment(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> Attachment | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("Attachment", id)
        return await row(models.Attachment.visible_to(info.context.actor).filter(id=key)) if key else None

    @strawberry.field(
        description="The files of the caller's company that hang on nothing yet, the newest first; each is tidied away after a day."
    )
    async def loose_attachments(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[Attachment]:
        """What may still be attached."""
        actor = info.context.actor
        loose = models.Attachment.visible_to(actor).filter(order_id__isnull=True, company_id=actor.company)
        return Connection.of(await page(loose, first=first, after=after))


@strawberry.input(description="A file of the caller's company for an order, as it was read.")
class AttachFileInput:
    """What goes where."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    expected_version: int = strawberry.field(description="The version that was read.")
    attachment_id: strawberry.ID = strawberry.field(description="The file, which hangs on nothing yet.")
    line_id: strawberry.ID | None = strawberry.field(
        default=None, description="The line it belongs to; null: it belongs to the order as a whole."
    )


@strawberry.input(description="A file to be taken off an order, as it was read.")
class DetachFileInput:
    """What goes from where."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    expected_version: int = strawberry.field(description="The version that was read.")
    attachment_id: strawberry.ID = strawberry.field(description="The file, which the caller's company uploaded.")


@strawberry.input(description="A file that nobody needs.")
class DiscardAttachmentInput:
    """What is thrown away."""

    attachment_id: strawberry.ID = strawberry.field(description="The file, which hangs on nothing.")


@strawberry.type(description="The file hangs on the order now.")
class AttachFileSuccess(OrderNow):
    """The file hangs on the order."""

    attachment: Attachment = strawberry.field(description="The file.")


@strawberry.type(
    description="The file hangs on nothing now, and is tidied away after a day unless it is attached again."
)
class DetachFileSuccess(OrderNow):
    """The file hangs on nothing."""

    attachment: Attachment = strawberry.field(description="The file.")


@strawberry.type(description="The file is gone.")
class DiscardAttachmentSuccess:
    """The file is gone."""

    attachment_id: strawberry.ID = strawberry.field(description="What its id was.")


@strawberry.type
class AttachingMutation:
    """What is done with uploaded files."""

    @strawberry.mutation(
        graphql_type=answers(AttachFileSuccess, *CHANGING),
        description="Hang a file on an order or one of its lines: the buyer on a draft, then either side until a contract is drawn up.",
    )
    async def attach_file(self, info: Info[Context, None], input: AttachFileInput) -> AttachFileSuccess:
        """The file, in its place."""
        attachment, order = await attaching.attach_file(
            info.context.actor,
            known("Order", input.order_id),
            input.expected_version,
            known("Attachment", input.attachment_id),
            None if input.line_id is None else known("OrderLine", input.line_id),
        )
        return AttachFileSuccess(order=shown(order), attachment=shown(attachment))

    @strawberry.mutation(
        graphql_type=answers(DetachFileSuccess, *CHANGING),
        description="Take one's own file off an order again, as long as files may be attached.",
    )
    async def detach_file(self, info: Info[Context, None], input: DetachFileInput) -> DetachFileSuccess:
        """The file, on nothing."""
        attachment, order = await attaching.detach_file(
            info.context.actor,
            known("Order", input.order_id),
            input.expected_version,
            known("Attachment", input.attachment_id),
        )
        return DetachFileSuccess(order=shown(order), attachment=shown(attachment))

    @strawberry.mutation(
        graphql_type=answers(DiscardAttachmentSuccess, *ALWAYS),
        description="Throw away a file of the caller's company that hangs on nothing.",
    )
    async def discard_attachment(
        self, info: Info[Context, None], input: DiscardAttachmentInput
    ) -> DiscardAttachmentSuccess:
        """The file, gone."""
        attachment = await attaching.discard_attachment(info.context.actor, known("Attachment", input.attachment_id))
        return DiscardAttachmentSuccess(attachment_id=strawberry.ID(encode_id("Attachment", attachment.id)))
