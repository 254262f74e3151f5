import { expect, test } from "vitest";
import { exitCodeOf } from "../../cli/sync-with-progress.ts";
import { unsettled } from "../../cli/unsettled.ts";
import type { ClusterView } from "../../engine/model/view.ts";

function view(name: string, changes: Partial<ClusterView>): ClusterView {
  const empty = { tags: [], connection: "sandbox", profiles: [], overrides: [], urls: [] };
  return { name, health: "healthy", message: "", lastSync: null, blockedBy: [], ...empty, ...changes };
}

const WHOLE = { left: [], kept: ["PersistentVolumeClaim a/data: it holds data"], released: ["Namespace a"] };

test.each<[string, Partial<ClusterView>, number | undefined]>([
  ["healthy", {}, undefined],
  ["being deleted", { health: "deleting" }, 1],
  ["deleted, with what is kept on purpose", { health: "deleted", leftovers: WHOLE }, undefined],
  ["deleted in part", { health: "deleted", leftovers: { ...WHOLE, left: ["Service a/web"] } }, 1],
])("waiting for a cluster that is %s ends with its code", (_what, changes, code) => {
  expect(exitCodeOf([view("one", {}), view("two", changes)])).toBe(code);
});

test("what is not settled is named by what holds it up, of very many the first", () => {
  const problem = { code: "prune-waiting", message: "held", object: "Service a/web" };
  const held = view("one", { health: "deleting", message: "web: held", blockedBy: [problem] });
  const slow = view("two", { health: "progressing", message: "web/web: 1/2 ready" });
  expect(unsettled([held, slow, view("three", {})])).toEqual([
    { ...problem, message: "one: held" },
    { code: "not-settled", message: "two is progressing: web/web: 1/2 ready", severity: "warning" },
  ]);
  const many = unsettled(Array.from({ length: 25 }, () => slow));
  expect(many).toHaveLength(21);
  expect(many.at(-1)?.message).toBe("and 5 more reasons");
});
