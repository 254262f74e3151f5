import { isDeepStrictEqual } from "node:util";
import {
  applyServerSide,
  asStored,
  describeManager,
  jsonPatch,
  mergePatch,
  resetFields,
  strategicMergePatch,
  updateManaged,
} from "../../engine/merge/index.ts";
import { EngineError } from "../../engine/model/errors.ts";
import { isJsonObject, type Json, type KubeObject } from "../../engine/model/kube-object.ts";
import { namespaceOf, textAt, uidOf, withMetadata } from "../store/parts.ts";
import type { Store } from "../store/store.ts";
import { type ResourceDefinition, resourceKey } from "../store/types.ts";
import { withSchemaDefaults } from "./custom-values.ts";
import { withDefaults } from "./defaults.ts";
import { groupVersion } from "./registry.ts";
import { alreadyExists, badRequest, conflict, notFound, StatusError } from "./status-error.ts";
import { refuseMisfits } from "./refuse-misfits.ts";
import { asNew, keepOther, nextGeneration } from "./server-fields.ts";
import { ServiceAddresses } from "./service-addresses.ts";
import { validateObject } from "./validate-object.ts";

/** Which object, of which kind; `subresource` is empty for the object itself. */
export interface Target {
  readonly definition: ResourceDefinition;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

export interface WriteOptions {
  readonly manager: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  /** Refuse fields that the schema does not know. */
  readonly strict?: boolean;
}

export interface Written {
  readonly object: KubeObject;
  readonly created: boolean;
  /** What was wrong with the request without failing it: fields that were left out. */
  readonly warnings: readonly string[];
}

export type PatchType = "json" | "merge" | "strategic";

/** Reads and writes objects by the rules of the Kubernetes API: the one way in, for clients and controllers alike. */
export class Objects {
  readonly store: Store;
  readonly #now: () => Date;
  readonly addresses: ServiceAddresses;

  constructor(store: Store, now: () => Date) {
    this.store = store;
    this.#now = now;
    this.addresses = new ServiceAddresses(store);
  }

  get(target: Target): KubeObject {
    return this.find(target) ?? this.#missing(target);
  }

  find({ definition, namespace, name }: Target): KubeObject | undefined {
    const found = this.store.get(resourceKey(definition), namespace, name);
    return found === undefined ? undefined : { ...found, apiVersion: groupVersion(definition) };
  }

  create(target: Target, body: KubeObject, options: WriteOptions): Written {
    if (this.find(target) !== undefined) throw alreadyExists(target.definition, target.name);
    const warnings = refuseMisfits(target.definition, body, options.strict === true);
    const { status, ...rest } = known(target, body);
    const split = target.definition.subresources.includes("status");
    const sent = split || status === undefined ? rest : { ...rest, status };
    const complete = this.#complete(target, asNew(target, sent as KubeObject, this.#time())); // only status is gone
    const managed = this.#managed(target, undefined, complete, options);
    return { object: this.#store(target, undefined, managed, options), created: true, warnings };
  }

  update(target: Target, body: KubeObject, options: WriteOptions): Written {
    const before = this.get(target);
    const warnings = refuseMisfits(target.definition, body, options.strict === true);
    return { object: this.#replace(target, before, known(target, body), options), created: false, warnings };
  }

  patch(target: Target, type: PatchType, patch: Json, options: WriteOptions): Written {
    const before = this.get(target);
    const after = this.#patched(target, before, type, patch);
    const warnings = refuseMisfits(target.definition, after, options.strict === true);
    return { object: this.#replace(target, before, known(target, after), options), created: false, warnings };
  }

  apply(target: Target, config: KubeObject, options: WriteOptions): Written {
    const { definition, subresource } = target;
    const live = this.find(target);
    if (live === undefined && subresource !== "") throw notFound(definition, target.name);
    refuseStale(target, live, config);
    const namespaced = definition.namespaced ? { namespace: target.namespace } : {};
    const sent: KubeObject = {
      ...config,
      metadata: { ...config.metadata, ...namespaced, name: target.name },
    };
    const gvk = { group: definition.group, version: definition.version, kind: definition.kind };
    const outcome = guard(target, () =>
      applyServerSide({
        live: live === undefined ? undefined : live,
        config: sent,
        manager: options.manager,
        force: options.force === true,
        now: this.#time(),
        schema: definition.schema,
        ...(subresource === "" ? {} : { subresource }),
        ...(definition.subresources.includes("status")
          ? { reset: resetFields(gvk, subresource === "" ? undefined : subresource) }
          : {}),
        complete: (merged) =>
          live === undefined
            ? this.#complete(target, asNew(target, merged, this.#time()))
            : this.#complete(target, keepOther(target, live, merged)),
      }),
    );
    if (outcome.outcome === "conflict") {
      const causes = outcome.conflicts.map((one) => ({
        reason: "FieldManagerConflict",
        message: `conflict with ${describeManager(one)}`,
        field: one.path,
      }));
      throw new StatusError(409, "Conflict", outcome.message, { causes });
    }
    if (!outcome.changed && live !== undefined) return { object: live, created: false, warnings: [] };
    const object = this.#store(target, live, outcome.object, options);
    return { object, created: outcome.created, warnings: [] };
  }

  /** Stores what is there after a write, or removes it where the last finalizer of a deleted object is gone. */
  #store(
    target: Target,
    before: KubeObject | undefined,
    after: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    validateObject(target.definition, after, before);
    this.#refuseEndingNamespace(target, before);
    const generation = nextGeneration(target, before, after);
    const next = withMetadata(after, generation === undefined ? {} : { generation });
    if (before !== undefined && isDeepStrictEqual(withoutVersion(before), withoutVersion(next)))
      return before;
    if (options.dryRun === true) return next;
    const key = resourceKey(target.definition);
    const ending = textAt(next, "metadata", "deletionTimestamp") !== "";
    const held = Array.isArray(next.metadata.finalizers) && next.metadata.finalizers.length > 0;
    if (before !== undefined && ending && !held && next.kind !== "Namespace")
      return this.store.remove(key, next);
    return this.store.put(key, next);
  }

  #replace(target: Target, before: KubeObject, body: KubeObject, options: WriteOptions): KubeObject {
    refuseStale(target, before, body);
    const merged = this.#complete(target, keepOther(target, before, body));
    return this.#store(target, before, this.#managed(target, before, merged, options), options);
  }

  #patched(target: Target, before: KubeObject, type: PatchType, patch: Json): KubeObject {
    const custom = target.definition.openApi !== undefined;
    if (type === "strategic" && custom) {
      throw new StatusError(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
      );
    }
    return guard(target, () => {
      if (type === "json") return jsonPatch(before, patch) as KubeObject; // a patched object keeps what makes it one, or fails validation
      if (!isJsonObject(patch)) throw badRequest("the patch must be an object");
      if (type === "merge") return mergePatch(before, patch) as KubeObject; // as above
      return strategicMergePatch(before, patch, target.definition.schema) as KubeObject; // as above
    });
  }

