/** Nothing is accepted and ignored: every member of AWS's input is honoured or refused, and what is honoured is read. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CallContext } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { createSimulator } from "tripline";
import { expect, test } from "vitest";
import { createSupportMatrix, isHonouredByWire, loadModel, sampleInput } from "../packages/wire/src/index.ts";
import { recordedInput } from "./support/recorded-input.ts";

test("every member of every operation's input in AWS's models is honoured or refused with a reason", async () => {
  await using simulator = await createSimulator({ listen: false, isolation: "inline", seed: "support" });
  const matrix = await createSupportMatrix(simulator.house.services);
  const unaccounted = Object.entries(matrix).flatMap(([service, operations]) =>
    Object.entries(operations).flatMap(([name, support]) =>
      (support?.unaccounted ?? []).map((member) => `${service}.${name}: ${member}`),
    ),
  );
  expect(unaccounted).toEqual([]);
});

test("every operation that API Gateway v2 does not have is refused with a reason, and none that it has", async () => {
  await using simulator = await createSimulator({ listen: false, isolation: "inline", seed: "support" });
  const matrix = await createSupportMatrix(simulator.house.services);
  const lacking = Object.entries(matrix["apigatewayv2"] ?? {}).flatMap(([name, support]) =>
    support === undefined ? name : [],
  );
  const refused = await simulator.house.services.get("apigatewayv2")?.refusedOperations?.();
  expect([...(refused?.keys() ?? [])].toSorted()).toEqual(lacking.toSorted());
});

/**
 * Honoured though nothing reads them, as on AWS they change nothing either.
 */
const withoutEffect: ReadonlySet<string> = new Set([
  "events.DeleteRule: Force", // of rules that an AWS service manages: there are none
  "events.RemoveTargets: Force",
  "logs.DescribeLogGroups: includeLinkedAccounts", // there is one account
  "logs.FilterLogEvents: interleaved", // AWS takes it and does so always
  "logs.FilterLogEvents: unmask", // of data protection policies, which are refused: there is nothing to unmask
  "logs.GetLogEvents: unmask",
  "logs.ListLogGroups: includeLinkedAccounts",
  "logs.PutLogEvents: sequenceToken", // AWS takes any
]);

/** Members that stand for something that exists in the application below, whichever operation they are of. */
const account = "000000000000";
const sampleValues: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  lambda: {
    FunctionName: "TakeOrder",
    Role: `arn:aws:iam::${account}:role/reader`,
    EventSourceArn: `arn:aws:sqs:us-east-1:${account}:FailedOrders`,
    Qualifier: "$LATEST",
    InvocationType: "RequestResponse",
    Action: "lambda:InvokeFunction",
    Principal: "s3.amazonaws.com",
  },
  sqs: { QueueUrl: `http://127.0.0.1:4566/${account}/Orders`, QueueName: "Orders" },
  s3: {
    Bucket: "photos",
    Key: "a",
    ExpectedBucketOwner: account,
    Body: bytes("x"),
    PartNumber: 1,
    CopySource: "photos/a",
    MetadataDirective: "REPLACE",
  },
};

