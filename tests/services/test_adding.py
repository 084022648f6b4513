"""Lines added to a draft: all of them or none unless the caller says otherwise, once for each key, whatever is there already."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from models import EnquiryInvitation, Event, Order, OrderLine, Product
from models.base import new_id
from models.transaction import transact
from rules.line_sheets import MOST_LINES
from rules.money import Currency
from rules.people import CompanyKind, Role
from rules.problems import InvalidInput, KeyReused, NotAllowed, NotFound, RowsWrong, StaleVersion, WrongStatus
from rules.quick_entry import OnError, WhenDuplicate
from services import clock
from services.adding import Addition, add_lines, quick_entry
from services.checking_lines import ImportReport
from services.drafting import LineWish, OrderWish, update_draft
from services.submitting import hints_for
from tests.address_makers import make_address
from tests.enquiry_makers import make_bidders, make_enquiry
from tests.makers import make_actor, make_company, make_key
from tests.order_makers import Parties, fresh, lines_of, make_goods, make_order, make_parties, make_placed_order
from tests.races import at_once
from tests.statements import counting

SKIP, ADD_UP, APART = OnError.SKIP, WhenDuplicate.ADD_UP, WhenDuplicate.KEEP_APART


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier with three articles, A-1, B-1 and C-1."""
    parties = await make_parties()
    for sku in ("A-1", "B-1", "C-1"):
        await make_goods(parties.supplier, sku=sku)
    return parties


async def drafted(parties: Parties, text: str = "A-1 5") -> Order:
    """A draft with these lines."""
    order = await make_order(parties, ())
    await added(parties, order, text, when_duplicate=APART)
    return await fresh(order)


async def added(parties: Parties, order: Order, text: str | None = None, **said: Any) -> ImportReport | None:
    """What was found, by the buyer."""
    version = (await fresh(order)).version
    key = said.pop("key", None) or make_key()
    report, _ = await add_lines(parties.buyer, order.id, version, Addition(text=text, **said), idempotency_key=key)
    return report


async def refused(parties: Parties, order: Order, text: str | None = None, **said: Any) -> RowsWrong:
    """Why nothing was added; and indeed nothing was."""
    before, lines = await fresh(order), await lines_of(order)
    with pytest.raises(RowsWrong) as wrong:
        await added(parties, order, text, **said)
    assert ((await fresh(order)).version, await lines_of(order)) == (before.version, lines)
    return wrong.value


def told(wrong: RowsWrong) -> list[tuple[str, str, str | None]]:
    """Cell, fault and suggestion of each fault."""
    return [(fault.cell, str(fault.fault), fault.suggestion) for fault in wrong.faults]


async def said(order: Order) -> list[tuple[Any, ...]]:
    """Place, article and quantity of each line."""
    return [(line.position, line.sku, line.quantity) for line in await lines_of(order)]


async def test_rows_are_added_below_in_one_step(parties: Parties) -> None:
    order = await drafted(parties)
    kept = (await lines_of(order))[0]
    report = await added(parties, order, "B-1\t6\t件\t2030-03-31\n\nC-1，7个")
    assert report is not None
    assert (report.rows, report.right_rows, report.faults) == (2, 2, ())
    assert await said(order) == [(1, "A-1", 5), (2, "B-1", 6), (3, "C-1", 7)]
    assert (await lines_of(order))[0].id == kept.id
    changed = await fresh(order)
    assert (changed.version, changed.estimated_total) == (order.version + 1, Decimal("8.13"))
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert (event.kind, event.seq) == ("DRAFT_UPDATED", changed.version)


async def test_lines_that_are_there_are_not_priced_anew(parties: Parties) -> None:
    order = await drafted(parties)
    await Product.filter(sku="A-1", supplier_id=parties.supplier.home).update(is_active=False, list_price=9)
    await added(parties, order, "B-1 6")
    assert [line.list_price for line in await lines_of(order)] == [Decimal("0.4")] * 2


