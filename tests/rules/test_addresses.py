"""Addresses: what has to be said of one in China and elsewhere, and how it reads."""

from typing import Any

import pytest
from babel import Locale

from rules.addresses import COUNTRIES, Destination, faults
from rules.regions import Region

PUDONG = Region("310115", "浦东新区", "310000", "上海市", None, "浦东新区", has_parts=False)
SHANGHAI = Region("310000", "上海市", None, "上海市", None, None, has_parts=True)
ABROAD = {"country": "DE", "region_code": None, "locality": "80331 München", "postal_code": "80331"}


def said(**facts: Any) -> Destination:
    """A place in Pudong, but for these facts."""
    return Destination(
        **{"recipient": "李欣", "phone": "13800000000", "street": "世纪大道1号", "region_code": "310115", **facts}
    )


def paths(place: Destination, region: Region | None, zone: str = "Asia/Shanghai") -> list[str]:
    """The fields that are wrong."""
    return [fault.path for fault in faults(place, region, zone)]


def test_a_chinese_address_begins_with_the_largest_part_and_a_foreign_one_ends_with_it() -> None:
    assert said(postal_code="200120").within(PUDONG).line == "上海市浦东新区世纪大道1号 200120"
    assert said(**{**ABROAD, "street": "Sendlinger Str. 1", "locality": "München"}).line == (
        "Sendlinger Str. 1, München, 80331, DE"
    )


def test_what_is_right_is_not_refused() -> None:
    assert paths(said(postal_code="200120"), PUDONG) == []
    assert paths(said(**ABROAD), None, "Europe/Berlin") == []


@pytest.mark.parametrize(
    ("place", "region", "zone", "wrong"),
    [
        (said(region_code=None), None, "Asia/Shanghai", ["input.regionCode"]),
        (said(region_code="999999"), None, "Asia/Shanghai", ["input.regionCode"]),
        (said(region_code="310000"), SHANGHAI, "Asia/Shanghai", ["input.regionCode"]),
        (said(postal_code="SW1A 1AA", locality="x"), PUDONG, "", ["input.locality", "input.postalCode", "input.zone"]),
        (said(postal_code="２００１２０"), PUDONG, "Asia/Shanghai", ["input.postalCode"]),
        (said(country="DE"), PUDONG, "Europe/Berlin", ["input.regionCode"]),
        (said(**ABROAD), None, "Europe/Atlantis", ["input.zone"]),
        (said(country="XX"), PUDONG, "Asia/Shanghai", ["input.country"]),
    ],
)
def test_everything_that_is_wrong_is_named(
    place: Destination, region: Region | None, zone: str, wrong: list[str]
) -> None:
    assert paths(place, region, zone) == wrong


def test_countries_are_those_of_the_standard() -> None:
    """CLDR knows all of ISO 3166-1, and a few codes besides."""
    assert len(COUNTRIES) == 249
    assert set(Locale("en").territories) >= COUNTRIES
