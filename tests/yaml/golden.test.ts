import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readManifests } from "../../engine/yaml/index.ts";
import { INPUTS } from "./golden/inputs.ts";

/** Made by `node scripts/generate-yaml-golden.ts` from kubectl itself. */
const Table = z.record(
  z.string(),
  z.union([z.strictObject({ objects: z.array(z.string()) }), z.strictObject({ refused: z.string() })]),
);
const table = Table.parse(JSON.parse(readFileSync(new URL("golden/kubectl.json", import.meta.url), "utf8")));

function strata(manifest: string | Uint8Array): { refused: string } | { objects: unknown[] } {
  const { manifests, problems } = readManifests(manifest, { file: "a.yaml" });
  const [problem] = problems;
  if (problem === undefined) return { objects: manifests.map(({ object }) => object) };
  expect(problem.file).toBe("a.yaml");
  expect(problem.line).toBeGreaterThan(0);
  expect(problem.column).toBeGreaterThan(0);
  return { refused: problem.code };
}

function kubectl(name: string): { refused: true } | { objects: unknown[] } {
  const outcome = table[name];
  if (outcome === undefined) throw new Error("not in the table: run `node scripts/generate-yaml-golden.ts`");
  return "refused" in outcome
    ? { refused: true }
    : { objects: outcome.objects.map((text): unknown => JSON.parse(text)) };
}

test("the table and the inputs are of one generation", () => {
  expect(Object.keys(table)).toEqual(INPUTS.map(({ name }) => name));
});

describe("as kubectl", () => {
  for (const { name, manifest, differs } of INPUTS) {
    if (differs !== undefined) continue;
    test(name, () => {
      const ours = strata(manifest);
      expect("refused" in ours ? { refused: true } : ours).toEqual(kubectl(name));
    });
  }
});

describe("otherwise than kubectl", () => {
  for (const { name, manifest, differs } of INPUTS) {
    if (differs === undefined) continue;
    test(`${name}: ${differs.why}`, () => {
      const ours = strata(manifest);
      expect(ours).toEqual(
        typeof differs.strata === "string" ? { refused: differs.strata } : { objects: differs.strata },
      );
      expect("refused" in ours ? { refused: true } : ours, "no longer a difference").not.toEqual(
        kubectl(name),
      );
    });
  }
});
