"""Which role or machine scope each act needs."""

from dataclasses import dataclass
from enum import StrEnum


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
    "record_official_invoice": _row(R.FINANCE,                      scope=Scope.BILLING),
    "void_official_invoice": _row(R.FINANCE,                        scope=Scope.BILLING),
    "submit_bank_transfer":  _row(R.FINANCE,                        scope=Scope.BILLING),
    "submit_cheque":         _row(R.FINANCE,                        scope=Scope.BILLING),
    "apply_credit":          _row(R.FINANCE,                        scope=Scope.BILLING),
    "confirm_funds":         _row(R.FINANCE),
    "reject_transfer":       _row(R.FINANCE),
    "start_payment":         _row(R.FINANCE,                        scope=Scope.BILLING),
    "close_payment":         _row(R.FINANCE,                        scope=Scope.BILLING),
    "refund_payment":        _row(R.FINANCE),
    "set_merchant_account":  _row(R.ADMIN),
    "create_commission_rule": _row(R.OPERATOR),
    "end_commission_rule":   _row(R.OPERATOR),
    "set_commission_receiver": _row(R.OPERATOR),
    "retry_settlement":      _row(R.OPERATOR),
    "reconcile_payments":    _row(R.FINANCE, R.OPERATOR),
    "resolve_reconciliation_difference": _row(R.FINANCE),
    "set_collection_policy": _row(R.ADMIN),
    "bounce_cheque":         _row(R.FINANCE),
    "send_refund":           _row(R.FINANCE,                        scope=Scope.BILLING),
    "confirm_refund":        _row(R.FINANCE),
    "reject_refund":         _row(R.FINANCE),
    "request_account_statement": _row(R.ADMIN, R.FINANCE,           scope=Scope.BILLING),
    "cancel_account_statement":  _row(R.ADMIN, R.FINANCE,           scope=Scope.BILLING),
    "retry_account_statement":   _row(R.ADMIN, R.FINANCE,           scope=Scope.BILLING),
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
    "set_credit_line":       _row(R.ADMIN, R.FINANCE, R.SALES,      scope=Scope.BILLING),
    "block_credit_line":     _row(R.ADMIN, R.FINANCE, R.SALES,      scope=Scope.BILLING),
    "unblock_credit_line":   _row(R.ADMIN, R.FINANCE, R.SALES,      scope=Scope.BILLING),
    "create_category":       _row(R.OPERATOR),
    "add_vat_rate":          _row(R.OPERATOR),
    "end_vat_rate":          _row(R.OPERATOR),
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
    "set_billing_details":   _row(R.ADMIN),
    "set_invoice_matching":  _row(R.ADMIN, R.FINANCE),
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
