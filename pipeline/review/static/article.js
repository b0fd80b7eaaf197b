/**
 * The left pane: the article with its numbered sentences in their paragraphs. It lights stretches
 * that it is given as code points, and tells which sentence is entered or which stretch was
 * dragged over. Knows nothing of rows and decisions.
 */

import { h } from "./dom.js";
import { heading } from "./heading.js";
import { paint } from "./highlight.js";
import { onHover } from "./hover.js";
import { Offsets } from "./offsets.js";

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
    this.root.replaceChildren(heading(article, this.#offsets), ...this.#paragraphs(article));
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
