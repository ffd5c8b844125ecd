/** ImportRestApi, PutRestApi, GetExport. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html */
import type { Operation } from "@tripline/kernel";
import { stringify } from "yaml";
import { badRequest, notSimulated } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import { toBasePathMode } from "../../openapi/base-path.ts";
import type { RestApiSettings } from "../definition/rest-api.ts";
import { applyDocument, parseDocument, readDocument, toDocumentSettings } from "../openapi/import-openapi.ts";
import type { ImportOptions } from "../openapi/read-document.ts";
import { emptyApi } from "../definition/rest-api-store.ts";
import { toOpenApi } from "../openapi/export-openapi.ts";
import { restApiOf } from "./find.ts";
import { restOperation } from "./rest-operation.ts";
import { toWireRestApi } from "./rest-apis.ts";
import { stageOf } from "./stages.ts";

interface ImportInput {
  body: Uint8Array;
  failOnWarnings?: boolean;
  parameters?: Record<string, string>;
}

/** The operations of OpenAPI documents. `restApiId` of ImportRestApi is for templates. */
export function openApiOperations(house: GatewayHouse): Operation[] {
  const { rest, rng, clock } = house;
  return [
    restOperation<ImportInput & { restApiId?: string }>(
      "ImportRestApi",
      ["body", "failOnWarnings", "parameters", "restApiId"],
      async ({ body, failOnWarnings = false, parameters = {}, restApiId }, context) => {
        if (restApiId !== undefined && context.upsert !== true) throw badRequest("restApiId cannot be chosen");
        const document = parseDocument(body, house);
        const id = restApiId ?? newId(rng, 10);
        const known = rest.get(id);
        const base: RestApiSettings = {
          id,
          name: "",
          createdAtMs: known?.settings.createdAtMs ?? clock.now(),
          rootResourceId: restApiId === undefined ? newId(rng, 10) : `${id}0`,
          apiKeySource: "HEADER",
          endpointType: endpointTypeOf(parameters) ?? "EDGE",
          ipAddressType: "ipv4",
          binaryMediaTypes: [],
          disableExecuteApiEndpoint: false,
          tags: known?.settings.tags ?? {},
        };
        const settings = { ...base, ...toDocumentSettings(document) };
        const options = toOptions(parameters, "overwrite", failOnWarnings);
        const parts = readDocument(house, known ?? emptyApi(settings), document, options);
        const api = await rest.putSettings(settings);
        await applyDocument(house, api, parts, "overwrite");
        const { warnings } = parts;
        return { ...toWireRestApi(settings, false), ...(warnings.length === 0 ? {} : { warnings }) };
      },
    ),
    restOperation<ImportInput & { restApiId: string; mode?: string }>(
      "PutRestApi",
      ["restApiId", "mode", "failOnWarnings", "parameters", "body"],
      async ({ restApiId, mode = "merge", failOnWarnings = false, parameters = {}, body }, context) => {
        const document = parseDocument(body, house);
        const api = restApiOf(house, restApiId);
        if (mode !== "merge" && mode !== "overwrite")
          throw badRequest(`Invalid mode specified: ${mode}. Must be one of: [merge, overwrite]`);
        const given = toDocumentSettings(document);
        const binaryMediaTypes = given.binaryMediaTypes ?? [];
        const merged =
          mode === "merge"
            ? [
                ...api.settings.binaryMediaTypes,
                ...binaryMediaTypes.filter((one) => !api.settings.binaryMediaTypes.includes(one)),
              ]
            : binaryMediaTypes;
        const settings = {
          ...api.settings,
          ...given,
          endpointType: endpointTypeOf(parameters) ?? given.endpointType ?? api.settings.endpointType,
          binaryMediaTypes: merged,
        };
        const parts = readDocument(house, api, document, toOptions(parameters, mode, failOnWarnings));
        await applyDocument(house, api, parts, mode);
        await rest.putSettings(settings);
        const { warnings } = parts;
        // Nobody reads what a template's calls answer.
        if (context.upsert === true)
          for (const message of warnings)
            house.restServing.bus.emit("notice", { level: "warning", subject: settings.name, message: `${message}.` });
        return { ...toWireRestApi(settings, true), ...(warnings.length === 0 ? {} : { warnings }) };
      },
    ),
    restOperation<{
      restApiId: string;
      stageName: string;
      exportType: string;
      parameters?: Record<string, string>;
      accepts?: string;
    }>(
      "GetExport",
      ["restApiId", "stageName", "exportType", "parameters", "accepts"],
      async ({ restApiId, stageName, exportType, parameters = {}, accepts = "application/json" }) => {
        const { api, stage } = stageOf(house, { restApiId, stageName });
        if (exportType !== "swagger" && exportType !== "oas30")
          throw badRequest(`No API exporter for type '${exportType}'`);
        const definition = api.deployments.get(stage.deploymentId)?.definition;
        if (definition === undefined) throw badRequest("The stage has no deployment");
        const isYaml = accepts.includes("yaml");
        const document = toOpenApi(definition, {
          type: exportType,
          extensions: new Set((parameters["extensions"] ?? "").split(",").map((one) => one.trim())),
          stageName,
          documentation: api.documentationVersions.get(stage.documentationVersion ?? ""),
          host: `${restApiId}.execute-api.${house.scope.region}.amazonaws.com`,
        });
        const text = isYaml ? stringify(document) : JSON.stringify(document, undefined, 2);
        return {
          contentType: isYaml ? "application/yaml" : "application/json",
          contentDisposition: `attachment; filename="${exportType}_${new Date(house.clock.now()).toISOString().replaceAll(":", "-")}.${isYaml ? "yaml" : "json"}"`,
          body: Buffer.from(text),
        };
      },
    ),
  ];
}

function toOptions(
  parameters: Readonly<Record<string, string>>,
  mode: ImportOptions["mode"],
  failOnWarnings: boolean,
): ImportOptions {
  const basePath = toBasePathMode(parameters["basepath"] ?? parameters["basePath"]);
  for (const name of Object.keys(parameters))
    if (!["basepath", "basePath", "ignore", "endpointConfigurationTypes"].includes(name))
      throw notSimulated(`the import parameter ${name}`);
  return { mode, basePath, failOnWarnings, ignoresDocumentation: parameters["ignore"] === "documentation" };
}

function endpointTypeOf(parameters: Readonly<Record<string, string>>): RestApiSettings["endpointType"] | undefined {
  const type = parameters["endpointConfigurationTypes"];
  if (type === undefined || type === "EDGE" || type === "REGIONAL" || type === "PRIVATE") return type;
  throw badRequest("Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE");
}
