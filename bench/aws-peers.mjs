// dynalite and kinesalite, emulators of DynamoDB and Kinesis, installed into the machine's temporary folder at the first bench that needs them.
import { startPeer } from "./endpoint-peers.mjs";

/** DynamoDB, its items in memory or (`disk`) in LevelDB. */
export const startDynalite = (kind) =>
  startPeer("dynalite", "4.0.0", "cli.js", (port, folder) => {
    const args = ["--host", "127.0.0.1", "--port", String(port), "--createTableMs", "0"];
    return kind === "disk" ? [...args, "--path", folder] : args;
  });

/** Kinesis, its records in memory. */
export const startKinesalite = () =>
  startPeer("kinesalite", "3.3.3", "cli.js", (port) => {
    return ["--port", String(port), "--createStreamMs", "0", "--shardLimit", "100"];
  });
