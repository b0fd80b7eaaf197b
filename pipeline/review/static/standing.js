/**
 * How the rows of an article stand once what is still on its way to the server is counted in. Plain
 * functions of values; they touch no page.
 */

const STANDS = { accept: "accepted", reject: "rejected", edit: "edited" };

/**
 * All rows, meeting by meeting, and last the one about the whole article; that one with `none` where
 * accepting it says that the article reports no meeting.
 */
export function rowsOf(article, pending) {
  if (!article?.whole) return [];
  const rows = told(
    [...article.meetings.flatMap((meeting) => meeting.rows), article.whole],
    pending,
  );
  const none = !rows.some((row) => row.kind === "meeting" && row.standing !== "rejected");
  return rows.map((row) => (row.kind === "article" && none ? { ...row, none } : row));
}

/** The rows with what was decided about them and is not saved yet. */
function told(rows, pending) {
  if (!pending.length) return rows;
  const decided = new Map(pending.map((decision) => [decision.row, STANDS[decision.action]]));
  const gone = new Set(
    rows
      .filter((row) => row.kind === "meeting" && decided.get(row.id) === "rejected")
      .map((row) => row.meeting),
  );
  return rows.map((row) => {
    const moot = gone.has(row.meeting) && row.kind !== "meeting";
    return { ...row, standing: moot ? "moot" : (decided.get(row.id) ?? row.standing) };
  });
}

/** The id of the next open row after `id`, from the top again if need be; undefined if none is. */
export function openAfter(rows, id) {
  const at = rows.findIndex((row) => row.id === id);
  return [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find((row) => row.standing === "open")
    ?.id;
}

/** Spans as the server takes them. */
export function bare(spans) {
  return spans.map(({ start, end }) => ({ start, end }));
}

/** The decision that makes a row as the other run, or the other reviewer, has it. */
export function following({ id, other }) {
  if (!other || other.standing === "rejected") return { action: "reject", row: id };
  const evidence = other.evidence.length ? { evidence: bare(other.evidence) } : {};
  return { action: "edit", row: id, value: other.value, ...evidence, as_cited: true };
}

/** The decision that adds a row which only the other has. */
export function adding({ kind, meeting, value, evidence }) {
  const where = meeting ? { kind, meeting } : { kind };
  return { action: "add", ...where, value, evidence: bare(evidence), as_cited: true };
}

/** The meeting that a stretch of the article most likely belongs to: the one cited last before it. */
export function nearest(span, meetings) {
  const cited = (meeting) => {
    const starts = meeting.rows.flatMap((row) => row.evidence).map((each) => each.start);
    return Math.max(-1, ...starts.filter((start) => start <= span.start));
  };
  return [...meetings].sort((one, other) => cited(other) - cited(one))[0]?.id ?? null;
}
