"""Two companies' orders by their documents: added up once more and in another way, and held against both companies' books, the
platform's, and what the provider has."""

import json
from dataclasses import dataclass, field
from decimal import Decimal as D
from typing import Any
from uuid import UUID

from models import LedgerEntry, Order, PaymentObligation
from models.database import pool
from rules.accounts import OrderPaymentStatus, Standing
from rules.rails import ONLINE
from tests.order_makers import Parties

NONE = D("0.00")
_OF = "FROM ledger_entry WHERE order_id = ANY($1)"
_SQL = {
    "unbalanced": f"SELECT posting {_OF} GROUP BY posting, company_id, order_id, currency HAVING sum(amount) <> 0",
    "sums": f"SELECT company_id, order_id, invoice_id, account, sum(amount) AS total {_OF} GROUP BY 1, 2, 3, 4",
    "fees": f"SELECT document_id, sum(amount) AS fee, count(*) AS times {_OF} AND account = 'FEES' GROUP BY 1",
    "invoices": """
        SELECT i.id, i.order_id, i.total - coalesce((SELECT sum(n.total) FROM credit_note n WHERE n.invoice_id = i.id), 0) AS left
        FROM invoice i WHERE i.order_id = ANY($1)""",
    "payments": """
        SELECT p.id, p.order_id, p.method, p.status, p.amount, p.received, p.advance, p.confirmed_at, s.status AS split,
            CASE WHEN s.settled_at IS NULL THEN 0.00 ELSE s.commission - s.returned END AS share
        FROM payment p LEFT JOIN settlement s ON s.payment_id = p.id WHERE p.order_id = ANY($1)""",
    "parts": """
        SELECT a.payment_id, i.order_id, a.amount, p.method, p.status FROM payment_allocation a
        JOIN invoice i ON i.id = a.invoice_id JOIN payment p ON p.id = a.payment_id WHERE i.order_id = ANY($1)""",
    "refunds": "SELECT order_id, status, amount, credit FROM refund WHERE order_id = ANY($1)",
    "paybacks": "SELECT id, order_id, payment_id, number, status, why, amount FROM payment_refund WHERE order_id = ANY($1) ORDER BY id",
    "returns": """
        SELECT s.payment_id, r.status FROM settlement_return r JOIN settlement s ON s.id = r.settlement_id
        WHERE s.order_id = ANY($1)""",
    "used": """
        SELECT stream AS order_id, body->>'paymentId' AS payment, (body->>'amount')::numeric AS amount FROM event
        WHERE kind = 'CREDIT_USED' AND stream = ANY($1)""",
    "looks": "SELECT id FROM payment_obligation WHERE order_id = ANY($1) AND look_on IS NOT NULL",
    "owing": "SELECT invoice_id AS id FROM payment_obligation WHERE order_id = ANY($1) AND is_owed",
    "settled": "SELECT id FROM purchase_order WHERE id = ANY($1) AND settled_at IS NOT NULL",
}
_ALL = "SELECT json_build_object({})".format(
    ", ".join(f"'{name}', (SELECT json_agg(row) FROM ({sql}) row)" for name, sql in _SQL.items())
)
ACROSS = {
    "RECEIVABLE": "PAYABLE", "SALES": "PURCHASES", "VAT_PAYABLE": "VAT_RECEIVABLE", "CREDIT": "PREPAID", "ADVANCES": "ADVANCES_PAID",
    "REFUNDS": "REFUNDS_DUE", "CLEARING": "CLEARING", "BANK": "BANK", "CASH_AT_PROVIDER": "BANK", "FEES": "BANK", "COMMISSION": "BANK",
}  # fmt: skip
WAITING = ("DUE", "REQUESTED")
PAID_ONLINE = ("CHANNEL_CONFIRMED", "FUNDS_CONFIRMED", "REFUNDED")
Sums = dict[tuple[UUID, UUID | None, str], D]


def _read(row: dict[str, Any]) -> dict[str, Any]:
    return {name: UUID(fact) if fact and name.endswith("id") else fact for name, fact in row.items()}


