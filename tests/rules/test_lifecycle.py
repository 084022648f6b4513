"""The table of an order's life holds together, and nothing happens that it does not say."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import product

import pytest

from rules.enquiry import ACTIONS as ENQUIRY_ACTIONS
from rules.lifecycle import (
    BILLED,
    CANCELLABLE,
    FINAL,
    SHARED,
    STEPS,
    TURN,
    Amendment,
    OrderStatus,
    Side,
    Step,
    actions,
    step_for,
    target_of,
)
from rules.permissions import MAY
from rules.problems import ApprovalRequired, ContractLocked, NotYourTurn, Problem, QuotationsSealed, WrongStatus

S = OrderStatus
ACTIONS = sorted({step.action for step in STEPS})
CLOCK_ACTIONS = {step.action for step in STEPS if step.by == {Side.CLOCK}}
TURNS = (Side.BUYER, Side.SUPPLIER, None)
EDITING = {"update_draft", "send_quotation", "counter_quotation"}
# What people may do that is no step of an order: begin one, keep a catalogue, make frames for orders, run a company.
BEYOND_ORDERS = {
    "create_order",
    "mark_read",
    "upload_attachment",
    "discard_attachment",
    "create_enquiry",
    *(set(ENQUIRY_ACTIONS) - {"award_enquiry"}),
    "set_carrier_account",
    "set_merchant_account",
    "set_collection_policy",
    "create_commission_rule",
    "end_commission_rule",
    "set_commission_receiver",
    "retry_settlement",
    "reconcile_payments",
    "resolve_reconciliation_difference",
    "add_vat_rate",
    "end_vat_rate",
    "retry_parked",
    "register_certificate",
    "revoke_certificate",
    "prepare_signature",
    "complete_signature",
    "propose_agreement",
    "sign_agreement",
    "refuse_agreement",
    "terminate_agreement",
    "create_product",
    "update_product",
    "adjust_stock",
    "transfer_stock",
    "create_warehouse",
    "update_warehouse",
    "archive_warehouse",
    "set_stock_policy",
    "create_category",
    "create_order_template",
    "save_order_as_template",
    "update_order_template",
    "remove_order_template",
    "create_order_from_template",
    "order_again",
    "create_address",
    "update_address",
    "remove_address",
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
    "set_invoice_matching",
    "create_api_key",
    "revoke_api_key",
    "review_company",
    "suspend_company",
    "create_cost_centre",
    "update_cost_centre",
    "set_budget",
    "create_customer_grade",
    "update_customer_grade",
    "assign_customer_grade",
    "create_price_list",
    "update_price_list",
    "archive_price_list",
    "set_price_list_items",
    "create_promotion",
    "end_promotion",
    "set_credit_line",
    "block_credit_line",
    "unblock_credit_line",
    "request_account_statement",
    "cancel_account_statement",
    "retry_account_statement",
}

# Every way from one status to another that the business knows, written down apart from the table.
WAYS = {
    S.DRAFT: {S.PENDING_APPROVAL, S.PENDING_SUPPLIER, S.CANCELLED},
    S.PENDING_APPROVAL: {S.DRAFT, S.PENDING_SUPPLIER, S.CANCELLED},
    S.PENDING_SUPPLIER: {S.PENDING_BUYER, S.REJECTED, S.DECLINED, S.CANCELLED},
    S.PENDING_BUYER: {
        S.PENDING_SUPPLIER,
        S.NEGOTIATING,
        S.PENDING_SIGNATURE,
        S.CONTRACTED,
        S.DECLINED,
        S.EXPIRED,
        S.CANCELLED,
    },
    S.NEGOTIATING: {S.PENDING_BUYER, S.REJECTED, S.DECLINED, S.CANCELLED},
    S.PENDING_SIGNATURE: {S.CONTRACTED, S.NEGOTIATING, S.EXPIRED, S.CANCELLED},
    S.CONTRACTED: {S.COMPLETED, S.TERMINATED},
}


@dataclass
class Standing:
    """An order as far as the guards look at it."""

    status: OrderStatus
    turn: Side | None = None
    approval_pending: bool = False
    is_sealed: bool = False
    answer_by: datetime | None = None
    amendment: Amendment | None = None


def test_no_action_has_two_rows_in_one_status() -> None:
    counted = Counter((step.action, step.source) for step in STEPS)

    assert [place for place, rows in counted.items() if rows > 1] == []


def test_an_order_goes_the_ways_of_the_business_and_no_other() -> None:
    ways = {status: set[OrderStatus]() for status in S}
    for step in STEPS:
        ways[step.source] |= step.targets - {step.source}

    assert {status: targets for status, targets in ways.items() if targets} == WAYS


def test_every_status_is_reached_from_a_draft() -> None:
    reached, frontier = {S.DRAFT}, {S.DRAFT}
    while frontier:
        frontier = {target for step in STEPS if step.source in frontier for target in step.targets} - reached
        reached |= frontier

    assert reached == set(S)


def test_only_a_final_status_has_no_way_out() -> None:
    # A final order is still talked about, and a completed one invoiced and paid: such steps stay where they are.
    ways_out = {step.source for step in STEPS if step.targets != {step.source}}

    assert set(S) - ways_out == FINAL


def test_cancelling_is_for_the_buyer_until_both_have_signed() -> None:
    rows = [step for step in STEPS if step.action == "cancel_order"]

    assert {step.source for step in rows} == set(CANCELLABLE)
    assert set(S) - set(CANCELLABLE) == FINAL | {S.CONTRACTED}
    assert all(step.by == {Side.BUYER} and step.targets == {S.CANCELLED} for step in rows)


def test_the_supplier_has_no_step_in_what_it_may_not_see() -> None:
    unseen = set(S) - set(SHARED)

    assert unseen == {S.DRAFT, S.PENDING_APPROVAL}
    assert [step for step in STEPS if step.source in unseen and Side.SUPPLIER in step.by] == []


def test_the_platform_decides_before_an_order_goes_out_where_the_two_cannot_agree_and_nothing_between() -> None:
    steps = {(step.action, step.source) for step in STEPS if Side.PLATFORM in step.by}
    assert steps == {
        ("approve_order", S.PENDING_APPROVAL),
        ("return_order", S.PENDING_APPROVAL),
        ("terminate_order", S.CONTRACTED),
        # What the two cannot agree on once goods are there.
        *((action, status) for action in ("close_shipment_dispute", "arbitrate_return") for status in BILLED),
    }


def test_money_moves_only_under_a_contract_and_never_the_order() -> None:
    """What was paid ahead of a contract that is terminated may still come in, and has to go back; where that is taken back once it
    has, it is to be paid again."""
    claims = [step for step in STEPS if "invoice" in step.action]
    money = [step for step in STEPS if "funds" in step.action or step.action in ("reject_transfer", "send_refund")]
    paying = [step for step in STEPS if step.action in ("submit_bank_transfer", "submit_cheque", "start_payment")]

    told = [step for step in STEPS if step.action in ("warn_of_payment", "note_overdue")]

    assert {step.source for step in claims} == {S.CONTRACTED, S.COMPLETED}
    for moving in (money, paying, told):
        assert {step.source for step in moving} == {S.CONTRACTED, S.COMPLETED, S.TERMINATED}
    assert all(step.targets == {step.source} for step in (*claims, *money, *paying))


@pytest.mark.parametrize("status", S)
def test_every_action_is_tried_everywhere_and_those_that_succeed_are_offered(status: OrderStatus) -> None:
    standings = product(Side, TURNS, (False, True), (False, True), (None, *Amendment))
    for side, turn, pending, sealed, amendment in standings:
        order = Standing(status, turn, pending, sealed, amendment=amendment)
        answers = {action: refusal(action, order, side) for action in ACTIONS}

        assert answers == {action: expected(action, order, side) for action in ACTIONS}
        assert Counter(actions(order, side)) == Counter(action for action in ACTIONS if answers[action] is None)


def refusal(action: str, order: Standing, side: Side) -> type[Problem] | None:
    """How the step is refused, if it is."""
    try:
        step = step_for(action, order, side)
    except (WrongStatus, NotYourTurn, QuotationsSealed) as refused:
        return type(refused)
    return None if (step.action, step.source) == (action, order.status) else Problem


def expected(action: str, order: Standing, side: Side) -> type[Problem] | None:
    """The same, read from the rows."""
    row = next((step for step in STEPS if (step.action, step.source) == (action, order.status)), None)
    if row is None or side not in row.by:
        edits_a_fixed_text = action in EDITING and order.status in (S.PENDING_SIGNATURE, S.CONTRACTED, S.COMPLETED)
        return ContractLocked if edits_a_fixed_text else WrongStatus
    if row.opened and order.is_sealed:
        return QuotationsSealed
    others_turn = row.in_turn and order.turn is not None and order.turn is not side
    ours = row.out_of_turn and order.turn is side
    other_matter = order.amendment not in row.amending
    asked = row.approval is False and order.approval_pending and side is Side.BUYER
    unasked = row.approval is True and not order.approval_pending
    if others_turn or ours or other_matter or asked or unasked:
        return ApprovalRequired if asked else NotYourTurn
    return None


def test_a_refusal_names_where_the_side_has_the_step() -> None:
    with pytest.raises(WrongStatus) as refused:
        step_for("send_quotation", Standing(S.DRAFT), Side.SUPPLIER)
    assert set(refused.value.allowed_in) == {S.PENDING_SUPPLIER, S.NEGOTIATING}

    with pytest.raises(WrongStatus) as refused:
        step_for("send_quotation", Standing(S.PENDING_SUPPLIER), Side.BUYER)
    assert refused.value.allowed_in == ()


def test_a_question_waits_for_its_answer() -> None:
    asked, answered = Standing(S.PENDING_SUPPLIER, Side.BUYER), Standing(S.PENDING_SUPPLIER, Side.SUPPLIER)

    assert "answer_supplier" in actions(asked, Side.BUYER)
    assert "ask_buyer" not in actions(asked, Side.SUPPLIER)
    assert "answer_supplier" not in actions(answered, Side.BUYER)
    assert "ask_buyer" in actions(answered, Side.SUPPLIER)
    # Who has an open question may still quote or reject.
    assert {"send_quotation", "reject_order"} <= set(actions(asked, Side.SUPPLIER))


def test_who_has_signed_waits_for_the_other_signature() -> None:
    supplier_next = Standing(S.PENDING_SIGNATURE, Side.SUPPLIER)

    assert "sign_contract" in actions(supplier_next, Side.SUPPLIER)
    assert "sign_contract" not in actions(supplier_next, Side.BUYER)
    assert all("sign_contract" in actions(Standing(S.PENDING_SIGNATURE), side) for side in (Side.BUYER, Side.SUPPLIER))


def test_an_award_under_approval_is_decided_before_it_is_accepted_again() -> None:
    free, pending = Standing(S.PENDING_BUYER), Standing(S.PENDING_BUYER, approval_pending=True)

    assert "accept_quotation" in actions(free, Side.BUYER)
    assert "approve_order" not in actions(free, Side.BUYER)
    assert "accept_quotation" not in actions(pending, Side.BUYER)
    assert {"approve_order", "return_order"} <= set(actions(pending, Side.BUYER))
    # The buyer may think better of it meanwhile; the supplier sees none of this.
    assert {"counter_quotation", "decline_quotation", "cancel_order"} <= set(actions(pending, Side.BUYER))
    assert actions(free, Side.SUPPLIER) == actions(pending, Side.SUPPLIER)


def test_nothing_is_answered_that_nobody_may_read_yet() -> None:
    sealed = Standing(S.PENDING_BUYER, is_sealed=True)

    answers = {"counter_quotation", "decline_quotation", "accept_quotation"}
    assert answers <= set(actions(Standing(S.PENDING_BUYER), Side.BUYER))
    assert answers.isdisjoint(actions(sealed, Side.BUYER))
    assert {"cancel_order", "post_message"} <= set(actions(sealed, Side.BUYER))
    assert actions(sealed, Side.SUPPLIER) == actions(Standing(S.PENDING_BUYER), Side.SUPPLIER)


def test_somebody_who_can_act_has_the_turn() -> None:
    for status, side in TURN.items():
        assert set(actions(Standing(status, side), side)) - {"post_message", "log_talk", "cancel_order"}
    assert FINAL.isdisjoint(TURN)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.action}-{step.source}")
def test_a_step_leads_where_its_row_says_and_nowhere_else(step: Step) -> None:
    for target in S:
        if target in step.targets:
            assert target_of(step.action, step.source, target) is target
        else:
            with pytest.raises(ValueError, match="does not lead"):
                target_of(step.action, step.source, target)
    assert target_of(step.action, step.source) is step.target


def test_every_step_that_people_take_has_its_roles_and_the_clock_needs_none() -> None:
    assert set(ACTIONS) - CLOCK_ACTIONS == MAY.keys() - BEYOND_ORDERS
    assert CLOCK_ACTIONS.isdisjoint(MAY)
