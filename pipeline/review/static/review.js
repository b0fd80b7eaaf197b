/**
 * One article under review: it joins the two panes, and holds which row is the current one. What
 * keys decide is done by `deciding`, what is typed by `correct`; jumping never decides.
 */

import { byHand } from "./api.js";
import { ArticlePane } from "./article.js";
import { Correcting } from "./correct.js";
import { Deciding } from "./deciding.js";
import { fill, h } from "./dom.js";
import { failure } from "./heading.js";
import * as history from "./history.js";
import { Jumping } from "./jump.js";
import * as keys from "./keys.js";
import { notice, say } from "./notices.js";
import { RowsPane } from "./rows.js";
import { rowsOf } from "./standing.js";

const EDITING = "↵ saves, Esc leaves it as it was. Evidence: drag over the text.";
const SELECTED = "Press s to make this the item's evidence, m to add a missing item from it.";
const BUSY = "Save or cancel first: e leads into the form.";
const BACK = "What you had typed is back, and not saved yet: e leads to it, ↵ saves it, Esc drops it.";

export class Review {
  article = null;
  current = null; // row id
  #leaving = false; // for another article, which is being fetched
  #before = new Set(); // rows that were there before one is added

  /**
   * @param session who reviews, and the choices of the fields
   * @param outbox where decisions go
   * @param drafts where what is being typed is kept
   * @param moved called with {row, compare} when the address should follow
   * @param left called with "next", "previous" or "queue", and what to say
   * @param typed called when a draft was kept or dropped
   */
  constructor(session, outbox, drafts, { moved, left, typed }) {
    Object.assign(this, { session, outbox, drafts, moved, left });
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
        taken: (row) => this.deciding.add(row),
      },
    );
    this.rowsPane.other = session.other;
    this.jumping = new Jumping(this);
    this.deciding = new Deciding(this, outbox);
    this.adding = h("div", { class: "adding" });
    this.correcting = new Correcting(session.choices, drafts, this, {
      send: (decision) => this.deciding.send([decision], { waits: true }),
      opened: (open) => this.#opened(open),
      typed,
      closed: (how) => this.#closed(how),
    });
    this.actions = this.#actions();
    this.#build();
  }

  /** The form that is open, or null. */
  get editor() {
    return this.correcting.editor;
  }

  /** Shows an article that was fetched, at `row` or at the first that is open. */
  show(article, { row = null, compare = false } = {}) {
    const writing = Boolean(this.editor?.element.contains(document.activeElement));
    this.correcting.leave();
    this.article = article;
    this.#leaving = false;
    this.rowsPane.compare = compare && Boolean(this.session.other);
    this.element.classList.toggle("comparing", this.rowsPane.compare);
    this.element.classList.toggle("failed", article.text === null);
    this.line.textContent = "";
    if (article.text === null) {
      this.pane.clear(failure(article, this.actions));
      fill(this.rowsPane.root);
      return;
    }
    this.pane.show(article);
    const rows = this.rows();
    this.rowsPane.show(article, rows);
    const draft = this.correcting.waiting(article, row);
    const first =
      rows.find((each) => each.id === (draft?.row ?? row)) ??
      rows.find((each) => each.standing === "open") ??
      rows.at(-1);
    this.choose(first.id);
    if (draft) this.#resume(draft, { focus: writing });
  }

  /** Takes the article as the server has it now; what is being written stays. */
  update(article) {
    this.article = article;
    this.pane.mark(article);
    this.refresh();
    if (!this.row()) this.choose(this.rows().at(-1).id, { focus: false });
    else if (!this.editor) this.jumping.light(this.row());
  }

  /** Draws the rows as they stand now. */
  refresh() {
    this.rowsPane.show(this.article, this.rows());
    this.correcting.keep();
  }

  /** Jumps to a row. Decides nothing. */
  choose(id, { focus = true } = {}) {
    if (this.editor && id !== this.current) {
      if (this.editor.dirty) return this.hint(BUSY);
      this.correcting.leave();
    }
    this.current = id;
    if (focus) this.rowsPane.light(new Set());
    this.rowsPane.open(id, { focus });
    this.jumping.light(this.row());
    this.moved({ row: id, compare: this.rowsPane.compare });
  }

  /** The rows as she has decided them, whether the server has heard of it or not. */
  rows() {
    const { id } = this.article;
    return this.drafts.marked(id, rowsOf(this.article, this.outbox.pending(id)));
  }

  /** The current one. */
  row() {
    return this.rows().find((row) => row.id === this.current);
  }

  leave(where, said) {
    this.#leaving = true;
    this.left(where, said);
  }

  /** Whether something has to be finished first; then says so. */
  busy() {
    if (!this.editor) return this.#leaving;
    this.hint(BUSY);
    return true;
  }

  hint(text) {
    this.line.textContent = text;
    say(text);
  }

  /** What keys and buttons do, by the names of `keys`. */
  #actions() {
    const { deciding, jumping } = this;
    const to = (where) => () => this.busy() || this.leave(where);
    return {
      accept: () => deciding.accept(),
      reject: () => deciding.reject(),
      acceptRest: () => deciding.acceptRest(),
      take: () => deciding.take(),
      undo: () => deciding.undo(),
      redo: () => deciding.redo(),
      edit: () => (this.editor ? this.editor.focus() : this.#correct({})),
      cite: () => this.#correct({ cite: true }),
      missing: () => this.#missing(),
      next: () => jumping.step(1),
      previous: () => jumping.step(-1),
      nextOpen: () => jumping.toOpen(),
      toText: () => jumping.toText(),
      toRows: () => jumping.toRows(),
      nextBare: () => jumping.toBare(),
      compare: () => this.#compare(),
      history: () => history.show(this.article),
      nextArticle: to("next"),
      previousArticle: to("previous"),
      queue: to("queue"),
      help: () => keys.help("review", { beside: this.session.other }),
    };
  }

  #build() {
    this.line = h("p", { class: "hint-line" });
    this.buttons = h(
      "div",
      { class: "actions", role: "toolbar", "aria-label": "Decide" },
      keys.bar("review", this.actions, { beside: this.session.other }),
    );
    const side = [this.rowsPane.root, this.adding, this.line, this.buttons];
    this.element = h("div", { class: "review" }, this.pane.root, h("div", { class: "side" }, side));
  }

  #compare() {
    if (!this.session.other || this.editor) return;
    this.show(this.article, { row: this.current, compare: !this.rowsPane.compare });
  }

  #correct(how) {
    const row = this.row();
    if (this.busy() || !row || row.kind === "article") return;
    this.correcting.row(this.article, row, how);
  }

  #missing(how) {
    if (this.busy()) return;
    if (this.article.text === null) return this.#fillIn();
    this.#before = new Set(this.rows().map((row) => row.id));
    this.correcting.missing(this.article, this.row()?.meeting, how);
  }

  /** Has the text of an article that failed fetched, so that it can be filled in by hand. */
  async #fillIn() {
    const { id } = this.article;
    const { article } = await byHand(id).catch((error) => (notice(error.message), {}));
    if (article && this.article.id === id) this.show(article);
  }

  /** Opens a draft's form, with the focus only if it was there: keys that decide are no value. */
  #resume(draft, how) {
    if (draft.row === null) this.#missing(how);
    else this.#correct(how);
    this.hint(BACK);
  }

  #dragged(span) {
    if (this.editor) {
      this.editor.picker.take(span);
      getSelection().removeAllRanges();
    } else this.hint(SELECTED);
  }

  #opened(open) {
    if (open) for (const name of ["evidence", "value"]) this.pane.light(name, []);
    this.buttons.hidden = open;
    this.line.textContent = open ? EDITING : "";
  }

  /** The form was saved, or put away. */
  #closed(how) {
    this.refresh();
    if (how === "edited") return this.deciding.moveOn("Edited.");
    const added = how === "added" && this.rows().find((row) => !this.#before.has(row.id));
    this.choose(added ? added.id : this.current);
    if (added) say("Added.");
  }
}
