import { type KubeObject, type ObjectId, objectIdOf, parseApiVersion } from "../../model/kube-object.ts";
import type { ObjectHealth } from "../../model/status.ts";
import type { JobOutcome } from "../inventory/model.ts";
import { liveDigest } from "../live-digest.ts";
import { isTerminating, resourceVersionOf, uidOf } from "../ownership.ts";
import { assess } from "./assess.ts";
import { jobOutcome } from "./job-outcome.ts";

/** What is kept of a live object. */
export interface LiveFacts {
  readonly id: ObjectId;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Digest of what we hold of it (live-digest.ts); empty where we hold nothing. */
  readonly digest: string;
  readonly terminating: boolean;
  readonly health: ObjectHealth;
  /** Why, for people; empty when healthy. */
  readonly message: string;
  /** A Job's, once it ended. */
  readonly job?: JobOutcome;
  /** A LoadBalancer Service's. */
  readonly urls: readonly string[];
}

/** The facts of an object as the server gave it. */
export function factsOf(object: KubeObject): LiveFacts {
  const id = objectIdOf(object);
  const isJob = id.kind === "Job" && parseApiVersion(object.apiVersion).group === "batch";
  const job = isJob ? jobOutcome(object) : undefined;
  return {
    id,
    uid: uidOf(object),
    resourceVersion: resourceVersionOf(object),
    digest: liveDigest(object) ?? "",
    terminating: isTerminating(object),
    ...assess(object),
    ...(job === undefined ? {} : { job }),
    urls: [],
  };
}
