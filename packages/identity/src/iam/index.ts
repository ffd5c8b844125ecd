import type { Operation } from "@tripline/kernel";
import type { IdentityHouse } from "../house.ts";
import { accessKeyOperations } from "./access-keys.ts";
import { attachedPolicyOperations } from "./attached-policies.ts";
import { tagOperations } from "./entity-tags.ts";
import { groupOperations } from "./groups.ts";
import { inlinePolicyOperations } from "./inline-policies.ts";
import { createPolicyOperation, managedPolicyOperations } from "./managed-policies.ts";
import { permissionsBoundaryOperations } from "./permissions-boundaries.ts";
import { policyVersionOperations } from "./policy-versions.ts";
import { createRoleOperation, roleOperations } from "./roles.ts";
import { userOperations } from "./users.ts";

/** Every operation of IAM that is simulated. */
export function createIamOperations(house: IdentityHouse): readonly Operation[] {
  const kinds = ["Role", "User", "Group"] as const;
  return [
    createRoleOperation(house),
    ...roleOperations(house),
    ...userOperations(house),
    ...groupOperations(house),
    ...accessKeyOperations(house),
    createPolicyOperation(house),
    ...managedPolicyOperations(house),
    ...policyVersionOperations(house),
    ...kinds.flatMap((kind) => inlinePolicyOperations(house, kind)),
    ...kinds.flatMap((kind) => attachedPolicyOperations(house, kind)),
    ...permissionsBoundaryOperations(house),
    ...tagOperations(house),
  ];
}
