"""Credit in numbers: what is lent of a contract, and that nothing that a signature lets in ever exceeds the limit."""

from dataclasses import dataclass, field
from decimal import Decimal as D
from random import Random

import pytest

from rules.credit import CreditMove, CreditStanding, CreditUse, lent, may_check, move_of
from rules.events import EventKind
from rules.lifecycle import Side
from rules.money import Currency
from rules.people import Role, Scope
from rules.shortage_problems import CreditBlock

NOBODY: frozenset[Role] = frozenset()


@pytest.mark.parametrize(
    ("amount", "share", "currency", "found"),
    [
        ("430.79", "0", Currency.CNY, "430.79"),
        ("430.79", "0.3", Currency.CNY, "301.55"),
        ("430.79", "1", Currency.CNY, "0.00"),
        ("-5", "0.3", Currency.CNY, "0.00"),
        ("1001", "0.5", Currency.JPY, "501"),
    ],
)
def test_what_is_paid_beforehand_is_not_lent(amount: str, share: str, currency: Currency, found: str) -> None:
    assert str(lent(D(amount), D(share), currency)) == found


@pytest.mark.parametrize(
    ("use", "needed", "found"),
    [
        (CreditUse(), "5", CreditStanding.NO_LIMIT),
        (CreditUse(D(10), D(3), D(2)), "5", CreditStanding.ENOUGH),
        (CreditUse(D(10), D(3), D(2)), "5.01", CreditStanding.NOT_ENOUGH),
        (CreditUse(D(10), D(30)), "0", CreditStanding.ENOUGH),
        (CreditUse(D(10), is_suspended=True), "5", CreditStanding.BLOCKED),
        (CreditUse(is_overdue=True), "5", CreditStanding.BLOCKED),
        (CreditUse(D(10), is_suspended=True), "0", CreditStanding.ENOUGH),
        (CreditUse(D(0)), "0.01", CreditStanding.NOT_ENOUGH),
    ],
)
def test_a_contract_fits_or_does_not(use: CreditUse, needed: str, found: CreditStanding) -> None:
    assert use.standing(D(needed)) is found


def test_a_line_that_is_blocked_says_so_before_it_says_that_something_is_overdue() -> None:
    assert CreditUse(is_suspended=True, is_overdue=True).block is CreditBlock.SUSPENDED
    assert CreditUse(is_overdue=True).block is CreditBlock.OVERDUE
    assert CreditUse().block is None


def test_nine_tenths_are_nearly_everything() -> None:
    assert not CreditUse(D(100), D(50), D("39.99")).is_nearly_exhausted()
    assert CreditUse(D(100), D(50), D("39.99")).is_nearly_exhausted(D("0.01"))
    assert not CreditUse(None, D(10**9)).is_nearly_exhausted()


def test_a_change_is_called_by_what_it_goes_with() -> None:
    assert move_of(D(1), None) is CreditMove.RESERVED
    assert move_of(D(1), EventKind.CREDIT_NOTE_ISSUED) is CreditMove.RESTORED
    assert move_of(D(-1), EventKind.INVOICE_ISSUED) is CreditMove.CONSUMED
    assert move_of(D(-1), EventKind.ORDER_TERMINATED) is CreditMove.RELEASED


def test_those_are_told_who_keep_the_line_read_it_or_sign() -> None:
    assert may_check(Side.BUYER, frozenset({Role.SIGNATORY}), None)
    assert may_check(Side.SUPPLIER, frozenset({Role.SALES}), None)
    assert not may_check(Side.BUYER, frozenset({Role.SALES, Role.WAREHOUSE}), None)
    assert not may_check(Side.SUPPLIER, frozenset({Role.REQUESTER, Role.VIEWER}), None)
    assert not may_check(Side.PLATFORM, frozenset(Role), None)
    assert may_check(Side.BUYER, NOBODY, frozenset({Scope.ORDERS}))
    assert not may_check(Side.BUYER, NOBODY, frozenset({Scope.READ, Scope.SHIPMENTS}))


@dataclass
class Deal:
    """A contract: what it is about, what is prepaid of it, what was invoiced of it and paid of that."""

    total: D
    share: D
    invoiced: D = D(0)
    paid: D = D(0)

    @property
    def kept(self) -> D:
        """What it keeps of the credit."""
        return lent(self.total - self.invoiced, self.share, Currency.CNY)


@dataclass
class Line:
    """A line whose figures are added up from its deals, and which lets in what the rules let in."""

    chance: Random
    limit: D = D(1000)
    deals: list[Deal] = field(default_factory=list)

    @property
    def use(self) -> CreditUse:
        """As the rules see it."""
        used = sum((deal.invoiced - deal.paid for deal in self.deals), D(0))
        return CreditUse(self.limit, sum((deal.kept for deal in self.deals), D(0)), used)

    def much(self, most: D) -> D:
        """Some of it, to the cent."""
        return (most * self.chance.choice([D(1), D("0.5"), D("0.333")])).quantize(D("0.01"))

    def sign(self, deal: Deal) -> None:
        """A contract, or a change of one, that binds where it fits."""
        more = deal.kept - next((one.kept for one in self.deals if one is deal), D(0))
        if self.use.standing(more) is CreditStanding.ENOUGH:
            self.deals.append(deal)
            assert more == 0 or self.use.taken <= self.limit

    def change(self, deal: Deal) -> None:
        """It is about more, or less, than before."""
        total = max(deal.invoiced, deal.total * self.chance.choice([D("0.5"), D("1.5")])).quantize(D("0.01"))
        more = lent(total - deal.invoiced, deal.share, Currency.CNY) - deal.kept
        if self.use.standing(max(more, D(0))) is CreditStanding.ENOUGH:
            before, deal.total = self.use.taken, total
            assert self.use.taken - before == more
            assert more <= 0 or self.limit >= self.use.taken

    def step(self) -> None:
        """One move of the many."""
        move = self.chance.randrange(8)
        deal = self.chance.choice(self.deals) if self.deals else None
        if move < 2 or deal is None:
            self.sign(Deal(D(self.chance.randrange(1, 60_000)) / 100, self.chance.choice([D(0), D("0.3"), D(1)])))
        elif move == 2:
            self.change(deal)
        elif move == 3:
            deal.invoiced += self.much(deal.total - deal.invoiced)
        elif move == 4:
            deal.paid += self.much(deal.invoiced - deal.paid)
        elif move == 5:  # a cheque bounces, or a credit note takes back what was not paid
            deal.paid -= self.much(deal.paid)
        elif move == 6:
            deal.invoiced -= self.much(deal.invoiced - deal.paid)
        else:
            self.limit = D(self.chance.choice([500, 1000, 2000]))


@pytest.mark.parametrize("seed", range(30))
def test_no_signature_ever_exceeds_the_limit_whatever_happens_besides(seed: int) -> None:
    line = Line(Random(seed))
    for _ in range(200):
        line.step()
        use = line.use
        assert min(use.reserved, use.used) >= 0
        assert use.available == line.limit - use.reserved - use.used
    assert len(line.deals) > 3
