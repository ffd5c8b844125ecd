/** What came of the integration, for logs. */
export interface IntegrationFacts {
  status?: number;
  integrationStatus?: number;
  latencyMs?: number;
  requestId?: string;
  error?: string;
}
