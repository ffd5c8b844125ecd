/** Pages of lists that are ordered by name. */
import { invalidParameterValue, invalidValue } from "./errors.ts";
import { listQueuesMax } from "./limits.ts";

/** MaxResults and NextToken, as they were given. */
export interface PageRequest {
  max: number | undefined;
  token: string | undefined;
}

/** The names of one page. `nextToken` is there only where MaxResults was given and more follow. Throws InvalidParameterValue. */
export function toPage(names: readonly string[], { max, token }: PageRequest): { page: string[]; nextToken?: string } {
  if (max !== undefined && !(Number.isInteger(max) && max >= 1 && max <= listQueuesMax)) {
    throw invalidValue(max, "MaxResults", `MaxResults must be an integer between 1 and ${listQueuesMax}`);
  }
  if (token !== undefined && max === undefined) {
    throw invalidParameterValue("MaxResults is a mandatory parameter when you provide a value for NextToken.");
  }
  const after = token === undefined ? "" : Buffer.from(token, "base64").toString("utf8");
  const rest = names.filter((name) => name > after);
  const page = rest.slice(0, max ?? listQueuesMax);
  const last = page.at(-1);
  if (max === undefined || last === undefined || rest.length === page.length) return { page };
  return { page, nextToken: Buffer.from(last).toString("base64") };
}
