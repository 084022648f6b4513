"""Statements of account as files: made once for one request, of one moment, followed, given up, taken over, and forgotten."""

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from typing import Any, BinaryIO

import asyncpg
import pytest
from python_calamine import CalamineWorkbook

from models import Errand, Invoice, StatementFile
from models.database import pool
from models.transaction import transact
from rules.account_statements import (
    KEPT_FOR,
    MOST_UNDER_WAY,
    TRIES,
    StatementFailure,
    StatementFileStatus,
    StatementFormat,
)
from rules.errands import LEASE, ErrandKind
from rules.money import Currency
from rules.people import Actor, Role, Scope
from rules.problems import InvalidInput, KeyReused, NotAllowed, NotFound, Unavailable, WrongStatus
from services import clock, errands, partners, verb
from services.making_statements import make_statement, work
from services.statement_files import (
    StatementWish,
    cancel_account_statement,
    request_account_statement,
    retry_account_statement,
    tidy_statements,
)
from services.statement_reading import Unbalanced, read_down, take_down
from tests.billing_makers import make_confirmed, make_credit_note
from tests.file_makers import Shelf, make_shelf
from tests.makers import make_key
from tests.order_makers import Parties, make_completed_order, make_invoice, make_parties, make_transfer
from tests.statement_makers import told

S, F = StatementFileStatus, StatementFormat
DECEMBER = date(2026, 12, 1), date(2026, 12, 31)


@pytest.fixture
async def parties(database: str) -> Parties:
    """A buyer and a supplier."""
    return await make_parties()


@pytest.fixture
def shelf() -> Shelf:
    """Where files are kept."""
    return make_shelf()


@pytest.fixture
async def invoice(parties: Parties) -> Invoice:
    """Claimed on 30 November: 1130.00; in December 600.00 came and 452.00 were credited; after it the rest came."""
    with clock.held_at("2026-11-30T08:00:00+00:00"):
        order = await make_completed_order(parties, ["10"], ["100"], freight="0")
        invoice = await make_invoice(parties, order)
    with clock.held_at("2026-11-30T16:00:00+00:00"):  # 1 December in Shanghai
        await make_confirmed(parties, await make_transfer(parties, invoice, "600.00"))
    with clock.held_at("2026-12-31T15:59:59+00:00"):
        await make_credit_note(parties, invoice, "4")
    with clock.held_at("2026-12-31T16:00:00+00:00"):
        await make_confirmed(parties, await make_transfer(parties, invoice, "78.00"))
    return invoice


async def asked(actor: Actor, other: Actor, kind: StatementFormat = F.CSV, key: str = "", **said: Any) -> StatementFile:
    """Of December, in English."""
    wish = StatementWish(other.home, Currency.CNY, *DECEMBER, kind, "en")
    return await request_account_statement(actor, replace(wish, **said), idempotency_key=key or make_key())


async def now(file: StatementFile) -> StatementFile:
    """As it is by now."""
    return await StatementFile.get(id=file.id)


async def read(shelf: Shelf, file: StatementFile) -> bytes:
    """What lies in the storage."""
    key = (await now(file)).stored_key
    return b"".join([piece async for piece in await shelf.get(str(key))])


async def booked(parties: Parties, invoice: Invoice, pairs: int, at: str = "2026-12-05", through: Any = None) -> None:
    """So many sales more in the supplier's books, each of 1.13 owed, in one statement."""
    await (through or pool()).execute(
        """INSERT INTO ledger_entry (id, created_at, posting, kind, company_id, counterparty_id, order_id, invoice_id, account,
            currency, amount, document_id)
        SELECT gen_random_uuid(), $6::timestamptz + n * interval '1 microsecond', md5(n::text)::uuid, 'INVOICE',
            $1, $2, $3, $4, side.account, 'CNY', side.amount, $4
        FROM generate_series(1, $5) AS n, (VALUES ('RECEIVABLE', 1.13), ('SALES', -1.13)) AS side(account, amount)""",
        parties.supplier.home,
        parties.buyer.home,
        invoice.order_id,
        invoice.id,
        pairs,
        datetime.fromisoformat(at).replace(tzinfo=UTC),
    )


