"""Order lines out of the house as spreadsheets, `GET /orders/<id>/lines.xlsx` and `.csv`, and the empty one to fill in."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import BinaryIO
from uuid import UUID

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from api.attachments import saved_as
from api.door import SECURED, Door
from models import Address, OrderLine
from resolvers.context import Context
from resolvers.ids import decode_id
from resolvers.words import best_locale, label
from rules.files import CSV, XLSX, FileType
from rules.line_sheets import Column, Value
from rules.problems import NotFound
from services.line_files import (
    DATE_FORMAT,
    TEXT_FORMAT,
    Heading,
    lines_to_write,
    write_csv,
    write_template,
    write_xlsx,
)

PIECE = 256 * 1024
Writer = Callable[[BinaryIO], None]
_WIDTHS = {"SKU": 20, "NAME": 32, "QUANTITY": 12, "UNIT": 10, "REQUESTED_ON": 14, "QUALITY": 40, "DELIVER_TO": 32}
# A program that took an article number for a number would drop its zeros in front.
_FORMATS = {
    "SKU": TEXT_FORMAT,
    "NAME": TEXT_FORMAT,
    "QUALITY": TEXT_FORMAT,
    "DELIVER_TO": TEXT_FORMAT,
    "REQUESTED_ON": DATE_FORMAT,
}


def line_file_routes(door: Door) -> list[BaseRoute]:
    """The routes."""
    return [
        Route("/orders/{id}/lines.xlsx", door.to(partial(lines, XLSX, write_xlsx)), methods=["GET"]),
        Route("/orders/{id}/lines.csv", door.to(partial(lines, CSV, write_csv)), methods=["GET"]),
        Route("/import-template.xlsx", template, methods=["GET"]),
    ]


async def lines(
    kind: FileType,
    write: Callable[[BinaryIO, Sequence[Heading], Iterator[Sequence[Value]]], None],
    request: Request,
    context: Context,
) -> Response:
    """The lines of an order that the caller may see, in the caller's language; what is missing and what is a stranger's look the same."""
    given = request.path_params["id"]
    order_id = decode_id("Order", given)
    if order_id is None:
        raise NotFound("Order", given)
    order, found, book = await lines_to_write(context.actor, order_id)
    rows = (_row(line, book, context.locale) for line in found)
    return await _sent(lambda file: write(file, _headings(_WIDTHS, context.locale), rows), order.number, kind)


async def template(request: Request) -> Response:
    """An empty list with the headings that an import knows; there is nothing in it that anybody may not see."""
    columns = [column for column in Column if column is not Column.UNIT]  # an article has but one
    headings = _headings(columns, best_locale(request.headers.get("accept-language")))
    quantity = columns.index(Column.QUANTITY)
    response = await _sent(lambda file: write_template(file, headings, quantity), "import-template", XLSX)
    response.headers.update({**SECURED, "vary": "accept-language"})
    return response


def _headings(columns: Sequence[str] | dict[str, int], locale: str) -> list[Heading]:
    return [Heading(label("sheet_column", name, locale), _WIDTHS[name], _FORMATS.get(name)) for name in columns]


def _row(line: OrderLine, book: Mapping[UUID, Address], locale: str) -> tuple[Value, ...]:
    """Where it goes is told as the buyer's book calls it, which an import reads; to everybody else, as the place is called."""
    entry = book.get(line.delivery_entry_id) if line.delivery_entry_id else None
    deliver_to = entry.label if entry else line.delivery_place
    name = line.name_zh if locale == "zh-CN" else line.name_en
    unit = label("unit", line.unit, locale)
    return (line.sku, name, line.quantity, unit, line.requested_on, line.quality_requirement, deliver_to)


async def _sent(write: Writer, name: str, kind: FileType) -> Response:
    file = await to_thread.run_sync(_written, write)
    return StreamingResponse(_pieces(file), headers=saved_as(name + kind.endings[0]), media_type=kind.media_type)


def _written(write: Writer) -> BinaryIO:
    """A file that vanishes by itself."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed when it was sent
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
