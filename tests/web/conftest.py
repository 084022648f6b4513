import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from tests.web.browser import Browser, find_chromium, open_browser
from tests.web.small_shop import small_shop


@pytest.fixture(scope="session")
def site_url() -> Iterator[str]:
    """The origin of a running server that serves `/graphql` and the pages."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(small_shop(), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A Chromium that reaches loopback only; see docs/decisions/0030 for the machines that have none."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine: set CHROMIUM or install chromium to try the pages in a browser")
    with open_browser(program) as opened:
        yield opened
