import type { CodeArchive } from "../code/code-store.ts";

/** A version of a layer as it is kept. */
export interface LayerVersion {
  layerName: string;
  /** Unqualified. */
  layerArn: string;
  version: number;
  content: CodeArchive;
  description: string;
  licenseInfo?: string;
  /** Undefined where none was given: AWS shows the difference. */
  compatibleRuntimes?: readonly string[];
  compatibleArchitectures?: readonly string[];
  createdMs: number;
  policy?: LayerPolicy;
}

/** Who may use a layer version besides its account. */
export interface LayerPolicy {
  revisionId: string;
  statements: readonly LayerStatement[];
}

/** One permission. */
export interface LayerStatement {
  Sid: string;
  Effect: "Allow";
  Principal: unknown;
  Action: string;
  Resource: string;
  Condition?: unknown;
}

/** ARN of a layer version. */
export function layerVersionArn({ layerArn, version }: Pick<LayerVersion, "layerArn" | "version">): string {
  return `${layerArn}:${version}`;
}
