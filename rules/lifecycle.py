"""The life of an order, as a table. Read it top to bottom: that is the happy path, then the ways out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from rules.problems import ApprovalRequired, ContractLocked, NotYourTurn, QuotationsSealed, WrongStatus


class OrderStatus(StrEnum):
    """Where an order stands between its buyer and its supplier."""

    DRAFT = "DRAFT"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    PENDING_SUPPLIER = "PENDING_SUPPLIER"
    PENDING_BUYER = "PENDING_BUYER"
    NEGOTIATING = "NEGOTIATING"
    PENDING_SIGNATURE = "PENDING_SIGNATURE"
    CONTRACTED = "CONTRACTED"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    TERMINATED = "TERMINATED"


class Amendment(StrEnum):
    """What the two sides are about to change of a contract in force; one thing at a time."""

    CHANGE_PROPOSED = "CHANGE_PROPOSED"
    CHANGE_AGREED = "CHANGE_AGREED"
    TERMINATION_PROPOSED = "TERMINATION_PROPOSED"


class Side(StrEnum):
    """Who acts on an order."""

    BUYER = "BUYER"
    SUPPLIER = "SUPPLIER"
    PLATFORM = "PLATFORM"
    CLOCK = "CLOCK"


class Moving(Protocol):
    """What the guards look at."""

    status: OrderStatus
    turn: Side | None
    approval_pending: bool
    amendment: Amendment | None
    is_sealed: bool
    answer_by: datetime | None


ANYTHING: frozenset[Amendment | None] = frozenset({None, *Amendment})


@dataclass(frozen=True)
class Step:
    """One row: in status `source`, `by` may take `action`, which leads to `target`, or for now to `meanwhile`.

    `shortcut`: where it leads at once while a framework agreement stands for the signatures. `in_turn`: not while it is the other
    side's turn; `out_of_turn`: only then. `approval`: only while the buyer's approvers owe a decision, or only while they do not,
    which holds up nobody but the buyer. `amending`: only while one of these is under way. `opened`: not while the quotation it is
    about is sealed.
    """

    action: str
    source: OrderStatus
    target: OrderStatus
    by: frozenset[Side]
    meanwhile: OrderStatus | None = None
    shortcut: OrderStatus | None = None
    in_turn: bool = False
    out_of_turn: bool = False
    approval: bool | None = None
    amending: frozenset[Amendment | None] = ANYTHING
    opened: bool = False

    @property
    def targets(self) -> frozenset[OrderStatus]:
        """Every status that may follow."""
        return frozenset(filter(None, (self.target, self.meanwhile, self.shortcut)))


S = OrderStatus
B, U, P, C = (frozenset({side}) for side in (Side.BUYER, Side.SUPPLIER, Side.PLATFORM, Side.CLOCK))
EITHER = B | U
# What nobody does to this order: it follows from what is done to the document it belongs to.
NOBODY: frozenset[Side] = frozenset()
NOTHING = frozenset[Amendment | None]({None})
PROPOSED, AGREED, ENDING = (frozenset[Amendment | None]({one}) for one in Amendment)

# `meanwhile` is where the order is while something else is still missing: an approval, the other signature, more goods.
# fmt: off
_ROWS = (
    #    action                 from                 to                   by      meanwhile
    Step("update_draft",        S.DRAFT,             S.DRAFT,             B),
    Step("import_lines",        S.DRAFT,             S.DRAFT,             B),
    Step("add_lines",           S.DRAFT,             S.DRAFT,             B),
    Step("submit_order",        S.DRAFT,             S.PENDING_SUPPLIER,  B,      S.PENDING_APPROVAL),
    Step("approve_order",       S.PENDING_APPROVAL,  S.PENDING_SUPPLIER,  B | P),
    Step("return_order",        S.PENDING_APPROVAL,  S.DRAFT,             B | P),
    Step("withdraw_order",      S.PENDING_APPROVAL,  S.DRAFT,             B),
    Step("ask_buyer",           S.PENDING_SUPPLIER,  S.PENDING_SUPPLIER,  U,      in_turn=True),
    Step("answer_supplier",     S.PENDING_SUPPLIER,  S.PENDING_SUPPLIER,  B,      in_turn=True),
    Step("send_quotation",      S.PENDING_SUPPLIER,  S.PENDING_BUYER,     U),
    Step("reject_order",        S.PENDING_SUPPLIER,  S.REJECTED,          U),
    Step("withdraw_quotation",  S.PENDING_BUYER,     S.PENDING_SUPPLIER,  U),
    Step("counter_quotation",   S.PENDING_BUYER,     S.NEGOTIATING,       B,      opened=True),
    Step("send_quotation",      S.NEGOTIATING,       S.PENDING_BUYER,     U),
    Step("reject_order",        S.NEGOTIATING,       S.REJECTED,          U),
    Step("decline_quotation",   S.PENDING_BUYER,     S.DECLINED,          B,      opened=True),
    Step("accept_quotation",    S.PENDING_BUYER,     S.PENDING_SIGNATURE, B,    S.PENDING_BUYER, S.CONTRACTED, approval=False, opened=True),
    Step("approve_order",       S.PENDING_BUYER,     S.PENDING_SIGNATURE, B,      shortcut=S.CONTRACTED, approval=True),
    Step("return_order",        S.PENDING_BUYER,     S.PENDING_BUYER,     B,      approval=True),
    Step("award_enquiry",       S.PENDING_SUPPLIER,  S.DECLINED,          NOBODY),
    Step("award_enquiry",       S.PENDING_BUYER,     S.DECLINED,          NOBODY),
    Step("award_enquiry",       S.NEGOTIATING,       S.DECLINED,          NOBODY),
    Step("expire_quotation",    S.PENDING_BUYER,     S.EXPIRED,           C),
    Step("sign_contract",       S.PENDING_SIGNATURE, S.CONTRACTED,        EITHER, S.PENDING_SIGNATURE, in_turn=True),
    Step("refuse_contract",     S.PENDING_SIGNATURE, S.NEGOTIATING,       EITHER),
    Step("lapse_contract",      S.PENDING_SIGNATURE, S.EXPIRED,           C),
    Step("propose_change",      S.CONTRACTED,        S.CONTRACTED,        EITHER, approval=False, amending=NOTHING),
    Step("propose_short_close", S.CONTRACTED,        S.CONTRACTED,        EITHER, approval=False, amending=NOTHING),
    Step("agree_change",        S.CONTRACTED,        S.CONTRACTED,        EITHER, in_turn=True, approval=False, amending=PROPOSED),
    Step("withdraw_change",     S.CONTRACTED,        S.CONTRACTED,        EITHER, out_of_turn=True, amending=PROPOSED),
    Step("refuse_change",       S.CONTRACTED,        S.CONTRACTED,        EITHER, in_turn=True, amending=PROPOSED | AGREED),
    Step("sign_contract",       S.CONTRACTED,        S.COMPLETED,      EITHER, S.CONTRACTED, in_turn=True, approval=False, amending=AGREED),
    Step("approve_order",       S.CONTRACTED,        S.CONTRACTED,        B,      approval=True),
    Step("return_order",        S.CONTRACTED,        S.CONTRACTED,        B,      approval=True),
    Step("lapse_change",        S.CONTRACTED,        S.CONTRACTED,        C,      amending=PROPOSED | AGREED),
    Step("propose_termination", S.CONTRACTED,        S.CONTRACTED,        EITHER, amending=NOTHING),
    Step("agree_termination",   S.CONTRACTED,        S.TERMINATED,        EITHER, in_turn=True, amending=ENDING),
    Step("refuse_termination",  S.CONTRACTED,        S.CONTRACTED,        EITHER, amending=ENDING),
    Step("terminate_order",     S.CONTRACTED,        S.TERMINATED,        P),
    Step("despatch_shipment",   S.CONTRACTED,        S.CONTRACTED,        U),
    Step("pack_shipment",       S.CONTRACTED,        S.CONTRACTED,        U),
    Step("record_tracking",     S.CONTRACTED,        S.CONTRACTED,        U),
    Step("note_delay",          S.CONTRACTED,        S.CONTRACTED,        C),
    Step("cancel_shipment",     S.CONTRACTED,        S.CONTRACTED,        U),
    Step("receive_shipment",    S.CONTRACTED,        S.COMPLETED,         B,      S.CONTRACTED),
    Step("accept_silently",     S.CONTRACTED,        S.COMPLETED,         C,      S.CONTRACTED),
    Step("reverse_receipt",     S.CONTRACTED,        S.CONTRACTED,        B),
)
# fmt: on
BILLED = (S.CONTRACTED, S.COMPLETED)
PAYABLE = (*BILLED, S.TERMINATED)
CANCELLABLE = (S.DRAFT, S.PENDING_APPROVAL, S.PENDING_SUPPLIER, S.PENDING_BUYER, S.NEGOTIATING, S.PENDING_SIGNATURE)
UNDECIDED = tuple(status for status in CANCELLABLE if status is not S.PENDING_SIGNATURE)
FINAL = frozenset({S.COMPLETED, S.REJECTED, S.DECLINED, S.EXPIRED, S.CANCELLED, S.TERMINATED})
# Files belong to what is being talked about; the contract freezes them with everything else.
TALKED_OVER = (S.PENDING_SUPPLIER, S.PENDING_BUYER, S.NEGOTIATING)
# What would change a text that is being signed, or was.
EDITING = frozenset({"update_draft", "send_quotation", "counter_quotation"})
LOCKED = (S.PENDING_SIGNATURE, *BILLED)
SHARED = tuple(status for status in S if status not in (S.DRAFT, S.PENDING_APPROVAL))


def _staying(action: str, by: frozenset[Side], statuses: Iterable[OrderStatus]) -> tuple[Step, ...]:
    return tuple(Step(action, status, status, by) for status in statuses)


STEPS = (
    *_ROWS,
    *(Step("cancel_order", status, S.CANCELLED, B) for status in CANCELLABLE),
    *_staying("post_message", EITHER, SHARED),
    *_staying("log_talk", EITHER, SHARED),
    *_staying("attach_file", B, (S.DRAFT,)),
    *_staying("attach_file", EITHER, TALKED_OVER),
    *_staying("detach_file", B, (S.DRAFT,)),
    *_staying("detach_file", EITHER, TALKED_OVER),
    # What replaces returned goods travels like the others, and a completed order stays so.
    *_staying("despatch_shipment", U, (S.COMPLETED,)),
    *_staying("pack_shipment", U, (S.COMPLETED,)),
    *_staying("record_tracking", U, (S.COMPLETED,)),
    *_staying("cancel_shipment", U, (S.COMPLETED,)),
    *_staying("receive_shipment", B, (S.COMPLETED,)),
    *_staying("accept_silently", C, (S.COMPLETED,)),
    *_staying("warn_of_acceptance", C, BILLED),
    *_staying("dispute_shipment", B, BILLED),
    *_staying("close_shipment_dispute", B | P, BILLED),
    # A claim within the warranty leaves a completed order completed.
    *_staying("request_return", B, BILLED),
    *_staying("cancel_return", B, BILLED),
    *_staying("approve_return", U, BILLED),
    *_staying("reject_return", U, BILLED),
    *_staying("dispute_return", B, BILLED),
    *_staying("arbitrate_return", P, BILLED),
    *_staying("ship_back_return", B, BILLED),
    *_staying("take_back_return", U, BILLED),
    *_staying("resolve_return", U, BILLED),
    *_staying("issue_invoice", U, BILLED),
    *_staying("accept_invoice", B, BILLED),
    *_staying("accept_matched", C, BILLED),
    *_staying("dispute_invoice", B, BILLED),
    *_staying("issue_credit_note", U, BILLED),
    *_staying("record_official_invoice", U, BILLED),
    *_staying("void_official_invoice", U, BILLED),
    # What was paid back before a contract ended, and then taken back, is owed again of no invoice: it has to be paid all the same.
    *_staying("submit_bank_transfer", B, PAYABLE),
    *_staying("submit_cheque", B, PAYABLE),
    *_staying("apply_credit", B, BILLED),
    # What was prepaid goes back where the contract ended, and what was on its way then comes in all the same.
    *_staying("confirm_funds", U, PAYABLE),
    *_staying("confirm_silently", C, PAYABLE),
    *_staying("reject_transfer", U, PAYABLE),
    *_staying("start_payment", B, PAYABLE),
    *_staying("close_payment", B, PAYABLE),
    *_staying("refund_payment", U, PAYABLE),
    # What the provider says comes whenever it comes: also when the order has ended meanwhile.
    *_staying("apply_news", C, PAYABLE),
    *_staying("bounce_cheque", U, PAYABLE),
    *_staying("send_refund", U, PAYABLE),
    *_staying("confirm_refund", B, PAYABLE),
    *_staying("reject_refund", B, PAYABLE),
    *_staying("warn_of_payment", C, PAYABLE),
    *_staying("note_overdue", C, PAYABLE),
)
_BY_PLACE = {(step.action, step.source): step for step in STEPS}

# Whose move it is when an order has just come into a status; asking and answering flip it.
TURN = {
    S.DRAFT: Side.BUYER,
    S.PENDING_APPROVAL: Side.BUYER,
    S.PENDING_SUPPLIER: Side.SUPPLIER,
    S.PENDING_BUYER: Side.BUYER,
    S.NEGOTIATING: Side.SUPPLIER,
}


def step_for(action: str, order: Moving, side: Side) -> Step:
    """The row for this action now; WrongStatus where the table has none, NotYourTurn where somebody else has to move first,
    ApprovalRequired where those are the buyer's own approvers, QuotationsSealed where nobody may look yet."""
    step = _BY_PLACE.get((action, order.status))
    if step is None or side not in step.by:
        refusal = ContractLocked if action in EDITING and order.status in LOCKED else WrongStatus
        raise refusal(action, order.status, tuple(s.source for s in STEPS if s.action == action and side in s.by))
    if step.opened and order.is_sealed:
        raise QuotationsSealed(order.answer_by)
    if not _is_open(step, order, side):
        awaited = step.approval is False and order.approval_pending and side is Side.BUYER
        raise ApprovalRequired(action) if awaited else NotYourTurn(action)
    return step


def target_of(action: str, status: OrderStatus, to: OrderStatus | None = None) -> OrderStatus:
    """Where a step that was opened leads: to the row's target, or to the one of its others that is named."""
    step = _BY_PLACE[action, status]
    target = to or step.target
    if target not in step.targets:
        raise ValueError(f"{action} does not lead from {status} to {target}")
    return target


def actions(order: Moving, side: Side) -> list[str]:
    """What this side could do next, in the table's order."""
    return [
        step.action for step in STEPS if step.source == order.status and side in step.by and _is_open(step, order, side)
    ]


def _is_open(step: Step, order: Moving, side: Side) -> bool:
    if (step.in_turn and order.turn not in (side, None)) or (step.out_of_turn and order.turn is side):
        return False
    if order.amendment not in step.amending or (step.opened and order.is_sealed):
        return False
    # What its approvers think is the buyer's own business, and must not show in what the supplier may do.
    unasked = step.approval is None or (step.approval is False and side is not Side.BUYER)
    return unasked or step.approval == order.approval_pending
