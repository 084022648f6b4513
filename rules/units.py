"""Units of measure by UN/ECE Recommendation 20 code (package units by Recommendation 21, prefixed X), as UBL's unitCode wants them."""

import unicodedata
from enum import StrEnum

from rules.problems import invalid


class Unit(StrEnum):
    """A unit of measure that goods are ordered in."""

    H87 = "H87"
    SET = "SET"
    PR = "PR"
    DZN = "DZN"
    CEN = "CEN"
    MIL = "MIL"
    KGM = "KGM"
    GRM = "GRM"
    TNE = "TNE"
    MTR = "MTR"
    CMT = "CMT"
    MMT = "MMT"
    KMT = "KMT"
    MTK = "MTK"
    MTQ = "MTQ"
    LTR = "LTR"
    MLT = "MLT"
    KWH = "KWH"
    HUR = "HUR"
    DAY = "DAY"
    XBX = "XBX"
    XCT = "XCT"
    XPX = "XPX"
    XRO = "XRO"
    XBG = "XBG"
    XBO = "XBO"
    XDR = "XDR"


#   code    English            中文
# fmt: off
NAMES = {
    Unit.H87: ("piece",        "件"),
    Unit.SET: ("set",          "套"),
    Unit.PR:  ("pair",         "双"),
    Unit.DZN: ("dozen",        "打"),
    Unit.CEN: ("hundred",      "百件"),
    Unit.MIL: ("thousand",     "千件"),
    Unit.KGM: ("kilogram",     "千克"),
    Unit.GRM: ("gram",         "克"),
    Unit.TNE: ("tonne",        "吨"),
    Unit.MTR: ("metre",        "米"),
    Unit.CMT: ("centimetre",   "厘米"),
    Unit.MMT: ("millimetre",   "毫米"),
    Unit.KMT: ("kilometre",    "千米"),
    Unit.MTK: ("square metre", "平方米"),
    Unit.MTQ: ("cubic metre",  "立方米"),
    Unit.LTR: ("litre",        "升"),
    Unit.MLT: ("millilitre",   "毫升"),
    Unit.KWH: ("kilowatt hour", "千瓦时"),
    Unit.HUR: ("hour",         "小时"),
    Unit.DAY: ("day",          "天"),
    Unit.XBX: ("box",          "盒"),
    Unit.XCT: ("carton",       "箱"),
    Unit.XPX: ("pallet",       "托盘"),
    Unit.XRO: ("roll",         "卷"),
    Unit.XBG: ("bag",          "袋"),
    Unit.XBO: ("bottle",       "瓶"),
    Unit.XDR: ("drum",         "桶"),
}
# fmt: on


def unit(code: str, path: str) -> Unit:
    """The unit of a code; InvalidInput naming `path` for any other text, with the code of the unit it names in words."""
    if (found := Unit.__members__.get(code)) is not None:
        return found
    raise invalid(path, "is not a unit of measure that goods are ordered in", _MEANT.get(code.casefold()))


def unit_named(word: str) -> Unit | None:
    """The unit that a code, a name or what people write for it stands for, in whatever case and width; None for any other word."""
    code = _SAID.get(unicodedata.normalize("NFKC", word).strip().rstrip(".").casefold())
    return None if code is None else Unit(code)


_MEANT = {word.casefold(): code.value for code, names in NAMES.items() for word in (code.value, *names)}
# What people write besides; no word that might stand for something else, such as a case of bottles.
_WRITTEN = {
    Unit.H87: "个 只 pc pcs ea each pieces",
    Unit.SET: "sets",
    Unit.PR: "pairs 对",
    Unit.KGM: "kg kgs 公斤 kilograms",
    Unit.GRM: "g grams",
    Unit.TNE: "t tonnes",
    Unit.MTR: "m metres meter meters",
    Unit.CMT: "cm",
    Unit.MMT: "mm",
    Unit.KMT: "km 公里",
    Unit.MTK: "m2 平米",
    Unit.MTQ: "m3",
    Unit.LTR: "l litres liter liters",
    Unit.MLT: "ml",
    Unit.XBX: "boxes",
    Unit.XCT: "cartons",
    Unit.XPX: "pallets",
    Unit.XRO: "rolls",
    Unit.XBG: "bags",
    Unit.XBO: "bottles",
    Unit.XDR: "drums",
}
_SAID = _MEANT | {word: code.value for code, words in _WRITTEN.items() for word in words.split()}
