"""What the books say of a payment that is split, held against the ledger of the rail that splits it."""

from decimal import Decimal

from models import LedgerEntry, PaymentRefund
from tests.split_makers import Shared, rail

NONE = Decimal("0.00")


async def books(shared: Shared) -> dict[str, Decimal]:
    """What the supplier's books, and the platform's, say of the order's money beyond what is owed."""
    found: dict[str, Decimal] = {}
    for row in await LedgerEntry.filter(order_id=shared.order.id).order_by("id"):
        whose = {shared.parties.supplier.company: "", shared.parties.buyer.company: "buyer "}
        name = f"{whose.get(row.company_id, 'platform ')}{row.account}"
        found[name] = found.get(name, NONE) + row.amount
    return {name: much for name, much in found.items() if much}


async def agree(shared: Shared) -> None:
    """The books and the rail's own ledger say the same, and everything adds up to zero."""
    found, refunds = await books(shared), await PaymentRefund.of(shared.payment.id)
    held = await LedgerEntry.held(shared.order.supplier_id, [shared.payment.id, *(one.id for one in refunds)])
    outside = found.get("BANK", NONE)
    assert held + outside == rail().kept(shared.number)
    assert found.get("COMMISSION", NONE) == rail().given(shared.number)
    assert found.get("platform CASH_AT_PROVIDER", NONE) == -found.get("platform COMMISSION_INCOME", NONE)
    assert found.get("platform CASH_AT_PROVIDER", NONE) == rail().given(shared.number)
    for whose in ("", "buyer ", "platform "):
        assert sum((much for name, much in found.items() if _owner(name) == whose), NONE) == 0


def _owner(name: str) -> str:
    return f"{name.rpartition(' ')[0]} " if " " in name else ""
