"""Meetings and summaries for tests of the scorer, small enough to be scored by hand."""

from typing import Any

from schemas.reference import FlatArticle, FlatMeeting

NULLS = dict.fromkeys(["format", "date_text", "date", "venue", "city", "country"])
LISTS: dict[str, Any] = dict.fromkeys(["parties", "participants", "agenda", "agreements"], ())


def meeting(name: str, **facts: Any) -> FlatMeeting:
    """A held focus meeting; all that is not given is null or empty."""
    base = {"name": name, "prominence": "focus", "status": "held", **NULLS, **LISTS}
    return FlatMeeting.model_validate({**base, **facts})


def person(name: str, title: str | None, party: str | None) -> dict[str, str | None]:
    return {"name": name, "title": title, "party": party}


def articles(**meetings: list[FlatMeeting]) -> dict[str, FlatArticle]:
    return {key: FlatArticle(id=key, meetings=tuple(each)) for key, each in meetings.items()}


LUND = person("Ada Lund", "Foreign Minister", "NOR")
BRAND = person("Ivo Brand", "port envoy", "PER")
CRUZ = person("Ana Cruz", "President", "PER")

PORT_TALKS = meeting(
    "talks between Ada Lund and Ivo Brand",
    format="in_person",
    date="2024-03-05",
    city="Lima",
    country="PER",
    parties=["NOR", "PER"],
    participants=[LUND, BRAND],
    agenda=["fishery quotas", "port fees", "visa rules"],
    agreements=["open a second berth"],
)
COURTESY = meeting(
    "courtesy call on Ana Cruz",
    date="2024-03-06",
    parties=["NOR", "PER"],
    participants=[LUND, CRUZ],
)
SUMMIT = meeting("Coral Summit", prominence="background", date="2023", parties=["FJI", "NOR"])


def citing(where: list[int], people: list[list[int]], topic: list[int], clause: list[int]) -> Any:
    """PORT_TALKS with the sentences that say it; its two other topics have none."""
    who = zip((LUND, BRAND), people, strict=True)
    return meeting(
        PORT_TALKS.name,
        participants=[{**person, "evidence": numbers} for person, numbers in who],
        agenda=[{"topic": "fishery quotas", "evidence": topic}, "port fees", "visa rules"],
        agreements=[{"text": "open a second berth", "evidence": clause}],
        evidence=where,
    )


CITING = articles(a=[citing([1], [[2, 3], [2]], [4], [6])])
CITED = citing([1, 2], [[3], [7]], [4], [])
REFERENCE = articles(a=[PORT_TALKS, COURTESY, SUMMIT], b=[SUMMIT])
SUMMARIES = articles(
    a=[
        meeting(  # PORT_TALKS with faults
            "port talks",
            status="planned",
            format="in_person",
            date="2024-03",
            city="Lima, Peru",
            country="PER",
            parties=["NOR", "PER"],
            participants=[
                person("LUND Ada", "the Norwegian Foreign Minister", "NOR"),
                person("Ivo Brand", "envoy", "PER"),  # another title
                person("Jo Hart", None, None),  # extra
            ],
            agenda=["quotas for fisheries", "weather"],  # one of three, one extra
            agreements=["open a new berth", "plant trees"],
        ),
        SUMMIT.model_copy(update={"prominence": "focus"}),  # found, but not as background
        meeting("film gala", parties=["FRA"], participants=[person("Lu Roy", None, "FRA")]),
    ],
    c=[PORT_TALKS],  # no reference: not scored
)
