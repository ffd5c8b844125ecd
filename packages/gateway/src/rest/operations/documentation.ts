/** Documentation parts and versions: Create, Get, Update and Delete of both, ImportDocumentationParts. https://docs.aws.amazon.com/apigateway/latest/api/API_DocumentationPart.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, notFound } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import {
  type DocumentationLocation,
  type DocumentationPart,
  type DocumentationVersion,
  isSameLocation,
  toLocation,
} from "../definition/documentation.ts";
import type { RestApi } from "../definition/rest-api.ts";
import { parseDocument } from "../openapi/import-openapi.ts";
import { readDocumentation } from "../openapi/read-documentation.ts";
import { applyPatch, listedErrors, type PatchOperation, setMember } from "../patch/patch-operations.ts";
import { restApiOf } from "./find.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { restOperation } from "./rest-operation.ts";
import { saveStage, stageOf } from "./stages.ts";

interface PartInput {
  restApiId: string;
  documentationPartId: string;
}

interface VersionInput {
  restApiId: string;
  documentationVersion: string;
}

const partMembers = ["restApiId", "documentationPartId"];
const versionMembers = ["restApiId", "documentationVersion"];

/** The operations of documentation. `documentationPartId` of CreateDocumentationPart is for templates. */
export function documentationOperations(house: GatewayHouse): Operation[] {
  return [...partOperations(house), ...versionOperations(house)];
}

function partOperations(house: GatewayHouse): Operation[] {
  const { rest, rng } = house;
  return [
    restOperation<{
      restApiId: string;
      location: Record<string, unknown>;
      properties: string;
      documentationPartId?: string;
    }>(
      "CreateDocumentationPart",
      ["restApiId", "location", "properties", "documentationPartId"],
      async ({ restApiId, location: given, properties, documentationPartId }, context) => {
        const api = restApiOf(house, restApiId);
        if (documentationPartId !== undefined && context.upsert !== true)
          throw badRequest("documentationPartId cannot be chosen");
        const location = toLocation(given);
        if (typeof location === "string") throw badRequest(location);
        const part = { id: documentationPartId ?? newId(rng, 6), location, properties: checkProperties(properties) };
        for (const other of api.documentationParts.values())
          if (isSameLocation(other.location, location) && other.id !== part.id)
            throw conflict(`Documentation part already exists for the specified location: ${describe(location)}.`);
        await rest.put(api, "documentationParts", part.id, part);
        return part;
      },
    ),
    restOperation<PartInput>("GetDocumentationPart", partMembers, async (input) => partOf(house, input).part),
    restOperation<{ restApiId: string; type?: string; nameQuery?: string; path?: string } & PageInput>(
      "GetDocumentationParts",
      ["restApiId", "type", "nameQuery", "path", ...pageMembers],
      async ({ restApiId, type, nameQuery, path, ...which }) =>
        page(
          sortParts(restApiOf(house, restApiId).documentationParts.values()).filter(
            ({ location }) =>
              (type === undefined || location.type === type) &&
              (nameQuery === undefined || location.name?.startsWith(nameQuery) === true) &&
              (path === undefined || location.path === path),
          ),
          which,
        ),
      { locationStatus: "what has no documentation is not listed" },
    ),
    restOperation<PartInput & { patchOperations?: PatchOperation[] }>(
      "UpdateDocumentationPart",
      [...partMembers, "patchOperations"],
      async ({ patchOperations, ...input }) => {
        const { api, part } = partOf(house, input);
        const next = { ...part };
        const replace = ({ value = "" }: PatchOperation): void => {
          next.properties = checkProperties(value);
        };
        applyPatch(
          "updateDocumentationPartInput",
          patchOperations,
          [{ path: "/properties", ops: { replace } }],
          listedErrors,
        );
        await rest.put(api, "documentationParts", part.id, next);
        return next;
      },
    ),
    restOperation<PartInput>("DeleteDocumentationPart", partMembers, async (input) => {
      restApiOf(house, input.restApiId);
      const { api, part } = partOf(house, input);
      await rest.remove(api, "documentationParts", part.id);
      return {};
    }),
    restOperation<{ restApiId: string; mode?: string; failOnWarnings?: boolean; body: Uint8Array }>(
      "ImportDocumentationParts",
      ["restApiId", "mode", "failOnWarnings", "body"],
      async ({ restApiId, mode = "merge", failOnWarnings = false, body }) => {
        const document = parseDocument(body, house, "Unable to build importer with provided input.");
        const api = restApiOf(house, restApiId);
        const { parts, warnings } = readDocumentation(api, document, () => newId(rng, 6));
        if (failOnWarnings && warnings.length > 0) throw badRequest(warnings.join("\n"));
        if (mode === "overwrite") await rest.clear(api, ["documentationParts"]);
        for (const part of parts) await rest.put(api, "documentationParts", part.id, part);
        return { ids: parts.map((part) => part.id), ...(warnings.length === 0 ? {} : { warnings }) };
      },
    ),
  ];
}

