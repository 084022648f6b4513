"""Companies, their members, and what these sign in with."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, money
from rules.money import Currency
from rules.people import Actor, CompanyKind, CompanyStatus, Role, Scope


class Company(Stored):
    """A legal person that buys, supplies, or runs the platform."""

    legal_name = fields.CharField(max_length=200)
    english_name: str | None = fields.CharField(max_length=200, null=True)
    credit_code = fields.CharField(max_length=18, unique=True)
    kind = fields.CharEnumField(CompanyKind, max_length=16)
    status = fields.CharEnumField(CompanyStatus, max_length=16, default=CompanyStatus.APPLIED)
    version = fields.IntField(default=0)
    currency = fields.CharEnumField(Currency, max_length=3, default=Currency.CNY)
    delivery_place: str | None = fields.CharField(max_length=300, null=True)
    delivery_zone = fields.CharField(max_length=64, default="Asia/Shanghai")
    approval_threshold: Decimal | None = money(null=True)
    review_note: str | None = fields.CharField(max_length=1000, null=True)
    reviewed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "company"

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Company]":
        """One's own; admitted suppliers, since they offer their goods; buyers whose orders one received; all for the operator."""
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

    class Meta:
        table = "member"

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[Member]":
        """The members of one's own company; all for the operator."""
        if not actor.may_read:
            return cls.filter(NOTHING)
        return cls.all() if actor.is_operator else cls.filter(company_id=actor.company)

    @classmethod
    async def named(cls, member_id: UUID) -> "Member":
        """The member that a row which was opened before refers to."""
        return await cls.get(id=member_id)


class Session(Stored):
    """One sign-in: the family of refresh tokens that descend from it."""

    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="sessions", on_delete=fields.CASCADE, db_index=True
    )
    member_id: UUID
    expires_at = fields.DatetimeField()
    revoked_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "session"


class RefreshToken(Stored):
    """A refresh token, good once: using it twice revokes its whole session (RFC 9700 §4.14.2)."""

    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField(
        "models.Session", related_name="tokens", on_delete=fields.CASCADE, db_index=True
    )
    session_id: UUID
    sha256 = fields.CharField(max_length=64, unique=True)
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "refresh_token"


class SignInFailure(Stored):
    """A wrong attempt; too many of them for one name or from one address pause signing in."""

    sign_in_name = fields.CharField(max_length=120)
    address = fields.CharField(max_length=64)

    class Meta:
        table = "sign_in_failure"
        indexes = (("sign_in_name", "created_at"), ("address", "created_at"))


class ApiKey(Stored):
    """What a machine acts with for its company: only the secret's SHA-256 is kept."""

    company: fields.ForeignKeyRelation[Company] = fields.ForeignKeyField(
        "models.Company", related_name="api_keys", on_delete=fields.RESTRICT, db_index=True
    )
    company_id: UUID
    created_by: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField(
        "models.Member", related_name="api_keys", on_delete=fields.RESTRICT, db_index=True
    )
    created_by_id: UUID
    name = fields.CharField(max_length=120)
    sha256 = fields.CharField(max_length=64, unique=True)
    scopes: list[Scope] = ArrayField(element_type="text")
    expires_at: datetime | None = fields.DatetimeField(null=True)
    revoked_at: datetime | None = fields.DatetimeField(null=True)
    last_used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "api_key"

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[ApiKey]":
        """The keys of one's own company, for its admins."""
        if Role.ADMIN not in actor.roles:
            return cls.filter(NOTHING)
        return cls.filter(company_id=actor.company)
