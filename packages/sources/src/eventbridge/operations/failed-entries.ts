/** Output of PutTargets and RemoveTargets. Here an entry never fails alone: the whole call is refused. */
export interface FailedEntries {
  FailedEntryCount: number;
  FailedEntries: never[];
}
