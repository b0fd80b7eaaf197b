/**
 * Two people, or two tabs, decided the same row: both decisions stand side by side until this
 * reviewer has chosen for each. Nothing is chosen for them; what is put off stays in the browser.
 */

import { byId, foreign, h, keyed } from "./dom.js";
import { done, KIND, moment, told } from "./words.js";

/**
 * Asks about one conflict.
 *
 * @param conflict a step that the outbox could not save, with `rows` and the `article` as it is now
 * @param insist called with the decisions that are to be sent again, none if all gave way
 */
export function settle(conflict, insist) {
  const chosen = new Map(); // row id → "mine" | "theirs"
  const dialog =
    byId("conflict") ??
    document.body.appendChild(
      h("dialog", { id: "conflict", class: "wide", "aria-labelledby": "conflict-head" }),
    );
  const rows = new Map(
    conflict.article.meetings.flatMap((each) => each.rows).map((row) => [row.id, row]),
  );
  const choose = (row, side) => {
    chosen.set(row, side);
    const next = conflict.rows.find((each) => !chosen.has(each.row));
    if (next) return dialog.querySelector(`[data-row="${next.row}"] button`).focus();
    dialog.close();
    const yours = new Map(conflict.rows.map((each) => [each.row, each.yours]));
    const kept = conflict.body.decisions.filter((each) => chosen.get(each.row) !== "theirs");
    insist(kept.map((each) => (yours.has(each.row) ? insisting(each, yours.get(each.row)) : each)));
  };
  dialog.replaceChildren(
    h("h2", { id: "conflict-head", tabindex: "-1" }, "Decided twice"),
    h(
      "p",
      {},
      "While you decided, somebody else did, perhaps you in another tab. Theirs is saved, yours is not: choose which one holds. If yours does, theirs stays in the history.",
    ),
    ...conflict.rows.map((each) => contested(each, rows.get(each.row), choose)),
    h(
      "form",
      { method: "dialog" },
      h("button", {}, "Later", h("kbd", { "aria-hidden": "true" }, "Esc")),
    ),
  );
  dialog.onkeydown = (event) => {
    const side = { y: "mine", t: "theirs" }[event.key];
    const next = conflict.rows.find((each) => !chosen.has(each.row));
    if (side && next && !event.ctrlKey && !event.metaKey && !event.altKey) choose(next.row, side);
  };
  if (!dialog.open) dialog.showModal();
  byId("conflict-head").focus(); // no button, which a key already on its way could press
}

/** To accept a row is to accept what it said when she looked: over another's edit, that has to be said. */
function insisting(decision, { value, evidence }) {
  if (decision.action !== "accept" || !value) return decision;
  const cited = evidence?.length
    ? { evidence: evidence.map(({ start, end }) => ({ start, end })) }
    : {};
  return { action: "edit", row: decision.row, value, ...cited, as_cited: true };
}

function contested({ row, yours, theirs }, now, choose) {
  const kind = now?.kind ?? "article";
  const before = now?.proposed ?? theirs.old;
  return h(
    "section",
    { "data-row": row, "aria-label": KIND[kind] },
    h(
      "p",
      { class: "contested" },
      h("span", { class: "kind" }, KIND[kind]),
      foreign(before ? told(kind, before.value) : (now?.text ?? "")),
    ),
    h(
      "div",
      { class: "two" },
      side(
        "Yours",
        done(yours.action),
        yours.value,
        kind,
        keyed("Keep yours", "y", () => choose(row, "mine")),
      ),
      side(
        ["Theirs, by ", foreign(theirs.by), `, ${moment(theirs.at)}`],
        done(theirs.action),
        theirs.new?.value,
        kind,
        keyed("Keep theirs", "t", () => choose(row, "theirs")),
      ),
    ),
  );
}

function side(head, action, value, kind, button) {
  return h(
    "div",
    { class: "one" },
    h("h3", {}, head),
    h("p", {}, h("strong", {}, action), value && [": ", foreign(told(kind, value))]),
    button,
  );
}
