from collections.abc import Iterator

import pytest

from tests.web.browser import Browser, find_chromium, open_browser


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A Chromium that reaches loopback only; see docs/decisions/0030 for the machines that have none."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine: set CHROMIUM or install chromium to try the pages in a browser")
    with open_browser(program) as opened:
        yield opened