  #managed(
    target: Target,
    before: KubeObject | undefined,
    after: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    const { definition, subresource } = target;
    const gvk = { group: definition.group, version: definition.version, kind: definition.kind };
    return updateManaged({
      before,
      after,
      manager: options.manager,
      now: this.#time(),
      schema: definition.schema,
      ...(subresource === "" ? {} : { subresource }),
      ...(definition.subresources.includes("status")
        ? { reset: resetFields(gvk, subresource === "" ? undefined : subresource) }
        : {}),
    });
  }

  #complete(target: Target, object: KubeObject): KubeObject {
    const { openApi } = target.definition;
    if (openApi !== undefined) return withSchemaDefaults(object, openApi) as KubeObject; // a schema's defaults add fields
    return withDefaults(object, this.addresses);
  }

  #refuseEndingNamespace({ definition, namespace, name }: Target, before: KubeObject | undefined): void {
    if (before !== undefined || !definition.namespaced) return;
    const found = this.store.get("/namespaces", "", namespace);
    if (found === undefined) throw notFound({ group: "", plural: "namespaces" }, namespace);
    if (textAt(found, "metadata", "deletionTimestamp") === "") return;
    const kind = definition.group === "" ? definition.plural : `${definition.plural}.${definition.group}`;
    const message = `${kind} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`;
    throw new StatusError(403, "Forbidden", message, {
      name,
      group: definition.group,
      kind: definition.plural,
      causes: [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    });
  }

  #missing({ definition, name }: Target): never {
    throw notFound(definition, name);
  }

  #time(): string {
    return this.#now()
      .toISOString()
      .replace(/\.\d+Z$/, "Z");
  }
}

/** Who names a resourceVersion or uid means that state of that object, and no other. */
function refuseStale({ definition, name }: Target, before: KubeObject | undefined, body: KubeObject): void {
  const version = textAt(body, "metadata", "resourceVersion");
  if (before !== undefined && version !== "" && version !== textAt(before, "metadata", "resourceVersion")) {
    throw conflict(
      definition,
      name,
      "the object has been modified; please apply your changes to the latest version and try again",
    );
  }
  const uid = uidOf(body);
  if (uid === "" || uid === (before === undefined ? "" : uidOf(before))) return;
  throw conflict(
    definition,
    name,
    before === undefined
      ? `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
      : `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${uidOf(before)}`,
  );
}

/** The object without what its kind does not have, as the API server keeps it. */
function known({ definition }: Target, object: KubeObject): KubeObject {
  return asStored(object, definition.schema) as KubeObject; // what makes it an object is of every kind
}

function withoutVersion(object: KubeObject): KubeObject {
  return withMetadata({ ...object, apiVersion: "" }, { resourceVersion: undefined });
}

/** Turns what the merge refuses into what the API server answers, in its words. */
function guard<T>(target: Target, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.code !== "invalid-config") throw new StatusError(422, "Invalid", error.message);
    const { definition, namespace, name } = target;
    const object = `${namespace}/${name}; ${groupVersion(definition)}, Kind=${definition.kind}`;
    throw new StatusError(500, "", `failed to create typed patch object (${object}): ${error.message}`);
  }
}

export function targetOf(definition: ResourceDefinition, object: KubeObject, subresource = ""): Target {
  return {
    definition,
    namespace: definition.namespaced ? namespaceOf(object) : "",
    name: object.metadata.name,
    subresource,
  };
}
