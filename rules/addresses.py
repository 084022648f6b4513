"""Where goods are delivered to, and who takes them over there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.problems import FieldFault
from rules.regions import Region
from rules.terms import is_zone

CHINA = "CN"
CHINA_TIME = "Asia/Shanghai"
_POSTAL_CODE = re.compile(r"\d{6}", re.ASCII)
# ISO 3166-1 alpha-2, officially assigned.
_COUNTRIES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
    CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
    GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
    SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
    VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_COUNTRIES.split())


@dataclass(frozen=True)
class Destination:
    """A place and who takes goods over there: in China by region and street, elsewhere by locality and street."""

    recipient: str
    phone: str
    street: str
    country: str = CHINA
    region_code: str | None = None
    province: str | None = None
    city: str | None = None
    district: str | None = None
    locality: str | None = None
    postal_code: str | None = None

    def within(self, region: Region | None) -> "Destination":
        """The same with the names of its region."""
        if region is None:
            return self
        return replace(self, province=region.province, city=region.city, district=region.district)

    @property
    def line(self) -> str:
        """The place in one line, as letters to it are addressed: the largest part first in China, last elsewhere."""
        if self.country == CHINA:
            region = "".join(filter(None, (self.province, self.city, self.district)))
            return " ".join(filter(None, (f"{region}{self.street}", self.postal_code)))
        return ", ".join(filter(None, (self.street, self.locality, self.postal_code, self.country)))


def faults(said: Destination, region: Region | None, zone: str) -> Iterator[FieldFault]:
    """What is wrong with an address whose `region_code` was found to be this region, and whose clocks show this zone."""
    if said.country not in COUNTRIES:
        yield FieldFault("input.country", "is not a country's code of ISO 3166-1", CHINA)
    elif said.country == CHINA:
        yield from _chinese(said, region)
    elif said.region_code is not None:
        yield FieldFault("input.regionCode", "only regions of China have a code; use the locality")
    if not is_zone(zone):
        yield FieldFault("input.zone", "is not an IANA time zone", CHINA_TIME)


def _chinese(said: Destination, region: Region | None) -> Iterator[FieldFault]:
    if region is None:
        yield FieldFault("input.regionCode", "is not a region's code of GB/T 2260; see `regions`")
    elif region.has_parts:
        yield FieldFault("input.regionCode", "name the smallest region; this one has parts")
    if said.locality is not None:
        yield FieldFault("input.locality", "an address in China has a region instead")
    if said.postal_code is not None and not _POSTAL_CODE.fullmatch(said.postal_code):
        yield FieldFault("input.postalCode", "a postal code in China has 6 digits")
