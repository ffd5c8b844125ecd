/**
 * How many invocations may run at once. https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 *
 * C1. A function with reserved concurrency runs at most that many, all versions together; 0 never runs.
 * C2. All other functions share what the account has left after every reservation.
 * C3. A version that is provisioned has that many for itself, which neither it nor others have on demand. What exceeds them is on demand.
 */
import { ServiceError } from "@tripline/kernel";

/** What is provisioned for one version. */
interface Provision {
  max: number;
  running: number;
}

/** Leases: taken before an invocation, given back after it. */
export class ConcurrencyLeases {
  readonly #accountMax: number;
  /** On demand, by function. */
  readonly #running = new Map<string, number>();
  readonly #reserved = new Map<string, number>();
  /** By function and version. */
  readonly #provisions = new Map<string, Map<string, Provision>>();
  #reservedSum = 0;
  #unreservedRunning = 0;

  constructor(accountMax: number) {
    this.#accountMax = accountMax;
  }

  /** C3; 0 ends it. */
  provision(functionName: string, version: string, max: number): void {
    const versions = this.#provisions.get(functionName) ?? new Map<string, Provision>();
    const { running } = versions.get(version) ?? { running: 0 };
    if (max === 0 && running === 0) versions.delete(version);
    else versions.set(version, { max, running });
    if (versions.size === 0) this.#provisions.delete(functionName);
    else this.#provisions.set(functionName, versions);
  }

  /** Takes a lease or throws `TooManyRequestsException`; the result gives it back. */
  take(functionName: string, version: string, reservedConcurrency: number | undefined): () => void {
    this.#learn(functionName, reservedConcurrency);
    if (reservedConcurrency === 0) throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded"); // C1
    const provision = this.#provisions.get(functionName)?.get(version);
    if (provision !== undefined && provision.running < provision.max) {
      provision.running++;
      return once(() => {
        this.#endProvisioned(functionName, version);
      });
    }
    const running = this.#running.get(functionName) ?? 0;
    if (reservedConcurrency !== undefined) {
      const max = reservedConcurrency - this.#provisionedFor(functionName); // C3
      if (running >= max) throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded"); // C1
    } else if (this.#unreservedRunning >= this.#accountMax - this.#reservedSum - this.#provisionedUnreserved()) {
      throw throttled("ConcurrentInvocationLimitExceeded"); // C2
    } else this.#unreservedRunning++;
    this.#running.set(functionName, running + 1);
    return once(() => {
      const left = (this.#running.get(functionName) ?? 1) - 1;
      if (left === 0) this.#running.delete(functionName);
      else this.#running.set(functionName, left);
      if (reservedConcurrency === undefined) this.#unreservedRunning--;
    });
  }

  #endProvisioned(functionName: string, version: string): void {
    const provision = this.#provisions.get(functionName)?.get(version);
    if (provision === undefined) return;
    provision.running--;
    if (provision.max === 0) this.provision(functionName, version, 0);
  }

  #provisionedFor(functionName: string): number {
    let sum = 0;
    for (const { max } of this.#provisions.get(functionName)?.values() ?? []) sum += max;
    return sum;
  }

  #provisionedUnreserved(): number {
    let sum = 0;
    for (const name of this.#provisions.keys()) if (!this.#reserved.has(name)) sum += this.#provisionedFor(name);
    return sum;
  }

  #learn(functionName: string, reservedConcurrency: number | undefined): void {
    const before = this.#reserved.get(functionName);
    if (before === reservedConcurrency) return;
    this.#reservedSum += (reservedConcurrency ?? 0) - (before ?? 0);
    if (reservedConcurrency === undefined) this.#reserved.delete(functionName);
    else this.#reserved.set(functionName, reservedConcurrency);
  }
}

function once(end: () => void): () => void {
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    end();
  };
}

function throttled(reason: string): ServiceError {
  return new ServiceError("TooManyRequestsException", "Rate Exceeded.", {
    status: 429,
    members: { Reason: reason, Type: "User" },
  });
}
