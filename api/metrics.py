"""Counts and times for Prometheus, under names we chose: a client's text never becomes a label."""

from collections.abc import Callable, Collection, Iterator, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from models import database
from models.driver import BoundedPool
from rules.problems import Unavailable

OTHER = "other"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The measures of one app; `operations` are the operation names that get a line of their own."""

    def __init__(self, operations: Collection[str] = ()) -> None:
        self._operations = frozenset(operations)
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "dinghuo_operations", "GraphQL operations answered.", ["operation", "outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "dinghuo_operation_seconds",
            "Time to answer an operation.",
            ["operation"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self.watch(
            "dinghuo_database_connections", "Connections the pool has open.", lambda: _pool(lambda p: p.get_size())
        )
        self.watch(
            "dinghuo_database_connections_idle", "Of these, not in use.", lambda: _pool(lambda p: p.get_idle_size())
        )

    def answered(self, operation: str | None, outcome: str, seconds: float) -> None:
        """Count one answer; `outcome` is `ok`, `refused` or a stable error code, never a text from outside."""
        name = operation if operation in self._operations else OTHER
        self._answers.labels(name, outcome).inc()
        self._seconds.labels(name).observe(seconds)

    def watch(self, name: str, meaning: str, look: Callable[[], float]) -> None:
        """Show what `look` answers whenever somebody asks, such as how far the relay is behind."""
        Gauge(name, meaning, registry=self._registry).set_function(look)

    def watch_counts(self, name: str, meaning: str, label: str, look: Callable[[], Mapping[str, int]]) -> None:
        """Show how often each of a few things has happened, as `look` counts them by words of ours."""
        self._registry.register(_Counts(name, meaning, label, look))

    def routes(self) -> list[BaseRoute]:
        """`/metrics`, in Prometheus' text format."""
        return [Route("/metrics", self._show)]

    async def _show(self, request: Request) -> Response:
        return Response(
            generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST, headers={"cache-control": "no-store"}
        )


class _Counts(Collector):
    """Counts that are kept elsewhere."""

    def __init__(self, name: str, meaning: str, label: str, look: Callable[[], Mapping[str, int]]) -> None:
        self._name, self._meaning, self._label, self._look = name, meaning, label, look

    def collect(self) -> Iterator[CounterMetricFamily]:
        """The counts as they are now."""
        shown = CounterMetricFamily(self._name, self._meaning, labels=[self._label])
        for word, count in self._look().items():
            shown.add_metric([word], count)
        yield shown


def _pool(look: Callable[[BoundedPool], int]) -> float:
    try:
        return look(database.pool())
    except Unavailable:
        return 0
