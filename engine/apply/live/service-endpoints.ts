import type { KubeApi, Watch } from "../../cluster/types.ts";
import { isJsonObject, type KubeObject } from "../../model/kube-object.ts";
import { ENDPOINT_SLICES } from "../core-types.ts";
import type { ServiceRef } from "../definitions.ts";
import { asList, asMap } from "../json-parts.ts";

interface Service {
  readonly watch: Watch;
  /** Whether each EndpointSlice of the Service has a ready endpoint, by its name. */
  readonly slices: Map<string, boolean>;
}

/** Which Services have ready endpoints, by watches that stand only while someone waits for one. */
export class ServiceEndpoints {
  readonly #api: KubeApi;
  readonly #onChange: () => void;
  readonly #services = new Map<string, Service>();
  /** Why nothing is told of a Service for now. */
  readonly #doubts = new Map<string, string>();

  constructor(api: KubeApi, onChange: () => void) {
    this.#api = api;
    this.#onChange = onChange;
  }

  /** Whether the Service is known to have a ready endpoint; asking begins to watch it, and a change is told. */
  isReady(ref: ServiceRef): boolean {
    const key = keyOf(ref);
    const service = this.#services.get(key) ?? this.#open(ref);
    this.#services.set(key, service);
    return [...service.slices.values()].includes(true);
  }

  /** Why it cannot be told whether a Service that was asked for has a ready endpoint; undefined where it can. */
  doubtOf(ref: ServiceRef): string | undefined {
    return this.#doubts.get(keyOf(ref));
  }

  /** Ends the watches of Services that nobody waits for any more. */
  release(refs: readonly ServiceRef[]): void {
    for (const key of refs.map(keyOf)) {
      this.#services.get(key)?.watch.close();
      this.#services.delete(key);
      this.#doubts.delete(key);
    }
  }

  close(): void {
    for (const service of this.#services.values()) service.watch.close();
    this.#services.clear();
  }

  #open(ref: ServiceRef): Service {
    const slices = new Map<string, boolean>();
    const selection = { namespace: ref.namespace, labelSelector: `kubernetes.io/service-name=${ref.name}` };
    const changed = this.#onChange;
    const know = (): void => {
      this.#doubts.delete(keyOf(ref));
      changed();
    };
    const watch = this.#api.watch(ENDPOINT_SLICES, selection, {
      onUpsert: (slice) => {
        slices.set(slice.metadata.name, hasReadyEndpoint(slice));
        changed();
      },
      onGone: (gone) => {
        slices.delete(gone.name);
        changed();
      },
      onSynced: know,
      onDown: ({ message }) => {
        this.#doubts.set(keyOf(ref), message);
        changed();
      },
      onUp: know,
    });
    return { watch, slices };
  }
}

/** Rule: an unset `ready` counts as true (discovery.k8s.io/v1, EndpointConditions). */
function hasReadyEndpoint(slice: KubeObject): boolean {
  const endpoints = asList(slice.endpoints).filter(isJsonObject);
  return endpoints.some((endpoint) => asMap(endpoint.conditions).ready !== false);
}

function keyOf(ref: ServiceRef): string {
  return `${ref.namespace}/${ref.name}`;
}
