import type { Operation } from "@tripline/kernel";
import type { GatewayHouse } from "../../house.ts";
import { Turns } from "../../turns.ts";
import { accountOperations } from "./account.ts";
import { apiKeyOperations } from "./api-keys.ts";
import { authorizerOperations } from "./authorizers.ts";
import { deploymentOperations } from "./deployments.ts";
import { documentationOperations } from "./documentation.ts";
import { gatewayResponseOperations } from "./gateway-responses.ts";
import { integrationResponseOperations } from "./integration-responses.ts";
import { integrationOperations } from "./integrations.ts";
import { methodResponseOperations } from "./method-responses.ts";
import { methodOperations } from "./methods.ts";
import { modelOperations } from "./models.ts";
import { openApiOperations } from "./openapi.ts";
import { requestValidatorOperations } from "./request-validators.ts";
import { resourceOperations } from "./resources.ts";
import { restApiOperations } from "./rest-apis.ts";
import { stageOperations } from "./stages.ts";
import { testInvokeOperations } from "./test-invoke.ts";
import { usagePlanKeyOperations } from "./usage-plan-keys.ts";
import { usagePlanOperations } from "./usage-plans.ts";

/** Every operation of API Gateway v1 that we have. What changes something is done one after the other: clients send changes of one API at once. */
export function createRestApiOperations(house: GatewayHouse): Operation[] {
  const turns = new Turns();
  const operations = [
    restApiOperations,
    resourceOperations,
    methodOperations,
    methodResponseOperations,
    integrationOperations,
    integrationResponseOperations,
    modelOperations,
    requestValidatorOperations,
    gatewayResponseOperations,
    authorizerOperations,
    deploymentOperations,
    documentationOperations,
    stageOperations,
    apiKeyOperations,
    usagePlanOperations,
    usagePlanKeyOperations,
    accountOperations,
    testInvokeOperations,
    openApiOperations,
  ].flatMap((make) => make(house));
  return operations.map((operation) =>
    changing.test(operation.name)
      ? { ...operation, run: (input, context) => turns.take(() => operation.run(input, context)) }
      : operation,
  );
}

const changing = /^(?:Create|Put|Update|Delete|Import|Tag|Untag)/;
