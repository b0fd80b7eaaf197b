"""From what the model copied to what we write: dates, codes, quotes, states and flags.

Deterministic and without I/O. A value that the article does not contain is flagged and kept:
nothing is silently repaired, moved or dropped.
"""

import functools
from collections.abc import Sequence

from pipeline import places
from pipeline.distil import affiliation, background, dates, encounters, naming
from pipeline.distil.commitment import is_committed
from pipeline.distil.proof import PROBLEMS, Proof
from schemas.article import Article
from schemas.extraction import (
    ExtractedAgreement,
    ExtractedMeeting,
    ExtractedParticipant,
    Extraction,
    Prominence,
)
from schemas.summary import (
    AgendaItem,
    Agreement,
    DateBasis,
    Meeting,
    Participant,
    Summary,
)


def distil(extraction: Extraction, article: Article) -> Summary:
    """The summary of `article`: every meeting resolved, every doubt flagged."""
    proof = Proof(article)
    work = _Work(article, proof)
    told = [each for each in extraction.meetings if work.is_told(each)]
    meetings = tuple(
        work.meeting(f"meetings[{i}]", meeting, times)
        for i, (meeting, times) in enumerate(encounters.merge(told))
    )
    flags = sorted(proof.flags, key=lambda flag: PROBLEMS.index(flag.problem))
    return Summary(meetings=meetings, flags=tuple(flags))


def _governs(found: ExtractedMeeting, date: str) -> bool:
    """Whether "the same day" in what follows can mean this meeting's date."""
    whole_day = len(date) == len("2024-03-05")
    return whole_day and found.prominence is Prominence.FOCUS


