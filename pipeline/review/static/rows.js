/**
 * The right pane: one line a row, grouped by meeting, with only the current one opened. It shows
 * what it is given and tells which row is chosen or hovered over. Decides nothing.
 */

import { onHover } from "./article.js";
import { described, detail, theirsIn } from "./detail.js";
import { foreign, h, unseen } from "./dom.js";
import { KIND, STANDING, many, parts, spoken } from "./words.js";

const DOUBTFUL = new Set(["composed", "cited_only", "not_found"]); // of a row whose words must stand there

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
        this.compare && this.#only(article, meeting.id),
      ),
    );
    const whole = rows.filter((row) => row.kind === "article").map((row) => this.#item(row));
    const lacking = this.compare && this.#only(article, null);
    this.root.classList.toggle("comparing", this.compare);
    this.root.replaceChildren(
      ...[
        this.compare && sides(this.other, article),
        ...loose(article),
        ...groups,
        lacking && h("section", { class: "meeting" }, h("h3", {}, "Meetings only there"), lacking),
        h(
          "section",
          { class: "meeting whole", "aria-label": "The whole article" },
          h("ol", {}, whole),
        ),
      ].filter(Boolean),
    );
  }

  /** What only the other run has in a meeting of ours, or in none. */
  #only(article, meeting) {
    const rows = article.other?.only.filter((row) => row.meeting === meeting) ?? [];
    if (!rows.length) return null;
    return h(
      "ol",
      { class: "only", "aria-label": "Only there" },
      rows.map((row) =>
        h(
          "li",
          { class: "row" },
          h(
            "span",
            { class: "line lacking" },
            h("span", { class: "kind" }, KIND[row.kind]),
            "not here",
          ),
          h(
            "p",
            { class: "theirs differs" },
            foreign(row.text),
            " ",
            this.#takeable(row) &&
              h("button", { type: "button", onclick: () => this.taken(row) }, "Add here"),
          ),
        ),
      ),
    );
  }

  /** A row can only be added to a meeting that is here, and with a sentence that says it. */
  #takeable(row) {
    return (row.meeting || row.kind === "meeting") && row.evidence.length > 0;
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
        this.#line(row, current),
        this.compare && row.kind !== "article" && beside(row),
        current && detail(row, { go: this.go, other: this.compare ? null : this.other }),
      ].filter(Boolean),
    );
    if (focused) entry.item.querySelector(".line").focus({ preventScroll: true });
  }

  #line(row, current) {
    const standing = STANDING[row.standing];
    return h(
      "button",
      {
        type: "button",
        class: "line",
        tabindex: current ? "0" : "-1",
        "aria-expanded": String(current),
        "aria-current": current ? "true" : null,
        onclick: () => this.chosen(row.id),
      },
      h("span", { class: "glyph", "aria-hidden": "true" }, standing.glyph),
      h("span", { class: "kind" }, KIND[row.kind]),
      said(row),
      unseen(`, ${standing.word}`),
      chips(row),
    );
  }

  #reveal(item) {
    const [box, frame] = [item.getBoundingClientRect(), this.root.getBoundingClientRect()];
    if (box.top < frame.top + 8) this.root.scrollTop += box.top - frame.top - 48;
    else if (box.bottom > frame.bottom - 8) {
      this.root.scrollTop += Math.min(box.bottom - frame.bottom + 48, box.top - frame.top - 48);
    }
  }
}

/** The value, each part of it kept from turning round the others, and the first the most visible. */
function said({ kind, value }) {
  const [first, ...rest] = parts(kind, value).map((part) => foreign(part));
  const separate = kind === "parties" ? "" : "rest";
  return h(
    "span",
    { class: "text" },
    first,
    rest.map((part) => h("span", { class: separate }, ", ", part)),
  );
}

function sides(other, article) {
  const model = (made) => made && h("small", {}, " ", foreign(made.model.split("@")[0]));
  return h(
    "p",
    { class: "sides" },
    h("span", {}, "here", model(article.made)),
    h("span", {}, foreign(other), model(article.other?.made)),
  );
}

function beside(row) {
  const differs = row.disagrees ? " differs" : "";
  return h("p", { class: `theirs${differs}` }, foreign(row.disagrees ? theirsIn(row) : "the same"));
}

function chips(row) {
  const doubtful = DOUBTFUL.has(row.evidence_state) && !described(row);
  return h("span", { class: "chips" }, [
    row.again && h("span", { class: "chip again" }, "again"),
    row.disagrees && h("span", { class: "chip differs" }, "differs"),
    doubtful && h("span", { class: `chip ${row.evidence_state}` }, spoken(row.evidence_state)),
    row.flags.length > 0 &&
      !doubtful &&
      h("span", { class: `chip flagged ${row.flags[0].problem}` }, spoken(row.flags[0].problem)),
  ]);
}

function loose(article) {
  const stale = article.stale
    ? [
        `${many(article.stale, "decision")} about an earlier text of this article ${article.stale === 1 ? "does" : "do"} not count here.`,
      ]
    : [];
  const notes = [...article.flags.map((flag) => flag.note), ...stale];
  return notes.map((note) => h("p", { class: "flag loose" }, foreign(note)));
}
