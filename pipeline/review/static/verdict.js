/**
 * What the server says of a value that is being typed: how well its evidence carries it, or why it
 * will not be saved, and what can be done about that. Knows no row.
 */

import { Refused, post } from "./api.js";
import { fill, foreign, h } from "./dom.js";
import { state } from "./words.js";

const PAUSE = 250; // milliseconds without a key, before the server is asked

export class Verdict {
  #asked = 0;
  #soon;

  /**
   * @param told gives what stands in the form: {kind, value, evidence}
   * @param {{cite, insist}} ways called with sentences to cite instead, and to save it as it is
   */
  constructor({ article, pane, told }, { cite, insist }) {
    Object.assign(this, { article, pane, told, cite, insist });
    this.element = h("div", { class: "verdict", role: "status" });
  }

  /** Asks once nobody types. */
  soon() {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#check(), PAUSE);
  }

  /** Asks no more. */
  stop() {
    clearTimeout(this.#soon);
    this.#asked += 1;
  }

  tell(kind, text, ways = []) {
    this.element.dataset.kind = kind;
    fill(this.element, foreign(text), ways);
  }

  /** @param early whether nobody has tried to save it yet */
  refused(error, { early = false } = {}) {
    const ways = [];
    if (error.code === "not_in_evidence") {
      const stands = error.error.sentences
        .map((number) => this.pane.place(number)?.sentence)
        .filter(Boolean);
      const numbers = stands.map((sentence) => sentence.number).join(", ");
      if (stands.length) ways.push(way(`Cite ${numbers} instead`, () => this.cite(stands)));
      if (!early) ways.push(way("Keep it nevertheless", this.insist));
    }
    const form = this.element.closest("form");
    const field = error.error?.field && form.querySelector(`#field-${error.error.field}`);
    for (const each of form.querySelectorAll("[aria-invalid]"))
      each.removeAttribute("aria-invalid");
    if (early && field?.value === "") return this.tell("saving", error.message); // she is coming to it
    field?.setAttribute("aria-invalid", "true");
    this.tell("doubt", error.message, ways);
  }

  async #check() {
    const asked = ++this.#asked;
    const { kind, value, evidence } = this.told();
    if (!evidence.length) return this.tell("saving", "No evidence is chosen.");
    try {
      const answer = await post("check", { article: this.article.id, kind, value, evidence });
      if (asked === this.#asked) this.tell("fine", state(answer.evidence_state));
    } catch (error) {
      if (asked !== this.#asked) return;
      if (error instanceof Refused) this.refused(error, { early: true });
      else this.tell("saving", "It cannot be checked now: the server does not answer.");
    }
  }
}

function way(label, onclick) {
  return h("button", { type: "button", onclick }, label);
}
