/**
 * The X-Ray header that a function sees of an invocation: `Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=0`.
 * What came with the request is kept, and what it lacks is added. Nothing is sampled: there is no X-Ray.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
import type { Rng } from "@tripline/kernel";

/** `given`: the header of the request, if it had one. */
export function toTraceHeader(given: string | undefined, nowMs: number, rng: Rng): string {
  if (given === undefined || !given.includes("Root=")) {
    const seconds = Math.floor(nowMs / 1000)
      .toString(16)
      .padStart(8, "0");
    return `Root=1-${seconds}-${rng.hex(12)};Parent=${rng.hex(8)};Sampled=0`;
  }
  const parent = given.includes("Parent=") ? "" : `;Parent=${rng.hex(8)}`;
  return `${given}${parent}${given.includes("Sampled=") ? "" : ";Sampled=0"}`;
}
