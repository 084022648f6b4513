"""Statements of account as workbooks: what stands in their cells."""

import io
from dataclasses import replace

from python_calamine import CalamineWorkbook

from services.statement_sheets import Xlsx
from tests.statement_makers import make_head, make_open_invoices


def test_what_is_owed_of_no_invoice_says_so() -> None:
    invoice, of_none = make_open_invoices(2)
    out = io.BytesIO()
    book = Xlsx(make_head([], [invoice, of_none], locale="zh-CN"), out)
    book.summary()
    book.invoices([invoice, replace(of_none, number="")])
    book.end()
    opens = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).get_sheet_by_name("期末未结清发票").to_python()
    assert [row[0] for row in opens[1:3]] == [invoice.number, "无对应发票"]
