"""What one request may ask for, measured in time linear in the document before anything of it runs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from api.bounds import Limits
from resolvers.errors import Code, over_limit, refusal

INTROSPECTION = frozenset({"__schema", "__type"})
Fragments = dict[str, FragmentDefinitionNode]
# A selection set or field, and the name of the type it is selected on.
TypedSet = tuple[str, SelectionSetNode]
TypedField = tuple[str, FieldNode]


@dataclass
class _Measures:
    """What an operation or fragment amounts to, the fragments it spreads included once `_total` has added them."""

    depth: int = 0
    nesting: int = 0
    aliases: int = 0
    directives: int = 0
    spreads: list[tuple[str, int, int]] = field(default_factory=list)


def check_shape(document: DocumentNode, limits: Limits) -> None:
    """Raise LIMIT_EXCEEDED when the document is too deep, too wide or too repetitive to be looked at any closer."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = fragments_of(document)
    _within("operations", limits.operations, len(operations))
    _within("fragments", limits.fragments, len(document.definitions) - len(operations))
    own = {name: _survey(fragment, limits) for name, fragment in fragments.items()}
    totals: dict[str, _Measures | None] = {}
    for fragment in own.values():
        _total(fragment, own, totals, limits)
    for operation in operations:
        _total(_survey(operation, limits), own, totals, limits)
        _check_roots(operation, fragments, limits)
    _check_merging([*operations, *fragments.values()], fragments, limits)


def fragments_of(document: DocumentNode) -> Fragments:
    """The document's fragments by name."""
    return {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}


def group_fields(selection_sets: Iterable[TypedSet], fragments: Fragments) -> dict[str, list[TypedField]]:
    """The fields of one level by the name they answer under, as execution collects them: each fragment once."""
    groups: dict[str, list[TypedField]] = defaultdict(list)
    seen: set[str] = set()
    waiting = list(selection_sets)
    while waiting:
        on, selection_set = waiting.pop()
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                groups[(selection.alias or selection.name).value].append((on, selection))
            elif isinstance(selection, InlineFragmentNode):
                narrowed = selection.type_condition.name.value if selection.type_condition else on
                waiting.append((narrowed, selection.selection_set))
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                seen.add(selection.name.value)
                if found := fragments.get(selection.name.value):
                    waiting.append((found.type_condition.name.value, found.selection_set))
    return groups


def _within(limit: str, allowed: int, found: int) -> None:
    if found > allowed:
        raise over_limit(limit, allowed, found)


def _survey(root: OperationDefinitionNode | FragmentDefinitionNode, limits: Limits) -> _Measures:
    """Measure one definition without following its fragments; a loop, since recursion could be made to overflow."""
    found = _Measures(directives=len(root.directives or ()))
    found.directives += sum(len(variable.directives or ()) for variable in root.variable_definitions or ())
    # (selection set, depth or -1 inside introspection, nesting)
    waiting = [(root.selection_set, -1 if _describes_schema(root) else 1, 1)]
    while waiting:
        selection_set, depth, nesting = waiting.pop()
        found.nesting = max(found.nesting, nesting)
        for selection in selection_set.selections:
            found.directives += len(selection.directives or ())
            if isinstance(selection, FragmentSpreadNode):
                found.spreads.append((selection.name.value, depth, nesting))
            elif isinstance(selection, InlineFragmentNode):
                waiting.append((selection.selection_set, depth, nesting + 1))
            elif isinstance(selection, FieldNode):
                found.aliases += selection.alias is not None
                found.depth = max(found.depth, depth)
                if selection.selection_set:
                    hidden = depth < 0 or selection.name.value in INTROSPECTION
                    waiting.append((selection.selection_set, -1 if hidden else depth + 1, nesting + 1))
    _check(found, limits)
    return found


def _describes_schema(root: OperationDefinitionNode | FragmentDefinitionNode) -> bool:
    return isinstance(root, FragmentDefinitionNode) and root.type_condition.name.value.startswith("__")


def _check(found: _Measures, limits: Limits) -> None:
    _within("depth", limits.depth, found.depth)
    _within("nesting", limits.nesting, found.nesting)
    _within("aliases", limits.aliases, found.aliases)
    _within("directives", limits.directives, found.directives)


def _total(
    own: _Measures, surveys: dict[str, _Measures], totals: dict[str, _Measures | None], limits: Limits
) -> _Measures:
    """Add what the spread fragments bring, each fragment's total worked out once however often it is spread."""
    total = _Measures(own.depth, own.nesting, own.aliases, own.directives)
    for name, depth, nesting in own.spreads:
        if name not in surveys:
            continue  # validation reports it
        if name not in totals:
            totals[name] = None
            totals[name] = _total(surveys[name], surveys, totals, limits)
        if (below := totals[name]) is None:  # it is still being added up: the fragment spreads itself
            raise refusal(Code.VALIDATION_FAILED, f"Fragment '{name}' contains itself.")
        total.aliases += below.aliases
        total.directives += below.directives
        total.nesting = max(total.nesting, nesting + below.nesting)
        if depth > 0:
            total.depth = max(total.depth, depth - 1 + below.depth)
    _check(total, limits)
    return total


def _check_roots(operation: OperationDefinitionNode, fragments: Fragments, limits: Limits) -> None:
    groups = group_fields([("", operation.selection_set)], fragments)
    _within("rootFields", limits.root_fields, sum(len(fields) for fields in groups.values()))
    if operation.operation is OperationType.MUTATION:
        names = [fields[0][1].name.value for fields in groups.values()]
        for name in limits.once.intersection(names):
            _within(name, 1, names.count(name))


def _check_merging(
    roots: list[OperationDefinitionNode | FragmentDefinitionNode], fragments: Fragments, limits: Limits
) -> None:
    """Bound the work of validation's rule about overlapping fields, which is quadratic in fields of one name."""
    found = merges = 0
    waiting: list[list[TypedSet]] = [[("", root.selection_set)] for root in roots]
    while waiting:
        for fields in group_fields(waiting.pop(), fragments).values():
            found += len(fields)
            merges += len(fields) * (len(fields) - 1) // 2
            if below := [("", node.selection_set) for _, node in fields if node.selection_set]:
                waiting.append(below)
        _within("fields", limits.fields, found)
        _within("merges", limits.merges, merges)
