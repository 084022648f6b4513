"""What is said on an order."""

from enum import StrEnum


class MessageKind(StrEnum):
    """What kind of saying a message is."""

    MESSAGE = "MESSAGE"
    QUESTION = "QUESTION"
    ANSWER = "ANSWER"
    TALK = "TALK"


class TalkChannel(StrEnum):
    """Where a talk outside the system took place."""

    PHONE = "PHONE"
    EMAIL = "EMAIL"
    MEETING = "MEETING"
    OTHER = "OTHER"
