"""Regions of China: what a code says, what is part of what, what is found by a name."""

import pytest

from rules.regions import Gazetteer, Region, RegionLevel

GUANGDONG = Region("440000", "广东省", None, "广东省", None, None, has_parts=True)
SHENZHEN = Region("440300", "深圳市", "440000", "广东省", "深圳市", None, has_parts=True)
LONGHUA = Region("440309", "龙华区", "440300", "广东省", "深圳市", "龙华区", has_parts=False)
DONGGUAN = Region("441900", "东莞市", "440000", "广东省", "东莞市", None, has_parts=False)
HAIKOU_LONGHUA = Region("460106", "龙华区", "460100", "海南省", "海口市", "龙华区", has_parts=False)
KNOWN = Gazetteer([GUANGDONG, SHENZHEN, LONGHUA, DONGGUAN, HAIKOU_LONGHUA])


@pytest.mark.parametrize(
    ("region", "level"),
    [(GUANGDONG, RegionLevel.PROVINCE), (SHENZHEN, RegionLevel.CITY), (LONGHUA, RegionLevel.DISTRICT)],
)
def test_the_zeros_of_a_code_tell_how_large_a_region_is(region: Region, level: RegionLevel) -> None:
    assert region.level is level


def test_a_region_is_found_by_its_code_and_by_what_it_is_part_of() -> None:
    assert KNOWN.at("440309") is LONGHUA
    assert KNOWN.at("999999") is None
    assert KNOWN.parts("440000") == [SHENZHEN, DONGGUAN]
    assert KNOWN.parts() == [GUANGDONG]
    assert KNOWN.parts("441900") == KNOWN.parts("no code") == []


def test_names_are_found_the_closest_first() -> None:
    assert KNOWN.search("龙华区", 9) == [LONGHUA, HAIKOU_LONGHUA]
    assert KNOWN.search("深圳市", 9) == [SHENZHEN, LONGHUA]
    assert KNOWN.search("广东省 深圳市", 9)[0] is SHENZHEN
    assert KNOWN.search("广东", 2) == [GUANGDONG, SHENZHEN]
    assert KNOWN.search(" ", 9) == KNOWN.search("巴黎", 9) == []
