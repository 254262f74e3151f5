import { EngineError } from "../model/errors.ts";
import type { ListOptions, ObjectRef, ResourceType } from "./types.ts";

type Kind = Pick<ResourceType, "group" | "version" | "plural" | "namespaced">;

/** The URL path of all objects of a kind, in one namespace where one is given. */
export function collectionPath(type: Kind, namespace?: string): string {
  const root = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const inside = type.namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : "";
  return `${root}${inside}/${type.plural}`;
}

/** The URL path of one object. Throws EngineError `name-invalid` for what would lead elsewhere. */
export function objectPath(type: Kind, ref: ObjectRef): string {
  return `${collectionPath(type, ref.namespace)}/${segment(ref.name)}`;
}

/** A query string with `?`, of what is defined; empty where nothing is. */
export function query(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

/** The selectors of a list or a watch as query parameters. */
export function selectors(options: ListOptions): Record<string, string | undefined> {
  return { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector };
}

function segment(name: string): string {
  if (name === "" || name === "." || name === "..") {
    throw new EngineError("name-invalid", `"${name}" cannot be the name of a Kubernetes object`);
  }
  return encodeURIComponent(name);
}
