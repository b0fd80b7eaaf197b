/**
 * From row to row, and between items and their evidence, both ways: what is focused or hovered over
 * on one side is lit and brought into view on the other. Decides nothing.
 */

import { openAfter } from "./standing.js";

export class Jumping {
  /** @param review the article under review, with its panes and its current row */
  constructor(review) {
    this.review = review;
  }

  /** To the next row, or with -1 to the one before. */
  step(by) {
    const ids = this.review.rows().map((row) => row.id);
    const id = ids[ids.indexOf(this.review.current) + by];
    if (id) this.review.choose(id);
  }

  /** To the next row that is open. */
  toOpen() {
    const id = openAfter(this.review.rows(), this.review.current);
    if (id) this.review.choose(id);
    else this.review.hint("Every row is decided.");
  }

  /** With the keyboard, to the current row's first sentence. */
  toText() {
    this.review.pane.focus(this.review.row()?.evidence[0]?.sentence);
  }

  /** … and back. */
  toRows() {
    if (this.review.current) this.review.choose(this.review.current);
  }

  /** With the keyboard, to the next sentence that nothing cites. */
  toBare() {
    const { pane } = this.review;
    const bare = pane.sentences.filter((place) => place.bare).map((place) => place.sentence.number);
    const at = pane.focused ?? 0;
    if (bare.length) pane.focus(bare.find((number) => number > at) ?? bare[0]);
    else this.review.hint("Every sentence of the body is cited.");
  }

  /** A sentence has the focus: its item becomes the current one. */
  entered(number) {
    const { pane, rowsPane } = this.review;
    if (this.review.editor) return;
    const citing = this.#citing(number);
    rowsPane.light(citing);
    if (citing.size && !citing.has(this.review.row()?.id))
      this.review.choose([...citing][0], { focus: false });
    pane.light("hover", citing.size ? [] : [pane.place(number).sentence]);
  }

  /** The pointer is over a sentence, or over none. */
  sentence(number) {
    this.review.rowsPane.light(number === null ? new Set() : this.#citing(number));
  }

  /** The pointer is over a row, or over none. */
  row(id) {
    const { pane } = this.review;
    const current = this.review.row();
    const row = this.review.rows().find((each) => each.id === id);
    pane.light("hover", row && row.id !== current?.id ? row.evidence : []);
    if (!this.review.editor) pane.reveal((row ?? current)?.evidence ?? []);
  }

  /** Lights the current row's evidence, and in it the value. */
  light(row) {
    const { pane } = this.review;
    pane.light("hover", []);
    pane.light("evidence", row?.evidence ?? []);
    pane.light("value", row?.marks ?? []);
    if (row && pane.focused === null) pane.reveal(row.marks.length ? row.marks : row.evidence);
  }

  #citing(number) {
    const rows = this.review
      .rows()
      .filter((row) => row.evidence.some((span) => span.sentence === number));
    return new Set(rows.map((row) => row.id));
  }
}
