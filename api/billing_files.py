"""Invoices and credit notes for download, to whoever may see the order."""

from functools import partial

from starlette.routing import BaseRoute, Route

from api.door import Door
from api.packing_files import pdf
from resolvers.printouts import CREDIT_NOTE_PATH, INVOICE_PATH
from services import billing_papers


def billing_file_routes(door: Door) -> list[BaseRoute]:
    """The routes."""
    invoice = partial(pdf, "Invoice", billing_papers.invoice_paper)
    credit_note = partial(pdf, "CreditNote", billing_papers.credit_note_paper)
    return [
        Route(INVOICE_PATH, door.to(invoice), methods=["GET"]),
        Route(CREDIT_NOTE_PATH, door.to(credit_note), methods=["GET"]),
    ]
