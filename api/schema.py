"""The schema: every area's part of it, put together once."""

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from resolvers.admissions import AdmissionMutation
from resolvers.billing import BillingQuery
from resolvers.catalogue_search import CatalogueQuery
from resolvers.companies import CompanyQuery
from resolvers.contracting import ContractingMutation
from resolvers.contracts import ContractQuery
from resolvers.conversing import ConversingMutation
from resolvers.delivering import DeliveringMutation
from resolvers.executor import LevelExecutor
from resolvers.invoicing import InvoicingMutation
from resolvers.members import MemberMutation
from resolvers.node import NodeQuery
from resolvers.offering import OfferingMutation
from resolvers.ordering import OrderingMutation
from resolvers.orders import OrderQuery
from resolvers.paying import PayingMutation
from resolvers.problems import REFUSALS
from resolvers.quoting import QuotingMutation
from resolvers.scalars import SCALARS
from resolvers.sessions import SessionMutation
from resolvers.shipments import ShipmentQuery
from resolvers.units import UnitQuery
from subscriptions.events import EVENT_TYPES
from subscriptions.fields import Subscription

QUERIES = (CompanyQuery, CatalogueQuery, UnitQuery, OrderQuery, ContractQuery, ShipmentQuery, BillingQuery, NodeQuery)
MUTATIONS = (
    SessionMutation,
    AdmissionMutation,
    MemberMutation,
    OfferingMutation,
    OrderingMutation,
    QuotingMutation,
    ConversingMutation,
    ContractingMutation,
    DeliveringMutation,
    InvoicingMutation,
    PayingMutation,
)

schema = strawberry.Schema(
    query=merge_types("Query", QUERIES),
    mutation=merge_types("Mutation", MUTATIONS),
    subscription=Subscription,
    types=EVENT_TYPES,
    config=StrawberryConfig(scalar_map=SCALARS),
    exception_handlers=REFUSALS,
    execution_context_class=LevelExecutor,
)


def sdl() -> str:
    """The schema in its own language, sorted, so that a change of it shows as what it is."""
    from graphql import lexicographic_sort_schema, print_schema

    return print_schema(lexicographic_sort_schema(schema._schema)) + "\n"
