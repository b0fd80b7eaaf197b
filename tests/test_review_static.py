"""The page's own files: what they promise can be read off them, without a browser."""

import re
from pathlib import Path

REVIEW = Path(__file__).parent.parent / "pipeline" / "review"
MODULES = sorted((REVIEW / "static").glob("*.js"))
PAGE = (REVIEW / "templates" / "review.html").read_text()


def test_no_module_makes_markup_or_code_out_of_a_string():
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML"
        r"|createContextualFragment|\beval\(|new Function"
    )
    assert [module.name for module in MODULES if forbidden.search(module.read_text())] == []


def test_nothing_is_fetched_from_elsewhere():
    files = [*MODULES, *(REVIEW / "static").glob("*.css")]
    assert [
        f.name for f in files if re.search(r"(?:from|import|url)\W+https?:", f.read_text())
    ] == []
    assert not re.search(r'(?:src|href)="(?!/)', PAGE)


def test_every_module_is_fetched_at_once_and_none_that_is_not_there():
    listed = re.search(r"for module in \[(.*?)\]", PAGE)
    assert listed is not None
    named = set(re.findall(r'"(\w+)"', listed[1]))
    assert named == {module.stem for module in MODULES} - {"main"}


def test_the_page_has_neither_inline_script_nor_inline_style():
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", PAGE)
