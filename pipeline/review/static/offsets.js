/**
 * Code points and UTF-16 units: readout counts the former, the browser the latter. They part at
 * every character beyond U+FFFF, of which most articles have none.
 */
export class Offsets {
  /** @param {string} text the whole article */
  constructor(text) {
    this.pairs = []; // code-point offsets of the characters that take two units
    let point = 0;
    for (let unit = 0; unit < text.length; unit += 1, point += 1) {
      const code = text.codePointAt(unit);
      if (code > 0xffff) {
        this.pairs.push(point);
        unit += 1;
      }
    }
  }

  /** UTF-16 offset of a code-point offset. */
  units(point) {
    return point + this.#below(point, (pair) => pair);
  }

  /** Code-point offset of a UTF-16 offset; inside of a pair it is the pair's. */
  points(unit) {
    return unit - this.#below(unit, (pair, index) => pair + index);
  }

  #below(limit, position) {
    let [low, high] = [0, this.pairs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (position(this.pairs[middle], middle) < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
