"""`python -m tests.long_statement DATABASE_URL FOLDER FILES`: makes so many statements that were asked for, and tells in JSON what each
of them took: MiB of memory, seconds, seconds of a processor, and the longest time for which nothing else had its turn."""

import asyncio
import json
import sys
import time
from datetime import timedelta
from pathlib import Path

from models import database
from partners.documents.typst_printer import TypstPrinter
from partners.storage.folder import Folder
from rules.errands import ErrandKind
from services import errands, partners
from services.making_statements import make_statement

MEMORY = Path("/proc/self/status")
TICK = 0.005
"""Seconds."""


def peak() -> int:
    """MiB of memory that this process has held at most. Not `ru_maxrss`, which begins with what the process held that started it."""
    [line] = [line for line in MEMORY.read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


async def main(url: str, folder: str, files: int) -> list[dict[str, float]]:
    """One after the other, as one worker makes them; progress is told of each slice."""
    partners.use_printer(TypstPrinter())
    partners.use_storage(Folder(Path(folder)))
    await database.connect(url)
    try:
        return [await _made() for _ in range(files)]
    finally:
        await database.close()


async def _made() -> dict[str, float]:
    pauses = [0.0]
    ticking = asyncio.create_task(_tick(pauses))
    before, cpu, began = peak(), time.process_time(), time.monotonic()
    await errands.work_due({ErrandKind.MAKE_STATEMENT: lambda errand: make_statement(errand, timedelta())}, 1)
    seconds = time.monotonic() - began
    ticking.cancel()
    return {
        "grown": peak() - before,
        "seconds": round(seconds, 2),
        "cpu": round(time.process_time() - cpu, 2),
        "longest_pause": round(max(pauses), 3),
    }


async def _tick(pauses: list[float]) -> None:
    """How much later than it should it is everybody's turn again."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(TICK)
        pauses.append(time.monotonic() - began - TICK)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))))
