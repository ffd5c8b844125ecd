/** Who else may use a layer version: kept and shown. There is one account here, which may always. */
import type { Operation } from "@tripline/kernel";
import { resourceConflict, resourceNotFound, revisionMismatch } from "../errors.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { parseLayerName } from "../layers/layer-name.ts";
import { type LayerPolicy, type LayerStatement, type LayerVersion, layerVersionArn } from "../layers/layer-version.ts";
import { matching } from "../members/constraints.ts";

interface LayerVersionInput {
  LayerName: string;
  VersionNumber: number;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html */
export function addLayerVersionPermissionOperation(house: LambdaHouse): Operation<
  LayerVersionInput & {
    StatementId: string;
    Action: string;
    Principal: string;
    OrganizationId?: string;
    RevisionId?: string;
  }
> {
  return {
    name: "AddLayerVersionPermission",
    honoured: ["LayerName", "VersionNumber", "StatementId", "Action", "Principal", "OrganizationId", "RevisionId"],
    async run(input, context) {
      matching("action", input.Action, "lambda:GetLayerVersion");
      matching("principal", input.Principal, String.raw`\d{12}|\*|arn:(aws[a-zA-Z-]*):iam::\d{12}:root`);
      const layer = requireLayer(house, input);
      const others = (layer.policy?.statements ?? []).filter((one) => one.Sid !== input.StatementId);
      const isTaken = others.length !== (layer.policy?.statements.length ?? 0);
      if (isTaken && context.upsert !== true) {
        throw resourceConflict(
          `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        );
      }
      requireRevision(input.RevisionId, layer);
      const statement: LayerStatement = {
        Sid: input.StatementId,
        Effect: "Allow",
        Principal: toPrincipal(input.Principal),
        Action: input.Action,
        Resource: layerVersionArn(layer),
        ...(input.OrganizationId === undefined
          ? {}
          : { Condition: { StringEquals: { "aws:PrincipalOrgID": input.OrganizationId } } }),
      };
      const revisionId = house.rng.uuid();
      await house.layers.save({ ...layer, policy: { revisionId, statements: [...others, statement] } });
      return { Statement: JSON.stringify(statement), RevisionId: revisionId };
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersionPolicy.html */
export function getLayerVersionPolicyOperation(house: LambdaHouse): Operation<LayerVersionInput> {
  return {
    name: "GetLayerVersionPolicy",
    honoured: ["LayerName", "VersionNumber"],
    async run(input) {
      const { statements, revisionId } = requirePolicy(requireLayer(house, input));
      return {
        Policy: JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements }),
        RevisionId: revisionId,
      };
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_RemoveLayerVersionPermission.html */
export function removeLayerVersionPermissionOperation(
  house: LambdaHouse,
): Operation<LayerVersionInput & { StatementId: string; RevisionId?: string }> {
  return {
    name: "RemoveLayerVersionPermission",
    honoured: ["LayerName", "VersionNumber", "StatementId", "RevisionId"],
    async run(input) {
      const layer = requireLayer(house, input);
      const { statements } = requirePolicy(layer);
      const others = statements.filter((one) => one.Sid !== input.StatementId);
      if (others.length === statements.length) {
        throw resourceNotFound(`Statement ${input.StatementId} is not found in resource policy.`);
      }
      requireRevision(input.RevisionId, layer);
      const { policy: _before, ...rest } = layer;
      const policy: LayerPolicy = { revisionId: house.rng.uuid(), statements: others };
      await house.layers.save(others.length === 0 ? rest : { ...rest, policy });
      return {};
    },
  };
}

function requireLayer({ layers }: LambdaHouse, input: LayerVersionInput): LayerVersion {
  const layerName = parseLayerName(input.LayerName);
  const layer = layers.get(layerName, input.VersionNumber);
  if (layer !== undefined) return layer;
  const arn = layerVersionArn({ layerArn: layers.toArn(layerName), version: input.VersionNumber });
  throw resourceNotFound(`Layer version ${arn} does not exist.`);
}

function requirePolicy({ policy }: LayerVersion): LayerPolicy {
  if (policy === undefined) throw resourceNotFound("No policy is associated with the given resource.");
  return policy;
}

function requireRevision(given: string | undefined, { policy }: LayerVersion): void {
  if (given !== undefined && given !== policy?.revisionId) throw revisionMismatch("GetLayerPolicy");
}

/** An account is its root. */
function toPrincipal(principal: string): unknown {
  if (principal === "*") return "*";
  return { AWS: principal.startsWith("arn:") ? principal : `arn:aws:iam::${principal}:root` };
}
