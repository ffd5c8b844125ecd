/** TagRole, UntagRole, ListRoleTags, and those of users and policies. */
import type { Operation } from "@tripline/kernel";
import type { IdentityHouse } from "../house.ts";
import { checkTagCount, fromTags, type PageInput, type Tag, takePage, toTags } from "../input-checks.ts";
import { policyOf } from "./policy-of.ts";

interface Tagged {
  tags: Record<string, string>;
}

type Named = Record<string, string>;

/** Those of all kinds. */
export function tagOperations({ entities }: IdentityHouse): readonly Operation[] {
  const { policies, roles, users } = entities;
  return [
    ...operationsOf(
      "Role",
      "RoleName",
      (name) => roles.get(name),
      (role) => roles.save(role),
    ),
    ...operationsOf(
      "User",
      "UserName",
      (name) => users.get(name),
      (user) => users.save(user),
    ),
    ...operationsOf(
      "Policy",
      "PolicyArn",
      (arn) => policyOf(entities, arn),
      (policy) => policies.save(policy),
    ),
  ];
}

function operationsOf<T extends Tagged>(
  kind: string,
  member: string,
  get: (name: string) => T,
  save: (entity: T) => Promise<void>,
): readonly Operation[] {
  const tag: Operation<Named & { Tags: Tag[] }> = {
    name: `Tag${kind}`,
    honoured: [member, "Tags"],
    async run(input) {
      const entity = get(input[member] ?? "");
      const tags = { ...entity.tags, ...toTags(input.Tags) };
      checkTagCount(tags);
      await save({ ...entity, tags });
    },
  };
  const untag: Operation<Named & { TagKeys: string[] }> = {
    name: `Untag${kind}`,
    honoured: [member, "TagKeys"],
    async run(input) {
      const entity = get(input[member] ?? "");
      const keys = new Set(input.TagKeys.map((key) => key.toLowerCase()));
      const tags = Object.fromEntries(Object.entries(entity.tags).filter(([key]) => !keys.has(key.toLowerCase())));
      await save({ ...entity, tags });
    },
  };
  const list: Operation<Named & PageInput> = {
    name: `List${kind}Tags`,
    honoured: [member, "Marker", "MaxItems"],
    async run(input) {
      const [Tags, more] = takePage(fromTags(get(input[member] ?? "").tags), input);
      return { Tags, ...more };
    },
  };
  return [tag, untag, list] as readonly Operation[];
}
