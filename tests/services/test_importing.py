"""Lines from spreadsheets: all or nothing unless the caller says otherwise, every wrong cell named, whatever size is sent."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models import Event, Order, OrderLine, Product
from models.base import new_id
from rules.files import CSV, XLSX
from rules.line_sheets import MOST_LINES, ImportMode
from rules.money import Currency
from rules.people import CompanyKind, Role
from rules.problems import InvalidInput, NotAllowed, NotFound, RowsWrong, StaleVersion, WrongStatus
from services import clock
from services.attaching import attach_file
from services.checking_lines import MOST_FAULTS, ImportReport
from services.importing import import_lines
from tests.address_makers import make_address
from tests.file_makers import PNG, make_attachment, make_shelf
from tests.makers import make_actor, make_company
from tests.order_makers import Parties, fresh, lines_of, make_goods, make_order, make_parties, make_placed_order
from tests.sheet_makers import HEADINGS, make_book, make_csv, make_sheet
from tests.statements import counting

NEED = date(2030, 3, 31)
ALL, RIGHT = ImportMode.ALL_OR_NOTHING, ImportMode.RIGHT_ROWS


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier, with a storage between them."""
    make_shelf()
    return await make_parties()


async def imported(parties: Parties, order: Order, attachment: Any, mode: ImportMode = ALL) -> ImportReport:
    """What was found, by the buyer."""
    report, _ = await import_lines(parties.buyer, order.id, (await fresh(order)).version, attachment.id, mode)
    return report


async def refused(parties: Parties, order: Order, attachment: Any, mode: ImportMode = ALL) -> RowsWrong:
    """Why nothing was imported; and indeed nothing was."""
    before, lines = await fresh(order), await lines_of(order)
    with pytest.raises(RowsWrong) as wrong:
        await imported(parties, order, attachment, mode)
    assert ((await fresh(order)).version, await lines_of(order)) == (before.version, lines)
    return wrong.value


async def many(parties: Parties, count: int) -> list[str]:
    """So many articles of the supplier, A-0000 and so on."""
    first = await make_goods(parties.supplier, sku="A-0000", list_price=Decimal(1))
    facts = {name: getattr(first, name) for name in Product._meta.db_fields - {"id", "sku"}}
    await Product.bulk_create([Product(id=new_id(), sku=f"A-{n:04}", **facts) for n in range(1, count)])
    return [f"A-{n:04}" for n in range(count)]


def said(line: OrderLine) -> tuple[Any, ...]:
    """What a row says."""
    return (line.position, line.sku, line.quantity, line.requested_on, line.quality_requirement)


async def test_the_rows_become_the_lines_and_known_products_stay_the_same_lines(parties: Parties) -> None:
    goods = [await make_goods(parties.supplier, sku=sku) for sku in ("A-1", "10023")]
    order = await make_order(parties, ("5", "6"), goods=goods)
    first, second = await lines_of(order)
    drawing = await make_attachment(parties.buyer)
    await attach_file(parties.buyer, order.id, order.version, drawing.id, second.id)
    sheet = await make_sheet(
        parties.buyer,
        [[10023, "1,200", NEED, None], [None] * 4, ["A-1", 0.1 + 0.2, "2030年3月31日", "304"], ["A-1", ("=1+1", 2)]],
    )
    report = await imported(parties, order, sheet)
    assert (report.rows, report.right_rows, report.faults) == (3, 3, ())
    lines = await lines_of(order)
    assert [said(line) for line in lines] == [
        (1, "10023", 1200, NEED, None),
        (2, "A-1", Decimal("0.3"), NEED, "304"),
        (3, "A-1", 2, None, None),
    ]
    assert [line.id for line in lines[:2]] == [second.id, first.id]
    changed = await fresh(order)
    assert changed.estimated_total == Decimal("543.44")
    event = await Event.filter(stream=order.id).order_by("-seq").first()
    assert event is not None
    assert (event.kind, event.seq) == ("DRAFT_UPDATED", changed.version)


