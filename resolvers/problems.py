"""Refusals as the schema shows them: one type for each kind of facts, all behind one interface."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Union
from uuid import UUID

import strawberry
from strawberry.types import Info

import resolvers.billing_enums  # describes an enum below
import resolvers.stock_enums  # noqa: F401  # describes the enum below
from resolvers.context import Context
from resolvers.credit_problems import CreditProblem
from resolvers.ids import Malformed, decode_id, encode_id
from resolvers.import_reports import ImportReport
from resolvers.payment_problems import PrepaymentProblem as PrepaymentProblem
from resolvers.problem import Problem as Problem
from resolvers.problem_codes import Code as Code
from resolvers.signing_problems import CertificateProblem as CertificateProblem
from resolvers.signing_problems import PreparationProblem as PreparationProblem
from resolvers.signing_problems import ProofProblem as ProofProblem
from resolvers.signing_problems import SignatureProblem as SignatureProblem
from resolvers.signing_problems import SignInProblem as SignInProblem
from resolvers.statement_problems import MerchantAccountMissingProblem, StatementUnavailableProblem
from resolvers.tax_problems import TaxRateProblem as TaxRateProblem
from resolvers.words import spoken, told
from rules import problems
from rules.availability import Availability
from rules.billing import PaymentMethod
from rules.prepayment_problems import PrepaymentAwaited
from rules.statement_problems import MerchantAccountMissing, StatementUnavailable


@strawberry.type(description="There is no such thing, or it is not yours to see; which of the two is not told.")
class NotFoundProblem(Problem):
    """A missing id, a stranger's id and a malformed id look the same."""

    id: strawberry.ID = strawberry.field(description="The id that was given.")


@strawberry.type(description="The caller may not do this, or not now.")
class NotAllowedProblem(Problem):
    """A role is missing, or it is somebody else's move."""

    action: str = strawberry.field(description="The step that was refused.")
    needs: list[str] = strawberry.field(description="The roles of which one would allow it; empty when no role would.")


@strawberry.type(description="A rule asks for an approval that nobody could give; an administrator has to change it.")
class ApproverMissingProblem(Problem):
    """A tier without people."""

    tier: int = strawberry.field(description="The tier that has nobody, from 1.")
    rule: str = strawberry.field(description="What the rule is called.")


@strawberry.type(description="The thing is not in a status that has this step.")
class WrongStatusProblem(Problem):
    """The table has no such row."""

    action: str = strawberry.field(description="The step that was refused.")
    status: str = strawberry.field(description="The present status.")
    allowed_in: list[str] = strawberry.field(description="The statuses that have this step.")


@strawberry.type(description="Somebody changed the thing since it was read; read it again.")
class StaleVersionProblem(Problem):
    """The expected version is not the current one."""

    current_version: int = strawberry.field(description="The version it is at now.")


@strawberry.type(description="What is wrong with one field.")
class InputFault:
    """One wrong field."""

    field: str = strawberry.field(description="The field's path, such as `input.lines[0].quantity`.")
    fault: str = strawberry.field(description="What is wrong.")
    suggestion: str | None = strawberry.field(description="A value that would be right, where one is known.")


@strawberry.type(description="Some fields are wrong; all of them are named at once.")
class InvalidInputProblem(Problem):
    """Wrong fields."""

    faults: list[InputFault] = strawberry.field(description="Each wrong field.")


@strawberry.type(description="Rows of the file are not right; nothing was imported.")
class ImportProblem(Problem):
    """Wrong rows."""

    report: ImportReport = strawberry.field(description="What was found, cell by cell.")


@strawberry.type(description="Something that may exist only once exists already.")
class ConflictProblem(Problem):
    """A name, number or key is taken."""

    field: str = strawberry.field(description="The input field whose value is taken.")


@strawberry.type(description="The quotation cannot be accepted any more, or not like this.")
class QuotationProblem(Problem):
    """Expired, superseded, withdrawn, or not to be divided."""

    current_revision: int = strawberry.field(description="The newest revision of the order's quotations.")
    valid_until: datetime = strawberry.field(description="When the newest revision's validity ends or ended.")


