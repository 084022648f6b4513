"""Who is asked, who may answer for whom, and when a tier is done: any or all, members or roles, five tiers, lent rights."""

from dataclasses import replace
from itertools import product
from random import Random
from uuid import UUID

import pytest

from rules.approval import (
    Asked,
    Escalation,
    Flow,
    Lending,
    Person,
    Quorum,
    Tier,
    Vote,
    reachable,
    tiers_as_json,
    tiers_from_json,
)
from rules.lifecycle import Side
from rules.people import Role
from rules.problems import NotAllowed, NotYourTurn, Problem, SelfApproval

R = Role
MGR, FIN, BOSS, DEPUTY, REQ, OUTSIDER = [UUID(int=number) for number in range(1, 7)]
PEOPLE = (
    Person(MGR, frozenset({R.APPROVER})),
    Person(FIN, frozenset({R.APPROVER, R.FINANCE})),
    Person(BOSS, frozenset({R.APPROVER, R.FINANCE, R.ADMIN})),
    Person(DEPUTY, frozenset({R.APPROVER, R.SIGNATORY})),
    Person(REQ, frozenset({R.APPROVER, R.REQUESTER, R.FINANCE})),
)
BY_NAME, BY_ROLE, BOTH = Asked((FIN, BOSS)), Asked(roles=(R.FINANCE,)), Asked((MGR,), (R.FINANCE,))


def flow(*tiers: Tier, **facts: object) -> Flow:
    """An approval that REQ asked for."""
    return Flow(**{"tiers": tiers, "people": PEOPLE, "barred": frozenset({REQ}), **facts})  # type: ignore[arg-type]


def agree(running: Flow, voter: UUID, on_behalf_of: UUID | None = None) -> Flow:
    """The approval after one more agreement."""
    seat = running.seat_of(voter, "approve_order", on_behalf_of)
    return running.after(Vote(running.tier, seat, voter))


def refusal(running: Flow, voter: UUID, on_behalf_of: UUID | None = None) -> type[Problem] | None:
    """How the voter is refused, if at all."""
    try:
        running.seat_of(voter, "approve_order", on_behalf_of)
    except Problem as refused:
        return type(refused)
    return None


@pytest.mark.parametrize(("quorum", "asks", "seats", "needed"), [
    (Quorum.ANY, BY_NAME,                 (FIN, BOSS),        1),
    (Quorum.ALL, BY_NAME,                 (FIN, BOSS),        2),
    (Quorum.ANY, BY_ROLE,                 (FIN, BOSS),        1),
    (Quorum.ALL, BY_ROLE,                 (FIN, BOSS),        2),
    (Quorum.ANY, BOTH,                    (MGR, FIN, BOSS),   1),
    (Quorum.ALL, BOTH,                    (MGR, FIN, BOSS),   3),
    (Quorum.ALL, Asked((REQ, MGR)),       (MGR,),             1),
    (Quorum.ALL, Asked((OUTSIDER, MGR)),  (MGR,),             1),
    (Quorum.ANY, Asked((REQ,)),           (),                 0),
    (Quorum.ALL, Asked((OUTSIDER,)),      (),                 0),
])  # fmt: skip
@pytest.mark.parametrize("before", range(5))
@pytest.mark.parametrize("lent", [False, True])
def test_a_tier_asks_whom_it_names_and_is_done_when_enough_have_agreed(
    quorum: Quorum, asks: Asked, seats: tuple[UUID, ...], needed: int, before: int, lent: bool
) -> None:
    """Wherever it stands among up to five, and whoever answers: those it asks, or the deputy of each."""
    first = Tier(Quorum.ANY, Asked((MGR,)))
    lendings = tuple(Lending(seat, DEPUTY) for seat in (MGR, *seats)) if lent else ()
    running = flow(*[first] * before, Tier(quorum, asks), lendings=lendings)
    for _ in range(before):
        assert running.open_seats(before + 1) == ()
        running = agree(running, MGR)
    assert running.open_seats(running.tier) == seats
    assert (running.unanswerable is None) is bool(seats)
    for count, seat in enumerate(seats[:needed], 1):
        running = agree(running, DEPUTY, seat) if lent else agree(running, seat)
        assert running.is_done is (count == needed)
    assert running.is_done is bool(needed)


