/**
 * How many invocations may run at once. https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 *
 * C1. A function with reserved concurrency runs at most that many, all versions together; 0 never runs.
 * C2. All other functions share what the account has left after every reservation.
 */
import { ServiceError } from "@tripline/kernel";

/** Leases: taken before an invocation, given back after it. */
export class ConcurrencyLeases {
  readonly #accountMax: number;
  readonly #running = new Map<string, number>();
  readonly #reserved = new Map<string, number>();
  #reservedSum = 0;
  #unreservedRunning = 0;

  constructor(accountMax: number) {
    this.#accountMax = accountMax;
  }

  /** Takes a lease or throws `TooManyRequestsException`; the result gives it back. */
  take(functionName: string, reservedConcurrency: number | undefined): () => void {
    this.#learn(functionName, reservedConcurrency);
    const running = this.#running.get(functionName) ?? 0;
    if (reservedConcurrency !== undefined) {
      if (running >= reservedConcurrency) throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded"); // C1
    } else if (this.#unreservedRunning >= this.#accountMax - this.#reservedSum) {
      throw throttled("ConcurrentInvocationLimitExceeded"); // C2
    } else this.#unreservedRunning++;
    this.#running.set(functionName, running + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#running.get(functionName) ?? 1) - 1;
      if (left === 0) this.#running.delete(functionName);
      else this.#running.set(functionName, left);
      if (reservedConcurrency === undefined) this.#unreservedRunning--;
    };
  }

  #learn(functionName: string, reservedConcurrency: number | undefined): void {
    const before = this.#reserved.get(functionName);
    if (before === reservedConcurrency) return;
    this.#reservedSum += (reservedConcurrency ?? 0) - (before ?? 0);
    if (reservedConcurrency === undefined) this.#reserved.delete(functionName);
    else this.#reserved.set(functionName, reservedConcurrency);
  }
}

function throttled(reason: string): ServiceError {
  return new ServiceError("TooManyRequestsException", "Rate Exceeded.", {
    status: 429,
    members: { Reason: reason, Type: "User" },
  });
}
