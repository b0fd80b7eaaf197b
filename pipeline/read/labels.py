"""Say what each line of an article is: headline, body, caption, byline or page furniture.

Decided line by line from small tables that hold for the world's agencies and ministries. Only
furniture is kept from the model, so a line is furniture only where it can hardly be anything
else; the other labels may err without loss. Does not know where sentences end.
"""

import re
from collections.abc import Sequence

from schemas.article import Label

_AGENCY = (
    r"(?:Yonhap|Reuters|REUTERS|AFP|AP|Associated Press|Xinhua|TASS|ANI|PTI|IANS|UNI|Kyodo|Jiji|"
    r"KCNA|EPA|EPA-EFE|EFE|ANSA|dpa|DPA|Anadolu|Getty|IRNA|ISNA|SPA|WAM|KUNA|QNA|Bernama|"
    r"Antara|ANTARA|VNA|VOV|CNA|PNA|Newsis|NEWSIS|News1|Sputnik|RIA Novosti|Interfax|Ukrinform|"
    r"BelTA|APA|AZERTAC|Kazinform|UzA|Pool|Handout|Korea Times|Korea Herald)"
)
_CREDIT = (
    rf"(?:[(\[](?:[^()\[\]]{{0,40}}\b)?{_AGENCY}(?:\b[^()\[\]]{{0,25}})?[)\]]"
    r"|\((?:PHOTO )?NOT FOR SALE\))"
)
_CREDITS = re.compile(rf"\s*(?:{_CREDIT}[\s|]*)+")
_CREDIT_AT_END = re.compile(
    rf"(?:{_CREDIT}\s*)+$|\s[/–—-]\s?{_AGENCY}(?: (?:photo|file))?$|/{_AGENCY}$|"
    rf"\b{_AGENCY}/[A-Z][\w .'/-]{{2,50}}$"
)

# --- page furniture -----------------------------------------------------------------------------
_NAVIGATION = (
    r"Go to (?:Contents?|Navigation|top)|Skip to (?:main )?(?:content|navigation)|Back to top|Home|"
    r"Menu|Search|Print(?: this page)?|E-?mail|Share(?: this)?(?: (?:article|page|story))?|"
    r"Share on \w+|Tweet|Facebook|Twitter|X|WhatsApp|Telegram|LinkedIn|Kakao ?Talk|"
    r"Copy (?:link|URL)|Send Feedback|How can we improve\?|Thanks for your feedback!?|"
    r"Subscribe(?: now)?|Sign (?:in|up)|Log ?in|Advertisement|Sponsored|Font size|"
    r"Zoom (?:in|out)|Listen|Download|Previous|Next|List|Close|Comments?|Leave a comment|"
    r"Read (?:more|next|full story)|See more|Related (?:articles?|stories|news|topics)|"
    r"Most (?:read|viewed|popular)|Trending|Latest news|Follow us(?: on \w+)?|Keywords?|Tags?"
)
_SECTIONS = (
    r"Press Releases?|Press Briefings?|Press Statements?|Media (?:Notes?|Releases?)|News(?:room)?|"
    r"All News|Top News|Breaking News|World|Politics|National|North Korea|Diplomacy|Defen[cs]e|"
    r"Asia|International|Foreign Affairs|Speeches|Statements?|Readouts?|Announcements?|Business|"
    r"Economy|Latest|Featured?|Spokesperson(?:'s)?(?: Remarks)?|Official News|Events?|Archives?"
)
_PAGE_WORD = rf"(?:{_NAVIGATION}|{_SECTIONS})"
_RIGHTS = (
    r"©.{0,200}|(?:\(C\)|Copyright\b)[^.]{0,80}(?:\b(?:19|20)\d\d\b|News|Agency|reserved|Ltd|Inc|Corp)"
    r".{0,120}|.{0,100}\bAll rights reserved\b.{0,60}"
)
_FURNITURE = re.compile(
    rf"{_PAGE_WORD}(?:[\s|·•>»/,:–-]+{_PAGE_WORD})*[\s:]*|{_RIGHTS}|\(ATTN\b.*|"
    r"\W*(?:END|ENDS|ENDIT|MORE)\W*|-0-|(?:Views?|Hits?) *:? *[\d,]+|\d+ min(?:ute)?s? read|"
    r"(?:Tags?|Keywords?|Categor(?:y|ies)|Source|Read also|Also read|Read more|See also|"
    r"Related|Attachments?) ?:.{0,150}|Our Standards: ?.{0,80}|(?:Click|Tap) here\b.{0,120}|"
    r"https?://\S+|www\.\S+|\d+ (?:comments?|shares?|views?)|[\w .-]{1,40}(?: [>»] [\w .-]{1,40})+",
    re.IGNORECASE,
)
_HEADING = re.compile(_SECTIONS, re.IGNORECASE)  # within the body, a heading of its own
_IMAGE = re.compile(r"!\[[^\]]{0,300}\]\([^)]{0,1000}\)")  # bounds: "![![![…" took squared time
_END_MARK = re.compile(rf"\W*END\W*|{_RIGHTS}|(?:Related|Most) \w+\W*|Read also\b.*", re.IGNORECASE)