def test_one_tier_is_asked_after_the_other() -> None:
    running = flow(*[Tier(Quorum.ANY, Asked((who,))) for who in (MGR, FIN, BOSS, DEPUTY, MGR)])
    for number, who in enumerate((MGR, FIN, BOSS, DEPUTY, MGR), 1):
        assert (running.tier, running.open_seats(number)) == (number, (who,))
        later = next((one for one in (BOSS, FIN) if one != who and number < 3), None)
        assert later is None or refusal(running, later) is NotYourTurn
        running = agree(running, who)
    assert running.is_done
    assert refusal(running, MGR) is NotYourTurn


def test_nobody_decides_what_they_asked_for_by_whatever_way() -> None:
    """By name, by a role, or with the right that a colleague lent them."""
    for asks in (Asked((REQ, MGR)), Asked((MGR,), (R.REQUESTER,)), BOTH):
        running = flow(Tier(Quorum.ANY, asks), lendings=(Lending(MGR, REQ),))
        assert refusal(running, REQ) is refusal(running, REQ, MGR) is SelfApproval
        assert REQ not in running.open_seats(1)
        assert running.deputies(MGR) == ()


def test_who_is_not_asked_may_not_answer_and_learns_whether_their_turn_is_to_come() -> None:
    running = flow(Tier(Quorum.ALL, Asked((MGR, FIN))), Tier(Quorum.ANY, Asked((BOSS,))))
    assert refusal(running, OUTSIDER) is refusal(running, DEPUTY) is NotAllowed
    assert refusal(running, BOSS) is NotYourTurn
    assert refusal(running, MGR, FIN) is NotYourTurn
    assert refusal(agree(running, MGR), MGR) is NotYourTurn


def test_a_deputy_answers_for_one_at_a_time_and_says_for_whom_the_second_time() -> None:
    """A double click must not answer for two."""
    running = flow(Tier(Quorum.ALL, Asked((MGR, FIN))), lendings=(Lending(MGR, DEPUTY), Lending(FIN, DEPUTY)))
    running = agree(running, DEPUTY)
    assert running.votes == (Vote(1, MGR, DEPUTY),)
    assert refusal(running, DEPUTY) is NotYourTurn
    running = agree(running, DEPUTY, FIN)
    assert running.is_done


def test_whoever_is_asked_answers_for_themselves_first() -> None:
    running = flow(Tier(Quorum.ALL, Asked((MGR, FIN))), lendings=(Lending(MGR, FIN),))
    assert running.seat_of(FIN, "approve_order") == FIN
    assert agree(agree(running, FIN), FIN, MGR).is_done


def test_a_right_goes_from_hand_to_hand_but_not_in_circles_and_not_by_way_of_the_requester() -> None:
    circle = (Lending(MGR, FIN), Lending(FIN, MGR), Lending(FIN, BOSS), Lending(BOSS, FIN))
    assert reachable(MGR, circle) == (FIN, BOSS)
    running = flow(Tier(Quorum.ANY, Asked((MGR,))), lendings=circle)
    assert running.deputies(MGR) == (FIN, BOSS)
    by_way_of_requester = (Lending(MGR, REQ), Lending(REQ, BOSS))
    assert replace(running, lendings=by_way_of_requester).deputies(MGR) == ()


def test_after_too_long_others_are_asked_besides_and_one_of_them_is_enough() -> None:
    tier = Tier(Quorum.ALL, Asked((MGR, FIN)), Escalation(24, Asked((BOSS,))))
    running = flow(tier)
    assert refusal(running, BOSS) is NotYourTurn or refusal(running, BOSS) is NotAllowed
    late = replace(running, escalated=frozenset({1}))
    assert late.open_seats(1) == (MGR, FIN, BOSS)
    assert agree(late, BOSS).is_done
    assert not agree(late, MGR).is_done
    assert agree(agree(late, MGR), FIN).is_done


