"""Who is asked for an approval, tier by tier, who may answer for whom, and when a tier is done: all of it from plain values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from rules.lifecycle import Side
from rules.people import Role
from rules.problems import NotAllowed, NotYourTurn, SelfApproval

MOST_TIERS = 5


class Quorum(StrEnum):
    """How many of those a tier asks have to agree."""

    ANY = "ANY"
    ALL = "ALL"


@dataclass(frozen=True)
class Person:
    """Somebody who may approve, on the buyer's side or the platform's."""

    id: UUID
    roles: frozenset[Role]
    side: Side = Side.BUYER


@dataclass(frozen=True)
class Asked:
    """Members by name, and whoever has one of the roles when the question is open."""

    members: tuple[UUID, ...] = ()
    roles: tuple[Role, ...] = ()

    def names(self, person: Person) -> bool:
        """Whether the person is among them."""
        return person.id in self.members or not person.roles.isdisjoint(self.roles)


@dataclass(frozen=True)
class Escalation:
    """Who is asked besides, once a tier has waited for so many hours."""

    after_hours: int
    to: Asked


@dataclass(frozen=True)
class Tier:
    """One step of an approval: whom it asks, and how many of them have to agree."""

    quorum: Quorum
    asks: Asked
    escalation: Escalation | None = None
    side: Side = Side.BUYER


@dataclass(frozen=True)
class Lending:
    """A right to approve that is lent at the moment: the taker may answer where the giver is asked."""

    giver: UUID
    taker: UUID


@dataclass(frozen=True)
class Vote:
    """An agreement in a tier: the seat is who was asked, the voter who answered."""

    tier: int
    seat: UUID
    voter: UUID


@dataclass(frozen=True)
class Flow:
    """An approval as it stands: its tiers, who there is, and who has agreed so far. Tiers count from 1.

    `barred` may not decide: whoever made the order or asked for the approval. `escalated` are the tiers that waited too long.
    """

    tiers: tuple[Tier, ...]
    people: tuple[Person, ...]
    barred: frozenset[UUID] = frozenset()
    lendings: tuple[Lending, ...] = ()
    votes: tuple[Vote, ...] = ()
    escalated: frozenset[int] = frozenset()
    tier: int = 1
    _known: frozenset[UUID] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look up once who may answer at all."""
        object.__setattr__(self, "_known", frozenset(person.id for person in self.people))

    @property
    def is_done(self) -> bool:
        """Whether every tier has agreed."""
        return self.tier > len(self.tiers)

    @property
    def unanswerable(self) -> int | None:
        """The first tier that nobody could answer; None when each has somebody."""
        return next((place for place in self._places() if not self.seats(place)), None)

    def seats(self, place: int) -> tuple[UUID, ...]:
        """Whom the tier asks: neither the requester nor who has left."""
        tier = self.tiers[place - 1]
        return self._among(tier.asks, tier.side)

    def superiors(self, place: int) -> tuple[UUID, ...]:
        """Whom the tier asks besides since it waited too long: one of them decides it alone."""
        tier = self.tiers[place - 1]
        if tier.escalation is None or place not in self.escalated:
            return ()
        return tuple(one for one in self._among(tier.escalation.to, tier.side) if one not in self.seats(place))

    def agreed(self, place: int) -> frozenset[UUID]:
        """Whose seats have agreed in the tier."""
        return frozenset(vote.seat for vote in self.votes if vote.tier == place)

    def open_seats(self, place: int) -> tuple[UUID, ...]:
        """Who is still asked in the tier: nobody before its turn and once it is done."""
        if place != self.tier:
            return ()
        return tuple(one for one in (*self.seats(place), *self.superiors(place)) if one not in self.agreed(place))

    def deputies(self, seat: UUID) -> tuple[UUID, ...]:
        """Who may answer for the seat besides its owner. A right is lent on, but never by way of the requester."""
        return tuple(
            one for one in reachable(seat, self.lendings, self.barred) if one in self._known and one not in self.barred
        )

    def seat_of(self, voter: UUID, action: str, on_behalf_of: UUID | None = None) -> UUID:
        """For whom the voter answers now: for whoever is named, else for oneself, else for the first who lent the right.

        SelfApproval for the requester, NotYourTurn for who has answered already or is asked later, NotAllowed for all others.
        """
        if voter in self.barred:
            raise SelfApproval(action)
        if self.is_done:
            raise NotYourTurn(action)
        own = (*self.seats(self.tier), *self.superiors(self.tier))
        has_answered = voter in self.agreed(self.tier) or any(
            vote.voter == voter for vote in self.votes if vote.tier == self.tier
        )
        if on_behalf_of is None and has_answered:
            # Whoever clicks twice must not answer for a colleague without saying so.
            raise NotYourTurn(action)
        wanted = on_behalf_of or (voter if voter in own else None)
        for seat in self.open_seats(self.tier):
            if wanted in (seat, None) and (voter == seat or voter in self.deputies(seat)):
                return seat
        raise NotYourTurn(action) if self._is_asked_ever(voter) else NotAllowed(action)

    def after(self, vote: Vote) -> "Flow":
        """The approval with one more agreement, and at the next tier if that completes this one."""
        voted = replace(self, votes=(*self.votes, vote))
        return replace(voted, tier=voted.tier + 1) if voted.is_complete(voted.tier) else voted

    def is_complete(self, place: int) -> bool:
        """Whether enough of those the tier asks have agreed; nobody's silence is an agreement."""
        agreed, seats = self.agreed(place), self.seats(place)
        if not agreed.isdisjoint(self.superiors(place)) or self.tiers[place - 1].quorum is Quorum.ANY:
            return bool(agreed)
        return bool(agreed) and agreed.issuperset(seats)

    def _among(self, asked: Asked, side: Side) -> tuple[UUID, ...]:
        return tuple(
            one.id for one in self.people if one.side is side and one.id not in self.barred and asked.names(one)
        )

    def _is_asked_ever(self, voter: UUID) -> bool:
        asked = [seat for place in self._places() for seat in (*self.seats(place), *self.superiors(place))]
        return any(voter == seat or voter in self.deputies(seat) for seat in asked)

    def _places(self) -> range:
        return range(1, len(self.tiers) + 1)