async def test_one_wrong_row_keeps_all_out_unless_the_caller_says_otherwise(parties: Parties) -> None:
    await make_goods(parties.supplier, sku="BOLT-M8", minimum_quantity=Decimal(100), quantity_step=Decimal(50))
    await make_goods(parties.supplier, sku="US-1", currency=Currency.USD)
    order = await drafted(parties)
    yesterday = clock.today("Asia/Shanghai") - timedelta(days=1)
    soonest = (clock.today("Asia/Shanghai") + timedelta(days=7)).isoformat()
    text = f"B-1 6\nbolt-m8 100\nBOLT-M8 120 kg {yesterday}\nC-1 ten\nUS-1 5"
    wrong = await refused(parties, order, text)
    assert (wrong.rows, wrong.wrong_rows, wrong.fault_count) == (5, 4, 6)
    assert told(wrong) == [
        ("A2", "is no article that this supplier offers", "BOLT-M8"),
        ("B3", "is not a multiple of 50", "150"),
        ("C3", "is not the unit that this article is sold in", "H87"),
        ("D3", "is in the past at the delivery place", soonest),
        ("B4", "is not a number", None),
        ("A5", "is priced in another currency than the lines before", None),
    ]
    report = await added(parties, order, text, on_error=SKIP)
    assert report is not None
    assert (report.right_rows, report.faults) == (1, wrong.faults)
    assert await said(order) == [(1, "A-1", 5), (2, "B-1", 6)]
    await refused(parties, order, "nothing 5", on_error=SKIP)


async def test_a_product_that_is_there_already_is_asked_about(parties: Parties) -> None:
    order = await drafted(parties)
    text = "A-1 1\nB-1 2\nB-1 3"
    assert told(await refused(parties, order, text)) == [
        ("A1", "is on line 1 of the draft; say whether to add up or to keep apart", None),
        ("A3", "stands in row 2, too; say whether to add up or to keep apart", None),
    ]
    await added(parties, order, text, on_error=SKIP)
    assert await said(order) == [(1, "A-1", 5), (2, "B-1", 2)]
    await added(parties, order, text, when_duplicate=ADD_UP)
    assert await said(order) == [(1, "A-1", 6), (2, "B-1", 7)]
    await added(parties, order, text, when_duplicate=APART)
    assert [much for _, _, much in await said(order)] == [6, 7, 1, 2, 3]
    repeated = [
        (hint.field, hint.is_blocking)
        for hint in await hints_for(await fresh(order))
        if hint.code == "PRODUCT_REPEATED"
    ]
    assert repeated == [(f"lines[{place}].productId", False) for place in (2, 3, 4)]


async def test_only_what_is_wanted_on_the_same_terms_is_added_up(parties: Parties) -> None:
    order = await drafted(parties, "A-1 5\nA-1 7 2030-03-31")
    await added(parties, order, "A-1 1 2030-03-31\nA-1 2\nA-1 4 2030-04-01", when_duplicate=ADD_UP)
    assert [much for _, _, much in await said(order)] == [7, 8, 4]
    gate = await make_address(parties.buyer)
    product = (await lines_of(order))[0].product_id
    elsewhere = (LineWish(product, Decimal(9), delivery_address_id=gate.id),)
    for much in (9, 18):
        await added(parties, order, lines=elsewhere, when_duplicate=ADD_UP)
        assert [line.quantity for line in await lines_of(order)] == [7, 8, 4, much]
    with pytest.raises(InvalidInput, match="at most"):
        await added(parties, order, lines=(LineWish(product, Decimal(10) ** 12),), when_duplicate=ADD_UP)


