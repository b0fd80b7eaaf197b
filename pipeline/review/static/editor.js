/**
 * The form in which a value and its evidence are corrected, or a missing item is added. Knows one
 * row; what saving means, and where a draft is kept, is told to it.
 */

import { fields, value } from "./fields.js";
import { byId, fill, h, keyed } from "./dom.js";
import { Picker } from "./pick.js";
import { Verdict } from "./verdict.js";
import { NOUN } from "./words.js";

const WORDS = ".field :is(input, textarea)"; // the first is what an item is called

export class Editor {
  #begun;
  #ended = false;
  #saving = false; // from then on keys are meant for what comes next

  /**
   * @param about {article, pane, choices, row} or, for a missing item, {…, kinds, meetings, meeting};
   *   and `draft`, what was typed before, if anything was
   * @param spans the evidence to begin with
   * @param save called with {kind, meeting, value, evidence, asCited}; resolves once saved
   * @param typed called with what stands in the form now, or null where that is what it began with
   * @param close called when the form is done with
   */
  constructor(about, spans, { save, typed, close }) {
    const before = about.kinds?.find((kind) => kind === about.draft?.kind);
    const kind = about.row?.kind ?? before ?? about.kinds[0];
    Object.assign(this, { about, save, typed, close, kind });
    this.element = h("form", {
      class: "editor",
      "aria-label": about.row ? "Correct this item" : "Add a missing item",
    });
    this.element.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    this.element.addEventListener("input", () => this.#changed());
    this.element.addEventListener("keydown", (event) => this.#keydown(event));
    this.verdict = new Verdict(
      { article: about.article, pane: about.pane, told: () => this.#told() },
      {
        cite: (sentences) => this.picker.replace(sentences),
        insist: () => this.submit({ asCited: true }),
      },
    );
    this.#draw(about.draft?.value ?? about.row?.value ?? null);
    this.picker = new Picker(about.pane, spans, {
      changed: () => (this.#showSpans(), this.#changed()),
      finished: (well) => (well ? this.submit() : this.close()),
    });
    this.#showSpans();
    this.#begun = about.draft ? null : JSON.stringify(this.#told());
    if (about.draft) this.verdict.soon();
  }

  /** Whether anything would be lost by leaving. */
  get dirty() {
    return JSON.stringify(this.#told()) !== this.#begun;
  }

  focus() {
    this.element.querySelector("input, textarea, select")?.focus();
  }

  end() {
    this.#ended = true;
    this.verdict.stop();
    this.picker.close();
    this.element.remove();
  }

  async submit({ asCited = false } = {}) {
    if (this.#saving) return;
    this.#saving = true;
    this.verdict.stop();
    this.verdict.tell("saving", "Saving …");
    try {
      await this.save({ ...this.#told(), asCited });
    } catch (error) {
      this.#saving = false;
      if (this.#ended) return;
      if (error.code === "conflict") return this.close();
      this.verdict.refused(error);
      this.typed(this.#told());
    }
  }

  #draw(now) {
    const { row, kinds, meetings, choices } = this.about;
    const meeting = this.about.draft?.meeting ?? this.about.meeting;
    const several = !row && this.kind !== "meeting" && meetings.length > 1;
    const named = kinds?.map((kind) => [kind, NOUN[kind]]);
    fill(
      this.element,
      !row && select("edit-kind", "Kind", named, this.kind),
      several && select("edit-meeting", "Meeting", meetings, meeting),
      fields(this.kind, now, choices),
      h(
        "fieldset",
        { class: "evidence" },
        h("legend", {}, "Evidence"),
        h("ul", { class: "spans" }),
        h(
          "p",
          { class: "hint" },
          "Drag over the text, or ",
          keyed("choose by keyboard", null, () => this.picker.focus()),
        ),
      ),
      this.verdict.element,
      h(
        "div",
        { class: "ends" },
        h(
          "button",
          { type: "submit", class: "main" },
          "Save",
          h("kbd", { "aria-hidden": "true" }, "↵"),
        ),
        keyed("Cancel", "Esc", () => this.close(), { "aria-keyshortcuts": "Escape" }),
      ),
    );
    this.element
      .querySelector("#edit-kind")
      ?.addEventListener("change", (event) => this.#turnInto(event.target.value));
  }

  /** Another kind of item; the words that were typed first are most likely the same. */
  #turnInto(kind) {
    const words = this.element.querySelector(WORDS).value;
    const untouched = !this.dirty;
    this.kind = kind;
    this.#draw(null);
    this.element.querySelector(WORDS).value = words;
    if (untouched) this.#begun = JSON.stringify(this.#told());
    this.#showSpans();
    byId("edit-kind").focus();
    this.#changed();
  }

  #showSpans() {
    const spans = this.picker?.spans ?? [];
    const items = spans.map((span) =>
      h(
        "li",
        {},
        h("bdi", {}, this.about.pane.words(span)),
        h(
          "button",
          {
            type: "button",
            class: "remove",
            "aria-label": "Remove this evidence",
            onclick: () => this.picker.remove(span),
          },
          "×",
        ),
      ),
    );
    fill(
      this.element.querySelector(".spans"),
      items.length ? items : h("li", { class: "none" }, "none yet"),
    );
  }

  #changed() {
    this.typed(this.dirty ? this.#told() : null);
    this.verdict.soon();
  }

  #keydown(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (
      event.key === "Enter" &&
      event.target.matches("textarea, select") &&
      !event.isComposing
    ) {
      event.preventDefault();
      this.submit();
    } else if (this.#saving && event.key.length === 1 && !event.ctrlKey && !event.metaKey)
      event.preventDefault();
    event.stopPropagation();
  }

  #told() {
    return {
      kind: this.kind,
      meeting: this.#meeting(),
      value: value(this.kind, this.element),
      evidence: this.picker.spans,
    };
  }

  #meeting() {
    if (this.about.row || this.kind === "meeting") return null;
    return this.element.querySelector("#edit-meeting")?.value ?? this.about.meeting;
  }
}

function select(id, label, options, chosen) {
  const items = options.map(([code, words]) =>
    h("option", { value: code, selected: code === chosen }, words),
  );
  return h("div", { class: "field" }, h("label", { for: id }, label), h("select", { id }, items));
}
