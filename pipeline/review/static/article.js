/**
 * The left pane: the article with its numbered sentences in their paragraphs. It lights stretches
 * that it is given as code points, and tells which sentence is entered or which stretch was
 * dragged over. Knows nothing of rows and decisions.
 */

import { foreign, h, keyed } from "./dom.js";
import { paint } from "./highlight.js";
import { Offsets } from "./offsets.js";
import { spoken } from "./words.js";

export class ArticlePane {
  #places = new Map(); // sentence number → {sentence, element, node, unit}
  #offsets = new Offsets("");
  #pressed = false;

  /**
   * @param {Element} root
   * @param entered called with the number of the sentence that has the focus now
   * @param hovered called with a sentence's number, or null
   * @param dragged called with {start, end} in code points
   */
  constructor(root, { entered, hovered, dragged }) {
    Object.assign(this, { root, entered, hovered, dragged });
    root.addEventListener("focusin", (event) => this.#pressed || this.#enter(event.target));
    root.addEventListener("pointerdown", () => (this.#pressed = true));
    addEventListener("pointerup", () => setTimeout(() => (this.#pressed = false)));
    root.addEventListener("click", (event) => this.#clicked(event));
    onHover(root, ".sentence", (element) =>
      hovered(element ? Number(element.dataset.number) : null),
    );
    root.addEventListener("keydown", (event) => this.#keydown(event));
  }

  show(article) {
    this.#offsets = new Offsets(article.text ?? "");
    this.#places.clear();
    this.root.scrollTop = 0; // while that is cheap: nothing new has to be laid out for it
    this.root.replaceChildren(this.#head(article), ...this.#paragraphs(article));
    this.mark(article);
    this.sentences[0]?.element.setAttribute("tabindex", "0");
  }

  /** Shows something else in its place. */
  clear(element) {
    this.#places.clear();
    this.root.replaceChildren(element);
  }

  /** Shows anew which sentences nothing cites. */
  mark(article) {
    for (const sentence of article.sentences) {
      const place = this.#places.get(sentence.number);
      const bare = sentence.label === "body" && !sentence.cited;
      place.element.classList.toggle("bare", bare);
      place.element.setAttribute(
        "aria-label",
        `Sentence ${sentence.number}${bare ? ", no item cites it" : ""}`,
      );
      place.bare = bare;
    }
  }

  get sentences() {
    return [...this.#places.values()];
  }

  place(number) {
    return this.#places.get(number);
  }

  /** The words of a stretch. */
  words(span) {
    return this.#parts([span])
      .map(({ range }) => range.toString())
      .join(" ");
  }

  /** The words of a sentence as stretches, first to last. */
  tokens(number) {
    const { node, unit } = this.#places.get(number);
    return [...node.data.matchAll(/\S+/gu)].map((word) => ({
      start: this.#offsets.points(unit + word.index),
      end: this.#offsets.points(unit + word.index + word[0].length),
    }));
  }

  light(name, spans) {
    paint(name, this.#parts(spans));
  }

  /** Brings the first of `spans` into view, unless it is there already. */
  reveal(spans) {
    const [part] = this.#parts(spans);
    if (!part) return;
    const [box, frame] = [part.range.getBoundingClientRect(), this.root.getBoundingClientRect()];
    if (box.top >= frame.top + 16 && box.bottom <= frame.bottom - 16) return;
    this.root.scrollTop += box.top - frame.top - frame.height / 3;
  }

  focus(number) {
    const place = this.#places.get(number) ?? this.sentences[0];
    if (!place) return;
    for (const each of this.root.querySelectorAll(".sentence[tabindex='0']")) each.tabIndex = -1;
    place.element.tabIndex = 0;
    place.element.focus({ preventScroll: true });
    this.reveal([place.sentence]);
  }

  /** The sentence that has the focus, or null. */
  get focused() {
    const element = document.activeElement?.closest(".sentence");
    return element && this.root.contains(element) ? Number(element.dataset.number) : null;
  }

  /** What is selected in the article, in code points and without blanks at its ends; or null. */
  get selection() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const touched = this.sentences.filter(({ node }) => range.intersectsNode(node));
    let [start, end] = [Infinity, -1];
    for (const { node, unit } of touched) {
      const from = range.startContainer === node ? range.startOffset : 0;
      const to = range.endContainer === node ? range.endOffset : node.length;
      const words = node.data.slice(from, to);
      if (!words.trim()) continue;
      start = Math.min(start, unit + from + words.length - words.trimStart().length);
      end = Math.max(end, unit + from + words.trimEnd().length);
    }
    return end < 0 ? null : { start: this.#offsets.points(start), end: this.#offsets.points(end) };
  }

  #parts(spans) {
    const parts = [];
    for (const span of spans) {
      for (const { sentence, element, node, unit } of this.#touched(span)) {
        const range = new Range();
        range.setStart(node, this.#offsets.units(Math.max(span.start, sentence.start)) - unit);
        range.setEnd(node, this.#offsets.units(Math.min(span.end, sentence.end)) - unit);
        parts.push({ range, element });
      }
    }
    return parts;
  }

  #touched(span) {
    return this.sentences.filter(
      ({ sentence }) => sentence.start < span.end && span.start < sentence.end,
    );
  }

  #head(article) {
    const day = article.published?.date
      ? `${article.published.date} (${article.published.basis})`
      : null;
    const link = /^https?:\/\//i.test(article.url ?? "")
      ? h("a", { href: article.url, rel: "noreferrer noopener", target: "_blank" }, "original")
      : null;
    const facts = [
      article.source && foreign(article.source),
      day && h("span", {}, day),
      link,
      ...editions(article),
    ];
    return h(
      "header",
      { class: "head" },
      h(
        "h2",
        { class: this.#titled(article) ? "unseen" : null },
        foreign(article.title ?? article.id),
      ),
      h("p", { class: "facts" }, article.title && foreign(article.id), ...facts),
      article.made && madeBy(article.made),
    );
  }

  /** Whether the title stands among the sentences, so that it need not be shown twice. */
  #titled(article) {
    const level = (text) => text.replaceAll(/\s+/g, " ").trim();
    return article.sentences.some(
      (each) =>
        each.label === "title" &&
        level(
          article.text.slice(this.#offsets.units(each.start), this.#offsets.units(each.end)),
        ) === level(article.title ?? ""),
    );
  }

  #paragraphs(article) {
    const paragraphs = new Map();
    for (const sentence of article.sentences) {
      if (!paragraphs.has(sentence.paragraph))
        paragraphs.set(sentence.paragraph, h("p", { class: "paragraph" }));
      const paragraph = paragraphs.get(sentence.paragraph);
      if (paragraph.childNodes.length) paragraph.append(" ");
      paragraph.append(this.#sentence(article.text, sentence));
    }
    return paragraphs.values();
  }

  #sentence(text, sentence) {
    const unit = this.#offsets.units(sentence.start);
    const node = document.createTextNode(text.slice(unit, this.#offsets.units(sentence.end)));
    const element = h("span", {
      class: `sentence label-${sentence.label}`,
      role: "group",
      "aria-roledescription": "sentence",
      tabindex: "-1",
      "data-number": sentence.number,
    });
    element.append(node);
    this.#places.set(sentence.number, { sentence, element, node, unit });
    return element;
  }

  #enter(target) {
    const element = target.closest(".sentence");
    if (element) this.entered(Number(element.dataset.number));
  }

  #clicked(event) {
    const span = this.selection;
    if (span) this.dragged(span);
    else this.#enter(event.target);
  }

  #keydown(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = this.focused;
    if (!step || at === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const numbers = [...this.#places.keys()];
    const next = numbers[numbers.indexOf(at) + step];
    if (next !== undefined) this.focus(next);
  }
}

/** What stands in the place of an article that failed. */
export function failure(article, actions) {
  return h("header", { class: "head" }, [
    h("h2", {}, foreign(article.title ?? article.id)),
    h(
      "p",
      { class: "flag" },
      `Failed: ${spoken(article.outcome)}. `,
      foreign(article.reason ?? ""),
    ),
    h("p", {}, "There is no record to review; ", h("code", {}, "readout retry"), " asks again."),
    h(
      "p",
      { class: "ends" },
      keyed("Next", "n", () => actions.nextArticle()),
      keyed("Queue", "q", () => actions.queue()),
    ),
  ]);
}

/** Calls `hovered` as the pointer itself moves over other elements; scrolling below it is no move. */
export function onHover(root, selector, hovered) {
  let [element, x, y] = [null, -1, -1];
  root.addEventListener("pointermove", (event) => {
    if (event.screenX === x && event.screenY === y) return;
    [x, y] = [event.screenX, event.screenY];
    const now = event.target.closest(selector);
    if (now !== element) hovered((element = now));
  });
  root.addEventListener("pointerleave", () => element && hovered((element = null)));
}

function editions({ edition }) {
  if (!edition) return [];
  const links = [
    ["replaces ", edition.replaces],
    ["replaced by ", edition.replaced_by],
    ["copy of ", edition.copy_of],
  ];
  return links.filter(([, id]) => id).map(([how, id]) => h("span", {}, how, foreign(id)));
}

function madeBy(made) {
  return h(
    "p",
    { class: "facts made" },
    h(
      "span",
      { title: `${made.model} at ${made.provider}` },
      "written by ",
      foreign(made.model.split("@")[0]),
    ),
    h("span", { title: made.prompt }, "prompt ", h("code", {}, made.prompt.slice(0, 8))),
    h("span", {}, h("time", { datetime: made.at }, made.at.slice(0, 10))),
  );
}
