"""What a sign-in name and a password must be like, and how long what they open stays open."""

import re
import unicodedata
from datetime import timedelta

from rules.phrase import Phrase

WRONG_TRIES = 20
"""Wrong passwords that one name, or one address, may offer within TRIES_WINDOW; then nothing is right until the window has moved on."""

TRIES_WINDOW = timedelta(minutes=15)

ACCESS_LIFE = timedelta(minutes=15)
"""What an access token lives: what may be carried about in memory should be of little use when it leaks."""

SESSION_LIFE = timedelta(days=30)
"""After this the password is asked for again, however often the session was refreshed (NIST SP 800-63B-4 §2.1.3, AAL1)."""

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128

_NAME = re.compile(r"[a-z0-9][a-z0-9._+@-]{2,119}")
# The beginnings of nearly every long password on the lists of leaked ones.
_WORN = ("password", "passw0rd", "1234567890", "0987654321", "qwertyuiop", "asdfghjkl", "abcdefgh", "iloveyou", "admin")
_FEWEST_DIFFERENT, _FEWEST_OWN = 5, 8


def normal_name(typed: str) -> str:
    """The one spelling of a sign-in name, whatever case, width or blanks it was typed with."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def is_name(name: str) -> bool:
    """Whether a normal name has the form of one: an e-mail address, or something like `li.na`, of 3 to 120 characters."""
    return _NAME.fullmatch(name) is not None


def normal_password(typed: str) -> str:
    """The one spelling of a password that two keyboards may encode differently (NIST SP 800-63B-4 §3.1.1.2)."""
    return unicodedata.normalize("NFKC", typed)


def password_fault(password: str, *own_words: str) -> Phrase | None:
    """Why a password would be guessed, or None. Its length counts, not its mixture (NIST SP 800-63B-4 §3.1.1.2).

    `own_words` are what an attacker knows of the person: the sign-in name, the company's name.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return Phrase("must have {least} to {most} characters", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
    if len(set(password)) < _FEWEST_DIFFERENT:
        return Phrase("repeats too few characters")
    if len(_beyond(password.lower(), (*_WORN, *map(str.lower, own_words)))) < _FEWEST_OWN:
        return Phrase("is too close to a well-known password or to your own names")
    return None


def _beyond(password: str, words: tuple[str, ...]) -> str:
    """What is left of the password without the words everybody tries first."""
    for word in words:
        if len(word) > 2:
            password = password.replace(word, "")
    return password
