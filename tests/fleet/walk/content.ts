import type { Json } from "../../../engine/model/kube-object.ts";

/** What a walk changes in a profile: two layers, of which the second may be missing. */
export interface Content {
  /** In comments alone. */
  readonly note: number;
  readonly replicas: number;
  readonly paused: boolean | null;
  /** The image of the container `proxy`; null where the Deployment does not have it. */
  readonly proxy: number | null;
  /** The ConfigMap of the layer `extra`; null where the profile does not have that layer. */
  readonly extra: { readonly name: "settings" | "options"; readonly mode: number } | null;
}

export const FIRST: Content = {
  note: 0,
  replicas: 2,
  paused: null,
  proxy: 1,
  extra: { name: "settings", mode: 1 },
};

/** Lacks much of what clusters on the first may override. */
export const SECOND: Content = { ...FIRST, proxy: null, extra: { name: "options", mode: 1 } };

export const PROFILE_DIR = "profiles/app";
export const WEB_FILE = "web/app.yaml";
const EXTRA_FILE = "extra/extra.yaml";

/** The files of the profile, by path in its directory; null for one that is not there. */
export function profileFiles(content: Content, version: string): Readonly<Record<string, string | null>> {
  const { extra } = content;
  const layers = extra === null ? ["web"] : ["web", "extra"];
  return {
    "profile.yaml": `apiVersion: strata.dev/v1alpha1
kind: Profile
metadata: { name: app }
spec:
  version: ${version}
  layers:
${layers.map((name) => `    - { name: ${name}, type: manifest }\n`).join("")}`,
    [WEB_FILE]: webText(content),
    [EXTRA_FILE]: extra === null ? null : extraText(extra),
  };
}

/** The first line says what the content is, so that a test need not read the rest. */
export function webText(content: Content): string {
  const { replicas, paused, proxy } = content;
  return `# ${JSON.stringify(content)}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: app
spec:
  replicas: ${replicas} # enough
${paused === null ? "" : `  paused: ${paused}\n`}  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: "web:1"
${proxy === null ? "" : `        - name: proxy\n          image: "proxy:${proxy}"\n`}`;
}

export function readContent(web: string): Content {
  return JSON.parse(web.split("\n", 1)[0]?.slice(2) ?? "") as Content; // as webText wrote it
}

function extraText({ name, mode }: NonNullable<Content["extra"]>): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: app }
data:
  mode: "${mode}"
`;
}

/** What a cluster may override. */
export type Knob = "replicas" | "paused" | "proxy" | "mode";
export type Value = number | boolean;
export type Overrides = ReadonlyMap<Knob, Value>;
export const KNOBS: readonly Knob[] = ["replicas", "paused", "proxy", "mode"];

export const layerOf = (knob: Knob): "web" | "extra" => (knob === "mode" ? "extra" : "web");

/** The value that the profile has there; undefined where it has none. */
export function profileValue(content: Content, knob: Knob): Value | undefined {
  if (knob === "mode") return content.extra?.name === "settings" ? content.extra.mode : undefined;
  return content[knob] ?? undefined;
}

/** Whether the object or list item is there in which a knob is. */
export function hasPlace(content: Content, knob: Knob): boolean {
  if (knob === "mode") return content.extra?.name === "settings";
  return knob !== "proxy" || content.proxy !== null;
}

/** How commands name a knob, where the profile has its place, or had it when it was overridden. */
export const PATHS: Readonly<Record<Knob, string>> = {
  replicas: "Deployment.apps app/web spec.replicas",
  paused: "Deployment.apps app/web spec.paused",
  proxy: "Deployment.apps app/web spec.template.spec.containers[name=proxy].image",
  mode: "ConfigMap app/settings data.mode",
};

/** What a cluster is to run: the content with the overrides over it, layer by layer. */
export function objectsOf(content: Content, overrides: Overrides): readonly Json[] {
  const has = <T>(knob: Knob, otherwise: T) => overrides.get(knob) ?? otherwise;
  const labels = { app: "web" };
  const paused = has("paused", content.paused);
  const proxy = has("proxy", content.proxy);
  const containers = [
    { name: "web", image: "web:1" },
    ...(proxy === null ? [] : [{ name: "proxy", image: `proxy:${String(proxy)}` }]),
  ];
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "app" },
    spec: {
      replicas: has("replicas", content.replicas),
      ...(paused === null ? {} : { paused }),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
  const { extra } = content;
  if (extra === null) return [{ layer: "web", objects: [deployment] }];
  const mode = extra.name === "settings" ? has("mode", extra.mode) : extra.mode;
  const config = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: extra.name, namespace: "app" },
    data: { mode: String(mode) },
  };
  return [
    { layer: "web", objects: [deployment] },
    { layer: "extra", objects: [config] },
  ];
}

/** The text of a layer as it was shown, with one knob set. */
export function setInText(text: string, knob: Knob, value: Value): string {
  switch (knob) {
    case "replicas":
      return text.replace(/^( {2}replicas: )\S+/m, `$1${value}`);
    case "paused":
      return /^ {2}paused: /m.test(text)
        ? text.replace(/^( {2}paused: )\S+/m, `$1${value}`)
        : text.replace(/^ {2}replicas: .*\n/m, `$&  paused: ${value}\n`);
    case "proxy":
      return text.replace(/image: "?proxy:\w+"?/, `image: "proxy:${value}"`);
    case "mode":
      return text.replace(/mode: .*/, `mode: "${value}"`);
  }
}

/** The override files that somebody writes by hand, by layer; null for one that is not needed. */
export function overrideFiles(overrides: Overrides): Readonly<Record<"web" | "extra", string | null>> {
  const line = (knob: Knob, text: string) => (overrides.has(knob) ? text : "");
  const value = (knob: Knob) => String(overrides.get(knob) ?? "");
  const web = [
    line("replicas", `  replicas: ${value("replicas")} # by hand\n`),
    line("paused", `  paused: ${value("paused")}\n`),
    line(
      "proxy",
      `  template:\n    spec:\n      containers:\n        - name: proxy\n          image: "proxy:${value("proxy")}"\n`,
    ),
  ].join("");
  const head = (apiVersion: string, kind: string, name: string) =>
    `# By hand\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: app }\n`;
  return {
    web: web === "" ? null : `${head("apps/v1", "Deployment", "web")}spec:\n${web}`,
    extra: overrides.has("mode")
      ? `${head("v1", "ConfigMap", "settings")}data: { mode: "${value("mode")}" }\n`
      : null,
  };
}
