/** What a backend said, and by what its response is chosen (N2). */
export interface IntegrationAnswer {
  /** The text that patterns are matched with; empty: nothing went wrong. */
  selector: string;
  headers: readonly string[];
  body: Uint8Array;
  isTraced: boolean;
}
