"""A long statement of account from the books to the file: each line once, told of as it goes, in the same memory however long it is."""

import asyncio
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from models import StatementFile
from models.database import pool
from rules.account_statements import StatementFileStatus, StatementFormat
from rules.money import Currency
from services.making_statements import SLICE
from services.statement_files import StatementWish, request_account_statement
from tests.ledger_makers import BEGINNING, make_books
from tests.long_statement import MEMORY
from tests.makers import make_key
from tests.order_makers import Parties, make_parties
from tests.statement_makers import FIRST, LAST, told

LINES = int(os.environ.get("DINGHUO_STATEMENT_LINES", "600"))
"""How long it is, a multiple of four; `DINGHUO_STATEMENT_LINES=10000` for a real long one."""

F = StatementFormat
MOST_MEMORY = {F.CSV: 24, F.XLSX: 24, F.PDF: 140}
"""MiB more than there were before, however long it is: of a print it is fonts, and what typst remembers of its last ten prints."""

Line = tuple[str, str, D]
"""The document's number, the invoice's, and the amount: a debit above zero."""

PRINTED = re.compile(
    r"2026-11-\d\d +(?:Invoice|Payment) (\S+) +PO-\d+ +(?:for (\S+) +)?([\d,.]+) +([\d,.]+)$", re.MULTILINE
)


@pytest.mark.skipif(
    not MEMORY.exists(), reason="only Linux tells the most memory a process has held; see docs/decisions/0164"
)
async def test_each_line_is_in_it_once_and_memory_does_not_grow_with_it(database: str, tmp_path: Path) -> None:
    parties = await make_parties()
    await make_books(parties, LINES)
    lines = Counter(await booked(parties))
    closing = sum((amount for *_, amount in lines), D(0))
    assert (lines.total(), len(lines)) == (LINES, LINES)
    files = [await asked(parties, kind) for kind in MOST_MEMORY]
    command = [sys.executable, "-m", "tests.long_statement", database, str(tmp_path), str(len(files))]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    for file, taken in zip(files, json.loads(done.stdout), strict=True):
        await file.refresh_from_db()
        assert (file.status, file.lines_done, file.lines_in_all) == (StatementFileStatus.READY, LINES, LINES)
        assert taken["grown"] < MOST_MEMORY[file.format], taken
        steps = [done for _, done, _ in await told(file)]
        assert steps == sorted(steps)
        assert len(set(steps)) == 1 + -(-LINES // SLICE)
        found, last = READ[file.format]((tmp_path / str(file.stored_key)).read_bytes())
        assert last == closing
        assert Counter(found) == lines


async def booked(parties: Parties) -> list[Line]:
    """What the supplier's books say that the buyer was to pay."""
    rows = await pool().fetch(
        """SELECT COALESCE(p.number, i.number), i.number, e.amount FROM ledger_entry e JOIN invoice i ON i.id = e.invoice_id
           LEFT JOIN payment p ON p.id = e.document_id
           WHERE e.company_id = $1 AND e.account = 'RECEIVABLE' AND e.created_at BETWEEN $2 AND $3""",
        parties.supplier.home,
        BEGINNING,
        BEGINNING + timedelta(days=30),
    )
    return [(document, invoice, amount) for document, invoice, amount in rows]


async def asked(parties: Parties, kind: StatementFormat) -> StatementFile:
    """Of November, by the supplier."""
    wish = StatementWish(parties.buyer.home, Currency.CNY, FIRST, LAST, kind, "en")
    return await request_account_statement(parties.supplier, wish, idempotency_key=make_key())


def in_table(content: bytes) -> tuple[list[Line], D]:
    """The lines of a CSV file, and its closing balance."""
    _, _, *rows, closing = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return [(row[2], row[4], D(row[7] or 0) - D(row[8] or 0)) for row in rows], D(closing[-1])


def in_workbook(content: bytes) -> tuple[list[Line], D]:
    """The same of a workbook."""
    _, _, *rows, closing = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    exact = [(str(row[2]), str(row[4]), D(str(row[7] or 0)) - D(str(row[8] or 0))) for row in rows]
    return exact, D(str(closing[-1]))


def on_paper(content: bytes) -> tuple[list[Line], D]:
    """The same of a printed one, by how each line changes the balance, which stands on all of them."""
    if not shutil.which("pdftotext"):
        pytest.skip("poppler is not installed; see docs/decisions/0164")
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True).stdout
    return list(_changes(text.decode())), _number(re.search(r"Closing balance +([\d,.]+)", text.decode()))


def _changes(text: str) -> Iterator[Line]:
    balance = D(0)
    for found in PRINTED.finditer(text):
        before, balance = balance, _number(found, 4)
        assert _number(found, 3) == abs(balance - before)
        yield found[1], found[2] or found[1], balance - before


def _number(found: re.Match[str] | None, group: int = 1) -> D:
    assert found is not None
    return D(found[group].replace(",", ""))


READ = {F.CSV: in_table, F.XLSX: in_workbook, F.PDF: on_paper}
