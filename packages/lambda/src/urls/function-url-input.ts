/** What the operations on function URLs read of their input, and how they show a configuration. */
import type { CallContext, FunctionUrlCors, Scope } from "@tripline/kernel";
import { parseFunctionReference, type FunctionReference } from "../function-reference.ts";
import type { FunctionRegistry } from "../function-registry.ts";
import { checkEnum, checkLength, checkPattern, constraintBroken } from "../member-constraints.ts";
import type { FunctionUrlConfig } from "./function-url-configs.ts";

/** Names a URL: a function, or one of its aliases. */
export interface FunctionUrlName {
  FunctionName: string;
  Qualifier?: string;
}

/** Input of CreateFunctionUrlConfig and UpdateFunctionUrlConfig. */
export interface FunctionUrlInput extends FunctionUrlName {
  AuthType?: "NONE" | "AWS_IAM";
  Cors?: FunctionUrlCors;
  InvokeMode?: "BUFFERED" | "RESPONSE_STREAM";
}

/** What all of them answer. */
export interface FunctionUrlOutput {
  FunctionUrl: string;
  FunctionArn: string;
  AuthType: string;
  Cors?: FunctionUrlCors;
  CreationTime: string;
  LastModifiedTime?: string;
  InvokeMode?: string;
}

/** Members that all of them honour. */
export const urlNameMembers: readonly string[] = ["FunctionName", "Qualifier"];

/** Only aliases have URLs of their own. */
export function parseUrlName(input: FunctionUrlName): FunctionReference {
  checkLength("qualifier", input.Qualifier, 128);
  if (input.Qualifier !== undefined && !/^(?!\d+$)[0-9a-zA-Z-_]+$/.test(input.Qualifier)) {
    const pattern = "((?!^\\d+$)^[0-9a-zA-Z-_]+$)";
    throw constraintBroken("qualifier", input.Qualifier, `satisfy regular expression pattern: ${pattern}`);
  }
  return parseFunctionReference(input.FunctionName, input.Qualifier);
}

/** Refuses values that the API's model does not allow. */
export function checkUrlInput({ AuthType, InvokeMode, Cors = {} }: FunctionUrlInput): void {
  checkEnum("authType", AuthType, ["NONE", "AWS_IAM"]);
  checkEnum("invokeMode", InvokeMode, ["RESPONSE_STREAM", "BUFFERED"]);
  checkList("allowHeaders", Cors.AllowHeaders, 100, 1024);
  checkList("allowOrigins", Cors.AllowOrigins, 100, 253);
  checkList("exposeHeaders", Cors.ExposeHeaders, 100, 1024);
  checkList("allowMethods", Cors.AllowMethods, 6, 6);
  const { MaxAge } = Cors;
  if (MaxAge === undefined) return;
  if (MaxAge < 0) throw constraintBroken("cors.maxAge", MaxAge, "have value greater than or equal to 0");
  if (MaxAge > 86_400) throw constraintBroken("cors.maxAge", MaxAge, "have value less than or equal to 86400");
}

function checkList(member: string, values: readonly string[] | undefined, countMax: number, lengthMax: number): void {
  if (values === undefined) return;
  if (values.length > countMax) {
    throw constraintBroken(`cors.${member}`, `[${values.join(", ")}]`, `have length less than or equal to ${countMax}`);
  }
  for (const value of values) {
    if (value.length <= lengthMax) continue;
    const rule = `satisfy constraint: [Member must have length less than or equal to ${lengthMax}, Member must have length greater than or equal to 1]`;
    throw constraintBroken(`cors.${member}`, `[${values.join(", ")}]`, rule);
  }
  if (member === "allowHeaders") for (const value of values) checkPattern("cors.allowHeaders", value, ".*");
}

/** `created`: as CreateFunctionUrlConfig answers. The mode is shown where it was set, and always by `get` and `list`. */
export function toUrlOutput(
  options: { registry: FunctionRegistry; scope: Scope },
  context: CallContext,
  config: FunctionUrlConfig,
  shown: "created" | "updated" | "read",
): FunctionUrlOutput {
  const { functionName, qualifier, urlId, authType, cors } = config;
  const arn = options.registry.toArn(functionName);
  const invokeMode = config.invokeMode ?? (shown === "read" ? "BUFFERED" : undefined);
  return {
    FunctionUrl: toUrl(options.scope, context.endpoint, urlId),
    FunctionArn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
    AuthType: authType,
    ...(cors === undefined ? {} : { Cors: cors }),
    CreationTime: new Date(config.createdAtMs).toISOString(),
    ...(shown === "created" ? {} : { LastModifiedTime: new Date(config.lastModifiedMs).toISOString() }),
    ...(invokeMode === undefined ? {} : { InvokeMode: invokeMode }),
  };
}

/** The address at which the URL is reached here: `http://<id>.lambda-url.us-east-1.localhost:4566/`. */
function toUrl({ region }: Scope, endpoint: string, urlId: string): string {
  const port = /:(\d+)$/.exec(endpoint)?.[1];
  return `http://${urlId}.lambda-url.${region}.localhost${port === undefined ? "" : `:${port}`}/`;
}
