/**
 * Steps on their way to the server, one after the other in the order in which they were taken. Each
 * lies in the browser's storage until the server says that it is on disk, so neither a reload nor a
 * crash on either side loses one; a step that is sent twice counts once, by its `request`. One that
 * met another's decision lies there until the reviewer has settled it. Knows no page.
 */

import { Refused, post } from "./api.js";

const SHORTEST = 1_000; // milliseconds between two attempts, doubled
const LONGEST = 15_000; // … up to this

export class Outbox {
  #steps = []; // {name, body, at, request}
  #promises = new Map(); // request → {resolve, reject}, of steps taken on this page
  #ours = new Map(); // row → seq of what we decided last
  #sending = false;
  #trouble = null;
  #kept = true; // whether the browser has taken all that waits
  #wait = SHORTEST;
  #timer;

  /**
   * @param {string} folder so that two folders reviewed at one address keep apart
   * @param changed called whenever `state` has changed
   * @param saved called with a step and the server's answer
   * @param refused called with a step that the server will never take, and why
   */
  constructor(folder, { changed, saved, refused }) {
    Object.assign(this, { folder, changed, saved, refused });
    this.conflicts = this.#stored("conflict");
    this.#steps = this.#stored("step");
  }

  get state() {
    return {
      waiting: this.#steps.length,
      trouble: this.#trouble,
      kept: this.#kept,
      conflicts: this.conflicts.length,
    };
  }

  /** Decisions about an article that the server has not confirmed, first to last. */
  pending(article) {
    return this.#steps
      .filter((step) => step.name === "decisions" && step.body.article === article)
      .flatMap((step) => step.body.decisions);
  }

  /**
   * Send a step, to "decisions", "undo" or "redo". Resolves with the answer once it is saved; who
   * `waits` shows a refusal, and `refused` hears only of what makes a decision void.
   */
  add(name, body, { waits = false } = {}) {
    const step = { name, body, at: Date.now(), request: crypto.randomUUID() };
    this.#steps.push(step);
    this.#keep("step", step);
    const promise = new Promise((resolve, reject) =>
      this.#promises.set(step.request, { resolve, reject, waits }),
    );
    promise.catch(() => {});
    this.changed();
    this.#send();
    return promise;
  }

  /** Try again at once. */
  retry() {
    clearTimeout(this.#timer);
    this.#wait = SHORTEST;
    this.#send();
  }

  /** The conflict is settled: forget it. */
  settled(conflict) {
    this.conflicts = this.conflicts.filter((each) => each !== conflict);
    this.#drop("conflict", conflict);
    this.changed();
  }

  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    while (this.#steps.length) {
      const [step] = this.#steps;
      try {
        const answer = await post(step.name, { ...this.#seen(step), request: step.request });
        this.#done(step);
        this.#remember(step, answer);
        this.saved(step, answer);
        this.#promises.get(step.request)?.resolve(answer);
      } catch (error) {
        if (!(error instanceof Refused)) {
          this.#later(error);
          break;
        }
        this.#done(step);
        this.#turnedDown(step, error);
      }
      this.#promises.delete(step.request);
      this.changed();
    }
    this.#sending = false;
  }

  #done(step) {
    this.#steps.shift();
    this.#drop("step", step);
    [this.#trouble, this.#wait] = [null, SHORTEST];
    this.#kept ||= !this.#steps.length;
  }

  #later(error) {
    this.#trouble = error.message;
    this.#timer = setTimeout(() => this.#send(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST);
    this.changed();
  }

  #turnedDown(step, error) {
    if (error.code === "conflict") {
      const conflict = { ...step, rows: error.error.rows, article: error.article };
      this.conflicts.push(conflict);
      this.#keep("conflict", conflict);
    }
    const promise = this.#promises.get(step.request);
    promise?.reject(error);
    if (!promise?.waits || error.status === 409) this.refused(step, error);
  }

  /** What she had seen when she decided, and what she did herself since: that is no conflict. */
  #seen({ body }) {
    if (!body.decisions) return body;
    const ours = body.decisions.map((decision) => this.#ours.get(decision.row) ?? 0);
    return { ...body, seen: Math.max(body.seen, ...ours) };
  }

  #remember(step, answer) {
    const rows =
      step.body.decisions?.map((decision) => decision.row) ?? (answer.undone ?? answer.redone).rows;
    for (const row of rows) this.#ours.set(row, answer.article.seq);
  }

  #key(kind, step) {
    return `readout.${kind}.${this.folder}.${step.request}`;
  }

  #keep(kind, step) {
    try {
      localStorage.setItem(this.#key(kind, step), JSON.stringify(step));
    } catch {
      this.#kept = false; // a full or forbidden storage; the step is sent all the same
    }
  }

  #drop(kind, step) {
    localStorage.removeItem(this.#key(kind, step));
  }

  #stored(kind) {
    const prefix = `readout.${kind}.${this.folder}.`;
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => JSON.parse(localStorage.getItem(key)))
      .sort((one, other) => one.at - other.at);
  }
}
