/**
 * Codes to words for people. Knows what the codes are called; knows nothing of where they stand.
 */

export const KIND = {
  meeting: "meeting",
  date: "when",
  place: "where",
  parties: "parties",
  participant: "who",
  agenda: "about",
  agreement: "agreed",
  article: "check",
};

/** The same, where a person chooses what to add. */
export const NOUN = {
  agenda: "subject talked about",
  agreement: "agreement",
  participant: "participant",
  date: "date",
  place: "place",
  meeting: "meeting",
};

export const STANDING = {
  open: { glyph: "", word: "to decide" },
  accepted: { glyph: "✓", word: "accepted" },
  edited: { glyph: "✎", word: "edited" },
  added: { glyph: "+", word: "added" },
  rejected: { glyph: "✕", word: "rejected" },
  moot: { glyph: "–", word: "nothing to decide: its meeting is rejected" },
};

const ACTION = {
  accept: "accepted",
  reject: "rejected",
  edit: "edited",
  cite: "given other evidence",
  add: "added",
  undo: "undone",
  redo: "done again",
};

const STATE = {
  exact: "exact",
  normalised: "but for case, blanks and quotes",
  composed: "all its words are there, not in one piece",
  cited_only: "the cited sentences do not contain it",
  not_found: "the article does not contain it",
};

export function spoken(code) {
  return String(code).replaceAll("_", " ");
}

export function done(action) {
  return ACTION[action] ?? spoken(action);
}

/** A state in a few words, with what it means; null is that of what no sentence has to contain. */
export function state(code) {
  if (code === null) return "it need not stand in the evidence word for word";
  const meaning = STATE[code];
  return !meaning || meaning === code ? spoken(code) : `${spoken(code)}: ${meaning}`;
}

/** Who found the sentences. */
export function citedBy(code) {
  return (
    { model: "cited by the model", code: "found by code", reviewer: "chosen by a reviewer" }[
      code
    ] ?? ""
  );
}

/**
 * What a value says, part by part, in the order in which a person would say it.
 *
 * @param none of the article's own row: whether no meeting is listed
 */
export function parts(kind, value, none = false) {
  if (kind === "article") return [none ? "It reports no meeting" : "Nothing is missing"];
  if (kind === "parties") return value.parties.length ? value.parties : ["no party"];
  if (kind === "date")
    return [value.date ?? "no date", value.date_text && `“${value.date_text}”`].filter(Boolean);
  const said =
    kind === "meeting"
      ? [value.name, value.prominence, value.status, value.format && spoken(value.format)]
      : Object.values(value);
  return said.filter(Boolean);
}

/** The same in one line. */
export function told(kind, value) {
  return value ? parts(kind, value).join(", ") : "";
}

/** Today by the clock, other days with their date. */
export function moment(iso) {
  const at = new Date(iso);
  const clock = at.toLocaleTimeString(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  if (at.toDateString() === new Date().toDateString()) return clock;
  return `${iso.slice(0, 10)}, ${clock}`;
}

export function many(count, one, more = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
}

export function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
