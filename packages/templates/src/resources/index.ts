import { gatewayResource, gatewayMethod } from "./api-gateway/gateway-resource.ts";
import { gatewayRestApi } from "./api-gateway/gateway-rest-api.ts";
import {
  gatewayAuthorizer,
  gatewayModel,
  gatewayRequestValidator,
  gatewayResponse,
} from "./api-gateway/gateway-settings.ts";
import { gatewayDocumentationPart, gatewayDocumentationVersion } from "./api-gateway/gateway-documentation.ts";
import { gatewayDeployment, gatewayStage } from "./api-gateway/gateway-stage.ts";
import { gatewayApiKey, gatewayUsagePlan, gatewayUsagePlanKey } from "./api-gateway/gateway-usage-plan.ts";
import { bucket } from "./bucket.ts";
import { bucketPolicy } from "./bucket-policy.ts";
import { eventInvokeConfig } from "./event-invoke-config.ts";
import { eventSourceMapping } from "./event-source-mapping.ts";
import { functionUrl } from "./function-url.ts";
import { httpApi } from "./http-api.ts";
import {
  gatewayV2Deployment,
  gatewayV2Integration,
  gatewayV2Route,
  gatewayV2Stage,
} from "./http-api-types/http-api-parts.ts";
import { gatewayV2Authorizer } from "./http-api-types/http-authorizer.ts";
import { gatewayV2Api } from "./http-api-types/http-api-resource.ts";
import { iamManagedPolicy } from "./iam-managed-policy.ts";
import { iamPolicy, iamRolePolicy } from "./iam-policy.ts";
import { iamRole } from "./iam-role.ts";
import { iamGroup, iamUser } from "./iam-user.ts";
import { lambdaLayerVersion, layerVersionPermission, serverlessLayerVersion } from "./layer-version.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { logGroup } from "./log-group.ts";
import { permission } from "./permission.ts";
import { queueInlinePolicy, queuePolicy } from "./queue-policy.ts";
import { queue } from "./queue.ts";
import { simpleTable, table } from "./table.ts";
import { stream, streamConsumer } from "./stream.ts";
import type { ResourceType } from "./resource-type.ts";
import { restApi } from "./rest-api.ts";
import { rule } from "./rule.ts";
import { schedule, scheduleGroup } from "./schedule.ts";
import { alias, version } from "./version.ts";
import { serverlessFunction } from "./serverless-function.ts";

/** Every resource type that is simulated, by its name. To add one, add its file here. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    serverlessFunction,
    httpApi,
    restApi,
    gatewayRestApi,
    gatewayResource,
    gatewayMethod,
    gatewayModel,
    gatewayRequestValidator,
    gatewayAuthorizer,
    gatewayResponse,
    gatewayDocumentationPart,
    gatewayDocumentationVersion,
    gatewayDeployment,
    gatewayStage,
    gatewayApiKey,
    gatewayUsagePlan,
    gatewayUsagePlanKey,
    gatewayV2Api,
    gatewayV2Authorizer,
    gatewayV2Integration,
    gatewayV2Route,
    gatewayV2Deployment,
    gatewayV2Stage,
    lambdaFunction,
    version,
    alias,
    serverlessLayerVersion,
    lambdaLayerVersion,
    layerVersionPermission,
    eventSourceMapping,
    eventInvokeConfig,
    permission,
    functionUrl,
    bucket,
    bucketPolicy,
    queue,
    logGroup,
    iamRole,
    iamManagedPolicy,
    iamPolicy,
    iamRolePolicy,
    iamUser,
    iamGroup,
    queuePolicy,
    queueInlinePolicy,
    stream,
    streamConsumer,
    table,
    simpleTable,
    rule,
    schedule,
    scheduleGroup,
  ].map((one) => [one.type, one]),
);
