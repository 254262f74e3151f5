import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapsAt, namespaceOf, numberAt, textAt, uidOf } from "../store/parts.ts";
import { StatusError } from "./status-error.ts";
import type { Store } from "../store/store.ts";

const SERVICES = "/services";

/** Gives Services addresses and ports that no other has; what a Service had it keeps. */
export class ServiceAddresses {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** An address of 10.97.0.0/16. */
  clusterIp(service: KubeObject): string {
    const own = textAt(this.#before(service), "spec", "clusterIP");
    if (own !== "" && own !== "None") return own;
    const taken = this.#others(service).map((other) => textAt(other, "spec", "clusterIP"));
    return firstFree(`${service.metadata.name}${uidOf(service)}`, 60_000, (number) => {
      const ip = `10.97.${Math.floor(number / 250)}.${(number % 250) + 2}`;
      return taken.includes(ip) ? undefined : ip;
    });
  }

  /** A port of 30000 to 32767. */
  nodePort(service: KubeObject, port: JsonObject, given: readonly number[]): number {
    const isSame = (one: JsonObject) => one.port === port.port && one.protocol === port.protocol;
    const before = mapsAt(this.#before(service), "spec", "ports").find(isSame);
    const own = numberAt(before, ["nodePort"], 0);
    if (own !== 0 && !given.includes(own)) return own;
    const others = this.#others(service).flatMap((other) => mapsAt(other, "spec", "ports"));
    const taken = [...given, ...others.map((one) => numberAt(one, ["nodePort"], 0))];
    const key = `${namespaceOf(service)}/${service.metadata.name}:${numberAt(port, ["port"], 0)}`;
    return firstFree(key, 2768, (number) => (taken.includes(30_000 + number) ? undefined : 30_000 + number));
  }

  /** An address of 198.51.100.0/24, which is set apart for documentation (RFC 5737), for a load balancer. */
  balancer(service: KubeObject): string {
    const taken = this.#others(service).flatMap((other) =>
      mapsAt(other, "status", "loadBalancer", "ingress").map((one) => textAt(one, "ip")),
    );
    return firstFree(uidOf(service), 250, (number) => {
      const ip = `198.51.100.${number + 2}`;
      return taken.includes(ip) ? undefined : ip;
    });
  }

  #before(service: KubeObject): KubeObject | undefined {
    return this.#store.get(SERVICES, namespaceOf(service), service.metadata.name);
  }

  #others(service: KubeObject): KubeObject[] {
    const isOther = (one: KubeObject) =>
      one.metadata.name !== service.metadata.name || namespaceOf(one) !== namespaceOf(service);
    return this.#store.list(SERVICES).filter(isOther);
  }
}

/** What the first of `size` numbers gives that gives anything, from one on that the text chooses. Throws a 500 where none does. */
function firstFree<T>(text: string, size: number, at: (number: number) => T | undefined): T {
  let start = 0;
  for (const character of text) start = (start * 31 + (character.codePointAt(0) ?? 0)) % size;
  for (let step = 0; step < size; step++) {
    const found = at((start + step) % size);
    if (found !== undefined) return found;
  }
  throw new StatusError(500, "InternalError", "failed to allocate an address or port: the range is full");
}
