"""Names become codes, and the table behind them holds together."""

from collections import defaultdict

import pytest

from pipeline.places import city_country, country, mentions, party, venue
from pipeline.places.gazetteer import Country, Organisation, folded_forms, table


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("ROK", "KOR"),
        ("DPRK", "PRK"),
        ("South Korean", "KOR"),
        ("S. Korea", "KOR"),
        ("Korea", "KOR"),
        ("North Korea", "PRK"),
        ("Seoul", "KOR"),
        ("Pyongyang's", "PRK"),
        ("US", "USA"),
        ("U.S.", "USA"),
        ("u.s.", "USA"),
        ("the United States'", "USA"),
        ("the U.S. side", "USA"),
        ("White House", "USA"),
        ("the Pentagon", "USA"),
        ("U.S. Embassy in Seoul", "USA"),
        ("the South Korean government", "KOR"),
        ("Seoul’s foreign ministry", "KOR"),
        ("Ministry of Foreign Affairs of the Republic of Korea", "KOR"),
        ("Republic of Korea (ROK)", "KOR"),
        ("government of Japan", "JPN"),
        ("the Netherlands", "NLD"),
        ("Dutch", "NLD"),
        ("Georgia", "GEO"),
        ("Guinea", "GIN"),
        ("Equatorial Guinea", "GNQ"),
        ("Guinea-Bissau", "GNB"),
        ("Papua New Guinea", "PNG"),
        ("Congo", "COD"),
        ("Republic of Congo", "COG"),
        ("the Democratic Republic of the Congo", "COD"),
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Nigerien", "NER"),
        ("Nigerian", "NGA"),
        ("Dominica", "DMA"),
        ("Dominican Republic", "DOM"),
        ("Dominican", "DOM"),
        ("South Sudan", "SSD"),
        ("People's Republic of China", "CHN"),
        ("Republic of China", "TWN"),
        ("Côte d’Ivoire", "CIV"),
        ("turkiye", "TUR"),
        ("UAE", "ARE"),
        ("the Vatican", "VAT"),
        ("Kosovo", "KOS"),
        ("Americans", "USA"),
        ("UN", "UN"),
        ("United Nations", "UN"),
        ("the United Nations Command", "UNC"),
        ("European Union", "EU"),
        ("European", "EU"),
        ("Brussels", "EU"),
        ("NATO", "NATO"),
        ("World Meteorological Organization", "WMO"),
        ("the Caribbean Development Bank", "CDB"),
        ("St. Kitts", "KNA"),
        ("KOR", "KOR"),
        ("Bermuda", "BMU"),  # not in our table: from countryguess, as a whole
        ("BMU", "BMU"),
    ],
)
def test_a_party_is_known_by_any_of_its_names(words: str, code: str) -> None:
    assert party(words) == code


@pytest.mark.parametrize(
    "words",
    [
        None,
        "",
        "us",
        "who",
        "in",  # ISO's alpha-2 code of India
        "senior officials",
        "Foreign Minister",
        "Japan and Korea",
        "South Korea-U.S.",
        "Seoul and Washington",
        "ambassador to Japan",
        "Korea Herald",
        "Nordic Policy Forum",
    ],
)
def test_words_for_nobody_or_for_several_are_no_party(words: str | None) -> None:
    assert party(words) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("South Korea", "KOR"),
        ("Seoul", "KOR"),
        ("Geneva", "CHE"),
        ("Washington, D.C.", "USA"),
        ("Jeju Island, South Korea", "KOR"),
        ("Brussels", "BEL"),
        ("the UK", "GBR"),
        ("European Union", None),
        ("UN", None),
        (None, None),
    ],
)
def test_a_country_is_a_state_and_a_city_stands_for_its_own(
    words: str | None, code: str | None
) -> None:
    assert country(words) == code


