"""Statements of account on pages: nothing lost between them, each carries over what it ends with, and their number is known before."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from rules.account_statements import ACCOUNTS, MOST_LINES, OpenInvoice, StatementLine, check_length
from rules.accounts import Account, PostingKind
from rules.money import Currency
from rules.problems import InvalidInput
from rules.statement_pages import HEADING, ROWS, Page, Pages, page_count
from rules.statement_words import account_word, description, kind_word, money, word
from tests.statement_makers import make_head, make_lines, make_open_invoices


def laid_out(lines: list[StatementLine], invoices: list[OpenInvoice]) -> list[Page]:
    """All pages of a statement."""
    made: list[Page] = []
    pages = Pages(make_head(lines, invoices), made.append)
    for line in lines:
        pages.line(line)
    pages.summary()
    for invoice in invoices:
        pages.open_invoice(invoice)
    pages.end()
    return made


def height(page: Page) -> int:
    """How many rows of paper it takes."""
    return sum(HEADING if row[0] == "heading" else 1 for row in page)


@pytest.mark.parametrize("lines", [0, 1, 19, 20, 21, 27, 28, 29, 30, 60, 68, 69, 70, 110, 300])
def test_the_number_of_pages_is_known_before(lines: int) -> None:
    for invoices in (0, 1, 2, 15, 16, 17, 40, 43, 44, 90):
        pages = laid_out(make_lines(lines), make_open_invoices(invoices))
        assert page_count(make_head(make_lines(lines), make_open_invoices(invoices))) == len(pages)
        assert max(map(height, pages)) <= ROWS
        rows = [row[0] for page in pages for row in page]
        assert (rows.count("line"), rows.count("open"), rows.count("closing")) == (lines, invoices, 1)


def test_each_page_goes_on_from_the_balance_that_the_one_before_ends_with() -> None:
    lines = make_lines(100)
    first, second, *_ = laid_out(lines, [])
    assert first[2][1:] == ("Opening balance", "1,000.00")
    assert first[-1] == ("balance", "Carried forward", money(lines[29].balance, Currency.CNY))
    assert second[:2] == [
        ("columns", "Date", "Document", "Order", "Description", "Debit", "Credit", "Balance"),
        ("balance", "Brought forward", first[-1][2]),
    ]


def test_what_is_owed_of_no_invoice_says_so() -> None:
    invoice, of_none = make_open_invoices(2)
    [page] = laid_out([], [invoice, replace(of_none, number="")])
    assert [row[1] for row in page if row[0] == "open"] == [invoice.number, "Of no invoice"]


def test_a_table_that_goes_on_has_its_columns_again() -> None:
    pages = laid_out([], make_open_invoices(90))
    assert [page[0][0] for page in pages] == ["heading", "open-columns", "open-columns"]


def test_a_line_says_what_its_document_does_not() -> None:
    [invoice, _, payment] = make_lines(3)
    assert description(invoice, "en") == ""
    assert description(payment, "en") == "for INV-2026-000001"
    credit = StatementLine(payment.booked_on, PostingKind.PAYMENT, "PAY-1", "PO-1", "", Account.PREPAID, D(1), D(1))
    assert description(credit, "zh-CN") == "预付账款"


def test_amounts_have_the_currency_s_own_digits() -> None:
    assert [money(D("-1234567.80"), Currency.CNY), money(D("1234.00"), Currency.JPY), money(None, Currency.CNY)] == [
        "-1,234,567.80",
        "1,234",
        "",
    ]


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_every_kind_and_account_between_two_has_a_word(locale: str) -> None:
    """What a provider or the platform keeps is no business between the two."""
    assert all(kind_word(kind, locale) for kind in set(PostingKind) - {PostingKind.SPLIT, PostingKind.FEE})
    assert all(account_word(account, locale) for account in ACCOUNTS)
    assert word("page", locale, number=2, count=3).count("2") == 1


def test_a_file_takes_so_many_lines_and_no_more() -> None:
    check_length("input.periodEnd", MOST_LINES)
    with pytest.raises(InvalidInput, match=r"input.periodEnd: is too late: 100001 entries"):
        check_length("input.periodEnd", MOST_LINES + 1)
