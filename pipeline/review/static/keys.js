/**
 * One table of keys, from which come what a key does, the buttons that show it, and the list behind
 * "?". No key fires while somebody types, composes a letter or answers a dialog, and all of them can
 * be switched off. Knows nothing of what the actions are.
 */

import { byId, h, keyed } from "./dom.js";

const OFF = "readout.keys.off"; // in the browser's storage

/** `keys` are named as `pressed` names them; `bar` puts the action among the buttons. */
const REVIEW = [
  { name: "accept", keys: ["a"], shown: "a", label: "Accept", bar: true },
  { name: "reject", keys: ["x"], shown: "x", label: "Reject", bar: true },
  { name: "edit", keys: ["e"], shown: "e", label: "Edit", bar: true },
  {
    name: "cite",
    keys: ["s"],
    shown: "s",
    label: "Evidence",
    bar: true,
    long: "Choose the evidence in the text",
  },
  {
    name: "missing",
    keys: ["m"],
    shown: "m",
    label: "Missing",
    bar: true,
    long: "Add a missing item, from the sentence or selection",
  },
  {
    name: "acceptRest",
    keys: ["Shift+a"],
    shown: "⇧A",
    label: "Accept rest",
    bar: true,
    long: "Accept what is open in this meeting",
  },
  { name: "undo", keys: ["u", "Mod+z"], shown: "u", label: "Undo", bar: true },
  { name: "redo", keys: ["Shift+u", "Mod+Shift+z"], shown: "⇧U", label: "Redo" },
  { name: "nextArticle", keys: ["n"], shown: "n", label: "Next", bar: true, long: "Next article" },
  { name: "compare", keys: ["c"], shown: "c", label: "Side by side", bar: true, beside: true },
  { name: "take", keys: ["t"], shown: "t", label: "Take theirs", bar: true, beside: true },
  { name: "previousArticle", keys: ["p"], shown: "p", label: "Previous article" },
  { name: "next", keys: ["j", "ArrowDown"], shown: "j ↓", label: "Next row" },
  { name: "previous", keys: ["k", "ArrowUp"], shown: "k ↑", label: "Previous row" },
  { name: "nextOpen", keys: ["o"], shown: "o", label: "Next open row" },
  {
    name: "toText",
    keys: ["ArrowLeft"],
    shown: "←",
    label: "To its sentence; ↑ ↓ moves between sentences",
  },
  { name: "toRows", keys: ["ArrowRight"], shown: "→", label: "Back to the item" },
  { name: "nextBare", keys: ["b"], shown: "b", label: "Next sentence that no item cites" },
  { name: "history", keys: ["h"], shown: "h", label: "History of the article" },
  { name: "queue", keys: ["q"], shown: "q", label: "Queue" },
  { name: "help", keys: ["?"], shown: "?", label: "These keys" },
];

const QUEUE = [
  { name: "next", keys: ["j", "ArrowDown"], shown: "j ↓", label: "Next article" },
  { name: "previous", keys: ["k", "ArrowUp"], shown: "k ↑", label: "Previous article" },
  { name: "open", keys: ["o"], shown: "o ↵", label: "Open it" },
  { name: "search", keys: ["/"], shown: "/", label: "Search" },
  { name: "filter", keys: ["f"], shown: "f", label: "To the filters" },
  { name: "undo", keys: ["u", "Mod+z"], shown: "u", label: "Undo the last decision" },
  { name: "redo", keys: ["Shift+u", "Mod+Shift+z"], shown: "⇧U", label: "Redo" },
  { name: "help", keys: ["?"], shown: "?", label: "These keys" },
];

const PICK = [
  ["↑ ↓", "Move between sentences"],
  ["Space", "Put the sentence, or the chosen words, in or out"],
  ["← →", "Move between words; with Shift, choose words"],
  ["↵", "Save with this evidence"],
  ["Tab", "To the form"],
  ["Esc", "Leave everything as it was"],
];

const TABLE = { review: REVIEW, queue: QUEUE };

/** Listens from now on. @param current gives {view, actions}: the table's name and what its names do */
export function listen(current) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || typing(event.target)) return;
    if (localStorage.getItem(OFF) && event.key !== "?") return;
    const { view, actions } = current();
    const action = TABLE[view]?.find((each) => each.keys.includes(pressed(event)));
    if (!action || !actions[action.name]) return;
    event.preventDefault();
    actions[action.name]();
  });
}

/** The buttons of a view. */
export function bar(view, actions, { beside }) {
  return TABLE[view]
    .filter((each) => each.bar && (beside || !each.beside))
    .map((each) =>
      keyed(each.label, each.shown, () => actions[each.name](), {
        title: each.long,
        "data-action": each.name,
      }),
    );
}

/** The list of all keys, and the switch. */
export function help(view, { beside }) {
  const dialog =
    byId("help") ??
    document.body.appendChild(h("dialog", { id: "help", "aria-labelledby": "help-head" }));
  const shown = TABLE[view].filter((each) => beside || !each.beside);
  const off = h("input", {
    type: "checkbox",
    id: "keys-on",
    onchange: (event) =>
      event.target.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"),
  });
  off.checked = !localStorage.getItem(OFF);
  dialog.replaceChildren(
    h("h2", { id: "help-head" }, "Keys"),
    list(shown.map((each) => [each.shown, each.long ?? each.label])),
    ...(view === "review" ? [h("h3", {}, "While choosing evidence"), list(PICK)] : []),
    h("p", {}, off, h("label", { for: "keys-on" }, "Single keys act (never while you type)")),
    h("form", { method: "dialog" }, h("button", {}, "Close")),
  );
  dialog.showModal();
}

function list(entries) {
  return h(
    "dl",
    { class: "keys" },
    entries.map(([key, label]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, label))),
  );
}

function pressed(event) {
  if (event.altKey) return null;
  const letter = /^[a-z]$/i.test(event.key);
  const key = letter ? event.key.toLowerCase() : event.key;
  const shift = event.shiftKey && (letter || key.length > 1) ? "Shift+" : "";
  return `${event.ctrlKey || event.metaKey ? "Mod+" : ""}${shift}${key}`;
}

function typing(target) {
  return Boolean(
    document.querySelector("dialog[open]") ||
    target.closest?.(
      "input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]",
    ),
  );
}
