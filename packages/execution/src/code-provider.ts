import type { FunctionSpec } from "@tripline/kernel";

/** A function's code, ready to be loaded. */
export interface ProvidedCode {
  /** Folder that the handler's module is loaded from: the code folder, or that of a bundle. */
  moduleFolder: string;
  /** Differs for each state of the code: environments of another state take no more invocations. */
  fingerprint: string;
  /** Why it cannot be loaded: INIT fails with this. */
  failure?: { errorType: string; errorMessage: string };
}

/** Asked at every invocation: must be quick where nothing changed. */
export interface CodeProvider {
  get(spec: FunctionSpec): ProvidedCode | Promise<ProvidedCode>;
}
