"""Files find their place once, are seen by whoever sees that place, and are tidied away where they have none."""

import asyncio
import io
from datetime import timedelta
from decimal import Decimal

import pytest

from models import Attachment, Event
from rules.events import EventKind
from rules.files import LOOSE_FOR, MOST_LOOSE, FileStatus
from rules.people import Actor
from rules.problems import InvalidInput, KeyReused, NotAllowed, NotFound, StaleVersion, Unavailable, WrongStatus
from services import clock
from services.attaching import Upload, attach_file, detach_file, discard_attachment, tidy_files, upload_attachment
from services.drafting import LineWish, OrderWish, update_draft
from services.submitting import submit_order
from tests.file_makers import PDF, Shelf, make_attachment, make_shelf
from tests.makers import make_actor, make_company, make_key
from tests.order_makers import (
    Parties,
    fresh,
    lines_of,
    make_awarded_order,
    make_goods,
    make_order,
    make_parties,
    make_placed_order,
)

SAID = Upload("spec.pdf", "application/pdf", len(PDF), "0" * 64)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
def shelf() -> Shelf:
    """Where files are kept."""
    return make_shelf()


async def seen(attachment: Attachment, *actors: Actor) -> list[bool]:
    """Which of them see the file."""
    return [await Attachment.visible_to(actor).filter(id=attachment.id).exists() for actor in actors]


async def test_a_file_is_seen_by_its_company_then_by_whoever_sees_the_order(parties: Parties, shelf: Shelf) -> None:
    stranger = (await make_parties()).buyer
    attachment = await make_attachment(parties.buyer)
    everybody = (parties.buyer, parties.supplier, stranger)
    assert await seen(attachment, *everybody) == [True, False, False]
    order = await make_order(parties)
    attachment, order = await attach_file(parties.buyer, order.id, order.version, attachment.id)
    assert await seen(attachment, *everybody) == [True, False, False]
    order = await submit_order(parties.buyer, order.id, order.version)
    assert await seen(attachment, *everybody) == [True, True, False]
    attachment, _ = await detach_file(parties.buyer, order.id, order.version, attachment.id)
    assert await seen(attachment, *everybody) == [True, False, False]


async def test_attaching_and_detaching_are_events_of_the_order(parties: Parties, shelf: Shelf) -> None:
    order = await make_placed_order(parties)
    [line] = await lines_of(order)
    theirs = await make_attachment(parties.supplier, "drawing.pdf")
    _, after = await attach_file(parties.supplier, order.id, order.version_for(parties.supplier), theirs.id, line.id)
    await detach_file(parties.supplier, order.id, after.version_for(parties.supplier), theirs.id)
    attached, detached = await Event.filter(stream=order.id).order_by("-seq").limit(2)
    assert (attached.kind, detached.kind) == (EventKind.FILE_DETACHED, EventKind.FILE_ATTACHED)
    assert attached.body == detached.body
    assert detached.body["lineId"] == str(line.id)
    assert (await fresh(order)).version == order.version + 2


async def test_a_file_hangs_on_one_thing_and_only_its_company_hangs_it(parties: Parties, shelf: Shelf) -> None:
    """A rival's file, one in use and none at all look the same."""
    order, other = await make_placed_order(parties), await make_placed_order(parties)
    attachment = await make_attachment(parties.buyer)
    with pytest.raises(NotFound):
        await attach_file(parties.supplier, order.id, order.version_for(parties.supplier), attachment.id)
    _, order = await attach_file(parties.buyer, order.id, order.version, attachment.id)
    with pytest.raises(NotFound):
        await attach_file(parties.buyer, other.id, other.version, attachment.id)
    with pytest.raises(NotFound):
        await detach_file(parties.supplier, order.id, order.version_for(parties.supplier), attachment.id)
    with pytest.raises(NotFound):
        await discard_attachment(parties.buyer, attachment.id)


async def test_two_orders_cannot_both_get_the_file(parties: Parties, shelf: Shelf) -> None:
    attachment = await make_attachment(parties.buyer)
    orders = [await make_placed_order(parties) for _ in range(2)]
    tries = [attach_file(parties.buyer, order.id, order.version, attachment.id) for order in orders]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["NotFound", "tuple"]


async def test_lines_of_other_orders_old_versions_and_contracts_take_no_file(parties: Parties, shelf: Shelf) -> None:
    order, attachment = await make_placed_order(parties), await make_attachment(parties.buyer)
    [strange] = await lines_of(await make_placed_order(parties))
    with pytest.raises(NotFound, match="OrderLine"):
        await attach_file(parties.buyer, order.id, order.version, attachment.id, strange.id)
    with pytest.raises(StaleVersion):
        await attach_file(parties.buyer, order.id, order.version - 1, attachment.id)
    awarded = await make_awarded_order(parties)
    with pytest.raises(WrongStatus):
        await attach_file(parties.buyer, awarded.id, awarded.version, attachment.id)
    draft = await make_order(parties)
    with pytest.raises(NotFound):
        await attach_file(parties.supplier, draft.id, draft.version, (await make_attachment(parties.supplier)).id)
    assert await seen(attachment, parties.supplier) == [False]


