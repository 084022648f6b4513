"""Names have one spelling; passwords that everybody tries first are refused."""

import pytest

from rules.signing_in import is_name, normal_name, password_fault


@pytest.mark.parametrize("typed", ["Li.Na@Example.COM", "  li.na@example.com ", "ｌｉ．ｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ"])
def test_case_width_and_blanks_do_not_make_another_name(typed: str) -> None:
    assert normal_name(typed) == "li.na@example.com"


@pytest.mark.parametrize("name", ["li.na@example.com", "b1-req", "abc", "a" * 120])
def test_names_and_addresses_are_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "ab", "a" * 121, "li na", "@example.com", "李娜李娜", "Li.na", "li\nna", "аbc"])
def test_what_two_people_could_read_as_one_name_is_none(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "kettle-orbit-7-mango", "采购部的猫今年三岁了喜欢晒太阳"]
)
def test_a_long_password_of_any_characters_will_do(password: str) -> None:
    assert password_fault(password, "li.na", "第一贸易有限公司") is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Short-1234!", "characters"),
        ("x" * 129, "characters"),
        ("aaaaaaaaaaaaab", "repeats"),
        ("password1234", "well-known"),
        ("Password12345!", "well-known"),
        ("1234567890123", "well-known"),
        ("li.na2026li.na", "your own names"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused(password: str, fault: str) -> None:
    found = password_fault(password, "li.na")
    assert found is not None
    assert fault in found
