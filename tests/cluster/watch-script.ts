import type { ServerResponse } from "node:http";
import type { GoneObject, ResourceType, Selection, WatchHandlers } from "../../engine/cluster/types.ts";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { EngineError } from "../../engine/model/errors.ts";
import type { KubeObject } from "../../engine/model/kube-object.ts";

export const CONFIG_MAPS: ResourceType = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
  verbs: ["get", "list", "watch"],
};

export const FAST = { requestMs: 2_000, watchIdleMs: 700, backoffMs: 5, maxBackoffMs: 20 };

/** A ConfigMap as the API server shows it. */
export function configMap(name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject {
  const metadata = { name, namespace: "ns", uid, resourceVersion };
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}

/** One line of a watch. */
export function line(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

export function bookmark(resourceVersion: string, end = false): string {
  const annotations = end ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
  return line("BOOKMARK", {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { resourceVersion, ...annotations },
  });
}

/** Starts the answer to a watch. */
export function startStream(response: ServerResponse, text = ""): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  if (text !== "") response.write(text);
}

/** What a watch told, as short texts in order; `until` waits for one. */
export interface Told {
  readonly events: string[];
  readonly problems: EngineError[];
  readonly until: (event: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Watches ConfigMaps of a server and writes down what it hears. */
export function listen(url: string, selection: Selection = {}, timing = FAST): Told {
  const events: string[] = [];
  const problems: EngineError[] = [];
  const waiting = new Set<() => void>();
  const tell = (event: string): void => {
    events.push(event);
    for (const check of waiting) check();
  };
  const handlers: WatchHandlers = {
    onUpsert: (object: KubeObject) =>
      tell(`+${object.metadata.name}@${object.metadata.resourceVersion as string}`),
    onGone: (gone: GoneObject) => tell(`-${gone.name}/${gone.uid}@${gone.resourceVersion ?? "unseen"}`),
    onSynced: () => tell("synced"),
    onDown: (problem: EngineError) => {
      problems.push(problem);
      tell(`down:${problem.code}`);
    },
    onUp: () => tell("up"),
  };
  const api = connectServer({ server: url }, timing);
  api.watch(CONFIG_MAPS, selection, handlers);
  return {
    events,
    problems,
    until(event) {
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no ${event} in ${events.join(" ")}`)), 8_000);
        const check = (): void => {
          if (!events.includes(event)) return;
          clearTimeout(late);
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    close: () => api.close(),
  };
}
