"""The stages joined, over replies written by hand."""

import asyncio
from contextlib import closing

import pytest

from pipeline import compose
from pipeline.errors import KeepError, MissError
from pipeline.read import Unreadable
from pipeline.run import Answers, Mode, Result, run, summarise
from pipeline.shelf import Files
from pipeline.store import Recordings, Responses
from schemas.exchange import Failure, Outcome
from schemas.record import Edition, Record
from tests.samples import HOSTED, TEXT, article, completion, meeting, reply

GOOD = completion({"meetings": [meeting()]})
BAD = completion({"meetings": [meeting(status="over")]})


class Endpoint:
    """Answers in turn and counts what it was asked."""

    def __init__(self, *bodies):
        self.bodies = list(bodies)
        self.asked = []

    async def __call__(self, request):
        self.asked.append(request)
        body = self.bodies.pop(0) if len(self.bodies) > 1 else self.bodies[0]
        if isinstance(body, Failure):
            return body
        return reply(body, key=request.key, status=400 if '{"error"' in body else 200)


def replayed(tmp_path) -> Record:
    """A record made from one stored reply."""
    store = Responses(tmp_path / "some-store")
    request = compose.compose(article(), HOSTED)
    store.append(request, reply(GOOD, key=request.key), "grain")
    result = asyncio.run(summarise(article(), HOSTED, Answers(store, Mode.REPLAY, None)))
    store.close()
    assert result.record is not None
    return result.record


def one(store, endpoint, mode=Mode.AUTO):
    return asyncio.run(summarise(article(), HOSTED, Answers(store, mode, endpoint)))


def test_an_article_becomes_a_record_that_says_what_made_it(store):
    result = one(store, Endpoint(GOOD))
    assert result.record is not None
    assert result.record.summary.meetings[0].country == "ZMB"
    made = result.record.made
    assert (made.model, made.provider, len(made.keys)) == ("test-model", HOSTED.provider, 1)
    assert (made.tokens.prompt, result.asked) == (100, 1)


def test_what_is_stored_is_never_asked_again(store):
    endpoint = Endpoint(GOOD)
    first = one(store, endpoint)
    again = one(store, endpoint)
    assert len(endpoint.asked) == 1
    assert (again.asked, again.record) == (0, first.record)


def test_refresh_asks_and_keeps_both_replies(store):
    endpoint = Endpoint(GOOD)
    one(store, endpoint)
    one(store, endpoint, Mode.REFRESH)
    assert len(endpoint.asked) == 2
    assert len(store.all(endpoint.asked[0].key)) == 2


def test_a_chain_of_two_attempts_replays_without_an_endpoint(store):
    live = one(store, Endpoint(BAD, GOOD))
    assert live.asked == 2
    again = one(store, None, Mode.REPLAY)
    assert (again.record, again.asked) == (live.record, 0)
    assert again.tokens.prompt == 200


def test_replay_without_a_recording_says_how_to_make_one(store):
    with pytest.raises(MissError, match=r"grain.*readout record"):
        one(store, None, Mode.REPLAY)


def test_a_reply_that_did_not_come_is_not_stored(store):
    gone = Failure(outcome=Outcome.UNREACHABLE, reason="Nobody is there.")
    assert one(store, Endpoint(gone)).failure == gone
    assert len(store) == 0


def test_a_failed_answer_stays_stored_and_is_not_bought_again(store):
    refusal = completion(None, refusal="No.")
    endpoint = Endpoint(refusal)
    for _ in range(2):
        result = one(store, endpoint)
        assert result.failure is not None
        assert result.failure.outcome is Outcome.REFUSED
    assert len(endpoint.asked) == 1


def batch(items, endpoint, store, tmp_path, **options):
    results: list[Result] = []
    answers = Answers(store, options.pop("mode", Mode.AUTO), endpoint, options.pop("again", ()))
    with closing(Files(tmp_path / "out")) as shelf:
        options = {"out": shelf, "concurrency": 2, "done": results.append, **options}
        asyncio.run(run(items, HOSTED, answers, **options))
    assert len({result.id for result in results}) == len(results)
    return {result.id: result for result in results}


def records(tmp_path) -> list[str]:
    """The names of all files with records."""
    return sorted(file.name for file in (tmp_path / "out").glob("*.json"))


def test_one_articles_failure_never_touches_another(store, tmp_path):
    items = [
        article(name="a"),
        Unreadable(id="b", reason="b is empty; delete it."),
        article(name="c", text="Nobody met."),
    ]
    endpoint = Endpoint(GOOD, completion(None, refusal="No."))
    results = batch(items, endpoint, store, tmp_path)
    outcomes = {name: r.failure.outcome if r.failure else None for name, r in results.items()}
    assert outcomes == {"a": None, "b": Outcome.UNREADABLE, "c": Outcome.REFUSED}
    assert records(tmp_path) == ["a.json"]


def test_a_miss_in_replay_is_that_articles_failure(store, tmp_path):
    results = batch([article()], None, store, tmp_path, mode=Mode.REPLAY)
    assert "readout record" in results["grain"].failure.reason


def test_after_stop_nothing_new_is_begun_and_what_is_in_flight_is_kept(store, tmp_path):
    stop = asyncio.Event()

    class Stopping(Endpoint):
        async def __call__(self, request):
            stop.set()
            return await super().__call__(request)

    items = (article(name=str(number)) for number in range(50))
    results = batch(items, Stopping(GOOD), store, tmp_path, stop=stop)
    assert 1 <= len(results) <= 2
    assert all(result.record for result in results.values())


