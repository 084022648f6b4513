"""What a company alone is told of its members, its settings and its standing."""

import strawberry

import models
from resolvers.companies import Company
from resolvers.relations import One, derived, related, shows
from subscriptions.event import Event, kinds_in


@strawberry.type
class _OfCompany:
    company: Company | None = related(One(models.Company, "stream"), description="The company as it is now.")


@strawberry.type(description="A company applied to take part.")
@shows(models.Event)
class CompanyRegistered(_OfCompany, Event):
    """A company registered."""


@strawberry.type(description="The operator admitted, rejected or suspended a company.")
@shows(models.Event)
class CompanyReviewed(_OfCompany, Event):
    """A company was reviewed."""


@strawberry.type(description="A company's members, keys or settings changed.")
@shows(models.Event)
class CompanyChanged(_OfCompany, Event):
    """A company was changed."""

    action: str = derived(
        lambda row: row.body["action"], description="The step that changed it, such as `change_roles`."
    )


COMPANY_EVENT_TYPES = kinds_in(globals())