async def test_one_wrong_row_keeps_all_out_unless_the_caller_says_otherwise(parties: Parties) -> None:
    await make_goods(parties.supplier, sku="BOLT-M8", minimum_quantity=Decimal(100), quantity_step=Decimal(50))
    order = await make_order(parties, ("5",))
    yesterday = clock.today("Asia/Shanghai") - timedelta(days=1)
    rows: list[list[Any]] = [
        ["BOLT-M8", 100],
        ["bolt m8", 100],
        ["BOLT-M8", 120, yesterday],
        ["NUT", "ten"],
        ["BOLT-M8", 150, NEED, "x"],
    ]
    sheet = await make_sheet(parties.buyer, rows)
    wrong = await refused(parties, order, sheet)
    assert (wrong.rows, wrong.wrong_rows, wrong.fault_count) == (5, 3, 5)
    soonest = (clock.today("Asia/Shanghai") + timedelta(days=7)).isoformat()
    assert [(fault.cell, fault.value, fault.fault, fault.suggestion) for fault in wrong.faults] == [
        ("A3", "bolt m8", "is no article that this supplier offers", "BOLT-M8"),
        ("B4", "120", "is not a multiple of 50", "150"),
        ("C4", yesterday.isoformat(), "is in the past at the delivery place", soonest),
        ("A5", "NUT", "is no article that this supplier offers", None),
        ("B5", "ten", "is not a number", None),
    ]
    report = await imported(parties, order, sheet, RIGHT)
    assert (report.right_rows, report.faults) == (2, wrong.faults)
    assert [line.quantity for line in await lines_of(order)] == [100, 150]
    await refused(parties, order, await make_sheet(parties.buyer, rows[1:2]), RIGHT)


async def test_five_thousand_lines_take_as_many_statements_as_five(parties: Parties) -> None:
    skus = await many(parties, 50)
    order = await make_order(parties, ("5",))
    few, whole = [await make_sheet(parties.buyer, [[sku, 7] for sku in skus[:5] * times]) for times in (1, 1000)]
    counts = []
    for sheet in (few, whole):
        async with counting() as sent:
            assert not (await imported(parties, order, sheet)).faults
        counts.append(len(sent))
    assert counts[0] == counts[1] < 30
    assert await OrderLine.of(order.id).count() == MOST_LINES == 5000


async def test_planted_errors_in_five_thousand_lines_are_named_to_the_cell(parties: Parties) -> None:
    skus = await many(parties, 50)
    order = await make_order(parties, ("5",))
    rows: list[list[Any]] = [[sku, 7, NEED, None] for sku in skus * 100]
    rows[15][1], rows[41][0], rows[2499][2], rows[4998] = "x", "A-0041x", "soon", ["nowhere", None, None, "x" * 2001]
    spoilt = await make_sheet(parties.buyer, rows)
    async with counting() as sent:
        wrong = await refused(parties, order, spoilt)
    assert len(sent) < 12
    assert [fault.cell for fault in wrong.faults] == ["B17", "A43", "C2501", "A5000", "B5000", "D5000"]
    assert (wrong.faults[1].suggestion, wrong.wrong_rows, wrong.rows) == ("A-0041", 4, 5000)


async def test_faults_are_told_up_to_a_thousand_and_counted_to_the_last(parties: Parties) -> None:
    order = await make_order(parties, ("5",))
    wrong = await refused(parties, order, await make_sheet(parties.buyer, [["no", -1]] * 600))
    assert (len(wrong.faults), wrong.fault_count, wrong.wrong_rows) == (MOST_FAULTS, 1200, 600)
    assert wrong.faults[-1].cell == "B501"


HABITS = (
    "货号,数量,质量要求\nA-1,5,304\n".encode("utf-8-sig"),
    "货号;数量;质量要求\r\nA-1;5;304\r\n".encode("gb18030"),
    b"Our list\n\nQuality\tQty\tSKU\n304\t5\tA-1\n",
    b'sep=;\nSKU;"Quantity";Quality\n"A-1";"5";304\n',
    b"SKU,Quantity,Quality\n'-A,\"1,000\",'=304\n",
)


async def test_a_csv_file_of_any_habit_is_read(parties: Parties) -> None:
    for sku in ("A-1", "-A"):
        await make_goods(parties.supplier, sku=sku)
    order = await make_order(parties, ("5",))
    read = []
    for content in HABITS:
        await imported(parties, order, await make_csv(parties.buyer, content))
        read += [said(line)[1:] for line in await lines_of(order)]
    assert read == [("A-1", 5, None, "304")] * 4 + [("-A", 1000, None, "=304")]


async def test_the_cells_of_a_csv_file_are_named_as_a_spreadsheet_program_shows_them(parties: Parties) -> None:
    order = await make_order(parties, ("5",))
    told = await refused(parties, order, await make_csv(parties.buyer, b'sep=;\nSKU;Quantity\n\n"a\nb";5\nc;5\n'))
    assert [fault.cell for fault in told.faults] == ["A3", "A4"]


async def test_hidden_sheets_are_passed_over_and_merged_cells_asked_about(parties: Parties) -> None:
    await make_goods(parties.supplier, sku="A-1")
    order = await make_order(parties, ("5",))
    book = make_book([HEADINGS, ["A-1", 5], ["A-1", 6], ["A-1", 7]], hidden=True, merge=[(1, 3, 3, 3)])
    wrong = await refused(parties, order, await make_attachment(parties.buyer, "l.xlsx", book, XLSX.media_type))
    assert [(fault.cell, fault.fault) for fault in wrong.faults] == [
        ("D3", "is a part of the merged cells D2:D4; fill in each row"),
        ("D4", "is a part of the merged cells D2:D4; fill in each row"),
    ]


