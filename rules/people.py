"""Who acts, in which roles, and which role or machine scope each act needs."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

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


class Role(StrEnum):
    """What a member does in the company; a member may have several."""

    ADMIN = "ADMIN"
    REQUESTER = "REQUESTER"
    APPROVER = "APPROVER"
    SIGNATORY = "SIGNATORY"
    WAREHOUSE = "WAREHOUSE"
    FINANCE = "FINANCE"
    SALES = "SALES"
    VIEWER = "VIEWER"
    OPERATOR = "OPERATOR"
    AUDITOR = "AUDITOR"


class Scope(StrEnum):
    """What an API key may do for its company; people approve and sign, machines never."""

    READ = "READ"
    ORDERS = "ORDERS"
    QUOTATIONS = "QUOTATIONS"
    CATALOGUE = "CATALOGUE"
    SHIPMENTS = "SHIPMENTS"
    BILLING = "BILLING"


@dataclass(frozen=True)
class Permission:
    """The roles that may act, and the scope with which a machine may; None: people only."""

    roles: frozenset[Role]
    scope: Scope | None


def _row(*roles: Role, scope: Scope | None = None) -> Permission:
    return Permission(frozenset(roles), scope)


R = Role
# fmt: off
MAY = {
    # action                 roles                                  machine
    "create_order":          _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "update_draft":          _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "import_lines":          _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "add_lines":             _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "submit_order":          _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "withdraw_order":        _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "approve_order":         _row(R.APPROVER, R.OPERATOR),
    "return_order":          _row(R.APPROVER, R.OPERATOR),
    "delegate_approval":     _row(R.APPROVER, R.ADMIN),
    "revoke_delegation":     _row(R.APPROVER, R.ADMIN),
    "answer_supplier":       _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "counter_quotation":     _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "decline_quotation":     _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "accept_quotation":      _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "cancel_order":          _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "create_enquiry":        _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "update_enquiry":        _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "issue_enquiry":         _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "invite_supplier":       _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "withdraw_invitation":   _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "extend_enquiry":        _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "award_enquiry":         _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "cancel_enquiry":        _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "ask_buyer":             _row(R.SALES,                          scope=Scope.QUOTATIONS),
    "send_quotation":        _row(R.SALES,                          scope=Scope.QUOTATIONS),
    "withdraw_quotation":    _row(R.SALES,                          scope=Scope.QUOTATIONS),
    "reject_order":          _row(R.SALES,                          scope=Scope.QUOTATIONS),
    "post_message":          _row(R.REQUESTER, R.SALES, R.WAREHOUSE, R.FINANCE, R.SIGNATORY, scope=Scope.ORDERS),
    "mark_read":             _row(*(set(R) - {R.OPERATOR, R.AUDITOR}), scope=Scope.ORDERS),
    "log_talk":              _row(R.REQUESTER, R.SALES),
    "upload_attachment":     _row(R.REQUESTER, R.SALES, R.WAREHOUSE, R.FINANCE, R.SIGNATORY, scope=Scope.ORDERS),
    "discard_attachment":    _row(R.REQUESTER, R.SALES, R.WAREHOUSE, R.FINANCE, R.SIGNATORY, scope=Scope.ORDERS),
    "attach_file":           _row(R.REQUESTER, R.SALES,             scope=Scope.ORDERS),
    "detach_file":           _row(R.REQUESTER, R.SALES,             scope=Scope.ORDERS),
    "sign_contract":         _row(R.SIGNATORY),
    "refuse_contract":       _row(R.SIGNATORY),
    "register_certificate":  _row(R.SIGNATORY),
    "revoke_certificate":    _row(R.SIGNATORY, R.ADMIN),
    "prepare_signature":     _row(R.SIGNATORY),
    "complete_signature":    _row(R.SIGNATORY),
    "propose_change":        _row(R.REQUESTER, R.SALES),
    "propose_short_close":   _row(R.REQUESTER, R.SALES),
    "agree_change":          _row(R.REQUESTER, R.SALES),
    "refuse_change":         _row(R.REQUESTER, R.SALES, R.SIGNATORY),
    "withdraw_change":       _row(R.REQUESTER, R.SALES),
    "propose_termination":   _row(R.SIGNATORY),
    "agree_termination":     _row(R.SIGNATORY),
    "refuse_termination":    _row(R.SIGNATORY),
    "terminate_order":       _row(R.OPERATOR),
    "propose_agreement":     _row(R.REQUESTER, R.SALES),
    "sign_agreement":        _row(R.SIGNATORY),
    "refuse_agreement":      _row(R.REQUESTER, R.SALES, R.SIGNATORY),
    "terminate_agreement":   _row(R.SIGNATORY),
    "despatch_shipment":     _row(R.WAREHOUSE,                      scope=Scope.SHIPMENTS),
    "pack_shipment":         _row(R.WAREHOUSE,                      scope=Scope.SHIPMENTS),
    "record_tracking":       _row(R.WAREHOUSE,                      scope=Scope.SHIPMENTS),
    "set_carrier_account":   _row(R.ADMIN),
    "retry_parked":          _row(R.OPERATOR),
    "cancel_shipment":       _row(R.WAREHOUSE,                      scope=Scope.SHIPMENTS),
    "receive_shipment":      _row(R.WAREHOUSE,                      scope=Scope.SHIPMENTS),
    "reverse_receipt":       _row(R.WAREHOUSE,                      scope=Scope.SHIPMENTS),
    "dispute_shipment":      _row(R.WAREHOUSE, R.REQUESTER,         scope=Scope.SHIPMENTS),
    "close_shipment_dispute": _row(R.WAREHOUSE, R.REQUESTER, R.OPERATOR),
    "request_return":        _row(R.REQUESTER, R.WAREHOUSE,         scope=Scope.SHIPMENTS),
    "cancel_return":         _row(R.REQUESTER, R.WAREHOUSE,         scope=Scope.SHIPMENTS),
    "approve_return":        _row(R.SALES),
    "reject_return":         _row(R.SALES),
    "dispute_return":        _row(R.REQUESTER),
    "arbitrate_return":      _row(R.OPERATOR),
    "ship_back_return":      _row(R.WAREHOUSE,                      scope=Scope.SHIPMENTS),
    "take_back_return":      _row(R.WAREHOUSE,                      scope=Scope.SHIPMENTS),
    "resolve_return":        _row(R.SALES),
    "issue_invoice":         _row(R.FINANCE,                        scope=Scope.BILLING),
    "accept_invoice":        _row(R.FINANCE,                        scope=Scope.BILLING),
    "dispute_invoice":       _row(R.FINANCE,                        scope=Scope.BILLING),
    "issue_credit_note":     _row(R.FINANCE,                        scope=Scope.BILLING),
    "submit_bank_transfer":  _row(R.FINANCE,                        scope=Scope.BILLING),
    "submit_cheque":         _row(R.FINANCE,                        scope=Scope.BILLING),
    "apply_credit":          _row(R.FINANCE,                        scope=Scope.BILLING),
    "confirm_funds":         _row(R.FINANCE),
    "reject_transfer":       _row(R.FINANCE),
    "start_payment":         _row(R.FINANCE,                        scope=Scope.BILLING),
    "close_payment":         _row(R.FINANCE,                        scope=Scope.BILLING),
    "refund_payment":        _row(R.FINANCE),
    "set_merchant_account":  _row(R.ADMIN),
    "bounce_cheque":         _row(R.FINANCE),
    "send_refund":           _row(R.FINANCE,                        scope=Scope.BILLING),
    "confirm_refund":        _row(R.FINANCE),
    "reject_refund":         _row(R.FINANCE),
    "create_product":        _row(R.SALES,                          scope=Scope.CATALOGUE),
    "update_product":        _row(R.SALES,                          scope=Scope.CATALOGUE),
    "adjust_stock":          _row(R.SALES, R.WAREHOUSE,             scope=Scope.CATALOGUE),
    "transfer_stock":        _row(R.SALES, R.WAREHOUSE,             scope=Scope.CATALOGUE),
    "create_warehouse":      _row(R.ADMIN, R.WAREHOUSE),
    "update_warehouse":      _row(R.ADMIN, R.WAREHOUSE),
    "archive_warehouse":     _row(R.ADMIN, R.WAREHOUSE),
    "set_stock_policy":      _row(R.ADMIN, R.SALES),
    "create_customer_grade": _row(R.ADMIN, R.SALES,                 scope=Scope.CATALOGUE),
    "update_customer_grade": _row(R.ADMIN, R.SALES,                 scope=Scope.CATALOGUE),
    "assign_customer_grade": _row(R.ADMIN, R.SALES,                 scope=Scope.CATALOGUE),
    "create_price_list":     _row(R.ADMIN, R.SALES,                 scope=Scope.CATALOGUE),
    "update_price_list":     _row(R.ADMIN, R.SALES,                 scope=Scope.CATALOGUE),
    "archive_price_list":    _row(R.ADMIN, R.SALES,                 scope=Scope.CATALOGUE),
    "set_price_list_items":  _row(R.ADMIN, R.SALES,                 scope=Scope.CATALOGUE),
    "create_promotion":      _row(R.ADMIN, R.SALES,                 scope=Scope.CATALOGUE),
    "end_promotion":         _row(R.ADMIN, R.SALES,                 scope=Scope.CATALOGUE),
    "create_category":       _row(R.OPERATOR),
    "invite_member":         _row(R.ADMIN),
    "change_roles":          _row(R.ADMIN),
    "deactivate_member":     _row(R.ADMIN),
    "set_approval_threshold": _row(R.ADMIN),
    "set_platform_review":   _row(R.OPERATOR),
    "create_approval_rule":  _row(R.ADMIN),
    "update_approval_rule":  _row(R.ADMIN),
    "deactivate_approval_rule": _row(R.ADMIN),
    "reorder_approval_rules": _row(R.ADMIN),
    "create_cost_centre":    _row(R.ADMIN, R.FINANCE),
    "update_cost_centre":    _row(R.ADMIN, R.FINANCE),
    "set_budget":            _row(R.ADMIN, R.FINANCE),
    "set_delivery_defaults": _row(R.ADMIN),
    "set_brand":             _row(R.ADMIN),
    "set_gs1_company_prefix": _row(R.ADMIN),
    "create_order_template":  _row(R.REQUESTER,                     scope=Scope.ORDERS),
    "save_order_as_template": _row(R.REQUESTER,                     scope=Scope.ORDERS),
    "update_order_template":  _row(R.REQUESTER,                     scope=Scope.ORDERS),
    "remove_order_template":  _row(R.REQUESTER,                     scope=Scope.ORDERS),
    "create_order_from_template": _row(R.REQUESTER,                 scope=Scope.ORDERS),
    "order_again":           _row(R.REQUESTER,                      scope=Scope.ORDERS),
    "create_address":        _row(R.ADMIN, R.REQUESTER,             scope=Scope.ORDERS),
    "update_address":        _row(R.ADMIN, R.REQUESTER,             scope=Scope.ORDERS),
    "remove_address":        _row(R.ADMIN, R.REQUESTER,             scope=Scope.ORDERS),
    "create_api_key":        _row(R.ADMIN),
    "revoke_api_key":        _row(R.ADMIN),
    "review_company":        _row(R.OPERATOR),
    "suspend_company":       _row(R.OPERATOR),
}
# fmt: on
# No role is needed for what a stranger does at the door, and for what all people may do about themselves.
OPEN = frozenset(
    {
        "register_company",
        "sign_in",
        "refresh_session",
        "sign_out",
        "change_password",
        "enrol_totp",
        "confirm_totp",
        "disable_totp",
    }
)
# A file comes as the body of an HTTP request, which no mutation can be.
BY_HTTP = frozenset({"upload_attachment"})
COMPANY_ROLES = frozenset(Role) - {R.OPERATOR, R.AUDITOR}
PLATFORM_ROLES = frozenset({R.ADMIN, R.OPERATOR, R.AUDITOR})


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
        return bool(self.roles & ({R.AUDITOR} if self.is_operator else {R.ADMIN, R.FINANCE}))

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
