/**
 * One article under review: it joins the two panes, the editor and the outbox, and holds which row
 * is the current one. Every action of a key is a method here; jumping never decides.
 */

import { ArticlePane, failure } from "./article.js";
import { Correcting } from "./correct.js";
import { fill, h } from "./dom.js";
import * as history from "./history.js";
import { Jumping } from "./jump.js";
import * as keys from "./keys.js";
import { say } from "./notices.js";
import { RowsPane } from "./rows.js";
import { adding, following, openAfter, rowsOf } from "./standing.js";
import * as timer from "./timer.js";
import { KIND, many, spoken } from "./words.js";

const EDITING = "↵ saves, Esc leaves it as it was. Evidence: drag over the text.";

export class Review {
  article = null;
  #current = null; // row id
  #before = new Set(); // rows that were there before one is added

  /**
   * @param session who reviews, and the choices of the fields
   * @param outbox where decisions go
   * @param moved called with {row, compare} when the address should follow
   * @param leave called with "next", "previous" or "queue"
   */
  constructor(session, outbox, { moved, leave }) {
    Object.assign(this, { session, outbox, moved, leave });
    this.pane = new ArticlePane(h("article", { class: "article", "aria-label": "Article" }), {
      entered: (number) => this.jumping.entered(number),
      hovered: (number) => this.jumping.sentence(number),
      dragged: (span) => this.#dragged(span),
    });
    this.rowsPane = new RowsPane(
      h("div", { class: "rows", role: "region", "aria-label": "Items" }),
      {
        chosen: (id) => this.choose(id),
        hovered: (id) => this.jumping.row(id),
        go: (number) => this.pane.focus(number),
        taken: (row) => this.#add(row),
      },
    );
    this.rowsPane.other = session.other;
    this.jumping = new Jumping(this.pane, this.rowsPane, {
      rows: () => this.#rows(),
      current: () => this.#row(),
      editing: () => Boolean(this.editor),
      choose: (id) => this.choose(id, { focus: false }),
    });
    this.adding = h("div", { class: "adding" });
    this.hint = h("p", { class: "hint-line" });
    this.actions = h(
      "div",
      { class: "actions", role: "toolbar", "aria-label": "Decide" },
      keys.bar("review", this, { beside: session.other }),
    );
    this.side = h(
      "div",
      { class: "side" },
      this.rowsPane.root,
      this.adding,
      this.hint,
      this.actions,
    );
    this.element = h("div", { class: "review" }, this.pane.root, this.side);
    this.correcting = new Correcting(session.choices, this, {
      send: (decision) => this.#send([decision], { waits: true }),
      opened: (open) => this.#opened(open),
      closed: (how) => this.#closed(how),
    });
  }

  get editor() {
    return this.correcting.editor;
  }

  /** Shows an article that was fetched, at `row` or at the first that is open. */
  show(article, { row = null, compare = false, focus = true } = {}) {
    this.correcting.leave();
    Object.assign(this, { article, leaving: false });
    this.rowsPane.compare = compare && Boolean(this.session.other);
    this.element.classList.toggle("comparing", this.rowsPane.compare);
    this.hint.textContent = "";
    this.element.classList.toggle("failed", article.text === null);
    if (article.text === null) {
      this.pane.clear(failure(article, this));
      fill(this.rowsPane.root);
      return;
    }
    this.pane.show(article);
    const rows = this.#rows();
    this.rowsPane.show(article, rows);
    const first =
      rows.find((each) => each.id === row) ??
      rows.find((each) => each.standing === "open") ??
      rows.at(-1);
    this.choose(first.id, { focus });
  }

