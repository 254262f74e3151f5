import { isDeepStrictEqual } from "node:util";
import { overriddenPaths, type SchemaOf } from "../merge/index.ts";
import { describeId, type KubeObject, type ObjectId } from "../model/kube-object.ts";

/** Git shows so many columns of a subject in full. */
const WIDTH = 72;

interface ObjectPath {
  readonly object: ObjectId;
  readonly path: string;
}

/** What an edit of a cluster's overrides in one layer leads from and to. */
interface OverrideChange {
  readonly cluster: string;
  readonly base: readonly KubeObject[];
  readonly before: readonly KubeObject[];
  readonly after: readonly KubeObject[];
  readonly schemaOf: SchemaOf;
}

/** The subject of a commit that changes overrides: its first place, and how many more there are. */
export function overrideSubject({ cluster, base, before, after, schemaOf }: OverrideChange): string {
  const [was, is] = [before, after].map((override) => {
    const paths = overriddenPaths(base, override, schemaOf);
    return new Map(paths.map((one) => [`${describeId(one.object)} ${one.path}`, one]));
  });
  const set = [...(is ?? [])].filter(([key, one]) => !isDeepStrictEqual(was?.get(key), one));
  const gone = [...(was ?? [])].filter(([key]) => is?.has(key) !== true);
  const places = [...set, ...gone].map(([, one]) => one);
  return set.length === 0 ? dropSubject(cluster, places) : subjectOf("Override", cluster, places);
}

/** The subject of a commit that gives places back to the profile. */
export function dropSubject(cluster: string, places: readonly ObjectPath[]): string {
  return subjectOf("Drop the override of", cluster, places);
}

/** The first of its forms that fits, from the most telling on. */
function subjectOf(verb: string, cluster: string, places: readonly ObjectPath[]): string {
  const [first] = places;
  if (first === undefined) return `${verb} nothing on ${cluster}`;
  const { object, path } = first;
  const name = `${object.kind} ${object.name}`;
  const more = places.length > 1 ? ` and ${places.length - 1} more` : "";
  const field = /(?<=\.)[^.[\]"]+$/.exec(path)?.[0];
  const whats =
    path === ""
      ? [name]
      : [`${path} of ${name}`, ...(field === undefined ? [] : [`${field} of ${name}`]), name];
  const forms = whats.map((what) => `${verb} ${what}${more} on ${cluster}`);
  return forms.find((form) => form.length <= WIDTH) ?? forms.at(-1) ?? "";
}
