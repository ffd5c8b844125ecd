/** CreateAccessKey, ListAccessKeys, UpdateAccessKey, DeleteAccessKey. Without a user name they are about the calling user. */
import type { CallContext, Operation } from "@tripline/kernel";
import type { AccessKey, User } from "../entities.ts";
import { invalidValue, limitExceeded, noSuchEntity, validationError } from "../errors.ts";
import type { IdentityHouse } from "../house.ts";
import { type PageInput, takePage } from "../input-checks.ts";
import { limits } from "../limits.ts";
import { toAccessKeyId, toSecretAccessKey } from "../access-key-id.ts";

/** The operations on access keys. */
export function accessKeyOperations({ clock, entities, rng, scope, sessions }: IdentityHouse): readonly Operation[] {
  const { users } = entities;
  const userOf = (name: string | undefined, context: CallContext): User => {
    const userName = name ?? sessions.callerOf(context).userName;
    if (userName === undefined) {
      throw validationError("Must specify userName when calling with non-User credentials");
    }
    return users.get(userName);
  };
  const keyOf = (user: User, id: string): AccessKey => {
    const key = user.accessKeys.find((one) => one.id === id);
    if (key === undefined) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
    return key;
  };
  const show = (user: User, { id, status, createdMs }: AccessKey): object => ({
    UserName: user.name,
    AccessKeyId: id,
    Status: status,
    CreateDate: new Date(createdMs),
  });
  const createAccessKey: Operation<{ UserName?: string }> = {
    name: "CreateAccessKey",
    honoured: ["UserName"],
    async run({ UserName }, context) {
      const user = userOf(UserName, context);
      if (user.accessKeys.length >= limits.accessKeysPerUserMax) {
        throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${limits.accessKeysPerUserMax}`);
      }
      const key: AccessKey = {
        id: toAccessKeyId("AKIA", scope.accountId, rng),
        secret: toSecretAccessKey(rng),
        status: "Active",
        createdMs: clock.now(),
      };
      await users.save({ ...user, accessKeys: [...user.accessKeys, key] });
      return { AccessKey: { ...show(user, key), SecretAccessKey: key.secret } };
    },
  };
  const listAccessKeys: Operation<PageInput & { UserName?: string }> = {
    name: "ListAccessKeys",
    honoured: ["UserName", "Marker", "MaxItems"],
    async run({ UserName, ...page }, context) {
      const user = userOf(UserName, context);
      const [items, more] = takePage(user.accessKeys, page);
      return { AccessKeyMetadata: items.map((key) => show(user, key)), ...more };
    },
  };
  const updateAccessKey: Operation<{ UserName?: string; AccessKeyId: string; Status: string }> = {
    name: "UpdateAccessKey",
    honoured: ["UserName", "AccessKeyId", "Status"],
    async run({ UserName, AccessKeyId, Status }, context) {
      const user = userOf(UserName, context);
      keyOf(user, AccessKeyId);
      if (Status !== "Active" && Status !== "Inactive") {
        throw invalidValue(Status, "status", "Member must satisfy enum value set: [Active, Inactive]");
      }
      const accessKeys = user.accessKeys.map((key): AccessKey =>
        key.id === AccessKeyId ? { ...key, status: Status } : key,
      );
      await users.save({ ...user, accessKeys });
    },
  };
  const deleteAccessKey: Operation<{ UserName?: string; AccessKeyId: string }> = {
    name: "DeleteAccessKey",
    honoured: ["UserName", "AccessKeyId"],
    async run({ UserName, AccessKeyId }, context) {
      const user = userOf(UserName, context);
      const gone = keyOf(user, AccessKeyId);
      await users.save({ ...user, accessKeys: user.accessKeys.filter((key) => key !== gone) });
    },
  };
  return [createAccessKey, listAccessKeys, updateAccessKey, deleteAccessKey];
}
