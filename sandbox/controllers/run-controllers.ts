import type { StoreEvent } from "../store/types.ts";
import { daemonSets } from "./daemon-sets.ts";
import { definitions } from "./definitions.ts";
import { deployments } from "./deployments.ts";
import { garbage } from "./garbage.ts";
import { ready } from "./housekeeping.ts";
import { jobs } from "./jobs.ts";
import { namespaces } from "./namespaces.ts";
import { pods } from "./pods.ts";
import { replicaSets } from "./replica-sets.ts";
import { services } from "./services.ts";
import { statefulSets } from "./stateful-sets.ts";
import type { Controller, ControllerContext } from "./types.ts";

const CONTROLLERS: readonly Controller[] = [
  namespaces,
  garbage,
  ready,
  definitions,
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  jobs,
  pods,
  services,
];

/** Runs all controllers on every event, in order, each after the request that caused it was answered. Returns what ends them. */
export function runControllers(context: Omit<ControllerContext, "later">): () => void {
  const queue: StoreEvent[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;
  let draining = false;
  const later = (delay: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!stopped) work();
    }, delay);
    timers.add(timer);
  };
  const full: ControllerContext = { ...context, later };
  const drain = () => {
    draining = false;
    for (const event of queue.splice(0)) {
      if (stopped) return;
      for (const controller of CONTROLLERS) controller(event, full);
    }
  };
  const push = (event: StoreEvent) => {
    queue.push(event);
    if (draining) return;
    draining = true;
    setImmediate(drain);
  };
  const end = context.objects.store.subscribe(push);
  // What was on its way when the sandbox stopped goes on.
  const { store } = context.objects;
  for (const resource of store.resources()) {
    for (const object of store.list(resource))
      push({ revision: store.revision, resource, before: undefined, after: object });
  }
  return () => {
    stopped = true;
    end();
    for (const timer of timers) clearTimeout(timer);
  };
}
