/**
 * The form in which a value and its evidence are corrected, or a missing item is added. While it is
 * filled in, the server says how well the evidence carries the value. Knows one row; what saving
 * means is told to it.
 */

import { Refused, post } from "./api.js";
import { fields, value } from "./fields.js";
import { byId, fill, foreign, h, keyed } from "./dom.js";
import { Picker } from "./pick.js";
import { NOUN, state } from "./words.js";

const PAUSE = 250; // milliseconds without a key, before the server is asked

export class Editor {
  #asked = 0;
  #soon;
  #begun;

  /**
   * @param about {article, pane, choices, row} or, for a missing item, {…, kinds, meetings, meeting}
   * @param spans the evidence to begin with
   * @param save called with {kind, meeting, value, evidence, asCited}; resolves once saved
   * @param close called when the form is done with
   */
  constructor(about, spans, { save, close }) {
    Object.assign(this, { about, save, close, kind: about.row?.kind ?? "agenda" });
    this.element = h("form", {
      class: "editor",
      "aria-label": about.row ? "Correct this item" : "Add a missing item",
    });
    this.element.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    this.element.addEventListener("input", () => this.#checkSoon());
    this.element.addEventListener("keydown", (event) => this.#keydown(event));
    this.#draw(about.row?.value ?? null);
    this.picker = new Picker(about.pane, spans, {
      changed: () => (this.#showSpans(), this.#checkSoon()),
      finished: (well) => (well ? this.submit() : this.close()),
    });
    this.#showSpans();
    this.#begun = this.#now();
  }

  /** Whether anything would be lost by leaving. */
  get dirty() {
    return this.#now() !== this.#begun;
  }

  focus() {
    this.element.querySelector("input, textarea, select")?.focus();
  }

  end() {
    clearTimeout(this.#soon);
    this.picker.close();
    this.element.remove();
  }

  async submit({ asCited = false } = {}) {
    clearTimeout(this.#soon);
    this.#tell("saving", "Saving …");
    try {
      await this.save({
        kind: this.kind,
        meeting: this.#meeting(),
        value: value(this.kind, this.element),
        evidence: this.picker.spans,
        asCited,
      });
    } catch (error) {
      if (error.code === "conflict" || error.code === "changed") this.close();
      else this.#refused(error);
    }
  }

  #draw(now) {
    const { row, kinds, meetings, meeting, choices } = this.about;
    const choose = row
      ? []
      : [
          select(
            "edit-kind",
            "Kind",
            kinds.map((kind) => [kind, NOUN[kind]]),
            this.kind,
          ),
          this.kind !== "meeting" &&
            meetings.length > 1 &&
            select("edit-meeting", "Meeting", meetings, meeting),
        ];
    fill(
      this.element,
      choose,
      row?.kind === "article" ? [] : fields(this.kind, now, choices),
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
      h("div", { class: "verdict", role: "status" }),
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
    this.element.querySelector("#edit-kind")?.addEventListener("change", (event) => {
      this.kind = event.target.value;
      this.#draw(null);
      this.#showSpans();
      byId("edit-kind").focus();
    });
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
    }
    event.stopPropagation();
  }

  #checkSoon() {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#check(), PAUSE);
  }

  async #check() {
    const asked = ++this.#asked;
    if (!this.picker.spans.length) return this.#tell("saving", "No evidence is chosen.");
    const body = {
      article: this.about.article.id,
      kind: this.kind,
      value: value(this.kind, this.element),
      evidence: this.picker.spans,
    };
    try {
      const answer = await post("check", body);
      if (asked === this.#asked) this.#tell("fine", state(answer.evidence_state));
    } catch (error) {
      if (asked !== this.#asked) return;
      if (error instanceof Refused) this.#refused(error, { early: true });
      else this.#tell("saving", "It cannot be checked now: the server does not answer.");
    }
  }

  #refused(error, { early = false } = {}) {
    const ways = [];
    if (error.code === "not_in_evidence") {
      const stands = error.error.sentences
        .map((number) => this.about.pane.place(number)?.sentence)
        .filter(Boolean);
      if (stands.length) {
        const numbers = stands.map((sentence) => sentence.number).join(", ");
        ways.push(
          h(
            "button",
            { type: "button", onclick: () => this.picker.replace(stands) },
            `Cite ${numbers} instead`,
          ),
        );
      }
      if (!early)
        ways.push(
          h(
            "button",
            { type: "button", onclick: () => this.submit({ asCited: true }) },
            "Keep it nevertheless",
          ),
        );
    }
    this.#tell("doubt", error.message, ways);
    for (const field of this.element.querySelectorAll("[aria-invalid]"))
      field.removeAttribute("aria-invalid");
    if (error.error?.field)
      this.element
        .querySelector(`#field-${error.error.field}`)
        ?.setAttribute("aria-invalid", "true");
  }

  #tell(kind, text, ways = []) {
    const box = this.element.querySelector(".verdict");
    box.dataset.kind = kind;
    fill(box, foreign(text), ways);
  }

  #meeting() {
    if (this.about.row || this.kind === "meeting") return null;
    return this.element.querySelector("#edit-meeting")?.value ?? this.about.meeting;
  }

  #now() {
    return JSON.stringify([value(this.kind, this.element), this.picker.spans]);
  }
}

function select(id, label, options, chosen) {
  const items = options.map(([code, words]) =>
    h("option", { value: code, selected: code === chosen }, words),
  );
  return h("div", { class: "field" }, h("label", { for: id }, label), h("select", { id }, items));
}