def test_who_has_left_is_not_waited_for_but_what_they_said_counts() -> None:
    running = agree(flow(Tier(Quorum.ALL, Asked((MGR, FIN)))), MGR)
    without_fin = replace(running, people=tuple(one for one in PEOPLE if one.id != FIN))
    assert without_fin.is_complete(1)
    nobody = replace(running, people=(), votes=())
    assert not nobody.is_complete(1)
    assert nobody.unanswerable == 1


def test_the_platform_s_tier_asks_the_platform_s_people_alone() -> None:
    operator = Person(OUTSIDER, frozenset({R.OPERATOR}), Side.PLATFORM)
    tier = Tier(Quorum.ANY, Asked(roles=(R.OPERATOR, R.FINANCE)), side=Side.PLATFORM)
    running = flow(tier, people=(*PEOPLE, operator))
    assert running.open_seats(1) == (OUTSIDER,)
    assert refusal(running, FIN) is NotAllowed
    assert agree(running, OUTSIDER).is_done


def test_tiers_are_stored_as_they_are() -> None:
    tiers = (
        Tier(Quorum.ANY, BOTH, Escalation(48, Asked((BOSS,), (R.ADMIN,)))),
        Tier(Quorum.ALL, BY_ROLE, side=Side.PLATFORM),
    )
    assert tiers_from_json(tiers_as_json(tiers)) == tiers


@pytest.mark.parametrize("seed", range(200))
def test_whatever_happens_no_tier_is_skipped_nobody_answers_twice_and_the_requester_never(seed: int) -> None:
    """Random rules, people who come and go, rights lent and taken back: the promises hold after each step."""
    chance = Random(seed)
    running = random_flow(chance)
    for _ in range(12):
        before, voter = running, chance.choice([*(one.id for one in PEOPLE), OUTSIDER])
        named = chance.choice([None, None, *(one.id for one in PEOPLE)])
        refused = refusal(before, voter, named)
        assert (refused is SelfApproval) is (voter in before.barred)
        if refused is not None:
            continue
        running = agree(before, voter, named)
        seat = running.votes[-1].seat
        assert voter not in before.barred
        assert seat not in before.barred
        assert named in (None, seat)
        assert seat in before.open_seats(before.tier)
        assert voter == seat or voter in before.deputies(seat)
        assert running.tier - before.tier in (0, 1)
        assert len({(vote.tier, vote.seat) for vote in running.votes}) == len(running.votes)
        if running.tier > before.tier:
            tier, agreed = before.tiers[before.tier - 1], running.agreed(before.tier)
            enough = tier.quorum is Quorum.ANY or agreed.issuperset(before.seats(before.tier))
            assert agreed
            assert enough or agreed & set(before.superiors(before.tier))
        running = replace(running, lendings=random_lendings(chance), people=random_people(chance))


def random_flow(chance: Random) -> Flow:
    """Up to five tiers of any sort."""
    asked = (BY_NAME, BY_ROLE, BOTH, Asked((MGR,)), Asked((DEPUTY, REQ)), Asked(roles=(R.ADMIN,)))
    tiers = [
        Tier(
            chance.choice(list(Quorum)),
            chance.choice(asked),
            chance.choice([None, Escalation(1, chance.choice(asked))]),
        )
        for _ in range(chance.randint(1, 5))
    ]
    late = frozenset(chance.sample(range(1, 6), chance.randint(0, 3)))
    return flow(*tiers, lendings=random_lendings(chance), escalated=late)


def random_lendings(chance: Random) -> tuple[Lending, ...]:
    """Some of all possible, circles among them."""
    pairs = list(product((MGR, FIN, BOSS, DEPUTY, REQ), repeat=2))
    return tuple(Lending(*pair) for pair in chance.sample(pairs, chance.randint(0, 6)))


def random_people(chance: Random) -> tuple[Person, ...]:
    """Most of those there are."""
    return tuple(one for one in PEOPLE if chance.random() > 0.1)