@pytest.mark.parametrize(
    ("city", "code"),
    [
        ("Seoul", "KOR"),
        ("downtown Tokyo", "JPN"),
        ("The Hague", "NLD"),
        ("Sharm el-Sheikh", "EGY"),
        ("Kiev", "UKR"),
        ("Bogotá", "COL"),
        ("New York", "USA"),
        ("Singapore", "SGP"),
        ("Springfield", None),
        ("", None),
    ],
)
def test_a_well_known_city_gives_its_country(city: str, code: str | None) -> None:
    assert city_country(city) == code


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("at the Pentagon", ("Arlington", "USA")),
        ("U.S. Department of State", ("Washington", "USA")),
        ("the Great Hall of the People in Beijing", ("Beijing", "CHN")),
        ("UN headquarters in New York", ("New York", "USA")),
        ("State Department building", ("Washington", "USA")),
        ("Camp David", ("Thurmont", "USA")),
        ("Palais des Nations", ("Geneva", "CHE")),
        ("the foreign ministry", None),
        ("a hotel", None),
    ],
)
def test_a_well_known_venue_settles_city_and_country(
    words: str, place: tuple[str, str] | None
) -> None:
    assert venue(words) == place


def named(text: str) -> list[tuple[str, str, str]]:
    return [(m.words, m.code, m.kind) for m in mentions(text)]


def test_capitals_are_mentioned_as_capitals() -> None:
    assert named("Seoul and Washington agreed.") == [
        ("Seoul", "KOR", "capital"),
        ("Washington", "USA", "capital"),
    ]


def test_the_longest_name_wins() -> None:
    text = "North Korea, South Korean troops, the United Nations Command and Equatorial Guinea"
    assert [code for _, code, _ in named(text)] == ["PRK", "KOR", "UNC", "GNQ"]


def test_pronouns_and_parts_of_words_are_no_mentions() -> None:
    assert named("Let us talk, who said, about Nigeriaville, US$5 and Chinatown.") == []


def test_seas_agreements_and_newspapers_are_no_mentions_of_states() -> None:
    text = "the South China Sea, the Korean Peninsula, the Washington Declaration, Korea Herald"
    assert named(text) == []


def test_hyphens_possessives_and_line_breaks_do_not_hide_a_name() -> None:
    text = "U.S.-led talks; the ROK-U.S. alliance; China’s envoy; South\nKorea; Côte d’Ivoire"
    assert [code for _, code, _ in named(text)] == ["USA", "KOR", "USA", "CHN", "KOR", "CIV"]


def test_offsets_point_at_the_words_even_after_wide_characters() -> None:
    text = "🕊 Türkiye met the E.U. in Malé"
    assert all(text[m.start : m.end] == m.words for m in mentions(text))
    assert [m.code for m in mentions(text)] == ["TUR", "EU", "MDV"]


def owners() -> tuple[Country | Organisation, ...]:
    return (*table().countries, *table().organisations)


def forms(owner: Country | Organisation) -> set[str]:
    found = {*owner.names, *owner.adjectives, *owner.metonyms}
    if isinstance(owner, Country):
        found |= {*owner.also, owner.capital, *owner.capital_aliases, *owner.cities}
    return found


def test_codes_are_unique_and_those_of_states_have_three_letters() -> None:
    codes = [owner.code for owner in owners()]
    assert len(codes) == len(set(codes)) > 290
    assert all(
        len(s.code) == 3 and s.code.isupper() and s.code.isalpha() for s in table().countries
    )


def test_no_form_has_two_owners_unless_it_is_listed_as_ambiguous() -> None:
    held: defaultdict[str, set[str]] = defaultdict(set)
    for owner in owners():
        for form in forms(owner):
            held[form].add(owner.code)
    shared = {form for form, codes in held.items() if len(codes) > 1}
    assert shared <= set(table().ambiguous)


def test_every_country_names_itself_by_all_its_forms() -> None:
    for owner in owners():
        for form in {*owner.names, *owner.adjectives, *owner.metonyms} - set(table().ambiguous):
            assert party(form) == owner.code, form


def test_every_venue_is_listed_once_and_found() -> None:
    places = [(v.name, v.city, s.code) for s in table().countries for v in s.venues]
    assert len({name for name, _, _ in places}) == len(places) >= 60
    assert all(venue(name) == (city, code) for name, city, code in places)


def test_a_venues_city_never_lies_in_another_country() -> None:
    for state in table().countries:
        for place in state.venues:
            assert city_country(place.city) in (state.code, None), place


def test_no_form_that_is_an_english_word_is_known_in_lower_case() -> None:
    assert not {"us", "who", "car", "male", "mary"} & set(folded_forms())
