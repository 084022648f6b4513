"""The command `dinghuo` as a process of its own, begun where the product is loaded already (docs/decisions/0004)."""

import multiprocessing
import os
import sys
import tempfile
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from subprocess import CompletedProcess

from tests.source import ROOT

_LOADED = multiprocessing.get_context("forkserver")
_LOADED.set_forkserver_preload(["tests.loaded"])
PATIENCE = 120.0
"""Seconds a command may take to end by itself."""


def dinghuo(environment: dict[str, str], *words: str) -> ForkServerProcess:
    """The command, running: with this environment beside that of the tests, its words to nobody."""
    return begun({**os.environ, **environment}, words, errors=Path(os.devnull))


def begun(
    environment: dict[str, str], words: tuple[str, ...], output: Path | None = None, errors: Path | None = None
) -> ForkServerProcess:
    """The command, running: with this environment and no other; what it says is written into the files."""
    command = _LOADED.Process(target=_carry_out, args=(environment, words, output, errors), daemon=True)
    command.start()
    return command


def ended(environment: dict[str, str], *words: str) -> CompletedProcess[str]:
    """The command, run to its end: with this environment and no other."""
    with tempfile.TemporaryDirectory() as folder:
        output, errors = Path(folder) / "output", Path(folder) / "errors"
        command = begun(environment, words, output, errors)
        command.join(PATIENCE)
        if command.exitcode is None:
            command.kill()
            raise TimeoutError(f"dinghuo {' '.join(words)} has not ended")
        return CompletedProcess(words, command.exitcode, output.read_text("utf-8"), errors.read_text("utf-8"))


def _carry_out(environment: dict[str, str], words: tuple[str, ...], output: Path | None, errors: Path | None) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    for stream, file in ((1, output), (2, errors)):
        if file is not None:
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    sys.argv = ["dinghuo", *words]

    from api.cli import main

    main()