async def test_lines_are_held_to_what_rows_are_held_to(parties: Parties) -> None:
    order = await drafted(parties)
    known = (await lines_of(order))[0].product_id
    stranger = await make_parties()
    theirs = await make_goods(stranger.supplier)
    gate = await make_address(parties.buyer)
    wishes = (
        LineWish(known, Decimal(5), quality_requirement="304", delivery_address_id=gate.id),
        LineWish(theirs.id, Decimal(5)),
        LineWish(new_id(), Decimal(5)),
        LineWish(known, Decimal(6), clock.today("Asia/Shanghai") - timedelta(days=1)),
    )
    wrong = await refused(parties, order, lines=wishes, when_duplicate=APART)
    assert [(fault.row, fault.column, str(fault.fault)) for fault in wrong.faults] == [
        (2, "SKU", "is no article that this supplier offers"),
        (3, "SKU", "is no article that this supplier offers"),
        (4, "REQUESTED_ON", "is in the past at the delivery place"),
    ]
    await added(parties, order, lines=wishes, when_duplicate=APART, on_error=SKIP)
    _, line = await lines_of(order)
    assert (line.quality_requirement, line.delivery_entry_id, line.delivery_place) == (
        "304",
        gate.id,
        gate.destination.line,
    )
    foreign = (LineWish(known, Decimal(1), delivery_address_id=(await make_address(stranger.buyer)).id),)
    with pytest.raises(NotFound):
        await added(parties, order, lines=foreign, when_duplicate=APART)


async def test_the_same_key_adds_once(parties: Parties) -> None:
    order = await drafted(parties)
    addition, key = Addition(text="B-1 6"), make_key()
    first, changed = await add_lines(parties.buyer, order.id, order.version, addition, idempotency_key=key)
    again, same = await add_lines(parties.buyer, order.id, order.version, addition, idempotency_key=key)
    assert (first is not None, again, same.version) == (True, None, changed.version)
    assert await said(order) == [(1, "A-1", 5), (2, "B-1", 6)]
    with pytest.raises(KeyReused):
        await add_lines(parties.buyer, order.id, order.version, replace(addition, text="B-1 7"), idempotency_key=key)


async def test_of_two_at_once_one_has_read_an_old_version(parties: Parties) -> None:
    order = await drafted(parties)

    def adding(text: str) -> Any:
        return add_lines(parties.buyer, order.id, order.version, Addition(text=text), idempotency_key=make_key())

    done, refusals = await at_once(adding("B-1 6"), adding("C-1 7"))
    assert (len(done), [type(refusal) for refusal in refusals]) == (1, [StaleVersion])
    assert len(await lines_of(order)) == 2


async def test_rows_are_not_added_to_another_draft_than_they_were_looked_at_for(parties: Parties) -> None:
    """Somebody changes it in between, even if the caller has guessed the version that this makes."""
    order, changed = await drafted(parties), asyncio.Event()

    async def guessing() -> None:
        await changed.wait()
        guessed = order.version + 1
        await add_lines(parties.buyer, order.id, guessed, Addition(text="B-1 6"), idempotency_key=make_key())

    async def changing() -> None:
        await update_draft(parties.buyer, order.id, order.version, OrderWish(quality_requirement="304"))
        changed.set()
        await asyncio.sleep(0.5)

    waiting = asyncio.create_task(guessing())
    await transact(changing)
    with pytest.raises(StaleVersion):
        await waiting


async def test_five_thousand_rows_take_as_many_statements_as_five(parties: Parties) -> None:
    first = await make_goods(parties.supplier, sku="N-0000", list_price=Decimal(1))
    facts = {name: getattr(first, name) for name in Product._meta.db_fields - {"id", "sku"}}
    await Product.bulk_create([Product(id=new_id(), sku=f"N-{n:04}", **facts) for n in range(1, MOST_LINES)])
    counts = []
    for many in (5, MOST_LINES):
        order = await make_order(parties, ())
        text = "\n".join(f"N-{n:04} 7" for n in range(many))
        async with counting() as looked:
            entries = await quick_entry(parties.buyer, text, order_id=order.id)
        async with counting() as sent:
            report = await added(parties, order, text)
        assert entries is not None
        assert report is not None
        assert (len(entries), report.right_rows) == (many, many)
        counts.append((len(looked), len(sent)))
    assert counts[0] == counts[1]
    assert counts[0] < (8, 30)
    assert await OrderLine.of(order.id).count() == MOST_LINES == 5000
    with pytest.raises(InvalidInput, match="more than 5000"):
        await added(parties, order, "A-1 1")
    with pytest.raises(InvalidInput, match="more than 5000"):
        await added(parties, order, "A-1 1\n" * 5001, when_duplicate=ADD_UP)


