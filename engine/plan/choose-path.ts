import { type ChosenPath, formatOverridePath, parseOverridePath } from "../merge/index.ts";
import { EngineError } from "../model/errors.ts";
import { describeId, type ObjectId } from "../model/kube-object.ts";
import { shellWord } from "../model/shell-word.ts";

/** An overridden path, and the layer that it is in. */
export interface LayerPath extends ChosenPath {
  readonly layer: string;
}

/** So many paths are named where a text fits none or many. */
const NAMED = 10;

/**
 * The overridden path that a user's text stands for, or all that is overridden below it: `spec.replicas` where one
 * object has it, else with the object before it as lists print it (`Deployment.apps hello/web spec.replicas`), or an
 * object alone for all of it; `<layer>: ` before that where two layers have the same. Throws `path-unknown` and
 * `path-ambiguous`, each naming what there is.
 */
export function choosePath(paths: readonly LayerPath[], text: string): LayerPath {
  const wanted = text.trim();
  const said = paths.flatMap((one) => {
    const path = pathIn(one, wanted);
    return path === undefined ? [] : [{ one, path }];
  });
  const exact = said.filter(({ one, path }) => one.path === path);
  const found = exact.length > 0 ? exact : said.filter(({ one, path }) => isBelow(one.path, path));
  const chosen = new Map(
    found.map(({ one, path }) => [`${one.layer}: ${describeId(one.object)}`, { ...one, path }]),
  );
  const [first] = chosen.values();
  if (first !== undefined && chosen.size === 1) return first;
  if (first !== undefined) {
    throw new EngineError("path-ambiguous", `${chosen.size} objects are overridden at "${wanted}"`, {
      hint: `say which: ${nameAll([...chosen.values()])}`,
    });
  }
  // Those that are like it come first
  const [like, other] = [true, false].map((isLike) =>
    paths.filter((one) => fullPath(one).includes(wanted) === isLike),
  );
  const known = nameAll([...(like ?? []), ...(other ?? [])]);
  throw new EngineError("path-unknown", `nothing is overridden at "${wanted}"`, {
    hint: known === "" ? "the cluster overrides nothing there" : `overridden are ${known}`,
  });
}

/** A path with its object, as lists print it. */
export function fullPath({ object, path }: { readonly object: ObjectId; readonly path: string }): string {
  return path === "" ? describeId(object) : `${describeId(object)} ${path}`;
}

/** The place in the object of an overridden path that a text would name; undefined where it speaks of another object. */
function pathIn({ layer, object }: LayerPath, wanted: string): string | undefined {
  const text = wanted.startsWith(`${layer}: `) ? wanted.slice(layer.length + 2) : wanted;
  const id = describeId(object);
  if (text === id) return "";
  const path = canonical(text.startsWith(`${id} `) ? text.slice(id.length + 1) : text);
  return path === "" ? undefined : path;
}

/** A path as lists print it, however its quotes and keys were written, with or without a dot before it. */
function canonical(text: string): string {
  try {
    return formatOverridePath(parseOverridePath(text.trim().replace(/^\./, "")));
  } catch (error) {
    if (error instanceof EngineError) return text;
    throw error;
  }
}

function isBelow(path: string, above: string): boolean {
  if (above === "") return true;
  return path.startsWith(above) && /^[.[]/.test(path.slice(above.length));
}

function nameAll(paths: readonly LayerPath[]): string {
  const names = paths.map((one) => {
    const isTwice = paths.some((other) => other.layer !== one.layer && fullPath(other) === fullPath(one));
    return shellWord(isTwice ? `${one.layer}: ${fullPath(one)}` : fullPath(one));
  });
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return names.slice(0, NAMED).join(", ") + more;
}
