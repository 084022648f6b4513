"""Whoever watches the machines learns of money that somebody has to look after."""

import re

import pytest

from services.alerts import TEXTS, Alert, alert, raised
from tests.source import ROOT


def test_an_alert_is_told_in_the_log_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    before = raised()
    alert(Alert.REFUND_FAILED, payment="PA-1", reason="no money")
    assert raised() == before | {"refund_failed": before["refund_failed"] + 1}
    said = capsys.readouterr().out
    assert all(word in said for word in ("error", "a refund failed", "PA-1", "no money", "refund_failed"))


def test_every_alert_is_raised_somewhere_and_none_goes_past_the_count() -> None:
    services = {path.name: path.read_text() for path in (ROOT / "services").glob("*.py")}
    assert TEXTS.keys() == set(Alert)
    named = {name for text in services.values() for name in re.findall(r"\balert\(\s*Alert\.(\w+)", text)}
    assert named == {kind.name for kind in Alert}
    assert [name for name, text in services.items() if "log.error(" in text] == ["alerts.py"]
