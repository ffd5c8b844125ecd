/** What a template asks for, as calls of AWS operations. */

/** One call of one operation: the input has AWS's members and types (timestamps are `Date`). */
export interface PlannedCall {
  service:
    | "lambda"
    | "s3"
    | "sqs"
    | "kinesis"
    | "dynamodb"
    | "events"
    | "scheduler"
    | "apigateway"
    | "apigatewayv2"
    | "logs"
    | "iam";
  operation: string;
  input: Record<string, unknown>;
}

/** One resource, with the calls that create or update it and those that delete it. */
export interface PlannedResource {
  /** As in the template. What SAM makes out of an event is called by function and event: `FulfilOrders`. */
  logicalId: string;
  type: string;
  /** Counts from 1; 0 where the resources came from an object and not from a file. */
  line: number;
  /** The name, or the id of an API. */
  physicalId: string;
  arn?: string;
  calls: PlannedCall[];
  removal: PlannedCall[];
  /** What stands for something that the last call answers with -> the member of its output: see `made-value.ts`. */
  makes?: Readonly<Record<string, string>>;
}

/** An output, resolved. Lists are joined by commas. */
export interface TemplateOutput {
  name: string;
  value: string;
  description?: string;
}

/** Something that the template has and Tripline does not simulate. */
export interface UnsupportedItem {
  logicalId: string;
  type: string;
  /** Dots for nested properties; absent where the whole resource is meant. */
  property?: string;
  line: number;
  /** One sentence. */
  reason: string;
}

/** Something that is accepted and changes nothing on one machine, such as an IAM role. */
export interface ItemWithoutLocalEffect {
  logicalId: string;
  /** Dots for nested properties; `Type` where the whole resource is meant. */
  property: string;
  /** One sentence. */
  reason: string;
}

/** A whole template. */
export interface TemplatePlan {
  /** Absolute path. */
  file: string;
  stackName: string;
  /** In dependency order: a resource comes after all that its calls name. */
  resources: PlannedResource[];
  outputs: TemplateOutput[];
  unsupported: UnsupportedItem[];
  withoutLocalEffect: ItemWithoutLocalEffect[];
  /** The template's `Metadata` section. */
  metadata: Record<string, unknown>;
}
