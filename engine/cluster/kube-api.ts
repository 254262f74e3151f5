import { EngineError } from "../model/errors.ts";
import { describeId, type KubeObject, objectIdOf } from "../model/kube-object.ts";
import { type AccessSource, fixedAccess, type ServerAddress } from "./access.ts";
import { answeredObject } from "./answer-json.ts";
import { ApiError, isAbsent } from "./api-error.ts";
import { createDiscovery, type DefinesGroup } from "./discovery.ts";
import { jsonBody } from "./json-body.ts";
import { isSecret, listAll } from "./list.ts";
import { call, type Subject } from "./requests.ts";
import { collectionPath, objectPath, query } from "./resource-path.ts";
import { type ApiRequest, DEFAULT_TIMING, type Timing, Transport } from "./transport.ts";
import type { ApplyResult, DeleteOptions, KubeApi, ObjectRef, ResourceType } from "./types.ts";
import { startWatch } from "./watch.ts";

/** The field manager of everything that is applied. */
export const FIELD_MANAGER = "strata";

const NAMESPACE: ResourceType = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
  verbs: ["get"],
};

const JSON_TYPE = { "content-type": "application/json" };

/** The API of a server that is known by its address, as the sandbox is. */
export function connectServer(address: ServerAddress, timing: Timing = DEFAULT_TIMING): KubeApi {
  return createKubeApi(fixedAccess(address), timing);
}

/** The API behind an access; nothing is asked before the first call. */
export function createKubeApi(source: AccessSource, timing: Timing): KubeApi {
  const transport = new Transport(source, timing);
  const definesGroup: DefinesGroup = (group, signal) => anyDefines(api, group, signal);
  const discovery = createDiscovery(transport, definesGroup);
  const askFor = async (request: ApiRequest, subject: Subject, signal: AbortSignal): Promise<KubeObject> =>
    answeredObject((await call(transport, request, subject, signal)).body, subject.object);
  const api: KubeApi = {
    discovery,
    get requests() {
      return transport.sent;
    },

    async identity(signal) {
      const system = await api.get(NAMESPACE, { namespace: "", name: "kube-system" }, signal);
      const uid = system?.metadata.uid;
      if (typeof uid === "string") return { uid };
      throw new EngineError("cluster-unidentified", "the cluster has no namespace kube-system to know it by");
    },

    async get(type, ref, signal) {
      try {
        const request = { method: "GET", path: objectPath(type, ref) } as const;
        return await askFor(request, aboutRef(type, ref), signal);
      } catch (error) {
        if (isAbsent(error, ref.name)) return undefined;
        throw error;
      }
    },

    list: (type, options, signal) => listAll(transport, type, options, signal),

    async apply(type, object, options, signal): Promise<ApplyResult> {
      const parameters = query({
        fieldManager: FIELD_MANAGER,
        fieldValidation: "Strict",
        force: String(options.force),
        dryRun: options.dryRun === true ? "All" : undefined,
      });
      const request = {
        method: "PATCH",
        path: `${objectPath(type, refOf(object))}${parameters}`,
        headers: { "content-type": "application/apply-patch+yaml" },
        body: jsonBody(object),
      } as const;
      const subject = about(type, object);
      const { body, status } = await call(transport, request, subject, signal);
      return { object: answeredObject(body, subject.object), created: status === 201 };
    },

    async create(type, object, signal) {
      const path = `${collectionPath(type, refOf(object).namespace)}${WRITE}`;
      const request = { method: "POST", path, headers: JSON_TYPE, body: jsonBody(object) } as const;
      return askFor(request, about(type, object), signal);
    },

    async replace(type, object, signal) {
      const path = `${objectPath(type, refOf(object))}${WRITE}`;
      const request = { method: "PUT", path, headers: JSON_TYPE, body: jsonBody(object) } as const;
      return askFor(request, about(type, object), signal);
    },

    async jsonPatch(type, ref, patch, signal) {
      const request = {
        method: "PATCH",
        path: `${objectPath(type, ref)}${WRITE}`,
        headers: { "content-type": "application/json-patch+json" },
        body: jsonBody(patch),
      } as const;
      return askFor(request, aboutRef(type, ref), signal);
    },

    async delete(type, ref, options, signal) {
      const request = {
        method: "DELETE",
        path: objectPath(type, ref),
        headers: JSON_TYPE,
        body: jsonBody(deleteBody(options)),
      } as const;
      try {
        await call(transport, request, aboutRef(type, ref), signal);
        return "accepted";
      } catch (error) {
        if (isAbsent(error, ref.name)) return "absent";
        throw error;
      }
    },

    watch: (type, selection, handlers) => startWatch(transport, type, selection, handlers),
    close: () => transport.close(),
  };
  return api;
}

const WRITE = query({ fieldManager: FIELD_MANAGER });

function deleteBody(options: DeleteOptions): object {
  const { uid, resourceVersion, propagationPolicy } = options;
  const preconditions = { uid, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  return { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy, preconditions };
}

function refOf(object: KubeObject): ObjectRef {
  const { namespace, name } = objectIdOf(object);
  return { namespace, name };
}

function about(type: ResourceType, object: KubeObject): Subject {
  return aboutRef(type, refOf(object));
}

function aboutRef(type: ResourceType, ref: ObjectRef): Subject {
  const { group, kind, namespaced } = type;
  const namespace = namespaced ? ref.namespace : "";
  return { object: describeId({ group, kind, namespace, name: ref.name }), secret: isSecret(type) };
}

/** Whether a CRD or an APIService of `group` is in the cluster; undefined where they cannot be listed. */
async function anyDefines(api: KubeApi, group: string, signal: AbortSignal): Promise<boolean | undefined> {
  if (group === "") return undefined;
  const definitions: ResourceType[] = [];
  for (const [definer, kind, needed] of DEFINERS) {
    if (group === definer) return undefined;
    const found = await api.discovery.resolve({ group: definer, kind }, signal);
    if (found.state === "served") definitions.push(found.type);
    else if (needed || isBuiltIn(group)) return undefined;
  }
  try {
    for (const type of definitions) {
      const { items } = await api.list(type, { metadataOnly: true }, signal);
      if (items.some((item) => item.metadata.name.endsWith(`.${group}`))) return true;
    }
    return false;
  } catch (error) {
    if (error instanceof ApiError || (error instanceof EngineError && error.code === "cluster-unreachable")) {
      return undefined;
    }
    throw error;
  }
}

/** No CRD brings a group of Kubernetes itself: its name has no dot, or ends as theirs do. */
function isBuiltIn(group: string): boolean {
  return !group.includes(".") || group.endsWith(".k8s.io");
}

/** Names of CRDs are `<plural>.<group>`, of APIServices `<version>.<group>`. */
const DEFINERS = [
  ["apiextensions.k8s.io", "CustomResourceDefinition", true],
  ["apiregistration.k8s.io", "APIService", false],
] as const;
