/**
 * What is being typed and not decided yet. It lies in the browser's storage with every letter, so
 * that it is there again after a reload, or a crash of tab or server. A draft is no decision: the
 * server hears nothing of it. Knows no page.
 */

export class Drafts {
  /** @param {string} folder so that two folders reviewed at one address keep apart */
  constructor(folder) {
    this.prefix = `readout.draft.${folder}.`;
  }

  /**
   * Keeps a draft in place of the one before of its row, or of the article's missing item.
   *
   * @param draft {article, version, row, kind, meeting, value, evidence}; `row` is null for an item
   *   that is missing, `version` that of the record which the evidence was chosen in
   * @returns whether the browser took it
   */
  keep(draft) {
    try {
      localStorage.setItem(this.#key(draft), JSON.stringify({ ...draft, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  drop(draft) {
    localStorage.removeItem(this.#key(draft));
  }

  /** Those of an article, the latest first. */
  of(article) {
    const prefix = this.#key({ article, row: "" });
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => JSON.parse(localStorage.getItem(key)))
      .sort((one, other) => other.at - one.at);
  }

  /** The article's rows, those with a draft marked. */
  marked(article, rows) {
    const drafts = new Set(this.of(article).map((draft) => draft.row));
    return rows.map((row) => (drafts.has(row.id) ? { ...row, draft: true } : row));
  }

  #key({ article, row }) {
    return `${this.prefix}${encodeURIComponent(article)} ${row ?? "missing"}`;
  }
}
