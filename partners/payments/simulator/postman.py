"""How the simulated providers' notices travel: by the schedules of the real ones, and badly where that is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from partners.payments import Notice

Post = Callable[[str, Notice], tuple[int, bytes]]
"""Sends a notice to a URL; status and body of the answer, and status 0 where none came."""


@dataclass(frozen=True)
class Habits:
    """How it can be told to misbehave: every notice twice, late, in the wrong order, or altered on its way; requests without an
    answer, although what they ask for is done; splits and their returns in hand for as long as this lasts; what becomes of the refunds
    that WeChat Pay is asked for: REFUSED, CLOSED, sent to the merchant's own bank
    (MERCHANT_BANK_CARD), or ABNORMAL for as long as this lasts, and done by hand when it ends."""

    is_doubled: bool = False
    delay_seconds: int = 0
    is_shuffled: bool = False
    is_falsified: bool = False
    is_silent: bool = False
    is_hesitant: bool = False
    refunds: str = ""


@dataclass(frozen=True)
class Letter:
    """A notice on its way; it is written anew whenever it is sent."""

    url: str
    write: Callable[[datetime], Notice]
    is_heard: Callable[[int, bytes], bool]
    schedule: Sequence[timedelta]
    due: datetime
    tries: int = 0


class Postman:
    """Delivers what is due; `pace` accelerates the time between two tries."""

    def __init__(self, post: Post, pace: int = 1) -> None:
        self._post, self._pace = post, pace
        self._letters: list[Letter] = []
        self._lock = Lock()
        self.habits = Habits()
        self.sent = 0

    def take(self, letter: Letter) -> None:
        """Send it from now on, until it is heard or its schedule ends."""
        with self._lock:
            self._letters.append(replace(letter, due=letter.due + timedelta(seconds=self.habits.delay_seconds)))

    @property
    def waiting(self) -> int:
        """How many letters are still to be heard."""
        return len(self._letters)

    def deliver(self, now: datetime) -> int:
        """Send all that is due; how many times something was sent."""
        with self._lock:
            due = [letter for letter in self._letters if letter.due <= now]
            self._letters = [letter for letter in self._letters if letter.due > now]
        if self.habits.is_shuffled:
            due.reverse()
        before = self.sent
        for letter in due:
            self._send(letter, now)
        return self.sent - before

    def _send(self, letter: Letter, now: datetime) -> None:
        heard = False
        for _ in range(1 + self.habits.is_doubled):
            notice = letter.write(now)
            status, body = self._post(letter.url, falsified(notice) if self.habits.is_falsified else notice)
            self.sent += 1
            heard = heard or letter.is_heard(status, body)
        tries = letter.tries + 1
        if not heard and tries < len(letter.schedule):
            due = now + letter.schedule[tries] / self._pace
            with self._lock:
                self._letters.append(replace(letter, tries=tries, due=due))


def falsified(notice: Notice) -> Notice:
    """The notice with one digit of what it says changed on its way."""
    digits = [place for place, byte in enumerate(notice.body) if 48 <= byte <= 57]
    body = bytearray(notice.body)
    body[digits[len(digits) // 2]] ^= 1
    return replace(notice, body=bytes(body))
