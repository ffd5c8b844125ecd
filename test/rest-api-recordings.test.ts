/** What AWS answered to calls of the REST control plane, against what is answered here: fixtures/apigateway/README.md says how to read it. */
import { readFileSync } from "node:fs";
import * as apiGateway from "@aws-sdk/client-api-gateway";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

interface RecordedCall {
  operation: string;
  input: Record<string, unknown>;
  answer?: Record<string, unknown>;
  status?: number;
  error?: { name: string; message: string; status: number };
}

const cases = JSON.parse(
  readFileSync(new URL("../fixtures/apigateway/rest-api-calls.json", import.meta.url), "utf8"),
) as { case: string; calls: RecordedCall[] }[];

let simulator: Simulator;
let client: apiGateway.APIGatewayClient;
beforeAll(async () => {
  simulator = await createSimulator({ scope: { region: "us-east-1", accountId: "111111111111" } });
  client = new apiGateway.APIGatewayClient({
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  });
});
afterAll(async () => {
  await simulator.stop();
});

// Recordings began with no API.
beforeEach(async () => {
  const { items = [] } = await client.send(new apiGateway.GetRestApisCommand({}));
  for (const { id } of items) await client.send(new apiGateway.DeleteRestApiCommand({ restApiId: id }));
});

/** Sends a call, and gives its answer or its error as recordings have them. */
async function send({ operation, input }: RecordedCall): Promise<Record<string, unknown>> {
  const commands = apiGateway as unknown as Record<string, new (given: unknown) => apiGateway.GetAccountCommand>;
  const Command = commands[`${operation}Command`];
  if (Command === undefined) throw new Error(`no command ${operation}`);
  try {
    const { $metadata, ...answer } = await client.send(new Command(input));
    return { answer, status: $metadata.httpStatusCode };
  } catch (error) {
    if (!(error instanceof apiGateway.APIGatewayServiceException)) throw error;
    return { error: { name: error.name, message: error.message, status: error.$metadata.httpStatusCode } };
  }
}

/** Puts in what earlier calls answered, and bytes. */
function fill(value: unknown, answers: readonly unknown[]): unknown {
  if (typeof value === "string")
    return value.replaceAll(/\{\{(\d+):([\w.]+)\}\}/g, (_whole, index: string, path: string) =>
      String(
        path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], answers[Number(index)]),
      ),
    );
  if (Array.isArray(value)) return value.map((one) => fill(one, answers));
  if (typeof value !== "object" || value === null) return value;
  if ("$bytes" in value) return Buffer.from(fill(value.$bytes, answers) as string);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, answers)]));
}

/** `actual`, with what matches its recording in the recording's words: equal to it where all of it does. */
function inWordsOf(recorded: unknown, actual: unknown, bound: Map<string, string>): unknown {
  if (recorded === "datetime") return actual instanceof Date ? recorded : actual;
  if (typeof recorded === "string" && typeof actual === "string")
    return matches(recorded, actual, bound) ? recorded : actual;
  if (typeof recorded !== "object" || recorded === null) return actual;
  const given: unknown = typeof actual === "string" ? JSON.parse(actual) : actual;
  if (Array.isArray(recorded))
    return Array.isArray(given) ? given.map((one, index) => inWordsOf(recorded[index], one, bound)) : actual;
  if (typeof given !== "object" || given === null) return actual;
  const wanted = recorded as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(given).map(([key, one]) => {
      const name = key in wanted ? key : (Object.keys(wanted).find((other) => matches(other, key, bound)) ?? key);
      return [name, inWordsOf(wanted[name], one, bound)];
    }),
  );
}

const token = /(<[\w -]+(?::\d+)?>)/;

function matches(recorded: string, actual: string, bound: Map<string, string>): boolean {
  const names: string[] = [];
  const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const source = recorded.split(token).map((part) => {
    if (!token.test(part)) return escape(part);
    if (part === "<region>") return "us-east-1";
    const known = bound.get(part);
    if (known !== undefined) return escape(known);
    names.push(part);
    return "(.+?)";
  });
  const found = new RegExp(`^${source.join("")}$`, "s").exec(actual);
  for (const [index, name] of names.entries()) if (found !== null) bound.set(name, found[index + 1] ?? "");
  return found !== null;
}

it.each(cases.map((one) => [one.case, one.calls] as const))("%s", async (_name, calls) => {
  const answers: unknown[] = [];
  const bound = new Map<string, string>();
  for (const [index, recorded] of calls.entries()) {
    const call = { ...recorded, input: fill(recorded.input, answers) as Record<string, unknown> };
    const { operation, input: _input, ...wanted } = recorded;
    const got = await send(call);
    answers.push(got["answer"]);
    if (Object.keys(wanted).length > 0)
      expect([index, operation, inWordsOf(wanted, got, bound)]).toEqual([index, operation, wanted]);
  }
});
