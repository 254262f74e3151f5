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
    const taken = new Set(this.#others(service).map((other) => textAt(other, "spec", "clusterIP")));
    const found = firstFree(`${service.metadata.name}${uidOf(service)}`, addressesOf("10.97"), taken);
    return found ?? full("cluster IP");
  }

  /** A port of 30000 to 32767. */
  nodePort(service: KubeObject, port: JsonObject, given: readonly number[]): number {
    const isSame = (one: JsonObject) => one.port === port.port && one.protocol === port.protocol;
    const before = mapsAt(this.#before(service), "spec", "ports").find(isSame);
    const own = numberAt(before, ["nodePort"], 0);
    if (own !== 0 && !given.includes(own)) return own;
    const others = this.#others(service).flatMap((other) => mapsAt(other, "spec", "ports"));
    const taken = new Set([...given, ...others.map((one) => numberAt(one, ["nodePort"], 0))]);
    const key = `${namespaceOf(service)}/${service.metadata.name}:${numberAt(port, ["port"], 0)}`;
    return firstFree(key, NODE_PORTS, taken) ?? full("node port");
  }

  /**
   * An address for a load balancer, of 198.51.100.0/24 (RFC 5737, documentation) or, where that is full, of
   * 198.18.0.0/16 (RFC 2544, benchmarks): both lead nowhere. Undefined where none is left.
   */
  balancer(service: KubeObject): string | undefined {
    const taken = new Set(
      this.#others(service).flatMap((other) =>
        mapsAt(other, "status", "loadBalancer", "ingress").map((one) => textAt(one, "ip")),
      ),
    );
    const [key, few] = [uidOf(service), { size: 250, at: (number: number) => `198.51.100.${number + 2}` }];
    return firstFree(key, few, taken) ?? firstFree(key, addressesOf("198.18"), taken);
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

interface Range<T> {
  readonly size: number;
  readonly at: (number: number) => T;
}

const NODE_PORTS: Range<number> = { size: 2768, at: (number) => 30_000 + number };

function addressesOf(prefix: string): Range<string> {
  return { size: 60_000, at: (number) => `${prefix}.${Math.floor(number / 250)}.${(number % 250) + 2}` };
}

/** The first of a range that is not taken, from a place on that the text chooses. */
function firstFree<T>(text: string, { size, at }: Range<T>, taken: ReadonlySet<T>): T | undefined {
  let start = 0;
  for (const character of text) start = (start * 31 + (character.codePointAt(0) ?? 0)) % size;
  for (let step = 0; step < size; step++) {
    const found = at((start + step) % size);
    if (!taken.has(found)) return found;
  }
  return undefined;
}

function full(what: string): never {
  throw new StatusError(
    500,
    "InternalError",
    `Internal error occurred: failed to allocate a ${what}: range is full`,
  );
}
