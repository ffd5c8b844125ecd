/** The stream of a table: what a request may say of it, and switching it on and off. */
import { invalidParameter, validation } from "./errors.ts";
import type { DynamoHouse } from "./house.ts";
import { type StreamViewType, toStreamLabel } from "./streams/table-stream.ts";
import type { Table } from "./table.ts";

/** As a request has it. */
export interface StreamSpecification {
  StreamEnabled: boolean;
  StreamViewType?: string;
}

/** Throws ValidationException for one that contradicts itself. */
export function checkStream(specification: StreamSpecification | undefined): void {
  if (specification === undefined) return;
  if (specification.StreamEnabled && specification.StreamViewType === undefined) {
    throw invalidParameter("StreamEnabled is true but StreamViewType is not specified");
  }
  if (!specification.StreamEnabled && specification.StreamViewType !== undefined) {
    throw invalidParameter("StreamEnabled is false but StreamViewType is specified");
  }
}

/** Throws ValidationException where the stream is already as `stream` wants it. */
export function checkStreamChange(table: Table, stream: StreamSpecification | undefined): void {
  if (stream?.StreamEnabled === true && table.streamArn !== undefined) {
    throw validation(`Table already has an enabled stream: TableName: ${table.name}`);
  }
  if (stream?.StreamEnabled === false && table.streamArn === undefined) {
    throw validation(`Table already has a disabled stream: TableName: ${table.name}`);
  }
}

/** Switches the stream of a table on or off. */
export async function switchStream(
  { streams, tables, clock }: DynamoHouse,
  table: Table,
  { StreamEnabled, StreamViewType }: StreamSpecification,
  status: "CREATING" | "UPDATING" | "ACTIVE",
  wantedLabel?: string,
): Promise<Table> {
  if (!StreamEnabled) {
    const { streamArn, ...rest } = table;
    if (streamArn === undefined) {
      throw validation("Table is already being updated: Attempting to disable a stream on a table that has none");
    }
    await tables.save(rest, status);
    await streams.disable(streamArn);
    return rest;
  }
  const arnOf = (label: string): string => `${table.arn}/stream/${label}`;
  let createdAtMs = clock.now();
  const isTaken = (ms: number): boolean => streams.get(arnOf(toStreamLabel(ms))) !== undefined;
  while (isTaken(createdAtMs)) createdAtMs += 1;
  const label = wantedLabel ?? toStreamLabel(createdAtMs);
  const arn = arnOf(label);
  await streams.open({
    arn,
    label,
    tableName: table.name,
    viewType: StreamViewType as StreamViewType,
    key: table.key,
    createdAtMs,
  });
  const changed: Table = { ...table, streamArn: arn, latestStreamArn: arn };
  await tables.save(changed, status);
  return changed;
}