def reachable(start: UUID, lendings: Sequence[Lending], barred: frozenset[UUID] = frozenset()) -> tuple[UUID, ...]:
    """Everybody to whom a right comes that is lent from hand to hand, nearest first; a circle ends where it began."""
    found: list[UUID] = []
    waiting = [start]
    while waiting:
        giver = waiting.pop(0)
        for taker in (lending.taker for lending in lendings if lending.giver == giver):
            if taker != start and taker not in found and taker not in barred:
                found.append(taker)
                waiting.append(taker)
    return tuple(found)


def tiers_as_json(tiers: Sequence[Tier]) -> list[dict[str, Any]]:
    """How tiers are stored."""
    return [
        {
            "quorum": tier.quorum.value,
            "side": tier.side.value,
            **_asked_as_json(tier.asks),
            "escalation": tier.escalation
            and {"afterHours": tier.escalation.after_hours, **_asked_as_json(tier.escalation.to)},
        }
        for tier in tiers
    ]


def tiers_from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Tier, ...]:
    """The tiers as they were stored."""
    return tuple(_tiers(stored))


def _tiers(stored: Sequence[Mapping[str, Any]]) -> Iterator[Tier]:
    for tier in stored:
        later = tier.get("escalation")
        escalation = Escalation(later["afterHours"], _asked(later)) if later else None
        yield Tier(Quorum(tier["quorum"]), _asked(tier), escalation, Side(tier["side"]))


def _asked_as_json(asked: Asked) -> dict[str, list[str]]:
    return {"members": [str(member) for member in asked.members], "roles": [role.value for role in asked.roles]}


def _asked(stored: Mapping[str, Any]) -> Asked:
    return Asked(tuple(UUID(member) for member in stored["members"]), tuple(Role(role) for role in stored["roles"]))