# --- lines that say when or who -----------------------------------------------------------------
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[apAP]\.?[mM]\b\.?)?|[+-]\d{2}:?\d{2}\b")
_DATE = re.compile(
    r"\d{4}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{1,2}\b\.?|\b\d{1,2}[./-]\d{1,2}[./-]\d{4}\b|"
    r"\b(?:\d{1,2}(?:st|nd|rd|th)?[ .,-]+(?:of )?)?"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?,?"
    r"(?: \d{1,2}(?:st|nd|rd|th)?\b)?(?:,?[ -]\d{4}\b)?",
    re.IGNORECASE,
)
_AROUND_DATE = re.compile(
    rf"\b(?:Published|Updated|Last updated|Last modified|Modified|Posted|Released?|Issued|Date|"
    r"Time|Input|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?|[ap]\.?m\.?|"
    rf"KST|JST|IST|UTC|GMT|E[SD]?T|CES?T|BST|MSK|PKT|SGT|HKT|WIB|hrs|on|at|{_SECTIONS}|"
    r"\d+ (?:minute|hour|day|week|month|year)s? ago)\b|\W",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:By|BY|Written by|Story by|Compiled by) [A-Z가-힣][^!?;:]{1,80}|"
    r"\(?(?:Additional )?(?:Reporting|Writing|Editing|Edited|Translated) by .{2,200}|"
    r"(?:[\w.' -]{2,40})?[(\[<]?\s*[\w.+-]+@[\w.-]+\w[)\]>]?|"
    rf"{_AGENCY}(?: News Agency| Staff)?|"
    r"[\w.' -]{3,40}, (?:Staff|Contributing) (?:Writer|Reporter)s?"
)
_DATELINE = re.compile(
    rf"[A-Z][A-Z .'/-]+,? [^,]{{0,40}}(?:--|–|—)|.{{3,40}}\({_AGENCY}\)\s*(?:--|–|—|-)"
)

# --- captions and headlines ---------------------------------------------------------------------
_CAPTION_MARK = re.compile(
    r"NOT FOR SALE|\bFILE PHOTO\b|^FILE\s*[-–—]|\bfile (?:photo|image|picture)\b|"
    r"\bin th(?:is|ese) [\w ,-]{0,40}?(?:photo|photograph|picture|image|screengrab)s?\b|"
    r"\b(?:photo|image|picture)s? (?:provided|released|courtesy|captured) (?:by|of|from)\b|"
    r"\((?:L|R|C|left|right|center|centre|L to R|from left|[^()]{0,25}from (?:L|R|left|right))\)|"
    r"^(?:Photo|Image|Picture|Caption|Photo credit|Credit)s? ?:|^Photo by\b|"
    r"\bGetty Images\b|\bAP Photo\b|\bREUTERS/|"
    r"\bpos(?:e|es|ing) for (?:a |the )?(?:group |commemorative |family )?photo",
)
# What hardly any line has: patterns are run only where one of these is, which is found at once.
_CAPTION_HINTS = (
    *("SALE", "PHOTO", "FILE", "hoto", "mage", "icture", "screengrab", "Caption", "Credit"),
    *("Getty", "REUTERS/", "L)", "R)", "C)", "left)", "right)", "center)", "centre)"),
)
_CREDIT_HINTS = tuple("/–—-)]")  # in the last …
_CREDIT_REACH = 60  # … code points of a line that ends with a credit
_POSES = re.compile(
    r"\b(?:shakes?|shaking|speaks?|speaking|pos(?:es?|ing)|attends?|arrives?|walks?|listens?|talks|"
    r"greets?|looks?|waves?|gestures?|holds?|meets?|exchanges?|sits?|delivers?|inspects?|bows?|"
    r"smiles?|signs?|enters?|leaves?|leads?|presides?)\b"
)
_REPORTS = re.compile(
    r"\b(?:said|says|saying|told|added|will|would|was|were|has|have|had|is|are|be|been|agreed|"
    r"discussed|expressed|reaffirmed|noted|stressed|announced|called|met|held|vowed|urged|"
    r"pledged|decided|signed|reported|visited|arrived|took|made)\b"
)
_BULLET = re.compile(r"(?:[•○◦●▲■□▶*–—-]|\(?\d{1,3}[.)]|\([a-z]\))\s")
_SENTENCE_STOP = re.compile(r"[.!?。！？…।॥؟۔።][\"'”’»)\]]*$")
_ABBREVIATED_END = re.compile(r"\b(?:[A-Z]\.){2,}$")
_PAGE_LINE_LENGTH = 220
_TITLE_WORDS = 30
_MOST_TITLES = 4


