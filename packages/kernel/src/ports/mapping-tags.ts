/** Tags of event source mappings, which are kept with them, as TagResource and its siblings see them. */
export interface MappingTags {
  /** Undefined where there is no such mapping. */
  get(uuid: string): Readonly<Record<string, string>> | undefined;
  /** Replaces them all. Durable when it resolves. */
  put(uuid: string, tags: Record<string, string>): Promise<void>;
}
