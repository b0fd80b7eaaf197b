/**
 * Seconds of active work since they were last taken. What passes while the page is hidden, or more
 * than half a minute after the last key or move, is a coffee and not counted.
 */

const IDLE = 30_000; // milliseconds

let last = performance.now();
let active = 0;

function tick() {
  const now = performance.now();
  if (now - last < IDLE) active += now - last;
  last = now;
}

for (const event of ["keydown", "pointermove", "pointerdown", "wheel"]) {
  addEventListener(event, tick, { passive: true, capture: true });
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) tick();
  else last = performance.now();
});

/** Seconds since the last call, to a millisecond: who presses keys fast spends less than a tenth. */
export function take() {
  tick();
  const seconds = Math.round(active) / 1000;
  active = 0;
  return seconds;
}
