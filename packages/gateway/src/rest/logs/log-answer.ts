import type { RestAnswer, RestExchange } from "../serving/exchange.ts";
import { printMap } from "./execution-log.ts";

/** Shows in the execution log what the client is about to get; returns it. */
export function logAnswer({ log }: RestExchange, answer: RestAnswer): RestAnswer {
  log.data(() => `Method response body after transformations: ${Buffer.from(answer.body).toString()}`);
  log.data(() => {
    const shown: Record<string, string> = {};
    for (let index = 0; index < answer.headers.length; index += 2) {
      const name = answer.headers[index] ?? "";
      const value = answer.headers[index + 1] ?? "";
      shown[name] = name in shown ? `${shown[name] ?? ""},${value}` : value;
    }
    return `Method response headers: ${printMap(shown)}`;
  });
  return answer;
}
