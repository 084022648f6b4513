"""Files on their way in: received, stored, hung on what they belong to, and tidied away when they hang on nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from models import Attachment, Company, Message, Order, OrderLine, Shipment
from models.base import new_id
from models.transaction import transact
from rules.events import EventKind
from rules.files import LOOSE_FOR, MOST_LOOSE, MOST_LOOSE_BYTES, MOST_ON_ORDER, FileStatus
from rules.people import Actor
from rules.phrase import Phrase
from rules.problems import NotFound, Unavailable, invalid
from services import clock, partners
from services.desk import note, open_order
from services.verb import creating, verb

TIDIED_AT_ONCE = 100
TIDIED_EVERY = 60.0
"""Seconds between two looks."""


@dataclass(frozen=True)
class Upload:
    """A file that has arrived whole and was looked into."""

    name: str
    media_type: str
    size: int
    sha256: str


async def upload_attachment(actor: Actor, upload: Upload, file: BinaryIO, *, idempotency_key: str) -> Attachment:
    """The file, stored; it hangs on nothing yet. A repetition after a failure stores what the first try could not."""
    attachment = await _upload_attachment(actor, upload, idempotency_key=idempotency_key)
    if attachment.status is FileStatus.RECEIVED:
        file.seek(0)
        await partners.storage().put(attachment.stored_key, file)
    # It was swept away meanwhile, having waited a day for this: whoever asks again gets a new one.
    if attachment.status is FileStatus.REMOVED or not await Attachment.stored(attachment.id):
        await partners.storage().delete(attachment.stored_key)
        raise Unavailable(retry_after=5)
    attachment.status = FileStatus.STORED
    return attachment


@creating(Attachment)
async def _upload_attachment(actor: Actor, upload: Upload, *, idempotency_key: str) -> Attachment:
    """The row comes first, so that whatever lies in the storage is known here."""
    company = await Company.locked(actor.home)
    files, size = await Attachment.loose_of(company.id)
    if files >= MOST_LOOSE or size + upload.size > MOST_LOOSE_BYTES:
        most = f"{MOST_LOOSE} / {MOST_LOOSE_BYTES // 2**20} MiB"
        raise invalid(
            "file", Phrase("is too much beside what hangs on nothing yet, {most}; attach or discard some", most=most)
        )
    if actor.responsible is None:
        raise RuntimeError("nobody answers for this upload")
    attachment = Attachment(
        id=(key := new_id()),
        company_id=company.id,
        uploader_id=actor.responsible,
        # Random letters in front spread the files over folders, and over the partitions of a bucket.
        stored_key=f"attachments/{key.hex[-2:]}/{key.hex}",
        loose_since=clock.now(),
        created_at=clock.now(),
        **vars(upload),
    )
    await attachment.save(force_create=True)
    return attachment


@verb
async def discard_attachment(actor: Actor, attachment_id: UUID) -> Attachment:
    """A file of the caller's company that hangs on nothing, seen no more and soon gone."""
    [attachment] = await _loose(actor, [attachment_id])
    attachment.status = FileStatus.REMOVED
    await attachment.save(update_fields=["status"])
    return attachment


@verb
async def attach_file(
    actor: Actor, order_id: UUID, expected_version: int, attachment_id: UUID, line_id: UUID | None = None
) -> tuple[Attachment, Order]:
    """The file on the order, or on one of its lines: a specification sheet, a drawing."""
    order = await open_order(actor, "attach_file", order_id, expected_version)
    line = None if line_id is None else await OrderLine.of(order.id).get_or_none(id=line_id)
    if line_id is not None and line is None:
        raise NotFound("OrderLine", line_id)
    [attachment] = await hang(actor, order, [attachment_id], line=line)
    await note(order, EventKind.FILE_ATTACHED, actor, _named(order, attachment))
    return attachment, order


@verb
async def detach_file(
    actor: Actor, order_id: UUID, expected_version: int, attachment_id: UUID
) -> tuple[Attachment, Order]:
    """The caller's own file taken off the order again; what came with a message stays, as what was said does."""
    order = await open_order(actor, "detach_file", order_id, expected_version)
    attachment = await Attachment.hanging(order.id, actor.home, attachment_id)
    if attachment is None:
        raise NotFound("Attachment", attachment_id)
    if attachment.message_id is not None:
        raise invalid("input.attachmentId", "belongs to a message, which stays as it was said")
    body = _named(order, attachment)
    attachment.order_id = attachment.order_line_id = None
    attachment.loose_since = clock.now()
    await attachment.save(update_fields=["order_id", "order_line_id", "loose_since"])
    await note(order, EventKind.FILE_DETACHED, actor, body)
    return attachment, order


async def hang(
    actor: Actor,
    order: Order,
    attachment_ids: Sequence[UUID],
    *,
    line: OrderLine | None = None,
    message: Message | None = None,
    shipment: Shipment | None = None,
    path: str = "input.attachmentId",
) -> list[Attachment]:
    """Hang files of the caller's company that hang on nothing yet on the order, inside another verb that holds the order's lock.

    The verb writes the event. A stranger's file, and one that hangs on something already, looks like none.
    """
    if await Attachment.count_on(order.id) + len(attachment_ids) > MOST_ON_ORDER:
        raise invalid(path, Phrase("is one too many: an order takes {most} files", most=MOST_ON_ORDER))
    attachments = await _loose(actor, attachment_ids)
    for attachment in attachments:
        attachment.order_id = order.id
        attachment.order_line_id = None if line is None else line.id
        attachment.message_id = None if message is None else message.id
        attachment.shipment_id = None if shipment is None else shipment.id
        attachment.loose_since = None
        await attachment.save(update_fields=["order_id", "order_line_id", "message_id", "shipment_id", "loose_since"])
    return attachments


async def tidy_files() -> int:
    """Delete what has hung on nothing for a day, up to a hundred files; how many. While the storage is away they wait."""
    before = clock.now() - LOOSE_FOR
    forgotten = await Attachment.forgotten(before, TIDIED_AT_ONCE)
    for attachment in forgotten:
        await _forget(attachment, before)
    return len(forgotten)


async def _forget(attachment_id: UUID, before: datetime) -> None:
    """Marked first, then its content, then its row, so that nothing is lost sight of in between."""
    doomed = await transact(lambda: Attachment.doomed(attachment_id, before))
    if doomed is not None:
        await partners.storage().delete(doomed.stored_key)
        await transact(doomed.delete)


async def _loose(actor: Actor, attachment_ids: Iterable[UUID]) -> list[Attachment]:
    wanted = list(dict.fromkeys(attachment_ids))
    found = await Attachment.loose(actor.home, wanted)
    for missing in (each for each in wanted if each not in found):
        raise NotFound("Attachment", missing)
    return [found[each] for each in wanted]


def _named(order: Order, attachment: Attachment) -> dict[str, object]:
    # Both sides read the event: under seal it must not say what the supplier's file is called.
    is_kept = order.is_sealed and attachment.company_id == order.supplier_id
    return {
        "attachmentId": str(attachment.id),
        "name": None if is_kept else attachment.name,
        "lineId": attachment.order_line_id and str(attachment.order_line_id),
    }