def test_a_web_page_sent_with_200_is_asked_again_once_the_address_is_right(store):
    """The key knows the server's origin only, so a corrected path finds the page stored."""
    lost = one(store, Endpoint("<html>Welcome</html>"))
    assert lost.failure is not None
    assert lost.failure.outcome is Outcome.BAD_REPLY
    found = one(store, Endpoint(GOOD))
    assert (found.asked, found.failure) == (1, None)
    assert len(store) == 2  # nothing was overwritten


def test_that_a_request_is_too_long_is_not_found_out_again(store):
    """The whole is refused, both halves are answered; in another run nobody is asked."""
    too_long = '{"error": {"message": "maximum context length is 512"}}'
    first = one(store, Endpoint(too_long, GOOD))
    assert (first.asked, first.failure) == (3, None)
    again = one(store, Endpoint(BAD))
    assert (again.asked, again.stored, again.record) == (0, 3, first.record)


def test_a_request_refused_for_another_reason_is_asked_again(store):
    refused = one(store, Endpoint('{"error": {"message": "unknown field: seed"}}'))
    assert refused.failure is not None
    assert refused.failure.outcome is Outcome.BAD_REPLY
    assert one(store, Endpoint(GOOD)).asked == 1


def test_a_record_that_cannot_be_written_is_that_articles_failure(store, tmp_path):
    (tmp_path / "out" / "a.json").mkdir(parents=True)
    results = batch([article(name="a"), article(name="b")], Endpoint(GOOD), store, tmp_path)
    assert results["a"].failure.outcome is Outcome.UNSAVED
    assert "its reply is stored" in results["a"].failure.reason
    assert results["b"].record is not None


def test_a_recording_that_cannot_be_read_is_that_articles_failure(tmp_path):
    recordings = Recordings(tmp_path / "recordings")
    good, bad = article(name="a"), article(name="b", text="Nobody met.")
    request = compose.compose(good, HOSTED)
    recordings.append(request, reply(GOOD, key=request.key), "a")
    (recordings.folder / f"{compose.compose(bad, HOSTED).key}.json").write_text("{")
    results = batch([bad, good], None, recordings, tmp_path, mode=Mode.REPLAY)
    assert results["b"].failure.outcome is Outcome.UNSAVED
    assert results["a"].record is not None


@pytest.mark.parametrize("error", [KeepError("The disk is full."), ValueError("a fault of ours")])
def test_what_would_meet_every_article_stops_the_run_but_not_what_is_in_flight(
    store, tmp_path, error
):
    """Replies in flight are paid for; they are finished and kept, and nothing new is begun."""
    both, failed = asyncio.Event(), asyncio.Event()
    asked = []

    async def ask(request):
        asked.append(request)
        if len(asked) == 1:
            await both.wait()
            failed.set()
            raise error
        both.set()
        await failed.wait()
        await asyncio.sleep(0)
        return reply(GOOD, key=request.key)

    items = [article(name=name, text=f"Envoys met at {name}.") for name in "abcdef"]
    with pytest.raises(type(error), match=str(error)):
        batch(items, ask, store, tmp_path)
    assert len(asked) == 2
    assert records(tmp_path) == ["b.json"]


def test_two_copies_of_one_article_in_flight_are_paid_for_once(store, tmp_path):
    asked = []

    async def ask(request):
        asked.append(request)
        await asyncio.sleep(0)
        return reply(GOOD, key=request.key)

    results = batch([article(name="a"), article(name="b")], ask, store, tmp_path)
    assert len(asked) == 1
    assert all(result.record for result in results.values())


def test_two_copies_in_one_refresh_are_paid_for_once(store, tmp_path):
    endpoint = Endpoint(GOOD)
    one(store, endpoint)
    items = [article(name="a"), article(name="b")]
    results = batch(items, endpoint, store, tmp_path, mode=Mode.REFRESH)
    assert len(endpoint.asked) == 2
    assert sum(result.asked for result in results.values()) == 1


def test_a_copy_and_an_update_say_so_in_their_records(store, tmp_path):
    """Their links follow the order of reading, whichever is answered first."""
    update = article(f"(LEAD) {TEXT}\nMore talks are to follow.\n", name="c")
    items = [article(name="a"), article(name="b"), Unreadable(id="x", reason="No."), update]
    records = {n: r.record for n, r in batch(items, Endpoint(GOOD), store, tmp_path).items()}
    assert records["a"].edition == Edition()
    assert records["b"].edition == Edition(copy_of="a")
    assert records["c"].edition == Edition(rank=1, replaces="a")


def test_an_edition_changes_no_request(store):
    answers = Answers(store, Mode.AUTO, Endpoint(GOOD))
    alone = asyncio.run(summarise(article(), HOSTED, answers)).record
    linked = asyncio.run(summarise(article(), HOSTED, answers, Edition(replaces="x"))).record
    assert alone is not None
    assert linked is not None
    assert linked.made.keys == alone.made.keys
    assert linked.edition.replaces == "x"


def test_what_reading_raises_is_raised_and_what_is_in_flight_is_kept(store, tmp_path):
    def broken():
        yield article(name="a")
        raise ValueError("a fault of ours")

    with pytest.raises(ValueError, match="a fault of ours"):
        batch(broken(), Endpoint(GOOD), store, tmp_path)
    assert records(tmp_path) == ["a.json"]
