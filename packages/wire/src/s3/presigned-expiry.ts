/**
 * Whether a presigned URL may still be used, by the simulated clock. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *
 * A URL that was signed in the future of that clock is taken: the one who signed it has a clock of his own.
 */
import { ServiceError } from "@tripline/kernel";

const weekSeconds = 604_800;

/** Throws AccessDenied (403) for a URL that has expired, AuthorizationQueryParametersError (400) for one that lasts too long. */
export function checkPresignedExpiry(query: string, nowMs: number): void {
  if (!query.includes("Expires=")) return;
  const parameters = new URLSearchParams(query);
  if (parameters.has("X-Amz-Signature")) checkVersion4(parameters, nowMs);
  else if (parameters.has("Signature") && parameters.has("AWSAccessKeyId")) checkVersion2(parameters, nowMs);
}

function checkVersion4(parameters: URLSearchParams, nowMs: number): void {
  const lasts = parameters.get("X-Amz-Expires") ?? "";
  const seconds = Number(lasts);
  if (lasts === "" || !Number.isInteger(seconds)) throw malformed("X-Amz-Expires should be a number");
  if (seconds < 0) throw malformed("X-Amz-Expires must be non-negative");
  if (seconds > weekSeconds) {
    throw malformed(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    );
  }
  const date = parameters.get("X-Amz-Date") ?? "";
  const signed = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (signed === null) throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const [, year, month, day, hours, minutes, secondsOf] = signed.map(Number);
  const signedMs = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hours, minutes, secondsOf);
  const endsMs = signedMs + seconds * 1000;
  if (nowMs > endsMs) throw expired(endsMs, nowMs, { "X-Amz-Expires": lasts });
}

/** The older form names its end in seconds since 1970. */
function checkVersion2(parameters: URLSearchParams, nowMs: number): void {
  const ends = Number(parameters.get("Expires"));
  if (!Number.isFinite(ends)) {
    throw new ServiceError(
      "AccessDenied",
      `Invalid date (should be seconds since epoch): ${parameters.get("Expires") ?? ""}`,
      {
        status: 403,
      },
    );
  }
  if (nowMs > ends * 1000) throw expired(ends * 1000, nowMs, {});
}

function expired(endsMs: number, nowMs: number, members: Readonly<Record<string, string>>): ServiceError {
  const text = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
  return new ServiceError("AccessDenied", "Request has expired", {
    status: 403,
    members: { ...members, Expires: text(endsMs), ServerTime: text(nowMs) },
  });
}

function malformed(message: string): ServiceError {
  return new ServiceError("AuthorizationQueryParametersError", message);
}
