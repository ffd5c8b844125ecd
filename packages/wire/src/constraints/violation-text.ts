/** Members and values in AWS's validation messages, which are written by Java. */
import type { PathStep } from "../codec/required-members.ts";

/** `FileSystemConfigs.1.Arn` is `fileSystemConfigs.1.member.arn`. */
export function toMemberPath(path: readonly PathStep[]): string {
  return path
    .map((step) => (typeof step === "number" ? `${step}.member` : step.charAt(0).toLowerCase() + step.slice(1)))
    .join(".");
}

/** `[a, b]`, `{k=v}`, `2.0` where `isDecimal`. */
export function toValueText(value: unknown, isDecimal = false): string {
  if (typeof value === "number") return isDecimal && Number.isInteger(value) ? value.toFixed(1) : String(value);
  if (value instanceof Uint8Array) {
    const { byteLength } = value;
    return `java.nio.HeapByteBuffer[pos=0 lim=${byteLength} cap=${byteLength}]`;
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map((one) => toValueText(one, isDecimal)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, one]) => `${key}=${toValueText(one, isDecimal)}`);
    return `{${entries.join(", ")}}`;
  }
  return String(value);
}
