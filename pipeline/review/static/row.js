/**
 * One row as a line: how it stands, what it says, and what is doubtful about it. Decides nothing.
 */

import { described } from "./detail.js";
import { foreign, h, unseen } from "./dom.js";
import { KIND, STANDING, parts, spoken } from "./words.js";

const DOUBTFUL = new Set(["composed", "cited_only", "not_found"]); // of a row whose words must stand there

/** @param {{current: boolean, chosen: function}} about `chosen` is called when it is clicked */
export function line(row, { current, chosen }) {
  const standing = STANDING[row.standing];
  return h(
    "button",
    {
      type: "button",
      class: "line",
      tabindex: current ? "0" : "-1",
      "aria-expanded": String(current),
      "aria-current": current ? "true" : null,
      onclick: chosen,
    },
    h("span", { class: "glyph", "aria-hidden": "true" }, standing.glyph),
    h("span", { class: "kind" }, KIND[row.kind]),
    said(row),
    unseen(`, ${standing.word}`),
    chips(row),
  );
}

/** The value, each part of it kept from turning round the others, and the first the most visible. */
function said({ kind, value, none }) {
  const [first, ...rest] = parts(kind, value, none).map((part) => foreign(part));
  const separate = kind === "parties" ? "" : "rest";
  return h(
    "span",
    { class: "text" },
    first,
    rest.map((part) => h("span", { class: separate }, ", ", part)),
  );
}

function chips(row) {
  const doubtful = DOUBTFUL.has(row.evidence_state) && !described(row);
  return h("span", { class: "chips" }, [
    row.draft && h("span", { class: "chip draft" }, "draft"),
    row.again && h("span", { class: "chip again" }, "again"),
    row.disagrees && h("span", { class: "chip differs" }, "differs"),
    doubtful && h("span", { class: `chip ${row.evidence_state}` }, spoken(row.evidence_state)),
    row.flags.length > 0 &&
      !doubtful &&
      h("span", { class: `chip flagged ${row.flags[0].problem}` }, spoken(row.flags[0].problem)),
  ]);
}
