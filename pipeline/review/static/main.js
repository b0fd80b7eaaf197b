/**
 * Joins the page: the address chooses the view, the outbox carries decisions, and what others decide
 * meanwhile is asked for now and then.
 */

import * as api from "./api.js";
import * as conflict from "./conflict.js";
import { byId, fill } from "./dom.js";
import { Drafts } from "./drafts.js";
import * as keys from "./keys.js";
import { notice, only, say } from "./notices.js";
import { Outbox } from "./outbox.js";
import { Queue, progress } from "./queue.js";
import { Review } from "./review.js";
import * as route from "./route.js";
import * as saved from "./saved.js";
import * as timer from "./timer.js";
import { done } from "./words.js";

const LISTEN = 5_000; // milliseconds between questions for what others decided

let session, outbox, drafts, review, queue;
let view; // "review" | "queue"
let list = null; // {filter, articles}: the queue that the article on show stands in
let heard = 0; // seq up to which we know what was decided
let broken = false; // whether a view could not be fetched
let shows = 0; // views asked for so far: a late answer must not overtake a newer one

async function start() {
  try {
    session = await api.session();
  } catch (error) {
    return only(error.message);
  }
  heard = session.seq;
  outbox = new Outbox(session.folder, { changed: showSaved, saved: took, refused });
  drafts = new Drafts(session.folder);
  queue = new Queue(session, outbox, drafts, { go });
  review = new Review(session, outbox, drafts, { moved, left: leave, typed: showSaved });
  keys.listen(() => ({ view, actions: actions() }));
  byId("keys-button").addEventListener("click", () => actions().help());
  byId("home").addEventListener("click", (event) => (event.preventDefault(), leave("queue")));
  addEventListener("popstate", show);
  addEventListener("online", () => outbox.retry());
  addEventListener("focus", listen);
  addEventListener("beforeunload", (event) => draft() === "lost" && event.preventDefault());
  setInterval(() => document.hidden || listen(), LISTEN);
  showSaved();
  outbox.retry();
  await show();
}

function actions() {
  if (view === "review") return review.actions;
  const own = Object.fromEntries(
    ["next", "previous", "open", "search", "undo", "redo", "help"].map((name) => [
      name,
      () => queue[name](),
    ]),
  );
  return { ...own, filter: () => queue.toFilters() };
}

function go(address, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", address);
  return show();
}

/** Shows what the address says. */
async function show() {
  const asked = ++shows;
  const at = route.read();
  try {
    const [article, listed] = await Promise.all([
      at.article && api.article(at.article),
      at.article && fits(at.filter) ? list : api.queue(at.filter),
    ]);
    if (asked !== shows) return;
    broken = false;
    if (listed !== list) {
      list = { ...listed, filter: String(at.filter) };
      progress(listed.progress);
    }
    if (article) showArticle(article, at);
    else showQueue(at, listed);
    performance.mark("shown"); // for profilers and benchmarks
  } catch (error) {
    if (asked !== shows) return;
    broken = true;
    only(error.message);
  }
}

function fits(filter) {
  return list?.filter === String(filter);
}

function showArticle(article, { row, compare }) {
  view = "review";
  timer.take();
  if (!review.element.isConnected) fill(byId("view"), review.element);
  document.title = `${article.title ?? article.id} · Review`;
  review.show(article, { row, compare });
}

function showQueue(at, answer) {
  const from = view === "review" ? review.article?.id : null;
  view = "queue";
  if (!queue.element.isConnected) fill(byId("view"), queue.element);
  document.title = `Review · ${session.folder}`;
  queue.show(at.filter, answer, { article: from });
}

/** Writes the row into the address, so that a reload comes back to it. */
function moved({ row, compare }) {
  const { filter, article } = route.read();
  if (article !== review.article.id) return; // on the way to another one
  history.replaceState(
    null,
    "",
    route.address({ filter, article: review.article.id, row, compare }),
  );
}

/** To the next or previous article of the queue, or back to the queue. */
function leave(where, said = null) {
  const { filter, compare } = route.read();
  const ids = list?.articles.map((each) => each.id) ?? [];
  const next =
    where === "queue" ? null : ids[ids.indexOf(review.article.id) + (where === "next" ? 1 : -1)];
  if (said) say(said);
  list = next ? list : null;
  return go(route.address({ filter, article: next, compare }));
}

/** The server has it on disk. */
function took(step, answer) {
  heard = Math.max(heard, answer.article.seq);
  progress(answer.progress);
  const back = answer.undone ?? answer.redone;
  if (broken) return show();
  if (back) return returned(back, answer);
  if (view === "review" && review.article?.id === answer.article.id) review.update(answer.article);
}

/** Something was undone or done again, maybe in another article: go there. */
function returned({ article, rows, action }, answer) {
  say(`${answer.undone ? "Undone" : "Done again"}: ${done(action)}.`);
  const [row] = rows.filter((id) =>
    [...answer.article.meetings.flatMap((each) => each.rows), answer.article.whole].some(
      (each) => each?.id === id,
    ),
  );
  if (view === "review" && review.article?.id === article) {
    review.update(answer.article);
    if (row) review.choose(row);
  } else go(route.address({ filter: route.read().filter, article, row }));
}

function refused(step, error) {
  if (error.code !== "conflict" && step.body.decisions) review.correcting.takeBack(step.body);
  if (view === "review" && review.article?.id === step.body.article) {
    if (error.code === "changed") review.show(error.article);
    else review.update(error.article ?? review.article);
  }
  if (error.code === "conflict") settle();
  else if (error.code.startsWith("nothing_to_")) review.hint(error.message);
  else notice(`Not saved: ${error.message}`);
}

function settle() {
  const [first] = outbox.conflicts;
  if (!first) return;
  conflict.settle(first, (decisions) => {
    const { article, body } = first;
    if (decisions.length)
      outbox.add("decisions", {
        ...body,
        decisions,
        seen: article.seq,
        version: article.version,
        seconds: 0,
      });
    outbox.settled(first);
    if (view === "review") review.update(review.article);
  });
}

function showSaved() {
  const state = { ...outbox.state, draft: draft() };
  saved.show(state, { retry: () => outbox.retry(), settle });
}

/** What becomes of what is being typed if the page is gone now: "kept", or "lost"; null: nothing is. */
function draft() {
  if (!review?.editor?.dirty) return null;
  return review.correcting.kept ? "kept" : "lost";
}

/** What did other tabs and people decide? */
async function listen() {
  try {
    const { seq, articles } = await api.changes(heard);
    heard = Math.max(heard, seq);
    const id = review.article?.id;
    if (view === "review" && articles.includes(id) && !outbox.pending(id).length) {
      const article = await api.article(id);
      if (review.article?.id === id && article.version === review.article.version)
        review.update(article);
    }
  } catch {
    // Silence here is no news: what is not saved says so by itself.
  }
}

start();
