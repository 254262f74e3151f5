/** Put back so often within `WINDOW`, a field is contested; from then on it is put back at most once in that time. */
const TIMES = 3;
/** Milliseconds. */
const WINDOW = 5 * 60_000;

/** What drifted: `fields` as people read them, and the field managers that hold them now. */
export interface Drifted {
  readonly fields: readonly string[];
  readonly managers: readonly string[];
}

interface Fight {
  /** When it was put back, newest last; no more than count. */
  times: readonly number[];
  /** Who changed it the last time. */
  managers: readonly string[];
  contested: boolean;
  /** It has drifted again and waits until it may be put back. */
  held: boolean;
}

/** Which fields two put back in turn. Times are milliseconds of one clock, given with each call. */
export class Contests {
  /** By key of the object, then by field. */
  readonly #fights = new Map<string, Map<string, Fight>>();

  /**
   * Takes note that an object has drifted.
   * @returns when it may be put back; undefined: now, as not all that drifted is contested, or the time has come
   */
  heldUntil(key: string, { fields, managers }: Drifted, now: number): number | undefined {
    const until = fields.map((field) => this.#hold(key, field, managers, now));
    return until.every((time) => time !== undefined) ? Math.min(...until) : undefined;
  }

  /** @returns the fields that are contested from this time on */
  putBack(key: string, { fields, managers }: Drifted, now: number): readonly string[] {
    this.#sweep(now);
    const fights = this.#fights.get(key) ?? new Map<string, Fight>();
    this.#fights.set(key, fights);
    return fields.filter((field) => {
      const before = fights.get(field);
      const recent = (before?.times ?? []).filter((time) => time > now - WINDOW);
      const times = [...recent, now].slice(-TIMES);
      const contested = before?.contested === true || times.length === TIMES;
      fights.set(field, { times, managers, contested, held: false });
      return contested && before?.contested !== true;
    });
  }

  /** The object is as it was applied: nothing of it waits. */
  calm(key: string): void {
    for (const fight of this.#fights.get(key)?.values() ?? []) fight.held = false;
  }

  /** What is contested of an object. */
  of(key: string, now: number): Drifted | undefined {
    this.#sweep(now);
    const contested = [...(this.#fights.get(key) ?? [])].filter(([, fight]) => fight.contested);
    if (contested.length === 0) return undefined;
    const managers = new Set(contested.flatMap(([, fight]) => fight.managers));
    return { fields: contested.map(([field]) => field), managers: [...managers] };
  }

  /** When something may be put back again, or is contested no more; undefined where nothing is. */
  nextDue(now: number): number | undefined {
    const fights = [...this.#fights.values()].flatMap((fields) => [...fields.values()]);
    const due = fights.filter(({ contested }) => contested).map(endOf);
    const later = due.filter((time) => time > now);
    return later.length === 0 ? undefined : Math.min(...later);
  }

  #hold(key: string, field: string, managers: readonly string[], now: number): number | undefined {
    this.#sweep(now);
    const fight = this.#fights.get(key)?.get(field);
    if (fight?.contested !== true) return undefined;
    fight.held = true;
    fight.managers = managers;
    return endOf(fight) > now ? endOf(fight) : undefined;
  }

  /** Forgets what was quiet for so long that it counts no more. */
  #sweep(now: number): void {
    for (const [key, fields] of this.#fights) {
      for (const [field, fight] of fields) if (!fight.held && endOf(fight) <= now) fields.delete(field);
      if (fields.size === 0) this.#fights.delete(key);
    }
  }
}

function endOf({ times }: Fight): number {
  return (times.at(-1) ?? 0) + WINDOW;
}
