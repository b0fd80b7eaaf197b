/**
 * What the page says beside its content: a line that stays until it is put away, and words for
 * screen readers.
 */

import { byId, fill, foreign, h } from "./dom.js";

/** Said politely to screen readers; seen by nobody. */
export function say(text) {
  byId("live").textContent = text;
}

/** Said at once. */
export function alarm(text) {
  byId("alarm").textContent = text;
}

/** A line across the page, until it is put away. Foreign words are welcome in it. */
export function notice(text) {
  const bar = byId("notices");
  const line = h(
    "p",
    {},
    foreign(text),
    h(
      "button",
      { type: "button", onclick: () => (line.remove(), (bar.hidden = !bar.children.length)) },
      "Put away",
    ),
  );
  bar.append(line);
  bar.hidden = false;
  alarm(text);
}

/** The view, when all that can be shown is a sentence. */
export function only(text) {
  fill(byId("view"), h("p", { class: "loading" }, foreign(text)));
}
