"""The report page: what no article can do to it."""

import base64
import hashlib

from pipeline.ledger import Told
from tests import reporting
from tests.records import SCRIPT, TURNED, hostile, record
from tests.reporting import failed, page, ran
from tests.samples import meeting

usual = reporting.usual


def test_nothing_is_loaded_and_nothing_runs(usual):
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(usual.tags)
    assert not any(name.startswith("on") or name == "style" for name, _ in usual.attributes)
    assert not [a for a in usual.values("src") + usual.values("href") if not a.startswith("#")]


def test_the_policy_admits_this_style_sheet_and_nothing_else(usual):
    style = usual.raw.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert "url(" not in style
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in usual.values("content")[0]


def test_hostile_text_is_shown_and_does_nothing():
    told = Told((ran(model=SCRIPT, reason=SCRIPT),), (failed(SCRIPT, "refused", TURNED),))
    shown = page([hostile()], told)
    assert "script" not in shown.tags
    assert shown.tags.count("style") == 1
    assert "document.body.id" in shown.text
    assert not [link for link in shown.values("href") if "javascript" in link]
    assert "\u202e" not in shown.raw
    assert "<U+202E>" in shown.text


def test_words_of_an_article_are_isolated_from_the_page(usual):
    for words in ("Chanda Mwila", "open a joint seed bank", "Lusaka", "The two sides agreed"):
        assert f"<bdi>{words}" in usual.raw
    assert "unicode-bidi: isolate" in usual.raw


def test_remedies_quote_what_an_article_says_for_the_shell():
    odd = [record(f"a{n}", meeting(parties=["$(touch x)", "Norway"])) for n in range(20)]
    assert "--party '$(touch x)'" in page(odd).text
