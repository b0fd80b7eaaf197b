/**
 * Who decided what about an article, when, what it was before, and which model and prompt had
 * written it: the log, newest first.
 */

import * as api from "./api.js";
import { byId, foreign, h } from "./dom.js";
import { done, KIND, moment, told } from "./words.js";

export async function show(article) {
  const dialog =
    byId("history") ??
    document.body.appendChild(
      h("dialog", { id: "history", class: "wide", "aria-labelledby": "history-head" }),
    );
  const said = await api.history(article.id).then(
    ({ decisions }) => table(decisions),
    (error) => h("p", {}, error.message),
  );
  dialog.replaceChildren(
    h("h2", { id: "history-head" }, "History"),
    h("p", {}, foreign(article.title ?? article.id)),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Decisions" }, said),
    h("form", { method: "dialog" }, h("button", { autofocus: true }, "Close")),
  );
  dialog.showModal();
}

function table(decisions) {
  if (!decisions.length) return h("p", {}, "Nothing has been decided about this article.");
  const head = ["when", "who", "what", "before", "after", "written by"];
  return h(
    "table",
    {},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head.map((each) => h("th", { scope: "col" }, each)),
      ),
    ),
    h("tbody", {}, decisions.map(line)),
  );
}

function after(now, before) {
  return now === before ? h("small", {}, "unchanged") : foreign(now);
}

function line(decision) {
  const { kind, old, new: now, basis } = decision;
  const what = [done(decision.action), ` · ${KIND[kind] ?? ""}`, decision.undone && " (undone)"];
  return h(
    "tr",
    { class: decision.undone ? "undone" : null },
    h("td", {}, h("time", { datetime: decision.at }, moment(decision.at))),
    h("td", {}, foreign(decision.by)),
    h("td", {}, what),
    h("td", {}, old && foreign(told(kind, old.value))),
    h("td", {}, now && after(told(kind, now.value), old && told(kind, old.value))),
    h(
      "td",
      {},
      basis && [
        foreign((basis.model ?? "").split("@")[0], { title: basis.model }),
        " ",
        basis.prompt && h("code", { title: basis.prompt }, basis.prompt.slice(0, 8)),
      ],
    ),
  );
}