@strawberry.type(description="It is too early to read offers, or too late to make one.")
class DeadlineProblem(Problem):
    """Sealed, or closed."""

    deadline: datetime | None = strawberry.field(
        description="When sealed quotations are opened, or when the time to quote ended."
    )


@strawberry.type(description="More was asked than remains.")
class QuantityProblem(Problem):
    """Over what the ledger allows."""

    line: int = strawberry.field(description="The position of the order line.")
    requested: Decimal = strawberry.field(description="What was asked, in the line's unit.")
    remaining: Decimal = strawberry.field(description="What remains, in the line's unit.")


@strawberry.type(description="The supplier has not enough in stock, and promises no more than it has.")
class StockProblem(Problem):
    """Too little on the shelves."""

    line: int = strawberry.field(description="The position of the order line.")
    sku: str = strawberry.field(description="The supplier's own number for what is missing.")
    requested: Decimal = strawberry.field(description="What was to be kept, in the line's unit.")
    availability: Availability = strawberry.field(description="How the product stands.")
    available: Decimal | None = strawberry.field(
        description="What is kept for nobody, in the line's unit; null for everybody but the supplier."
    )


@strawberry.type(description="The amount is not the one that is due.")
class AmountProblem(Problem):
    """Too much or too little money."""

    expected: Decimal = strawberry.field(description="What is due.")
    found: Decimal = strawberry.field(description="What was given.")
    currency: str = strawberry.field(description="ISO 4217 code of both amounts.")


@strawberry.type(description="The budget of the order's cost centre has not that much left; told to the buyer alone.")
class BudgetProblem(Problem):
    """Too little money."""

    cost_centre: str = strawberry.field(description="The code of the cost centre.")
    period_start: date = strawberry.field(description="The first day of the budget.")
    period_end: date = strawberry.field(description="The last day of the budget.")
    currency: str = strawberry.field(description="ISO 4217 code of all these amounts.")
    amount: Decimal = strawberry.field(description="What the budget has.")
    committed: Decimal = strawberry.field(description="What orders hold of it, this one included.")
    wanted: Decimal = strawberry.field(description="How much more the step would take.")
    short_by: Decimal = strawberry.field(description="How much of that is too much.")


@strawberry.type(description="The contract cannot be signed like this.")
class ContractProblem(Problem):
    """Another text, or too late."""

    sha256: str = strawberry.field(description="The SHA-256 of the text on record, in hex.")


@strawberry.type(description="The supplier does not take money in this way, or not in this currency.")
class PaymentUnavailableProblem(Problem):
    """No account with the provider."""

    method: PaymentMethod = strawberry.field(description="The way that was asked for.")
    methods: list[PaymentMethod] = strawberry.field(
        description="How this invoice could be paid online; empty if not at all."
    )


def _as_they_are(problem: problems.Problem, _locale: str) -> dict[str, Any]:
    return problem.facts()


@dataclass(frozen=True)
class Refused:
    """Hands a raised refusal to the union member that shows it, after the transaction was undone."""

    exception_type: type[problems.Problem]
    error_type: type[Problem]
    shape: Callable[[Any, str], dict[str, Any]] = _as_they_are

    def handle(self, exception: problems.Problem, *, field: object, info: Info[Context, Any]) -> Problem:
        """The refusal in the caller's language, with its facts."""
        locale = info.context.locale
        return self.error_type(code=exception.code, message=told(exception, locale), **self.shape(exception, locale))


def _not_found(problem: problems.NotFound, _locale: str) -> dict[str, Any]:
    given = problem.id
    if isinstance(given, Malformed):
        return {"id": given.text}
    return {"id": encode_id(problem.kind, given) if isinstance(given, UUID) else given}


def _faults(problem: problems.InvalidInput, locale: str) -> dict[str, Any]:
    return {
        "faults": [
            InputFault(field=wrong.path, fault=spoken(wrong.fault, locale), suggestion=wrong.suggestion)
            for wrong in problem.faults
        ]
    }


