"""The command: what it does, and what it says when it cannot; as an operator starts it where that is the promise."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from tests.commands import begun, ended
from tests.servers import NO_TLS, free_port
from tests.source import ROOT


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """The machine's environment without any setting of Dinghuo, and a data folder of its own."""
    clean = {name: value for name, value in os.environ.items() if "DINGHUO" not in name and not name.endswith("_URL")}
    # Not in pytest's own folder: each session that starts closes that one to the database's account.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        yield {**clean, "DINGHUO_DATA_DIR": folder, "COLUMNS": "200", "NO_COLOR": "1"}


def typed(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, with an interpreter of its own; `ended` spares loading everything anew."""
    command = [sys.executable, "-m", "api.cli", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)


def invoke(*words: str) -> Result:
    """The same without a process of its own."""
    return CliRunner().invoke(app, words)


@pytest.fixture
def port() -> int:
    """Where the server under test listens."""
    return free_port()


@pytest.fixture
def serving(environment: dict[str, str], port: int, tmp_path: Path) -> Iterator[ForkServerProcess]:
    """A running `dinghuo serve`, ready."""
    said = tmp_path / "said"
    process = begun(environment, ("serve", "--port", str(port)), errors=said)
    try:
        assert _ready(lambda: process.exitcode, port), said.read_text()
        yield process
    finally:
        process.terminate()
        process.join(30)


def _ready(status: Callable[[], int | None], port: int) -> bool:
    deadline = time.monotonic() + 90
    while status() is None and time.monotonic() < deadline:
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/health/ready", verify=NO_TLS).status_code == 200:
                return True
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    return False


def test_it_serves_on_its_own_database_and_stops_in_order(port: int, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert _ready(process.poll, port), process.stderr and process.stderr.read()
            answer = httpx2.post(f"http://127.0.0.1:{port}/graphql", json={"query": "{ __typename }"})
            assert answer.json()["data"] == {"__typename": "Query"}
            assert "server" not in answer.headers
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) in (0, -signal.SIGTERM)
        finally:
            process.kill()
    assert not (Path(environment["DINGHUO_DATA_DIR"]) / "postgres" / "cluster" / "postmaster.pid").exists()


@pytest.mark.usefixtures("serving")
def test_a_second_server_is_refused_and_side_commands_are_not(environment: dict[str, str], port: int) -> None:
    other = ended(environment, "serve", "--port", str(free_port()))
    assert (other.returncode, "is using the database" in other.stderr) == (1, True)
    same_port = ended({**environment, "DINGHUO_DATA_DIR": "/nonexistent"}, "serve", "--port", str(port))
    assert (same_port.returncode, f"Cannot listen on 127.0.0.1 port {port}" in same_port.stderr) == (1, True)
    assert ended(environment, "migrate").returncode == 0


def test_migrating_says_what_it_does_and_a_second_time_nothing(environment: dict[str, str]) -> None:
    assert "0001_initial" in ended(environment, "migrate").stderr
    again = ended(environment, "migrate")
    assert (again.returncode, again.stderr) == (0, "")


def test_several_workers_need_what_they_share(environment: dict[str, str]) -> None:
    refused = ended(environment, "serve", "--workers", "2")
    assert refused.returncode == 1
    assert "DATABASE_URL and REDIS_URL" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_several_workers_serve_one_port_and_a_dead_one_is_replaced(
    environment: dict[str, str], database_url: str, valkey_url: str, port: int
) -> None:
    shared = {**environment, "DATABASE_URL": database_url, "REDIS_URL": valkey_url}
    process = begun(shared, ("serve", "--workers", "2", "--port", str(port)), errors=Path(os.devnull))
    assert process.pid is not None
    try:
        assert _ready(lambda: process.exitcode, port)
        first = _children(process.pid)
        assert len(first) == 2
        os.kill(min(first), signal.SIGKILL)
        deadline = time.monotonic() + 30
        while len(_children(process.pid) - {min(first)}) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(_children(process.pid) - {min(first)}) == 2
        assert _ready(lambda: process.exitcode, port)
    finally:
        process.terminate()
        process.join(30)
    assert process.exitcode == 0


def _children(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def test_the_demo_is_refused_outside_demo_mode(environment: dict[str, str]) -> None:
    refused = typed(environment, "demo")
    assert (refused.returncode, "DINGHUO_DEMO=true" in refused.stderr) == (1, True)


def test_a_wrong_setting_is_named(environment: dict[str, str]) -> None:
    refused = ended({**environment, "DINGHUO_PORT": "eighty"}, "migrate")
    assert refused.returncode == 1
    assert "DINGHUO_PORT" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_that_is_away_is_said_plainly(environment: dict[str, str]) -> None:
    url = f"postgresql://orders:hunter2@127.0.0.1:{free_port()}/orders"
    refused = ended({**environment, "DATABASE_URL": url}, "migrate")
    assert refused.returncode == 1
    assert "database cannot be reached" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "hunter2" not in refused.stderr


def test_the_schema_can_be_written_and_compared(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"
    assert ended(environment, "schema", "--check", str(file)).returncode == 1
    # In this process, which has the schema already.
    assert invoke("schema", str(file)).exit_code == 0
    assert invoke("schema", "--check", str(file)).exit_code == 0
    assert invoke("schema", "-").stdout == file.read_text(encoding="utf-8")


def test_the_doctor_is_content_with_an_empty_machine(environment: dict[str, str]) -> None:
    found = ended({**environment, "DINGHUO_PORT": str(free_port())}, "doctor")
    assert "the first start makes an embedded one" in found.stdout


def test_the_doctor_names_each_fault_and_its_cure(environment: dict[str, str]) -> None:
    key = Path(environment["DINGHUO_DATA_DIR"]) / "token-key.json"
    key.write_text("{}")
    key.chmod(0o644)
    faults = {
        "DINGHUO_HOST": "0.0.0.0",  # noqa: S104  # the fault under test
        "DINGHUO_PORT": "0",
        "DINGHUO_DEMO": "true",
        "DATABASE_URL": f"postgresql://orders:hunter2@127.0.0.1:{free_port()}/orders",
        "REDIS_URL": f"redis://127.0.0.1:{free_port()}",
    }
    found = ended({**environment, **faults}, "doctor")
    assert found.returncode == 1
    for cure in (f"chmod 600 {key}", "unset DINGHUO_DEMO", "Check DATABASE_URL", "Check REDIS_URL"):
        assert cure in found.stdout
    assert "hunter2" not in found.stdout + found.stderr


def test_the_doctor_looks_into_the_database(
    environment: dict[str, str], make_database_url: Callable[..., str], database_url: str
) -> None:
    settings = {**environment, "DINGHUO_PORT": "0"}
    healthy = ended({**settings, "DATABASE_URL": database_url}, "doctor").stdout
    assert "PostgreSQL 18" in healthy
    assert "run `dinghuo migrate`" not in healthy
    assert "run `dinghuo migrate`" in ended({**settings, "DATABASE_URL": make_database_url()}, "doctor").stdout