def is_credit(text: str) -> bool:
    """Whether the text is nothing but an agency's credit: "(Yonhap)"."""
    return text[0] in "([" and bool(_CREDITS.fullmatch(text))


def label_lines(lines: Sequence[str]) -> list[Label]:
    """One label per line, in order. Lines hold no line break and no white space around them."""
    labels: list[Label] = []
    titles = 0
    in_body = after_end = False
    for number, line in enumerate(lines):
        label = Label.BODY if in_body and _HEADING.fullmatch(line) else _label(line)
        if label is Label.BODY:
            if not in_body and titles < _MOST_TITLES and number + 1 < len(lines):
                label = Label.TITLE if _is_headline(line) else label
            if _ends_sentence(line):
                after_end = False
            elif after_end and not _BULLET.match(line):
                label = Label.FURNITURE  # links to other stories under the end mark
        titles += label is Label.TITLE
        in_body = in_body or label is Label.BODY
        after_end = after_end or (in_body and bool(_END_MARK.fullmatch(line)))
        labels.append(label)
    return labels


def _ends_sentence(line: str) -> bool:
    return bool(_SENTENCE_STOP.search(line[-6:])) and not _ABBREVIATED_END.search(line[-12:])


def _is_headline(line: str) -> bool:
    """Whether a line before the body reads like a headline."""
    if line.startswith("# "):
        return True
    if line.endswith((",", ":")) or (_ends_sentence(line) and not line.endswith("?")):
        return False
    if _BULLET.match(line) or _DATELINE.match(line):
        return False
    return len(line.split()) <= _TITLE_WORDS


def _label(line: str) -> Label:
    """Label a line, seen alone. A headline is still BODY here."""
    bare = (_IMAGE.sub("", line) if "![" in line else line).strip("|\t *_")
    if not any(map(str.isalnum, bare)):
        return Label.FURNITURE
    if len(bare) < _PAGE_LINE_LENGTH:
        if _FURNITURE.fullmatch(bare):
            return Label.FURNITURE
        if (words := words_around_date(bare)) is not None and len(words) <= 2:
            return Label.BYLINE if words else Label.FURNITURE
        if _is_byline(bare):
            return Label.BYLINE
    return Label.CAPTION if _is_caption(line, bare) else Label.BODY


def words_around_date(line: str) -> list[str] | None:
    """Return what a date line says beside date, time and section; None for any other line.

    A date line says when, and at most where or what kind: "Defense 17:14 September 28, 2020"
    holds none, "Geneva, 2 May 2020" one.
    """
    if len(line) > 100 or not any(map(str.isdigit, line)) or _BULLET.match(line):
        return None
    rest, dates = _DATE.subn(" ", _CLOCK.sub(" ", line))
    words = _AROUND_DATE.sub(" ", rest).split() if dates else None
    return words if words is not None and all(word[0].isupper() for word in words) else None


def _is_byline(line: str) -> bool:
    """Whether a line says who wrote it, and nothing else."""
    if not _BYLINE.fullmatch(line):
        return False
    return not line.startswith("By ") or (len(line.split()) <= 10 and not line.endswith("."))


def _is_caption(line: str, bare: str) -> bool:
    """Whether a line describes a photograph."""
    if line.startswith("|") or line.endswith("|"):
        return "|" not in bare  # one cell; a row of several is a table
    if len(bare.split()) > 80:
        return False
    if _has(bare, _CAPTION_HINTS) and _CAPTION_MARK.search(bare) and " said" not in bare:
        return True
    ending = bare[-_CREDIT_REACH:]
    credit = _CREDIT_AT_END.search(bare) if _has(ending, _CREDIT_HINTS) else None
    if credit is None:
        return False
    described = bare[: credit.start()].rstrip()
    if not described or _REPORTS.search(described):
        return False
    short = len(described.split()) <= 12 or not described.endswith(".")
    return short or bool(_POSES.search(described))


def _has(text: str, hints: tuple[str, ...]) -> bool:
    return any(hint in text for hint in hints)
