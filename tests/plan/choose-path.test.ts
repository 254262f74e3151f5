import { expect, test } from "vitest";
import { EngineError } from "../../engine/model/errors.ts";
import { shellWord } from "../../engine/model/shell-word.ts";
import { choosePath, type LayerPath } from "../../engine/plan/choose-path.ts";

const deployment = { group: "apps", kind: "Deployment", namespace: "app", name: "web" };
const service = { group: "", kind: "Service", namespace: "app", name: "web" };
const config = { group: "", kind: "ConfigMap", namespace: "app", name: "odd" };
const IMAGE = "spec.template.spec.containers[name=web].image";
const PORT = "spec.ports[port=53,protocol=UDP].targetPort";
const ODD = `data["it's"]`;

const PATHS: readonly LayerPath[] = [
  { layer: "web", object: deployment, path: "spec.replicas" },
  { layer: "web", object: deployment, path: IMAGE },
  { layer: "web", object: deployment, path: `metadata.labels["example.com/a"]` },
  { layer: "web", object: service, path: `metadata.labels["example.com/a"]` },
  { layer: "web", object: service, path: PORT },
  { layer: "extra", object: config, path: ODD },
  { layer: "extra", object: config, path: "data.twice" },
  { layer: "web", object: config, path: "data.twice" },
];

test.each([
  ["spec.replicas", "Deployment", "spec.replicas"],
  [" .spec.replicas ", "Deployment", "spec.replicas"],
  ["Deployment.apps app/web spec.replicas", "Deployment", "spec.replicas"],
  ['spec.template.spec.containers[name="web"].image', "Deployment", IMAGE],
  ["spec.template", "Deployment", "spec.template"],
  ["Deployment.apps app/web", "Deployment", ""],
  ["spec.ports[protocol=UDP,port=53].targetPort", "Service", PORT],
  ["spec.ports[port=53,protocol=UDP]", "Service", "spec.ports[port=53,protocol=UDP]"],
  ["Service app/web metadata", "Service", "metadata"],
  [ODD, "ConfigMap", ODD],
  ["web: data.twice", "ConfigMap", "data.twice"],
  ["extra: ConfigMap app/odd", "ConfigMap", ""],
])("%s is a path of a %s", (text, kind, path) => {
  expect(choosePath(PATHS, text)).toMatchObject({ object: { kind }, path });
});

test.each([
  [`metadata.labels["example.com/a"]`, ["Deployment.apps app/web", "Service app/web"]],
  ["metadata", ["Deployment.apps app/web metadata", "Service app/web metadata"]],
  ["spec", ["Deployment.apps app/web spec", "Service app/web spec"]],
  ["data.twice", ["extra: ConfigMap app/odd data.twice", "web: ConfigMap app/odd data.twice"]],
  ["ConfigMap app/odd", ["extra: ConfigMap app/odd", "web: ConfigMap app/odd"]],
])("%s may be more than one, and each is named", (text, named) => {
  const error = refused(text);
  expect(error).toMatchObject({ code: "path-ambiguous" });
  for (const name of named) expect(error.hint).toContain(`'${name}`);
  // Every name in the hint is an answer
  for (const name of quoted(error.hint ?? "")) expect(choosePath(PATHS, name).path).toBeDefined();
});

test.each([
  "spec.replica",
  "",
  ".",
  "spec.ports[",
  "Deployment.apps app/other spec.replicas",
  "Deployment.apps app/web spec.nope",
  "web spec.replicas",
  "spec.template.spec.containers[name=we].image",
  "data['it's']",
  "$(reboot)",
])("%j is nothing that is overridden", (text) => {
  expect(refused(text)).toMatchObject({
    code: "path-unknown",
    hint: expect.stringContaining("overridden are '"),
  });
});

test("of many paths those are named that are like what was said", () => {
  const many = Array.from({ length: 300 }, (_, index): LayerPath => {
    return { layer: "web", object: config, path: `data.key${index}` };
  });
  const { hint = "" } = refused("key299", many);
  expect(hint).toMatch(/^overridden are 'ConfigMap app\/odd data\.key299', /);
  expect(hint).toMatch(/ and 290 more$/);
  expect(refused("x", []).hint).toBe("the cluster overrides nothing there");
});

test("a path in a hint can be pasted into a shell", () => {
  expect(shellWord(ODD)).toBe(String.raw`'data["it'\''s"]'`);
});

function refused(text: string, paths = PATHS): EngineError {
  try {
    choosePath(paths, text);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error(`"${text}" was taken`);
}

function quoted(hint: string): string[] {
  return [...hint.matchAll(/'([^']*)'/g)].map(([, name]) => name ?? "");
}
