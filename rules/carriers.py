"""Who tells of goods on their way, and what becomes of what they tell."""

from enum import StrEnum


class CarrierProvider(StrEnum):
    """Whose rules a push follows; a service such as Kuaidi100 speaks for many carriers."""

    KUAIDI100 = "KUAIDI100"
    SEVENTEEN_TRACK = "SEVENTEEN_TRACK"
    AFTERSHIP = "AFTERSHIP"
    EASYPOST = "EASYPOST"
    OWN_FLEET = "OWN_FLEET"


class PushStatus(StrEnum):
    """What became of a push."""

    PENDING = "PENDING"
    APPLIED = "APPLIED"
    PARKED = "PARKED"


class ParkReason(StrEnum):
    """Why a push, or a part of it, could not be put on record."""

    UNREADABLE = "UNREADABLE"
    UNKNOWN_WAYBILL = "UNKNOWN_WAYBILL"
    UNKNOWN_STATUS = "UNKNOWN_STATUS"
    IN_THE_FUTURE = "IN_THE_FUTURE"
    TOO_LATE = "TOO_LATE"
    GIVEN_UP = "GIVEN_UP"
    FAILED = "FAILED"


SLUGS = {
    CarrierProvider.KUAIDI100: "kuaidi100",
    CarrierProvider.SEVENTEEN_TRACK: "17track",
    CarrierProvider.AFTERSHIP: "aftership",
    CarrierProvider.EASYPOST: "easypost",
    CarrierProvider.OWN_FLEET: "fleet",
}
"""What they are called in an address."""
