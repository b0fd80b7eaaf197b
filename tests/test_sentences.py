"""Sentences: where they end, that offsets are exact, and what kind of line they stand on."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.sentences import split
from schemas.article import Label

ARTICLES = Path(__file__).parents[2] / "shared" / "articles"


def quotes(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in split(text)]


def labels(text: str) -> dict[str, Label]:
    return {text[sentence.start : sentence.end]: sentence.label for sentence in split(text)}


@pytest.mark.parametrize(
    "sentence",
    [
        "The envoys of Norland met on Sept. 28 in Bergstad.",
        "Norland's No. 2 diplomat flew home.",
        "Gen. Ola Berg and Lt. Gen. Ana Lund saluted Mr. Hu and Dr. Ek.",
        "The U.S. Secretary of State called the U.N. Security Council.",
        "The third ROK-U.N. Forum drew forty states.",
        "Delegates from St. Petersburg paid 3.5 million.",
        "George W. Bush and J. R. Doe spoke at 9 a.m. Monday.",
        "Acme Inc. and Borg Co. Ltd. signed first.",
        "S. Korea and N. Korea exchanged notes, e.g. Note 3.",
        "He spoke of vol. 2, pp. 7 and No. 44.",
        "They were ... Norland's last hope.",
        "1. The ministers of Norland met.",
        "(1) The ministers of Norland met.",
        "2.1. The ministers of Norland met.",
        "○ The ministers of Norland met.",
        "▲ The ministers of Norland met.",
        "- The ministers of Norland met.",
        "B. The ministers of Norland met.",
        "iv. The ministers of Norland met.",
        '"Why now?" Lund asked.',
        "「同意した。」と述べた。",
        "Beginn war der 26. Oktober in Bern.",
    ],
)
def test_stays_whole(sentence: str) -> None:
    assert quotes(sentence) == [sentence]


@pytest.mark.parametrize(
    "parts",
    [
        ["He flew to the U.S.", "The envoy followed."],
        ["They met at 10 a.m.", "In the evening they dined."],
        ["It began on Jan 2.", "“We shall see.”"],
        ["The talks ended.", "He left."],
        ['"We agree.', 'We sign," he said.'],
        ["“We agree.”", "Lund smiled."],
        ["Is that so?", "Yes!", "It is."],
        ["No.", "We did not sign."],
        ["The talks ended.[3]", "Next came Spain."],
        ["The talks ended.", "15 states signed."],
        ["The talks ended.", "al-Hassan left."],
        ["双方同意。", "会谈结束了！", "对吗？", "对。"],
        ["दोनों मंत्री मिले।", "उन्होंने चर्चा की।"],
        ["양측은 합의했다.", "그는 떠났다."],
        ["2. At the talks, they agreed.", "They signed."],
        ["Robert Doe Jr. spoke first.", "He was brief."],
    ],
)
def test_splits_where_a_sentence_ends(parts: list[str]) -> None:
    gap = "" if parts[0].endswith("。") else " "
    assert quotes(gap.join(parts)) == parts


def test_a_line_break_ends_a_sentence_even_without_a_full_stop() -> None:
    assert quotes("A headline\nThe body starts.\r\nIt goes on.") == [
        "A headline",
        "The body starts.",
        "It goes on.",
    ]


def test_lines_wrapped_at_a_fixed_width_are_read_as_paragraphs() -> None:
    text = (
        "The foreign ministers of Norland and Sudland met in the\n"
        "old town hall and talked about trade. They also agreed\n"
        "with Vice Minister Lund that a second round of talks\n"
        "would follow.\n\n"
        "- a first point\n- a second point\n"
    )
    found = [" ".join(quote.split()) for quote in quotes(text)]
    assert found[0].endswith("talked about trade.")
    assert found[1] == (
        "They also agreed with Vice Minister Lund that a second round of talks would follow."
    )
    assert found[2:] == ["- a first point", "- a second point"]


_PIECES = st.sampled_from(
    [
        "U.S. ",
        "He ",
        "a.m. ",
        "\n",
        "\r\n",
        "\u2028",
        " ",
        "\t",
        ". ",
        "。",
        "」",
        '." ',
        "… ",
        "1. ",
        "(Yonhap)",
        "| ",
        "![]()",
        "Lund",
        "lund",
        "[3] ",
        "?! ",
        "\u200b",
        "\u3000",
        "○ ",
        "(END)",
        "Published : Jan. 2, 2017",
        "word " * 12,
        "\x1f",
        "é",
        "𝔘",
        "-- ",
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=40).map("".join)))
def test_every_visible_character_belongs_to_exactly_one_sentence(text: str) -> None:
    assert_exact(text)


def assert_exact(text: str) -> None:
    covered = [0] * len(text)
    last = 0
    for number, sentence in enumerate(split(text), start=1):
        quote = text[sentence.start : sentence.end]
        assert sentence.number == number
        assert last <= sentence.start < sentence.end
        assert quote == quote.strip()
        for place in range(sentence.start, sentence.end):
            covered[place] += 1
        last = sentence.end
    assert all(count == 1 for char, count in zip(text, covered, strict=True) if not char.isspace())


PAGE = """Home > Diplomacy > News
Skip to content | Print | Share
(LEAD) Ministers of Norland, Sudland to meet in Bergstad
Updated: 28 Sep 2020 3:15 PM
(ATTN: ADDS quote in para 3)
By Ana Lund
![](x.png) |
| ▲ (L to R) Ola Berg and Ek Hu stand in this composite file photo. (NOT FOR SALE) (Yonhap) |
BERGSTAD, Sept. 28 (Yonhap) -- The foreign ministers of Norland and Sudland will meet, an aide said.
Both sides want it.
Norland Foreign Minister Ola Berg. (Reuters)
Ola Berg shakes hands with Ek Hu before talks in the town hall of Bergstad on a rainy Friday. (AFP)
Ana Lund (right) with two guests
The guests, including those of the Norland Academy (NA), will travel on to Sudland. (Yonhap)
lund@agency.example
(END)
Copyright (c) 2020 Agency News Co. All rights reserved
A headline of another story
"""


def test_a_page_is_told_apart_line_by_line() -> None:
    found = labels(PAGE)
    expected = {
        "Home > Diplomacy > News": Label.FURNITURE,
        "Skip to content | Print | Share": Label.FURNITURE,
        "(LEAD) Ministers of Norland, Sudland to meet in Bergstad": Label.TITLE,
        "Updated: 28 Sep 2020 3:15 PM": Label.FURNITURE,
        "(ATTN: ADDS quote in para 3)": Label.FURNITURE,
        "By Ana Lund": Label.BYLINE,
        "![](x.png) |": Label.FURNITURE,
        "| ▲ (L to R) Ola Berg and Ek Hu stand in this composite file photo.": Label.CAPTION,
        "Both sides want it.": Label.BODY,
        "Norland Foreign Minister Ola Berg.": Label.CAPTION,
        "(Reuters)": Label.FURNITURE,
        "Ana Lund (right) with two guests": Label.CAPTION,
        "The guests, including those of the Norland Academy (NA), will travel on to Sudland.": (
            Label.BODY
        ),
        "(Yonhap)": Label.FURNITURE,
        "lund@agency.example": Label.BYLINE,
        "(END)": Label.FURNITURE,
        "A headline of another story": Label.FURNITURE,
    }
    assert {quote: found.get(quote) for quote in expected} == expected
    assert [label for quote, label in found.items() if quote.startswith("Ola Berg shakes")] == [
        Label.CAPTION
    ]
    assert [label for quote, label in found.items() if quote.startswith("BERGSTAD")] == [Label.BODY]


@pytest.mark.parametrize(
    "line",
    [
        "They agreed.",
        "Copyright cooperation was also discussed.",
        "(c) The two sides agreed to share the costs of the tunnel.",
        "Topics: fisheries, trade",
        "Date and time: 3 May 2025",
        "| 10:00 | Talks with Minister Lund |",
        "By Monday, all the delegations had left the town.",
        "▲ Strengthen exchanges between the two academies",
        "World leaders will meet again (in May).",
        "North Korea",
    ],
)
def test_what_the_article_reports_is_never_furniture(line: str) -> None:
    text = f"The ministers met on Monday.\n{line}\nThe talks ended."
    assert labels(text)[line] is Label.BODY


def test_a_headline_does_not_end_with_a_full_stop() -> None:
    assert labels("The ministers met.\nThey agreed.")["The ministers met."] is Label.BODY
    found = labels("Ministers meet in the U.S.\nThey agreed.")
    assert found["Ministers meet in the U.S."] is Label.TITLE


def test_repetition_costs_no_more_than_length() -> None:
    """Patterns that overlap would take exponential time on such lines."""
    hostile = ["Home " * 40 + "!", "(" * 50_000, ". " * 20_000, "a@" * 20_000, "(L " * 9_000]
    hostile += [
        "A. " * 9_000,
        "By A" * 50,
        "2020 - " * 30,
        "x > " * 50,
        '"' * 50_000,
        "- " * 20_000,
    ]
    start = time.process_time()
    for text in hostile:
        split(f"It began.\n{text}\nIt ended.")
    assert time.process_time() - start < 5


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the sample articles are not here")
def test_sample_articles_are_split_exactly_and_labelled() -> None:
    joined: dict[str, Label] = {}
    for file in sorted(ARTICLES.glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        assert_exact(text)
        joined |= labels(text)
    expected = {
        "Go to Contents": Label.FURNITURE,
        "Send Feedback": Label.FURNITURE,
        "17:14": Label.FURNITURE,
        "- 15:45": Label.FURNITURE,
        "Press Releases": Label.FURNITURE,
        "defense chiefs to hold annual": Label.TITLE,
        "By Kim Seung-yeon": Label.BYLINE,
        "elbow bump": Label.CAPTION,
        "composite file photo": Label.CAPTION,
        "No. 2 diplomat": Label.BODY,
        "bilateral missile guideline": Label.BODY,
        "Gen. Joseph Dunford": Label.BODY,
        "20th ROK-U.N. Joint": Label.BODY,
        "1. The ROK": Label.BODY,
        "meet at the Pentagon": Label.BODY,
        "SEOUL, Nov. 9": Label.BODY,
    }
    for words, label in expected.items():
        assert {found for quote, found in joined.items() if words in quote} == {label}, words


def test_openings_of_images_that_never_end_take_no_squared_time() -> None:
    begun = time.process_time()
    split("![" * 100_000)
    assert time.process_time() - begun < 5