test("every member that an operation honours is read by it", async () => {
  await using simulator = await createSimulator({
    template: "fixtures/apps/shop",
    listen: false,
    isolation: "inline",
    clock: "virtual",
    seed: "support",
  });
  const { services } = simulator.house;
  const s3 = await services.get("s3")?.load();
  await s3?.get("CreateBucket")?.run({ Bucket: "photos" } as never, contextOf());
  await s3?.get("PutObject")?.run({ Bucket: "photos", Key: "a", Body: bytes("x") } as never, contextOf());
  const upload = (await s3
    ?.get("CreateMultipartUpload")
    ?.run({ Bucket: "photos", Key: "a" } as never, contextOf())) as {
    UploadId: string;
  };
  const uploadIds = { UploadId: upload.UploadId };
  const unread: string[] = [];
  for (const [id, service] of services) {
    const model = await loadModel(id);
    if (model === undefined) continue;
    const known = { ...sampleValues[id], ...(id === "s3" ? uploadIds : {}) };
    const loaded = await service.load();
    const sources = new OperationSources(id, Array.from(loaded.keys()));
    const operations = Array.from(loaded.values()).toSorted((a, b) => orderOf(a.name) - orderOf(b.name));
    for (const operation of operations) {
      const honoured = new Set(operation.honoured.map((path) => path.split(".")[0] ?? ""));
      const read = new Set<string>();
      const attempt = async (isWanted: (member: string) => boolean): Promise<void> => {
        const input = sampleInput(model, operation.name, known, isWanted);
        if (input === undefined) return;
        const recorded = recordedInput(input, (member) => read.add(member));
        const running = (async () => operation.run(recorded as never, contextOf()))();
        await Promise.race([running.catch(() => undefined), turns(50)]);
      };
      await attempt((member) => honoured.has(member));
      for (const member of honoured)
        if (!read.has(member)) await attempt((one) => one === member || (honoured.has(one) && one in known));
      for (const member of honoured) {
        const name = `${id}.${operation.name}: ${member}`;
        const isAccountedFor = isHonouredByWire(id, member) || withoutEffect.has(name);
        if (!read.has(member) && !isAccountedFor && !sources.read(member)) unread.push(name);
      }
    }
  }
  expect(unread).toEqual([]);
});

/**
 * What no sample reaches (a value that only another operation gives, a member that excludes another) is looked for in the source: it must
 * be taken from an object there. A name in a list or in a type is not enough.
 */
class OperationSources {
  readonly #text: string;

  constructor(service: string, operations: readonly string[]) {
    const names = new RegExp(`"(?:${operations.join("|")})",`);
    const folders = Array.from(moduleTexts())
      .filter(([, text]) => names.test(text))
      .map(([file]) => dirname(file).replace(/\/operations$/, ""));
    const own = Array.from(moduleTexts()).filter(([file]) => folders.some((folder) => file.startsWith(`${folder}/`)));
    this.#text = own.map(([, text]) => text).join("\n");
    if (this.#text === "") throw new Error(`No operations of ${service} were found.`);
  }

  read(member: string): boolean {
    return new RegExp(`\\.${member}\\b|\\["${member}"\\]|[{,]\\s*${member}\\s*[,}=:]`).test(this.#text);
  }
}

let found: Map<string, string> | undefined;

/** Texts of all modules that may read an input, by path below packages/. */
function moduleTexts(): Map<string, string> {
  const root = join(import.meta.dirname, "../packages");
  found ??= new Map(
    readdirSync(root, { withFileTypes: true })
      .filter((folder) => !/^(?:wire|templates)$/.test(folder.name))
      .flatMap(({ name }) =>
        readdirSync(join(root, name, "src"), { recursive: true, encoding: "utf8" }).map(
          (file) => `${name}/src/${file}`,
        ),
      )
      .filter((file) => /(?<!\.test)\.ts$/.test(file) && !file.includes("/testing/"))
      .map((file) => [file, readFileSync(join(root, file), "utf8")]),
  );
  return found;
}

function orderOf(name: string): number {
  if (/^(Create|Put|Set|Publish)/.test(name)) return 0;
  return /^(Delete|Remove|Untag|Purge)/.test(name) ? 2 : 1;
}

function contextOf(): CallContext {
  return {
    requestId: "r",
    endpoint: "http://127.0.0.1:4566",
    sourceIp: "127.0.0.1",
    signal: AbortSignal.abort(),
    headers: {},
  };
}

/** A body that may be read more than once. */
function bytes(text: string): AsyncIterable<Uint8Array> {
  return {
    async *[Symbol.asyncIterator]() {
      yield Buffer.from(text);
    },
  };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await realTime.turn();
}