def total(amounts: Any) -> D:
    """Their sum, of none as well."""
    return sum(amounts, NONE)


@dataclass
class Folders:
    """The documents of some orders, and what the ledger adds up to, read by one statement."""

    rows: dict[str, list[Any]]

    @classmethod
    async def of(cls, orders: list[UUID]) -> "Folders":
        """As they are now."""
        found = json.loads(await pool().fetchval(_ALL, orders), parse_float=D)
        return cls({name: [_read(row) for row in rows or ()] for name, rows in found.items()})

    def of_order(self, kind: str, order: UUID) -> list[Any]:
        """The order's own."""
        return [row for row in self.rows[kind] if row["order_id"] == order]

    def sums(self, company: UUID) -> Sums:
        """What this company's books add up to, by order, invoice and account, where it is anything."""
        mine = (row for row in self.rows["sums"] if row["company_id"] == company)
        return {(row["order_id"], row["invoice_id"], row["account"]): row["total"] for row in mine if row["total"]}

    def gone(self, payment: UUID) -> D:
        """What a provider paid back of it."""
        return total(row["amount"] for row in self.of_payment("paybacks", payment) if row["status"] == "SUCCEEDED")

    def of_payment(self, kind: str, payment: UUID) -> list[Any]:
        """The payment's own."""
        return [row for row in self.rows[kind] if row["payment_id"] == payment]

    def collected(self, orders: list[UUID]) -> list[Any]:
        """The payments of these orders that a provider has collected."""
        return [row for row in self.rows["payments"] if row["order_id"] in orders and is_collected(row)]

    def fees(self, payment: UUID) -> D:
        """What the provider kept of a payment and gave back with its refunds."""
        documents = {payment, *(row["id"] for row in self.of_payment("paybacks", payment))}
        return total(row["fee"] for row in self.rows["fees"] if row["document_id"] in documents)

    def paid(self, order: UUID) -> D:
        """What came in for an order, was not paid back, and pays no other one."""
        parts = [one for one in self.of_order("parts", order) if one["status"] == "FUNDS_CONFIRMED"]
        paid = total(part["amount"] for part in parts if part["method"] not in ONLINE)
        for one in self.of_order("payments", order):
            if is_collected(one):
                paid += one["amount"] - self.gone(one["id"])
            elif one["status"] == "FUNDS_CONFIRMED":
                paid += one["received"] - total(part["amount"] for part in self.of_payment("parts", one["id"]))
                if one["method"] == "CREDIT_BALANCE":
                    # What other orders did not give was its own, and is counted above already.
                    given = (used["amount"] for used in self.rows["used"] if used["payment"] == str(one["id"]))
                    paid -= one["amount"] - total(given)
        return paid - total(used["amount"] for used in self.of_order("used", order)) - self.received_back(order)

    def received_back(self, order: UUID) -> D:
        """What the buyer has seen of the supplier's transfers to it."""
        return total(row["amount"] for row in self.of_order("refunds", order) if row["status"] == "RECEIVED")

    def on_its_way_back(self, order: UUID) -> tuple[D, D]:
        """What is due and was sent, or is to go back by the way it came too late; and what of credit was sent."""
        sent = [row for row in self.of_order("refunds", order) if row["status"] == "SENT"]
        credit = total(row["credit"] for row in sent)
        late = [
            row
            for row in self.of_order("paybacks", order)
            if row["why"] == "PAID_TOO_LATE" and row["status"] in WAITING
        ]
        return total(row["amount"] for row in sent) - credit + total(row["amount"] for row in late), credit

    def came(self, orders: list[UUID]) -> D:
        """All money that moved between the two."""
        came = NONE
        for one in self.rows["payments"]:
            if is_collected(one):
                came += one["amount"] - self.gone(one["id"])
            elif one["status"] == "FUNDS_CONFIRMED" and one["method"] != "CREDIT_BALANCE":
                came += one["received"]
        return came - total(self.received_back(order) for order in orders)


def is_collected(payment: Any) -> bool:
    """Whether a provider has said that it was paid."""
    return payment["method"] in ONLINE and payment["status"] in PAID_ONLINE


