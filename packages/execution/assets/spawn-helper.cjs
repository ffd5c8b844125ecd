"use strict";
/**
 * The small process that starts every execution environment's process, and buries them.
 *
 * H1. Commands come as JSON lines on standard input, events go as JSON lines to standard output.
 * H2. A process is the leader of its own group; its output goes straight to the manager through a Unix socket, never through here.
 * H3. When standard input closes, for whatever reason, every process tree is killed (frozen ones too) and the folder is removed.
 * H4. What a process leaves behind when it ends (children in its group, or anywhere with its TMPDIR) is killed with it, before its
 *     end is told. A process that booted ahead gets the TMPDIR of its children when it is claimed.
 *
 * Arguments: the manager's output socket, the folder of all environments.
 */
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const net = require("node:net");

const [, , outputSocket, folder] = process.argv;
const onLinux = process.platform === "linux";
const onWindows = process.platform === "win32";
/** id -> { child, temporaryFolder } */
const running = new Map();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
process.stdout.on("error", end);

let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop();
  for (const line of lines) command(JSON.parse(line));
});
process.stdin.on("end", end);
process.stdin.on("close", end);
process.stdin.on("error", end);

function command(request) {
  if (request.op === "spawn") start(request);
  else if (request.op === "kill") kill(request.id);
  else if (request.op === "claim") {
    const entry = running.get(request.id);
    if (entry !== undefined) entry.temporaryFolder = request.temporaryFolder;
  }
}

function tell(event) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function start({ id, file, args, env, cwd }) {
  const entry = { child: undefined, temporaryFolder: env.TMPDIR, cancelled: false };
  running.set(id, entry);
  const output = net.connect(outputSocket);
  output.on("error", (error) => {
    if (entry.child !== undefined) return;
    running.delete(id);
    tell({ id, error: error.message });
  });
  output.on("connect", () => {
    output.write(`${id}\n`, () => {
      if (entry.cancelled) {
        output.destroy();
        return;
      }
      let child;
      try {
        child = spawn(file, args, {
          env,
          cwd,
          detached: !onWindows,
          windowsHide: true,
          stdio: ["ignore", output, output],
        });
      } catch (error) {
        running.delete(id);
        output.destroy();
        tell({ id, error: error.message });
        return;
      }
      output.destroy(); // The child has its own copy (H2).
      child.on("error", (error) => {
        if (child.pid !== undefined) return;
        running.delete(id);
        tell({ id, error: error.message });
      });
      if (child.pid === undefined) return;
      entry.child = child;
      tell({ id, pid: child.pid });
      child.on("exit", (code, signal) => {
        running.delete(id);
        signalGroup(child.pid); // H4
        sweep((temporaryFolder) => temporaryFolder === entry.temporaryFolder);
        tell({ id, code, signal });
      });
    });
  });
}

function kill(id) {
  const entry = running.get(id);
  if (entry === undefined) return;
  if (entry.child === undefined) {
    entry.cancelled = true;
    running.delete(id);
    tell({ id, code: null, signal: "SIGKILL" });
    return;
  }
  killTree(entry.child.pid);
}

function killTree(pid) {
  if (onWindows) {
    spawn("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore", windowsHide: true }).on("error", () => {});
    return;
  }
  const tree = descendants(pid);
  signalGroup(pid);
  for (const descendant of tree) killProcess(descendant);
}

function signalGroup(pid) {
  if (!onWindows) killProcess(-pid);
}

function killProcess(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH" && error.code !== "EPERM") throw error;
  }
}

/** Process ids below `pid`, as far as the system tells. */
function descendants(pid) {
  if (!onLinux) return [];
  const found = [];
  const visit = (parent) => {
    for (const thread of list(`/proc/${parent}/task`)) {
      for (const child of read(`/proc/${parent}/task/${thread}/children`).split(" ")) {
        if (child.trim() === "") continue;
        found.push(Number(child));
        visit(child.trim());
      }
    }
  };
  visit(pid);
  return found;
}

/** Kills every process whose TMPDIR `belongs`: those that left their group and their parents. Until none is left. */
function sweep(belongs) {
  if (!onLinux) return;
  for (let round = 0; round < 5; round++) {
    let found = 0;
    for (const name of list("/proc")) {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
      const environment = read(`/proc/${name}/environ`);
      const at = environment.startsWith("TMPDIR=") ? 0 : environment.indexOf("\0TMPDIR=") + 1;
      if (at === 0 && !environment.startsWith("TMPDIR=")) continue;
      const value = environment.slice(at + 7, environment.indexOf("\0", at));
      if (!belongs(value) || / Z /.test(read(`/proc/${name}/stat`).slice(-400))) continue;
      found++;
      killProcess(Number(name));
    }
    if (found === 0) return;
  }
}

function list(path) {
  try {
    return fs.readdirSync(path);
  } catch {
    return []; // The process is gone.
  }
}

function read(path) {
  try {
    return fs.readFileSync(path, "latin1");
  } catch {
    return ""; // The process is gone, or is another user's.
  }
}

let ending = false;
function end() {
  if (ending) return;
  ending = true; // H3
  for (const { child } of running.values()) if (child !== undefined) killTree(child.pid);
  sweep((temporaryFolder) => temporaryFolder.startsWith(folder));
  try {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } finally {
    process.exit(0);
  }
}
