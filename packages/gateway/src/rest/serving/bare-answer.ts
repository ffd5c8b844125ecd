import type { RestAnswer } from "./exchange.ts";

/** What the front says before the API has the request: plain text, without gateway response, ids and logs. Ends the chain when thrown. */
export class BareAnswer extends Error {
  readonly answer: RestAnswer;

  constructor(status: number, body: string) {
    super(body);
    this.answer = { status, headers: ["content-type", "text; charset=utf-8"], body, isTraced: false, isBare: true };
  }
}
