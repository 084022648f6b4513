"""Statements of account for download, to whoever reads the books they are of."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from api.attachments import saved_as, stored_pieces
from api.door import Door
from models import StatementFile
from resolvers.context import Context
from resolvers.ids import decode_id
from resolvers.statement_files import STATEMENT_PATH
from rules.account_statements import StatementFileStatus, StatementFormat
from rules.files import CSV, XLSX
from rules.problems import NotFound

MEDIA_TYPES = {
    StatementFormat.PDF: "application/pdf",
    StatementFormat.XLSX: XLSX.media_type,
    StatementFormat.CSV: CSV.media_type,
}


def statement_file_routes(door: Door) -> list[BaseRoute]:
    """The routes."""
    return [Route(STATEMENT_PATH, door.to(download), methods=["GET"])]


async def download(request: Request, context: Context) -> Response:
    """The file, to be saved; one that is missing, not made yet, gone or a stranger's looks like none."""
    given = request.path_params["id"]
    key = decode_id("StatementFile", given)
    file = key and await StatementFile.visible_to(context.actor).get_or_none(id=key, status=StatementFileStatus.READY)
    if not file:
        raise NotFound("StatementFile", given)
    name = f"statement-{file.period_start}-{file.period_end}-{file.id.hex[-8:]}.{file.format.lower()}"
    headers = {**saved_as(name), "content-length": str(file.size), "etag": f'"{file.sha256}"'}
    media_type = MEDIA_TYPES[file.format]
    if request.method == "HEAD":
        return Response(headers=headers, media_type=media_type)
    return StreamingResponse(await stored_pieces(str(file.stored_key)), headers=headers, media_type=media_type)
