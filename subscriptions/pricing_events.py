"""What a supplier's own people are told of its price lists, its promotions and the grades of its customers; no buyer ever is."""

import strawberry

import models
from resolvers.companies import Company
from resolvers.price_lists import CustomerGrade, PriceList
from resolvers.promotions import Promotion
from resolvers.relations import One, derived, related, shows
from subscriptions.event import Event, Named, kinds_in


@strawberry.type(description="A price list was made or changed, or put away, or prices on it were set.")
@shows(models.Event)
class PriceListChanged(Event):
    """A price list was changed."""

    price_list: PriceList | None = related(
        One(models.PriceList, "stream", visible=True), description="The list as it is now."
    )
    action: str = derived(
        lambda row: row.body["action"], description="The step that changed it, such as `set_price_list_items`."
    )
    product_count: int | None = derived(
        lambda row: row.body.get("productCount"), description="Of how many products prices were set; or null."
    )


@strawberry.type(description="A grade was made or renamed, or a customer came to it or left it.")
@shows(models.Event)
class CustomerGradeChanged(Event):
    """A grade was changed."""

    customer_grade: CustomerGrade | None = related(
        One(models.CustomerGrade, "stream", visible=True), description="The grade as it is now."
    )
    action: str = derived(
        lambda row: row.body["action"], description="The step that changed it, such as `assign_customer_grade`."
    )
    customer: Company | None = related(
        Named(models.Company, "customerId", visible=True), description="The customer that came or left; or null."
    )


@strawberry.type(description="A promotion was made or ended.")
@shows(models.Event)
class PromotionChanged(Event):
    """A promotion was changed."""

    promotion: Promotion | None = related(
        One(models.Promotion, "stream", visible=True), description="The promotion as it is now."
    )
    action: str = derived(
        lambda row: row.body["action"], description="The step that changed it, such as `end_promotion`."
    )


PRICING_EVENT_TYPES = kinds_in(globals())