function versionOperations(house: GatewayHouse): Operation[] {
  const { rest, clock } = house;
  return [
    restOperation<VersionInput & { stageName?: string; description?: string }>(
      "CreateDocumentationVersion",
      [...versionMembers, "stageName", "description"],
      async ({ restApiId, documentationVersion, stageName, description }, context) => {
        const api = restApiOf(house, restApiId);
        if (!/^[\w.-]{1,64}$/.test(documentationVersion)) throw badRequest("Invalid version specified");
        if (api.documentationVersions.has(documentationVersion) && context.upsert !== true)
          throw conflict("Documentation version already exists.");
        const stage = stageName === undefined ? undefined : stageOf(house, { restApiId, stageName }).stage;
        const version: DocumentationVersion = {
          version: documentationVersion,
          createdAtMs: clock.now(),
          parts: sortParts(api.documentationParts.values()),
        };
        setMember(version, "description", description);
        await rest.put(api, "documentationVersions", documentationVersion, version);
        if (stage !== undefined) await saveStage(house, api, { ...stage, documentationVersion });
        return toWireVersion(version);
      },
    ),
    restOperation<VersionInput>("GetDocumentationVersion", versionMembers, async (input) =>
      toWireVersion(versionOf(house, input).version),
    ),
    restOperation<{ restApiId: string } & PageInput>(
      "GetDocumentationVersions",
      ["restApiId", ...pageMembers],
      async ({ restApiId, ...which }) =>
        page([...restApiOf(house, restApiId).documentationVersions.values()].map(toWireVersion), which),
    ),
    restOperation<VersionInput & { patchOperations?: PatchOperation[] }>(
      "UpdateDocumentationVersion",
      [...versionMembers, "patchOperations"],
      async ({ patchOperations, ...input }) => {
        const { api, version } = versionOf(house, input);
        const next = { ...version };
        const replace = ({ value }: PatchOperation): void => {
          setMember(next, "description", value);
        };
        applyPatch(
          "updateDocumentationVersionInput",
          patchOperations,
          [{ path: "/description", ops: { replace } }],
          listedErrors,
        );
        await rest.put(api, "documentationVersions", version.version, next);
        return toWireVersion(next);
      },
    ),
    restOperation<VersionInput>("DeleteDocumentationVersion", versionMembers, async (input) => {
      const { api, version } = versionOf(house, input);
      for (const stage of api.stages.values())
        if (stage.documentationVersion === version.version)
          throw badRequest(`Cannot delete documentation version: the stage ${stage.stageName} has it`);
      await rest.remove(api, "documentationVersions", version.version);
      return {};
    }),
  ];
}

function partOf(
  { rest }: GatewayHouse,
  { restApiId, documentationPartId }: PartInput,
): { api: RestApi; part: DocumentationPart } {
  const api = rest.get(restApiId);
  const part = api?.documentationParts.get(documentationPartId);
  if (api === undefined || part === undefined) throw notFound("Invalid Documentation part identifier specified");
  return { api, part };
}

function versionOf(
  house: GatewayHouse,
  { restApiId, documentationVersion }: VersionInput,
): { api: RestApi; version: DocumentationVersion } {
  const api = restApiOf(house, restApiId);
  const version = api.documentationVersions.get(documentationVersion);
  if (version === undefined) throw notFound("Invalid Documentation version specified");
  return { api, version };
}

function checkProperties(text: string): string {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return text;
  } catch {
    // told below
  }
  throw badRequest("Documentation part properties must be a valid JSON object");
}

/** `type 'METHOD', path '/', method 'GET'` */
function describe(location: DocumentationLocation): string {
  return Object.entries(location)
    .map(([member, value]) => `${member} '${String(value)}'`)
    .join(", ");
}

function sortParts(parts: Iterable<DocumentationPart>): DocumentationPart[] {
  const key = ({ location: { type, path = "", method = "", statusCode = "", name = "" } }: DocumentationPart): string =>
    [type, path, method, statusCode, name].join("\n");
  return [...parts].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function toWireVersion({ version, createdAtMs, description }: DocumentationVersion): object {
  return {
    version,
    createdDate: new Date(createdAtMs),
    ...(description === undefined ? {} : { description }),
  };
}
