import type { EngineError } from "../model/errors.ts";
import type { Json, KubeObject } from "../model/kube-object.ts";

/** A kind as one cluster serves it at one version. `group` is empty for the core group. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The name in URLs: `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** A place in one kind; `namespace` is ignored for cluster-scoped kinds. */
export interface ObjectRef {
  readonly namespace: string;
  readonly name: string;
}

export interface KindQuery {
  readonly group: string;
  readonly kind: string;
  /** Left out: the version that the cluster prefers. */
  readonly version?: string;
}

/**
 * What a cluster says of a kind.
 * - `gone` is proof: fresh discovery lists the group as current without it, or nothing defines the group any more.
 * - `version-gone`: the kind is served, at other versions only.
 * - `unknown` is no proof of anything: stale discovery, 403, 5xx, a timeout.
 */
export type Resolution =
  | { readonly state: "served"; readonly type: ResourceType }
  | { readonly state: "version-gone"; readonly servedVersions: readonly string[] }
  | { readonly state: "gone" }
  | { readonly state: "unknown"; readonly reason: string };

/** Every kind at its preferred version, and the groups of which not all is known. */
export interface Catalogue {
  readonly types: readonly ResourceType[];
  /** Empty exactly when `types` is complete. */
  readonly unknown: readonly { readonly group: string; readonly reason: string }[];
}

export interface Discovery {
  /** Answers from memory; asks the server where nothing is known, after `invalidate`, and (at most every 2 s) when the kind is not served. */
  resolve(query: KindQuery, signal: AbortSignal): Promise<Resolution>;
  /** Everything the cluster serves, asked afresh (an ETag makes an unchanged answer cheap). */
  catalogue(signal: AbortSignal): Promise<Catalogue>;
  /** Forgets what is known: call it when a CRD or an APIService changes. */
  invalidate(): void;
}

export interface Selection {
  /** Left out: all namespaces. */
  readonly namespace?: string;
  /** As kubectl's `-l`. */
  readonly labelSelector?: string;
  /** As kubectl's `--field-selector`. */
  readonly fieldSelector?: string;
}

export interface ListOptions extends Selection {
  /** Only apiVersion, kind and metadata of each object. */
  readonly metadataOnly?: boolean;
}

export interface ListResult {
  readonly items: readonly KubeObject[];
  /** Of the whole list, to watch from. */
  readonly resourceVersion: string;
}

interface ApplyOptions {
  /** Takes fields that another manager applies. */
  readonly force: boolean;
  readonly dryRun?: boolean;
}

export interface ApplyResult {
  /** The object as the server holds it now. */
  readonly object: KubeObject;
  /** The server made it (201): it was not there before. */
  readonly created: boolean;
}

export interface DeleteOptions {
  /** Preconditions: where they do not hold the server answers 409 and nothing is deleted. */
  readonly uid: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy: "Background" | "Foreground" | "Orphan";
}

/** One step of a JSON patch (RFC 6902). */
export type PatchStep =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string };

/** An object that left a watch's selection: deleted, *or* its labels no longer match. Only a GET proves which. */
export interface GoneObject extends ObjectRef {
  readonly uid: string;
  /** Of the event; absent where a new listing no longer had it. */
  readonly resourceVersion?: string;
}

/** Called in the order of the stream, never concurrently. They must not throw. */
export interface WatchHandlers {
  onUpsert(object: KubeObject): void;
  onGone(gone: GoneObject): void;
  /** All objects of the selection have been given to `onUpsert`; again after each listing that starts anew. */
  onSynced(): void;
  /** No events come for now, and why; it goes on trying. Called once for each new reason. */
  onDown(problem: EngineError): void;
  /** Events come again after `onDown`. */
  onUp(): void;
}

export interface Watch {
  /**
   * Whether an object that was seen at `resourceVersion` has left its selection since, as far as it has told already.
   * False where it has not got so far.
   */
  lacks(ref: ObjectRef, resourceVersion: string): boolean;
  /** Ends it; no handler is called afterwards. */
  close(): void;
}

/**
 * One cluster's API. Every method throws `ApiError` where the server refuses, `EngineError` `cluster-unreachable`
 * where it does not answer (30 s for each request), and the signal's reason when aborted. `failureKind` tells
 * what an error means for a sync.
 */
export interface KubeApi {
  readonly discovery: Discovery;
  /** HTTP requests sent so far, without those that (re)open a watch. */
  readonly requests: number;
  /** Who the cluster is: the uid of its `kube-system` namespace. */
  identity(signal: AbortSignal): Promise<{ readonly uid: string }>;
  /** Undefined only where the server says that this very object is not there. */
  get(type: ResourceType, ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | undefined>;
  /** All pages. */
  list(type: ResourceType, options: ListOptions, signal: AbortSignal): Promise<ListResult>;
  /** Server-side apply as manager `strata`; unknown fields are refused. */
  apply(
    type: ResourceType,
    object: KubeObject,
    options: ApplyOptions,
    signal: AbortSignal,
  ): Promise<ApplyResult>;
  create(type: ResourceType, object: KubeObject, signal: AbortSignal): Promise<KubeObject>;
  /** Puts `object` where its `metadata.resourceVersion` is still the newest; else 409. */
  replace(type: ResourceType, object: KubeObject, signal: AbortSignal): Promise<KubeObject>;
  jsonPatch(
    type: ResourceType,
    ref: ObjectRef,
    patch: readonly PatchStep[],
    signal: AbortSignal,
  ): Promise<KubeObject>;
  /** `accepted` does not mean gone: finalizers may hold it. `absent`: it was not there. */
  delete(
    type: ResourceType,
    ref: ObjectRef,
    options: DeleteOptions,
    signal: AbortSignal,
  ): Promise<"accepted" | "absent">;
  watch(type: ResourceType, selection: Selection, handlers: WatchHandlers): Watch;
  /** Ends all watches and connections. */
  close(): Promise<void>;
}

/**
 * What a failed request means for a sync: `not-yet` may succeed by itself later, `conflict` (409) after looking again,
 * `wrong` only when someone changes something, `unreachable` is about the cluster or its credentials, not the object.
 */
export type FailureKind = "not-yet" | "conflict" | "wrong" | "unreachable";