async def test_a_line_keeps_its_files_while_the_draft_is_edited(parties: Parties, shelf: Shelf) -> None:
    """Lines are said anew together; one of the same product is the same line. The files of a line that goes stay with the order."""
    bolts, nuts = await make_goods(parties.supplier), await make_goods(parties.supplier)
    order = await make_order(parties, ("5", "6"), goods=[bolts, nuts])
    first, second = await lines_of(order)
    sheet, drawing = await make_attachment(parties.buyer), await make_attachment(parties.buyer)
    _, order = await attach_file(parties.buyer, order.id, order.version, sheet.id, first.id)
    _, order = await attach_file(parties.buyer, order.id, order.version, drawing.id, second.id)
    wish = OrderWish(lines=tuple(LineWish(product.id, Decimal(7)) for product in (nuts, bolts, nuts)))
    order = await update_draft(parties.buyer, order.id, order.version, wish)
    assert [line.id for line in await lines_of(order)][:2] == [second.id, first.id]
    assert (await Attachment.get(id=sheet.id)).order_line_id == first.id
    assert wish.lines is not None
    order = await update_draft(parties.buyer, order.id, order.version, OrderWish(lines=wish.lines[:1]))
    assert [line.id for line in await lines_of(order)] == [second.id]
    kept = await Attachment.get(id=sheet.id)
    assert (kept.order_id, kept.order_line_id) == (order.id, None)


async def test_a_key_makes_one_file_and_belongs_to_one_content(parties: Parties, shelf: Shelf) -> None:
    key = make_key()
    first = await upload_attachment(parties.buyer, SAID, io.BytesIO(PDF), idempotency_key=key)
    again = await upload_attachment(parties.buyer, SAID, io.BytesIO(PDF), idempotency_key=key)
    assert (first.id, len(shelf.files)) == (again.id, 1)
    other = Upload("other.pdf", "application/pdf", len(PDF), "1" * 64)
    with pytest.raises(KeyReused):
        await upload_attachment(parties.buyer, other, io.BytesIO(PDF), idempotency_key=key)


async def test_an_upload_while_the_storage_is_away_is_nothing_until_it_is_repeated(
    parties: Parties, shelf: Shelf
) -> None:
    key, shelf.is_away = make_key(), True
    with pytest.raises(Unavailable):
        await upload_attachment(parties.buyer, SAID, io.BytesIO(PDF), idempotency_key=key)
    [row] = await Attachment.all()
    assert (row.status, await seen(row, parties.buyer)) == (FileStatus.RECEIVED, [False])
    shelf.is_away = False
    done = await upload_attachment(parties.buyer, SAID, io.BytesIO(PDF), idempotency_key=key)
    assert (done.id, await seen(done, parties.buyer), shelf.files[done.stored_key]) == (row.id, [True], PDF)


async def test_a_viewer_uploads_nothing(parties: Parties, shelf: Shelf) -> None:
    viewer = await make_actor(await make_company())
    with pytest.raises(NotAllowed):
        await make_attachment(viewer)
    assert await Attachment.all().count() == 0


async def test_a_company_may_have_so_many_files_lying_about(parties: Parties, shelf: Shelf) -> None:
    """What is discarded makes room at once."""
    first = await make_attachment(parties.buyer)
    copied = ("company_id", "uploader_id", "name", "media_type", "size", "sha256")
    row = {name: getattr(first, name) for name in copied}
    more = [
        Attachment(**row, stored_key=str(n), loose_since=clock.now(), created_at=clock.now())
        for n in range(MOST_LOOSE - 1)
    ]
    await Attachment.bulk_create(more)
    with pytest.raises(InvalidInput, match="too much"):
        await make_attachment(parties.buyer)
    await make_attachment(parties.supplier)
    await discard_attachment(parties.buyer, first.id)
    assert await seen(first, parties.buyer) == [False]
    await make_attachment(parties.buyer)


async def test_what_hangs_on_nothing_for_a_day_is_tidied_away(parties: Parties, shelf: Shelf) -> None:
    """What is in use stays; a key of what is gone may be used again."""
    key = make_key()
    loose = await upload_attachment(parties.buyer, SAID, io.BytesIO(PDF), idempotency_key=key)
    used, discarded = await make_attachment(parties.buyer), await make_attachment(parties.buyer)
    order = await make_order(parties)
    await attach_file(parties.buyer, order.id, order.version, used.id)
    await discard_attachment(parties.buyer, discarded.id)
    assert await tidy_files() == 1
    assert set(shelf.files) == {loose.stored_key, used.stored_key}
    with clock.held_at(clock.now() + LOOSE_FOR + timedelta(seconds=1)):
        assert await tidy_files() == 1
        assert (set(shelf.files), await tidy_files()) == ({used.stored_key}, 0)
    assert [row.id for row in await Attachment.all()] == [used.id]
    again = await upload_attachment(parties.buyer, SAID, io.BytesIO(PDF), idempotency_key=key)
    assert again.id != loose.id


async def test_a_tidier_that_dies_half_way_is_finished_by_the_next(parties: Parties, shelf: Shelf) -> None:
    loose = await make_attachment(parties.buyer)
    with clock.held_at(clock.now() + LOOSE_FOR + timedelta(seconds=1)):
        shelf.is_away = True
        with pytest.raises(Unavailable):
            await tidy_files()
        assert await seen(loose, parties.buyer) == [False]
        shelf.is_away = False
        assert await tidy_files() == 1
    assert (shelf.files, await Attachment.all().count()) == ({}, 0)
