/**
 * The queue: which articles to look at, least sure first, and the filters over it. The filter is
 * the address; this view shows what the server made of it. Knows nothing of decisions.
 */

import { byId, fill, h } from "./dom.js";
import { entry, worstFirst } from "./entry.js";
import * as keys from "./keys.js";
import { address, toggled } from "./route.js";
import { duration, many, spoken } from "./words.js";

const SHOWN = {
  open: "To review",
  again: "Asked again",
  reviewed: "Reviewed",
  failed: "Failed",
  all: "All",
};
const MANY = { flag: "Flags", state: "Evidence", outcome: "Outcome" };

export class Queue {
  /**
   * @param session whether there is another run beside this one
   * @param outbox for undo
   * @param drafts what is being typed, and in which articles
   * @param go called with a route
   */
  constructor(session, outbox, drafts, { go }) {
    Object.assign(this, { session, outbox, drafts, go, filter: new URLSearchParams() });
    this.filters = h("nav", { class: "filters", "aria-label": "Filter" });
    this.list = h("div", { class: "list" });
    this.element = h("div", { class: "queue" }, this.filters, this.list);
    this.element.addEventListener("click", (event) => this.#clicked(event));
  }

  /** @param answer the queue as the server has it, @param article where to put the focus */
  show(filter, answer, { article = null } = {}) {
    const typing = document.activeElement?.id === "search";
    const chosen = document.activeElement?.dataset.choice;
    Object.assign(this, { filter });
    if (!typing) fill(this.filters, this.#search(), this.#choices(answer.facets));
    else this.filters.replaceChildren(this.filters.firstChild, ...this.#choices(answer.facets));
    const empty = h("p", { class: "empty" }, this.#empty(answer));
    fill(
      this.list,
      h("h2", {}, this.#heading(answer)),
      answer.articles.length
        ? h(
            "ol",
            {},
            answer.articles.map((each) =>
              entry(each, { filter, draft: this.drafts.of(each.id).length > 0 }),
            ),
          )
        : empty,
    );
    if (typing) return;
    const choice = chosen && this.filters.querySelector(`[data-choice="${CSS.escape(chosen)}"]`);
    if (choice) return choice.focus(); // more filters may follow
    const links = [...this.list.querySelectorAll("a.entry")];
    (links.find((link) => link.dataset.article === article) ?? links[0] ?? byId("view")).focus();
  }

  // What keys do.

  next() {
    this.#step(1);
  }

  previous() {
    this.#step(-1);
  }

  open() {
    (this.list.querySelector("a.entry:focus") ?? this.list.querySelector("a.entry"))?.click();
  }

  search() {
    byId("search").select();
  }

  /** With the keyboard, from the list to the filters. */
  toFilters() {
    this.filters.querySelector("a").focus();
  }

  undo() {
    this.outbox.add("undo", {});
  }

  redo() {
    this.outbox.add("redo", {});
  }

  help() {
    keys.help("queue", { beside: this.session.other });
  }

  #step(by) {
    const links = [...this.list.querySelectorAll("a.entry")];
    const at = links.indexOf(document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
  }

  #clicked(event) {
    const link = event.target.closest("a[href^='/']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.go(link.getAttribute("href"));
  }

  #search() {
    let soon;
    const input = h("input", {
      type: "search",
      id: "search",
      value: this.filter.get("q"),
      placeholder: "Title or id",
      oninput: () => {
        clearTimeout(soon);
        soon = setTimeout(() => this.#searched(input.value.trim()), 200);
      },
      onkeydown: (event) => {
        if (event.key === "Enter" || event.key === "Escape")
          this.list.querySelector("a.entry")?.focus();
      },
    });
    return h(
      "div",
      { class: "search", role: "search" },
      h("label", { for: "search" }, "Search ", h("kbd", { "aria-hidden": "true" }, "/")),
      input,
    );
  }

  #searched(text) {
    const filter = new URLSearchParams(this.filter);
    if (text) filter.set("q", text);
    else filter.delete("q");
    this.go(address({ filter }), { replace: true });
  }

  #choices(facets) {
    const shown = this.filter.get("show") ?? "open";
    const shows = Object.entries(SHOWN).map(([code, label]) =>
      this.#choice("show", code, label, facets.show[code] ?? 0, shown === code),
    );
    const groups = Object.entries(MANY).map(([name, label]) => {
      const chosen = this.filter.getAll(name);
      const items = worstFirst(facets[name]).map(([code, count]) =>
        this.#choice(name, code, spoken(code), count, chosen.includes(code)),
      );
      return items.length ? group(label, items) : null;
    });
    const disagree =
      this.session.other &&
      group(`Beside ${this.session.other}`, [
        this.#choice("disagree", "1", "they differ", facets.disagree, this.filter.has("disagree")),
      ]);
    return [group("Show", shows), disagree, ...groups].filter(Boolean);
  }

  #choice(name, code, label, count, chosen) {
    const filter =
      name === "show" && code === "open"
        ? without(this.filter, "show")
        : name === "show"
          ? set(this.filter, name, code)
          : toggled(this.filter, name, code);
    return h(
      "li",
      {},
      h(
        "a",
        {
          href: address({ filter }),
          "data-choice": `${name} ${code}`,
          "aria-current": chosen ? "true" : null,
        },
        h("span", {}, label),
        h("small", {}, String(count)),
      ),
    );
  }

  #heading(answer) {
    const label = SHOWN[this.filter.get("show") ?? "open"];
    return [label, h("small", {}, many(answer.shown, "article"))];
  }

  #empty(answer) {
    if ([...this.filter].length) return "No article fits this filter.";
    return answer.progress.articles
      ? "Everything is reviewed; “readout accept” writes it out."
      : "There is no record in this folder yet.";
  }
}

/** The line about the whole folder, in the page's head. */
export function progress({ articles, reviewed, rows, decided, seconds_per_article: each }) {
  const pace = each === null ? null : h("span", { class: "pace" }, `${duration(each)} an article`);
  fill(
    byId("progress"),
    h("progress", { max: Math.max(1, rows), value: decided, "aria-label": "Rows decided" }),
    h("span", {}, `${reviewed} of ${many(articles, "article")}`),
    h("span", { class: "rows-done" }, `${decided} of ${many(rows, "row")}`),
    pace,
  );
}

function group(label, items) {
  const id = `filter-${label.replaceAll(/\W+/g, "-").toLowerCase()}`;
  return h("section", { "aria-labelledby": id }, h("h3", { id }, label), h("ul", {}, items));
}

function without(filter, name) {
  const changed = new URLSearchParams(filter);
  changed.delete(name);
  return changed;
}

function set(filter, name, value) {
  const changed = new URLSearchParams(filter);
  changed.set(name, value);
  return changed;
}
