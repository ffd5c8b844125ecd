// Writes src/generated/<service>.js and .d.ts: the schemas of every operation and error that the official clients export, and nothing
// else of those clients (no classes, no code), with the constraints beside them (constraints.json, which extract-constraints.py writes). Runs on import; does nothing when the clients and this file are as they were.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Static schemas begin with one of these. */
const operationKind = 9;
const errorKind = -3;

/** Service (its id in src/model/models.ts) -> the client that has its schemas. */
const clients = {
  apigateway: "@aws-sdk/client-api-gateway",
  apigatewayv2: "@aws-sdk/client-apigatewayv2",
  dynamodb: "@aws-sdk/client-dynamodb",
  dynamodbstreams: "@aws-sdk/client-dynamodb-streams",
  events: "@aws-sdk/client-eventbridge",
  iam: "@aws-sdk/client-iam",
  kinesis: "@aws-sdk/client-kinesis",
  lambda: "@aws-sdk/client-lambda",
  logs: "@aws-sdk/client-cloudwatch-logs",
  s3: "@aws-sdk/client-s3",
  scheduler: "@aws-sdk/client-scheduler",
  sqs: "@aws-sdk/client-sqs",
  sts: "@aws-sdk/client-sts",
};

const here = fileURLToPath(import.meta.url);
const folder = join(dirname(here), "../src/generated");
const require = createRequire(here);
const constraintsFile = join(dirname(here), "constraints.json");
const constraints = JSON.parse(readFileSync(constraintsFile, "utf8"));
const generator = createHash("sha256")
  .update(readFileSync(here))
  .update(readFileSync(constraintsFile))
  .digest("hex")
  .slice(0, 12);

mkdirSync(folder, { recursive: true });
for (const [service, client] of Object.entries(clients)) {
  const { version } = JSON.parse(readFileSync(require.resolve(`${client}/package.json`), "utf8"));
  const stamp = `// Generated from ${client} ${version} by generate-models.mjs ${generator}. Do not edit.\n`;
  const file = join(folder, `${service}.js`);
  const isFresh =
    existsSync(`${file.slice(0, -3)}.d.ts`) && existsSync(file) && readFileSync(file, "utf8").startsWith(stamp);
  if (isFresh) continue;
  const table = `export const constraints=${JSON.stringify(constraints[service])};\n`;
  write(file, stamp + toModule(Object.values(require(client))) + table);
  write(
    `${file.slice(0, -3)}.d.ts`,
    `${stamp}export declare const operations: readonly unknown[];\nexport declare const errors: readonly unknown[];\nexport declare const constraints: unknown;\n`,
  );
}

/** Two builds at once must not see half a file. */
function write(file, text) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

/** The module's text: one variable a schema, in the clients' own static form (see StaticSchema in @smithy/types). */
function toModule(exported) {
  const names = new Map();
  const texts = [];
  const nameOf = (schema) => {
    const known = names.get(schema);
    if (known !== undefined) return known;
    const name = `v${names.size}`;
    names.set(schema, name);
    const index = texts.push("") - 1;
    texts[index] = `const ${name}=[${schema.map(print).join(",")}];`;
    return name;
  };
  const isSchema = (value) =>
    Array.isArray(value) && value.length >= 5 && typeof value[0] === "number" && typeof value[2] === "string";
  const print = (value) => {
    if (typeof value === "function") {
      const meant = value();
      return isSchema(meant) ? `()=>${nameOf(meant)}` : print(meant);
    }
    if (isSchema(value)) return `()=>${nameOf(value)}`; // always by function: it may stand further down
    if (Array.isArray(value)) return `[${value.map(print).join(",")}]`;
    return JSON.stringify(value);
  };
  const list = (kind) =>
    exported
      .filter((value) => isSchema(value) && value[0] === kind)
      .map(nameOf)
      .join(",");
  const operations = list(operationKind);
  const errors = list(errorKind);
  if (operations === "") throw new Error("The client exports no schemas of operations: its form has changed.");
  return `${texts.join("\n")}\nexport const operations=[${operations}];\nexport const errors=[${errors}];\n`;
}
