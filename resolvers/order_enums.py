"""The codes of orders, and of what belongs to them, as the schema shows them."""

from enum import Enum

from resolvers.enums import described
from rules.accounts import OrderPaymentStatus
from rules.billing import FulfilmentStatus
from rules.conversation import MessageKind, TalkChannel
from rules.hints import HintCode
from rules.lifecycle import STEPS, Amendment, OrderStatus, Side
from rules.terms import RejectionReason

described(
    OrderStatus,
    "OrderStatus",
    "Where an order stands between its buyer and its supplier; expect new ones.",
    {
        "DRAFT": "草稿: the buyer edits; nobody else sees it.",
        "PENDING_APPROVAL": "待审核: the buyer's approvers decide; the supplier does not see it yet.",
        "PENDING_SUPPLIER": "待供应商确认: the supplier quotes, asks or rejects.",
        "PENDING_BUYER": "待采购商确认: an open quotation awaits the buyer.",
        "NEGOTIATING": "洽谈中: the buyer countered, or a contract was refused; the supplier's turn.",
        "PENDING_SIGNATURE": "待签合同: a quotation was accepted; the contract's text is frozen.",
        "CONTRACTED": "已签订合同: both have signed; goods move.",
        "COMPLETED": "已完成: nothing is open on the goods' side; payment goes its own way.",
        "REJECTED": "供应商已拒绝: the supplier could not serve it.",
        "DECLINED": "采购商已谢绝: the buyer did not take the quotation.",
        "EXPIRED": "已过期: a quotation or the time to sign ran out.",
        "CANCELLED": "已取消: the buyer took it back before it was signed.",
        "TERMINATED": "已终止: the contract was ended before any goods had left.",
    },
)
described(
    Amendment,
    "Amendment",
    "What the two sides are about to change of a contract in force; expect new ones.",
    {
        "CHANGE_PROPOSED": "One side proposed a next version; the other has to agree.",
        "CHANGE_AGREED": "Both agree on a next version; both have to sign it.",
        "TERMINATION_PROPOSED": "One side would end the contract; the other has to agree.",
    },
)
described(
    Side,
    "Side",
    "Who acts on an order.",
    {
        "BUYER": "The company that orders.",
        "SUPPLIER": "The company that delivers.",
        "PLATFORM": "The operator of the platform.",
        "CLOCK": "Nobody: time passed.",
    },
)
described(
    OrderPaymentStatus,
    "OrderPaymentStatus",
    "What the ledger says about an order's money.",
    {
        "UNPAID": "Nothing has come in.",
        "PARTIALLY_PAID": "Something has come in, and something is owed.",
        "PAID": "Everything invoiced and not credited has come in.",
        "OVERPAID": "More came in: the rest is the buyer's credit, which may pay other invoices.",
        "REFUND_DUE": "More came in than is left after credit notes: the supplier has to pay it back.",
        "REFUNDED": "The supplier paid back what was too much; nothing is open.",
    },
)
described(
    FulfilmentStatus,
    "FulfilmentStatus",
    "What the quantity ledger says about an order's goods.",
    {
        "NOT_SHIPPED": "Nothing has left the supplier.",
        "PARTIALLY_SHIPPED": "Some of the goods have left.",
        "SHIPPED": "All goods have left.",
        "PARTIALLY_RECEIVED": "Some of the goods were inspected.",
        "RECEIVED": "All goods were inspected and nothing is due.",
    },
)
described(
    HintCode,
    "HintCode",
    "What a hint about a draft is about; expect new ones.",
    {
        "LINES_MISSING": "There is no product on it yet.",
        "PLACE_MISSING": "The delivery place is missing.",
        "DATE_MISSING": "Nothing says when the goods are needed.",
        "DATE_PAST": "The date has passed at the delivery place.",
        "DATE_BEFORE_LEAD_TIME": "The date is earlier than the usual lead time allows.",
        "QUANTITY_WRONG": "The quantity is below the minimum or not a multiple of the step.",
        "STOCK_SHORT": "The supplier has less in stock.",
        "PRODUCT_WITHDRAWN": "The product is no longer offered.",
        "COST_CENTRE_CLOSED": "The cost centre is no longer in use.",
        "BUDGET_MISSING": "Its cost centre has no budget for today in the order's currency.",
        "BUDGET_EXCEEDED": "With it its cost centre's budget would be exceeded.",
        "PRODUCT_REPEATED": "The product is on a line before, too.",
    },
)
described(
    MessageKind,
    "MessageKind",
    "What kind of saying a message is.",
    {
        "MESSAGE": "A chat message.",
        "QUESTION": "The supplier's question that the buyer has to answer.",
        "ANSWER": "The buyer's answer.",
        "TALK": "A record of a talk held outside the system.",
    },
)
described(
    TalkChannel,
    "TalkChannel",
    "Where a talk outside the system took place.",
    {"PHONE": "By telephone.", "EMAIL": "By e-mail.", "MEETING": "Face to face.", "OTHER": "Elsewhere."},
)
described(
    RejectionReason,
    "RejectionReason",
    "Why a supplier rejects an order.",
    {
        "OUT_OF_STOCK": "The goods are not there.",
        "CAPACITY": "They cannot be made in that quantity.",
        "LEAD_TIME": "They cannot be there in time.",
        "PRICE": "No acceptable price is possible.",
        "SPECIFICATION": "The specification cannot be met.",
        "OTHER": "For the reason in the text.",
    },
)


def _way(action: str) -> str:
    rows = [step for step in STEPS if step.action == action]
    sides = sorted({side for step in rows for side in step.by})
    return f"`{action}`, by {' or '.join(sides)}, in status {', '.join(step.source for step in rows)}."


_ACTIONS = {step.action.upper(): step.action for step in STEPS if not step.by <= {Side.CLOCK}}
OrderAction = Enum("OrderAction", _ACTIONS, module=__name__)  # type: ignore[misc]  # the table names its members
described(
    OrderAction,
    "OrderAction",
    "A step of the order's life that a mutation of the same name takes; expect new ones.",
    {name: _way(action) for name, action in _ACTIONS.items()},
)
