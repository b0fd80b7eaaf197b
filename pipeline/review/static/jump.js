/**
 * Between items and their evidence, both ways: what is focused or hovered over on one side is lit
 * and brought into view on the other. Decides nothing.
 */

export class Jumping {
  /**
   * @param pane the article's pane
   * @param rowsPane the rows' pane
   * @param {{rows, current, editing, choose}} review functions: all rows, the current one, whether
   *   a form is open, and to make another row the current one without taking the focus
   */
  constructor(pane, rowsPane, review) {
    Object.assign(this, { pane, rowsPane, review });
  }

  /** A sentence has the focus: its item becomes the current one. */
  entered(number) {
    if (this.review.editing()) return;
    const citing = this.#citing(number);
    this.rowsPane.light(citing);
    if (citing.size && !citing.has(this.review.current()?.id)) this.review.choose([...citing][0]);
    this.pane.light("hover", citing.size ? [] : [this.pane.place(number).sentence]);
  }

  /** The pointer is over a sentence, or over none. */
  sentence(number) {
    this.rowsPane.light(number === null ? new Set() : this.#citing(number));
  }

  /** The pointer is over a row, or over none. */
  row(id) {
    const current = this.review.current();
    const row = this.review.rows().find((each) => each.id === id);
    this.pane.light("hover", row && row !== current ? row.evidence : []);
    if (!this.review.editing()) this.pane.reveal((row ?? current)?.evidence ?? []);
  }

  /** Lights the current row's evidence, and in it the value. */
  light(row) {
    this.pane.light("hover", []);
    this.pane.light("evidence", row?.evidence ?? []);
    this.pane.light("value", row?.marks ?? []);
    if (row && this.pane.focused === null)
      this.pane.reveal(row.marks.length ? row.marks : row.evidence);
  }

  /** With the keyboard, to the next sentence that nothing cites; false where there is none. */
  toBare() {
    const bare = this.pane.sentences
      .filter((place) => place.bare)
      .map((place) => place.sentence.number);
    const at = this.pane.focused ?? 0;
    if (bare.length) this.pane.focus(bare.find((number) => number > at) ?? bare[0]);
    return bare.length > 0;
  }

  #citing(number) {
    const rows = this.review
      .rows()
      .filter((row) => row.evidence.some((span) => span.sentence === number));
    return new Set(rows.map((row) => row.id));
  }
}
