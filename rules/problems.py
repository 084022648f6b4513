"""Every way a well-formed request can be refused: one class, one meaning; the code never changes, the sentence is for people."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from rules.availability import Availability
from rules.prepayment_problems import PrepaymentAwaited as PrepaymentAwaited
from rules.problem import CellFault as CellFault
from rules.problem import FieldFault as FieldFault
from rules.problem import Problem as Problem
from rules.problem_codes import ProblemCode as ProblemCode
from rules.rail_problems import PaymentUnavailable as PaymentUnavailable
from rules.shortage_problems import BudgetExceeded as BudgetExceeded
from rules.shortage_problems import CreditBlocked as CreditBlocked
from rules.shortage_problems import CreditLimitExceeded as CreditLimitExceeded
from rules.signing_problems import CertificateOfOthers as CertificateOfOthers
from rules.signing_problems import CertificateRefused as CertificateRefused
from rules.signing_problems import CertificateRevoked as CertificateRevoked
from rules.signing_problems import CertificateUntrusted as CertificateUntrusted
from rules.signing_problems import CertificateUsage as CertificateUsage
from rules.signing_problems import CertificateWeak as CertificateWeak
from rules.signing_problems import PreparationExpired as PreparationExpired
from rules.signing_problems import PreparationOutdated as PreparationOutdated
from rules.signing_problems import PreparationUsed as PreparationUsed
from rules.signing_problems import ProofFailed as ProofFailed
from rules.signing_problems import SignatureMismatch as SignatureMismatch
from rules.signing_problems import SignInFailed as SignInFailed
from rules.signing_problems import TotpRequired as TotpRequired
from rules.statement_problems import MerchantAccountMissing as MerchantAccountMissing
from rules.statement_problems import StatementUnavailable as StatementUnavailable
from rules.tax_problems import UnknownTaxRate as UnknownTaxRate


@dataclass(eq=False)
class NotFound(Problem):
    """There is no {kind} with this id, or you may not see it."""

    code = ProblemCode.NOT_FOUND
    kind: str
    id: UUID | str


@dataclass(eq=False)
class NotAllowed(Problem):
    """Your role does not allow this step: {action}."""

    code = ProblemCode.NOT_ALLOWED
    action: str
    needs: tuple[str, ...] = ()


@dataclass(eq=False)
class NotYourTurn(NotAllowed):
    """Somebody else has to move first; {action} has to wait."""

    code = ProblemCode.NOT_YOUR_TURN


@dataclass(eq=False)
class SelfApproval(NotAllowed):
    """Nobody approves their own order; another approver has to."""

    code = ProblemCode.SELF_APPROVAL_FORBIDDEN


@dataclass(eq=False)
class ApprovalRequired(NotYourTurn):
    """The buyer's approvers have to agree first; {action} has to wait."""

    code = ProblemCode.APPROVAL_REQUIRED


@dataclass(eq=False)
class ApproverMissing(Problem):
    """Nobody could decide tier {tier} of the approval that {rule} asks for; its members have left, or are who asks."""

    code = ProblemCode.APPROVER_MISSING
    tier: int
    rule: str


@dataclass(eq=False)
class SignatoryRequired(NotAllowed):
    """Only a signatory of the company takes this step: {action}."""

    code = ProblemCode.SIGNATORY_REQUIRED


@dataclass(eq=False)
class WrongStatus(Problem):
    """In status {status} there is no step {action}."""

    code = ProblemCode.WRONG_STATUS
    action: str
    status: str
    allowed_in: tuple[str, ...] = ()


@dataclass(eq=False)
class ContractLocked(WrongStatus):
    """The contract is drawn up and its text fixed; {action} would change it. It has to be refused first, or changed by agreement."""

    code = ProblemCode.CONTRACT_LOCKED


@dataclass(eq=False)
class StaleVersion(Problem):
    """Somebody changed it first; it is at version {current_version} now. Read it again."""

    code = ProblemCode.STALE_VERSION
    current_version: int


