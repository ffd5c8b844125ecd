/** PutRolePermissionsBoundary, PutUserPermissionsBoundary and their opposites. */
import type { Operation } from "@tripline/kernel";
import { type Entities, type EntityTable, isAwsManaged, type Principal } from "../entities.ts";
import { noSuchEntity } from "../errors.ts";
import type { IdentityHouse } from "../house.ts";

type Bounded = Principal & { boundary?: string };

/** The ARN, which must be of a policy that exists. Throws `NoSuchEntity`. */
export function toBoundary(entities: Entities, arn: string): string {
  if (isAwsManaged(arn) || entities.findPolicy(arn) !== undefined) return arn;
  throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
}

/** As roles and users show it. */
export function showBoundary({ boundary }: { boundary?: string }): object {
  if (boundary === undefined) return {};
  return { PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: boundary } };
}

/** Those of both kinds. */
export function permissionsBoundaryOperations({ entities }: IdentityHouse): readonly Operation[] {
  return (["Role", "User"] as const).flatMap((kind) => {
    const member = `${kind}Name`;
    const table = entities.table(kind) as EntityTable<Bounded>;
    const put: Operation<Record<string, string>> = {
      name: `Put${kind}PermissionsBoundary`,
      honoured: [member, "PermissionsBoundary"],
      async run(input) {
        const entity = table.get(input[member] ?? "");
        await table.save({ ...entity, boundary: toBoundary(entities, input["PermissionsBoundary"] ?? "") });
      },
    };
    const remove: Operation<Record<string, string>> = {
      name: `Delete${kind}PermissionsBoundary`,
      honoured: [member],
      async run(input) {
        const { boundary, ...entity } = table.get(input[member] ?? "");
        if (boundary === undefined) {
          throw noSuchEntity(`${kind} ${entity.name} does not have a permissions boundary.`);
        }
        await table.save(entity);
      },
    };
    return [put, remove];
  });
}
