/**
 * What one key decides about the current row, and where it leads from there. Knows how rows stand
 * and where decisions go; knows nothing of how either looks.
 */

import { say } from "./notices.js";
import { adding, following, openAfter } from "./standing.js";
import * as timer from "./timer.js";
import { KIND, many, spoken } from "./words.js";

export class Deciding {
  /**
   * @param review the article under review, with its current row
   * @param outbox where decisions go
   */
  constructor(review, outbox) {
    Object.assign(this, { review, outbox });
  }

  accept() {
    this.#decide("accept");
  }

  reject() {
    if (this.review.row()?.kind === "article")
      return this.review.hint("Press m to add what is missing.");
    this.#decide("reject");
  }

  /** Accepts what is open in the current row's meeting. */
  acceptRest() {
    const row = this.review.row();
    if (this.review.busy() || !row) return;
    const rest = this.review
      .rows()
      .filter((each) => each.meeting === row.meeting && each.standing === "open");
    if (!rest.length) return this.review.hint("Nothing is open in this meeting.");
    this.send(rest.map((each) => ({ action: "accept", row: each.id })));
    this.moveOn(`Accepted ${many(rest.length, "row")}.`);
  }

  /** Does with the current row what the other run or reviewer did. */
  take() {
    const row = this.review.row();
    if (this.review.busy() || !this.review.session.other || !row) return;
    if (!row.disagrees) return this.review.hint("Here the two agree.");
    this.send([following(row)]);
    this.moveOn("Taken over.");
  }

  /** Adds what only the other run has. */
  add(theirs) {
    if (!this.review.busy()) this.send([adding(theirs)]);
  }

  undo() {
    if (!this.review.editor) this.outbox.add("undo", {});
  }

  redo() {
    if (!this.review.editor) this.outbox.add("redo", {});
  }

  /** Sends decisions about the article as one step. Resolves once they are saved. */
  send(decisions, options = {}) {
    const { article } = this.review;
    const body = {
      article: article.id,
      version: article.version,
      seen: article.seq,
      seconds: timer.take(),
      decisions,
    };
    const saved = this.outbox.add("decisions", body, options);
    this.review.refresh();
    return saved;
  }

  /** To the next open row; past the last of them, to the next article. */
  moveOn(what) {
    const id = openAfter(this.review.rows(), this.review.current);
    if (!id) return this.review.leave("next", `${what} The article is reviewed.`);
    this.review.choose(id);
    const row = this.review.row();
    say(`${what} Next: ${KIND[row.kind]}, ${spoken(row.evidence_state ?? "")}`);
  }

  #decide(action) {
    const { review } = this;
    const row = review.row();
    if (review.busy() || !row) return;
    if (row.standing === "moot")
      return review.hint("Its meeting is rejected: there is nothing to decide.");
    const at = review.pane.focused;
    if (at !== null && !row.evidence.some((span) => span.sentence === at)) {
      return review.hint(
        `The open item does not cite sentence ${at}. Press → for the item, m to add a missing one.`,
      );
    }
    this.send([{ action, row: row.id }]);
    this.moveOn(action === "accept" ? "Accepted." : "Rejected.");
  }
}
