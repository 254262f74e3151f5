import type { KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, textAt } from "../store/parts.ts";
import { badRequest } from "./status-error.ts";

export type Selects = (object: KubeObject) => boolean;

/** Reads a label selector as kubectl's `-l` writes it. Throws a 400. */
export function parseLabelSelector(text: string): Selects {
  const tests = splitOutsideParens(text).map(parseLabelTest);
  return (object) => {
    const labels = mapAt(object, "metadata", "labels");
    return tests.every((test) => test(labels));
  };
}

type LabelTest = (labels: Readonly<Record<string, unknown>>) => boolean;

function parseLabelTest(text: string): LabelTest {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    const isIn = (labels: Readonly<Record<string, unknown>>) => values.some((value) => labels[key] === value);
    return operator === "in" ? isIn : (labels) => !isIn(labels);
  }
  const pair = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(text);
  if (pair !== null) {
    const [, key = "", operator, value = ""] = pair;
    return (labels) => (labels[key] === value) === (operator !== "!=");
  }
  if (/^![^\s!]+$/.test(text)) return (labels) => !Object.hasOwn(labels, text.slice(1));
  if (/^[^\s!=]+$/.test(text)) return (labels) => Object.hasOwn(labels, text);
  throw badRequest(`unable to parse requirement: ${text}`);
}

function splitOutsideParens(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const FIELDS = new Set(
  "metadata.name metadata.namespace spec.nodeName status.phase type reason involvedObject.name involvedObject.namespace involvedObject.uid involvedObject.kind".split(
    " ",
  ),
);

/** Reads a field selector of the fields that the sandbox indexes. Throws a 400 for others, as the API server does. */
export function parseFieldSelector(text: string): Selects {
  const tests = text
    .split(",")
    .filter((part) => part !== "")
    .map((part) => {
      const [, field = "", operator, value = ""] = /^([^=!]+)(==|=|!=)(.*)$/.exec(part) ?? [];
      if (!FIELDS.has(field)) throw badRequest(`field label not supported: ${field === "" ? part : field}`);
      return (object: KubeObject) => (textAt(object, ...field.split(".")) === value) === (operator !== "!=");
    });
  return (object) => tests.every((test) => test(object));
}
