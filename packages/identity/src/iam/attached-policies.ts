/** AttachRolePolicy, DetachRolePolicy, ListAttachedRolePolicies, and those of users and groups. */
import type { Operation } from "@tripline/kernel";
import { isAwsManaged, type PrincipalKind } from "../entities.ts";
import { invalidInput, limitExceeded, noSuchEntity } from "../errors.ts";
import type { IdentityHouse } from "../house.ts";
import { type PageInput, takePage } from "../input-checks.ts";
import { limits } from "../limits.ts";

type PolicyArnInput = Record<string, string> & { PolicyArn: string };

/** Those of one kind. */
export function attachedPolicyOperations({ entities }: IdentityHouse, kind: PrincipalKind): readonly Operation[] {
  const member = `${kind}Name`;
  const table = entities.table(kind);
  const attach: Operation<PolicyArnInput> = {
    name: `Attach${kind}Policy`,
    honoured: [member, "PolicyArn"],
    async run(input) {
      const { PolicyArn } = input;
      const principal = table.get(input[member] ?? "");
      checkPolicyArn(PolicyArn);
      if (!isAwsManaged(PolicyArn) && entities.findPolicy(PolicyArn) === undefined) {
        throw noSuchEntity(`Policy ${PolicyArn} does not exist or is not attachable.`);
      }
      if (principal.attached.includes(PolicyArn)) return;
      if (principal.attached.length >= limits.attachedPoliciesMax) {
        throw limitExceeded(`Cannot exceed quota for PoliciesPer${kind}: ${limits.attachedPoliciesMax}`);
      }
      await table.save({ ...principal, attached: [...principal.attached, PolicyArn] });
    },
  };
  const detach: Operation<PolicyArnInput> = {
    name: `Detach${kind}Policy`,
    honoured: [member, "PolicyArn"],
    async run(input) {
      const { PolicyArn } = input;
      const principal = table.get(input[member] ?? "");
      checkPolicyArn(PolicyArn);
      if (!principal.attached.includes(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
      await table.save({ ...principal, attached: principal.attached.filter((arn) => arn !== PolicyArn) });
    },
  };
  const list: Operation<PageInput & Record<string, string>> = {
    name: `ListAttached${kind}Policies`,
    honoured: [member, "PathPrefix", "Marker", "MaxItems"],
    async run(input) {
      const prefix = input["PathPrefix"] ?? "/";
      const found = table.get(input[member] ?? "").attached.filter((arn) => pathOf(arn).startsWith(prefix));
      const [items, more] = takePage(found, input);
      return {
        AttachedPolicies: items.map((PolicyArn) => ({ PolicyName: PolicyArn.split("/").at(-1), PolicyArn })),
        ...more,
      };
    },
  };
  return [attach, detach, list] as readonly Operation[];
}

/** Throws `InvalidInput` for what is no ARN of a policy. */
function checkPolicyArn(arn: string): void {
  if (!/^arn:[^:]*:iam::(aws|\d{12}):policy\/.+$/.test(arn)) throw invalidInput(`ARN ${arn} is not valid.`);
}

function pathOf(arn: string): string {
  return arn.slice(arn.indexOf("/"), arn.lastIndexOf("/") + 1);
}
