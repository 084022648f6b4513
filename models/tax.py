"""Rates of value added tax: what the law says, the same for everybody."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import CheckConstraint
from tortoise.queryset import QuerySet

from models.base import NOTHING, Stored, rate
from rules.people import Actor
from rules.tax import LegalRate, TaxCategory


class VatRate(Stored):
    """A rate of one category in a country from one day to another; an exclusion constraint keeps the periods of equal ones apart."""

    # ISO 3166-1 alpha-2.
    country = fields.CharField(max_length=2)
    category = fields.CharEnumField(TaxCategory, max_length=2)
    rate = rate()
    name_zh = fields.CharField(max_length=200)
    name_en = fields.CharField(max_length=200)
    # The first day and the last, in the country's own calendar; no last day: until further notice.
    valid_from = fields.DateField()
    valid_to: date | None = fields.DateField(null=True)
    # The law or notice it comes from.
    source = fields.CharField(max_length=500)
    version = fields.IntField(default=1)

    class Meta:
        table = "vat_rate"
        constraints = (
            CheckConstraint(check="rate >= 0 AND rate < 1", name="vat_rate_share"),
            CheckConstraint(check="valid_to IS NULL OR valid_from <= valid_to", name="vat_rate_period"),
            CheckConstraint(check="rate = 0 OR category = 'S' OR category = 'AA'", name="vat_rate_untaxed"),
            CheckConstraint(check="country ~ '^[A-Z]{2}$'", name="vat_rate_country"),
        )

    @classmethod
    def visible_to(cls, actor: Actor) -> "QuerySet[VatRate]":
        """Everybody who may read at all: the law is no secret."""
        return cls.all() if actor.may_read else cls.filter(NOTHING)

    @classmethod
    def on(cls, day: date) -> Q:
        """Which rows are valid on this day."""
        return Q(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    @classmethod
    async def of_country(cls, country: str) -> list[LegalRate]:
        """All that is known of a country, whenever it is valid."""
        rows: Iterable[tuple[Decimal, date, date | None, TaxCategory]] = await cls.filter(country=country).values_list(
            "rate", "valid_from", "valid_to", "category"
        )
        return [LegalRate(*row) for row in rows]

    @classmethod
    async def locked(cls, rate_id: object) -> "VatRate | None":
        """The rate, locked until the transaction ends."""
        return await cls.select_for_update(no_key=True).get_or_none(id=rate_id)

    async def meets_another(self) -> bool:
        """Whether the same rate of the same category is there already on one of its days; the law's rows are locked as a whole."""
        same = VatRate.filter(country=self.country, category=self.category, rate=self.rate).exclude(id=self.id)
        late = same.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=self.valid_from))
        return await (late if self.valid_to is None else late.filter(valid_from__lte=self.valid_to)).exists()
