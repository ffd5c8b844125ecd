/** GetSessionToken, GetFederationToken: temporary credentials of the caller's own. */
import type { Operation } from "@tripline/kernel";
import type { IdentityHouse } from "../house.ts";
import {
  checkDuration,
  checkSessionName,
  refuseSession,
  type SessionPolicyInput,
  toCredentials,
  toPackedSize,
  toSessionFacts,
  tokenSizeReason,
} from "./session-input.ts";

const secondsMax = 129_600;
const secondsDefault = 43_200;
/** The root user's sessions are an hour at most: longer ones are made that. */
const rootSecondsMax = 3600;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
export function getSessionTokenOperation({ sessions }: IdentityHouse): Operation<{ DurationSeconds?: number }> {
  return {
    name: "GetSessionToken",
    honoured: ["DurationSeconds"],
    refused: {
      SerialNumber: "there are no MFA devices here",
      TokenCode: "there are no MFA devices here",
      MinimumSessionTokenSize: tokenSizeReason,
    },
    async run({ DurationSeconds = secondsDefault }, context) {
      checkDuration(DurationSeconds, 900, secondsMax);
      const caller = sessions.callerOf(context);
      refuseSession(caller.isSession, "GetSessionToken");
      const seconds = caller.kind === "root" ? Math.min(DurationSeconds, rootSecondsMax) : DurationSeconds;
      return { Credentials: toCredentials(await sessions.issue({ ...caller, isSession: true }, seconds)) };
    },
  };
}

/** Input of GetFederationToken. */
export interface GetFederationTokenInput extends SessionPolicyInput {
  Name: string;
  DurationSeconds?: number;
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
export function getFederationTokenOperation({ scope, sessions }: IdentityHouse): Operation<GetFederationTokenInput> {
  return {
    name: "GetFederationToken",
    honoured: ["Name", "DurationSeconds", "Policy", "PolicyArns", "Tags"],
    refused: { MinimumSessionTokenSize: tokenSizeReason },
    async run(input, context) {
      const { Name, DurationSeconds = secondsDefault } = input;
      checkSessionName(Name, "name", 32);
      checkDuration(DurationSeconds, 900, secondsMax);
      const caller = sessions.callerOf(context);
      refuseSession(caller.isSession, "GetFederationToken");
      const facts = toSessionFacts(input);
      const federated = {
        kind: "federated-user" as const,
        arn: `arn:aws:sts::${scope.accountId}:federated-user/${Name}`,
        userId: `${scope.accountId}:${Name}`,
        isSession: true,
      };
      const seconds = caller.kind === "root" ? Math.min(DurationSeconds, rootSecondsMax) : DurationSeconds;
      const session = await sessions.issue(federated, seconds, facts);
      return {
        Credentials: toCredentials(session),
        FederatedUser: { FederatedUserId: federated.userId, Arn: federated.arn },
        ...toPackedSize(facts),
      };
    },
  };
}
