from collections.abc import Iterator

import pytest

from tests.web.browser import Browser, Chromium, find_chromium


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """What tries the pages; docs/decisions/0030 says what of them is tried on machines that have none."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine: set CHROMIUM or install it to try the pages; see docs/decisions/0030")
    running = Chromium(program)
    yield running
    running.stop()


@pytest.fixture
def browser(chromium: Chromium) -> Iterator[Browser]:
    """A page that reaches loopback only."""
    with chromium.page() as opened:
        yield opened
