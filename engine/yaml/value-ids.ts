import type { Json } from "../model/kube-object.ts";

/**
 * Numbers JSON values so that equal ones have the same number, in time proportional to their size, and once for what
 * aliases share. The order of keys does not count.
 */
export class ValueIds {
  private readonly known = new Map<string, number>();
  private readonly seen = new WeakMap<object, number>();

  idOf(value: Json): number {
    if (value === null || typeof value !== "object") return this.number(JSON.stringify(value));
    const seen = this.seen.get(value);
    if (seen !== undefined) return seen;
    const id = this.number(this.spell(value));
    this.seen.set(value, id);
    return id;
  }

  same(a: Json | undefined, b: Json | undefined): boolean {
    if (a === undefined || b === undefined) return a === b;
    return a === b || this.idOf(a) === this.idOf(b);
  }

  private spell(value: object): string {
    if (Array.isArray(value)) return `[${value.map((item: Json) => this.idOf(item)).join()}]`;
    const pairs = Object.entries(value as Readonly<Record<string, Json>>);
    const spelled = pairs.map(([key, item]) => `${JSON.stringify(key)}:${this.idOf(item)}`);
    return `{${spelled.sort().join()}}`;
  }

  private number(spelled: string): number {
    const id = this.known.get(spelled) ?? this.known.size;
    this.known.set(spelled, id);
    return id;
  }
}
