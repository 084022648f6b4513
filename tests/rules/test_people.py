"""Who may do what: people by their roles, machines by their scopes, strangers nothing."""

from itertools import product
from uuid import UUID

import pytest

from rules.people import (
    CLOCK,
    COMPANY_ROLES,
    PLATFORM_ROLES,
    Actor,
    CompanyKind,
    Role,
    Scope,
    roles_of,
)
from rules.permissions import MAY, OPEN
from rules.problems import NotAllowed, Unauthenticated

COMPANY = UUID(int=1)
PEOPLE_ONLY = {
    "approve_order",
    "return_order",
    "sign_contract",
    "refuse_contract",
    "set_carrier_account",
    "retry_parked",
    "reconcile_payments",
    "resolve_reconciliation_difference",
    "register_certificate",
    "revoke_certificate",
    "prepare_signature",
    "complete_signature",
    "propose_change",
    "propose_short_close",
    "agree_change",
    "refuse_change",
    "withdraw_change",
    "propose_termination",
    "agree_termination",
    "refuse_termination",
    "terminate_order",
    "close_shipment_dispute",
    "approve_return",
    "reject_return",
    "dispute_return",
    "arbitrate_return",
    "resolve_return",
    "propose_agreement",
    "sign_agreement",
    "refuse_agreement",
    "terminate_agreement",
    "log_talk",
    "confirm_funds",
    "refund_payment",
    "set_merchant_account",
    "create_commission_rule",
    "end_commission_rule",
    "set_commission_receiver",
    "retry_settlement",
    "add_vat_rate",
    "end_vat_rate",
    "bounce_cheque",
    "confirm_refund",
    "reject_refund",
    "reject_transfer",
    "create_category",
    "invite_member",
    "change_roles",
    "deactivate_member",
    "set_approval_threshold",
    "set_platform_review",
    "delegate_approval",
    "revoke_delegation",
    "create_approval_rule",
    "update_approval_rule",
    "deactivate_approval_rule",
    "reorder_approval_rules",
    "set_delivery_defaults",
    "set_brand",
    "set_gs1_company_prefix",
    "set_billing_details",
    "set_collection_policy",
    "set_invoice_matching",
    "create_warehouse",
    "update_warehouse",
    "archive_warehouse",
    "set_stock_policy",
    "create_api_key",
    "revoke_api_key",
    "review_company",
    "suspend_company",
    "create_cost_centre",
    "update_cost_centre",
    "set_budget",
}


def make_person(*roles: Role, kind: CompanyKind = CompanyKind.BUYER) -> Actor:
    """A member with these roles."""
    return Actor(company=COMPANY, member=UUID(int=2), kind=kind, roles=frozenset(roles))


def make_machine(*scopes: Scope) -> Actor:
    """A key with these scopes."""
    return Actor(company=COMPANY, kind=CompanyKind.BUYER, scopes=frozenset(scopes))


@pytest.mark.parametrize("role", Role)
def test_a_role_covers_its_own_actions_and_no_others(role: Role) -> None:
    person = make_person(role)

    for action, permission in MAY.items():
        assert person.may(action) == (role in permission.roles)
        if role in permission.roles:
            person.must(action)
        else:
            with pytest.raises(NotAllowed) as refused:
                person.must(action)
            assert refused.value.action == action
            assert set(refused.value.needs) == set(map(str, permission.roles))


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_covers_its_own_actions_and_no_others(scope: Scope) -> None:
    machine = make_machine(scope)

    assert {action for action in MAY if machine.may(action)} == {
        action for action, permission in MAY.items() if permission.scope is scope
    }


def test_no_machine_approves_signs_or_rules_over_people() -> None:
    machine = make_machine(*Scope)

    assert {action for action in MAY if not machine.may(action)} == PEOPLE_ONLY
    for action in PEOPLE_ONLY:
        with pytest.raises(NotAllowed):
            machine.must(action)


def test_the_roles_of_whoever_made_a_key_do_not_pass_to_it() -> None:
    machine = Actor(company=COMPANY, kind=CompanyKind.BUYER, roles=frozenset(Role), scopes=frozenset({Scope.READ}))

    assert [action for action in MAY if machine.may(action)] == []


@pytest.mark.parametrize("stranger", [Actor.anonymous(), CLOCK], ids=["anonymous", "clock"])
def test_whoever_has_no_company_may_do_nothing(stranger: Actor) -> None:
    assert [action for action in MAY if stranger.may(action)] == []
    for action in MAY:
        with pytest.raises(Unauthenticated):
            stranger.must(action)
    with pytest.raises(Unauthenticated):
        _ = stranger.home
    assert not stranger.is_signed_in
    assert not stranger.may_read
    assert not stranger.is_waiting
    assert not stranger.is_operator


def test_roles_without_a_company_are_worth_nothing() -> None:
    with pytest.raises(Unauthenticated):
        Actor(roles=frozenset(Role)).must("create_order")


def test_several_roles_add_up() -> None:
    person = make_person(Role.REQUESTER, Role.SIGNATORY)

    assert person.may("submit_order")
    assert person.may("sign_contract")
    assert not person.may("approve_order")


@pytest.mark.parametrize(
    ("action", "role"),
    [
        ("approve_order", Role.APPROVER),
        ("return_order", Role.APPROVER),
        ("sign_contract", Role.SIGNATORY),
        ("refuse_contract", Role.SIGNATORY),
        ("confirm_funds", Role.FINANCE),
        ("review_company", Role.OPERATOR),
    ],
)
def test_what_commits_a_company_is_one_role_s_alone(action: str, role: Role) -> None:
    """In a company of the market; an operator decides beside its approvers where the platform reviews orders."""
    assert (MAY[action].roles & COMPANY_ROLES or MAY[action].roles) == {role}


@pytest.mark.parametrize(("role", "actions"), [(Role.VIEWER, ["mark_read"]), (Role.AUDITOR, [])])
def test_who_only_reads_changes_nothing_but_how_far_they_have_read(role: Role, actions: list[str]) -> None:
    assert [action for action, permission in MAY.items() if role in permission.roles] == actions
    assert make_person(role).may_read


def test_every_action_can_be_taken_by_somebody_and_needs_no_role_at_the_door() -> None:
    assert [action for action, permission in MAY.items() if not permission.roles] == []
    assert OPEN.isdisjoint(MAY)


def test_no_company_makes_operators_of_its_own_people() -> None:
    for kind, role in product(CompanyKind, Role):
        assert (role in roles_of(kind)) == (role in (PLATFORM_ROLES if kind is CompanyKind.PLATFORM else COMPANY_ROLES))
    assert {Role.OPERATOR, Role.AUDITOR}.isdisjoint(COMPANY_ROLES)
    assert {Role.REQUESTER, Role.SALES, Role.SIGNATORY, Role.FINANCE}.isdisjoint(PLATFORM_ROLES)


def test_reading_takes_a_role_or_the_scope_for_it() -> None:
    assert make_person(Role.VIEWER).may_read
    assert not make_person().may_read
    assert make_machine(Scope.READ).may_read
    assert not make_machine(Scope.ORDERS).may_read


def test_only_a_person_without_a_role_is_waiting() -> None:
    assert make_person().is_waiting
    assert not make_person(Role.VIEWER).is_waiting
    assert not make_machine().is_waiting


def test_the_operator_is_whoever_belongs_to_the_platform() -> None:
    assert make_person(Role.AUDITOR, kind=CompanyKind.PLATFORM).is_operator
    assert not make_person(Role.ADMIN).is_operator
    assert make_person().home == COMPANY
