"""`python -m tests.statement_paper LINES`: prints a statement of so many lines to nowhere, and what that took, in JSON."""

import json
import os
import resource
import sys
import tempfile
import time

from partners.documents.typst_printer import TypstPrinter
from services import partners
from services.making_statements import SLICE
from services.statement_paper import Paper
from tests.statement_makers import make_head, make_lines, make_open_invoices


def peak() -> int:
    """MiB, since the process began."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(count: int) -> dict[str, object]:
    """Lines come in as the service hands them over."""
    partners.use_printer(TypstPrinter())
    lines, invoices = make_lines(count), make_open_invoices(60)
    before, began = peak(), time.monotonic()
    with tempfile.TemporaryFile() as out:
        paper = Paper(make_head(lines, invoices, locale="zh-CN"), out, "number")
        for start in range(0, count, SLICE):
            paper.lines(lines[start : start + SLICE])
        paper.summary()
        paper.invoices(invoices)
        paper.end()
        paper.close()
        size = os.fstat(out.fileno()).st_size
    taken = {"cpu": time.process_time(), "seconds": time.monotonic() - began}
    return {"lines": count, "before": before, "peak": peak(), "size": size, **taken}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))))
