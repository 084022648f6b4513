"""Relations are declared, not coded: what a GraphQL type shows of a row, in one line for each field.

Usage
-----
    @strawberry.type
    @shows(models.Order)                                   # rows and instances of this model appear as this type
    class Order(Node):
        number: str                                        # the row's attribute of that name
        status: OrderStatus                                # enum columns hold the plain string; both forms serialise
        id: strawberry.ID = derived(lambda order: encode("Order", order.id))
        total: Money = derived(lambda order: Money(order.total_amount, order.currency))
        status_label: str = derived(lambda order, context: label(order.status, context.locale))
        supplier: "Company" = related(One(models.Company, "supplier_id"))
        lines: list["OrderLine"] = related(Many(models.OrderLine, by="order_id", order_by=("position",)))
        notes: list["Note"] = related(Many(models.Note, by="order_id", visible=True))        # through Note.visible_to(actor)
        latest_shipment: "Shipment | None" = related(First(models.Shipment, by="order_id", order_by=("-id",)))
        events: list["Event"] = related(order_events, description="…")                       # the general form

    async def order_events(context: Context, parents: Sequence[Any], first: int = 20) -> list[list[Row]]:
        '''Called once for all orders of a level; the answer has one entry for each parent, in their order.'''

- A batch's parameters after `context, parents` become GraphQL arguments. Aliases with different arguments are loaded apart.
- An entry of the answer may be an Exception: then only that parent's field fails. A raised exception fails all of them.
- A batch must be hashable (functions and the classes below are) and may be shared by several fields; it is then asked once.
- `derived(fn)`: `fn(row)` or `fn(row, context)`, pure and synchronous. It may give a leaf, an object or a list of them.
- Connections are plain strawberry objects: the root resolver builds `OrderConnection(edges=[OrderEdge(node=row, …)], …)`, the rows in
  it are found and their relations loaded. The same holds for payload objects in a mutation's union.
- Nothing here needs the level executor: on the stock one every relation loads by itself, with the same answers, one parent at a time.
"""

import inspect
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, Protocol, Self, TypeVar

import strawberry
from strawberry.types import Info
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.rows import Row, related_rows, row_class

Batch = Callable[..., Awaitable[Sequence[Any]]]
C = TypeVar("C", bound=type)

BATCH, DERIVED = "batch", "derived"
"""Where a field's declaration is kept in its `metadata`."""


class Loaded(Protocol):
    """What an executor has loaded ahead, as the relation's resolver sees it."""

    def holds(self, info: Any, parent: object) -> bool:
        """Whether this field was loaded for this parent."""

    def value(self, info: Any, parent: object) -> Any:
        """What the batch gave for this parent; raises what the batch raised."""


class Visible(Protocol):
    """What a relation needs of a context."""

    @property
    def actor(self) -> Any:
        """Who asks."""


def related(batch: Batch, **options: Any) -> Any:
    """A field loaded by `batch(context, parents, **arguments)` for all parents of a level at once.

    `options` are those of `strawberry.field` (description, name, deprecation_reason, …).
    """

    def resolver(root: Any, info: Info[Any, Any], **arguments: Any) -> Any:
        return _loaded(root, info, lambda: _alone(batch, info.context, root, arguments))

    _take_arguments_of(batch, resolver)
    return strawberry.field(resolver=resolver, metadata={BATCH: batch}, **options)


def derived(fn: Callable[..., Any], **options: Any) -> Any:
    """A field computed from the row alone, `fn(row)`, or from the row and the context, `fn(row, context)`."""
    compute: Callable[[Any, Any], Any] = fn if takes_context(fn) else lambda root, _context: fn(root)

    def resolver(root: Any, info: Info[Any, Any]) -> Any:
        return _loaded(root, info, lambda: compute(root, info.context))

    return strawberry.field(resolver=resolver, metadata={DERIVED: fn}, **options)


def takes_context(fn: Callable[..., Any]) -> bool:
    """Whether a derived field's function wants the context besides the row."""
    return len(inspect.signature(fn).parameters) > 1


def shows(*models: type[Model]) -> Callable[[C], C]:
    """Let rows and instances of these models appear as this type. Stands under `@strawberry.type`."""

    def mark(cls: C) -> C:
        def is_type_of(value: Any, _info: Any) -> bool:
            return isinstance(value, (cls, *models, *map(row_class, models)))

        is_type_of.shows = models  # type: ignore[attr-defined]  # tells the executor that a value's class alone decides
        cls.is_type_of = staticmethod(is_type_of)  # type: ignore[attr-defined]
        return cls

    return mark


