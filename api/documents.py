"""Query texts made into documents that are safe to run: parsed, measured and validated once, then remembered."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    ValueNode,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    VisitorAction,
    parse,
    specified_rules,
    validate,
    visit,
)
from graphql.language import SKIP
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.bounds import Limits
from api.cost import Cost, CostCounter
from api.limits import Fragments, check_shape, fragments_of, group_fields
from resolvers.coercion import literal_faults
from resolvers.errors import Code, Refused, bad_input, over_limit, refusal

# Tokens kept over all remembered documents; a token with its nodes takes about half a KB.
REMEMBERED_TOKENS = 40_000


class InputLiteralsRule(ValuesOfCorrectTypeRule):
    """The standard rule, but a wrong literal is an INVALID_INPUT error that names its path."""

    place = ""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """Remember which argument the next value is for."""
        self.place = node.name.value

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        """Remember which variable the next value is the default of."""
        self.place = node.variable.name.value

    def is_valid_value_node(self, node: ValueNode, input_type: GraphQLInputType | None) -> VisitorAction:
        """Report each fault of an argument's whole value."""
        for path, fault in literal_faults(node, input_type, self.place) if input_type else ():
            self.report_error(bad_input(path, fault, node=node))
        return SKIP


RULES = (
    *(InputLiteralsRule if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules),
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)


@dataclass(frozen=True)
class Operation:
    """One operation of a valid document, and what it will cost."""

    node: OperationDefinitionNode
    cost: Cost
    only_introspects: bool
    variables_below: frozenset[str]
    """The variables used anywhere but in the arguments of the root fields."""

    @property
    def type(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.node.operation


@dataclass(frozen=True)
class Document:
    """A valid document within all limits."""

    node: DocumentNode
    operations: tuple[Operation, ...]

    def operation(self, name: str | None) -> Operation:
        """The operation of that name, or the only one; Refused where that is not exactly one."""
        found = [one for one in self.operations if name is None or (one.node.name and one.node.name.value == name)]
        if len(found) == 1:
            return found[0]
        message = "There is no operation of this name." if name else "Several operations: say which by operationName."
        raise Refused(refusal(Code.VALIDATION_FAILED, message))


class Documents:
    """The documents of one schema, the most recently used remembered."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self.schema = schema
        self.limits = limits
        self.costs = CostCounter(schema, limits)
        self._remembered: OrderedDict[str, Document] = OrderedDict()
        self._tokens = 0

    def of(self, text: str) -> Document:
        """The document of a query text; Refused with its errors when it is wrong or over a limit."""
        if (known := self._remembered.get(text)) is not None:
            self._remembered.move_to_end(text)
            return known
        document = self._valid(text)
        self._remember(text, document)
        return document

    def _remember(self, text: str, document: Document) -> None:
        self._remembered[text] = document
        self._tokens += _tokens(document)
        while self._tokens > REMEMBERED_TOKENS:
            _, oldest = self._remembered.popitem(last=False)
            self._tokens -= _tokens(oldest)

    def _valid(self, text: str) -> Document:
        try:
            node = self._parsed(text)
            check_shape(node, self.limits)
        except GraphQLError as error:
            raise Refused(error) from None
        errors = validate(self.schema, node, RULES, max_errors=self.limits.errors, hide_suggestions=True)
        if errors:
            raise Refused(*map(_coded, errors[: self.limits.errors]))
        return self._counted(node)

    def _parsed(self, text: str) -> DocumentNode:
        size = len(text.encode(errors="surrogatepass"))
        if size > self.limits.document_bytes:
            raise over_limit("documentBytes", self.limits.document_bytes, size)
        try:
            return parse(text, max_lexical_tokens=self.limits.tokens, max_comments=self.limits.tokens)
        except GraphQLSyntaxError as error:
            if "nested too deeply" in error.message:
                raise over_limit("nesting", self.limits.nesting, self.limits.nesting + 1) from None
            if "Parsing aborted" in error.message:
                raise over_limit("tokens", self.limits.tokens, self.limits.tokens + 1) from None
            raise _recoded(error, Code.SYNTAX_ERROR) from None

    def _counted(self, node: DocumentNode) -> Document:
        fragments = fragments_of(node)
        operations = [one for one in node.definitions if isinstance(one, OperationDefinitionNode)]
        return Document(node, tuple(self._operation(one, fragments) for one in operations))

    def _operation(self, node: OperationDefinitionNode, fragments: Fragments) -> Operation:
        roots = [
            field for fields in group_fields([("", node.selection_set)], fragments).values() for _, field in fields
        ]
        introspection = self.costs.introspection(node, fragments).own
        only_introspects = introspection > 0 and all(field.name.value.startswith("__") for field in roots)
        self._check_introspection(introspection, alone=only_introspects)
        below = _variables_below(roots, fragments)
        return Operation(node, self.costs.data(node, fragments), only_introspects, below)

    def _check_introspection(self, asked: int, *, alone: bool) -> None:
        if asked and not self.limits.introspection:
            raise Refused(refusal(Code.VALIDATION_FAILED, "Introspection is switched off here."))
        # Beside data it runs on the event loop, where it must not take long.
        allowed = self.costs.introspection_allowed if alone else min(self.limits.cost, self.costs.introspection_allowed)
        if asked > allowed:
            raise Refused(over_limit("introspection", allowed, asked))


def _variables_below(roots: Iterable[FieldNode], fragments: Fragments) -> frozenset[str]:
    used = _UsedVariables()
    for root in roots:
        for part in (*(root.directives or ()), *([root.selection_set] if root.selection_set else ())):
            visit(part, used)
    for fragment in fragments.values():
        visit(fragment, used)
    return frozenset(used.names)


class _UsedVariables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.names.add(node.name.value)


def _tokens(document: Document) -> int:
    return getattr(document.node, "token_count", 0)


def _coded(error: GraphQLError) -> GraphQLError:
    if error.extensions:
        return error
    input_error = isinstance(error, StrawberryInputCoercionError)
    return _recoded(error, Code.INVALID_INPUT if input_error else Code.VALIDATION_FAILED)


def _recoded(error: GraphQLError, code: Code) -> GraphQLError:
    return GraphQLError(error.message, error.nodes, error.source, error.positions, extensions={"code": code.value})
