"""A headless Chromium driven over its DevTools protocol, with the network cut off to everything but loopback."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

_FLAGS = [
    "--headless",
    "--no-sandbox",  # Chromium refuses to run as root otherwise; it only ever sees our own pages
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Each page is looked at by a test of its own, also where the window of another one lies before it.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--remote-debugging-port=0",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def find_chromium() -> str | None:
    """The browser named by CHROMIUM, or one on PATH; None where this machine has none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


class Chromium:
    """The program, running as long as the tests do: starting it takes most of a second. Its pages know nothing of each other."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._running = ExitStack()
        self._addresses: dict[str, str] = {}

    @contextmanager
    def page(self, *, language: str = "en") -> Iterator["Browser"]:
        """A page with a profile of its own (cookies, storage, cache), gone with the block."""
        if language not in self._addresses:
            self._addresses[language] = self._running.enter_context(_running(self._program, language))
        address = self._addresses[language]
        # Behind what the page tells, and nobody reads any more, its goodbye would be waited for in vain.
        with connect(address, close_timeout=0.1) as door:
            profile = _told(door, "Target.createBrowserContext", disposeOnDetach=True)["browserContextId"]
            page = _told(door, "Target.createTarget", url="about:blank", browserContextId=profile)["targetId"]
            origin = address.partition("/devtools/")[0]
            with connect(f"{origin}/devtools/page/{page}", max_size=None, close_timeout=0.1) as socket:
                yield Browser(socket, language)

    def stop(self) -> None:
        """End it with everything that is open in it."""
        self._running.close()


@contextmanager
def _running(program: str, language: str) -> Iterator[str]:
    """The websocket of a Chromium that is ended with the block."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, *_FLAGS, f"--lang={language}", f"--user-data-dir={profile}", "about:blank"]
        chromium = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            yield _address(Path(profile))
        finally:
            chromium.terminate()
            chromium.wait(10)


def _address(profile: Path) -> str:
    """As soon as Chromium has written down its port and where its websocket is."""
    written = profile / "DevToolsActivePort"
    deadline = time.monotonic() + 30
    while not (written.exists() and written.read_text().count("\n")):
        if time.monotonic() > deadline:
            raise TimeoutError("Chromium did not open its DevTools port within 30 seconds")
        time.sleep(0.05)
    port, path = written.read_text().splitlines()
    return f"ws://127.0.0.1:{port}{path}"


def _told(door: ClientConnection, method: str, **parameters: object) -> dict[str, Any]:
    """What Chromium itself answers to one command; nothing else comes on this connection."""
    door.send(json.dumps({"id": 1, "method": method, "params": parameters}))
    return dict(json.loads(door.recv(60))["result"])


class Browser:
    """One page: what it asked for, what it complained about, and hands to use it with."""

    def __init__(self, socket: ClientConnection, language: str) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._socket = socket
        self._last_id = 0
        self._watch(None)
        self.command("Page.enable")
        self.command("Emulation.setLocaleOverride", locale=language)
        self.command("Emulation.setUserAgentOverride", userAgent="test", acceptLanguage=language)

    def go(self, address: str, *, width: int = 1280, height: int = 800, dark: bool = False) -> None:
        """Opens the address in a window of this size (CSS pixels) and waits until it has loaded."""
        phone = width < 600
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", features=[scheme])
        self.command("Page.navigate", url=address)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = self.command("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if thrown := answer.get("exceptionDetails"):
            raise AssertionError(f"{expression}: {thrown['exception'].get('description')}")
        return answer["result"].get("value")

    def wait_for(self, expression: str, *, seconds: float = 30) -> None:
        """Returns when the expression is true; fails with the page's text when it does not become so."""
        deadline = time.monotonic() + seconds
        while not self.evaluate(expression):
            if time.monotonic() > deadline:
                text = self.evaluate("document.body.innerText")
                raise AssertionError(f"still not {expression}; complaints: {self.complaints}; the page says:\n{text}")
            time.sleep(0.05)

    def wait_for_request(self, part: str, *, seconds: float = 30) -> None:
        """Returns when an address that contains this text has been asked for."""
        deadline = time.monotonic() + seconds
        while not any(part in address for address in self.requests):
            assert time.monotonic() < deadline, f"{part} was never asked for, only {self.requests}"
            self.evaluate("1")  # events arrive with the answer to any command
            time.sleep(0.05)

    def click(self, selector: str) -> None:
        """Clicks the first element that matches, once it is there."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.wait_for(f"{found} !== null")
        self.evaluate(f"{found}.click()")

    def type_into(self, selector: str, text: str) -> None:
        """Types the text into a field."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.command("Input.insertText", text=text)

    def screenshot(self, path: Path) -> None:
        """Writes what the window shows as PNG."""
        shot = self.command("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))

    def command(self, method: str, session: str | None = None, **parameters: object) -> dict[str, Any]:
        """Sends one DevTools command and gives its result; events that come meanwhile are noted."""
        sent = self._send(method, session, parameters)
        while True:
            message = self._receive()
            if message.get("id") != sent:
                self._note(message)
            elif "error" in message:
                raise AssertionError(f"{method}: {message['error']['message']}")
            else:
                return dict(message["result"])

    def _send(self, method: str, session: str | None, parameters: dict[str, object]) -> int:
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": parameters}
        self._socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
        return self._last_id

    def _receive(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._socket.recv(60)))
        except ConnectionClosed as error:
            raise AssertionError("Chromium closed its DevTools connection") from error

    def _watch(self, session: str | None) -> None:
        # Workers are targets of their own: each is held at its start until its requests are watched too.
        self._send("Network.enable", session, {})
        self._send("Log.enable", session, {})
        self._send("Runtime.enable", session, {})
        attach: dict[str, object] = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
        self._send("Target.setAutoAttach", session, attach)
        self._send("Runtime.runIfWaitingForDebugger", session, {})

    def _note(self, event: dict[str, Any]) -> None:
        facts = event.get("params", {})
        match event.get("method"):
            case "Network.requestWillBeSent" if not facts["request"]["url"].startswith("data:"):
                self.requests.append(facts["request"]["url"])
            case "Network.webSocketCreated":
                self.requests.append(facts["url"])
            case "Target.attachedToTarget":
                self._watch(facts["sessionId"])
            case "Log.entryAdded" if facts["entry"]["level"] == "error":
                self.complaints.append(f"{facts['entry']['text']} {facts['entry'].get('url', '')}")
            case "Runtime.exceptionThrown":
                self.complaints.append(facts["exceptionDetails"]["exception"].get("description", "exception"))
            case "Runtime.consoleAPICalled" if facts["type"] == "error":
                self.complaints.append(" ".join(str(part.get("value", part)) for part in facts["args"]))
