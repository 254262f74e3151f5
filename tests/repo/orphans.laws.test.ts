import fc from "fast-check";
import { expect, test } from "vitest";
import { createStateReader } from "../../engine/repo/state.ts";
import { git, openTestRepository, signal, tempRepo, writeFiles } from "../support/temp-git.ts";

const NAMES = ["a", "b", "c"];
const RUNS = 12;

const clusterText = (name: string, context: string, isDeleting: boolean) => `apiVersion: strata.dev/v1alpha1
kind: Cluster
metadata: { name: ${name} }
spec:
  connection: { context: ${context} }
  profiles: []
${isDeleting ? '  deletion: { requestedAt: "2026-01-01T00:00:00Z" }\n' : ""}`;

const name = fc.constantFrom(...NAMES);
const step = fc.oneof(
  fc.record({
    do: fc.constant("write" as const),
    name,
    context: fc.constantFrom("x", "y"),
    isDeleting: fc.boolean(),
  }),
  fc.record({ do: fc.constant("remove" as const), name }),
  fc.record({ do: fc.constant("empty" as const), name }),
  fc.record({ do: fc.constant("rename" as const), name, to: name }),
  fc.record({ do: fc.constant("merge" as const), name }),
  fc.record({ do: fc.constant("back" as const), commits: fc.integer({ min: 1, max: 3 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(dir: string, step: Step): Promise<void> {
  const commit = () => git(dir, "commit", "-q", "--allow-empty", "-am", step.do);
  const folder = "name" in step ? `clusters/${step.name}` : "";
  switch (step.do) {
    case "write":
      await writeFiles(dir, {
        [`${folder}/cluster.yaml`]: clusterText(step.name, step.context, step.isDeleting),
      });
      await git(dir, "add", "-A");
      return void (await commit());
    case "remove":
      await git(dir, "rm", "-rq", "--ignore-unmatch", folder);
      return void (await commit());
    case "empty":
      await writeFiles(dir, { [`${folder}/README.md`]: "" });
      await git(dir, "add", "-A");
      await git(dir, "rm", "-q", "--ignore-unmatch", `${folder}/cluster.yaml`);
      return void (await commit());
    case "rename": {
      const text = await git(dir, "show", `HEAD:${folder}/cluster.yaml`).catch(() => undefined);
      if (text === undefined || step.name === step.to) return;
      await git(dir, "rm", "-rq", folder);
      await writeFiles(dir, {
        [`clusters/${step.to}/cluster.yaml`]: `${text.replace(/name: \w+/, `name: ${step.to}`)}\n`,
      });
      await git(dir, "add", "-A");
      return void (await commit());
    }
    case "merge":
      await git(dir, "switch", "-qc", "side");
      await take(dir, { do: "remove", name: step.name });
      await git(dir, "switch", "-q", "main");
      await commit();
      await git(dir, "merge", "-q", "--no-ff", "-m", "merge", "side");
      return void (await git(dir, "branch", "-qD", "side"));
    case "back":
      await git(dir, "reset", "-q", "--hard", `HEAD~${step.commits}`).catch(() => undefined);
  }
}

test("who looks now and then finds the orphans that one finds who looks at all of history", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(step, fc.boolean()), { minLength: 3, maxLength: 14 }),
      async (steps) => {
        const dir = await tempRepo();
        await writeFiles(
          dir,
          Object.fromEntries(
            NAMES.map((one) => [`clusters/${one}/cluster.yaml`, clusterText(one, one, false)]),
          ),
        );
        await git(dir, "add", "-A");
        await git(dir, "commit", "-q", "-m", "Start");
        const repo = await openTestRepository(dir);
        for (const [each, looks] of [...steps, [{ do: "remove", name: "a" }, true] as const]) {
          await take(dir, each);
          if (!looks) continue;
          const { refs, snapshot } = await repo.load(signal());
          const fresh = createStateReader(repo.git);
          const anew = await fresh.orphansOf((await fresh.read(refs)).snapshot);
          expect(await repo.reader.orphansOf(snapshot)).toEqual(anew);
        }
      },
    ),
    { numRuns: RUNS },
  );
});
