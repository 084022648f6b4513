"""The limit: the same answers from handlers written by hand, without GraphQL, permissions or anything else between socket and database.

Each question is answered in two ways, by rows put together in Python and by one statement whose JSON is passed on; the faster one
counts. Both read through a connection that is given back without a round trip, as ours are.
"""

import os
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.raw_sql import DETAIL_JSON, DETAIL_ROWS, LIST_JSON, LIST_ROWS
from models.driver import Session

BUYER = UUID(os.environ.get("BENCH_BUYER", "0" * 32))
ORDER = UUID(os.environ.get("BENCH_ORDER", "0" * 32))
FIRST = 50
pool: Any = None


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """The pool."""
    global pool
    pool = await asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=1, max_size=10, connection_class=Session, server_settings={"jit": "off"}
    )
    yield
    await pool.close()


async def list_json(_request: Request) -> Response:
    """The order list as one statement."""
    return _json(await pool.fetchval(LIST_JSON, BUYER, FIRST))


async def detail_json(_request: Request) -> Response:
    """The order detail as one statement."""
    return _json(await pool.fetchval(DETAIL_JSON, ORDER))


async def list_rows(_request: Request) -> Response:
    """The order list from rows."""
    async with pool.acquire() as connection:
        orders = await connection.fetch(LIST_ROWS["orders"], BUYER, FIRST)
        ids = [order["id"] for order in orders]
        lines = _by(await connection.fetch(LIST_ROWS["lines"], ids), "order_id")
        shipments = _by(await connection.fetch(LIST_ROWS["shipments"], ids), "order_id")
        suppliers = {
            one["id"]: one
            for one in await connection.fetch(LIST_ROWS["companies"], list({order["supplier_id"] for order in orders}))
        }
    nodes = [
        {
            "id": _id("Order", order["id"]),
            "number": order["number"],
            "status": order["status"],
            "version": order["version"],
            "createdAt": _time(order["created_at"]),
            "estimatedTotal": {"amount": str(order["estimated_total"]), "currency": order["currency"]},
            "supplier": _company(suppliers[order["supplier_id"]]),
            "lines": [
                {
                    "position": line["position"],
                    "name": line["name_zh"],
                    "quantity": {"value": str(line["quantity"]), "unit": line["unit"]},
                    "listPrice": str(line["list_price"]),
                }
                for line in lines[order["id"]]
            ],
            "shipments": [{"status": shipment["status"]} for shipment in shipments[order["id"]]],
        }
        for order in orders
    ]
    return _json(orjson.dumps({"data": {"orders": {"nodes": nodes}}}))


async def detail_rows(_request: Request) -> Response:
    """The order detail from rows."""
    async with pool.acquire() as connection:
        order = await connection.fetchrow(DETAIL_ROWS["order"], ORDER)
        lines = await connection.fetch(DETAIL_ROWS["lines"], ORDER)
        messages = await connection.fetch(DETAIL_ROWS["messages"], ORDER)
        shipments = await connection.fetch(DETAIL_ROWS["shipments"], ORDER)
        products = _one(await connection.fetch(DETAIL_ROWS["products"], [line["product_id"] for line in lines]))
        wanted = {order["buyer_id"], order["supplier_id"], *(message["company_id"] for message in messages)}
        companies = _one(await connection.fetch(DETAIL_ROWS["companies"], list(wanted)))
        reports = _by(await connection.fetch(DETAIL_ROWS["reports"], [one["id"] for one in shipments]), "shipment_id")
    shown = {
        "id": _id("Order", order["id"]),
        "number": order["number"],
        "status": order["status"],
        "version": order["version"],
        "createdAt": _time(order["created_at"]),
        "updatedAt": _time(order["updated_at"]),
        "turn": order["turn"],
        "turnSince": _time(order["turn_since"]),
        "deliveryPlace": order["delivery_place"],
        "deliveryZone": order["delivery_zone"],
        "estimatedTotal": {"amount": str(order["estimated_total"]), "currency": order["currency"]},
        "buyer": _company(companies[order["buyer_id"]]),
        "supplier": _company(companies[order["supplier_id"]]),
        "lines": [_line(line, products[line["product_id"]]) for line in lines],
        "messages": [
            {
                "kind": message["kind"],
                "text": message["text"],
                "authorName": message["author_name"],
                "createdAt": _time(message["created_at"]),
                "company": {"legalName": companies[message["company_id"]]["legal_name"]},
            }
            for message in messages
        ],
        "shipments": [_shipment(shipment, reports[shipment["id"]]) for shipment in shipments],
    }
    return _json(orjson.dumps({"data": {"order": shown}}))


def _line(line: Any, product: Any) -> dict[str, Any]:
    return {
        "position": line["position"],
        "sku": line["sku"],
        "name": line["name_zh"],
        "specification": orjson.loads(line["specification"]),
        "quantity": {"value": str(line["quantity"]), "unit": line["unit"]},
        "listPrice": str(line["list_price"]),
        "product": {
            "id": _id("Product", product["id"]),
            "sku": product["sku"],
            "leadTimeDays": product["lead_time_days"],
        },
    }


def _shipment(shipment: Any, reports: Iterable[Any]) -> dict[str, Any]:
    return {
        "number": shipment["number"],
        "status": shipment["status"],
        "carrier": shipment["carrier"],
        "waybill": shipment["waybill"],
        "despatchedAt": _time(shipment["despatched_at"]),
        "trackingEvents": [
            {"code": report["code"], "place": report["place"], "occurredAt": _time(report["occurred_at"])}
            for report in reports
        ],
    }


def _company(company: Any) -> dict[str, str]:
    return {"id": _id("Company", company["id"]), "legalName": company["legal_name"]}


def _id(kind: str, row: UUID) -> str:
    return urlsafe_b64encode(kind.encode() + b":" + row.bytes).decode().rstrip("=")


def _time(moment: datetime) -> str:
    return moment.isoformat()[:-6] + "Z"


def _by(rows: Iterable[Any], column: str) -> dict[Any, list[Any]]:
    groups = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _one(rows: Iterable[Any]) -> dict[Any, Any]:
    return {row["id"]: row for row in rows}


def _json(text: str | bytes) -> Response:
    return Response(text, media_type="application/json")


app = Starlette(
    routes=[
        Route("/list/rows", list_rows, methods=["POST"]),
        Route("/list/json", list_json, methods=["POST"]),
        Route("/detail/rows", detail_rows, methods=["POST"]),
        Route("/detail/json", detail_json, methods=["POST"]),
    ],
    lifespan=lifespan,
)
