"""The transaction helper keeps its promises under cancellation, collisions, locks and lost connections."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable

import anyio
import asyncpg
import pytest
from tortoise.context import require_context
from tortoise.exceptions import IntegrityError

from models import database
from models.database import ALIAS, Limits, pool
from models.transaction import attempt, is_open, transact
from rules.problems import Unavailable

POOL = 10


async def run(statement: str, *values: object) -> list[asyncpg.Record]:
    """A statement the way the ORM sends it: inside the transaction of this task, if there is one."""
    _, found = await require_context().db(ALIAS).execute_query(statement, list(values))
    return list(found)


@pytest.fixture
async def accounts(make_database_url: Callable[..., str]) -> AsyncIterator[str]:
    """A connected database with one small table: `account(id, balance)`, rows 1 and 2 with a balance of 0."""
    url = make_database_url()
    await database.connect(url, limits=Limits(pool_max=POOL, patience=1.0, lock=0.3))
    async with pool().acquire() as connection:
        await connection.execute("CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL CHECK (balance >= 0))")
        await connection.execute("INSERT INTO account VALUES (1, 0), (2, 0)")
    try:
        yield url
    finally:
        await database.close()


async def add(account: int, amount: int) -> None:
    """One row changed."""
    await run("UPDATE account SET balance = balance + $1 WHERE id = $2", amount, account)


async def balance(account: int) -> int:
    """What others see, read on a connection of its own."""
    return int(await pool().fetchval("SELECT balance FROM account WHERE id = $1", account))


@pytest.mark.usefixtures("accounts")
async def test_what_work_wrote_is_kept_and_its_answer_given() -> None:
    async def work() -> str:
        await add(1, 5)
        assert await balance(1) == 0, "others must not see it yet"
        return "done"

    assert await transact(work) == "done"
    assert await balance(1) == 5


@pytest.mark.usefixtures("accounts")
async def test_an_exception_undoes_everything() -> None:
    async def work() -> None:
        await add(1, 5)
        raise LookupError("no")

    with pytest.raises(LookupError):
        await transact(work)
    assert await balance(1) == 0


@pytest.mark.usefixtures("accounts")
async def test_a_nested_call_joins_the_outer_transaction() -> None:
    async def inner() -> None:
        await add(1, 1)

    async def outer() -> None:
        await transact(inner)
        raise LookupError("after the inner one")

    with pytest.raises(LookupError):
        await transact(outer)
    assert await balance(1) == 0


@pytest.mark.usefixtures("accounts")
async def test_an_attempt_may_fail_and_the_rest_is_kept() -> None:
    async def work() -> None:
        await add(1, 3)
        with pytest.raises(IntegrityError):
            async with attempt():
                await run("INSERT INTO account VALUES (2, 9)")
        await add(1, 4)

    await transact(work)
    assert await balance(1) == 7


@pytest.mark.usefixtures("accounts")
async def test_an_attempt_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(RuntimeError, match="inside transact"):
        async with attempt():
            pass


@pytest.mark.usefixtures("accounts")
async def test_a_swallowed_failure_is_never_mistaken_for_a_commit() -> None:
    async def work() -> None:
        await add(1, 3)
        with pytest.raises(IntegrityError):
            await run("INSERT INTO account VALUES (2, 9)")

    with pytest.raises(asyncpg.InFailedSQLTransactionError):
        await transact(work)
    assert await balance(1) == 0


@pytest.mark.usefixtures("accounts")
async def test_a_cancel_storm_leaves_every_connection_idle() -> None:
    async def work() -> None:
        await add(random.choice((1, 2)), 1)
        await asyncio.sleep(random.uniform(0, 0.004))

    chance = random.Random(7)  # the moments differ from run to run anyway; the seed only spreads them alike
    for _ in range(6):
        tasks = [asyncio.create_task(transact(work)) for _ in range(60)]
        for task in tasks:
            await asyncio.sleep(chance.uniform(0, 0.001))
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await _settled()
    assert pool().get_idle_size() == pool().get_size()
    await asyncio.gather(*(transact(work) for _ in range(3 * POOL)))


@pytest.mark.usefixtures("accounts")
async def test_cancelled_between_connection_and_begin_the_connection_comes_back() -> None:
    begun = asyncio.Event()
    taken = [await pool().acquire() for _ in range(POOL)]

    async def work() -> None:
        begun.set()

    task = asyncio.create_task(transact(work))
    await asyncio.sleep(0)
    await pool().release(taken.pop())
    while pool().get_idle_size():  # wait until the task holds the connection: it has not begun, BEGIN is on its way
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for connection in taken:
        await pool().release(connection)
    await _settled()
    assert not begun.is_set()
    assert pool().get_idle_size() == pool().get_size()


@pytest.mark.usefixtures("accounts")
async def test_a_deadlock_is_resolved_by_running_one_side_again() -> None:
    first, second = asyncio.Event(), asyncio.Event()
    runs = 0

    async def work(mine: int, other: int, here: asyncio.Event, there: asyncio.Event) -> None:
        nonlocal runs
        runs += 1
        await add(mine, 1)
        here.set()
        await there.wait()
        await add(other, 1)

    async with anyio.create_task_group() as group:
        group.start_soon(lambda: transact(lambda: work(1, 2, first, second), lock_timeout=5))
        group.start_soon(lambda: transact(lambda: work(2, 1, second, first), lock_timeout=5))
    assert (await balance(1), await balance(2)) == (2, 2)
    assert runs == 3


@pytest.mark.usefixtures("accounts")
async def test_a_serialisation_failure_is_run_again() -> None:
    both_read = asyncio.Barrier(2)
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        seen = (await run("SELECT balance FROM account WHERE id = 1"))[0]["balance"]
        if runs <= 2:
            await both_read.wait()
        await run("UPDATE account SET balance = $1 WHERE id = 1", seen + 1)

    await asyncio.gather(transact(work, serializable=True), transact(work, serializable=True))
    assert await balance(1) == 2, "no update is lost"
    assert runs == 3


@pytest.mark.usefixtures("accounts")
async def test_a_snapshot_is_of_one_moment_and_writes_nothing() -> None:
    async def look() -> list[int]:
        seen = [(await run("SELECT balance FROM account WHERE id = 1"))[0]["balance"]]
        await pool().execute("UPDATE account SET balance = balance + 1 WHERE id = 1")
        return [*seen, (await run("SELECT balance FROM account WHERE id = 1"))[0]["balance"]]

    first, second = await transact(look, snapshot=True)
    assert first == second
    assert await balance(1) == first + 1
    with pytest.raises(Exception, match="read-only"):
        await transact(lambda: run("UPDATE account SET balance = 0 WHERE id = 1"), snapshot=True)


@pytest.mark.usefixtures("accounts")
async def test_collisions_without_end_are_given_up() -> None:
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        await run("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")

    with pytest.raises(Unavailable):
        await transact(work, attempts=2)
    assert runs == 2


@pytest.mark.usefixtures("accounts")
async def test_a_row_held_too_long_is_reported_as_unavailable() -> None:
    async with pool().acquire() as other, other.transaction():
        await other.execute("SELECT * FROM account WHERE id = 1 FOR UPDATE")
        with pytest.raises(Unavailable) as refused:
            await transact(lambda: add(1, 1))
    assert isinstance(refused.value.__cause__, asyncpg.LockNotAvailableError)
    await transact(lambda: add(1, 1))
    assert await balance(1) == 1


@pytest.mark.usefixtures("accounts")
async def test_a_statement_that_takes_too_long_is_stopped() -> None:
    async def work() -> None:
        await run("SELECT pg_sleep(60)")

    with pytest.raises(Unavailable) as refused:
        await transact(work, statement_timeout=0.05)
    assert isinstance(refused.value.__cause__, asyncpg.QueryCanceledError)


@pytest.mark.usefixtures("accounts")
async def test_timeouts_of_one_transaction_do_not_stay_on_the_connection() -> None:
    async def work() -> list[asyncpg.Record]:
        return await run("SHOW statement_timeout")

    assert (await transact(work, statement_timeout=0.05))[0][0] == "50ms"
    assert (await transact(work))[0][0] == "3s"


@pytest.mark.usefixtures("accounts")
async def test_nobody_waits_for_ever_for_a_connection() -> None:
    taken = [await pool().acquire() for _ in range(POOL)]
    with pytest.raises(Unavailable):
        await transact(lambda: add(1, 1))
    with pytest.raises(Unavailable):
        await pool().fetchval("SELECT 1")
    for connection in taken:
        await pool().release(connection)
    await transact(lambda: add(1, 1))


async def test_a_connection_lost_inside_a_transaction_is_an_outage_and_heals(accounts: str) -> None:
    async def work() -> None:
        await add(1, 1)
        me = (await run("SELECT pg_backend_pid()"))[0][0]
        axe = await asyncpg.connect(accounts)
        await axe.execute("SELECT pg_terminate_backend($1)", me)
        await axe.close()
        await add(1, 1)

    with pytest.raises(Unavailable):
        await transact(work)
    assert await balance(1) == 0
    await transact(lambda: add(1, 1))


@pytest.mark.usefixtures("accounts")
async def test_misuse_of_the_driver_is_not_called_an_outage() -> None:
    async def work() -> None:
        await run("SELECT $1::int + $2::int", 1)

    with pytest.raises(asyncpg.InterfaceError):
        await transact(work)


@pytest.mark.usefixtures("accounts")
async def test_a_task_that_outlives_the_transaction_opens_its_own() -> None:
    over = asyncio.Event()

    async def late() -> None:
        await over.wait()
        assert not is_open()
        await transact(lambda: add(2, 1))

    async def work() -> asyncio.Task[None]:
        assert is_open()
        return asyncio.create_task(late())

    task = await transact(work)
    over.set()
    await task
    assert await balance(2) == 1


async def _settled() -> None:
    """Cancelled connections are given back by tasks of the pool; let those finish."""
    with anyio.fail_after(10):
        while pool().get_idle_size() < pool().get_size():
            await asyncio.sleep(0.01)
