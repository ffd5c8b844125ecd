/**
 * One life of a dispatcher: from its start to the crash that ends it. What it was doing then never goes on, as after kill -9; what it
 * had committed stays.
 */
import { Activity, type Cancel, type Clock } from "@tripline/kernel";

/** See the module's header. */
export class Life {
  isOver = false;
  /** Resolves at the crash. */
  readonly end: Promise<void>;
  #tellEnd: () => void = () => undefined;
  readonly activity: Activity;
  readonly clock: Clock;
  readonly #ends = new Set<() => void>();
  readonly #cancels = new Set<Cancel>();

  constructor(world: { activity: Activity; clock: Clock }) {
    this.end = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
    this.activity = new LivingActivity(world.activity, this.#ends, () => this.isOver);
    this.clock = {
      mode: "virtual",
      now: () => world.clock.now(),
      at: (dueMs, run) => {
        if (this.isOver) return () => undefined;
        const cancel = world.clock.at(dueMs, () => {
          this.#cancels.delete(cancel);
          run();
        });
        this.#cancels.add(cancel);
        return () => {
          this.#cancels.delete(cancel);
          cancel();
        };
      },
    };
  }

  crash(): void {
    this.isOver = true;
    for (const cancel of this.#cancels) cancel();
    for (const end of Array.from(this.#ends)) end();
    this.#tellEnd();
  }

  /** `value` while this life lasts; after that, never. */
  async lasting<T>(value: Promise<T>): Promise<T> {
    const result = await value;
    return this.isOver ? never : result;
  }

  /** `port`, whose methods answer only while this life lasts, and do nothing after it. */
  bind<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== "function") return member;
        return (...values: unknown[]): unknown => {
          if (this.isOver) return never;
          const answer = Reflect.apply(member, target, values) as unknown;
          return answer instanceof Promise ? this.lasting(answer) : answer;
        };
      },
    });
  }
}

const never: Promise<never> = new Promise(() => undefined);

/** What a life has in flight ends with it. */
class LivingActivity extends Activity {
  readonly #world: Activity;
  readonly #ends: Set<() => void>;
  readonly #isOver: () => boolean;

  constructor(world: Activity, ends: Set<() => void>, isOver: () => boolean) {
    super();
    this.#world = world;
    this.#ends = ends;
    this.#isOver = isOver;
  }

  override begin(label: string): () => void {
    if (this.#isOver()) return () => undefined;
    const endInWorld = this.#world.begin(label);
    const end = (): void => {
      if (this.#ends.delete(end)) endInWorld();
    };
    this.#ends.add(end);
    return end;
  }
}
