"""Two runs beside each other as plain text: what made them, totals, scores, then every change.

It computes nothing, and fits a terminal of 80 columns. Whatever comes from an article or a model
passes through `plain`.
"""

from collections.abc import Iterator, Mapping

from pipeline.evaluate.changes import ArticleDiff, Change, Kind, MeetingDiff
from pipeline.evaluate.diff import MADE, Diff, Moved, Setting
from pipeline.evaluate.judge import Verdict
from pipeline.evaluate.render import NONE, counted, figure, listed
from pipeline.plain import plain, wrapped

WIDTH = 80  # columns, unless told otherwise
_SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "*", Kind.REWORDED: "~"}
_LEGEND = "+ added   - removed   * changed   ~ worded anew, the same to the scorer"
_LABEL, _VERDICT = 13, 9  # columns
_HASH = 12  # characters of a SHA-256 that tell it from another


def render_diff(found: Diff, *, width: int = WIDTH) -> str:
    """The whole of it. Ends with a line break."""
    blocks = [_head(found, width), _made(found, width)]
    if found.changes:
        blocks += [_totals(found), _scores(found), [_LEGEND]]
        room = _VERDICT if found.judged else 0
        blocks += [list(_article(each, width, room)) for each in found.changes]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(found: Diff, width: int) -> list[str]:
    differing = len(found.changes)
    differ = f"{differing or 'none'} of them differ{'' if differing > 1 else 's'}"
    lines = [
        f"{counted(found.articles)} in both runs, {differ}",
        *listed("only in the first", found.only_before),
        *listed("only in the second", found.only_after),
    ]
    if not found.articles:
        lines.append("The runs have no article in common: are both of the same articles?")
    elif found.judged == 0:
        lines.append("No article has a reference: are the references of the same articles?")
    elif found.judged is not None and found.judged < found.articles:
        lines.append(f"Judged by references: {counted(found.judged)}")
    return [wrapped(line, "", width) for line in lines]


def _made(found: Diff, width: int) -> list[str]:
    """What made the records and differs, and what does not."""
    if not found.articles:
        return []
    differing = {setting.name for setting in found.settings}
    same = [name for name in MADE if name not in differing]
    lines = [line for setting in found.settings for line in _setting(setting, width)]
    return [*lines, wrapped(", ".join(same), f"{'the same':<{_LABEL}}", width)] if same else lines


def _setting(setting: Setting, width: int) -> Iterator[str]:
    hashed = setting.name in ("prompt", "schema_hash")
    values = (setting.before, setting.after)
    old, new = (plain(each[:_HASH] if hashed else each) or NONE for each in values)
    new = f"{new} ({counted(setting.articles)})"
    return _from_to(old, new, f"{setting.name:<{_LABEL}}", width)


def _totals(found: Diff) -> list[str]:
    marks: list[Kind | Verdict] = [*Kind, *Verdict] if found.judged else [*Kind]
    head = "".join(f"{mark:>9}" for mark in marks)
    lines = [f"{'':<{_LABEL}}{head}"]
    for field, counts in found.totals.items():
        row = "".join(f"{counts.get(mark, ''):>9}" for mark in marks)
        lines.append(f"{field:<{_LABEL}}{row}".rstrip())
    return lines


def _scores(found: Diff) -> list[str]:
    if not found.scores:
        return []
    scores: Mapping[str, Moved] = found.scores
    rows = [f"{'':<19}{'first':>8}{'second':>9}{'change':>9}"]
    for field, score in scores.items():
        figures = f"{figure(score.before):>8}{figure(score.after):>9}{_moved(score):>9}"
        rows.append(f"{field:<19}{figures}")
    return rows


def _moved(score: Moved) -> str:
    if score.before is None or score.after is None:
        return NONE
    return f"{score.after - score.before:+.3f}" if score.after != score.before else "0"


def _article(article: ArticleDiff, width: int, room: int) -> Iterator[str]:
    """Its differences, meeting by meeting, with `room` columns for the verdicts."""
    yield wrapped(plain(article.id), "", width)
    for meeting in article.meetings:
        yield wrapped(plain(meeting.name), f"{_place(meeting)}  ".rjust(5), width)
        for change in meeting.changes:
            judged = f"{change.verdict or '':<{room}}"
            lead = f"     {judged}{_SIGNS[change.kind]} {change.field:<{_LABEL}}"
            yield from _change(change, lead, width)


def _place(meeting: MeetingDiff) -> str:
    """Its number in the second run, or the sign that only one run has it."""
    if meeting.before is None:
        return "+"
    return "-" if meeting.after is None else str(meeting.after)


def _change(change: Change, lead: str, width: int) -> Iterator[str]:
    whose = f"{plain(change.of)}: " if change.of is not None else ""
    if change.old is None or change.new is None:
        value = change.new if change.old is None else change.old
        yield wrapped(whose + plain(value or ""), lead, width)
        return
    old, new = plain(change.old), plain(change.new)
    blanks = " (but for blanks)" if old == new else ""
    yield from _from_to(whose + old, new + blanks, lead, width)


def _from_to(old: str, new: str, lead: str, width: int) -> Iterator[str]:
    """On one line, or on two or more where that is too short."""
    line = f"{lead}{old} → {new}"
    if len(line) <= width:
        yield line
        return
    yield wrapped(old, lead, width)
    yield wrapped(new, f"{'→ ':>{len(lead)}}", width)
