import type { Operation } from "@tripline/kernel";
import type { IdentityHouse } from "../house.ts";
import { assumeRoleOperation } from "./assume-role.ts";
import { getAccessKeyInfoOperation, getCallerIdentityOperation } from "./get-caller-identity.ts";
import { getFederationTokenOperation, getSessionTokenOperation } from "./own-sessions.ts";

/** Every operation of STS that is simulated. */
export function createStsOperations(house: IdentityHouse): readonly Operation[] {
  return [
    assumeRoleOperation(house),
    getCallerIdentityOperation(house),
    getAccessKeyInfoOperation(house),
    getSessionTokenOperation(house),
    getFederationTokenOperation(house),
  ];
}
