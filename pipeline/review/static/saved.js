/**
 * The honest state of what was decided: saved, being saved, or not saved and why. Silent for screen
 * readers while all is well and keys follow each other quickly.
 */

import { byId, fill, h } from "./dom.js";
import { alarm, say } from "./notices.js";
import { many } from "./words.js";

const CALM = 700; // milliseconds without a change, before "Saved" is said aloud

let soon;

/** @param {{waiting: number, trouble: string|null, conflicts: number}} state */
export function show({ waiting, trouble, conflicts }, { retry, settle }) {
  clearTimeout(soon);
  const box = byId("saved");
  const before = box.dataset.state;
  box.dataset.state = trouble ? "trouble" : conflicts ? "conflict" : waiting ? "saving" : "saved";
  if (trouble) {
    const text = `Not saved (${many(waiting, "step")}): ${trouble}`;
    fill(
      box,
      h("span", {}, text),
      h("small", {}, "They are kept in this browser and tried again."),
      h("button", { type: "button", onclick: retry }, "Try now"),
    );
    if (before !== "trouble") alarm(text);
  } else if (conflicts) {
    fill(
      box,
      h("button", { type: "button", onclick: settle }, `${many(conflicts, "conflict")} to settle`),
    );
  } else {
    fill(box, h("span", {}, waiting ? "Saving …" : "Saved"));
    if (!waiting && before !== "saved") soon = setTimeout(() => say("Saved"), CALM);
  }
}
