/** Lambda's own Node.js runtimes bring the AWS SDK; on this machine a function has what it finds by itself. */
import type { InvokeResult } from "@tripline/kernel";

/** What to tell the user of a function that failed because a client of the AWS SDK is not there; undefined where that is not why. */
export function missingSdkNotice({ errorMessage }: Pick<InvokeResult, "errorMessage">): string | undefined {
  const name = /Cannot find (?:package|module) '(@aws-sdk\/[^'/]+|aws-sdk)[^']*'/.exec(errorMessage ?? "")?.[1];
  if (name === undefined) return undefined;
  return `Lambda's Node.js runtimes bring the AWS SDK, this machine does not: run npm install ${name} where the function's code is, or above it.`;
}
