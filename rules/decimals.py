"""The figures that sums of money and of quantities begin with; exact, as everything beside them is."""

from decimal import Decimal

ZERO, ONE = Decimal(0), Decimal(1)
NOTHING = Decimal("0.00")
"""No money, as amounts are stored."""
