/**
 * Corrects a row, chooses its evidence, or adds a missing one, in a form that stays until it is
 * saved or cancelled; what is typed into it is kept as a draft all the while. Knows where the form
 * goes; knows nothing of what comes next.
 */

import { fill } from "./dom.js";
import { Editor } from "./editor.js";
import { bare, nearest } from "./standing.js";

const ADDED = ["agenda", "agreement", "participant", "date", "place", "parties", "meeting"];

export class Correcting {
  editor = null;
  kept = true; // whether the browser has taken what was typed last

  /**
   * @param choices what fields with a fixed choice can hold
   * @param drafts where what is being typed is kept
   * @param {{pane, rowsPane, adding: Element}} places where the text, the rows and new rows are
   * @param send called with a decision; resolves once it is saved
   * @param opened called when a form was opened or put away
   * @param typed called when a draft was kept or dropped
   * @param closed called when it was put away by its own buttons: with "edited" or "added", if it was
   *   saved
   */
  constructor(choices, drafts, places, { send, opened, typed, closed }) {
    Object.assign(this, { choices, drafts, places, send, opened, typed, closed });
  }

  /** Correct a row: its values, or, with `cite`, its evidence. `focus`: at once, by keyboard. */
  row(article, row, { cite = false, focus = true } = {}) {
    const selected = this.places.pane.selection;
    const draft = this.#draft(article, row.id);
    this.#open({ article, row, draft }, selected ? [selected] : row.evidence);
    if (!focus) return;
    if (!cite) this.editor.focus();
    else if (selected) this.editor.element.querySelector(".main").focus();
    else this.editor.picker.focus();
  }

  /** Add a missing row, from what is selected or has the focus; perhaps to the meeting of `near`. */
  missing(article, near, { focus = true } = {}) {
    const { pane } = this.places;
    const span = pane.selection ?? pane.place(pane.focused)?.sentence;
    const meetings = article.meetings.filter((each) => each.standing !== "rejected");
    const named = meetings.map((each, index) => [
      each.id,
      `${index + 1}: ${each.rows[0].value.name}`,
    ]);
    const meeting = (span && nearest(span, meetings)) ?? near ?? meetings[0]?.id ?? null;
    const kinds = meetings.length ? ADDED : ["meeting"];
    const draft = this.#draft(article, null);
    const about = { article, kinds, meetings: named, meeting, draft };
    this.#open(about, span ? [span] : []);
    if (focus) this.editor.focus();
  }

  /** The draft to go on with in this article: that of `row`, else the latest; null if there is none. */
  waiting(article, row) {
    const rows = new Set(article.meetings.flatMap((each) => each.rows).map((each) => each.id));
    const drafts = this.drafts
      .of(article.id)
      .filter((draft) => draft.row === null || rows.has(draft.row));
    return drafts.find((draft) => draft.row === row) ?? drafts[0] ?? null;
  }

  /** Decisions that the server will never take as they are become drafts again. */
  takeBack({ article, version, decisions }) {
    for (const { row = null, kind = null, meeting = null, value, evidence = [] } of decisions)
      if (value) this.drafts.keep({ article, version, row, kind, meeting, value, evidence });
    this.typed();
  }

  /** Puts the form away; what is in it stays a draft. */
  leave() {
    if (!this.editor) return;
    const { row } = this.editor.about;
    this.editor.end();
    this.editor = null;
    if (row) this.places.rowsPane.edit(row.id, null);
    this.opened(false);
    this.typed();
  }

  /** Keeps the form on the page when its row has gone. */
  keep() {
    if (this.editor && !this.editor.element.isConnected)
      fill(this.places.adding, this.editor.element);
  }

  #open(about, spans) {
    const { article, row = null, draft } = about;
    const key = { article: article.id, row: row?.id ?? null };
    // A new run may have found another text: then the draft's offsets mean nothing in it.
    const chosen = draft?.version === article.version ? draft.evidence : spans;
    this.editor = new Editor(
      { ...about, pane: this.places.pane, choices: this.choices },
      bare(chosen),
      {
        save: (told) => this.#save(key, row, told),
        typed: (told) => this.#typed({ ...key, version: article.version, ...told }, told === null),
        close: () => (this.drafts.drop(key), this.leave(), this.closed(null)),
      },
    );
    this.opened(true);
    if (row) this.places.rowsPane.edit(row.id, this.editor.element);
    else fill(this.places.adding, this.editor.element);
    this.typed();
  }

  #draft(article, row) {
    return this.drafts.of(article.id).find((draft) => draft.row === row) ?? null;
  }

  #typed(draft, asBefore) {
    if (asBefore) this.drafts.drop(draft);
    else this.kept = this.drafts.keep(draft);
    this.typed();
  }

  async #save(key, row, { kind, meeting, value, evidence, asCited }) {
    const cited = evidence.length || row?.evidence.length ? { evidence } : {}; // none before, none now
    const where = row
      ? { action: "edit", row: row.id }
      : { action: "add", kind, ...(meeting ? { meeting } : {}) };
    const saving = this.send({ ...where, value, ...cited, as_cited: asCited });
    this.drafts.drop(key); // the step is kept instead, until the server has it
    const answer = await saving;
    this.leave();
    this.closed(row ? "edited" : "added", answer);
  }
}
