/**
 * Another run, or another reviewer, beside ours: the second column of the rows. Decides nothing.
 */

import { theirsIn } from "./detail.js";
import { foreign, h } from "./dom.js";
import { KIND, parts } from "./words.js";

/** Who stands on which side. */
export function sides(other, article) {
  const model = (made) => made && h("small", {}, " ", foreign(made.model.split("@")[0]));
  return h(
    "p",
    { class: "sides" },
    h("span", {}, "here", model(article.made)),
    h("span", {}, foreign(other), model(article.other?.made)),
  );
}

/** What the other has of a row; where only a part of it differs, that part is marked. */
export function beside(row) {
  if (!row.disagrees) return h("p", { class: "theirs" }, "the same");
  return h("p", { class: "theirs differs" }, partly(row) ?? foreign(theirsIn(row)));
}

function partly({ kind, value, other }) {
  if (!other || other.standing === "rejected") return null;
  const ours = new Set(parts(kind, value));
  const theirs = parts(kind, other.value);
  const differing = theirs.filter((part) => !ours.has(part)).length;
  if (!differing || differing === theirs.length) return null;
  return theirs.map((part, index) => [
    index > 0 && ", ",
    ours.has(part) ? foreign(part) : h("mark", {}, foreign(part)),
  ]);
}

/**
 * What only the other has in a meeting of ours, or, where that is null, in none; null if nothing.
 *
 * @param taken called with a row that is to be added here
 */
export function lacking(article, meeting, taken) {
  const rows = article.other?.only.filter((row) => row.meeting === meeting) ?? [];
  if (!rows.length) return null;
  return h(
    "ol",
    { class: "only", "aria-label": "Only there" },
    rows.map((row) =>
      h(
        "li",
        { class: "row" },
        h(
          "span",
          { class: "line lacking" },
          h("span", { class: "kind" }, KIND[row.kind]),
          "not here",
        ),
        h(
          "p",
          { class: "theirs differs" },
          foreign(row.text),
          " ",
          takeable(row) && h("button", { type: "button", onclick: () => taken(row) }, "Add here"),
        ),
      ),
    ),
  );
}

/** A row can only be added to a meeting that is here, and with a sentence that says it. */
function takeable(row) {
  return (row.meeting || row.kind === "meeting") && row.evidence.length > 0;
}
