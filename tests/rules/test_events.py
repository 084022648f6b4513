"""Who reads what: every kind has its stream and its readers, people and machines."""

import pytest

from rules.events import READING, EventKind, Topic
from rules.events import may_read as told
from rules.people import Actor, CompanyKind, Role, Scope

APPROVALS = {
    EventKind.APPROVAL_REQUESTED,
    EventKind.APPROVAL_VOTED,
    EventKind.APPROVAL_ESCALATED,
    EventKind.APPROVAL_DECIDED,
    EventKind.APPROVAL_RULE_CHANGED,
    EventKind.DELEGATION_GIVEN,
    EventKind.DELEGATION_REVOKED,
    EventKind.PLATFORM_REVIEW_REQUESTED,
}
COMPANIES = {EventKind.COMPANY_REGISTERED, EventKind.COMPANY_REVIEWED, EventKind.COMPANY_CHANGED}
ENQUIRIES = {kind for kind, reading in READING.items() if reading.topic is Topic.ENQUIRY}
CONVERSATIONS = {EventKind.MESSAGES_READ}
BUDGETS = {kind for kind, reading in READING.items() if reading.topic is Topic.BUDGET}
STOCK = {EventKind.WAREHOUSE_CHANGED, EventKind.STOCK_MOVED}
PRICES = {kind for kind, reading in READING.items() if reading.topic is Topic.PRICING}
SETTLEMENTS = {kind for kind in EventKind if kind.startswith("SETTLEMENT_")}
RECONCILIATIONS = {kind for kind, reading in READING.items() if reading.topic is Topic.RECONCILIATION}
CREDIT = {EventKind.CREDIT_LINE_CHANGED, EventKind.CREDIT_LINE_EXHAUSTED}
BOOKS = {kind for kind, reading in READING.items() if reading.topic is Topic.BOOKS}
AGREEMENTS = {kind for kind in EventKind if kind.startswith("AGREEMENT_")}
# As the issue of money has it: invoices, payments and what follows from them.
MONEY = {
    kind
    for kind in EventKind
    if kind.startswith(("INVOICE_", "CREDIT_NOTE_", "OFFICIAL_INVOICE_", "PAYMENT_", "REFUND_", "CHEQUE_"))
} | {EventKind.FUNDS_CONFIRMED, EventKind.CREDIT_APPLIED, EventKind.CREDIT_USED, EventKind.ORDER_SETTLED}
SHARED = (Topic.ORDER, Topic.AGREEMENT, Topic.CONVERSATION)
NOBODY: frozenset[Role] = frozenset()


def may_read(
    kind: EventKind, roles: frozenset[Role], scopes: frozenset[Scope] | None, of: CompanyKind = CompanyKind.TRADER
) -> bool:
    """Whether a member with these roles, or a key with these scopes, is told."""
    return told(kind, Actor(kind=of, roles=roles, scopes=scopes))


def test_every_kind_is_read_in_one_stream() -> None:
    assert READING.keys() == set(EventKind)
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.APPROVAL} == APPROVALS
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.COMPANY} == COMPANIES
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.AGREEMENT} == AGREEMENTS
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.CONVERSATION} == CONVERSATIONS
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.STOCK} == STOCK
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.CREDIT} == CREDIT


def test_both_parties_read_all_of_an_order_s_and_an_agreement_s_stream_but_money() -> None:
    """Of an order's stream nothing is kept from anybody who reads it (`orderEvents`): the company's feed alone leaves money out."""
    shared = [kind for kind, reading in READING.items() if reading.topic in SHARED]

    apart = (
        APPROVALS | COMPANIES | ENQUIRIES | BUDGETS | STOCK | PRICES | SETTLEMENTS | RECONCILIATIONS | CREDIT | BOOKS
    )
    assert len(shared) == len(EventKind) - len(apart)
    assert all(may_read(kind, frozenset({role}), None) for kind in set(shared) - MONEY for role in Role)


@pytest.mark.parametrize("role", Role)
def test_an_order_s_money_is_told_to_all_but_those_who_work_with_goods_or_only_look(role: Role) -> None:
    concerned = role not in {Role.WAREHOUSE, Role.VIEWER}

    assert {READING[kind].topic for kind in MONEY} == {Topic.ORDER}
    assert all(may_read(kind, frozenset({role}), None) is concerned for kind in MONEY)


