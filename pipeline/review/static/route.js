/**
 * What the address says: the filter of the queue, the article, the row, and whether two runs stand
 * side by side. The address is the one place where this is kept, so that the back button, a reload
 * and a link sent to a colleague all lead to the same view.
 */

const MANY = ["flag", "state", "outcome"];

/** @returns {{filter: URLSearchParams, article: string|null, row: string|null, compare: boolean}} */
export function read() {
  const asked = new URLSearchParams(location.search);
  const filter = new URLSearchParams();
  for (const name of ["show", "disagree", "q"])
    if (asked.get(name)) filter.set(name, asked.get(name));
  for (const name of MANY) for (const value of asked.getAll(name)) filter.append(name, value);
  return {
    filter,
    article: asked.get("article"),
    row: asked.get("row"),
    compare: asked.has("compare"),
  };
}

/** The address of a view. */
export function address({ filter, article = null, row = null, compare = false }) {
  const asked = new URLSearchParams(filter);
  if (article) asked.set("article", article);
  if (article && row) asked.set("row", row);
  if (article && compare) asked.set("compare", "1");
  const query = String(asked);
  return query ? `/?${query}` : "/";
}

/** The same filter with one of its values put in or taken out. */
export function toggled(filter, name, value) {
  const changed = new URLSearchParams(filter);
  if (!MANY.includes(name)) {
    if (changed.get(name) === value || value === null) changed.delete(name);
    else changed.set(name, value);
    return changed;
  }
  const values = changed.getAll(name);
  changed.delete(name);
  const kept = values.includes(value)
    ? values.filter((each) => each !== value)
    : [...values, value];
  for (const each of kept) changed.append(name, each);
  return changed;
}
