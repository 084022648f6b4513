"""Inputs that could be meant, made from the schema alone: what a mutation is given when only one field of it matters."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
)

from tests.makers import PASSWORD, make_credit_code, make_key
from tests.package_makers import make_sscc

Path = tuple[str | int, ...]
# What an id names where its field is not called after the type.
KINDS = {
    "attachmentIds": "Attachment",
    "parentId": "Category",
    "replacesId": "OfficialInvoice",
    "lineId": "OrderLine",
    "supplierId": "Company",
    "buyerId": "Company",
    "counterpartyId": "Company",
    "deliveryAddressId": "Address",
    "onBehalfOfId": "Member",
    "giverId": "Member",
    "takerId": "Member",
    "memberIds": "Member",
    "requesterIds": "Member",
    "categoryIds": "Category",
    "supplierIds": "Company",
    "costCentreIds": "CostCentre",
    "agreementId": "FrameworkAgreement",
    "certificateId": "SigningCertificate",
    "pushId": "CarrierPush",
    "preparationId": "SignaturePreparation",
    "photoIds": "Attachment",
    "returnId": "ReturnRequest",
    "fromWarehouseId": "Warehouse",
    "toWarehouseId": "Warehouse",
    "customerId": "Company",
    "gradeId": "CustomerGrade",
    "promotionIds": "Promotion",
    "otherInvoiceIds": "Invoice",
    "proofId": "Attachment",
    "differenceId": "ReconciliationDifference",
}
VALUES = {
    "deliveryZone": "Asia/Shanghai",
    "zone": "Asia/Shanghai",
    "country": "CN",
    "regionCode": "310115",
    "locality": None,
    "postalCode": "200120",
    "phone": "13800000000",
    "password": PASSWORD,
    "newPassword": PASSWORD,
    "oldPassword": PASSWORD,
    "proofSha256": "0" * 64,
    "signature": "AAAA",
    "secret": "0123456789abcdef",
    "latitude": "31.230372",
    "cms": None,
    "totpCode": "000000",
    "sha256": "0" * 64,
    "unit": "H87",
    "code": "a-code",
    "reasonCode": "95",
    "inspectionDays": 7,
    "taxRate": "0.13",
    "freightTaxRate": "0.09",
    "rate": "0.05",
    "before": "0.13",
    "after": "0.09",
}
SAID_BY_ADDRESS = frozenset({"deliveryPlace", "deliveryZone"})
"""Whoever names an address does not say these as well; and whoever gives lines, no text of them."""
SCALARS: dict[str, Any] = {
    "Int": 1,
    "Boolean": False,
    "Decimal": "1",
    "Date": "2027-01-15",
    "DateTime": "2027-01-15T08:00:00Z",
    "String": "a text",
}
PAST = ("talkedAt", "occurredAt", "despatchedAt", "paidOn", "issuedOn")
"""Moments that can only have been."""


def mutations(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLField]]:
    """Name and field of each mutation that takes an input."""
    assert schema.mutation_type is not None
    yield from ((name, field) for name, field in schema.mutation_type.fields.items() if field.args)


def plausible(type_: GraphQLInputType, ids: Mapping[str, str], name: str = "input") -> Any:
    """A value of the type, with every field of it given; `ids` by the kind of thing they name."""
    given = get_nullable_type(type_)
    if is_list_type(given):
        return [plausible(given.of_type, ids, name)]
    if is_input_object_type(given):
        said = {field: plausible(one.type, ids, field) for field, one in given.fields.items()}
        spared = said.keys() & SAID_BY_ADDRESS if "deliveryAddressId" in said else set()
        spared |= {"text"} if {"lines", "text"} <= said.keys() else set()
        return said | dict.fromkeys(spared)
    if is_enum_type(given):
        return next(iter(given.values))
    scalar = get_named_type(given).name
    return ids[kind_of(name)] if scalar == "ID" else _scalar(scalar, name)


def _scalar(type_: str, name: str) -> Any:
    if name == "idempotencyKey":
        return make_key()
    if name == "creditCode":
        return make_credit_code()
    if name == "sscc":
        return make_sscc()
    if name in PAST:
        return "2026-01-15" if type_ == "Date" else "2026-01-15T08:00:00Z"
    return VALUES.get(name, SCALARS[type_])


def kind_of(name: str) -> str:
    """What an id under this name is the id of."""
    kind = name.removesuffix("Id")
    return KINDS.get(name, kind[:1].upper() + kind[1:])


def leaves(type_: GraphQLInputType, path: Path = ("input",)) -> Iterator[tuple[Path, str]]:
    """The path of each leaf in a plausible value, and the name of its type."""
    given = get_nullable_type(type_)
    if is_list_type(given):
        yield from leaves(given.of_type, (*path, 0))
    elif is_input_object_type(given):
        for name, field in given.fields.items():
            yield from leaves(field.type, (*path, name))
    else:
        yield path, get_named_type(given).name


def put(value: Any, path: Path, leaf: Any) -> Any:
    """The value with another leaf at the path."""
    if not path:
        return leaf
    step, *rest = path
    if isinstance(value, list):
        return [put(entry, tuple(rest), leaf) if place == step else entry for place, entry in enumerate(value)]
    return {**value, step: put(value[step], tuple(rest), leaf)}


def spelled(path: Path) -> str:
    """The path as refusals name it, such as `input.lines[0].quantity`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
