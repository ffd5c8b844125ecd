import { appendFileSync } from "node:fs";

const record = (lines) => {
  if (lines.length > 0) appendFileSync(process.env.RECORD_FILE, `${lines.join("\n")}\n`);
};

export async function worker(event) {
  record(event.Records.map((message) => `message ${message.body}`));
}

export async function listener(event) {
  record(
    event.Records
      ? event.Records.map((one) => `${one.eventName} ${decodeURIComponent(one.s3.object.key.replace(/\+/g, " "))}`)
      : [`event ${event.number}`],
  );
}

export async function broken() {
  throw new TypeError("broken on purpose");
}