@dataclass(frozen=True, kw_only=True)
class Children:
    """What relations to rows have in common."""

    model: type[Model]
    visible: bool = False
    columns: frozenset[str] | None = None

    def narrowed(self, columns: frozenset[str]) -> Self:
        """The same relation, fetching these columns and those it needs itself; all of them if one is no column."""
        return replace(self, columns=columns) if columns <= self.model._meta.fields_db_projection.keys() else self

    def among(self, context: Visible) -> QuerySet[Any] | None:
        """What the viewer may see, where that matters."""
        # Every model of the house has this door.
        return self.model.visible_to(context.actor) if self.visible else None  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Many(Children):
    """All children of each parent: the rows of `model` whose `by` is the parent's `key`, at most `limit` for each.

    `where` narrows by equalities. With `visible`, only what `model.visible_to(context.actor)` gives is there.
    """

    model: type[Model]
    by: str = field(kw_only=True)
    order_by: tuple[str, ...] = field(default=(), kw_only=True)
    where: Mapping[str, Any] | None = field(default=None, kw_only=True, hash=False)
    limit: int | None = field(default=None, kw_only=True)
    key: str = field(default="id", kw_only=True)

    async def __call__(self, context: Visible, parents: Sequence[Any]) -> list[Any]:
        """The children of each parent, in order."""
        children = defaultdict(list)
        by = attrgetter(self.by)
        for child in await self.rows(context, parents):
            children[by(child)].append(child)
        return [children.get(getattr(parent, self.key), []) for parent in parents]

    @property
    def reads(self) -> frozenset[str]:
        """What it needs of a parent."""
        return frozenset({self.key})

    async def rows(self, context: Visible, parents: Sequence[Any]) -> list[Row]:
        """The children of all parents."""
        return await related_rows(
            self.model,
            by=self.by,
            ids=_keys(parents, self.key),
            order_by=self.order_by,
            where=self.where,
            limit=self.limit,
            among=self.among(context),
            columns=self.columns,
        )


@dataclass(frozen=True)
class First(Many):
    """The first child of each parent in the given order ("-id": the newest), or None."""

    limit: int | None = field(default=1, init=False)

    async def __call__(self, context: Visible, parents: Sequence[Any]) -> list[Any]:
        """The first child of each parent."""
        first = {getattr(child, self.by): child for child in await self.rows(context, parents)}
        return [first.get(getattr(parent, self.key)) for parent in parents]


@dataclass(frozen=True)
class One(Children):
    """The row of `model` that the parent's `key` names, or None where it names none (or one the viewer may not see)."""

    model: type[Model]
    key: str
    to: str = field(default="id", kw_only=True)

    async def __call__(self, context: Visible, parents: Sequence[Any]) -> list[Row | None]:
        """The row each parent names."""
        found = await related_rows(
            self.model, by=self.to, ids=_keys(parents, self.key), among=self.among(context), columns=self.columns
        )
        named = {getattr(one, self.to): one for one in found}
        return [named.get(getattr(parent, self.key)) for parent in parents]

    @property
    def reads(self) -> frozenset[str]:
        """What it needs of a parent."""
        return frozenset({self.key})


@dataclass(frozen=True)
class Each(Children):
    """The rows of `model` that the parent's `keys` lists, in that order; without those that are gone or, with `visible`, hidden."""

    model: type[Model]
    keys: str

    async def __call__(self, context: Visible, parents: Sequence[Any]) -> list[list[Row]]:
        """The rows each parent lists."""
        wanted = list({key for parent in parents for key in getattr(parent, self.keys)})
        found = await related_rows(self.model, by="id", ids=wanted, among=self.among(context), columns=self.columns)
        named = {one.id: one for one in found}
        return [[named[key] for key in getattr(parent, self.keys) if key in named] for parent in parents]

    @property
    def reads(self) -> frozenset[str]:
        """What it needs of a parent."""
        return frozenset({self.keys})


def narrowed(batch: Batch, columns: frozenset[str] | None) -> Batch:
    """The batch asked for these columns of its children alone, if it can be."""
    narrow = getattr(batch, "narrowed", None)
    return batch if columns is None or narrow is None else narrow(columns)


def _loaded(root: Any, info: Info[Any, Any], otherwise: Callable[[], Any]) -> Any:
    loaded: Loaded | None = getattr(info._raw_info, "loaded", None)
    if loaded is not None and loaded.holds(info._raw_info, root):
        return loaded.value(info._raw_info, root)
    return otherwise()


async def _alone(batch: Batch, context: Any, root: Any, arguments: Mapping[str, Any]) -> Any:
    answer = await batch(context, [root], **arguments)
    return matched(batch, [root], answer)[0]


def matched(batch: Batch, parents: Sequence[Any], answer: Sequence[Any]) -> Sequence[Any]:
    """The answer, if it has one entry for each parent; TypeError otherwise, rather than children under strangers."""
    if len(answer) != len(parents):
        raise TypeError(f"{batch!r} gave {len(answer)} answers for {len(parents)} parents")
    return answer


def _take_arguments_of(batch: Batch, resolver: Callable[..., Any]) -> None:
    """Show Strawberry the batch's own arguments as the resolver's."""
    _context, _parents, *arguments = inspect.signature(batch).parameters.values()
    root, info, _rest = inspect.signature(resolver).parameters.values()
    named = [argument.replace(kind=inspect.Parameter.KEYWORD_ONLY) for argument in arguments]
    resolver.__signature__ = inspect.Signature([root, info, *named])  # type: ignore[attr-defined]
    resolver.__module__ = getattr(batch, "__module__", __name__)  # where the arguments' types are looked up


def _keys(parents: Sequence[Any], key: str) -> list[Any]:
    return [value for value in {getattr(parent, key): None for parent in parents} if value is not None]
