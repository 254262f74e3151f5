/**
 * Runs the sequences against a real API server and writes its answers beside this file, as what our merge is
 * compared with.
 *
 * Usage: node tests/merge/golden/record.ts <kubeconfig> <context> [<sequence>…]
 */
import { writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { loadKubeconfig } from "../../../engine/cluster/kubeconfig.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../engine/model/kube-object.ts";
import { SEQUENCES } from "./sequences.ts";
import type { Recorded, Resource, Sequence, Step } from "./steps.ts";
import { WIDGET_CRD } from "./widget-crd.ts";

const NAMESPACE = "merge-golden";
const CONTENT_TYPES: Readonly<Record<Step["verb"], string>> = {
  create: "application/json",
  replace: "application/json",
  apply: "application/apply-patch+yaml",
  "json-patch": "application/json-patch+json",
  "merge-patch": "application/merge-patch+json",
  "strategic-merge-patch": "application/strategic-merge-patch+json",
};

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly date: Date;
}
type Call = (method: string, path: string, body?: Json, contentType?: string) => Promise<Answer>;

async function main(kubeconfig: string, context: string, names: readonly string[]): Promise<void> {
  const call = await caller(kubeconfig, context);
  const version = await call("GET", "/version");
  await prepare(call);
  for (const sequence of SEQUENCES) {
    if (names.length > 0 && !names.includes(sequence.name)) continue;
    const steps = await record(call, sequence);
    const head = JSON.stringify({ kubernetes: version.body["gitVersion"], resource: sequence.resource });
    const lines = steps.map((step) => JSON.stringify(step)).join(",\n");
    const text = `${head.slice(0, -1)},"steps":[\n${lines}\n]}\n`;
    writeFileSync(new URL(`${sequence.name}.json`, import.meta.url), text);
    process.stdout.write(`${sequence.name}: ${steps.map(({ status }) => status).join(" ")}\n`);
  }
}

async function prepare(call: Call): Promise<void> {
  await call("POST", "/api/v1/namespaces", { metadata: { name: NAMESPACE } });
  await call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", WIDGET_CRD);
  for (let attempt = 0; attempt < 50; attempt++) {
    const { status } = await call("GET", collection(widgetsOf()));
    if (status === 200) return;
    await delay(200);
  }
  throw new Error("the Widget kind is not served");
}

function widgetsOf(): Resource {
  const found = SEQUENCES.find(({ resource }) => resource.kind === "Widget");
  if (found === undefined) throw new Error("no sequence of Widgets");
  return found.resource;
}

async function record(call: Call, { name, resource, steps }: Sequence): Promise<Recorded[]> {
  const path = `${collection(resource)}/${name}`;
  await call("PATCH", path, { metadata: { finalizers: null } }, CONTENT_TYPES["merge-patch"]);
  await call("DELETE", path);
  const recorded: Recorded[] = [];
  for (const step of steps) {
    // so that the times of two steps differ
    await delay(1100);
    const before = await call("GET", path);
    const { status, body, date } = await send(call, path, { resource, name, step }, before);
    recorded.push({
      step,
      ...(before.status === 200 ? { live: before.body } : {}),
      status,
      answer: body,
      now: newestTime(body, before.body) ?? `${date.toISOString().slice(0, 19)}Z`,
    });
  }
  await call("PATCH", path, { metadata: { finalizers: null } }, CONTENT_TYPES["merge-patch"]);
  await call("DELETE", path);
  return recorded;
}

interface Sent {
  readonly resource: Resource;
  readonly name: string;
  readonly step: Step;
}

function send(call: Call, path: string, { resource, name, step }: Sent, before: Answer): Promise<Answer> {
  const query = new URLSearchParams({ fieldManager: step.manager });
  if (step.verb === "apply" && step.force === true) query.set("force", "true");
  const subresource = "subresource" in step && step.subresource !== undefined ? `/${step.subresource}` : "";
  const isPatch = step.verb.endsWith("patch");
  const version = step.verb === "replace" ? { resourceVersion: resourceVersionOf(before.body) } : {};
  const body = isPatch ? step.body : named(step.body, resource, { name, ...version });
  const [method, target] = step.verb === "create" ? ["POST", collection(resource)] : [step.verb === "replace" ? "PUT" : "PATCH", path];
  return call(method, `${target}${subresource}?${query.toString()}`, body, CONTENT_TYPES[step.verb]);
}

function resourceVersionOf(object: JsonObject): Json {
  return (isJsonObject(object["metadata"]) ? object["metadata"]["resourceVersion"] : undefined) ?? null;
}

function named(body: Json, { group, version, kind }: Resource, identity: JsonObject): JsonObject {
  if (!isJsonObject(body)) throw new Error("the body of a step must be an object");
  const metadata = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  return { apiVersion: group === "" ? version : `${group}/${version}`, kind, ...body, metadata: { ...metadata, ...identity } };
}

function collection({ group, version, plural }: Resource): string {
  return `${group === "" ? "/api" : `/apis/${group}`}/${version}/namespaces/${NAMESPACE}/${plural}`;
}

/** The newest time in the managedFields of an answer, where the object before had none as new. */
function newestTime(after: JsonObject, before: JsonObject): string | undefined {
  const times = (object: JsonObject) =>
    (object["metadata"] as { managedFields?: { time?: string }[] } | undefined)?.managedFields?.map(({ time }) => time ?? "") ?? [];
  const newest = times(after).toSorted().at(-1);
  return newest === undefined || newest === "" || newest <= (times(before).toSorted().at(-1) ?? "") ? undefined : newest;
}

async function caller(kubeconfig: string, context: string): Promise<Call> {
  const config = await loadKubeconfig([kubeconfig]);
  config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error(`no cluster in context ${context}`);
  const options = {};
  await config.applyToHTTPSOptions(options);
  const agent = new Agent({ keepAlive: true, ...options });
  const token = config.getCurrentUser()?.token;
  return (method, path, body, contentType = "application/json") =>
    new Promise((resolve, reject) => {
      const headers = {
        "content-type": contentType,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      };
      const outgoing = request(new URL(path, server), { method, agent, headers }, (incoming) => {
        let text = "";
        incoming.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            body: JSON.parse(text) as JsonObject,
            date: new Date(incoming.headers.date ?? 0),
          }),
        );
      });
      outgoing.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
}

const [kubeconfig, context, ...names] = process.argv.slice(2);
if (kubeconfig === undefined || context === undefined) {
  throw new Error("usage: node tests/merge/golden/record.ts <kubeconfig> <context> [<sequence>…]");
}
await main(kubeconfig, context, names);
