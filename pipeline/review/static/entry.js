/**
 * One article as the queue lists it: how sure the model is of it, and how far its review has come.
 * Knows the filter only to link past it.
 */

import { foreign, h, unseen } from "./dom.js";
import { address } from "./route.js";
import { many, spoken } from "./words.js";

const WORST = ["not_found", "cited_only", "composed", "normalised", "exact"]; // then in the server's order
const CHIPS = 3; // flags that are shown by name

/** @param {{filter: URLSearchParams, draft: boolean}} about `draft`: something is being typed in it */
export function entry(article, { filter, draft }) {
  const failed = article.outcome !== "done";
  const inside = article.rows
    ? [facts(article), h("span", { class: "chips" }, chips(article, draft)), done(article)]
    : [];
  return h(
    "li",
    {},
    h(
      "a",
      {
        class: article.rows ? "entry" : "entry failed",
        href: address({ filter, article: article.id }),
        "data-article": article.id,
      },
      h("span", { class: "title" }, foreign(article.title ?? article.id)),
      inside,
      failed && h("span", { class: "why" }, foreign(why(article))),
    ),
  );
}

/** Codes with their counts, what is worst first. */
export function worstFirst(counts) {
  const rank = ([code]) => (WORST.indexOf(code) + WORST.length + 1) % (WORST.length + 1);
  return Object.entries(counts).sort((one, other) => rank(one) - rank(other));
}

function facts({ published, meetings, uncited }) {
  return h(
    "span",
    { class: "facts" },
    published ?? "no day",
    " · ",
    many(meetings, "meeting"),
    uncited ? ` · ${many(uncited, "sentence")} uncited` : "",
  );
}

function done({ rows, open }) {
  const decided = rows - open;
  return h(
    "span",
    { class: "done" },
    `${decided}/${rows}`,
    unseen(" decided"),
    h("progress", { max: rows, value: decided, "aria-hidden": "true" }),
  );
}

function why({ outcome, reason }) {
  return [spoken(outcome), reason].filter(Boolean).join(": ");
}

function chips(article, draft) {
  const flags = worstFirst(article.flags);
  const named = flags
    .slice(0, CHIPS)
    .map(([code, count]) =>
      h("span", { class: `chip ${code}` }, spoken(code), count > 1 ? ` ${count}` : ""),
    );
  return [
    draft && h("span", { class: "chip draft" }, "draft"),
    article.outcome !== "done" && h("span", { class: "chip" }, "by hand"),
    article.again > 0 && h("span", { class: "chip again" }, `again ${article.again}`),
    article.disagree > 0 && h("span", { class: "chip differs" }, `differs ${article.disagree}`),
    ...named,
    flags.length > CHIPS && h("span", { class: "chip" }, `+${flags.length - CHIPS}`),
  ];
}