# ---------------------------------------------------------------------------------------------------------------- what is in it


async def test_a_table_leads_from_the_opening_to_the_closing_balance(
    parties: Parties, invoice: Invoice, shelf: Shelf
) -> None:
    file = await asked(parties.supplier, parties.buyer)
    assert (file.status, file.lines_in_all) == (S.QUEUED, 2)
    assert await work() == 1
    file = await now(file)
    assert (file.status, file.lines_done, file.lines_in_all) == (S.READY, 2, 2)
    content = await read(shelf, file)
    assert file.size == len(content)
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert head[:3] == ["Date", "Type", "Document no."]
    assert [(row[0], row[1], row[-3], row[-2], row[-1]) for row in rows] == [
        ("2026-12-01", "Opening balance", "", "", "1130"),
        ("2026-12-01", "Payment", "", "600", "530"),
        ("2026-12-31", "Credit note", "", "452", "78"),
        ("2026-12-31", "Closing balance", "", "", "78"),
    ]
    assert [row[4] for row in rows[1:3]] == [invoice.number] * 2


async def test_a_workbook_has_exact_numbers_dates_totals_and_what_is_open(
    parties: Parties, invoice: Invoice, shelf: Shelf
) -> None:
    file = await asked(parties.buyer, parties.supplier, F.XLSX, locale="zh-CN")
    await work()
    book = CalamineWorkbook.from_filelike(io.BytesIO(await read(shelf, file)))
    assert book.sheet_names == ["对账单", "分类汇总", "期末未结清发票"]
    entries, totals, opens = (sheet.to_python() for sheet in map(book.get_sheet_by_name, book.sheet_names))
    assert [row[0] for row in entries[1:]] == [
        date(2026, 12, 1),
        date(2026, 12, 1),
        date(2026, 12, 31),
        date(2026, 12, 31),
    ]
    assert [row[-1] for row in entries[1:]] == [-1130.0, -530.0, -78.0, -78.0]
    assert [row[5] for row in entries[2:4]] == ["应付账款"] * 2
    assert totals[1:4] == [["红字发票", 1.0, 452.0], ["付款", 1.0, 600.0], ["合计", 2.0, 1052.0]]
    assert opens[1][:1] + opens[1][-2:] == [invoice.number, 1.0, -78.0]
    assert opens[2][-1] == -78.0


async def test_a_name_that_looks_like_a_formula_is_a_text(parties: Parties, invoice: Invoice, shelf: Shelf) -> None:
    await pool().execute("UPDATE purchase_order SET number = '=1+1' WHERE id = $1", invoice.order_id)
    table, book = await asked(parties.supplier, parties.buyer), await asked(parties.supplier, parties.buyer, F.XLSX)
    while await work():
        pass
    rows = list(csv.reader(io.StringIO((await read(shelf, table)).decode("utf-8-sig"))))
    assert rows[2][3] == "'=1+1"
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(await read(shelf, book))).get_sheet_by_index(0)
    assert sheet.to_python()[2][3] == "=1+1"


async def test_thousands_of_entries_are_read_in_pages_and_none_is_missing(
    parties: Parties, invoice: Invoice, shelf: Shelf
) -> None:
    await booked(parties, invoice, 1_203)
    file = await asked(parties.supplier, parties.buyer)
    await work()
    rows = list(csv.reader(io.StringIO((await read(shelf, file)).decode("utf-8-sig"))))
    assert len(rows) == 1_205 + 3
    assert [D(row[-1]) for row in rows[-2:]] == [D(78) + 1_203 * D("1.13")] * 2
    assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])


class Meddled(io.StringIO):
    """When both balances are read and the lines are not, somebody books three entries more."""

    def __init__(self, meddle: Callable[[], Coroutine[Any, Any, None]]) -> None:
        super().__init__()
        self._meddle = [meddle]

    def truncate(self, size: int | None = None) -> int:
        """In a thread, since whoever begins to write here is in the middle of something."""
        while self._meddle:
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(asyncio.run, self._meddle.pop()()).result()
        return super().truncate(size)


