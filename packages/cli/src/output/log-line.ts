import type { LogLine } from "@tripline/kernel";
import pc from "picocolors";

const palette = [pc.cyan, pc.magenta, pc.yellow, pc.green, pc.blue];

/** A line of a function's log for people: the function's name in its own colour, platform lines dimmed. */
export function formatLogLine(line: LogLine): string {
  const colour = palette[hash(line.functionName) % palette.length] ?? pc.cyan;
  const message = line.message.trimEnd();
  return `${colour(line.functionName)} ${pc.dim("|")} ${line.origin === "platform" ? pc.dim(message) : message}\n`;
}

function hash(text: string): number {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}
