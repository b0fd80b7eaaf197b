/**
 * Builds elements. Strings become text nodes and never markup: every word of an article or a model
 * reaches the page through here. Knows nothing of what it builds.
 */

/** An element. `on…` attributes take functions; null, undefined and false leave one out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/** Foreign words, kept from turning round what stands beside them. */
export function foreign(text, attributes = {}) {
  return h("bdi", attributes, text);
}

/** Words for screen readers only. */
export function unseen(text) {
  return h("span", { class: "unseen" }, text);
}

/** Puts `children` in place of all that is in `element`. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(Boolean));
}

export function byId(id) {
  return document.getElementById(id);
}

/** A button that shows the key that does the same. */
export function keyed(label, key, onclick, attributes = {}) {
  return h(
    "button",
    { type: "button", onclick, "aria-keyshortcuts": key ? shortcut(key) : null, ...attributes },
    label,
    key && h("kbd", { "aria-hidden": "true" }, key),
  );
}

function shortcut(key) {
  return (
    { "↵": "Enter", "⇧A": "Shift+A", "⇧U": "Shift+U", "←": "ArrowLeft", "→": "ArrowRight" }[key] ??
    key
  );
}
