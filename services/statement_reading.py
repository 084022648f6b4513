"""Takes a statement of account down from the books: everything of one moment, page by page, into a file that vanishes by itself."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TextIO

from models import Company, StatementFile
from models.account_lines import Account as Books
from models.rows import Row
from models.transaction import transact
from rules.account_statements import OpenInvoice, Party, StatementHead, StatementLine, days_overdue
from rules.accounts import Account, PostingKind
from rules.terms import local_date, start_of
from services import clock

PAGE = 500
"""Rows that are read at once."""

SECONDS = 10
"""How long one of its statements may take: more than a request may."""


class Unbalanced(Exception):
    """The lines do not lead from the opening balance to the closing one: such a statement is never handed out."""


async def books_of(file: StatementFile) -> tuple[Books, Company]:
    """What has to be read for a file, and whose books these are."""
    company = await Company.named(file.company_id)
    start = start_of(file.period_start, company.delivery_zone)
    end = start_of(file.period_end + timedelta(days=1), company.delivery_zone)
    return Books(file.company_id, file.counterparty_id, file.currency, start, end), company


async def take_down(file: StatementFile, spool: TextIO) -> StatementHead:
    """What stands around the lines; they, and the open invoices after them, are in `spool` then, which `taken_lines` reads."""
    return await transact(lambda: read_down(file, spool), snapshot=True, statement_timeout=SECONDS)


def taken_lines(spool: TextIO, most: int) -> list[StatementLine]:
    """The next lines."""
    return [
        StatementLine(
            date.fromisoformat(day),
            PostingKind(kind),
            document,
            order,
            invoice,
            Account(account),
            Decimal(amount),
            Decimal(balance),
        )
        for day, kind, document, order, invoice, account, amount, balance in _rows(spool, most)
    ]


def taken_invoices(spool: TextIO, most: int) -> list[OpenInvoice]:
    """The next open invoices, once all lines were read."""
    return [
        OpenInvoice(number, order, date.fromisoformat(issued), date.fromisoformat(due), Decimal(owed), int(days))
        for number, order, issued, due, owed, days in _rows(spool, most)
    ]


def _rows(spool: TextIO, most: int) -> Iterator[list[str]]:
    # By readline and not by iterating, which would read ahead of what is wanted.
    return csv.reader(filter(None, (spool.readline() for _ in range(most))))


async def read_down(file: StatementFile, spool: TextIO) -> StatementHead:
    """The same, inside a transaction that sees one moment."""
    books, company = await books_of(file)
    head = await _head(file, books, company)
    spool.seek(0)
    spool.truncate()
    if await _take_lines(books, head, spool) != head.closing:
        raise Unbalanced(file.id)
    await _take_invoices(books, head, spool)
    return head


async def _head(file: StatementFile, books: Books, company: Company) -> StatementHead:
    opening, totals = await books.opening(), await books.totals()
    invoices, owed = await books.open_in_all()
    return StatementHead(
        owner=_party(company),
        counterparty=_party(await Company.named(file.counterparty_id)),
        currency=file.currency,
        period_start=file.period_start,
        period_end=file.period_end,
        as_of=clock.now(),
        zone=company.delivery_zone,
        opening=opening,
        closing=opening + sum(total.amount for total in totals),
        totals=totals,
        open_invoices=invoices,
        owed=owed,
        locale=file.locale,
        colour=company.brand_colour,
    )


async def _take_lines(books: Books, head: StatementHead, spool: TextIO) -> Decimal:
    """The balance after the last line."""
    rows, balance = csv.writer(spool, lineterminator="\n"), head.opening
    async for found in books.lines(PAGE):
        for row in found:
            balance += row.amount
            rows.writerow(_line(row, balance, head.zone))
    return balance


def _line(row: Row, balance: Decimal, zone: str) -> tuple[Any, ...]:
    day, invoice = local_date(row.created_at, zone), row.invoice_number or ""
    return day, row.kind, row.document_number or "", row.order_number, invoice, row.account, row.amount, balance


async def _take_invoices(books: Books, head: StatementHead, spool: TextIO) -> None:
    rows = csv.writer(spool, lineterminator="\n")
    async for found in books.open(PAGE):
        for row in found:
            days = days_overdue(row.due_on, head.period_end)
            rows.writerow((row.number, row.order_number, row.issued_on, row.due_on, row.owed, days))


def _party(company: Company) -> Party:
    return Party(company.legal_name, company.english_name or "", company.credit_code)