class _Work:
    """One article's distillation: its proof, and the day that governs."""

    def __init__(self, article: Article, proof: Proof) -> None:
        self.article, self._proof = article, proof
        self.day: str | None = None  # "the same day" is the day of the meeting before

    def is_told(self, found: ExtractedMeeting) -> bool:
        """Whether the article tells of it; flags what is left out."""
        told = background.is_told(found, self._proof.told)
        if not told:
            note = (
                f"“{naming.name(found)}” is left out: no sentence has “{found.date_text}” "
                f"together with “{found.city}” or anybody who takes part."
            )
            self._proof.flag("meetings", "untold", note)
        return told

    def meeting(self, where: str, found: ExtractedMeeting, times: int) -> Meeting:
        name = naming.name(found)
        if times > 1:
            note = f"“{name}” was written {times} times; it stands once, with what each said."
            self._proof.flag(where, "repeated", note)
        near = self._proof.near(found, name)
        unique, tie = self._proof.unique, self._proof.tie
        people = unique(f"{where}.participants", found.participants, lambda p: p.name)
        agenda = unique(f"{where}.agenda", found.agenda, lambda a: a.topic)
        agreements = unique(f"{where}.agreements", found.agreements, lambda a: a.text)
        sides = affiliation.settle(people, found.parties, self._proof.told)
        participants = tuple(
            self._participant(f"{where}.participants[{i}]", person, sides[i], near)
            for i, person in enumerate(people)
        )
        city, country = self._place(where, found)
        date_text, date, basis = self._date(where, found)
        return Meeting(
            name=name,
            prominence=found.prominence,
            status=found.status,
            format=found.format,
            date_text=date_text,
            date=date,
            date_basis=basis,
            venue=self._proof.worded(f"{where}.venue", found.venue),
            city=city,
            country=country,
            parties=self._parties(where, found, participants),
            participants=participants,
            agenda=tuple(
                AgendaItem(
                    topic=item.topic,
                    evidence=tie(f"{where}.agenda[{i}]", item.topic, item.evidence, near),
                )
                for i, item in enumerate(agenda)
            ),
            agreements=tuple(
                Agreement(
                    text=item.text,
                    evidence=tie(f"{where}.agreements[{i}]", item.text, item.evidence, near),
                )
                for i, item in enumerate(self._committed(where, agreements))
            ),
            evidence=self._proof.of_meeting(where, found, name, near),
        )

    def _committed(
        self, where: str, agreements: Sequence[ExtractedAgreement]
    ) -> list[ExtractedAgreement]:
        """Those that cite a sentence, or whose sentence has a word of agreeing."""
        kept = []
        for each in agreements:
            if each.evidence or is_committed(each.text, self._proof.told):
                kept.append(each)
            else:
                note = f"“{each.text}” is left out: its sentence has no word of agreeing."
                self._proof.flag(f"{where}.agreements", "uncommitted", note)
        return kept

    # -- values -------------------------------------------------------------------------------

    def _participant(
        self, where: str, person: ExtractedParticipant, side: affiliation.Side, near: Sequence[int]
    ) -> Participant:
        self._proof.worded(f"{where}.title", person.title)
        if side.doubt:
            self._proof.flag(f"{where}.party", "party_conflict", side.doubt)
        return Participant(
            name=person.name,
            title=person.title,
            party=self._party(f"{where}.party", side.words),
            party_text=side.words,
            evidence=self._proof.tie(where, person.name, person.evidence, near),
        )

    def _party(self, where: str, words: str | None) -> str | None:
        """Alpha-3 or an organisation's short name; the words themselves where we know neither."""
        if words is None:
            return None
        code = places.party(words)
        if code is None:
            self._proof.flag(
                where, "unknown_party", f"“{words}” is no state or organisation we know."
            )
        self._named(where, words, code)
        return code or words

    def _parties(
        self, where: str, found: ExtractedMeeting, people: tuple[Participant, ...]
    ) -> tuple[str, ...]:
        """Who meets: the parties named, and those that the participants act for."""
        listed = {self._party(f"{where}.parties", words) for words in found.parties}
        parties = {party for party in listed | {p.party for p in people} if party}
        if len(parties) == 1:
            only = next(iter(parties))
            self._proof.flag(f"{where}.parties", "one_party", f"Only {only} takes part; who else?")
        return tuple(sorted(parties))

    def _place(self, where: str, found: ExtractedMeeting) -> tuple[str | None, str | None]:
        """City and country: a well-known venue settles both, a well-known city its country.

        Where the model's country is not the city's, and the article speaks of the city's, the
        city wins and a flag says so: it was copied, while its country takes knowledge.
        """
        city = self._proof.worded(f"{where}.city", found.city)
        country = places.country(found.country) if found.country else None
        if found.country and country is None:
            note = f"“{found.country}” is no country we know."
            self._proof.flag(f"{where}.country", "unknown_country", note)
        if found.country:
            self._named(f"{where}.country", found.country, country)
        lies_in = places.city_country(city) if city else None
        if country and lies_in in self._codes - {country}:
            note = f"{city} lies in {lies_in}, but the model wrote “{found.country}”."
            self._proof.flag(f"{where}.country", "country_conflict", note)
            country = lies_in
        country = country or lies_in
        settled = places.venue(found.venue) if found.venue else None
        if settled and country in (None, settled[1]):  # else the venue is another of that name
            city, country = city or settled[0], settled[1]
        return city, country

    def _date(
        self, where: str, found: ExtractedMeeting
    ) -> tuple[str | None, str | None, DateBasis]:
        """The article's words for when, their EDTF date and its basis."""
        words = self._proof.worded(
            f"{where}.date_text", dates.whole(found.date_text, self._proof.told)
        )
        date, basis = dates.resolve(
            words, self.article.published.date, found.status, anchor=self.day
        )
        if basis is DateBasis.UNRESOLVED:
            known = self.article.published.date is not None
            why = "is too vague for a date" if known else "needs the publication date"
            self._proof.flag(f"{where}.date", "date_unresolved", f"“{words}” {why}.")
        if date and _governs(found, date):
            self.day = date
        return words, date, basis

    def _named(self, where: str, words: str, code: str | None) -> None:
        """Flag a state or organisation that the article has in no form ("Norwegian" is Norway)."""
        if not self._proof.sources.contains(words) and code not in self._codes:
            self._proof.absent(where, words)

    @functools.cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(mention.code for mention in places.mentions(self.article.text))