def _rows(problem: problems.RowsWrong, locale: str) -> dict[str, Any]:
    return {"report": ImportReport.of(problem, locale)}


REFUSALS = (
    Refused(problems.NotFound, NotFoundProblem, _not_found),
    Refused(problems.NotAllowed, NotAllowedProblem),
    Refused(problems.ApproverMissing, ApproverMissingProblem),
    Refused(problems.WrongStatus, WrongStatusProblem),
    Refused(problems.StaleVersion, StaleVersionProblem),
    Refused(problems.InvalidInput, InvalidInputProblem, _faults),
    Refused(problems.RowsWrong, ImportProblem, _rows),
    Refused(problems.Conflict, ConflictProblem),
    Refused(problems.QuotationClosed, QuotationProblem),
    Refused(problems.QuotationsSealed, DeadlineProblem),
    Refused(problems.QuantityExceeded, QuantityProblem),
    Refused(problems.StockShort, StockProblem),
    Refused(problems.AmountMismatch, AmountProblem),
    Refused(problems.PaymentUnavailable, PaymentUnavailableProblem),
    Refused(StatementUnavailable, StatementUnavailableProblem),
    Refused(MerchantAccountMissing, MerchantAccountMissingProblem),
    Refused(problems.UnknownTaxRate, TaxRateProblem),
    Refused(PrepaymentAwaited, PrepaymentProblem),
    Refused(problems.BudgetExceeded, BudgetProblem),
    Refused(problems.CreditLimitExceeded, CreditProblem),
    Refused(problems.CreditBlocked, CreditProblem),
    Refused(problems.ContractChanged, ContractProblem),
    Refused(problems.CertificateRefused, CertificateProblem),
    Refused(problems.PreparationExpired, PreparationProblem),
    Refused(problems.SignatureMismatch, SignatureProblem),
    Refused(problems.SignInFailed, SignInProblem),
    Refused(problems.ProofFailed, ProofProblem),
)
# What any mutation may answer, what one on an existing thing adds, and what one that makes a thing adds.
ALWAYS = (NotFoundProblem, NotAllowedProblem, InvalidInputProblem)
CHANGING = (*ALWAYS, WrongStatusProblem, StaleVersionProblem)
CREATING = (*ALWAYS, ConflictProblem)
# What may also stand against importing, asking for an approval, accepting a quotation, making or answering an offer, moving goods,
# letting them leave, moving money, holding a budget, keeping stock and credit, signing, and saying a rate of tax.
IMPORTING = (ImportProblem,)
ASKING = (ApproverMissingProblem,)
ACCEPTING = (QuotationProblem,)
OFFERING = (DeadlineProblem,)
MOVING = (QuantityProblem,)
DESPATCHING = (*MOVING, PrepaymentProblem)
PAYING = (AmountProblem,)
PAYING_ONLINE = (*PAYING, PaymentUnavailableProblem)
RECONCILING = (StatementUnavailableProblem, MerchantAccountMissingProblem)
SPENDING = (BudgetProblem,)
KEEPING = (StockProblem, CreditProblem)
SIGNING = (ContractProblem,)
TAXING = (TaxRateProblem,)


def answers(success: type, *refusals: type[Problem]) -> Any:
    """The nullable union a mutation answers with: nullable so that a crash does not wipe its sibling's answer."""
    name = success.__name__.removesuffix("Success")
    members = (success, *dict.fromkeys(refusals))
    described_as = f"What became of `{name[0].lower()}{name[1:]}`: its success, or why it was refused."
    return Annotated[Union[members], strawberry.union(f"{name}Result", description=described_as)] | None  # noqa: UP007


def known(kind: str, text: str) -> UUID:
    """The row's id from an opaque one. A malformed one becomes that of no row: refusing it here, before the verb has asked
    for the role, would tell it from a missing one."""
    return decode_id(kind, text) or Malformed(text)
