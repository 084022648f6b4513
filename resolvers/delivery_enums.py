"""The codes of shipments as the schema shows them."""

from resolvers.enums import described
from rules.acceptance import GoodsFault
from rules.carriers import CarrierProvider, ParkReason, PushStatus
from rules.packing import NAMES, PackageType
from rules.shipping import REC_19, STATUS_AFTER, ShipmentDelay, ShipmentStatus, TrackingCode, TransportMode

described(
    ShipmentStatus,
    "ShipmentStatus",
    "Where a shipment is; it never goes back to an earlier one, but IN_TRANSIT and EXCEPTION may alternate.",
    {
        "DESPATCHED": "It left the supplier.",
        "IN_TRANSIT": "The carrier is moving it.",
        "EXCEPTION": "Something holds it up on its way.",
        "ARRIVED": "It is at the place.",
        "RECEIVED": "The buyer inspected it.",
        "CANCELLED": "It was taken back before the carrier had it; what was on it is due again.",
    },
)
described(
    GoodsFault,
    "GoodsFault",
    "What is wrong with goods; expect new ones.",
    {
        "DAMAGED": "They were damaged on their way.",
        "DEFECTIVE": "They do not do what they should.",
        "WRONG_ITEM": "They are not what was ordered.",
        "OUT_OF_DATE": "They are too old to be used.",
        "MISSING": "They are not there.",
        "OTHER": "Something else, said in words.",
    },
)
_MODES = {
    "MARITIME": "By sea",
    "RAIL": "By rail",
    "ROAD": "By road",
    "AIR": "By air",
    "MAIL": "By mail",
    "MULTIMODAL": "By several means",
    "INLAND_WATER": "On inland waterways",
}
described(
    TransportMode,
    "TransportMode",
    "How goods travel, by UN/ECE Recommendation 19.",
    {mode.name: f"{_MODES[mode.name]} (code {REC_19[mode]})." for mode in TransportMode},
)
described(
    PackageType,
    "PackageTypeCode",
    "What goods travel in, by UN/ECE Recommendation 21; expect new ones.",
    {code.name: f"{NAMES[code][0].capitalize()} ({NAMES[code][1]})." for code in PackageType},
)
_REPORTS = {
    "INFO_RECEIVED": "The carrier knows of it",
    "PICKED_UP": "The carrier has taken it",
    "IN_TRANSIT": "It is on its way",
    "CUSTOMS": "It is with customs",
    "OUT_FOR_DELIVERY": "It is on the last vehicle",
    "READY_FOR_PICKUP": "It can be collected at the place",
    "DELIVERED": "It was handed over",
    "DELIVERY_FAILED": "Nobody took it",
    "ON_HOLD": "The carrier holds it back",
    "RETURNING": "It goes back to where it came from",
    "EXCEPTION": "It is lost, damaged or delayed",
}
described(
    TrackingCode,
    "TrackingCode",
    "What a carrier reports, in one vocabulary for all carriers; expect new ones.",
    {code.name: f"{_REPORTS[code.name]}; leads to {STATUS_AFTER[code]}." for code in TrackingCode},
)
described(
    ShipmentDelay,
    "ShipmentDelay",
    "What is wrong with a shipment under way; of several the first.",
    {
        "OVERDUE": "The promised day is over at the delivery place, and it has not arrived.",
        "EXPECTED_LATE": "It is expected after the promised day at the delivery place.",
        "SILENT": "Nothing was heard of it for 48 hours.",
    },
)
described(
    CarrierProvider,
    "CarrierProvider",
    "Whose rules a push follows; such a service speaks for many carriers.",
    {
        "KUAIDI100": "快递100: a form, signed with MD5 and the salt of the subscription.",
        "SEVENTEEN_TRACK": "17TRACK Tracking API v2.4: the header `sign`.",
        "AFTERSHIP": "AfterShip Tracking: the header `aftership-hmac-sha256`.",
        "EASYPOST": "EasyPost trackers: the header `X-Hmac-Signature`.",
        "OWN_FLEET": "The supplier's own vehicles, or any carrier that can sign by Standard Webhooks.",
    },
)
described(
    PushStatus,
    "PushStatus",
    "What became of a push.",
    {
        "PENDING": "It is kept, and will be put on record.",
        "APPLIED": "All of it is on record.",
        "PARKED": "Some of it is not on record, for a reason.",
    },
)
described(
    ParkReason,
    "ParkReason",
    "Why a push, or a part of it, is not on record; expect new ones.",
    {
        "UNREADABLE": "It was signed, but is not what its sender documents.",
        "UNKNOWN_WAYBILL": "The supplier has no shipment under this waybill.",
        "UNKNOWN_STATUS": "The sender's word for what happened is not documented.",
        "IN_THE_FUTURE": "It is said to happen later than now.",
        "TOO_LATE": "The order waits for no goods any more.",
        "GIVEN_UP": "The sender will tell no more of these goods.",
        "FAILED": "It could not be put on record several times; the log says why.",
    },
)
