"""The schema: every area's part of it, put together once."""

import strawberry
from graphql import get_named_type, lexicographic_sort_schema, print_schema
from strawberry.schema.config import StrawberryConfig

from resolvers.account_statements import StatementQuery
from resolvers.adding import AddingMutation, QuickEntryQuery
from resolvers.address_book import AddressMutation
from resolvers.addresses import AddressQuery
from resolvers.admissions import AdmissionMutation
from resolvers.ageing import AgeingQuery
from resolvers.agreements import AgreementQuery
from resolvers.approval_preview import ApprovalPreviewQuery
from resolvers.approval_rules import ApprovalRuleQuery
from resolvers.attachments import AttachingMutation, AttachmentQuery
from resolvers.authenticators import AuthenticatorMutation
from resolvers.billing import BillingQuery
from resolvers.billing_profiles import BillingProfileQuery
from resolvers.budgeting import BudgetingMutation
from resolvers.building_inputs import build_directly
from resolvers.carrying import CarrierMutation, CarrierQuery
from resolvers.catalogue_search import CatalogueQuery
from resolvers.certificates import CertificateMutation, CertificateQuery
from resolvers.changing import ChangingMutation
from resolvers.collecting import CollectingMutation
from resolvers.commissions import CommissionMutation, CommissionQuery
from resolvers.companies import CompanyQuery
from resolvers.contracting import ContractingMutation
from resolvers.contracts import ContractQuery
from resolvers.conversing import ConversingMutation
from resolvers.cost_centres import CostCentreQuery
from resolvers.credit_lines import CreditLineQuery
from resolvers.credit_notes import CreditNoteQuery
from resolvers.crediting import CreditingMutation
from resolvers.delegations import DelegationMutation, DelegationQuery
from resolvers.delivering import DeliveringMutation
from resolvers.delivery_board import DeliveryBoardQuery
from resolvers.enquiries import EnquiryQuery
from resolvers.enquiring import EnquiringMutation
from resolvers.executor import LevelExecutor
from resolvers.framing import FramingMutation
from resolvers.importing import ImportingMutation
from resolvers.invoicing import InvoicingMutation
from resolvers.ledger import LedgerQuery
from resolvers.lending import LendingMutation
from resolvers.listing_prices import ListingPricesMutation
from resolvers.members import MemberMutation
from resolvers.merchants import MerchantMutation, MerchantQuery
from resolvers.money_lists import MoneyListQuery
from resolvers.node import NodeQuery
from resolvers.offering import OfferingMutation
from resolvers.official_invoices import OfficialInvoiceQuery
from resolvers.online_paying import OnlinePayingMutation
from resolvers.ordering import OrderingMutation
from resolvers.orders import OrderQuery
from resolvers.packages import PackageTypeQuery
from resolvers.packing import PackingMutation
from resolvers.paying import PayingMutation
from resolvers.price_lists import PriceListQuery
from resolvers.problems import REFUSALS
from resolvers.promoting import PromotingMutation
from resolvers.promotions import PromotionQuery
from resolvers.proposals import ProposalQuery
from resolvers.quoting import QuotingMutation
from resolvers.read_marks import ReadingMutation
from resolvers.receiving import ReceivingMutation
from resolvers.reconciliations import ReconciliationQuery
from resolvers.reconciling import ReconcilingMutation
from resolvers.recording_fapiao import RecordingMutation
from resolvers.refunding import RefundingMutation
from resolvers.refunds import RefundQuery
from resolvers.regions import RegionQuery
from resolvers.reordering import TemplateMutation
from resolvers.returning import ReturningMutation
from resolvers.returns import ReturnQuery
from resolvers.ruling import RulingMutation
from resolvers.scalars import SCALARS
from resolvers.sessions import SessionMutation
from resolvers.setting_billing import BillingProfileMutation
from resolvers.settlements import SettlementQuery
from resolvers.shipments import ShipmentQuery
from resolvers.signing_elsewhere import SigningElsewhereMutation
from resolvers.statement_files import StatementFileMutation, StatementFileQuery
from resolvers.stock import StockQuery
from resolvers.stocking import StockingMutation
from resolvers.tax import VatRateMutation, VatRateQuery
from resolvers.templates import TemplateQuery
from resolvers.units import UnitQuery
from resolvers.verifying import VerifyingQuery
from subscriptions.events import EVENT_TYPES
from subscriptions.fields import Subscription


@strawberry.type(description="What can be read. What the caller may not see is not there.")
class Query(
    CompanyQuery,
    CatalogueQuery,
    UnitQuery,
    VatRateQuery,
    PackageTypeQuery,
    RegionQuery,
    AddressQuery,
    TemplateQuery,
    OrderQuery,
    QuickEntryQuery,
    EnquiryQuery,
    ApprovalRuleQuery,
    CostCentreQuery,
    CreditLineQuery,
    PriceListQuery,
    PromotionQuery,
    ProposalQuery,
    AttachmentQuery,
    ApprovalPreviewQuery,
    DelegationQuery,
    ContractQuery,
    AgreementQuery,
    CertificateQuery,
    VerifyingQuery,
    ShipmentQuery,
    DeliveryBoardQuery,
    CarrierQuery,
    ReturnQuery,
    StockQuery,
    BillingQuery,
    BillingProfileQuery,
    CreditNoteQuery,
    OfficialInvoiceQuery,
    MerchantQuery,
    CommissionQuery,
    SettlementQuery,
    ReconciliationQuery,
    LedgerQuery,
    StatementQuery,
    StatementFileQuery,
    AgeingQuery,
    RefundQuery,
    MoneyListQuery,
    NodeQuery,
):
    """Every area's queries."""


@strawberry.type(
    description="What can be done: one business act each, all of it or nothing, answered with its success or why not."
)
class Mutation(
    SessionMutation,
    AdmissionMutation,
    MemberMutation,
    BillingProfileMutation,
    AddressMutation,
    TemplateMutation,
    RulingMutation,
    BudgetingMutation,
    LendingMutation,
    ListingPricesMutation,
    VatRateMutation,
    PromotingMutation,
    DelegationMutation,
    AuthenticatorMutation,
    OfferingMutation,
    StockingMutation,
    OrderingMutation,
    EnquiringMutation,
    AttachingMutation,
    ImportingMutation,
    AddingMutation,
    QuotingMutation,
    ConversingMutation,
    ReadingMutation,
    ContractingMutation,
    CertificateMutation,
    SigningElsewhereMutation,
    FramingMutation,
    ChangingMutation,
    DeliveringMutation,
    PackingMutation,
    CarrierMutation,
    ReceivingMutation,
    ReturningMutation,
    InvoicingMutation,
    CreditingMutation,
    RecordingMutation,
    PayingMutation,
    OnlinePayingMutation,
    MerchantMutation,
    CommissionMutation,
    ReconcilingMutation,
    CollectingMutation,
    RefundingMutation,
    StatementFileMutation,
):
    """Every area's mutations."""


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=EVENT_TYPES,
    config=StrawberryConfig(scalar_map=SCALARS),
    exception_handlers=REFUSALS,
    execution_context_class=LevelExecutor,
)


def _describe_inputs() -> None:
    """A mutation's one argument says what its type says; saying it twice in the code would let the two drift apart."""
    mutations = schema._schema.mutation_type
    for field in mutations.fields.values() if mutations else ():
        for argument in field.args.values():
            argument.description = argument.description or get_named_type(argument.type).description


_describe_inputs()
build_directly(schema)


def sdl() -> str:
    """The schema in its own language, sorted, so that a change of it shows as what it is."""
    return print_schema(lexicographic_sort_schema(schema._schema)) + "\n"
