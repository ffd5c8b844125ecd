// dynalite and kinesalite, emulators of DynamoDB and Kinesis, installed into the machine's temporary folder at the first bench that needs them.
import { startPeer } from "./endpoint-peers.mjs";

/** DynamoDB, its items in memory or (`disk`) in LevelDB. */
export const startDynalite = (kind) =>
  startPeer("dynalite", "4.0.0", "cli.js", (port, folder) => [
    ...["--host", "127.0.0.1", "--port", String(port), "--createTableMs", "0"],
    ...(kind === "disk" ? ["--path", folder] : []),
  ]);

/** Kinesis, its records in memory. */
export const startKinesalite = () =>
  startPeer("kinesalite", "3.3.3", "cli.js", (port) => [
    ...["--port", String(port), "--createStreamMs", "0", "--shardLimit", "100"],
  ]);
