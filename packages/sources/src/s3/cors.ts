/**
 * A bucket's CORS rules, and what they tell a browser. https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 *
 * R1. The first rule that fits origin, method and (in a preflight) every header decides.
 * R2. An origin or header of a rule may hold one `*`. A rule for `*` is answered with `*`, any other with the caller's origin and with
 *     credentials allowed.
 */
import { type CrossOriginRequest, ServiceError } from "@tripline/kernel";
import type { Bucket } from "./bucket-registry.ts";
import { invalidRequest, malformedXml } from "./errors.ts";
import { s3Limits } from "./limits.ts";

/** A rule as the API has it. */
export interface CorsRule {
  ID?: string;
  AllowedHeaders?: string[];
  AllowedMethods?: string[];
  AllowedOrigins?: string[];
  ExposeHeaders?: string[];
  MaxAgeSeconds?: number;
}

const methods: ReadonlySet<string> = new Set(["GET", "PUT", "HEAD", "POST", "DELETE"]);

/** Checks rules. Throws `MalformedXML`, `InvalidRequest`. */
export function parseCors(rules: readonly CorsRule[] | undefined): CorsRule[] {
  if (rules === undefined || rules.length === 0) throw malformedXml();
  if (rules.length > s3Limits.corsRulesMax)
    throw invalidRequest("The number of CORS rules should not exceed allowed limit of 100 rules.");
  for (const rule of rules) {
    if ((rule.AllowedMethods ?? []).length === 0 || (rule.AllowedOrigins ?? []).length === 0) throw malformedXml();
    for (const method of rule.AllowedMethods ?? []) {
      if (!methods.has(method))
        throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`);
    }
    checkWildcards("AllowedOrigin", rule.AllowedOrigins);
    checkWildcards("AllowedHeader", rule.AllowedHeaders);
    for (const header of rule.ExposeHeaders ?? []) {
      if (header.includes("*"))
        throw invalidRequest(
          `ExposeHeader "${header}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
        );
    }
  }
  return rules.map((rule) => ({ ...rule }));
}

function checkWildcards(name: string, patterns: readonly string[] = []): void {
  for (const pattern of patterns) {
    if (pattern.split("*").length > 2)
      throw invalidRequest(`${name} "${pattern}" can not have more than one wildcard.`);
  }
}

/** The rules of `bucket`; none where it has none, or there is no such bucket. */
export function corsRules(bucket: Bucket | undefined): readonly CorsRule[] {
  const kept = bucket?.configurations?.["Cors"] as { CORSRules: CorsRule[] } | null | undefined;
  return kept?.CORSRules ?? [];
}

/** R1, R2. Throws `AccessForbidden` for a preflight that no rule fits. */
export function answerCrossOrigin(rules: readonly CorsRule[], request: CrossOriginRequest): string[] {
  const { origin, method, requestHeaders } = request;
  for (const rule of rules) {
    const allowed = rule.AllowedOrigins?.find((pattern) => matches(pattern, origin));
    if (allowed === undefined || rule.AllowedMethods?.includes(method) !== true) continue;
    const headers = requestHeaders ?? [];
    if (!headers.every((header) => rule.AllowedHeaders?.some((one) => matches(one.toLowerCase(), header)) === true))
      continue;
    const answer = [
      "access-control-allow-origin",
      allowed === "*" ? "*" : origin,
      "access-control-allow-methods",
      (rule.AllowedMethods ?? []).join(", "),
      "vary",
      "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    ];
    if (allowed !== "*") answer.push("access-control-allow-credentials", "true");
    if (headers.length > 0) answer.push("access-control-allow-headers", headers.join(", "));
    if ((rule.ExposeHeaders ?? []).length > 0)
      answer.push("access-control-expose-headers", (rule.ExposeHeaders ?? []).join(", "));
    if (rule.MaxAgeSeconds !== undefined) answer.push("access-control-max-age", String(rule.MaxAgeSeconds));
    return answer;
  }
  if (requestHeaders === undefined) return [];
  throw new ServiceError(
    "AccessForbidden",
    rules.length === 0
      ? "CORSResponse: CORS is not enabled for this bucket."
      : "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    { status: 403, members: { Method: method, ResourceType: "BUCKET" } },
  );
}

function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf("*");
  if (star === -1) return pattern === text;
  const start = pattern.slice(0, star);
  const end = pattern.slice(star + 1);
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}
