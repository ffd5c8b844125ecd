/** Calls of the AWS services that are simulated, as integrations of APIs make them. */

/** A request to an AWS service that is simulated, as an integration sends it. */
export interface ServiceRequest {
  /** `sqs`, `s3`, `events`. */
  service: string;
  method: string;
  /** Path and query. */
  target: string;
  headers: readonly string[];
  body: Uint8Array;
}

/** What a backend answered. */
export interface BackendAnswer {
  status: number;
  /** Names and values alternating. */
  headers: readonly string[];
  body: Uint8Array;
}

/** Calls a service of the simulator's own endpoint; undefined where there is none to call. */
export type CallService = (request: ServiceRequest) => Promise<BackendAnswer> | undefined;
