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

const secondsDigits = 9;
const positionDigits = 16;
const shardDigits = 8;
const form = /^2([0-9a-f]{9})0([0-9a-f]{16})00([0-9a-f]{9})([0-9a-f]{8})2$/;
/** Past every record. */
const secondsMax = 16 ** secondsDigits - 1;

export function toSequenceNumber({ createdSeconds, position, arrivedSeconds, shardIndex }: SequenceParts): string {
  const created = hex(createdSeconds, secondsDigits);
  const arrived = hex(arrivedSeconds, secondsDigits);
  return BigInt(
    `0x2${created}0${hex(position, positionDigits)}00${arrived}${hex(shardIndex, shardDigits)}2`,
  ).toString();
}

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

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