async def test_what_is_booked_while_it_is_taken_down_is_not_in_it(
    parties: Parties, invoice: Invoice, database: str
) -> None:
    file = await asked(parties.supplier, parties.buyer)

    async def meddle(at: str) -> None:
        connection = await asyncpg.connect(database)
        await booked(parties, invoice, 3, at, connection)
        await connection.close()

    spool = Meddled(lambda: meddle("2026-12-31T15:59:59.500"))
    head = await take_down(file, spool)
    assert (head.lines, head.closing) == (2, D(78))
    assert len(spool.getvalue().splitlines()) == head.lines + head.open_invoices
    assert (await take_down(file, io.StringIO())).lines == 5
    with pytest.raises(Unbalanced):  # read without one moment for all of it, and never handed out
        await transact(lambda: read_down(file, Meddled(lambda: meddle("2026-12-31T15:59:59.700"))))


# ------------------------------------------------------------------------------------------------------------ who may, and how many


async def test_the_same_request_is_one_file(parties: Parties, shelf: Shelf) -> None:
    key = make_key()
    files = await asyncio.gather(*(asked(parties.buyer, parties.supplier, key=key) for _ in range(3)))
    assert len({file.id for file in files}) == 1
    with pytest.raises(KeyReused):
        await asked(parties.buyer, parties.supplier, F.PDF, key=key)
    assert await work() == 1
    assert (await asked(parties.buyer, parties.supplier, key=key)).status is S.READY
    assert (await work(), len(shelf.files)) == (0, 1)


async def test_those_who_read_the_books_may_and_see_it_and_nobody_else(parties: Parties, invoice: Invoice) -> None:
    supplier, stranger = parties.supplier, (await make_parties()).supplier
    for roles in ({Role.SALES}, {Role.AUDITOR}):
        with pytest.raises(NotAllowed):
            await asked(replace(supplier, roles=frozenset(roles)), parties.buyer)
    machine = replace(supplier, member=None, sponsor=supplier.member, roles=frozenset())
    with pytest.raises(NotAllowed):
        await asked(replace(machine, scopes=frozenset({Scope.READ})), parties.buyer)
    await asked(replace(machine, scopes=frozenset({Scope.BILLING, Scope.READ})), parties.buyer)
    file = await asked(replace(supplier, roles=frozenset({Role.FINANCE})), parties.buyer)
    for actor in (parties.buyer, stranger, replace(supplier, roles=frozenset({Role.SALES}))):
        assert not await StatementFile.visible_to(actor).exists()
    for actor in (parties.buyer, stranger):
        for step in (cancel_account_statement, retry_account_statement):
            with pytest.raises(NotFound):
                await step(actor, file.id)
    with pytest.raises(NotFound):
        await asked(stranger, parties.buyer)


async def test_a_period_that_ends_before_it_begins_is_refused_and_leaves_nothing(parties: Parties) -> None:
    first, last = DECEMBER
    with pytest.raises(InvalidInput, match=r"periodEnd: must not be before"):
        await asked(parties.buyer, parties.supplier, period_start=last, period_end=first)
    assert await StatementFile.all().count() == 0


