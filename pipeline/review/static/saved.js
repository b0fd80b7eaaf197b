/**
 * The honest state of what was decided: saved, being saved, or not saved and why. Silent for screen
 * readers while all is well and keys follow each other quickly.
 */

import { byId, fill, h } from "./dom.js";
import { alarm, say } from "./notices.js";
import { many } from "./words.js";

const CALM = 700; // milliseconds without a change, before "Saved" is said aloud

let soon;

const TYPING = {
  kept: "kept in this browser, no decision yet",
  lost: "no decision yet, and this browser keeps no drafts",
};

/**
 * @param {{waiting: number, trouble: string|null, kept: boolean, conflicts: number, draft}} state
 *   `kept`: whether what waits would outlive this page; `draft`: whether what is being typed would,
 *   as "kept" or "lost"
 */
export function show({ waiting, trouble, kept, conflicts, draft }, { retry, settle }) {
  clearTimeout(soon);
  const box = byId("saved");
  const before = box.dataset.state;
  const calm = waiting ? "saving" : draft ? "draft" : "saved";
  box.dataset.state = trouble ? "trouble" : conflicts ? "conflict" : calm;
  if (trouble) {
    const text = `Not saved (${many(waiting, "step")}): ${trouble}`;
    fill(
      box,
      h("span", {}, text),
      h(
        "small",
        {},
        kept
          ? "They are kept in this browser and tried again."
          : "They are tried again while this page is open; this browser keeps nothing.",
      ),
      h("button", { type: "button", onclick: retry }, "Try now"),
    );
    if (before !== "trouble") alarm(text);
  } else if (conflicts) {
    fill(
      box,
      h("button", { type: "button", onclick: settle }, `${many(conflicts, "conflict")} to settle`),
    );
  } else if (calm === "draft") {
    fill(box, h("span", {}, "Draft"), h("small", {}, TYPING[draft]));
  } else {
    fill(box, h("span", {}, waiting ? "Saving …" : "Saved"));
    if (!waiting && before !== "saved") soon = setTimeout(() => say("Saved"), CALM);
  }
}
