"""Which rows there are, and whose they are."""

from models.address import Address
from models.agreement import AgreementCallOff, AgreementFile, AgreementPrice, AgreementSignature, FrameworkAgreement
from models.api_key import ApiKey
from models.approval import Approval, ApprovalRule, ApprovalVote
from models.attachment import Attachment
from models.authenticator import Authenticator
from models.billing import (
    Invoice,
    InvoiceLine,
    InvoiceSeries,
    Payment,
    PaymentAllocation,
)
from models.billing_paper import BillingPaper
from models.billing_profile import BillingProfile
from models.budget import Budget, BudgetEntry, CostCentre
from models.carrier import CarrierAccount, CarrierPush
from models.catalogue import Category, Product
from models.certificate import SignaturePreparation, SigningCertificate
from models.company import Company, Member
from models.contract import Contract, ContractAllowance, ContractFile, ContractLine, Signature
from models.credit import CreditEntry, CreditLine
from models.crediting import CreditNote, CreditNoteLine
from models.delegation import Delegation
from models.enquiry import Enquiry, EnquiryInvitation, EnquiryLine, EnquiryMatch
from models.errand import Errand
from models.event import Event, FeedEntry, FeedHead
from models.idempotency import IdempotencyKey
from models.ledger import LedgerEntry
from models.obligation import PaymentObligation, PaymentReminder
from models.offer import Alternative, QuotationAllowance
from models.official_invoice import OfficialInvoice
from models.online_payment import MerchantAccount, OnlinePayment, PaymentNotice, PaymentRefund
from models.order import Message, Order, OrderLine, QuantityEntry
from models.package import Package, PackageLine, Sscc, SsccSeries
from models.pricing import CustomerGrade, GradedCustomer, PriceList, PriceListItem
from models.promotion import Promotion, PromotionProduct, PromotionUse
from models.quotation import CounterOffer, CounterOfferLine, Quotation, QuotationLine
from models.reading import ReadMark, ReadState
from models.reconciliation import Reconciliation, ReconciliationDifference
from models.refund import Refund
from models.returning import ReturnLine, ReturnRequest
from models.session import RefreshToken, Session, SignInFailure
from models.settlement import CommissionReceiver, CommissionRule, Settlement, SettlementReturn
from models.shipment import EtaRevision, Shipment, ShipmentLine, TrackingEvent
from models.statement_file import StatementFile
from models.stock import StockEntry, StockLevel, Warehouse
from models.tax import VatRate
from models.template import OrderTemplate, OrderTemplateLine

__all__ = [
    "Address",
    "AgreementCallOff",
    "AgreementFile",
    "AgreementPrice",
    "AgreementSignature",
    "Alternative",
    "ApiKey",
    "Approval",
    "ApprovalRule",
    "ApprovalVote",
    "Attachment",
    "Authenticator",
    "BillingPaper",
    "BillingProfile",
    "Budget",
    "BudgetEntry",
    "CarrierAccount",
    "CarrierPush",
    "Category",
    "CommissionReceiver",
    "CommissionRule",
    "Company",
    "Contract",
    "ContractAllowance",
    "ContractFile",
    "ContractLine",
    "CostCentre",
    "CounterOffer",
    "CounterOfferLine",
    "CreditEntry",
    "CreditLine",
    "CreditNote",
    "CreditNoteLine",
    "CustomerGrade",
    "Delegation",
    "Enquiry",
    "EnquiryInvitation",
    "EnquiryLine",
    "EnquiryMatch",
    "Errand",
    "EtaRevision",
    "Event",
    "FeedEntry",
    "FeedHead",
    "FrameworkAgreement",
    "GradedCustomer",
    "IdempotencyKey",
    "Invoice",
    "InvoiceLine",
    "InvoiceSeries",
    "LedgerEntry",
    "Member",
    "MerchantAccount",
    "Message",
    "OfficialInvoice",
    "OnlinePayment",
    "Order",
    "OrderLine",
    "OrderTemplate",
    "OrderTemplateLine",
    "Package",
    "PackageLine",
    "Payment",
    "PaymentAllocation",
    "PaymentNotice",
    "PaymentObligation",
    "PaymentRefund",
    "PaymentReminder",
    "PriceList",
    "PriceListItem",
    "Product",
    "Promotion",
    "PromotionProduct",
    "PromotionUse",
    "QuantityEntry",
    "Quotation",
    "QuotationAllowance",
    "QuotationLine",
    "ReadMark",
    "ReadState",
    "Reconciliation",
    "ReconciliationDifference",
    "RefreshToken",
    "Refund",
    "ReturnLine",
    "ReturnRequest",
    "Session",
    "Settlement",
    "SettlementReturn",
    "Shipment",
    "ShipmentLine",
    "SignInFailure",
    "Signature",
    "SignaturePreparation",
    "SigningCertificate",
    "Sscc",
    "SsccSeries",
    "StatementFile",
    "StockEntry",
    "StockLevel",
    "TrackingEvent",
    "VatRate",
    "Warehouse",
]
