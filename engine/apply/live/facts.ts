import type { Health } from "../../health/health.ts";
import { healthOf } from "../../health/health-of.ts";
import { serviceUrls } from "../../health/service-urls.ts";
import { type KubeObject, type ObjectId, objectIdOf } from "../../model/kube-object.ts";
import type { JobOutcome } from "../inventory/model.ts";
import { liveDigest } from "../live-digest.ts";
import { isTerminating, resourceVersionOf, uidOf } from "../ownership.ts";
import { isJob } from "../plan-apply.ts";
import { jobOutcome } from "./job-outcome.ts";
import { readyCount } from "./ready-count.ts";

/** What is kept of a live object. */
export interface LiveFacts {
  readonly id: ObjectId;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Digest of what we hold of it (live-digest.ts); empty where we hold nothing. */
  readonly digest: string;
  readonly terminating: boolean;
  readonly health: Health;
  /** The object itself, only while it is on its way: its Pods, or the clock, may tell more. */
  readonly unready?: KubeObject;
  /** The object itself, only while it is not as it was last applied: it shows what differs, and who did it. */
  readonly changed?: KubeObject;
  /** A Job's, once it ended. */
  readonly job?: JobOutcome;
  /** A LoadBalancer Service's. */
  readonly urls: readonly string[];
  /** `2/3` replicas; empty for kinds that count none. */
  readonly ready: string;
}

/** The facts of an object as the server gave it. */
export function factsOf(object: KubeObject, now: Date): LiveFacts {
  const id = objectIdOf(object);
  const health = healthOf(object, now);
  const job = isJob(id) ? jobOutcome(object) : undefined;
  return {
    id,
    uid: uidOf(object),
    resourceVersion: resourceVersionOf(object),
    digest: liveDigest(object) ?? "",
    terminating: isTerminating(object),
    health,
    ...(health.health === "progressing" ? { unready: object } : {}),
    ...(job === undefined ? {} : { job }),
    urls: serviceUrls(object),
    ready: readyCount(object),
  };
}
