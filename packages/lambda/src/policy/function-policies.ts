/**
 * The resource policies that functions have: one for each way of naming a function (itself, a version, an alias).
 *
 * P1. A change is durable before it is seen.
 * P2. A policy goes with what it is about: when the function, the version or the alias is deleted.
 * P3. Who invokes `name:live` is let in by the policy of `live` and no other, as the function was named.
 * P4. A refusal is told once for each source, as a notice: AWS tells the source alone, which may have nobody to tell.
 * P5. Who was let in is remembered until a policy changes: a gateway asks at every request.
 */
import {
  type Activity,
  type DocumentStore,
  type EventBus,
  type FunctionAccess,
  type Rng,
  type ServiceCaller,
  ServiceError,
} from "@tripline/kernel";
import { parseFunctionReference } from "../function-reference.ts";
import type { FunctionRegistry } from "../function-registry.ts";
import { isAllowed, type PolicyRequest } from "./is-allowed.ts";
import type { PolicyStatement } from "./policy-statement.ts";

/** A policy as it is kept. */
export interface FunctionPolicy {
  functionName: string;
  qualifier?: string;
  statements: PolicyStatement[];
  /** Changes with the policy. */
  revisionId: string;
}

/** What {@link FunctionPolicies} needs. */
export interface FunctionPoliciesOptions {
  registry: FunctionRegistry;
  documents: DocumentStore;
  activity: Activity;
  rng: Rng;
  bus: EventBus;
}

const kind = "lambda-policy";
const admittedMax = 10_000;
const invokeAction = "lambda:InvokeFunction";
const urlAction = "lambda:InvokeFunctionUrl";

/** See the module's header. */
export class FunctionPolicies implements FunctionAccess {
  readonly #options: FunctionPoliciesOptions;
  readonly #policies = new Map<string, FunctionPolicy>();
  /** P5 */
  readonly #admitted = new Set<string>();
  /** Refusals that were told (P4). */
  readonly #told = new Set<string>();

  constructor(options: FunctionPoliciesOptions) {
    this.#options = options;
    options.registry.onChange(() => {
      this.#dropOrphans();
    });
  }

  /** Reads what an earlier run has kept. Functions are loaded first. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#options.documents.list<FunctionPolicy>(kind)) {
      this.#policies.set(key, value);
    }
    this.#dropOrphans();
  }

  get(functionName: string, qualifier: string | undefined): FunctionPolicy | undefined {
    return this.#policies.get(toKey(functionName, qualifier));
  }

  /** Replaces the statements; none: there is no policy any more. */
  async put(functionName: string, qualifier: string | undefined, statements: PolicyStatement[]): Promise<void> {
    const { documents } = this.#options;
    const key = toKey(functionName, qualifier);
    const revisionId = await this.#revise(functionName, qualifier);
    if (statements.length === 0) {
      await documents.delete(kind, key); // P1
      this.#policies.delete(key);
      this.#admitted.clear();
      return;
    }
    const policy: FunctionPolicy = {
      functionName,
      ...(qualifier === undefined ? {} : { qualifier }),
      statements,
      revisionId,
    };
    await documents.put(kind, key, policy); // P1
    this.#policies.set(key, policy);
    this.#admitted.clear();
  }

  /** Whether `caller` may invoke the function behind an ARN. */
  allows(functionArn: string, { service, sourceArn, sourceAccount }: ServiceCaller): boolean {
    const keys = { "aws:sourcearn": sourceArn, "aws:sourceaccount": sourceAccount };
    return this.#allows({ principal: { service }, action: invokeAction, resource: functionArn, keys });
  }

  authorize(functionName: string, qualifier: string | undefined, caller: ServiceCaller): void {
    const { service, sourceArn, sourceAccount } = caller;
    const visit = `${functionName} ${qualifier ?? ""} ${service} ${sourceArn} ${sourceAccount}`;
    if (this.#admitted.has(visit)) return; // P5
    const resource = this.#resourceOf(functionName, qualifier);
    if (this.allows(resource, caller)) {
      if (this.#admitted.size >= admittedMax) this.#admitted.clear();
      this.#admitted.add(visit);
      return;
    }
    this.#tell(resource, caller);
    throw new ServiceError(
      "AccessDeniedException",
      `User: ${service} is not authorized to perform: ${invokeAction} on resource: ${resource} because no resource-based policy allows the ${invokeAction} action`,
      { status: 403 },
    );
  }

  /** P4. */
  #tell(resource: string, { service, sourceArn }: ServiceCaller): void {
    const { functionName } = parseFunctionReference(resource);
    const key = `${resource} ${sourceArn}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#options.bus.emit("notice", {
      level: "warning",
      subject: functionName,
      message: `${service} may not invoke ${resource} for ${sourceArn}: no statement of the function's policy lets it in. Add one with AddPermission, or an AWS::Lambda::Permission to the template.`,
    });
  }

  missingForUrl(functionName: string, qualifier: string | undefined): string[] {
    const resource = this.#resourceOf(functionName, qualifier);
    const keys = { "lambda:functionurlauthtype": "NONE", "lambda:invokedviafunctionurl": "true" };
    return [urlAction, invokeAction].filter(
      (action) => !this.#allows({ principal: "anonymous", action, resource, keys }),
    );
  }

  /** A new revision id: that of the function or the alias, which changes with its policy; of a version one of the policy's own. */
  async #revise(functionName: string, qualifier: string | undefined): Promise<string> {
    const { registry, rng } = this.#options;
    if (qualifier === undefined) {
      await registry.saveSettings(functionName, registry.settings(functionName), { isRevised: true });
      return registry.describe(functionName).revisionId;
    }
    const alias = registry.alias(functionName, qualifier);
    return alias === undefined ? rng.uuid() : (await registry.saveAlias(alias)).revisionId;
  }

  #allows(request: PolicyRequest): boolean {
    const { functionName, qualifier } = parseFunctionReference(request.resource);
    const policy = this.get(functionName, qualifier); // P3
    return policy !== undefined && isAllowed(policy.statements, request);
  }

  #resourceOf(functionName: string, given: string | undefined): string {
    const { functionName: name, qualifier } = parseFunctionReference(functionName, given);
    const arn = this.#options.registry.toArn(name);
    return qualifier === undefined ? arn : `${arn}:${qualifier}`;
  }

  /** P2. */
  #dropOrphans(): void {
    const { registry, documents, activity } = this.#options;
    for (const [key, { functionName, qualifier }] of this.#policies) {
      if (registry.find(functionName, qualifier) !== undefined) continue;
      this.#policies.delete(key);
      this.#admitted.clear();
      void activity.track("a policy of a function that is gone", () => documents.delete(kind, key));
    }
  }
}

function toKey(functionName: string, qualifier: string | undefined): string {
  return qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
}
