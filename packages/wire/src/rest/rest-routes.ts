/**
 * Which operation a REST request asks for. https://smithy.io/2.0/spec/http-bindings.html#http-trait
 *
 * R1. Method, path, the query parameters that stand in the operation's URI, and the query parameters and headers that it requires must
 *     all be there. Of several that fit, the one that asks for most wins; then the one whose name comes first.
 * R2. `x-id` names the operation, where a client sends it.
 * R3. S3: the bucket is not part of the path here, whatever it was addressed by; keys are taken as they stand, slashes and all.
 */
import { ServiceError } from "@tripline/kernel";
import type { OperationModel, ServiceModel } from "../model/service-model.ts";

/** What is looked at. */
export interface RestAddress {
  method: string;
  /** Not decoded; for S3 without the bucket. */
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  /** S3's bucket; undefined for other services, and for S3's account-level operations. */
  bucket: string | undefined;
}

/** An operation and the labels in its path, decoded. */
export interface RestMatch {
  operation: OperationModel;
  labels: Readonly<Record<string, string>>;
  /** Names of the query parameters in the operation's URI. */
  literals: ReadonlySet<string>;
}

type Segment = { literal: string } | { label: string; isGreedy: boolean };

interface Route {
  operation: OperationModel;
  segments: readonly Segment[];
  literals: readonly (readonly [name: string, value: string])[];
  literalNames: ReadonlySet<string>;
  requiredQuery: readonly string[];
  requiredHeaders: readonly string[];
  needsBucket: boolean;
  weight: number;
}

/** Finds operations of one model. */
export type RestRouter = (address: RestAddress) => RestMatch | undefined;

/** The router of `model`'s operations. */
export function createRestRouter(model: ServiceModel): RestRouter {
  const byMethod = new Map<string, Route[]>();
  for (const operation of model.operations.values()) {
    if (operation.http === undefined) continue;
    const routes = byMethod.get(operation.http.method) ?? [];
    routes.push(toRoute(operation, operation.http.uri));
    byMethod.set(operation.http.method, routes);
  }
  for (const routes of byMethod.values()) {
    routes.sort((a, b) => b.weight - a.weight || (a.operation.name < b.operation.name ? -1 : 1));
  }
  const isS3 = model.id === "s3";
  return (address) => {
    const parts = address.path.split("/").slice(1);
    if (!isS3 && parts.length > 1 && parts.at(-1) === "") parts.pop(); // `/functions/` is `/functions`
    for (const route of byMethod.get(address.method) ?? []) {
      if (isS3 && route.needsBucket !== (address.bucket !== undefined)) continue;
      if (!asksFor(route, address)) continue;
      const labels = matchPath(route.segments, parts);
      if (labels !== undefined) return { operation: route.operation, labels, literals: route.literalNames };
    }
    return undefined;
  };
}

function toRoute(operation: OperationModel, uri: string): Route {
  const [path = "", search = ""] = uri.split("?");
  const segments = path
    .split("/")
    .slice(1)
    .map((part): Segment => {
      const label = /^\{([^}+]+)(\+?)\}$/.exec(part);
      return label === null ? { literal: part } : { label: label[1] ?? "", isGreedy: label[2] === "+" };
    });
  const literals = [...new URLSearchParams(search)];
  const required = operation.input?.members.filter((member) => member.isRequired) ?? [];
  const requiredQuery = required.flatMap(({ http }) => (http.in === "query" ? [http.name] : []));
  const requiredHeaders = required.flatMap(({ http }) => (http.in === "header" ? [http.name] : []));
  const literalPath = segments.filter((segment) => "literal" in segment && segment.literal !== "").length;
  const greedy = segments.some((segment) => "label" in segment && segment.isGreedy);
  const asked = literals.filter(([name]) => name !== "x-id").length + requiredQuery.length + requiredHeaders.length;
  return {
    operation,
    segments,
    literals,
    literalNames: new Set(literals.map(([name]) => name)),
    requiredQuery,
    requiredHeaders,
    needsBucket: required.some((member) => member.name === "Bucket"),
    weight: literalPath * 100 + asked * 2 - (greedy ? 1 : 0),
  };
}

function asksFor(route: Route, { query, headers }: RestAddress): boolean {
  for (const [name, value] of route.literals) {
    const given = query.get(name);
    if (name === "x-id" ? given !== null && given !== value : given === null || (value !== "" && given !== value))
      return false; // R2
  }
  return (
    route.requiredQuery.every((name) => query.has(name)) &&
    route.requiredHeaders.every((name) => headers[name] !== undefined)
  );
}

function matchPath(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if ("literal" in segment) {
      if (segment.literal !== part) return undefined;
    } else if (segment.isGreedy) {
      const rest = parts.slice(index).join("/");
      if (rest === "") return undefined;
      labels[segment.label] = decodeUri(rest);
      return labels;
    } else {
      if (part === "") return undefined;
      labels[segment.label] = decodeUri(part);
    }
  }
  return parts.length === segments.length ? labels : undefined;
}

/** Throws InvalidURI (400) for what is no percent-encoded UTF-8. */
export function decodeUri(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ServiceError("InvalidURI", "Couldn't parse the specified URI."); // AWS says no more than that
  }
}
