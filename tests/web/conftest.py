from collections.abc import Iterator

import pytest

from tests.web.browser import Browser, find_chromium, open_browser


@pytest.fixture
def chromium() -> str:
    """The program that tries the pages; docs/decisions/0030 says what of them is tried on machines that have none."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine: set CHROMIUM or install it to try the pages; see docs/decisions/0030")
    return program


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    """A Chromium that reaches loopback only."""
    with open_browser(chromium) as opened:
        yield opened