async def test_a_look_tells_what_each_row_stands_for_and_changes_nothing(parties: Parties) -> None:
    order = await drafted(parties)
    entries = await quick_entry(parties.buyer, "A-1 1\nB-1 2\nb1 3\nB-1 4", order_id=order.id)
    assert entries is not None
    assert [
        (
            entry.checked.product and entry.checked.product.sku,
            entry.checked.wish is not None,
            entry.repeats_row,
            entry.on_line,
        )
        for entry in entries
    ] == [("A-1", True, None, 1), ("B-1", True, None, None), (None, False, None, None), ("B-1", True, 1, None)]
    assert entries[2].checked.faults[0].suggestion == "B-1"
    assert (await fresh(order)).version == order.version
    begun = await quick_entry(parties.buyer, "A-1 1", supplier_id=parties.supplier.home)
    assert begun is not None
    assert (begun[0].on_line, begun[0].checked.wish is not None) == (None, True)


async def test_nobody_looks_or_adds_what_or_where_they_may_not(parties: Parties) -> None:
    order, placed = await drafted(parties), await make_placed_order(parties)
    stranger = await make_actor(await make_company(CompanyKind.BUYER), Role.REQUESTER)
    viewer = await make_actor(await make_company(CompanyKind.BUYER), Role.VIEWER)
    for actor, such in (
        (viewer, {"supplier_id": parties.supplier.home}),
        (stranger, {"order_id": order.id}),
        (parties.supplier, {"order_id": placed.id}),
        (parties.buyer, {"order_id": placed.id}),
        (parties.buyer, {"supplier_id": parties.buyer.home}),
        (parties.buyer, {"supplier_id": new_id()}),
        (parties.buyer, {}),
    ):
        assert await quick_entry(actor, "A-1 1", **such) is None
    cases: Sequence[tuple[type[Exception], tuple[Any, ...]]] = (
        (NotAllowed, (viewer, order, order.version)),
        (NotFound, (stranger, order, order.version)),
        (NotFound, (parties.supplier, order, order.version)),
        (StaleVersion, (parties.buyer, order, order.version + 1)),
        (WrongStatus, (parties.buyer, placed, placed.version)),
    )
    for refusal, (actor, where, version) in cases:
        with pytest.raises(refusal):
            await add_lines(actor, where.id, version, Addition(text="B-1 1"), idempotency_key=make_key())
    with pytest.raises(InvalidInput, match="no rows"):
        await added(parties, order, " \n")


async def test_a_list_for_a_draft_at_another_place_is_dated_there(parties: Parties) -> None:
    order = await drafted(parties)
    order = await update_draft(parties.buyer, order.id, order.version, OrderWish(delivery_zone="Pacific/Kiritimati"))
    today = clock.today("Pacific/Kiritimati")
    wrong = await refused(parties, order, f"B-1 1 {today - timedelta(days=1)}")
    assert [fault.column for fault in wrong.faults] == ["REQUESTED_ON"]
    await added(parties, order, f"B-1 1 {today}")


async def test_whatever_is_pasted_is_read_or_refused(parties: Parties) -> None:
    order = await drafted(parties)
    for text in (
        "B-1 1e400",
        "B-1 " + "9" * 400,
        "B-1 ٣",
        "B-1 ² ² ²",
        "\u202eB-1\t=1+1",
        "B-1 5 " + "x" * 10_000,
        "," * 9_999 + "B-1",
    ):
        await refused(parties, order, text)


async def test_a_draft_of_an_enquiry_takes_no_lines_of_its_own(database: str) -> None:
    """An invitation holds it from the moment it is there."""
    bidders = await make_bidders()
    order = await make_order(bidders.parties(0), ("5",))
    enquiry = await make_enquiry(bidders)
    await EnquiryInvitation.filter(enquiry_id=enquiry.id, supplier_id=order.supplier_id).update(order_id=order.id)
    with pytest.raises(InvalidInput, match="what its enquiry says"):
        await added(bidders.parties(0), order, f"{bidders.goods[0][0].sku} 1")
