import type { Operation } from "@tripline/kernel";
import { parseFunctionReference } from "../function-reference.ts";
import { checkQualifier } from "../member-constraints.ts";
import type { FunctionPolicies } from "../policy/function-policies.ts";
import { notFound } from "../policy/policy-target.ts";
import { toPolicyDocument } from "./add-permission.ts";

/** Output of GetPolicy. */
export interface GetPolicyOutput {
  /** JSON. */
  Policy: string;
  RevisionId: string;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html */
export function getPolicyOperation(
  policies: FunctionPolicies,
): Operation<{ FunctionName: string; Qualifier?: string }, GetPolicyOutput> {
  return {
    name: "GetPolicy",
    honoured: ["FunctionName", "Qualifier"],
    async run(input) {
      checkQualifier(input.Qualifier);
      const { functionName, qualifier } = parseFunctionReference(input.FunctionName, input.Qualifier);
      const policy = policies.get(functionName, qualifier);
      if (policy === undefined) throw notFound("The resource you requested does not exist.");
      return { Policy: toPolicyDocument(policy.statements), RevisionId: policy.revisionId };
    },
  };
}
