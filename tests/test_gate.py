"""What passes the gate, and when: in time that passes only when somebody waits."""

import asyncio

import pytest

from pipeline import compose
from pipeline.budget import Budget, Price, longest_answer, size
from pipeline.errors import StoppedError
from pipeline.gate import Gate
from pipeline.pace import Heard, Pace
from schemas.exchange import Tokens
from tests.clock import Clock
from tests.samples import HOSTED, article

REQUEST = compose.compose(article(), HOSTED)
GOOD, NOTHING = Heard(200), Tokens()


def gate(pace: Pace | None = None, budget: Budget | None = None) -> Gate:
    clock = Clock()
    return Gate(pace, budget, clock=clock, sleep=clock.sleep)


async def settled() -> None:
    """Let everybody run who can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_the_second_waits_until_the_first_has_ended():
    async def go() -> None:
        narrow = gate(Pace(1))
        first = await narrow.enter(REQUEST)
        second = asyncio.create_task(narrow.enter(REQUEST))
        await settled()
        assert not second.done()
        narrow.leave(first, GOOD, NOTHING)
        await settled()
        assert second.done()

    asyncio.run(go())


def test_as_many_as_have_left_are_let_in_at_once_and_in_order():
    """A turn of a busy loop takes a quarter of a second: who is let in one a turn comes late."""

    async def go() -> None:
        narrow = gate(Pace(3))
        inside = [await narrow.enter(REQUEST) for _ in range(3)]
        waiting = [asyncio.create_task(narrow.enter(REQUEST)) for _ in range(4)]
        await settled()
        for ticket in inside:
            narrow.leave(ticket, GOOD, NOTHING)
        await asyncio.sleep(0)
        assert [task.done() for task in waiting] == [True, True, True, False]
        numbers = [(await task).number for task in waiting[:3]]
        assert numbers == sorted(numbers)
        waiting[3].cancel()

    asyncio.run(go())


@pytest.mark.parametrize("let_in", [False, True])
def test_who_gives_up_waiting_leaves_no_hole(let_in):
    async def go() -> None:
        narrow = gate(Pace(1))
        first = await narrow.enter(REQUEST)
        gone, third = (asyncio.create_task(narrow.enter(REQUEST)) for _ in range(2))
        await settled()
        if let_in:  # and cancelled before it knows
            narrow.leave(first, GOOD, NOTHING)
        gone.cancel()
        await settled()
        if not let_in:
            narrow.leave(first, GOOD, NOTHING)
        narrow.leave(await third, GOOD, NOTHING)
        assert narrow.pace.in_flight == 0

    asyncio.run(go())


def test_who_is_let_in_while_the_gate_closes_sends_nothing_and_does_not_count():
    async def go() -> None:
        narrow = gate(Pace(1))
        first = await narrow.enter(REQUEST)
        second = asyncio.create_task(narrow.enter(REQUEST))
        await settled()
        narrow.leave(first, GOOD, NOTHING)
        narrow.stop.set()
        with pytest.raises(StoppedError):
            await second
        assert narrow.pace.in_flight == 0
        assert narrow.sent.requests == 1

    asyncio.run(go())


def test_who_comes_after_a_full_house_waits_for_its_time_only():
    """Whoever let the others in still stands there, waiting for one of them to end."""

    async def go() -> None:
        slow = gate(Pace(1, rpm=60))
        first = await slow.enter(REQUEST)
        second = asyncio.create_task(slow.enter(REQUEST))
        await settled()
        slow.leave(first, GOOD, NOTHING)
        slow.leave(await second, GOOD, NOTHING)
        await slow.enter(REQUEST)
        assert slow._clock() == 1002.0

    asyncio.run(go())


def test_who_rests_before_another_attempt_holds_no_slot():
    async def go() -> None:
        narrow = gate(Pace(1))
        long = asyncio.Event()
        narrow._sleep = lambda _: long.wait()  # type: ignore[assignment,return-value]
        narrow.leave(await narrow.enter(REQUEST), Heard(500), NOTHING)
        resting = asyncio.create_task(narrow.rest(60))
        await settled()
        narrow.leave(await narrow.enter(REQUEST), GOOD, NOTHING)
        assert not resting.done()
        narrow.stop.set()
        await resting

    asyncio.run(go())


def test_a_closed_gate_lets_nothing_out_and_says_why():
    async def go() -> None:
        narrow = gate(Pace(1))
        ticket = await narrow.enter(REQUEST)
        waiting = asyncio.create_task(narrow.enter(REQUEST))
        await settled()
        narrow.close("The key is wrong.")
        narrow.close("Something else.")
        with pytest.raises(StoppedError, match="The key is wrong"):
            await waiting
        narrow.leave(ticket, GOOD, NOTHING)  # what is in flight is not touched
        with pytest.raises(StoppedError, match="The key is wrong"):
            await narrow.enter(REQUEST)

    asyncio.run(go())


def test_a_server_that_never_answers_closes_it():
    async def go() -> Gate:
        wide = gate(Pace(4))
        while not wide.stop.is_set():
            wide.leave(await wide.enter(REQUEST), Heard(None, said="Nobody is there."), NOTHING)
        assert wide.reason == "Nobody is there."
        return wide

    assert asyncio.run(go()).budget.requests == 11


def test_so_many_requests_and_no_more():
    async def go() -> None:
        wide = gate(budget=Budget(max_requests=3))
        for _ in range(3):
            await wide.enter(REQUEST)
        with pytest.raises(StoppedError, match=r"--max-requests 3 is reached"):
            await wide.enter(REQUEST)
        assert wide.stop.is_set()

    asyncio.run(go())


def test_the_ceiling_of_cost_holds_with_several_in_flight():
    """What is in flight counts as the most that it can cost, and is settled when it ends."""
    price = Price(1e-6, 2e-6)
    worst = price.of(Tokens(prompt=size(REQUEST).most, completion=longest_answer(REQUEST)))

    async def go() -> None:
        budget = Budget(price, max_cost=2.5 * worst)
        wide = gate(budget=budget)
        first, _ = [await wide.enter(REQUEST) for _ in range(2)]
        third = asyncio.create_task(wide.enter(REQUEST))
        await settled()
        assert not third.done()
        wide.leave(first, GOOD, Tokens(prompt=100, completion=10))
        await third
        assert budget.cost == pytest.approx(120e-6)

    asyncio.run(go())


def test_the_ceiling_of_cost_holds_where_every_byte_is_a_token():
    """As in a script that the model's vocabulary has to spell."""
    request = compose.compose(article("𓂀𓃒" * 500), HOSTED)
    prompt = sum(len(each["content"].encode()) for each in request.body["messages"])
    paid = Tokens(prompt=prompt)

    async def go() -> None:
        budget = Budget(Price(1e-6, 0.0), max_cost=1.5e-6 * prompt)
        wide = gate(budget=budget)

        async def spend() -> None:
            for _ in range(3):
                wide.leave(await wide.enter(request), GOOD, paid)

        with pytest.raises(StoppedError, match="--max-cost"):
            await spend()
        assert budget.cost is not None
        assert budget.max_cost is not None
        assert 0 < budget.cost <= budget.max_cost

    asyncio.run(go())


def test_a_request_that_could_pass_the_ceiling_alone_is_not_sent():
    async def go() -> None:
        wide = gate(budget=Budget(Price(1e-6, 2e-6), max_cost=1e-6))
        with pytest.raises(StoppedError, match="--max-cost"):
            await wide.enter(REQUEST)
        assert wide.budget.requests == 0

    asyncio.run(go())


def test_an_answer_that_nobody_heard_counts_as_paid_for():
    async def go() -> None:
        budget = Budget(Price(1e-6, 2e-6), max_cost=1.0)
        wide = gate(budget=budget)
        ticket = await wide.enter(REQUEST)
        wide.leave(ticket, Heard(None), None)
        assert budget.cost == pytest.approx(ticket.worst)

    asyncio.run(go())