def status_of(accounts: dict[str, D], paid: D, refunded: D) -> OrderPaymentStatus:
    """The order's payment status, once more from the balances."""
    if accounts.get("REFUNDS", NONE) < 0:
        return OrderPaymentStatus.REFUND_DUE
    if accounts.get("RECEIVABLE", NONE) > 0:
        return OrderPaymentStatus.UNPAID if paid <= 0 else OrderPaymentStatus.PARTIALLY_PAID
    if accounts.get("CREDIT", NONE) < 0:
        return OrderPaymentStatus.OVERPAID
    if accounts.get("ADVANCES", NONE) < 0:
        return OrderPaymentStatus.PARTIALLY_PAID
    if refunded:
        return OrderPaymentStatus.REFUNDED
    return OrderPaymentStatus.PAID if paid > 0 else OrderPaymentStatus.UNPAID


@dataclass
class Books:
    """The auditor of two companies' orders, who looks after each step and remembers what was there before."""

    parties: Parties
    platform: UUID
    orders: list[UUID]
    before: dict[UUID, Standing] = field(default_factory=dict)
    advances: dict[UUID, D] = field(default_factory=dict)
    """What of each payment was an advance, before the step."""
    kept: dict[UUID, D] = field(default_factory=dict)
    """What of each provider's refund was the buyer's own; the rest of it is owed again."""

    async def check(self) -> Folders:
        """Every posting adds up, all books say the same, and they say what the documents say."""
        folders = await Folders.of(self.orders)
        assert folders.rows["unbalanced"] == []
        sold = folders.sums(self.parties.supplier.home)
        self._mirror(sold, folders.sums(self.parties.buyer.home))
        self._providers(folders, sold, folders.sums(self.platform))
        assert total(much for (_, _, account), much in sold.items() if account == "CLEARING") == 0
        assert total(row["total"] for row in folders.rows["sums"]) == 0
        assert {row["company_id"] for row in folders.rows["sums"]} <= {
            self.parties.supplier.home, self.parties.buyer.home, self.platform
        }  # fmt: skip
        now = await LedgerEntry.standings(self.orders)
        for order in self.orders:
            self._order(folders, order, now[order], sold)
        await self._invoices(folders, now, sold)
        await self._obligations(folders, now, sold)
        self.before = now
        self.advances = {row["id"]: row["advance"] for row in folders.rows["payments"]}
        return folders

    @staticmethod
    def _mirror(sold: Sums, bought: Sums) -> None:
        """What stands in the supplier's books stands in the buyer's, the other way round."""
        mirrored: Sums = {}
        for (order, invoice, account), much in sold.items():
            place = order, invoice, ACROSS[account]
            mirrored[place] = mirrored.get(place, NONE) - much
        assert {place: much for place, much in mirrored.items() if much} == bought

    def _providers(self, folders: Folders, sold: Sums, platform: Sums) -> None:
        """Where the money lies: at the provider until it was confirmed, less fees and the platform's share; the rest in the bank."""
        for order in self.orders:
            collected = folders.collected([order])
            share = total(one["share"] for one in collected)
            assert sold.get((order, None, "COMMISSION"), NONE) == share
            assert platform.get((order, None, "CASH_AT_PROVIDER"), NONE) == share
            assert platform.get((order, None, "COMMISSION_INCOME"), NONE) == -share
            fees = {one["id"]: folders.fees(one["id"]) for one in collected}
            assert sold.get((order, None, "FEES"), NONE) == total(fees.values())
            held = total(
                one["amount"] - folders.gone(one["id"]) - one["share"] - fees[one["id"]]
                for one in collected
                if one["confirmed_at"] is None
            )
            assert sold.get((order, None, "CASH_AT_PROVIDER"), NONE) == held
        money = ("BANK", "CASH_AT_PROVIDER", "FEES", "COMMISSION")
        assert total(much for (_, _, account), much in sold.items() if account in money) == folders.came(self.orders)
        assert all(row["times"] == 1 for row in folders.rows["fees"])

    def _order(self, folders: Folders, order: UUID, now: Standing, sold: Sums) -> None:
        """What the ledger says of an order, and what follows from it, is what its documents say."""
        accounts: dict[str, D] = {}
        for (one, _, account), much in sold.items():
            if one == order:
                accounts[account] = accounts.get(account, NONE) + much
        assert total(accounts.values()) == 0
        invoiced = total(row["left"] for row in folders.of_order("invoices", order))
        paid, refunded = folders.paid(order), self._refunded(folders, order)
        assert (now.invoiced, now.paid, now.refunded) == (invoiced, paid, refunded)
        assert now.status is status_of(accounts, paid, refunded)
        assert min(now.owed, now.credit, now.refund_due, now.advance) >= 0, now
        assert now.owed == 0 or now.advance == 0, f"an advance lies beside what is owed, {now}"
        due_sent, credit_sent = folders.on_its_way_back(order)
        assert now.owed == 0 or now.refund_due == due_sent, f"money would go both ways, {now}, {due_sent} was sent"
        assert now.refund_due >= due_sent, f"more is on its way back than is due: {due_sent}, {now}"
        assert now.credit >= credit_sent, f"more credit is on its way back than there is: {credit_sent}, {now}"
        is_settled = any(row["id"] == order for row in folders.rows["settled"])
        assert not is_settled or now.is_even, f"settled with {now}"

    def _refunded(self, folders: Folders, order: UUID) -> D:
        """What went back and was the buyer's: what was due first, then what was paid in advance, then credit."""
        back = [row for row in folders.of_order("paybacks", order) if row["status"] == "SUCCEEDED"]
        new = [row for row in back if row["id"] not in self.kept]
        was, (due_sent, credit_sent) = self.before.get(order, Standing()), folders.on_its_way_back(order)
        due_left, advance, credit_left = was.refund_due - due_sent, was.advance, was.credit - credit_sent
        for row in new:
            much = row["amount"]
            due = min(much, due_left)
            ahead = min(much - due, self.advances.get(row["payment_id"], NONE), advance)
            self.advances[row["payment_id"]] = self.advances.get(row["payment_id"], NONE) - ahead
            credit = min(much - due - ahead, credit_left)
            due_left, advance, credit_left = due_left - due, advance - ahead, credit_left - credit
            self.kept[row["id"]] = due + ahead + credit
        return folders.received_back(order) + total(self.kept[row["id"]] for row in back)

    async def _invoices(self, folders: Folders, now: dict[UUID, Standing], sold: Sums) -> None:
        """What is owed of each invoice adds up to what is owed of the order."""
        owed = await LedgerEntry.owed([row["id"] for row in folders.rows["invoices"]])
        assert all(one.now >= 0 for one in owed.values())
        listed = {row["id"] for row in folders.rows["owing"]}
        assert listed == {invoice for invoice, one in owed.items() if one.now > 0}, (
            "the work list is of others than are owed"
        )
        for order in self.orders:
            mine = total(owed[row["id"]].now for row in folders.of_order("invoices", order))
            assert mine + sold.get((order, None, "RECEIVABLE"), NONE) == now[order].owed

    async def _obligations(self, folders: Folders, now: dict[UUID, Standing], sold: Sums) -> None:
        """All that is to be paid is what was claimed, what is owed of no invoice, and what of the prepayment no invoice has used; all
        that is open, what is owed with what of that has not come."""
        looked_at = {row["id"] for row in folders.rows["looks"]}
        for order, found in (await PaymentObligation.by_order(self.orders)).items():
            again = sold.get((order, None, "RECEIVABLE"), NONE)
            assert again >= 0
            to_come = total(one.amount for one in found) - now[order].invoiced - again
            assert to_come >= 0, found
            assert total(one.open for one in found) == now[order].owed + max(to_come - now[order].advance, NONE), found
            assert all(0 <= one.open <= one.amount for one in found), found
            wanted = {one.id for one in found if one.open > 0 and not one.is_told}
            assert looked_at & {one.id for one in found} == wanted, "the clock would not look, or in vain"


async def orders_of(books: Books) -> list[Order]:
    """As they are now."""
    return list(await Order.filter(id__in=books.orders).order_by("id"))
