/** GetCallerIdentity, GetAccessKeyInfo. */
import type { Operation } from "@tripline/kernel";
import { invalidValue } from "../errors.ts";
import type { IdentityHouse } from "../house.ts";
import { accountOfAccessKey } from "../access-key-id.ts";

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export function getCallerIdentityOperation({ scope, sessions }: IdentityHouse): Operation<object> {
  return {
    name: "GetCallerIdentity",
    honoured: [],
    async run(_input, context) {
      const { arn, userId } = sessions.callerOf(context);
      return { UserId: userId, Account: scope.accountId, Arn: arn };
    },
  };
}

/** A key that tells of no account is of this one. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html */
export function getAccessKeyInfoOperation({ scope, sessions }: IdentityHouse): Operation<{ AccessKeyId: string }> {
  return {
    name: "GetAccessKeyInfo",
    honoured: ["AccessKeyId"],
    async run({ AccessKeyId }, context) {
      sessions.callerOf(context);
      if (AccessKeyId.length < 16) {
        throw invalidValue(AccessKeyId, "accessKeyId", "Member must have length greater than or equal to 16");
      }
      if (!/^\w+$/.test(AccessKeyId) || AccessKeyId.length > 128) {
        throw invalidValue(AccessKeyId, "accessKeyId", "Member must satisfy regular expression pattern: [\\w]*");
      }
      return { Account: accountOfAccessKey(AccessKeyId) ?? scope.accountId };
    },
  };
}
