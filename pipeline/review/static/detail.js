/**
 * What is shown below a row while it is the current one: the sentences that should say it, what is
 * doubtful about it, what was decided before, and what the other run has. Knows how a row looks;
 * decides nothing.
 */

import { foreign, h } from "./dom.js";
import { Offsets } from "./offsets.js";
import { STANDING, citedBy, done, moment, state, told } from "./words.js";

/**
 * @param row a row of the contract
 * @param go called with a sentence's number, to jump there
 * @param other the name of the other run or reviewer, or null
 */
export function detail(row, { go, other }) {
  return h("div", { class: "detail" }, [
    row.kind === "article" &&
      h(
        "p",
        {},
        row.none
          ? "No meeting is listed here. Does the article report any? Then add it."
          : "Does the article report anything that is not listed here? Marked sentences are cited by no item.",
      ),
    row.flags.map((flag) => h("p", { class: "flag" }, foreign(flag.note))),
    row.evidence.map((span) => quote(row, span, go)),
    row.kind !== "article" && h("p", { class: "how" }, found(row)),
    row.proposed &&
      changed(row) &&
      h("p", { class: "was" }, "The model wrote: ", foreign(told(row.kind, row.proposed.value))),
    !row.proposed &&
      row.standing !== "added" &&
      row.kind !== "article" &&
      h("p", { class: "was" }, "The model no longer writes it."),
    row.decided && h("p", { class: "was" }, decided(row.decided, row.kind)),
    row.again &&
      h(
        "p",
        { class: "flag" },
        "Asked again, since a new run changed it. Before: ",
        decided(row.again, row.kind),
      ),
    other &&
      row.disagrees &&
      h(
        "p",
        { class: "was differs" },
        foreign(other),
        ": ",
        foreign(theirsIn(row)),
        h("kbd", {}, "t"),
      ),
  ]);
}

/** Whether a row's words may be our own description, so that no sentence has to have them. */
export function described(row) {
  return row.kind === "meeting" && row.evidence.length > 0;
}

/** One line about another run's row. */
export function theirsIn(row) {
  if (!row.other) return row.disagrees ? "not there" : "";
  const { text, standing } = row.other;
  return text === row.text || standing === "rejected"
    ? `${text} (${STANDING[standing].word})`
    : text;
}

function quote(row, span, go) {
  const number = h(
    "button",
    {
      type: "button",
      class: "number",
      onclick: () => go(span.sentence),
      "aria-label": `Go to sentence ${span.sentence}`,
    },
    String(span.sentence),
  );
  return h("blockquote", {}, number, " ", h("bdi", {}, marked(span, row.marks)));
}

/** The quote, with the value in it marked. */
function marked(span, marks) {
  const offsets = new Offsets(span.quote);
  const cut = (from, to) => span.quote.slice(offsets.units(from), offsets.units(to));
  const parts = [];
  let at = 0;
  for (const mark of marks.filter((each) => span.start <= each.start && each.end <= span.end)) {
    const [from, to] = [mark.start - span.start, mark.end - span.start];
    if (from < at) continue;
    parts.push(cut(at, from), h("mark", {}, cut(from, to)));
    at = to;
  }
  return [...parts, cut(at, span.end - span.start)];
}

function found(row) {
  const by = row.evidence.length ? citedBy(row.cited_by) : "";
  return [row.evidence_state && !described(row) && state(row.evidence_state), by]
    .filter(Boolean)
    .join(" · ");
}

function changed(row) {
  return told(row.kind, row.proposed.value) !== told(row.kind, row.value);
}

function decided(decision, kind) {
  const old =
    decision.old &&
    decision.new &&
    told(kind, decision.old.value) !== told(kind, decision.new.value);
  return [
    `${done(decision.action)} by `,
    foreign(decision.by),
    `, ${moment(decision.at)}`,
    old && [" · was: ", foreign(told(kind, decision.old.value))],
  ];
}
