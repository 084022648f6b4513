"""Companies and their members."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, optional_text
from rules.addresses import CHINA
from rules.money import Currency
from rules.people import Actor, CompanyKind, CompanyStatus, Role
from rules.stock import DEFAULT_POLICY


class Company(Stored):
    """A legal person that buys, supplies, or runs the platform."""

    legal_name = fields.CharField(max_length=200)
    english_name: str | None = optional_text(200)
    credit_code = fields.CharField(max_length=18, unique=True)
    kind = fields.CharEnumField(CompanyKind, max_length=16)
    status = fields.CharEnumField(CompanyStatus, max_length=16, default=CompanyStatus.APPLIED)
    version = fields.IntField(default=0)
    currency = fields.CharEnumField(Currency, max_length=3, default=Currency.CNY)
    delivery_place: str | None = optional_text(300)
    delivery_zone = fields.CharField(max_length=64, default="Asia/Shanghai")
    # What its contracts look like: a colour as #rrggbb, and a line beside its name.
    brand_colour: str | None = optional_text(7)
    brand_line: str | None = optional_text(60)
    # What GS1 gave it, to make the numbers of its packages with.
    gs1_company_prefix: str | None = optional_text(12)
    # How what it supplies is kept for orders: a code of rules.stock.StockPolicy.
    stock_policy = fields.CharField(max_length=40, default=str(DEFAULT_POLICY))
    # How it collects as a supplier: days to prepay in, whether goods wait for that, and after how many days it counts money that a
    # provider says was paid as confirmed, if it does not say so itself.
    prepayment_days = fields.IntField(default=0)
    despatch_after_prepayment = fields.BooleanField(default=False)
    confirm_funds_after_days: int | None = fields.IntField(null=True)
    review_note: str | None = optional_text(1000)
    reviewed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "company"
        constraints = (
            UniqueConstraint(fields=("kind",), name="company_one_platform", condition="kind = 'PLATFORM'"),
            CheckConstraint(check="prepayment_days >= 0 AND confirm_funds_after_days > 0", name="company_collecting"),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Company]":
        """One's own; admitted suppliers, since they offer their goods; buyers whose orders one received; all for the operator."""
        if actor.is_waiting:
            return cls.filter(id=actor.company)
        if not actor.may_read:
            return cls.filter(NOTHING)
        if actor.is_operator:
            return cls.all()
        offering = Q(status=CompanyStatus.APPROVED, kind__in=[CompanyKind.SUPPLIER, CompanyKind.TRADER])
        customer = Q(orders_bought__supplier_id=actor.company, orders_bought__hidden_versions__isnull=False)
        return cls.filter(Q(id=actor.company) | offering | customer).distinct()

    @classmethod
    async def named(cls, company_id: UUID) -> "Company":
        """The company that a row which was opened before refers to."""
        return await cls.get(id=company_id)

    @classmethod
    async def buying(cls, company_id: UUID) -> "Company | None":
        """The company if it may buy."""
        kinds = [CompanyKind.BUYER, CompanyKind.TRADER]
        return await cls.get_or_none(id=company_id, kind__in=kinds, status=CompanyStatus.APPROVED)

    @classmethod
    async def locked(cls, company_id: UUID) -> "Company":
        """The company, locked until the transaction ends; whoever asks has made sure that it is theirs."""
        return await cls.select_for_update(no_key=True).get(id=company_id)

    @classmethod
    async def platform(cls) -> "Company | None":
        """The operator's own company; there is at most one, and none before it was founded."""
        return await cls.get_or_none(kind=CompanyKind.PLATFORM)

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2 of the place whose tax law it is under: a unified credit code is given in the PRC alone."""
        return CHINA

    @property
    def is_buying(self) -> bool:
        """Whether it may order."""
        return self.status is CompanyStatus.APPROVED and self.kind in (CompanyKind.BUYER, CompanyKind.TRADER)

    @property
    def is_supplying(self) -> bool:
        """Whether orders may be placed with it."""
        return self.status is CompanyStatus.APPROVED and self.kind in (CompanyKind.SUPPLIER, CompanyKind.TRADER)


class Member(Stored):
    """A person who acts for a company."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="members", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    sign_in_name = fields.CharField(max_length=120, unique=True)
    display_name = fields.CharField(max_length=120)
    password_hash = fields.CharField(max_length=200)
    roles: list[Role] = ArrayField(element_type="text")
    locale = fields.CharField(max_length=8, default="zh-CN")
    is_active = fields.BooleanField(default=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "member"

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Member]":
        """The members of one's own company; all for the operator; oneself while the company is not admitted yet."""
        if actor.is_waiting:
            return cls.filter(id=actor.member)
        if not actor.may_read:
            return cls.filter(NOTHING)
        return cls.all() if actor.is_operator else cls.filter(company_id=actor.company)

    @classmethod
    async def named(cls, member_id: UUID) -> "Member":
        """The member that a row which was opened before refers to."""
        return await cls.get(id=member_id)

    @classmethod
    async def of(cls, company_id: UUID, member_id: UUID) -> "Member | None":
        """The member, if it is one of this company."""
        return await cls.get_or_none(id=member_id, company_id=company_id)

    @classmethod
    async def approvers(cls, companies: Iterable[UUID], *, and_operators: bool = False) -> "list[Member]":
        """The active approvers of these companies, and the platform's operators if wanted, the longest-serving first."""
        wanted = Q(company_id__in=list(companies), roles__contains=[Role.APPROVER])
        if and_operators:
            wanted |= Q(company__kind=CompanyKind.PLATFORM, roles__contains=[Role.OPERATOR])
        return await cls.filter(wanted, is_active=True).order_by("id")

    @classmethod
    async def signing_in(cls, name: str, admitted: Collection[CompanyStatus]) -> "Member | None":
        """The active member of that name whose company has one of the statuses."""
        return await cls.get_or_none(sign_in_name=name, is_active=True, company__status__in=list(admitted))

    @classmethod
    async def first_of(cls, company_id: UUID) -> "Member":
        """The administrator who registered the company."""
        [first] = await cls.filter(company_id=company_id).order_by("id").limit(1)
        return first

    @classmethod
    async def count_admins(cls, company_id: UUID, *, but: UUID) -> int:
        """How many active administrators the company has besides this member."""
        others = cls.filter(company_id=company_id, is_active=True, roles__contains=[Role.ADMIN])
        return await others.filter(~Q(id=but)).count()

    @classmethod
    async def rehash(cls, member_id: UUID, stored: str, rehashed: str) -> None:
        """Store the same password's new hash, unless the password was changed meanwhile."""
        await cls.filter(id=member_id, password_hash=stored).update(password_hash=rehashed)
