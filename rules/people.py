"""Who acts, for which company, and what they may do."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from rules.permissions import MAY
from rules.permissions import Role as Role
from rules.permissions import Scope as Scope
from rules.problems import NotAllowed, SignatoryRequired, Unauthenticated


class CompanyKind(StrEnum):
    """What a company does on the platform; a trader both buys and supplies."""

    BUYER = "BUYER"
    SUPPLIER = "SUPPLIER"
    TRADER = "TRADER"
    PLATFORM = "PLATFORM"


class CompanyStatus(StrEnum):
    """Whether the operator has admitted a company."""

    APPLIED = "APPLIED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    SUSPENDED = "SUSPENDED"


COMPANY_ROLES = frozenset(Role) - {Role.OPERATOR, Role.AUDITOR}
PLATFORM_ROLES = frozenset({Role.ADMIN, Role.OPERATOR, Role.AUDITOR})
LENDERS = frozenset({Role.ADMIN, Role.FINANCE, Role.SALES})
"""Who of a supplier reads and keeps its credit lines."""
BORROWERS = frozenset({Role.ADMIN, Role.FINANCE, Role.REQUESTER})
"""Who of a buyer reads what it is lent."""


def roles_of(kind: CompanyKind) -> frozenset[Role]:
    """The roles that members of such a company may have: nobody makes an operator of their own people."""
    return PLATFORM_ROLES if kind is CompanyKind.PLATFORM else COMPANY_ROLES


@dataclass(frozen=True)
class Actor:
    """The person or machine behind a request; without a company it is a stranger."""

    company: UUID | None = None
    member: UUID | None = None
    kind: CompanyKind | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    scopes: frozenset[Scope] | None = None
    name: str = ""
    locale: str = "en"
    session: UUID | None = None
    # The member who made the API key.
    sponsor: UUID | None = None

    @classmethod
    def anonymous(cls) -> "Actor":
        """Somebody who has not signed in."""
        return cls()

    @property
    def is_signed_in(self) -> bool:
        """Whether a company stands behind the actor."""
        return self.company is not None

    @property
    def is_operator(self) -> bool:
        """Whether the actor works for the platform."""
        return self.kind is CompanyKind.PLATFORM

    @property
    def may_read(self) -> bool:
        """Whether the platform is open to the actor: a machine needs the READ scope, a person a role."""
        return self.is_signed_in and (bool(self.roles) if self.scopes is None else Scope.READ in self.scopes)

    @property
    def may_read_books(self) -> bool:
        """Whether the ledger is open to the actor: its company's own, or to the platform's auditors every company's."""
        if self.scopes is not None:
            return Scope.BILLING in self.scopes and not self.is_operator
        return bool(self.roles & ({Role.AUDITOR} if self.is_operator else {Role.ADMIN, Role.FINANCE}))

    @property
    def is_waiting(self) -> bool:
        """Whether a person's company is not admitted yet: without any role they see themselves and its status, no more."""
        return self.is_signed_in and self.scopes is None and not self.roles

    @property
    def responsible(self) -> UUID | None:
        """The member who answers for what is done: oneself, or for a machine whoever made its key."""
        return self.member or self.sponsor

    @property
    def home(self) -> UUID:
        """The actor's company; Unauthenticated for a stranger."""
        if self.company is None:
            raise Unauthenticated
        return self.company

    def may(self, action: str) -> bool:
        """Whether the roles, or the key's scopes, cover the action."""
        permission = MAY[action]
        if self.scopes is not None:
            return permission.scope in self.scopes
        return bool(self.roles & permission.roles)

    def must(self, action: str) -> None:
        """Refuse with Unauthenticated or NotAllowed unless the actor may."""
        if not self.is_signed_in:
            raise Unauthenticated
        if not self.may(action):
            roles = MAY[action].roles
            refusal = SignatoryRequired if roles == {Role.SIGNATORY} else NotAllowed
            raise refusal(action, tuple(sorted(roles)))


# The clock acts for nobody: it expires, lapses and accepts in silence.
CLOCK = Actor(name="clock")
