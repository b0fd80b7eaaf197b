/**
 * Choosing evidence in the text, by dragging or by keyboard: one stretch a sentence. Knows the
 * article's pane; knows nothing of what the evidence is for.
 */

export class Picker {
  #spans = new Map(); // sentence number → {start, end}
  #cursor = null; // {number, from, to}: words of one sentence, by index
  #stop = new AbortController();

  /**
   * @param pane the article's pane
   * @param {{start: number, end: number}[]} spans chosen to begin with
   * @param changed called when others are chosen
   * @param finished called with true to save, with false to leave
   */
  constructor(pane, spans, { changed, finished }) {
    Object.assign(this, { pane, changed, finished });
    for (const span of spans) this.#put(span);
    pane.root.addEventListener("keydown", (event) => this.#keydown(event), {
      capture: true,
      signal: this.#stop.signal,
    });
    pane.root.addEventListener("focusin", () => this.#move(null), { signal: this.#stop.signal });
    pane.root.classList.add("picking");
    this.#paint();
  }

  get spans() {
    return [...this.#spans.entries()].sort(([one], [other]) => one - other).map(([, span]) => span);
  }

  /** Takes a stretch, in place of what was chosen in its sentences. */
  take(span) {
    this.#put(span);
    this.#tell();
  }

  /** Takes these and no others. */
  replace(spans) {
    this.#spans.clear();
    for (const span of spans) this.#put(span);
    this.#tell();
  }

  remove(span) {
    for (const [number, each] of this.#spans) if (each === span) this.#spans.delete(number);
    this.#tell();
  }

  focus() {
    const [number] = [...this.#spans.keys()].sort((one, other) => one - other);
    this.pane.focus(number ?? this.pane.focused ?? undefined);
  }

  close() {
    this.#stop.abort();
    this.pane.root.classList.remove("picking");
    this.pane.light("pick", []);
    this.pane.light("cursor", []);
  }

  #put(span) {
    for (const { sentence } of this.pane.sentences) {
      const [start, end] = [Math.max(span.start, sentence.start), Math.min(span.end, sentence.end)];
      if (start < end) this.#spans.set(sentence.number, { start, end });
    }
  }

  #tell() {
    this.#paint();
    this.changed();
  }

  #paint() {
    this.pane.light("pick", this.spans);
    this.pane.light("cursor", this.#words());
  }

  #keydown(event) {
    const number = this.pane.focused;
    if (number === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      " ": () => this.#toggle(number),
      Enter: () => this.#commit(),
      Escape: () => this.finished(false),
      ArrowRight: () => this.#step(number, 1, event.shiftKey),
      ArrowLeft: () => this.#step(number, -1, event.shiftKey),
    }[event.key];
    if (!act) {
      if (event.key.length === 1) event.stopPropagation(); // no single key decides meanwhile
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #toggle(number) {
    const [words] = this.#words();
    if (words) this.#put(words);
    else if (this.#spans.has(number)) this.#spans.delete(number);
    else this.#put(this.pane.place(number).sentence);
    this.#cursor = null;
    this.#tell();
  }

  #commit() {
    const [words] = this.#words();
    if (words) this.take(words);
    this.finished(true);
  }

  #step(number, by, extend) {
    const last = this.pane.tokens(number).length - 1;
    const at = this.#cursor?.number === number ? this.#cursor : null;
    const to = at ? Math.max(0, Math.min(last, at.to + by)) : by > 0 ? 0 : last;
    this.#move({ number, from: extend && at ? at.from : to, to });
  }

  #move(cursor) {
    this.#cursor = cursor;
    this.pane.light("cursor", this.#words());
  }

  #words() {
    if (!this.#cursor) return [];
    const { number, from, to } = this.#cursor;
    const tokens = this.pane.tokens(number);
    return [{ start: tokens[Math.min(from, to)].start, end: tokens[Math.max(from, to)].end }];
  }
}
