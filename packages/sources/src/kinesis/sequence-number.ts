/**
 * Sequence numbers, of the form and the order that AWS's have: 56 digits that begin with 49. They hold when the shard was made, the
 * place of the record in it, when it arrived, and the shard, in that order; so they grow within a shard, and from parent to child.
 */

/** What a sequence number says. */
export interface SequenceParts {
  /** When the shard was made, epoch seconds. */
  createdSeconds: number;
  /** Of the record: 1, 2, 3, …; 0: before the first. */
  position: number;
  /** When it arrived, epoch seconds. */
  arrivedSeconds: number;
  /** The number in the shard's id. */
  shardIndex: number;
}

const form = /^2([0-9a-f]{9})0([0-9a-f]{16})00([0-9a-f]{9})([0-9a-f]{8})2$/;
/** Past every record. */
const secondsMax = 16 ** 9 - 1;

export function toSequenceNumber({ createdSeconds, position, arrivedSeconds, shardIndex }: SequenceParts): string {
  if (createdSeconds !== common.createdSeconds || arrivedSeconds !== common.arrivedSeconds) {
    const value = (2n << 184n) + (BigInt(createdSeconds) << 148n) + (BigInt(arrivedSeconds) << 36n) + 2n;
    common = { createdSeconds, arrivedSeconds, value };
  }
  return (common.value + (BigInt(position) << 80n) + BigInt(shardIndex * 16)).toString();
}

/** What numbers that are made one after the other mostly have in common. */
let common = { createdSeconds: -1, arrivedSeconds: -1, value: 0n };

/** Undefined where it is none. */
export function parseSequenceNumber(text: string): SequenceParts | undefined {
  if (!/^(0|[1-9]\d{0,128})$/.test(text)) return undefined;
  const match = form.exec(BigInt(text).toString(16));
  if (match === null) return undefined;
  const [createdSeconds = 0, position = 0, arrivedSeconds = 0, shardIndex = 0] = match
    .slice(1)
    .map((digits) => Number.parseInt(digits, 16));
  return { createdSeconds, position, arrivedSeconds, shardIndex };
}

/** After the record at `position`, whenever it arrived, and before the next. */
export function toPlaceAfter(shard: { createdSeconds: number; index: number }, position: number): string {
  const { createdSeconds, index: shardIndex } = shard;
  return toSequenceNumber({ createdSeconds, position, arrivedSeconds: secondsMax, shardIndex });
}
