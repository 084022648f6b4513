"""Who reads what: every kind has its stream and its readers, people and machines."""

import pytest

from rules.events import READING, EventKind, Topic, may_read
from rules.people import Role, Scope

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
SHARED = (Topic.ORDER, Topic.AGREEMENT, Topic.CONVERSATION)
NOBODY: frozenset[Role] = frozenset()


def test_every_kind_is_read_in_one_stream() -> None:
    assert READING.keys() == set(EventKind)
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.APPROVAL} == APPROVALS
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.COMPANY} == COMPANIES
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.AGREEMENT} == AGREEMENTS
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.CONVERSATION} == CONVERSATIONS
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.STOCK} == STOCK
    assert {kind for kind, reading in READING.items() if reading.topic is Topic.CREDIT} == CREDIT


def test_both_parties_read_all_of_an_order_s_and_an_agreement_s_stream() -> None:
    """A kind kept from some would leave a gap in their numbers, which tells that there is something."""
    shared = [kind for kind, reading in READING.items() if reading.topic in SHARED]

    apart = (
        APPROVALS | COMPANIES | ENQUIRIES | BUDGETS | STOCK | PRICES | SETTLEMENTS | RECONCILIATIONS | CREDIT | BOOKS
    )
    assert len(shared) == len(EventKind) - len(apart)
    assert all(may_read(kind, frozenset({role}), None) for kind in shared for role in Role)


@pytest.mark.parametrize("role", Role)
def test_approvals_are_read_by_those_whom_they_concern(role: Role) -> None:
    concerned = role in {Role.ADMIN, Role.REQUESTER, Role.APPROVER, Role.FINANCE}

    review = EventKind.PLATFORM_REVIEW_REQUESTED

    assert all(may_read(kind, frozenset({role}), None) is concerned for kind in APPROVALS - {review})
    assert may_read(review, frozenset({role}), None) is (concerned or role is Role.OPERATOR)


@pytest.mark.parametrize("role", Role)
def test_credit_is_read_by_those_of_both_sides_whom_it_concerns(role: Role) -> None:
    concerned = role in {Role.ADMIN, Role.FINANCE, Role.SALES, Role.REQUESTER}

    assert all(may_read(kind, frozenset({role}), None) is concerned for kind in CREDIT)


@pytest.mark.parametrize("role", Role)
def test_a_company_s_affairs_are_read_by_its_administrators_and_the_platform(role: Role) -> None:
    concerned = role in {Role.ADMIN, Role.OPERATOR, Role.AUDITOR}

    assert all(may_read(kind, frozenset({role}), None) is concerned for kind in COMPANIES)


@pytest.mark.parametrize("role", Role)
def test_splits_are_read_by_those_who_may_see_money(role: Role) -> None:
    concerned = role in {Role.ADMIN, Role.FINANCE, Role.OPERATOR, Role.AUDITOR}

    assert {kind for kind, reading in READING.items() if reading.topic is Topic.SETTLEMENT} == SETTLEMENTS
    assert all(may_read(kind, frozenset({role}), None) is concerned for kind in SETTLEMENTS)


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
def test_a_machine_needs_the_scope_and_reads_nothing_that_is_for_certain_people(kind: EventKind) -> None:
    reads = may_read(kind, NOBODY, frozenset({Scope.READ}))

    assert reads is (READING[kind].topic in (*SHARED, Topic.ENQUIRY, Topic.BUDGET, Topic.STOCK, Topic.PRICING))
    assert not may_read(kind, NOBODY, frozenset(Scope) - {Scope.READ})
    assert not may_read(kind, NOBODY, frozenset())


@pytest.mark.parametrize("kind", sorted(APPROVALS | COMPANIES | SETTLEMENTS | RECONCILIATIONS | CREDIT | BOOKS))
def test_a_key_does_not_borrow_roles(kind: EventKind) -> None:
    assert not may_read(kind, frozenset(Role), frozenset(Scope))