@dataclass(eq=False)
class InvalidInput(Problem):
    """Some fields are not right: {named}."""

    code = ProblemCode.INVALID_INPUT
    faults: tuple[FieldFault, ...]

    @property
    def named(self) -> str:
        """The faulty fields in one line."""
        return "; ".join(f"{fault.path}: {fault.fault}" for fault in self.faults)

    def facts(self) -> dict[str, object]:
        """The faults, and their line for the sentence."""
        return {"faults": self.faults, "named": self.named}


def invalid(path: str, fault: str, suggestion: str | None = None) -> InvalidInput:
    """The refusal of a single field."""
    return InvalidInput((FieldFault(path, fault, suggestion),))


@dataclass(eq=False)
class RowsWrong(Problem):
    """{wrong_rows} of {rows} rows are not right; nothing was imported."""

    code = ProblemCode.ROWS_WRONG
    rows: int
    wrong_rows: int
    fault_count: int
    faults: tuple[CellFault, ...]
    """The first of them, by row."""


@dataclass(eq=False)
class Conflict(Problem):
    """This {field} is already taken."""

    code = ProblemCode.ALREADY_TAKEN
    field: str


@dataclass(eq=False)
class KeyReused(Conflict):
    """This idempotency key was used before with another request; take a new one."""

    code = ProblemCode.IDEMPOTENCY_KEY_REUSED
    field: str = "idempotencyKey"


@dataclass(eq=False)
class QuotationClosed(Problem):
    """The quotation's validity ended at {valid_until}; ask for a new one."""

    code = ProblemCode.QUOTE_EXPIRED
    current_revision: int
    valid_until: datetime


@dataclass(eq=False)
class QuotationSuperseded(QuotationClosed):
    """This quotation was replaced; revision {current_revision} is the current one."""

    code = ProblemCode.QUOTE_SUPERSEDED


@dataclass(eq=False)
class QuotationWithdrawn(QuotationClosed):
    """The supplier took this quotation back; wait for a new one."""

    code = ProblemCode.QUOTE_WITHDRAWN


@dataclass(eq=False)
class QuotationWhole(QuotationClosed):
    """This quotation can only be accepted as a whole."""

    code = ProblemCode.QUOTE_WHOLE_ONLY


@dataclass(eq=False)
class QuotationsSealed(Problem):
    """Quotations stay sealed until {deadline}; nobody on the buyer's side can read or answer one before."""

    code = ProblemCode.QUOTES_SEALED
    deadline: datetime | None


@dataclass(eq=False)
class DeadlinePassed(QuotationsSealed):
    """The time to quote ended at {deadline}; only the buyer can extend it."""

    code = ProblemCode.DEADLINE_PASSED


@dataclass(eq=False)
class QuantityExceeded(Problem):
    """{requested} is more than the {remaining} that remain on line {line}."""

    code = ProblemCode.QUANTITY_EXCEEDED
    line: int
    requested: Decimal
    remaining: Decimal


@dataclass(eq=False)
class StockShort(Problem):
    """The supplier has not enough of {sku}, line {line}, to promise {requested}; ask for less, or wait."""

    code = ProblemCode.STOCK_SHORT
    line: int
    sku: str
    requested: Decimal
    availability: Availability
    available: Decimal | None = None
    """What is free, for the supplier itself; the buyer learns its availability alone (decision 0038)."""


@dataclass(eq=False)
class AmountMismatch(Problem):
    """The amount is {found}, but {expected} {currency} is due."""

    code = ProblemCode.AMOUNT_MISMATCH
    expected: Decimal
    found: Decimal
    currency: str


@dataclass(eq=False)
class ContractChanged(Problem):
    """What you signed is not the text on record; read it again. Its SHA-256 is {sha256}."""

    code = ProblemCode.CONTRACT_CHANGED
    sha256: str


@dataclass(eq=False)
class ContractLapsed(ContractChanged):
    """The time to sign has ended; the contract can no longer be signed."""

    code = ProblemCode.CONTRACT_LAPSED


@dataclass(eq=False)
class Unauthenticated(Problem):
    """Sign in first: the token is missing, expired or revoked."""

    code = ProblemCode.UNAUTHENTICATED


@dataclass(eq=False)
class Unavailable(Problem):
    """The service cannot answer at the moment; try again in {retry_after} seconds."""

    code = ProblemCode.UNAVAILABLE
    retry_after: int = 1
