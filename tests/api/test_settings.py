"""Settings come from the environment, are checked at the start, and stand in the README as they are."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import Settings, settings_table

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No setting of the machine that runs the tests gets in."""
    for variable in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(variable, raising=False)
    return monkeypatch


def test_without_any_variable_the_app_starts_on_its_own() -> None:
    settings = Settings()
    assert (settings.database_url, settings.redis_url, settings.demo) == (None, None, False)
    assert not settings.is_public


@pytest.mark.parametrize("variable", ["DATABASE_URL", "DINGHUO_DATABASE_URL"])
def test_the_database_is_named_by_either_variable(empty_environment: pytest.MonkeyPatch, variable: str) -> None:
    empty_environment.setenv(variable, "postgresql://somewhere/orders")
    assert Settings().database_url == "postgresql://somewhere/orders"


def test_our_own_variable_wins_over_the_common_one(empty_environment: pytest.MonkeyPatch) -> None:
    empty_environment.setenv("REDIS_URL", "redis://common")
    empty_environment.setenv("DINGHUO_REDIS_URL", "redis://ours")
    assert Settings().redis_url == "redis://ours"


def test_origins_are_a_list_with_commas(empty_environment: pytest.MonkeyPatch) -> None:
    empty_environment.setenv("DINGHUO_ALLOWED_ORIGINS", "https://a.example, https://b.example,")
    assert Settings().allowed_origins == ("https://a.example", "https://b.example")


def test_limits_of_a_request_can_be_set(empty_environment: pytest.MonkeyPatch) -> None:
    empty_environment.setenv("DINGHUO_LIMIT_DEPTH", "7")
    empty_environment.setenv("DINGHUO_INTROSPECTION", "false")
    limits = Settings().limits
    assert (limits.depth, limits.introspection) == (7, False)


def test_a_wrong_value_is_refused_by_name(empty_environment: pytest.MonkeyPatch) -> None:
    empty_environment.setenv("DINGHUO_PORT", "eighty")
    with pytest.raises(ValidationError, match="port"):
        Settings()


def test_every_setting_says_what_it_does() -> None:
    assert all(field.description and field.description.endswith(".") for field in Settings.model_fields.values())


def test_the_readme_has_the_table_as_it_is() -> None:
    assert settings_table() in README.read_text(encoding="utf-8")