@pytest.mark.parametrize("role", Role)
def test_approvals_are_read_by_those_whom_they_concern(role: Role) -> None:
    concerned = role in {Role.ADMIN, Role.REQUESTER, Role.APPROVER, Role.FINANCE}

    review = EventKind.PLATFORM_REVIEW_REQUESTED

    assert all(may_read(kind, frozenset({role}), None) is concerned for kind in APPROVALS - {review})
    assert may_read(review, frozenset({role}), None) is (concerned or role is Role.OPERATOR)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("kind", "concerned"),
    [
        (CompanyKind.BUYER, {Role.ADMIN, Role.FINANCE, Role.REQUESTER}),
        (CompanyKind.SUPPLIER, {Role.ADMIN, Role.FINANCE, Role.SALES}),
        (CompanyKind.TRADER, {Role.ADMIN, Role.FINANCE, Role.SALES, Role.REQUESTER}),
    ],
)
def test_credit_is_read_by_those_of_each_side_whom_it_concerns(
    kind: CompanyKind, concerned: set[Role], role: Role
) -> None:
    """Those who sell know what is lent, and those who buy what is borrowed: the same who may ask for the lines."""
    assert all(may_read(event, frozenset({role}), None, kind) is (role in concerned) for event in CREDIT)


@pytest.mark.parametrize("role", Role)
def test_a_company_s_affairs_are_read_by_its_administrators_and_the_platform(role: Role) -> None:
    concerned = role in {Role.ADMIN, Role.OPERATOR, Role.AUDITOR}

    assert all(may_read(kind, frozenset({role}), None) is concerned for kind in COMPANIES)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("of", "concerned"),
    [
        (CompanyKind.SUPPLIER, {Role.ADMIN, Role.FINANCE}),
        (CompanyKind.PLATFORM, {Role.OPERATOR, Role.AUDITOR}),
    ],
)
def test_splits_are_read_by_those_who_may_see_money(of: CompanyKind, concerned: set[Role], role: Role) -> None:
    """Of the platform's people the same who may ask for commissions (0144)."""
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.SETTLEMENT} == SETTLEMENTS
    assert all(may_read(kind, frozenset({role}), None, of) is (role in concerned) for kind in SETTLEMENTS)


@pytest.mark.parametrize("role", Role)
def test_the_books_and_what_is_made_of_them_are_read_by_those_who_keep_them(role: Role) -> None:
    concerned = role in {Role.ADMIN, Role.FINANCE}

    assert RECONCILIATIONS
    assert BOOKS
    assert all(may_read(kind, frozenset({role}), None) is concerned for kind in RECONCILIATIONS | BOOKS)


def test_one_of_several_roles_is_enough() -> None:
    assert may_read(EventKind.APPROVAL_DECIDED, frozenset({Role.VIEWER, Role.FINANCE}), None)
    assert not may_read(EventKind.APPROVAL_DECIDED, frozenset({Role.VIEWER, Role.SALES}), None)
    assert not may_read(EventKind.APPROVAL_DECIDED, NOBODY, None)


@pytest.mark.parametrize("kind", EventKind)
def test_a_machine_is_told_what_its_scopes_let_it_ask_for(kind: EventKind) -> None:
    """An order's money and credit lines are queried with READ alone or besides, books and what belongs to them with BILLING."""
    topic = READING[kind].topic
    needs = {Scope.READ}
    if kind in MONEY or topic is Topic.CREDIT:
        needs = {Scope.READ, Scope.BILLING}
    elif topic in (Topic.SETTLEMENT, Topic.RECONCILIATION, Topic.BOOKS):
        needs = {Scope.BILLING}
    for_people = kind in APPROVALS | COMPANIES

    assert may_read(kind, NOBODY, frozenset(needs)) is not for_people
    assert may_read(kind, NOBODY, frozenset(Scope)) is not for_people
    assert not any(may_read(kind, NOBODY, frozenset(Scope) - {scope}) for scope in needs)
    assert not may_read(kind, NOBODY, frozenset())


@pytest.mark.parametrize("kind", sorted(MONEY | SETTLEMENTS | RECONCILIATIONS | CREDIT | BOOKS))
def test_a_key_of_the_platform_is_told_of_nobody_s_money(kind: EventKind) -> None:
    assert not may_read(kind, NOBODY, frozenset(Scope), CompanyKind.PLATFORM)


@pytest.mark.parametrize("kind", sorted(EventKind))
def test_a_key_does_not_borrow_roles(kind: EventKind) -> None:
    assert not may_read(kind, frozenset(Role), frozenset())
    assert may_read(kind, frozenset(Role), frozenset(Scope)) is (kind not in APPROVALS | COMPANIES)
