import { relative } from "node:path";
import type { Simulator } from "@tripline/simulator";
import { parseArn } from "@tripline/kernel";
import pc from "picocolors";
import { formatTable } from "./table.ts";

/** What `start` prints once it is ready: functions, routes, triggers, watched folders, what is not simulated, and what to try. */
export function printOverview(simulator: Simulator, options: { readyMs: number; verbose: boolean }): void {
  const { plan, endpoint = "" } = simulator;
  const write = (text: string): void => {
    process.stdout.write(text);
  };
  write(`${pc.bold("Tripline")}  ${plan === undefined ? "" : display(plan.file)}\n`);
  section("Functions", ["name", "runtime", ""], functionRows(simulator));
  section("Routes", ["", "", "function"], routeRows(simulator, endpoint));
  section("Triggers", ["source", "", "target"], triggerRows(simulator));
  section(
    "Watched folders",
    ["folder", "bucket"],
    simulator.drops.map((drop) => [display(drop.folder), drop.bucket]),
  );
  if (plan !== undefined && plan.unsupported.length > 0) {
    write(`\n${pc.yellow("Not simulated")} ${pc.dim("(--strict makes these errors)")}\n`);
    for (const one of plan.unsupported) {
      write(
        `  ${display(plan.file)}:${one.line}  ${one.logicalId} ${one.type}${one.property === undefined ? "" : `.${one.property}`}: ${one.reason}\n`,
      );
    }
  }
  if (options.verbose && plan !== undefined && plan.withoutLocalEffect.length > 0) {
    write(`\n${pc.dim("Without effect here")}\n`);
    for (const one of plan.withoutLocalEffect)
      write(`  ${pc.dim(`${one.logicalId}.${one.property}: ${one.reason}`)}\n`);
  }
  const tries = suggestions(simulator, endpoint);
  if (tries.length > 0) {
    write(`\n${pc.bold("Try")}\n`);
    for (const one of tries) write(`  ${one}\n`);
  }
  write(`\n${pc.green(`Ready in ${Math.round(options.readyMs)} ms`)}  ${endpoint}  ${pc.dim("Ctrl-C stops")}\n`);
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  if (rows.length > 0)
    process.stdout.write(`\n${pc.bold(title)}\n${formatTable(head, rows).split("\n").slice(1).join("\n")}\n`);
}

function functionRows({ house }: Simulator): string[][] {
  return house.registry.list().map(({ functionName, runtime }) => {
    const described = house.execution.describeRuntime(runtime);
    const remark = described.supported ? pc.dim(described.notice ?? "") : pc.yellow(described.reason);
    return [functionName, runtime, remark];
  });
}

function routeRows({ house }: Simulator, endpoint: string): string[][] {
  const urls = house.functionUrls
    .list(endpoint)
    .map(({ url, address }) => [
      "ANY",
      address,
      `${url.functionName}${url.qualifier === undefined ? "" : `:${url.qualifier}`}`,
    ]);
  const routes = house.gateway.apis().flatMap((api) => {
    const base = house.gateway.url(api.id, endpoint).replace(/\/$/, "");
    return api.routes.map((route) => [
      route.method,
      `${base}${route.path === "$default" ? "/" : route.path}`,
      route.functionName ?? "",
    ]);
  });
  return [...routes, ...urls];
}

function triggerRows(simulator: Simulator): string[][] {
  const { house, clock } = simulator;
  const notifications = house.s3
    .buckets()
    .flatMap((bucket) =>
      bucket.notifications.map((one) => [
        `s3 ${bucket.name}`,
        [one.events.join(","), toKeyPattern(one.filter)].filter(Boolean).join(" "),
        targetName(one.targetArn),
      ]),
    );
  const mappings = house.dispatcher
    .mappings()
    .map((mapping) => [
      sourceName(mapping.eventSourceArn),
      mapping.state === "Enabled" ? "" : mapping.state,
      mapping.functionName,
    ]);
  const schedules = simulator.schedules().map((schedule) => {
    const next = schedule.state === "ENABLED" ? schedule.next(clock.now()) : undefined;
    const when = next === undefined ? schedule.state.toLowerCase() : `next ${new Date(next).toISOString()}`;
    return [
      `${schedule.kind} ${schedule.name}`,
      `${schedule.expression} ${pc.dim(when)}`,
      schedule.targetArns.map(targetName).join(", "),
    ];
  });
  return [...notifications, ...mappings, ...schedules];
}

/** `uploads/*.csv`; empty where every key matches. */
function toKeyPattern({ prefix, suffix }: { prefix: string; suffix: string }): string {
  return prefix === "" && suffix === "" ? "" : `${prefix}*${suffix}`;
}

function resourceOf(arn: string): string {
  return parseArn(arn)?.resource ?? arn;
}

/** `sqs Orders`, `kinesis Clicks`, `kinesis Clicks/consumer/Counter`, `dynamodb Orders`: the service of a mapping's source, and its name. */
function sourceName(arn: string): string {
  const { service = "", resource = arn } = parseArn(arn) ?? {};
  const name = resource
    .replace(/^stream\/|^table\//, "")
    .replace(/(\/consumer\/[^:]+):\d+$/, "$1")
    .replace(/\/stream\/.*$/, "");
  return `${service} ${name}`;
}

function targetName(arn: string): string {
  return resourceOf(arn).replace(/^function:/, "");
}

/** A path as the user would type it here. */
export function display(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" ? "." : short.startsWith("../../..") ? path : short;
}

/**
 * The commands that the template's author suggests: `Metadata: { Tripline: { Try: [...] } }`. `{api:X}`, `{drop:X}` (X: a bucket),
 * `{folder}`, `{endpoint}` and `{tripline}` stand for what they are here. One whose folder is not watched is left out.
 */
function suggestions(simulator: Simulator, endpoint: string): string[] {
  const metadata = simulator.plan?.metadata["Tripline"];
  const texts =
    typeof metadata === "object" && metadata !== null && "Try" in metadata && Array.isArray(metadata.Try)
      ? metadata.Try
      : [];
  return texts.flatMap((text) => {
    const filled = typeof text === "string" ? fill(text, simulator, endpoint) : undefined;
    return filled === undefined ? [] : [filled];
  });
}

function fill(text: string, simulator: Simulator, endpoint: string): string | undefined {
  const { house, plan, names } = simulator;
  let known = true;
  const filled = text.replace(/\{(endpoint|folder|tripline|api:\w+|drop:\w+)\}/g, (whole, key: string) => {
    const [kind, name = ""] = key.split(":");
    switch (kind) {
      case "endpoint":
        return endpoint;
      case "folder":
        return plan === undefined ? "." : display(plan.file.replace(/[\\/][^\\/]*$/, ""));
      case "tripline":
        return process.env["TRIPLINE_COMMAND"] ?? "tripline";
      case "api": {
        const api = house.gateway
          .apis()
          .find(
            (one) =>
              one.name === name ||
              plan?.resources.some((r) => r.logicalId === name && r.physicalId === one.id) === true,
          );
        known &&= api !== undefined;
        return api === undefined ? whole : house.gateway.url(api.id, endpoint).replace(/\/$/, "");
      }
      default: {
        const drop = simulator.drops.find((one) => one.bucket === bucketName(names, name));
        known &&= drop !== undefined;
        return drop === undefined ? whole : display(drop.folder);
      }
    }
  });
  return known ? filled : undefined;
}

function bucketName(names: Simulator["names"], name: string): string | undefined {
  try {
    return names.bucket(name);
  } catch {
    return undefined; // a suggestion about a bucket that is not there is left out
  }
}