  /** Takes the article as the server has it now; what is being written stays. */
  update(article) {
    this.article = article;
    this.pane.mark(article);
    this.#refresh();
    if (!this.#row()) this.choose(this.#rows().at(-1).id, { focus: false });
    else if (!this.editor) this.jumping.light(this.#row());
  }

  /** Jumps to a row. Decides nothing. */
  choose(id, { focus = true } = {}) {
    if (this.editor && id !== this.#current) {
      if (this.editor.dirty) return this.#hint("Save or cancel first.");
      this.correcting.leave();
    }
    this.#current = id;
    if (focus) this.rowsPane.light(new Set());
    this.rowsPane.open(id, { focus });
    this.jumping.light(this.#row());
    this.moved({ row: id, compare: this.rowsPane.compare });
  }

  // What keys do.

  next() {
    this.#step(1);
  }

  previous() {
    this.#step(-1);
  }

  nextOpen() {
    const id = openAfter(this.#rows(), this.#current);
    if (id) this.choose(id);
    else this.#hint("Every row is decided.");
  }

  accept() {
    this.#decide("accept");
  }

  reject() {
    if (this.#row()?.kind === "article") return this.#hint("Press m to add what is missing.");
    this.#decide("reject");
  }

  acceptRest() {
    const row = this.#row();
    if (this.#busy() || !row) return;
    const rest = this.#rows().filter(
      (each) => each.meeting === row.meeting && each.standing === "open",
    );
    if (!rest.length) return this.#hint("Nothing is open in this meeting.");
    this.#send(rest.map((each) => ({ action: "accept", row: each.id })));
    this.#moveOn(`Accepted ${many(rest.length, "row")}.`);
  }

  edit() {
    const row = this.#row();
    if (this.#busy() || !row || row.kind === "article") return;
    this.correcting.row(
      this.article,
      row,
      this.pane.selection ? [this.pane.selection] : row.evidence,
    );
    this.editor.focus();
  }

  cite() {
    const row = this.#row();
    if (this.#busy() || !row || row.kind === "article") return;
    const selected = this.pane.selection;
    this.correcting.row(this.article, row, selected ? [selected] : row.evidence);
    if (selected) this.editor.element.querySelector(".main").focus();
    else this.editor.picker.focus();
  }

  missing() {
    if (this.#busy() || !this.article?.text) return;
    const place = this.pane.place(this.pane.focused);
    const span = this.pane.selection ?? place?.sentence;
    this.#before = new Set(this.#rows().map((row) => row.id));
    this.correcting.missing(this.article, span, this.#row()?.meeting);
    this.editor.focus();
  }

  /** Does with the current row what the other run or reviewer did. */
  take() {
    const row = this.#row();
    if (this.#busy() || !this.session.other || !row) return;
    if (!row.disagrees) return this.#hint("Here the two agree.");
    this.#send([following(row)]);
    this.#moveOn("Taken over.");
  }

  /** Adds what only the other run has. */
  #add(theirs) {
    if (!this.#busy()) this.#send([adding(theirs)]);
  }

  undo() {
    if (!this.editor) this.outbox.add("undo", {});
  }

  redo() {
    if (!this.editor) this.outbox.add("redo", {});
  }

  toText() {
    const [span] = this.#row()?.evidence ?? [];
    this.pane.focus(span?.sentence);
  }

  toRows() {
    if (this.#current) this.choose(this.#current);
  }

  nextBare() {
    if (!this.jumping.toBare()) this.#hint("Every sentence of the body is cited.");
  }

  compare() {
    if (!this.session.other || this.editor) return;
    this.show(this.article, { row: this.#current, compare: !this.rowsPane.compare });
  }

  history() {
    if (this.article) history.show(this.article);
  }

  nextArticle() {
    if (!this.#busy()) this.leave("next");
  }

  previousArticle() {
    if (!this.#busy()) this.leave("previous");
  }

  queue() {
    if (!this.#busy()) this.leave("queue");
  }

  help() {
    keys.help("review", { beside: this.session.other });
  }

  // How it is done.

  /** The rows as she has decided them, whether the server has heard of it or not. */
  #rows() {
    return rowsOf(this.article, this.outbox.pending(this.article?.id));
  }

  #row() {
    return this.#rows().find((row) => row.id === this.#current);
  }

  #refresh() {
    this.rowsPane.show(this.article, this.#rows());
    this.correcting.keep();
  }

  #step(by) {
    const ids = this.#rows().map((row) => row.id);
    const id = ids[ids.indexOf(this.#current) + by];
    if (id) this.choose(id);
  }

  #decide(action) {
    const row = this.#row();
    if (this.#busy() || !row) return;
    if (row.standing === "moot")
      return this.#hint("Its meeting is rejected: there is nothing to decide.");
    const at = this.pane.focused;
    if (at !== null && !row.evidence.some((span) => span.sentence === at)) {
      return this.#hint(
        `The open item does not cite sentence ${at}. Press → for the item, m to add a missing one.`,
      );
    }
    this.#send([{ action, row: row.id }]);
    this.#moveOn(action === "accept" ? "Accepted." : "Rejected.");
  }

  #send(decisions, options = {}) {
    const body = {
      article: this.article.id,
      version: this.article.version,
      seen: this.article.seq,
      seconds: timer.take(),
      decisions,
    };
    const saved = this.outbox.add("decisions", body, options);
    this.#refresh();
    return saved;
  }

  /** To the next open row; past the last of them, to the next article. */
  #moveOn(what) {
    const id = openAfter(this.#rows(), this.#current);
    if (!id) {
      this.leaving = true;
      return this.leave("next", `${what} The article is reviewed.`);
    }
    this.choose(id);
    const row = this.#row();
    say(`${what} Next: ${KIND[row.kind]}, ${spoken(row.evidence_state ?? "")}`);
  }

  #dragged(span) {
    if (this.editor) {
      this.editor.picker.take(span);
      getSelection().removeAllRanges();
    } else
      this.#hint(
        "Press s to make the selection this item's evidence, m to add a missing item from it.",
      );
  }

  #opened(open) {
    if (open) for (const name of ["evidence", "value"]) this.pane.light(name, []);
    this.actions.hidden = open;
    this.hint.textContent = open ? EDITING : "";
  }

  /** The form was saved, or put away. */
  #closed(how) {
    if (how === "edited") return this.#moveOn("Edited.");
    const added = how === "added" && this.#rows().find((row) => !this.#before.has(row.id));
    this.choose(added ? added.id : this.#current);
    if (added) say("Added.");
  }

  #busy() {
    if (!this.editor) return this.leaving;
    this.#hint("Save or cancel first.");
    return true;
  }

  #hint(text) {
    this.hint.textContent = text;
    say(text);
  }
}