async def test_a_company_has_a_few_under_way_at_the_same_time(parties: Parties) -> None:
    outcomes = await asyncio.gather(
        *(asked(parties.buyer, parties.supplier) for _ in range(MOST_UNDER_WAY + 2)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes].count(InvalidInput) == 2
    others = (await make_parties()).buyer
    assert (await asked(others, parties.supplier)).status is S.QUEUED  # each company for itself
    while await work():
        pass
    await asked(parties.buyer, parties.supplier)


# ---------------------------------------------------------------------------------------------------- progress, and what cuts it short


@contextmanager
def when(file: StatementFile, then: Callable[[], Awaitable[object]]) -> Iterator[None]:
    """Once, as soon as some lines of the file are written."""
    waiting = [then]

    async def look() -> None:
        one = await now(file)
        if one.status is S.WORKING and one.lines_done and waiting:
            await waiting.pop()()

    verb.after_commit.append(look)
    try:
        yield
    finally:
        verb.after_commit.remove(look)
    assert not waiting, "it never came to that"


async def claimed() -> Errand:
    """The one errand there is to do, by a worker that goes slowly on."""
    [errand] = await transact(lambda: Errand.claim([ErrandKind.MAKE_STATEMENT], clock.now(), LEASE, 1))
    return errand


async def test_progress_is_told_at_a_pace_and_never_backwards(parties: Parties, invoice: Invoice) -> None:
    await booked(parties, invoice, 400)
    file = await asked(parties.supplier, parties.buyer)
    await make_statement(await claimed(), timedelta())
    assert await told(file) == [
        ("QUEUED", 0, 402),
        *[("WORKING", lines, 402) for lines in (0, 0, 150, 300, 402, 402)],
        ("READY", 402, 402),
    ]
    at_once = await asked(parties.supplier, parties.buyer)
    with clock.held_at(clock.now()):
        await work()
    assert [lines for _, lines, _ in await told(at_once)] == [0, 0, 0, 402]


async def test_what_is_cancelled_stops_and_can_be_made_after_all(
    parties: Parties, invoice: Invoice, shelf: Shelf
) -> None:
    await booked(parties, invoice, 400)
    file = await asked(parties.supplier, parties.buyer)
    with when(file, lambda: cancel_account_statement(parties.supplier, file.id)):
        assert await work_slowly() == 1
    assert ((await now(file)).status, shelf.files) == (S.CANCELLED, {})
    with pytest.raises(WrongStatus):
        await cancel_account_statement(parties.supplier, file.id)
    await retry_account_statement(parties.supplier, file.id)
    with pytest.raises(WrongStatus):
        await retry_account_statement(parties.supplier, file.id)
    assert await work() == 1
    assert ((await now(file)).status, len(shelf.files)) == (S.READY, 1)


async def test_who_works_on_an_earlier_request_stops(parties: Parties, invoice: Invoice, shelf: Shelf) -> None:
    await booked(parties, invoice, 400)
    file = await asked(parties.supplier, parties.buyer)

    async def anew() -> None:
        await cancel_account_statement(parties.supplier, file.id)
        await retry_account_statement(parties.supplier, file.id)

    with when(file, anew):
        assert await work_slowly() == 1
    assert ((await now(file)).status, shelf.files) == (S.QUEUED, {})
    assert await work() == 1
    assert ((await now(file)).status, (await now(file)).run, len(shelf.files)) == (S.READY, 2, 1)


async def test_a_worker_that_seems_dead_is_replaced_and_what_it_makes_is_thrown_away(
    parties: Parties, invoice: Invoice, shelf: Shelf
) -> None:
    await booked(parties, invoice, 400)
    file = await asked(parties.supplier, parties.buyer)

    async def replaced() -> None:
        assert await work() == 0  # it is in somebody's hands
        with clock.held_at(clock.now() + LEASE):
            assert await work() == 1

    with when(file, replaced):
        assert await work_slowly() == 1
    assert ((await now(file)).status, len(shelf.files)) == (S.READY, 1)
    assert [status for status, *_ in await told(file)].count("READY") == 1
    assert await work() == 0


@dataclass
class Held(Shelf):
    """The first file comes in, and then it takes until `goes_on` is set before whoever brings it hears of it."""

    came: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def put(self, key: str, file: BinaryIO) -> None:
        """Kept."""
        await super().put(key, file)
        if not self.came.is_set():
            self.came.set()
            await self.goes_on.wait()


async def outrun(parties: Parties, invoice: Invoice, before: Callable[[StatementFile], Awaitable[object]]) -> None:
    """A worker that seemed dead goes on while another one, who began after it was `before`, is nearly done: it writes nothing any more."""
    shelf = Held()
    partners.use_storage(shelf)
    await booked(parties, invoice, 400)
    file = await asked(parties.supplier, parties.buyer)
    others: list[asyncio.Task[int]] = []

    async def another() -> None:
        await before(file)
        with clock.held_at(clock.now() + LEASE):
            others.append(asyncio.create_task(work()))
            await shelf.came.wait()

    with when(file, another):
        assert await work_slowly() == 1
    known = await told(file)
    assert ((await now(file)).status, known[-1][:2]) == (S.WORKING, ("WORKING", 0))
    shelf.goes_on.set()
    assert await others.pop() == 1
    assert (await told(file))[len(known) :] == [("READY", 402, 402)]
    assert list(shelf.files) == [(await now(file)).stored_key]
    assert await work() == 0


async def test_who_seemed_dead_writes_nothing_while_another_one_works(parties: Parties, invoice: Invoice) -> None:
    async def nothing(file: StatementFile) -> None: ...

    await outrun(parties, invoice, nothing)


async def test_who_works_on_an_earlier_request_writes_nothing_while_another_one_works(
    parties: Parties, invoice: Invoice
) -> None:
    async def anew(file: StatementFile) -> None:
        await cancel_account_statement(parties.supplier, file.id)
        await retry_account_statement(parties.supplier, file.id)

    await outrun(parties, invoice, anew)


class Dead(BaseException):
    """A process that ends here and does nothing any more."""


@dataclass
class Deadly(Shelf):
    """Whoever brings a file dies of it, so many times, when it is in."""

    times: int = 1

    async def put(self, key: str, file: BinaryIO) -> None:
        """Kept."""
        await super().put(key, file)
        self.times -= 1
        if self.times >= 0:
            raise Dead


async def test_what_a_worker_left_behind_that_died_is_gone_when_the_file_is_made(parties: Parties) -> None:
    shelf, file, moment = Deadly(), await asked(parties.buyer, parties.supplier), clock.now()
    partners.use_storage(shelf)
    with pytest.raises(Dead):
        await work()
    [left_behind] = shelf.files
    with clock.held_at(moment + 2 * LEASE):
        assert await work() == 1
    assert list(shelf.files) == [(await now(file)).stored_key] != [left_behind]
    assert (await now(file)).status is S.READY
    assert await tidy_statements() == 0


@pytest.mark.parametrize("end", [S.CANCELLED, S.FAILED])
async def test_what_is_left_behind_of_a_file_that_came_to_nothing_is_tidied_away(
    parties: Parties, end: StatementFileStatus
) -> None:
    file, moment, times = await asked(parties.buyer, parties.supplier), clock.now(), TRIES if end is S.FAILED else 1
    shelf = Deadly(times=times)
    partners.use_storage(shelf)
    for turn in range(times):
        with clock.held_at(moment + turn * 2 * LEASE), pytest.raises(Dead):
            await work()
        assert await tidy_statements() == 0  # it is being made
    if end is S.CANCELLED:
        await cancel_account_statement(parties.buyer, file.id)
    with clock.held_at(moment + 2 * TRIES * LEASE):
        await work()
    left = await now(file)
    assert (left.status, list(shelf.files)) == (end, [left.stored_key])
    version = left.version
    assert (await tidy_statements(), shelf.files) == (1, {})
    assert (await tidy_statements(), (await now(file)).version) == (0, version)
    await retry_account_statement(parties.buyer, file.id)
    await work()
    assert ((await now(file)).status, list(shelf.files)) == (S.READY, [(await now(file)).stored_key])


async def test_a_lease_is_renewed_while_the_work_lasts(parties: Parties) -> None:
    await asked(parties.buyer, parties.supplier)
    errand = await claimed()
    until = errand.leased_until
    assert await errand.renew(clock.now() + 2 * LEASE)
    assert (await Errand.held(errand)) is not None
    assert until is not None
    assert errand.leased_until is not None
    assert errand.leased_until > until
    with clock.held_at(clock.now() + 2 * LEASE):
        assert await claimed()
    assert not await errand.is_mine()
    assert not await errand.renew(clock.now() + 3 * LEASE)


async def test_workers_that_die_of_it_do_not_do_so_forever(parties: Parties) -> None:
    file, moment = await asked(parties.buyer, parties.supplier), clock.now()
    for turn in range(TRIES):
        with clock.held_at(moment + turn * LEASE):
            await claimed()
    with clock.held_at(moment + TRIES * LEASE):
        assert await work() == 1
    assert ((await now(file)).status, (await now(file)).failure) == (S.FAILED, StatementFailure.INTERRUPTED)
    assert await work() == 0


async def test_a_storage_that_stays_away_is_tried_again_and_then_it_has_failed(parties: Parties, shelf: Shelf) -> None:
    file, moment = await asked(parties.buyer, parties.supplier), clock.now()
    shelf.is_away = True
    for turn in range(TRIES):
        assert (await now(file)).status in (S.QUEUED, S.WORKING)
        with clock.held_at(moment + turn * timedelta(hours=1)):
            assert await work() == 1
    assert ((await now(file)).status, (await now(file)).failure) == (S.FAILED, StatementFailure.UNAVAILABLE)
    shelf.is_away = False
    assert (await retry_account_statement(parties.buyer, file.id)).failure is None
    await work()
    assert ((await now(file)).status, len(shelf.files)) == (S.READY, 1)


@dataclass
class Broken(Shelf):
    """Whoever brings a file meets this."""

    fault: Exception = field(default_factory=ValueError)

    async def put(self, key: str, file: BinaryIO) -> None:
        """Never."""
        raise self.fault


@pytest.mark.parametrize("tries", [0, TRIES])
async def test_who_fails_at_the_last_try_does_not_fail_what_was_asked_for_anew(parties: Parties, tries: int) -> None:
    """However often that was tried meanwhile."""
    file, moment = await asked(parties.buyer, parties.supplier), clock.now()
    for turn in range(TRIES - 1):
        with clock.held_at(moment + turn * LEASE):
            await claimed()

    class Overtaken(Shelf):
        """While the file is brought it is asked for anew."""

        async def put(self, key: str, file_: BinaryIO) -> None:
            """Too late, and in vain."""
            await cancel_account_statement(parties.buyer, file.id)
            await retry_account_statement(parties.buyer, file.id)
            await Errand.filter(subject_id=file.id).update(attempts=tries)
            raise ValueError

    partners.use_storage(Overtaken())
    with clock.held_at(moment + TRIES * LEASE):
        assert await work() == 1
    assert ((await now(file)).status, (await now(file)).failure) == (S.QUEUED, None)


@pytest.mark.parametrize(
    ("fault", "told_as"),
    [
        (Unbalanced(), StatementFailure.UNBALANCED),
        (Unavailable(), StatementFailure.UNAVAILABLE),
        (ValueError(), StatementFailure.FAULT),
    ],
)
async def test_the_last_try_says_why_it_failed(parties: Parties, fault: Exception, told_as: StatementFailure) -> None:
    file = await asked(parties.buyer, parties.supplier)
    partners.use_storage(Broken(fault=fault))
    await Errand.filter(subject_id=file.id).update(attempts=TRIES - 1)
    assert await work() == 1
    assert ((await now(file)).status, (await now(file)).failure) == (S.FAILED, told_as)


async def test_a_file_is_forgotten_after_a_week_and_can_be_made_anew(parties: Parties, shelf: Shelf) -> None:
    file = await asked(parties.buyer, parties.supplier)
    await work()
    assert await tidy_statements() == 0
    with clock.held_at(clock.now() + KEPT_FOR):
        shelf.is_away = True
        with pytest.raises(Unavailable):
            await tidy_statements()
        assert (await now(file)).status is S.READY
        shelf.is_away = False
        assert await tidy_statements() == 1
    assert ((await now(file)).status, shelf.files) == (S.EXPIRED, {})
    await retry_account_statement(parties.buyer, file.id)
    await work()
    assert ((await now(file)).status, len(shelf.files)) == (S.READY, 1)


async def work_slowly() -> int:
    """A worker that tells of each slice."""
    return await errands.work_due({ErrandKind.MAKE_STATEMENT: lambda errand: make_statement(errand, timedelta())}, 1)
