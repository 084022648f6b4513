"""Makes statements of account: without any books, for what lays them out, and as files that are asked for and wait."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models import Errand, Event, StatementFile
from rules.account_statements import (
    KindTotal,
    OpenInvoice,
    Party,
    StatementFormat,
    StatementHead,
    StatementLine,
    days_overdue,
)
from rules.accounts import Account, PostingKind
from rules.events import EventKind
from rules.money import Currency
from rules.people import Actor
from services import clock
from services.statement_files import StatementWish, request_account_statement
from tests.makers import make_key

OWNER = Party("上海恒固紧固件有限公司", "Shanghai Henggu Fasteners Co., Ltd.", "91310000MA0DEM0016")
OTHER = Party("苏州精工机械制造有限公司", "Suzhou Precision Machinery Co., Ltd.", "91320594MA0DEM0024")
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def make_lines(count: int, opening: Decimal = Decimal("1000.00")) -> list[StatementLine]:
    """Two invoices and then a payment of the first one, again and again, each of them to the fen."""
    balance, lines = opening, []
    for place in range(count):
        pays = place % 3 == 2
        number = f"INV-2026-{place - 2 * pays + 1:06d}"
        amount = Decimal(place - 2 * pays + 1) * Decimal("7.13") * (-1 if pays else 1)
        balance += amount
        day = FIRST + timedelta(days=place * 29 // max(count - 1, 1))
        kind = PostingKind.PAYMENT if pays else PostingKind.INVOICE
        document = f"PAY-{place:04d}-9Q2M" if pays else number
        lines.append(StatementLine(day, kind, document, "PO-7F3K-9Q2M", number, Account.RECEIVABLE, amount, balance))
    return lines


def make_head(lines: list[StatementLine], invoices: list[OpenInvoice] | None = None, **facts: Any) -> StatementHead:
    """What stands around these lines and open invoices."""
    opening = lines[0].balance - lines[0].amount if lines else Decimal("1000.00")
    totals = tuple(
        KindTotal(kind, len(amounts), sum(amounts, Decimal(0)))
        for kind in PostingKind
        if (amounts := [line.amount for line in lines if line.kind is kind])
    )
    said: dict[str, Any] = {
        "owner": OWNER,
        "counterparty": OTHER,
        "currency": Currency.CNY,
        "period_start": FIRST,
        "period_end": LAST,
        "as_of": datetime(2026, 12, 1, 1, 30, tzinfo=UTC),
        "zone": "Asia/Shanghai",
        "opening": opening,
        "closing": lines[-1].balance if lines else opening,
        "totals": totals,
        "open_invoices": len(invoices or []),
        "owed": sum((invoice.owed for invoice in invoices or []), Decimal(0)),
        "locale": "en",
    }
    return StatementHead(**{**said, **facts})


def make_open_invoices(count: int) -> list[OpenInvoice]:
    """Some due long ago, the last ones not yet."""
    dues = [date(2026, 8, 1) + timedelta(days=3 * place) for place in range(count)]
    return [
        OpenInvoice(
            f"INV-2026-{place:06d}",
            "PO-7F3K-9Q2M",
            due - timedelta(days=30),
            due,
            Decimal("113.07") * (place + 1),
            days_overdue(due, LAST),
        )
        for place, due in enumerate(dues)
    ]


async def make_statement_file(actor: Actor, other: Actor, kind: StatementFormat = StatementFormat.CSV) -> StatementFile:
    """A file of the actor's that nobody makes: not the clock either, for a day."""
    wish = StatementWish(other.home, Currency.CNY, FIRST, LAST, kind, "en")
    file = await request_account_statement(actor, wish, idempotency_key=make_key())
    await Errand.filter(subject_id=file.id).update(due_at=clock.now() + timedelta(days=1))
    return file


async def told(file: StatementFile) -> list[tuple[str, int, int]]:
    """Status and lines of each event."""
    events = await Event.filter(stream=file.id, kind=EventKind.STATEMENT_FILE_CHANGED).order_by("seq")
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert {tuple(event.readers) for event in events} == {(file.company_id,)}
    return [(str(event.body["status"]), event.body["linesDone"], event.body["linesInAll"]) for event in events]  # type: ignore[misc]
