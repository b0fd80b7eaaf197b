"""Which encoding a newsroom's bytes are in: what they declare, else what they look like.

Knows names and statistics; does not decode. Guesses only among encodings that news comes in.
"""

import codecs
import re

# What a label means in practice (the WHATWG's table for browsers, in the parts that news needs):
# pages that say ISO-8859-1 or GB2312 mean the larger sets of Microsoft.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "euc_kr": "cp949",
    "johab": "cp949",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
}
# Python's own labels that browsers write otherwise.
_LABELS = {
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "windows-949": "cp949",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "windows-874": "cp874",
    "x-euc-jp": "euc_jp",
    "x-cp1251": "cp1251",
    "unicode-1-1-utf-8": "utf-8",
}
_WHOLE_SCRIPTS = ("cp949", "cp932", "euc_jp", "gb18030", "big5hkscs")
_STATEFUL = ("iso2022_jp", "iso2022_kr", "hz")
_ONE_BYTE = (
    *(f"cp{number}" for number in (874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257)),
    *(f"iso8859-{number}" for number in (2, 5, 6, 7, 8, 15)),
    "koi8-r",
    "koi8-u",
)
_UNICODE = ("utf-8", "utf-16", "utf-16-le", "utf-16-be")
_KNOWN = {*_WHOLE_SCRIPTS, *_STATEFUL, *_ONE_BYTE, *_UNICODE}
_DECLARES = re.compile(
    rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})"""
    rb"""|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_HEAD = 8_192  # bytes in which a page or feed has to declare itself; browsers give it 1,024
_SAMPLE = 64_000  # bytes that a guess is built on
_LETTERS = re.compile(rb"[A-Za-z]")
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_LETTER = re.compile(rb"[\xa1-\xaa\xac-\xba\xbc-\xff]")  # in most; no quotes, no blanks
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
_ENOUGH = 6  # letters beyond ASCII
_CLEARLY = 0.05  # more of the letters of a language in their usual order of frequency
# Statistics take Spanish and French for Central European, of which many a letter has its twin.
_WESTERN = re.compile("[àâáäçèéêëíîïñòóôöùúûüßœÀÂÁÄÇÈÉÊËÍÎÏÑÒÓÔÖÙÚÛÜŒ«»’]|ã(?=[eo])|õ(?=e)")
_MOSTLY = 0.95  # Hungarian has 0.9 of them and all others less
_LATIN = 0.35  # of the letters beyond ASCII; Vietnamese and French have less, Russian all

# What each language is full of, and its least share of all characters beyond ASCII.
_CHINESE = "的一是在不了有和人中大以要他用生到作地于出就分成可主年"
_SCRIPTS = {
    "cp949": (re.compile("[이다는의을를에가고한하기지로사대나은서도해과자리인정]"), 0.2),
    "cp932": (re.compile("[ぁ-んァ-ヶ]"), 0.2),
    "euc_jp": (re.compile("[ぁ-んァ-ヶ]"), 0.2),
    "gb18030": (re.compile(f"[{_CHINESE}这为上个国我时来们对会发动]"), 0.08),
    "big5hkscs": (re.compile(f"[{_CHINESE}這為上個國我時來們對會發動]"), 0.08),
}


def declared(data: bytes) -> str | None:
    """The encoding that a page or feed names in its head, as Python calls it; None for others."""
    found = _DECLARES.search(data[:_HEAD])
    return named(found[1] or found[2]) if found else None


def named(label: bytes) -> str | None:
    """Python's name for a label, if news is written in it."""
    text = label.decode("ascii", "replace").lower()
    if text in _LABELS:
        return _LABELS[text]
    try:
        name = codecs.lookup(text).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if name in _KNOWN else None


def is_stateful(name: str | None) -> bool:
    """Whether the encoding hides its characters in plain ASCII, so that all of it seems ASCII."""
    return name in _STATEFUL


def unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a byte order mark, told by the NUL in every other byte of its Latin part."""
    sample = data[:_SAMPLE]
    if len(sample) < 16:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.02 * half:
        return "utf-16-be"
    return None


def guess(data: bytes) -> str:
    """The likeliest encoding of text that is not UTF-8 and declares nothing."""
    sample = _spread(data)
    high, letters = len(_HIGH.findall(sample)), len(_LETTERS.findall(sample))
    if len(_HIGH_LETTER.findall(sample)) < _ENOUGH:
        return "cp1252"  # a few quotes and accents: nothing to build statistics on
    latin = high < _LATIN * (high + letters)
    if not latin and (name := _east_asian(sample)):
        return name
    import charset_normalizer  # late: 50 ms that a text in UTF-8 never pays

    isolated = [name for name in _ONE_BYTE if _decodes(data, name)]
    matches = charset_normalizer.from_bytes(
        sample, cp_isolation=isolated, preemptive_behaviour=False, enable_fallback=False
    )
    best = matches.best()
    if not isolated or best is None:
        return "cp1252"
    # "Best" weighs oddness first, and Turkish in a Baltic disguise is the less odd; but clearly
    # more of the letters are where a language of that encoding has them.
    closest = max(matches, key=lambda match: match.coherence)
    clearly = closest.coherence > best.coherence + _CLEARLY
    found = closest.encoding if clearly else best.encoding
    if found in ("cp1250", "iso8859-2") and _is_western(sample, found):
        return "cp1252"
    # The two differ in š, ś and ž alone, which Windows puts among the bytes that ISO leaves out.
    iso = found == "cp1250" and not _WINDOWS_ONLY.search(data)
    return "iso8859-2" if iso else found


def _is_western(sample: bytes, found: str) -> bool:
    """Whether nearly all letters beyond ASCII are those of Western Europe, if read as such."""
    if not _decodes(sample, "cp1252"):
        return False
    western, other = sample.decode("cp1252"), sample.decode(found, "replace")
    pairs = zip(western, other, strict=True)
    letters = sum(one > "\x7f" and (one.isalpha() or two.isalpha()) for one, two in pairs)
    quotes = sum(map(western.count, "«»’"))
    return len(_WESTERN.findall(western)) >= _MOSTLY * (letters + quotes)


def _spread(data: bytes) -> bytes:
    """The lines that hold bytes beyond ASCII: what surrounds them says nothing."""
    return b"\n".join(line for line in data.splitlines() if _HIGH.search(line))[:_SAMPLE]


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _east_asian(sample: bytes) -> str | None:
    """The two-byte encoding in which the sample shows most of what its language is full of."""
    scores: dict[str, float] = {}
    for name, (common, least) in _SCRIPTS.items():
        text = sample.decode(name, "replace")
        beyond = [char for char in text if char > "\x7f"]
        if not beyond or text.count("\ufffd") > 0.02 * len(beyond):
            continue
        share = len(common.findall(text)) / len(beyond)
        if share >= least:
            scores[name] = share / least
    return max(scores, key=lambda name: scores[name]) if scores else None
