/**
 * Opens the form in which a row is corrected or a missing one is added, and makes one decision of
 * what was filled in. Knows where the form goes; knows nothing of keys and of what comes next.
 */

import { fill } from "./dom.js";
import { Editor } from "./editor.js";
import { bare, nearest } from "./standing.js";

const ADDED = ["agenda", "agreement", "participant", "date", "place", "meeting"];

export class Correcting {
  editor = null;

  /**
   * @param choices what fields with a fixed choice can hold
   * @param {{pane, rowsPane, adding: Element}} places where the text, the rows and new rows are
   * @param send called with a decision; resolves once it is saved
   * @param opened called when a form was opened or put away
   * @param closed called when it was put away by its own buttons: with the row, if it was saved
   */
  constructor(choices, places, { send, opened, closed }) {
    Object.assign(this, { choices, places, send, opened, closed });
  }

  /** Correct a row. */
  row(article, row, spans) {
    const place = (element) => this.places.rowsPane.edit(row.id, element);
    this.#open({ article, row }, spans, place);
  }

  /** Add a missing row, said by `span` if that is known; to `meeting` unless another fits better. */
  missing(article, span, meeting) {
    const meetings = article.meetings.filter((each) => each.standing !== "rejected");
    const named = meetings.map((each, index) => [
      each.id,
      `${index + 1}: ${each.rows[0].value.name}`,
    ]);
    const likely = (span && nearest(span, meetings)) ?? meeting ?? meetings[0]?.id ?? null;
    const kinds = meetings.length ? ADDED : ["meeting"];
    const place = (element) => fill(this.places.adding, element);
    this.#open({ article, kinds, meetings: named, meeting: likely }, span ? [span] : [], place);
  }

  /** Puts the form away, whatever is in it. */
  leave() {
    if (!this.editor) return;
    const { row } = this.editor.about;
    this.editor.end();
    this.editor = null;
    if (row) this.places.rowsPane.edit(row.id, null);
    this.opened(false);
  }

  /** Keeps the form on the page when its row has gone. */
  keep() {
    if (this.editor && !this.editor.element.isConnected)
      fill(this.places.adding, this.editor.element);
  }

  #open(about, spans, place) {
    this.editor = new Editor(
      { ...about, pane: this.places.pane, choices: this.choices },
      bare(spans),
      {
        save: (told) => this.#save(about.row, told),
        close: () => (this.leave(), this.closed(null)),
      },
    );
    this.opened(true);
    place(this.editor.element);
  }

  async #save(row, { kind, meeting, value, evidence, asCited }) {
    const cited = evidence.length || row?.evidence.length ? { evidence } : {}; // none before, none now
    const where = row
      ? { action: "edit", row: row.id }
      : { action: "add", kind, ...(meeting ? { meeting } : {}) };
    const answer = await this.send({ ...where, value, ...cited, as_cited: asCited });
    this.leave();
    this.closed(row ? "edited" : "added", answer);
  }
}
