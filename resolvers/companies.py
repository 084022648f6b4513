"""Companies, members and API keys as the schema shows them, and how to find them."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

import models
import resolvers.company_enums  # describes the enums below
import resolvers.stock_enums  # noqa: F401  # likewise
from models.rows import row
from resolvers.context import Context
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.relations import One, derived, related, shows
from resolvers.words import label
from rules.money import Currency
from rules.people import CompanyKind, CompanyStatus, Role, Scope
from rules.stock import StockPolicy


def _inside(read: Callable[[Any], Any], description: str) -> Any:
    """A fact for the company's own people and the operator; null for others, whatever it is."""

    def fact(row: Any, context: Context) -> Any:
        actor = context.actor
        return read(row) if actor.is_operator or row.id == actor.company else None

    return derived(fact, description=description)


@strawberry.type(description="What a company's contracts look like.")
class Brand:
    """Colour and line."""

    colour: str | None = strawberry.field(
        description="Colour of rules and headings, as #rrggbb; null for the plain one."
    )
    line: str | None = strawberry.field(description="The line beside the company's name; null for none.")


@strawberry.type(
    description="How a company collects as a supplier; `setCollectionPolicy` says what each of these means."
)
class CollectionPolicy:
    """What it grants and waits for."""

    prepayment_days: int = strawberry.field(
        description="Days to prepay in after a contract binds; 0: the next working day."
    )
    despatch_after_prepayment: bool = strawberry.field(description="Whether goods wait for the prepayment.")
    confirm_funds_after_days: int | None = strawberry.field(
        description="After how many days online payments are confirmed by themselves; null: never."
    )


def _collecting(row: Any) -> CollectionPolicy:
    return CollectionPolicy(
        prepayment_days=row.prepayment_days,
        despatch_after_prepayment=row.despatch_after_prepayment,
        confirm_funds_after_days=row.confirm_funds_after_days,
    )


@strawberry.type(description="A legal person that buys, supplies, or runs the platform.")
@shows(models.Company)
class Company(Node):
    """A company; what only its own people need to know is null for others."""

    id: strawberry.ID = derived(lambda row: encode_id("Company", row.id), description="Opaque id.")
    legal_name: str = strawberry.field(description="The name in the business licence.")
    english_name: str | None = strawberry.field(description="The name in English, where it has one.")
    credit_code: str = strawberry.field(description="Unified social credit code (GB 32100-2015).")
    kind: CompanyKind = strawberry.field(description="What it does on the platform.")
    status: CompanyStatus = strawberry.field(description="Whether it is admitted.")
    status_label: str = derived(
        lambda row, context: label("company_status", row.status, context.locale),
        description="The status in words, in the caller's language.",
    )
    currency: Currency = strawberry.field(description="What its orders are made in.")
    brand: Brand = derived(
        lambda row: Brand(colour=row.brand_colour, line=row.brand_line), description="What its contracts look like."
    )
    version: int | None = _inside(
        lambda row: row.version, "Rises by one with each event: what mutations expect; null for other companies."
    )
    delivery_place: str | None = _inside(
        lambda row: row.delivery_place, "Where new orders are to be delivered; null for other companies."
    )
    delivery_zone: str | None = _inside(
        lambda row: row.delivery_zone, "IANA time zone of that place; null for other companies."
    )
    gs1_company_prefix: str | None = _inside(
        lambda row: row.gs1_company_prefix,
        "The GS1 prefix that its packages' numbers are made with; null without one, and for other companies.",
    )
    collection_policy: CollectionPolicy | None = _inside(
        _collecting, "How it collects as a supplier; null for other companies."
    )
    review_note: str | None = _inside(
        lambda row: row.review_note, "What the operator said when deciding; null for other companies."
    )
    reviewed_at: datetime | None = _inside(
        lambda row: row.reviewed_at, "When the operator decided last; null before, and for other companies."
    )
    stock_policy: StockPolicy | None = derived(
        lambda row, context: row.stock_policy if row.id == context.actor.company else None,
        description="How what it supplies is kept for orders; null for everybody else.",
    )
    created_at: datetime = strawberry.field(description="When it registered.")


@strawberry.type(description="A person who acts for a company.")
@shows(models.Member)
class Member(Node):
    """A member."""

    id: strawberry.ID = derived(lambda row: encode_id("Member", row.id), description="Opaque id.")
    sign_in_name: str = strawberry.field(description="What the member signs in with.")
    display_name: str = strawberry.field(description="What others call the member.")
    roles: list[Role] = strawberry.field(description="What the member does in the company.")
    locale: str = strawberry.field(description="The member's language, `zh-CN` or `en`.")
    is_active: bool = strawberry.field(description="Whether the member may sign in.")
    version: int = strawberry.field(description="Rises by one with each change: what mutations expect.")
    company: Company = related(One(models.Company, "company_id"), description="The company the member acts for.")
    created_at: datetime = strawberry.field(description="When the member was added.")


@strawberry.type(description="What a machine acts with for a company; the key itself is shown once, when it is made.")
@shows(models.ApiKey)
class ApiKey(Node):
    """An API key."""

    id: strawberry.ID = derived(lambda row: encode_id("ApiKey", row.id), description="Opaque id.")
    name: str = strawberry.field(description="What the administrator calls it.")
    scopes: list[Scope] = strawberry.field(description="What it may do.")
    created_at: datetime = strawberry.field(description="When it was made.")
    created_by: Member = related(One(models.Member, "created_by_id"), description="The administrator who made it.")
    expires_at: datetime | None = strawberry.field(description="From when on it is refused; null for never.")
    revoked_at: datetime | None = strawberry.field(description="When it was revoked; null while it is not.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used, to the minute; null before.")


Id = Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
Status = Annotated[CompanyStatus | None, strawberry.argument(description="Only companies in this status.")]


@strawberry.type
class CompanyQuery:
    """How to find companies and their people."""

    @strawberry.field(description="Who the caller is; null for strangers and machines.")
    async def me(self, info: Info[Context, None]) -> Member | None:
        """Shown to members of companies that wait for admission, too."""
        actor = info.context.actor
        if actor.member is None:
            return None
        return await row(models.Member.visible_to(actor).filter(id=actor.member))

    @strawberry.field(description="A company by its id; null if there is none that the caller may see.")
    async def company(self, info: Info[Context, None], id: Id) -> Company | None:
        """A missing, a malformed and a stranger's id look the same."""
        known = decode_id("Company", id)
        if known is None:
            return None
        return await row(models.Company.visible_to(info.context.actor).filter(id=known))

    @strawberry.field(description="The companies the caller may see, the newest first; the operator sees all.")
    async def companies(
        self, info: Info[Context, None], status: Status = None, first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[Company]:
        """All for the operator; for others themselves, their customers and the admitted suppliers."""
        found = models.Company.visible_to(info.context.actor)
        wanted = found if status is None else found.filter(status=status)
        return Connection.of(await page(wanted, first=first, after=after))

    @strawberry.field(description="The members of the caller's company, the newest first; for the operator, of all.")
    async def members(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[Member]:
        """Colleagues."""
        found = models.Member.visible_to(info.context.actor)
        return Connection.of(await page(found, first=first, after=after))

    @strawberry.field(description="The API keys of the caller's company, the newest first; none for who is no ADMIN.")
    async def api_keys(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[ApiKey]:
        """For administrators."""
        found = models.ApiKey.visible_to(info.context.actor)
        return Connection.of(await page(found, first=first, after=after))
