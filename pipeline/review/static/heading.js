/**
 * What stands above an article: its title, where it comes from and who summarised it; or why it
 * came to no record. Knows nothing of its sentences' place on the page.
 */

import { foreign, h, keyed } from "./dom.js";
import { spoken } from "./words.js";

/** @param {Offsets} offsets of the article's text */
export function heading(article, offsets) {
  const { date, basis } = article.published ?? {};
  const link = /^https?:\/\//i.test(article.url ?? "")
    ? h("a", { href: article.url, rel: "noreferrer noopener", target: "_blank" }, "original")
    : null;
  return h(
    "header",
    { class: "head" },
    h(
      "h2",
      { class: titled(article, offsets) ? "unseen" : null },
      foreign(article.title ?? article.id),
    ),
    h(
      "p",
      { class: "facts" },
      article.title && foreign(article.id),
      article.source && foreign(article.source),
      date && h("span", {}, `${date} (${basis})`),
      link,
      editions(article),
    ),
    article.made?.prompt && madeBy(article.made),
  );
}

/** What stands in the place of an article that failed. */
export function failure(article, actions) {
  return h("header", { class: "head" }, [
    h("h2", {}, foreign(article.title ?? article.id)),
    failed(article),
    h(
      "p",
      {},
      "There is no record to review. Fill it in from its text, or let ",
      h("code", {}, "readout retry"),
      " ask again.",
    ),
    h(
      "p",
      { class: "ends" },
      keyed("Fill in by hand", "m", () => actions.missing(), { class: "main" }),
      keyed("Next", "n", () => actions.nextArticle()),
      keyed("Queue", "q", () => actions.queue()),
    ),
  ]);
}

/** Why an article came to no record. */
export function failed({ outcome, reason }) {
  return h("p", { class: "flag" }, `Failed: ${spoken(outcome)}. `, foreign(reason ?? ""));
}

/** Whether the title stands among the sentences, so that it need not be shown twice. */
function titled(article, offsets) {
  const level = (text) => text.replaceAll(/\s+/g, " ").trim();
  return article.sentences.some(
    (each) =>
      each.label === "title" &&
      level(article.text.slice(offsets.units(each.start), offsets.units(each.end))) ===
        level(article.title ?? ""),
  );
}

function editions({ edition }) {
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
