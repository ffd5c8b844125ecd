/** Function URLs, as whoever serves them sees them. https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html */
import { createRng } from "../rng.ts";

/** Which pages of other origins may call a URL, and what they may read. */
export interface FunctionUrlCors {
  AllowCredentials?: boolean;
  AllowHeaders?: string[];
  AllowMethods?: string[];
  AllowOrigins?: string[];
  ExposeHeaders?: string[];
  /** Seconds. */
  MaxAge?: number;
}

/** One URL: of a function, or of an alias. */
export interface FunctionUrl {
  urlId: string;
  functionName: string;
  /** An alias. */
  qualifier?: string;
  /** `AWS_IAM`: only signed requests are let in. */
  authType: "NONE" | "AWS_IAM";
  invokeMode: "BUFFERED" | "RESPONSE_STREAM";
  cors?: FunctionUrlCors;
}

/** Finds function URLs. Synchronous: they are held in memory. */
export interface FunctionUrls {
  find(urlId: string): FunctionUrl | undefined;
  /** By function and alias. */
  list(): FunctionUrl[];
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/**
 * The id of a URL, 32 letters and digits. It is made of the ARN of the function (with the alias, if any), so that it is the same at
 * each start; AWS makes another one each time.
 */
export function toFunctionUrlId(functionArn: string): string {
  const rng = createRng(`function url of ${functionArn}`);
  return Array.from({ length: 32 }, () => letters.charAt(rng.below(letters.length))).join("");
}
