/**
 * Paints stretches of the article. The CSS Custom Highlight API lets them overlap without touching
 * the text; where a browser lacks it, the whole sentences get a class instead.
 */

const able = typeof Highlight === "function" && "highlights" in CSS;
const painted = new Map(); // name → elements, for browsers that lack it

/**
 * @param {string} name "evidence" | "value" | "hover" | "pick" | "cursor"
 * @param {{range: Range, element: Element}[]} parts
 */
export function paint(name, parts) {
  if (able) {
    if (parts.length) CSS.highlights.set(name, new Highlight(...parts.map((part) => part.range)));
    else CSS.highlights.delete(name);
    return;
  }
  for (const element of painted.get(name) ?? []) element.classList.remove(`painted-${name}`);
  painted.set(
    name,
    parts.map((part) => part.element),
  );
  for (const { element } of parts) element.classList.add(`painted-${name}`);
}
