"""What is to be done outside, written down with the change that wants it: done after the commit, and again until the outcome is known."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.base import Stored, optional_text
from rules.errands import ErrandKind


class Errand(Stored):
    """One thing to do for one subject; whoever works on it holds it for a while, and then somebody else may."""

    kind = fields.CharEnumField(ErrandKind, max_length=20, description="what is to be done, see rules/errands.py")
    subject_id = fields.UUIDField()
    due_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    leased_until: datetime | None = fields.DatetimeField(null=True)
    done_at: datetime | None = fields.DatetimeField(null=True)
    trouble: str | None = optional_text(200)

    class Meta:
        table = "errand"
        unique_together = (("kind", "subject_id"),)
        indexes = (("done_at", "due_at"),)

    @classmethod
    async def claim(cls, kinds: Iterable[ErrandKind], now: datetime, lease: timedelta, most: int) -> "list[Errand]":
        """What is due of these kinds and in nobody's hands, the longest due first; in these for the time of the lease. Belongs inside
        `transact`."""
        free = cls.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now), done_at__isnull=True)
        due = free.filter(due_at__lte=now, kind__in=list(kinds))
        return await cls._taken(
            await due.select_for_update(skip_locked=True).order_by("due_at").limit(most), now + lease
        )

    @classmethod
    async def claim_one(cls, kind: ErrandKind, subject_id: UUID, now: datetime, lease: timedelta) -> "list[Errand]":
        """The one of this name, unless it is done or in somebody's hands."""
        free = cls.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now), done_at__isnull=True)
        found = await free.filter(kind=kind, subject_id=subject_id).select_for_update(skip_locked=True)
        return await cls._taken(found, now + lease)

    @classmethod
    async def held(cls, errand: "Errand") -> "Errand | None":
        """The errand, locked, if it is still in the hands of whoever claimed it."""
        row = await cls.select_for_update().get(id=errand.id)
        return row if row.leased_until == errand.leased_until and row.done_at is None else None

    async def renew(self, until: datetime) -> bool:
        """Hold it for longer; False where somebody else has claimed it meanwhile, or it is wanted anew."""
        renewed = bool(await self._mine().update(leased_until=until))
        if renewed:
            self.leased_until = until
        return renewed

    async def is_mine(self) -> bool:
        """Whether nobody has claimed it since this one was, and nobody wants it anew."""
        return await self._mine().exists()

    def _mine(self) -> "QuerySet[Errand]":
        return type(self).filter(id=self.id, attempts=self.attempts, done_at__isnull=True)

    @classmethod
    async def again(cls, kind: ErrandKind, subject_id: UUID, due_at: datetime) -> None:
        """Let what was done be done once more, or earlier than it was to be."""
        await cls.filter(kind=kind, subject_id=subject_id).update(due_at=due_at, done_at=None, attempts=0)

    @classmethod
    async def _taken(cls, found: "list[Errand]", until: datetime) -> "list[Errand]":
        for errand in found:
            errand.leased_until, errand.attempts = until, errand.attempts + 1
        if found:
            await cls.bulk_update(found, ["leased_until", "attempts"])
        return found
