"""The product, loaded once for all processes that tests begin: imported where nothing else runs, before the first of them is forked."""

from api import garbage

garbage.rarely()

import api.demo.making  # noqa: E402
import api.serving  # noqa: E402, F401

# Whoever is forked from here never looks through it for garbage, which would give each process a copy of its own.
garbage.settle()
