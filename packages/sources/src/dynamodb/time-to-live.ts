/**
 * Removes items that have expired: on the clock, a second after the moment that they name.
 *
 * L1. Times are in an index of their own, so that what has not expired costs nothing.
 * L2. An item that changed meanwhile is looked at again inside of the commit that removes it.
 * L3. Moments more than five years ago are no expiries.
 *
 * AWS may take days, and so an item that has expired can be read until it is gone.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
import type { Cancel } from "@tripline/kernel";
import type { DynamoHouse } from "./house.ts";
import { expirySeconds, toExpirySort } from "./index-entries.ts";
import { expirySecondsMax } from "./limits.ts";
import { keyOf, type Table } from "./table.ts";
import type { Item } from "./values/attribute-value.ts";
import { parseItemText } from "./values/item-text.ts";
import { writeItems } from "./write-items.ts";

const removedAtOnce = 100;

/** See the module's header. */
export class TimeToLiveSweeper {
  readonly #house: () => DynamoHouse;
  readonly #armed = new Map<string, { atSeconds: number; cancel: Cancel }>();
  #isStopped = false;

  constructor(house: () => DynamoHouse) {
    this.#house = house;
  }

  stop(): void {
    this.#isStopped = true;
    for (const { cancel } of this.#armed.values()) cancel();
    this.#armed.clear();
  }

  /** An item was written. */
  saw(table: Table, item: Item | undefined): void {
    if (table.ttl === undefined || item === undefined) return;
    const atSeconds = expirySeconds(item[table.ttl.attribute]);
    if (atSeconds !== undefined) this.#arm(table.name, atSeconds);
  }

  /** Looks for the first expiry of a table: at the start, and when expiry is switched on. */
  async look(name: string): Promise<void> {
    const house = this.#house();
    const table = house.tables.get(name);
    if (table?.ttl === undefined) return;
    let first: number | undefined;
    await house.items.walk(this.#walk(table, table.ttl.space, Number.MAX_SAFE_INTEGER), ({ place }) => {
      first = Number(Buffer.from(place.sort).readBigUInt64BE());
      return false;
    });
    if (first !== undefined) this.#arm(name, first);
  }

  #walk(table: Table, index: number, beforeSeconds: number): Parameters<DynamoHouse["items"]["walk"]>[0] {
    const nowSeconds = Math.floor(this.#house().clock.now() / 1_000);
    return {
      space: table.space,
      index,
      partition: Buffer.alloc(0),
      from: toExpirySort(nowSeconds - expirySecondsMax), // L3
      to: toExpirySort(beforeSeconds),
    };
  }

  #arm(name: string, atSeconds: number): void {
    const { clock, activity } = this.#house();
    const before = this.#armed.get(name);
    if (this.#isStopped || (before !== undefined && before.atSeconds <= atSeconds)) return;
    if (atSeconds < clock.now() / 1_000 - expirySecondsMax) return; // L3
    before?.cancel();
    const cancel = clock.at(Math.max(clock.now(), (Math.floor(atSeconds) + 1) * 1_000), () => {
      this.#armed.delete(name);
      void activity.track(`expired items of ${name}`, () => this.#sweep(name));
    });
    this.#armed.set(name, { atSeconds, cancel });
  }

  async #sweep(name: string): Promise<void> {
    const house = this.#house();
    const table = house.tables.get(name);
    const { ttl } = table ?? {};
    if (table === undefined || ttl === undefined || this.#isStopped) return;
    const nowSeconds = Math.floor(house.clock.now() / 1_000);
    const expired: Item[] = [];
    await house.items.walk(this.#walk(table, ttl.space, nowSeconds), ({ text }) => {
      expired.push(parseItemText(text));
      return expired.length < removedAtOnce;
    });
    if (expired.length > 0) {
      await writeItems(
        house,
        expired.map((item) => ({
          table,
          key: keyOf(table.key, item),
          isExpiry: true,
          decide(before) {
            const seconds = expirySeconds(before()?.[ttl.attribute]);
            return seconds !== undefined && seconds < nowSeconds ? undefined : "kept"; // L2
          },
        })),
      );
    }
    if (expired.length === removedAtOnce) await this.#sweep(name);
    else await this.look(name);
  }
}
