"""The command `dinghuo` as a process of its own, begun where the product is loaded already (docs/decisions/0004)."""

import multiprocessing
import os
import sys
from multiprocessing.context import ForkServerProcess

from tests.source import ROOT

_LOADED = multiprocessing.get_context("forkserver")
_LOADED.set_forkserver_preload(["api.serving", "api.demo.making"])


def dinghuo(environment: dict[str, str], *words: str) -> ForkServerProcess:
    """The command, running: with this environment beside that of the tests, its words to nobody."""
    command = _LOADED.Process(target=_carry_out, args=({**os.environ, **environment}, words), daemon=True)
    command.start()
    return command


def _carry_out(environment: dict[str, str], words: tuple[str, ...]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    sys.argv = ["dinghuo", *words]

    from api.cli import main

    main()
