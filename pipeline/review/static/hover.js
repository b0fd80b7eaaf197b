/**
 * What the pointer is over. Knows nothing of what that is.
 */

/** Calls `hovered` as the pointer itself moves over other elements; scrolling below it is no move. */
export function onHover(root, selector, hovered) {
  let [element, x, y] = [null, -1, -1];
  root.addEventListener("pointermove", (event) => {
    if (event.screenX === x && event.screenY === y) return;
    [x, y] = [event.screenX, event.screenY];
    const now = event.target.closest(selector);
    if (now !== element) hovered((element = now));
  });
  root.addEventListener("pointerleave", () => element && hovered((element = null)));
}
