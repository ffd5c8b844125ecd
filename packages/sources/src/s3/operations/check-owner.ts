import type { Scope } from "@tripline/kernel";
import { accessDenied } from "../errors.ts";

/** Throws `AccessDenied` where the caller expects another owner: this simulator plays one account. */
export function checkOwner(scope: Scope, expected: string | undefined): void {
  if (expected !== undefined && expected !== scope.accountId) throw accessDenied();
}
