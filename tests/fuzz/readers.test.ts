import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyOverride,
  mergeOverride,
  overriddenPaths,
  parseOverridePath,
  schemasAmong,
} from "../../engine/merge/index.ts";
import { Cluster } from "../../engine/model/cluster.ts";
import { parseFilter } from "../../engine/model/filter.ts";
import { Lock } from "../../engine/model/lock.ts";
import { Profile } from "../../engine/model/profile.ts";
import { Settings } from "../../engine/model/settings.ts";
import { ignoreFaults, markIgnored } from "../../engine/render/ignore-in-layer.ts";
import { renderLayer } from "../../engine/render/render-layer.ts";
import { textWithoutNotes } from "../../engine/repo/content-id.ts";
import { parseCommit, parseTag, parseTree } from "../../engine/repo/git/parse-objects.ts";
import { parseKind } from "../../engine/repo/parse-kind.ts";
import { parseRef } from "../../engine/repo/paths.ts";
import { decodeRevision } from "../../engine/repo/versions/revision-message.ts";
import { readManifests, readPatches } from "../../engine/yaml/index.ts";
import { hostileBytes, hostileText } from "./hostile-text.ts";
import { CLUSTERS, LOCKS, MANIFESTS, OVERRIDES, PROFILES, SETTINGS } from "./samples.ts";
import { expectKnown, survives } from "./survives.ts";

const FILE = { file: "a.yaml" };
const RUNS = { numRuns: 600 };

describe("files of one kind", () => {
  test.each([
    ["profile.yaml", Profile, PROFILES],
    ["cluster.yaml", Cluster, CLUSTERS],
    ["strata.lock", Lock, LOCKS],
    ["strata.yaml", Settings, SETTINGS],
  ] as const)("%s", (file, schema, samples) => {
    for (const sample of samples) expect(parseKind<unknown>(sample, file, schema).problems).toEqual([]);
    fc.assert(
      fc.property(hostileBytes(samples), (bytes) => {
        const read = survives(() => parseKind<unknown>(bytes, file, schema));
        read?.problems.forEach(expectKnown);
        expect(read?.value === undefined).toBe(read?.problems.length !== 0);
        // What is read is a record of its own: nothing in it comes from a prototype that the text named.
        expect(Object.getPrototypeOf(read?.value ?? {})).toBe(Object.prototype);
      }),
      RUNS,
    );
  });

  test("the text of a profile.yaml without its notes", () => {
    fc.assert(
      fc.property(hostileText(PROFILES), (text) => {
        survives(() => textWithoutNotes(text));
      }),
      RUNS,
    );
  });
});

test("manifests: each document is an object or a problem, and what was read can be written as JSON", () => {
  fc.assert(
    fc.property(hostileBytes(MANIFESTS), (bytes) => {
      const read = survives(() => readManifests(bytes, FILE));
      read?.problems.forEach(expectKnown);
      for (const { object, position } of read?.manifests ?? []) {
        const text = JSON.stringify(object);
        expect(text.length).toBeLessThan(20 * 1024 * 1024);
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
        expect(position(["metadata", "name"]).line).toBeGreaterThan(0);
      }
    }),
    RUNS,
  );
});

test("a layer is rendered whole or not at all", () => {
  const layer = {
    name: "web",
    type: "manifest",
    ignore: [{ object: { kind: "Deployment" }, path: "spec.replicas" }],
  } as const;
  fc.assert(
    fc.property(
      fc.array(hostileBytes(MANIFESTS), { maxLength: 3 }),
      hostileText(["spec.a[name=x].b"]),
      (files, path) => {
        const sources = files.map((data, index) => ({ path: `f${index}.yaml`, mode: "100644", data }));
        const named = {
          ...layer,
          ignore: [...layer.ignore, { object: { kind: "Deployment" }, path: path || "x" }],
        };
        const rendered = survives(() => renderLayer("p", named, sources, { layerTimeout: "10m" }));
        rendered?.problems.forEach(expectKnown);
        if (rendered?.layer === undefined) expect(rendered?.problems.length).not.toBe(0);
        else {
          const desired = rendered.layer;
          const schemaOf = schemasAmong(desired.objects.map(({ object }) => object));
          const faults = survives(() => ignoreFaults(desired, schemaOf)) ?? [];
          for (const { problem } of faults) expectKnown(problem);
          if (faults.every(({ problem }) => problem.severity === "warning"))
            survives(() => markIgnored(desired, schemaOf));
        }
      },
    ),
    RUNS,
  );
});

test("overrides over manifests, both hostile", () => {
  fc.assert(
    fc.property(hostileText(MANIFESTS), hostileText(OVERRIDES), (text, patch) => {
      const objects = (survives(() => readManifests(text, FILE))?.manifests ?? []).map(
        ({ object }) => object,
      );
      const read = survives(() => readPatches(patch, FILE));
      read?.problems.forEach(expectKnown);
      const override = (read?.documents ?? []).map(({ object }) => object);
      const schemaOf = survives(() => schemasAmong(objects));
      if (schemaOf === undefined) return;
      const result = survives(() => applyOverride(objects, override, schemaOf));
      result?.problems.forEach(expectKnown);
      expect(JSON.stringify(result ?? null).length).toBeLessThan(20 * 1024 * 1024);
      survives(() => mergeOverride({ base: objects, theirs: objects, override, schemaOf }));
      survives(() => overriddenPaths(objects, override, schemaOf));
    }),
    RUNS,
  );
});

test("objects of Git, refs, messages, paths and filters", () => {
  const samples = ["tree abc\nparent def\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nMessage\n"];
  const names = [
    "refs/tags/profiles/hello/1.0.0",
    "refs/tags/revisions/hello/1.0.0/7",
    "refs/heads/versions/hello/1.0.0",
  ];
  const words = [
    'tags is "a b" and (health is not healthy or name contains x)',
    "spec.containers[name=a].env[=1]",
  ];
  fc.assert(
    fc.property(
      hostileBytes(samples),
      hostileText([...names, ...words, "source: tag\nevent: released\n\nHello\n"]),
      (bytes, text) => {
        const data = Buffer.from(bytes);
        survives(() => parseTree(data, 20));
        survives(() => parseCommit("ab".repeat(20), data));
        survives(() => parseTag(data));
        survives(() => parseRef(text));
        survives(() => decodeRevision(text));
        survives(() => parseOverridePath(text));
        survives(() => parseFilter(text));
      },
    ),
    RUNS,
  );
});
