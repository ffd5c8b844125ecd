/** What belongs to the account and not to one API: keys, usage plans, how much was used, and the account's own settings. */
import type { DocumentStore } from "@tripline/kernel";

/** https://docs.aws.amazon.com/apigateway/latest/api/API_ApiKey.html */
export interface ApiKey {
  id: string;
  name?: string;
  value: string;
  description?: string;
  customerId?: string;
  enabled: boolean;
  createdAtMs: number;
  lastUpdatedAtMs: number;
  /** `api/stage`: the older way to let a key in, without a usage plan. */
  stageKeys: readonly string[];
  tags: Readonly<Record<string, string>>;
}

/** Requests a second, and how many may come at once. */
export interface ThrottleSettings {
  burstLimit?: number;
  rateLimit?: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html */
export interface QuotaSettings {
  limit: number;
  offset: number;
  period: "DAY" | "WEEK" | "MONTH";
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_UsagePlan.html */
export interface UsagePlan {
  id: string;
  name: string;
  description?: string;
  apiStages: readonly { apiId: string; stage: string; throttle?: Readonly<Record<string, ThrottleSettings>> }[];
  throttle?: ThrottleSettings;
  quota?: QuotaSettings;
  productCode?: string;
  tags: Readonly<Record<string, string>>;
  /** The quota's offset holds in the period of this moment. */
  createdAtMs: number;
  /** Ids of API keys, in the order of their adding. */
  keyIds: readonly string[];
}

/** How much a key used of a plan, by day; and what UpdateUsage granted beyond. */
export interface Usage {
  planId: string;
  keyId: string;
  /** `2026-01-31` -> requests. */
  days: Readonly<Record<string, number>>;
  /** Start of the period that `remaining` was granted for -> requests that were added to its limit. */
  granted: Readonly<Record<string, number>>;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetAccount.html */
export interface AccountSettings {
  cloudwatchRoleArn?: string;
  features: readonly string[];
}

interface Documents {
  keys: ApiKey;
  plans: UsagePlan;
  usage: Usage;
  account: AccountSettings;
}
const kinds: Readonly<Record<keyof Documents, string>> = {
  keys: "rest-account/keys",
  plans: "rest-account/plans",
  usage: "rest-account/usage",
  account: "rest-account/settings",
};

/** Held in memory; a change is durable when it resolves. */
export class AccountStore {
  readonly #documents: DocumentStore;
  readonly keys: Map<string, ApiKey> = new Map<string, ApiKey>();
  readonly plans: Map<string, UsagePlan> = new Map<string, UsagePlan>();
  readonly usage: Map<string, Usage> = new Map<string, Usage>();
  readonly account: Map<string, AccountSettings> = new Map<string, AccountSettings>();
  readonly #idByValue = new Map<string, string>();

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  async load(): Promise<void> {
    for (const part of Object.keys(kinds) as (keyof Documents)[]) {
      for (const { key, value } of await this.#documents.list<never>(kinds[part])) this[part].set(key, value);
    }
    for (const { id, value } of this.keys.values()) this.#idByValue.set(value, id);
  }

  /** The key that is this text. */
  keyByValue(value: string): ApiKey | undefined {
    return this.keys.get(this.#idByValue.get(value) ?? "");
  }

  async put<Part extends keyof Documents>(part: Part, key: string, value: Documents[Part]): Promise<void> {
    const map = this[part] as unknown as Map<string, Documents[Part]>;
    // Use is counted at once: requests of one moment must not overrun a quota together.
    if (part === "usage") map.set(key, value);
    await this.#documents.put(kinds[part], key, value);
    if (part !== "usage") map.set(key, value);
    if (part === "keys") this.#idByValue.set((value as ApiKey).value, key);
  }

  async remove(part: keyof Documents, key: string): Promise<void> {
    await this.#documents.delete(kinds[part], key);
    if (part === "keys") this.#idByValue.delete(this.keys.get(key)?.value ?? "");
    this[part].delete(key);
  }
}
