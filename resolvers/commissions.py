"""The platform's commission: rules, receivers, what would be kept of an invoice, and what the operator does about them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

import models
import resolvers.billing_enums  # noqa: F401  # describes an enum below
from resolvers.amounts import Money
from resolvers.catalogue import Category
from resolvers.companies import Company
from resolvers.context import Context
from resolvers.errors import bad_input
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT, Number, Text, check
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.problems import ALWAYS, CHANGING, CREATING, StaleVersionProblem, answers, known
from resolvers.relations import One, derived, related, shows
from resolvers.settlements import CommissionPart, Settlement
from resolvers.steps import KEY, Key, shown
from resolvers.words import spoken
from rules.billing import PaymentMethod
from rules.money import Currency
from rules.settlement import HIGHEST_RATE, LONGEST_HOLD
from services import commissions
from services.retrying import retry_settlement

MUCH = Number(above=0, most=10**12, places=2)


@strawberry.type(
    description="What the platform keeps of online payments. Of several that are in force the most specific one counts: "
    "of supplier and category, of the supplier, of the category, of everybody. It is made once and ended, never changed."
)
@shows(models.CommissionRule)
class CommissionRule(Node):
    """A rule."""

    id: strawberry.ID = derived(lambda row: encode_id("CommissionRule", row.id), description="Opaque id.")
    version: int = strawberry.field(description="Rises when it is ended: what mutations expect.")
    rate: Decimal = derived(lambda row: row.rate.normalize(), description="The share, such as 0.05.")
    hold_days: int = strawberry.field(description="How many days after acceptance the payment is split.")
    valid_from: date = strawberry.field(
        description="The first day on which a contract may bind to bear it, in the calendar of the supplier's place."
    )
    valid_to: date | None = strawberry.field(description="The last day; null: until it is ended.")
    ended_at: datetime | None = strawberry.field(
        description="When it was ended for good; contracts that bound before keep it. Null before."
    )
    created_at: datetime = strawberry.field(description="When it was made; contracts that bound before do not bear it.")
    supplier: Company | None = related(
        One(models.Company, "supplier_id"), description="The supplier it is for; null: any."
    )
    category: Category | None = related(
        One(models.Category, "category_id"), description="The goods it is for, with all categories under it; null: any."
    )


@strawberry.type(description="The platform's own account with a payment provider, to which its share goes.")
@shows(models.CommissionReceiver)
class CommissionReceiver:
    """Who receives the share."""

    method: PaymentMethod = strawberry.field(description="With whom the account is.")
    payee: str = strawberry.field(description="The account: Alipay's PID, WeChat Pay's mchid.")
    name: str = strawberry.field(description="Whose it is, as the provider knows it.")
    changed_at: datetime = strawberry.field(description="When it was set last.")


@strawberry.type(description="What would be kept of a payment of an invoice.")
class CommissionPreview:
    """Before it is paid."""

    amount: Money = strawberry.field(description="What would be paid.")
    commission: Money = strawberry.field(description="What the platform would keep, rounded down.")
    remainder: Money = strawberry.field(description="What would be the supplier's.")
    hold_days: int = strawberry.field(description="How many days after acceptance it would be split.")
    parts: list[CommissionPart] = strawberry.field(description="By which rules, for which part of the goods.")


@strawberry.input(description="A new commission rule.")
class CreateCommissionRuleInput:
    """What the platform keeps."""

    rate: Annotated[Decimal, Number(least=0, most=HIGHEST_RATE, places=6)] = strawberry.field(
        description="The share of payments, 0 to 0.3 with at most 6 decimals: providers split off no more."
    )
    hold_days: Annotated[int, Number(least=0, most=LONGEST_HOLD - 1)] = strawberry.field(
        description="How many days after acceptance payments are split: 0 to 29, before providers free the money by themselves."
    )
    valid_from: date = strawberry.field(description="The first day on which a contract may bind to bear it.")
    valid_to: date | None = strawberry.field(default=None, description="The last day; null: until it is ended.")
    supplier_id: strawberry.ID | None = strawberry.field(default=None, description="For this supplier; null: any.")
    category_id: strawberry.ID | None = strawberry.field(
        default=None, description="For goods of this category and all under it; null: any."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A commission rule, as it was read.")
class EndCommissionRuleInput:
    """Which rule ends."""

    commission_rule_id: strawberry.ID = strawberry.field(description="The rule.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="The platform's own account with a payment provider.")
class SetCommissionReceiverInput:
    """Where the share goes."""

    method: PaymentMethod = strawberry.field(description="With whom: ALIPAY or WECHAT_PAY.")
    payee: Annotated[str, Text(1, 32)] = strawberry.field(
        description="The account: Alipay's PID, 2088 and 12 more digits, or WeChat Pay's mchid, 8 to 32 digits."
    )
    name: Annotated[str, Text(1, 200)] = strawberry.field(
        description="Whose it is, as the provider knows it: 1 to 200 characters."
    )


@strawberry.input(description="A split, as it was read.")
class RetrySettlementInput:
    """Which split is asked for again."""

    settlement_id: strawberry.ID = strawberry.field(description="The split.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.type
class CommissionRuleNow:
    """What a step on a rule answers with."""

    rule: CommissionRule = strawberry.field(description="The rule as it is now.")


@strawberry.type(description="Payments bear it whose contracts bind from now on.")
class CreateCommissionRuleSuccess(CommissionRuleNow):
    """A rule was made."""


@strawberry.type(description="No contract that binds from now on bears it.")
class EndCommissionRuleSuccess(CommissionRuleNow):
    """A rule was ended."""


@strawberry.type(description="The platform's share goes there from now on.")
class SetCommissionReceiverSuccess:
    """A receiver was set."""

    receiver: CommissionReceiver = strawberry.field(description="The account.")


@strawberry.type(description="The provider was asked again.")
class RetrySettlementSuccess:
    """A split was asked for again."""

    settlement: Settlement = strawberry.field(description="The split as it is now.")


@strawberry.type
class CommissionQuery:
    """How to find rules, and what they come to."""

    @strawberry.field(
        description="The commission rules: for a supplier's FINANCE and ADMIN those that are for it or for all; all for the platform."
    )
    async def commission_rules(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[CommissionRule]:
        """One page of rules, newest first."""
        found = models.CommissionRule.visible_to(info.context.actor)
        return Connection.of(await page(found, first=first, after=after))

    @strawberry.field(description="Where the platform's share goes, for its OPERATOR and AUDITOR.")
    async def commission_receivers(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[CommissionReceiver]:
        """One page of accounts."""
        found = models.CommissionReceiver.visible_to(info.context.actor)
        return Connection.of(await page(found, first=first, after=after))

    @strawberry.field(
        description="What would be kept of a payment of an invoice; null but for its supplier's FINANCE and ADMIN, and the platform, and "
        "for an invoice that is not in CNY, which is not paid online."
    )
    async def commission_preview(
        self,
        info: Info[Context, None],
        invoice_id: Annotated[strawberry.ID, strawberry.argument(description="The invoice's opaque id.")],
        amount: Annotated[
            Decimal | None,
            strawberry.argument(
                description="How much is paid, more than 0 with at most 2 decimals; all of it without."
            ),
        ] = None,
    ) -> CommissionPreview | None:
        """Nothing is written down."""
        if amount is not None and (fault := MUCH.fault(amount)):
            raise bad_input("amount", spoken(fault, info.context.locale))
        key = decode_id("Invoice", invoice_id)
        kept = await commissions.preview_commission(info.context.actor, key, amount) if key else None
        return None if kept is None else _preview(kept)


def _preview(kept: commissions.Kept) -> CommissionPreview:
    def money(amount: Decimal) -> Money:
        return Money(amount=amount, currency=Currency.CNY)

    return CommissionPreview(
        amount=money(kept.amount),
        commission=money(kept.commission),
        remainder=money(kept.remainder),
        hold_days=kept.terms.hold_days,
        parts=[CommissionPart.of(part) for part in kept.terms.parts],
    )


def _wish(given: CreateCommissionRuleInput) -> commissions.RuleWish:
    return commissions.RuleWish(
        rate=given.rate,
        hold_days=given.hold_days,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        supplier_id=known("Company", given.supplier_id) if given.supplier_id else None,
        category_id=known("Category", given.category_id) if given.category_id else None,
    )


@strawberry.type
class CommissionMutation:
    """What the operator does about the commission."""

    @strawberry.mutation(
        graphql_type=answers(CreateCommissionRuleSuccess, *CREATING),
        description="Let the platform keep a share of online payments; for an OPERATOR.",
    )
    async def create_commission_rule(
        self, info: Info[Context, None], input: CreateCommissionRuleInput
    ) -> CreateCommissionRuleSuccess:
        """A rule, made."""
        check(input)
        made = await commissions.create_commission_rule(
            info.context.actor, _wish(input), idempotency_key=input.idempotency_key
        )
        return CreateCommissionRuleSuccess(rule=shown(made))

    @strawberry.mutation(
        graphql_type=answers(EndCommissionRuleSuccess, *ALWAYS, StaleVersionProblem),
        description="End a commission rule for good; for an OPERATOR.",
    )
    async def end_commission_rule(
        self, info: Info[Context, None], input: EndCommissionRuleInput
    ) -> EndCommissionRuleSuccess:
        """A rule, ended."""
        check(input)
        ended = await commissions.end_commission_rule(
            info.context.actor, known("CommissionRule", input.commission_rule_id), input.expected_version
        )
        return EndCommissionRuleSuccess(rule=shown(ended))

    @strawberry.mutation(
        graphql_type=answers(SetCommissionReceiverSuccess, *ALWAYS),
        description="Say where the platform's share of what is paid through a provider goes; for an OPERATOR.",
    )
    async def set_commission_receiver(
        self, info: Info[Context, None], input: SetCommissionReceiverInput
    ) -> SetCommissionReceiverSuccess:
        """The account, set."""
        check(input)
        row = await commissions.set_commission_receiver(info.context.actor, input.method, input.payee, input.name)
        return SetCommissionReceiverSuccess(receiver=shown(row))

    @strawberry.mutation(
        graphql_type=answers(RetrySettlementSuccess, *CHANGING),
        description="Ask for a split again that the provider refused, under its number unless that is closed; for an OPERATOR.",
    )
    async def retry_settlement(self, info: Info[Context, None], input: RetrySettlementInput) -> RetrySettlementSuccess:
        """The split, asked for again."""
        check(input)
        row = await retry_settlement(
            info.context.actor, known("Settlement", input.settlement_id), input.expected_version
        )
        return RetrySettlementSuccess(settlement=shown(row))
