/**
 * Speaks to the server: JSON out, JSON in, and what went wrong as a sentence. Knows addresses and
 * statuses; knows nothing of the page.
 */

/** The server said no: `code`, a sentence, what else it said, and the article where it sent one. */
export class Refused extends Error {
  constructor(status, error, article) {
    super(error.message);
    Object.assign(this, { status, code: error.code, error, article });
  }
}

/** Nothing was heard, or nothing that counts as an answer: asking again may help. */
export class Unheard extends Error {}

export function session() {
  return call("/api/session");
}

/** @param {URLSearchParams} filter */
export function queue(filter) {
  return call(`/api/queue?${filter}`);
}

export function article(id) {
  return call(`/api/article?${new URLSearchParams({ id })}`);
}

export function history(id) {
  return call(`/api/history?${new URLSearchParams({ article: id })}`);
}

export function changes(since) {
  return call(`/api/changes?${new URLSearchParams({ since })}`);
}

/** Has an article that failed filled in by hand: its text is fetched from where the run read it. */
export function byHand(id) {
  return post("by-hand", { article: id });
}

/** POST to /api/NAME: decisions, check, undo, redo. */
export function post(name, body) {
  return call(`/api/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function call(path, options = {}) {
  let response, body;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(20_000) });
    body = await response.json();
  } catch {
    throw new Unheard(
      response
        ? `the server's answer (${response.status}) cannot be read.`
        : "the server does not answer. Is “readout review” still running?",
    );
  }
  if (response.ok) return body;
  const error = body.error ?? {
    code: "unknown",
    message: `The server answered ${response.status}.`,
  };
  if (response.status === 403) {
    throw new Unheard(
      "this page's address has expired. Open the one that “readout review” printed last.",
    );
  }
  if (response.status >= 500) throw new Unheard(error.message);
  throw new Refused(response.status, error, body.article);
}
