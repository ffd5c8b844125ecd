/** ImportApi, ReimportApi, ExportApi. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-exports-specification.html */
import type { CallContext, Operation } from "@tripline/kernel";
import { stringify } from "yaml";
import { badRequest } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import { toBasePathMode } from "../../openapi/base-path.ts";
import { type HttpApi, httpApiOfSnapshot } from "../http-api.ts";
import { createDraftApi } from "../openapi/draft-api.ts";
import { exportDocument } from "../openapi/export-document.ts";
import { importDocument, parseHttpDocument } from "../openapi/import-document.ts";
import { checkCors } from "./check-cors.ts";
import { httpApiOf } from "./http-api-of.ts";
import { saveHttpApi } from "./save-http-api.ts";
import { stageOf } from "./stages.ts";
import { toWireApi } from "./to-wire-api.ts";

interface ImportInput {
  Basepath?: string;
  Body: string;
  FailOnWarnings?: boolean;
}

interface ExportInput {
  ApiId: string;
  ExportVersion?: string;
  IncludeExtensions?: boolean;
  OutputType: string;
  Specification: string;
  StageName?: string;
}

/** The operations of OpenAPI documents. */
export function createOpenApiOperations(house: GatewayHouse): Operation[] {
  const save = async (api: HttpApi, { Body, Basepath, FailOnWarnings = false }: ImportInput, context: CallContext) => {
    const options = { basePath: toBasePathMode(Basepath), failOnWarnings: FailOnWarnings };
    const imported = await importDocument(house, api, parseHttpDocument(Body, house), options, context);
    checkCors(imported.cors);
    await saveHttpApi(house, imported);
    // Nobody reads what a template's calls answer.
    if (context.upsert === true)
      for (const message of imported.warnings ?? [])
        house.restServing.bus.emit("notice", { level: "warning", subject: imported.name, message });
    return toWireApi(httpApiOf(house, api.id), context.endpoint);
  };
  const create: Operation<ImportInput, object> = {
    name: "ImportApi",
    honoured: ["Basepath", "Body", "FailOnWarnings"],
    run(input, context) {
      const blank: HttpApi = {
        id: newId(house.rng, 10),
        name: "",
        type: "HTTP",
        createdAtMs: house.clock.now(),
        tags: {},
        integrations: {},
        routes: {},
        authorizers: {},
        stages: {},
        deployments: {},
      };
      return save(blank, input, context);
    },
  };
  const replace: Operation<ImportInput & { ApiId: string }, object> = {
    name: "ReimportApi",
    honoured: ["ApiId", "Basepath", "Body", "FailOnWarnings"],
    run: async (input, context) => save(httpApiOf(house, input.ApiId), input, context),
  };
  const read: Operation<ExportInput, object> = {
    name: "ExportApi",
    honoured: ["ApiId", "ExportVersion", "IncludeExtensions", "OutputType", "Specification", "StageName"],
    async run(
      { ApiId, ExportVersion = "1.0", IncludeExtensions = true, OutputType, Specification, StageName },
      context,
    ) {
      const api = httpApiOf(house, ApiId);
      if (Specification !== "OAS30") throw badRequest(`Invalid specification: ${Specification}. OAS30 is supported`);
      if (OutputType !== "JSON" && OutputType !== "YAML")
        throw badRequest(`Invalid outputType: ${OutputType}. JSON and YAML are supported`);
      if (ExportVersion !== "1.0") throw badRequest(`Invalid exportVersion: ${ExportVersion}. 1.0 is supported`);
      const exported = StageName === undefined ? api : httpApiOfSnapshot(api, stageOf(api, StageName));
      const document = await exportDocument(await createDraftApi(house, exported, context), {
        withExtensions: IncludeExtensions,
        stageName: StageName,
        host: `${ApiId}.execute-api.${house.scope.region}.amazonaws.com`,
      });
      return {
        body: Buffer.from(OutputType === "YAML" ? stringify(document) : JSON.stringify(document, undefined, 2)),
      };
    },
  };
  return [create, replace, read];
}