async def test_lines_of_two_currencies_are_told_apart(parties: Parties) -> None:
    await make_goods(parties.supplier, sku="A-1")
    await make_goods(parties.supplier, sku="B-1", currency=Currency.USD)
    order = await make_order(parties, ("5",))
    wrong = await refused(parties, order, await make_sheet(parties.buyer, [["A-1", 5], ["B-1", 5]]))
    assert [(fault.cell, fault.fault) for fault in wrong.faults] == [
        ("A3", "is priced in another currency than the lines before")
    ]


NO_LISTS = (
    (make_book([["SKU"], ["A-1"]]), XLSX.media_type, "no row with headings"),
    (make_book([HEADINGS, [None, " "]]), XLSX.media_type, "no lines below"),
    (make_book([HEADINGS, *[["A-1", 5]] * 5001]), XLSX.media_type, "more than 5000 lines"),
    (b"PK\x03\x04 nothing", XLSX.media_type, "cannot be read"),
    (b'SKU,Quantity\n"' + b"x" * 200_000, CSV.media_type, "cannot be read"),
    (b"SKU,Quantity\n" + b"\n" * 30_000, CSV.media_type, "cannot be read"),
    (b"\xff\x00", CSV.media_type, "cannot be read"),
    (PNG, "image/png", "no spreadsheet"),
)


async def test_a_file_that_is_no_list_of_lines_is_refused(parties: Parties) -> None:
    order = await make_order(parties, ("5",))
    for content, media_type, fault in NO_LISTS:
        file = await make_attachment(parties.buyer, "x", content, media_type)
        with pytest.raises(InvalidInput, match=fault):
            await imported(parties, order, file)
    assert (await fresh(order)).version == order.version


async def test_nobody_imports_what_or_where_they_may_not(parties: Parties) -> None:
    """A stranger's draft and a stranger's file look like none; the supplier has no such step."""
    order, sheet = await make_order(parties, ("5",)), await make_sheet(parties.buyer, [["A-1", 5]])
    stranger = await make_actor(await make_company(CompanyKind.BUYER), Role.REQUESTER)
    viewer = await make_actor(await make_company(CompanyKind.BUYER), Role.VIEWER)
    theirs = await make_sheet(stranger, [["A-1", 5]])

    async def tried(actor: Any, order: Order, version: int, file: Any) -> None:
        await import_lines(actor, order.id, version, file.id, RIGHT)

    cases: Sequence[tuple[type[Exception], tuple[Any, ...]]] = (
        (NotAllowed, (viewer, order, order.version, sheet)),
        (NotFound, (stranger, order, order.version, theirs)),
        (NotFound, (parties.buyer, order, order.version, theirs)),
        (NotFound, (parties.supplier, order, order.version, sheet)),
        (StaleVersion, (parties.buyer, order, order.version + 1, sheet)),
    )
    for refusal, given in cases:
        with pytest.raises(refusal):
            await tried(*given)
    placed = await make_placed_order(parties)
    with pytest.raises(WrongStatus):
        await tried(parties.buyer, placed, placed.version, sheet)


async def test_a_row_goes_where_the_book_says(parties: Parties) -> None:
    await make_goods(parties.supplier, sku="A-1")
    order = await make_order(parties, ("5",))
    stranger = await make_parties()
    gate = await make_address(parties.buyer, label="二号仓", street="别处路3号")
    for label in ("Twice", "Twice"):
        await make_address(parties.buyer, label=label)
    await make_address(stranger.buyer, label="Theirs")
    headings = ("SKU", "Quantity", "Deliver to")
    rows = [["A-1", 5, "二号仓"], ["A-1", 6, None], ["A-1", 7, "Theirs"], ["A-1", 8, "Twice"], ["A-1", 9, "x" * 61]]
    wrong = await refused(parties, order, await make_sheet(parties.buyer, rows, headings))
    assert [(fault.cell, fault.fault) for fault in wrong.faults] == [
        ("C4", "is no address in your book"),
        ("C5", "is what several addresses in your book are called; give them names of their own"),
        ("C6", "is longer than 60 characters"),
    ]
    await imported(parties, order, await make_sheet(parties.buyer, rows[:2], headings))
    first, second = await lines_of(order)
    assert (first.delivery_place, first.delivery_entry_id) == (gate.destination.line, gate.id)
    assert (second.delivery_place, second.delivery_address, second.delivery_entry_id) == (None, None, None)
