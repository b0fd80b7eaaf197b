"""Articles are taken in by a run as they come, and whoever gives them holds nobody up."""

import asyncio
import itertools
import threading

from pipeline.run import Answers, Mode, Result, run
from tests.samples import HOSTED, article, reply
from tests.test_run import GOOD, Endpoint


def test_a_source_that_is_slow_holds_up_no_article_that_it_gave(store):
    """It hands out the second when the first is done, as a pipe may."""
    first_is_done = threading.Event()

    def slow():
        yield article(name="a")
        assert first_is_done.wait(30)
        yield article(name="b")

    done: list[str] = []

    def hear(result: Result) -> None:
        done.append(result.id)
        first_is_done.set()

    async def ask(request):
        await asyncio.sleep(0)
        return reply(GOOD, key=request.key)

    answers = Answers(store, Mode.AUTO, ask)
    asyncio.run(run(slow(), HOSTED, answers, out=None, concurrency=2, done=hear))
    assert done == ["a", "b"]


def test_a_source_that_says_nothing_more_is_not_waited_for_once_stopped(store):
    stop, silence = asyncio.Event(), threading.Event()

    def silent():
        yield article(name="a")
        assert silence.wait(30)

    results: list[Result] = []

    def hear(result: Result) -> None:
        results.append(result)
        stop.set()

    answers = Answers(store, Mode.AUTO, Endpoint(GOOD))
    going = run(silent(), HOSTED, answers, out=None, concurrency=2, done=hear, stop=stop)
    asyncio.run(asyncio.wait_for(going, 30))
    assert [result.id for result in results] == ["a"]
    silence.set()


def test_a_source_without_end_is_read_a_few_articles_ahead_and_no_further_once_stopped(store):
    stop, given = asyncio.Event(), list[str]()

    def endless():
        for number in itertools.count():
            given.append(f"a{number}")
            yield article(name=given[-1])

    results: list[Result] = []

    def hear(result: Result) -> None:
        results.append(result)
        if len(results) == 3:
            stop.set()

    answers = Answers(store, Mode.AUTO, Endpoint(GOOD))
    asyncio.run(run(endless(), HOSTED, answers, out=None, concurrency=2, done=hear, stop=stop))
    for thread in [each for each in threading.enumerate() if each.name == "feed"]:
        thread.join(30)
        assert not thread.is_alive()
    assert 3 <= len(results) < len(given) < len(results) + 20
