"""The guide tells of every word of every carrier what it becomes here, in both languages."""

from collections.abc import Iterator, Mapping

from partners.carriers.aftership import TAGS
from partners.carriers.easypost import STATUSES as EASYPOST
from partners.carriers.kuaidi100 import NAMED, STATES
from partners.carriers.seventeen_track import STATUSES as SEVENTEEN_TRACK
from resolvers.words import label
from rules.shipping import STATUS_AFTER, TrackingCode
from tests.source import ROOT

GUIDE = ROOT / "docs" / "carriers.md"
_NAMES = {code: name for name, code in NAMED.items()}


def table() -> Iterator[str]:
    """The rows, one for each code of ours."""
    yield "| code | English | 中文 | shipment | 快递100 | 17TRACK | AfterShip | EasyPost |"
    yield "|---|---|---|---|---|---|---|---|"
    for code in TrackingCode:
        words = [label("tracking_code", code, locale) for locale in ("en", "zh-CN")]
        kuaidi100 = {f"{said} {_NAMES[said]}" if said in _NAMES else said: known for said, known in STATES.items()}
        theirs = [said_for(code, known) for known in (kuaidi100, SEVENTEEN_TRACK, TAGS, EASYPOST)]
        yield f"| {' | '.join([f'`{code}`', *words, STATUS_AFTER[code], *theirs])} |"


def said_for(code: TrackingCode, known: Mapping[str, TrackingCode]) -> str:
    """Whatever a sender says for this code."""
    return ", ".join(said for said, meant in known.items() if meant is code) or "–"


def test_the_guide_s_table_is_what_the_adapters_do() -> None:
    """If this fails, put the table of `table()` between the markers."""
    text = GUIDE.read_text("utf-8")
    shown = text.partition("<!-- mapping -->\n")[2].partition("\n<!-- /mapping -->")[0]
    assert shown == "\n".join(table())
