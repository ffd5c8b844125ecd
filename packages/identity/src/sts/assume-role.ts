import type { Operation } from "@tripline/kernel";
import { accessDenied, invalidValue, validationError } from "../errors.ts";
import type { IdentityHouse } from "../house.ts";
import {
  checkDuration,
  checkSessionName,
  type SessionPolicyInput,
  toCredentials,
  toPackedSize,
  toSessionFacts,
  tokenSizeReason,
} from "./session-input.ts";

/** Input of AssumeRole. */
export interface AssumeRoleInput extends SessionPolicyInput {
  RoleArn: string;
  RoleSessionName: string;
  DurationSeconds?: number;
  TransitiveTagKeys?: string[];
  ExternalId?: string;
  SourceIdentity?: string;
}

const secondsDefault = 3600;
const chainedSecondsMax = 3600;

/**
 * The role must exist. Its trust policy is not evaluated yet: every caller may assume it, also the root user, which AWS refuses.
 * Session policies, tags and the external id are kept with the session.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumeRoleOperation({ entities, sessions }: IdentityHouse): Operation<AssumeRoleInput> {
  return {
    name: "AssumeRole",
    honoured: [
      "RoleArn",
      "RoleSessionName",
      "DurationSeconds",
      "Policy",
      "PolicyArns",
      "Tags",
      "TransitiveTagKeys",
      "ExternalId",
      "SourceIdentity",
    ],
    refused: {
      SerialNumber: "there are no MFA devices here",
      TokenCode: "there are no MFA devices here",
      ProvidedContexts: "there is no IAM Identity Center here",
      MinimumSessionTokenSize: tokenSizeReason,
    },
    async run(input, context) {
      const { RoleArn, RoleSessionName, SourceIdentity, TransitiveTagKeys, ExternalId } = input;
      if (RoleArn.length < 20) {
        throw invalidValue(RoleArn, "roleArn", "Member must have length greater than or equal to 20");
      }
      checkSessionName(RoleSessionName, "roleSessionName", 64);
      if (SourceIdentity !== undefined) checkSessionName(SourceIdentity, "sourceIdentity", 64);
      const seconds = checkDuration(input.DurationSeconds ?? secondsDefault, 900, 43_200);
      const caller = sessions.callerOf(context);
      const name = /^arn:aws:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(RoleArn)?.[1];
      if (name === undefined) throw validationError(`${RoleArn} is invalid`);
      const role = entities.roles.find(name);
      if (role === undefined || entities.toArn("Role", role) !== RoleArn) {
        throw accessDenied(`User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`);
      }
      if (caller.kind === "assumed-role" && seconds > chainedSecondsMax) {
        throw validationError(
          "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        );
      }
      if (seconds > role.maxSessionSeconds) {
        throw validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
      }
      const facts = {
        ...toSessionFacts(input),
        ...(SourceIdentity === undefined ? {} : { sourceIdentity: SourceIdentity }),
        ...(TransitiveTagKeys === undefined ? {} : { transitiveTagKeys: TransitiveTagKeys }),
        ...(ExternalId === undefined ? {} : { externalId: ExternalId }),
      };
      const session = await sessions.issue(sessions.toAssumedRole(RoleArn, RoleSessionName), seconds, facts);
      return {
        Credentials: toCredentials(session),
        AssumedRoleUser: { AssumedRoleId: session.caller.userId, Arn: session.caller.arn },
        ...toPackedSize(facts),
        ...(SourceIdentity === undefined ? {} : { SourceIdentity }),
      };
    },
  };
}
