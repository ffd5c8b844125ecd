/** PutRolePolicy, GetRolePolicy, ListRolePolicies, DeleteRolePolicy, and those of users and groups. */
import type { Operation } from "@tripline/kernel";
import type { PrincipalKind } from "../entities.ts";
import { limitExceeded, noSuchEntity } from "../errors.ts";
import type { IdentityHouse } from "../house.ts";
import { checkName, type PageInput, takePage } from "../input-checks.ts";
import { limits } from "../limits.ts";
import { checkIdentityPolicy, encodeDocument, policySize } from "../policy-document.ts";

type NamedPolicyInput = Record<string, string> & { PolicyName: string };

/** Those of one kind. */
export function inlinePolicyOperations({ entities }: IdentityHouse, kind: PrincipalKind): readonly Operation[] {
  const member = `${kind}Name`;
  const noun = kind.toLowerCase();
  const table = entities.table(kind);
  const missing = (name: string): Error => noSuchEntity(`The ${noun} policy with name ${name} cannot be found.`);

  const put: Operation<NamedPolicyInput & { PolicyDocument: string }> = {
    name: `Put${kind}Policy`,
    honoured: [member, "PolicyName", "PolicyDocument"],
    async run(input) {
      const { PolicyName, PolicyDocument } = input;
      const principal = table.get(input[member] ?? "");
      checkName(PolicyName, "policyName", limits.nameMax.Policy);
      checkIdentityPolicy(PolicyDocument);
      const inline = { ...principal.inline, [PolicyName]: PolicyDocument };
      const size = Object.values(inline).reduce((sum, document) => sum + policySize(document), 0);
      const max = limits.inlinePoliciesMax[kind];
      if (size > max) {
        throw limitExceeded(`Maximum policy size of ${max} bytes exceeded for ${noun} ${principal.name}`);
      }
      await table.save({ ...principal, inline });
    },
  };
  const get: Operation<NamedPolicyInput> = {
    name: `Get${kind}Policy`,
    honoured: [member, "PolicyName"],
    async run(input) {
      const { inline, name } = table.get(input[member] ?? "");
      const document = inline[input.PolicyName];
      if (document === undefined) throw missing(input.PolicyName);
      return { [member]: name, PolicyName: input.PolicyName, PolicyDocument: encodeDocument(document) };
    },
  };
  const list: Operation<PageInput & Record<string, string>> = {
    name: `List${kind}Policies`,
    honoured: [member, "Marker", "MaxItems"],
    async run(input) {
      const [PolicyNames, more] = takePage(Object.keys(table.get(input[member] ?? "").inline).sort(), input);
      return { PolicyNames, ...more };
    },
  };
  const remove: Operation<NamedPolicyInput> = {
    name: `Delete${kind}Policy`,
    honoured: [member, "PolicyName"],
    async run(input) {
      const principal = table.get(input[member] ?? "");
      const { [input.PolicyName]: gone, ...inline } = principal.inline;
      if (gone === undefined) throw missing(input.PolicyName);
      await table.save({ ...principal, inline });
    },
  };
  return [put, get, list, remove] as readonly Operation[];
}
