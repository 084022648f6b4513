"""Queries that ask for all there is: every field of every type reachable, no type twice on one path."""

from collections.abc import Iterator, Mapping

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_interface_type,
    is_object_type,
    is_required_argument,
)

GIVEN = {
    "quickEntry": '(input: {{orderId: "{Order}", text: "SKU-1 1\\nSKU-2 2"}})',
    "commissionPreview": '(invoiceId: "{Invoice}", amount: "1.00")',
    "statementOfAccount": '(counterpartyId: "{Company}", currency: CNY, periodStart: "2026-01-01", periodEnd: "2199-12-31")',
    "receivablesAgeing": '(on: "2199-12-30", currency: CNY)',
    "payablesAgeing": '(on: "2199-12-30", currency: CNY)',
}
"""What is asked for that wants more than an id."""


def questions(schema: GraphQLSchema, ids: Mapping[str, str], depth: int = 6) -> Iterator[tuple[str, dict[str, str]]]:
    """For each field of Query a document and its variables; one that wants an id is asked for each of `ids`."""
    assert schema.query_type is not None
    for name, field in schema.query_type.fields.items():
        wanted = [argument for argument, given in field.args.items() if is_required_argument(given)]
        if name in GIVEN:
            yield f"{{ {name}{GIVEN[name].format(**ids)} {selection(schema, field, depth)} }}", {}
            continue
        assert wanted in ([], ["id"]), f"{name} wants {wanted}: say here what to give"
        if not wanted:
            yield f"{{ {name}{_page(field)} {selection(schema, field, depth)} }}", {}
            continue
        for kind in [get_named_type(field.type).name] if get_named_type(field.type).name in ids else list(ids):
            below = selection(schema, field, depth, only=kind if name == "node" else None)
            yield f"query ($id: ID!) {{ {name}(id: $id) {below} }}", {"id": ids[kind]}


def question(schema: GraphQLSchema, name: str, depth: int = 6) -> str:
    """All that the field of Query tells of the thing with the id `$id`."""
    assert schema.query_type is not None
    return f"query ($id: ID!) {{ {name}(id: $id) {selection(schema, schema.query_type.fields[name], depth)} }}"


def watching(schema: GraphQLSchema, depth: int = 3) -> str:
    """A subscription to all that the caller's company may know, from the start."""
    assert schema.subscription_type is not None
    field = schema.subscription_type.fields["companyEvents"]
    return f"subscription {{ companyEvents(after: 0) {selection(schema, field, depth)} }}"


def selection(
    schema: GraphQLSchema, field: GraphQLField, depth: int, above: tuple[str, ...] = (), only: str | None = None
) -> str:
    """All that can be selected on the field's type, or on the one object type named."""
    type_ = get_named_type(field.type)
    if not is_composite_type(type_):
        return ""
    if is_abstract_type(type_):
        kinds = [kind for kind in schema.get_possible_types(type_) if only in (None, kind.name)]
        # What the interface itself has is asked for once: a frame holds 64 KiB. The rest is aliased, since fields of the same name may
        # be of different types; all of it, since validation compares what is not.
        common = frozenset(type_.fields) if is_interface_type(type_) else frozenset()
        parts = [
            f"... on {kind.name} {_fields(schema, kind, depth, (*above, type_.name), f'a{number}_', common)}"
            for number, kind in enumerate(kinds)
            if common < kind.fields.keys()
        ]
        shared = _fields(schema, type_, depth, above) if is_interface_type(type_) else "{__typename}"
        return f"{shared[:-1]} {' '.join(parts)}}}"
    assert is_object_type(type_)
    return _fields(schema, type_, depth, above)


def _fields(
    schema: GraphQLSchema,
    type_: GraphQLObjectType | GraphQLInterfaceType,
    depth: int,
    above: tuple[str, ...],
    prefix: str = "",
    but: frozenset[str] = frozenset(),
) -> str:
    # What is aliased stands beside the others of its interface, and there the type is asked for once: each repetition is to be merged.
    parts = [] if prefix else ["__typename"]
    for name, field in type_.fields.items():
        kind = get_named_type(field.type)
        if name in but:
            continue
        if is_composite_type(kind) and (depth == 0 or kind.name in (*above, type_.name)):
            continue
        alias = f"{prefix}{name}: " if prefix else ""
        below = selection(schema, field, depth - 1, (*above, type_.name))
        parts.append(f"{alias}{name}{below}")  # without a blank that is not needed: a frame holds 64 KiB
    return f"{{{' '.join(parts)}}}"


def _page(field: GraphQLField) -> str:
    return "(first: 100)" if "first" in field.args else ""
