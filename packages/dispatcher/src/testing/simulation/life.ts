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
  readonly #living: LivingActivity;
  readonly clock: Clock;
  readonly #cancels = new Set<Cancel>();

  constructor(world: { activity: Activity; clock: Clock }) {
    this.end = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
    this.#living = new LivingActivity(world.activity, () => this.isOver);
    this.activity = this.#living;
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
    this.#living.endAll();
    this.#tellEnd();
  }

  /** Lets `durationMs` of simulated time pass in something that is in flight; never resolves where this life ends first. */
  async sleep(durationMs: number): Promise<void> {
    const wake = this.#living.sleep();
    await new Promise<void>((resolve) => {
      this.clock.at(this.clock.now() + durationMs, () => {
        wake();
        resolve();
      });
    });
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

/** What a life has in flight ends with it. For the world it is one thing, in flight while not all of it sleeps. */
class LivingActivity extends Activity {
  readonly #world: Activity;
  readonly #isOver: () => boolean;
  #begun = 0;
  #sleeping = 0;
  #endInWorld: (() => void) | undefined;

  constructor(world: Activity, isOver: () => boolean) {
    super();
    this.#world = world;
    this.#isOver = isOver;
  }

  override begin(label: string): () => void {
    if (this.#isOver()) return () => undefined;
    const state = { isEnded: false };
    this.#count(1, 0, label);
    return () => {
      if (!state.isEnded) this.#count(-1, 0, label);
      state.isEnded = true;
    };
  }

  /** One of the things in flight waits for time to pass, until the returned function is called. */
  sleep(): () => void {
    this.#count(0, 1, "sleep");
    return () => {
      this.#count(0, -1, "what slept");
    };
  }

  endAll(): void {
    this.#endInWorld?.();
    this.#endInWorld = undefined;
  }

  #count(begun: number, sleeping: number, label: string): void {
    this.#begun += begun;
    this.#sleeping += sleeping;
    if (this.#isOver()) return;
    if (this.#begun > this.#sleeping) this.#endInWorld ??= this.#world.begin(label);
    else this.endAll();
  }
}
