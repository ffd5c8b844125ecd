/** The application of docs/guides/from-sam-local.md, as the page has it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root, runTripline, temporaryFolder } from "./support/tripline-process.ts";

const page = readFileSync(join(root, "docs/guides/from-sam-local.md"), "utf8");
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? "";

it("the application of the guide: its routes are printed as the page has them, and answer", async () => {
  const { folder, remove } = temporaryFolder();
  mkdirSync(join(folder, "hello-world"));
  mkdirSync(join(folder, "events"));
  writeFileSync(join(folder, "template.yaml"), block("yaml").replaceAll("nodejs22.x", "nodejs20.x"));
  writeFileSync(join(folder, "hello-world/app.mjs"), block("js"));
  writeFileSync(join(folder, "events/event.json"), block("json"));
  const args = ["start", "--ephemeral", "--port", "0", "--parameter", "Greeting=hi"];
  const child = spawn(process.execPath, [join(root, "packages/cli/bin/tripline.mjs"), ...args], { cwd: folder });
  const ended = once(child, "exit");
  try {
    const printed = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stdout.on("data", (piece: Buffer) => {
        text += piece.toString();
        if (text.includes("Ctrl-C stops")) resolve(text);
      });
      child.on("exit", () => {
        reject(new Error(`tripline ended: ${text}`));
      });
    });
    const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? "";
    const routes = (text: string): string[] =>
      Array.from(text.matchAll(/(?:GET|POST) +(\S+\/_api\/\S+)/g), ([, url = ""]) => url);
    const promised = routes(page).map((url) => url.replace("http://127.0.0.1:4566", endpoint));
    expect([promised.length, routes(printed)]).toEqual([2, promised]);

    const [echo = "", hello = ""] = promised;
    const answer = await fetch(hello);
    expect([answer.status, await answer.json()]).toEqual([200, { message: "hi", path: "/hello" }]);
    const echoed = await fetch(echo, { method: "POST", body: "abc" });
    expect([echoed.status, await echoed.text()]).toEqual([200, "abc"]);
    expect((await fetch(`${hello}/nope`)).headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
    const missing = await fetch(`${echo}/nope`);
    expect([missing.status, await missing.text()]).toEqual([404, '{"message":"Not Found"}']);

    const invoked = await runTripline(["invoke", "HelloWorldFunction", "--event", "events/event.json"], {
      cwd: folder,
    });
    expect(invoked.stdout).toContain(String.raw`{\"message\":\"hi\",\"path\":\"/from-a-file\"}`);
  } finally {
    child.kill("SIGINT");
    await ended;
    remove();
  }
});
