import { stringify } from "yaml";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { configMap, deployment, namespace, service } from "../apply/world.ts";
import { definition, secret, widget } from "../faults/fleet.ts";

/** What a version of the profile holds. The value is of no other content, but for copies in other versions. */
export interface Content {
  readonly value: number;
  /** The same of the layer `web`, which an edit may leave as it is. */
  readonly web: number;
  /** Names of those of {@link PARTS} that it has, sorted. */
  readonly parts: readonly string[];
}

/** Values of the settings that a cluster has over its profile. */
export type Override = Readonly<Record<string, string>>;

export const PROFILE = "app";
export const BASE_FILE = `profiles/${PROFILE}/base/objects.yaml`;
const WEB_FILE = `profiles/${PROFILE}/web/objects.yaml`;

const BASE_PARTS = ["map-1", "map-2", "map-3", "map-4", "map-5", "map-6", "token-1", "token-2"];
const WEB_PARTS = ["service-1", "service-2", "web-1", "web-2", "widget-1", "widget-2"];
export const PARTS: readonly string[] = [...BASE_PARTS, ...WEB_PARTS];

/** The content after this one: with another value, and with up to four parts more or less. */
export function changed(content: Content, value: number, pick: number, layers: "base" | "all"): Content {
  const known = layers === "base" ? BASE_PARTS : PARTS;
  const toggled = new Set(
    Array.from({ length: pick % 5 }, (_, index) => known[(pick >>> (4 * index + 3)) % known.length]),
  );
  const web = layers === "base" ? content.web : value;
  return { value, web, parts: PARTS.filter((part) => content.parts.includes(part) !== toggled.has(part)) };
}

/** The objects of the layer `base` as a cluster runs them. @param name of the namespace */
export function baseObjects(name: string, content: Content, override: Override = {}): KubeObject[] {
  const value = String(content.value);
  return [
    namespace(name),
    definition(groupOf(name)),
    configMap(name, "settings", { value, ...override }),
    ...content.parts.filter((part) => BASE_PARTS.includes(part)).map((part) => partOf(name, part, value)),
  ];
}

export function webObjects(name: string, content: Content): KubeObject[] {
  const value = String(content.web);
  const parts = content.parts.filter((part) => WEB_PARTS.includes(part));
  return [service(name, "always"), ...parts.map((part) => partOf(name, part, value))];
}

function partOf(name: string, part: string, value: string): KubeObject {
  const [kind] = part.split("-");
  switch (kind) {
    case "token":
      return secret(name, part, Buffer.from(value).toString("base64"));
    case "service":
      return service(name, part);
    case "web":
      return deployment(name, part, `web:${Number(value) % 3}`);
    case "widget":
      return widget(name, groupOf(name), part, Number(value));
    default:
      return configMap(name, part, { value });
  }
}

function groupOf(name: string): string {
  return `${name}.example.com`;
}

export function textOf(objects: readonly KubeObject[]): string {
  return objects.map((object) => stringify(object)).join("---\n");
}

/** All files of the profile. */
export function profileFiles(name: string, version: string, content: Content): Record<string, string> {
  return {
    [`profiles/${PROFILE}/profile.yaml`]: `apiVersion: strata.dev/v1alpha1
kind: Profile
metadata:
  name: ${PROFILE}
spec:
  version: ${version}
  type: add-on
  layers:
    - { name: base, type: manifest }
    - { name: web, type: manifest }
`,
    [BASE_FILE]: textOf(baseObjects(name, content)),
    [WEB_FILE]: textOf(webObjects(name, content)),
  };
}
