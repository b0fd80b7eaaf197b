/**
 * The right pane: one line a row, grouped by meeting, with only the current one opened. It shows
 * what it is given and tells which row is chosen or hovered over. Decides nothing.
 */

import { beside, lacking, sides } from "./beside.js";
import { detail } from "./detail.js";
import { foreign, h } from "./dom.js";
import { failed } from "./heading.js";
import { onHover } from "./hover.js";
import { line } from "./row.js";
import { many } from "./words.js";

export class RowsPane {
  #items = new Map(); // row id → {row, item, drawn}
  #current = null;
  #editing = null; // {id, element}, while a row is corrected
  #compared = false; // whether what is drawn has two columns

  /**
   * @param {Element} root
   * @param chosen called with the id of a row that was clicked
   * @param hovered called with a row's id, or null
   * @param go called with the number of a sentence to jump to
   * @param taken called with an entry of the other run that is to be added here
   */
  constructor(root, { chosen, hovered, go, taken }) {
    Object.assign(this, { root, chosen, hovered, go, taken, other: null, compare: false });
    onHover(root, ".row", (element) => hovered(element?.dataset.row ?? null));
  }

  /** Draws the article's rows; of rows that are there already only those that have changed. */
  show(article, rows) {
    const same = rows.length === this.#items.size && rows.every((row) => this.#items.has(row.id));
    if (same && this.compare === this.#compared) for (const row of rows) this.#redraw(row);
    else this.#drawAll(article, rows);
    for (const element of this.root.querySelectorAll("[data-count]")) {
      const mine = rows.filter((row) => row.meeting === element.dataset.count);
      element.textContent = `${mine.filter((row) => row.standing !== "open").length} of ${mine.length}`;
    }
  }

  /** Opens a row and closes the one before. */
  open(id, { focus = true } = {}) {
    const before = this.#current;
    this.#current = id;
    for (const each of [before, id]) this.#redraw(this.#items.get(each)?.row, { always: true });
    const line = this.#items.get(id)?.item.querySelector(".line");
    if (!line) return;
    if (focus) line.focus({ preventScroll: true });
    this.#reveal(this.#items.get(id).item);
  }

  /** Shows which rows cite the sentence that is pointed at. */
  light(ids) {
    for (const [id, { item }] of this.#items) item.classList.toggle("lit", ids.has(id));
    const first = this.#items.get([...ids][0]);
    if (first) this.#reveal(first.item);
  }

  /** Puts an editor in place of a row's detail; null puts the detail back. */
  edit(id, element) {
    const entry = this.#items.get(id);
    this.#editing = null;
    if (!entry) return;
    this.#redraw(entry.row, { always: true });
    if (!element) return;
    this.#editing = { id, element };
    entry.item.querySelector(".detail").replaceWith(element);
    this.#reveal(entry.item);
  }

  /** Draws everything anew; what is being typed stays, with the focus in it. */
  #drawAll(article, rows) {
    const [editing, active] = [this.#editing, document.activeElement];
    this.#editing = null;
    this.#draw(article, rows);
    if (!editing || !this.#items.has(editing.id)) return;
    this.edit(editing.id, editing.element);
    if (editing.element.contains(active)) active.focus();
  }

  #draw(article, rows) {
    this.#items.clear();
    this.#compared = this.compare;
    const groups = article.meetings.map((meeting, index) =>
      h(
        "section",
        { class: "meeting", "aria-labelledby": `h-${meeting.id}` },
        h(
          "h3",
          { id: `h-${meeting.id}` },
          `Meeting ${index + 1}`,
          h("small", { "data-count": meeting.id }),
        ),
        h(
          "ol",
          {},
          rows.filter((row) => row.meeting === meeting.id).map((row) => this.#item(row)),
        ),
        this.compare && lacking(article, meeting.id, this.taken),
      ),
    );
    const whole = rows.filter((row) => row.kind === "article").map((row) => this.#item(row));
    const absent = this.compare && lacking(article, null, this.taken);
    this.root.classList.toggle("comparing", this.compare);
    this.root.replaceChildren(
      ...[
        this.compare && sides(this.other, article),
        ...loose(article),
        ...groups,
        absent && h("section", { class: "meeting" }, h("h3", {}, "Meetings only there"), absent),
        h(
          "section",
          { class: "meeting whole", "aria-label": "The whole article" },
          h("ol", {}, whole),
        ),
      ].filter(Boolean),
    );
  }

  #item(row) {
    const item = h("li", { class: "row", "data-row": row.id });
    this.#items.set(row.id, { row: null, item, drawn: null });
    this.#redraw(row);
    return item;
  }

  #redraw(row, { always = false } = {}) {
    const entry = row && this.#items.get(row.id);
    if (!entry) return;
    const drawn = JSON.stringify(row);
    if (!always && entry.drawn === drawn) return;
    const current = row.id === this.#current;
    const focused = entry.item.contains(document.activeElement);
    Object.assign(entry, { row, drawn });
    if (this.#editing?.id === row.id) return; // what is being typed stays
    entry.item.dataset.standing = row.standing;
    entry.item.classList.toggle("current", current);
    entry.item.replaceChildren(
      ...[
        line(row, { current, chosen: () => this.chosen(row.id) }),
        this.compare && row.kind !== "article" && beside(row),
        current && detail(row, { go: this.go, other: this.compare ? null : this.other }),
      ].filter(Boolean),
    );
    if (focused) entry.item.querySelector(".line").focus({ preventScroll: true });
  }

  #reveal(item) {
    const [box, frame] = [item.getBoundingClientRect(), this.root.getBoundingClientRect()];
    if (box.top < frame.top + 8) this.root.scrollTop += box.top - frame.top - 48;
    else if (box.bottom > frame.bottom - 8) {
      this.root.scrollTop += Math.min(box.bottom - frame.bottom + 48, box.top - frame.top - 48);
    }
  }
}

/** What is to be said of the article that belongs to no row. */
function loose(article) {
  const notes = article.flags.map((flag) => flag.note);
  if (article.stale === 1)
    notes.push("1 decision about an earlier text of this article does not count here.");
  if (article.stale > 1)
    notes.push(
      `${many(article.stale, "decision")} about an earlier text of this article do not count here.`,
    );
  const told = notes.map((note) => h("p", { class: "flag loose" }, foreign(note)));
  return article.outcome === "done" ? told : [byHand(article), ...told];
}

function byHand(article) {
  return h(
    "div",
    { class: "loose" },
    failed(article),
    h(
      "p",
      {},
      "It is filled in by hand:",
      h("kbd", {}, "m"),
      " adds what the article reports, first a meeting and then what belongs to it. When nothing is missing, accept that.",
    ),
  );
}
