import { describe, expect, it } from "vitest";
import { applySetId } from "../../../engine/apply/inventory/applyset-id.ts";
import { chooseInventory, readInventories } from "../../../engine/apply/inventory/choose.ts";
import {
  type Parent,
  parentName,
  parentObject,
  partObject,
  readParent,
  readPart,
} from "../../../engine/apply/inventory/parent.ts";

const owner = { repository: "a".repeat(40), cluster: "prod" };

function parentOf(of: Partial<Parent> = {}): Parent {
  const name = parentName(of.owner ?? owner);
  return {
    name,
    owner,
    engine: "one",
    turn: 3,
    commit: "c",
    state: "finished",
    parts: 1,
    groupKinds: ["ConfigMap"],
    namespaces: ["a"],
    ...of,
  };
}

function inventoriesOf(...parents: readonly Parent[]): ReturnType<typeof readInventories> {
  return readInventories(parents.flatMap((parent) => [parentObject(parent), partObject(parent.name, 0, "")]));
}

describe("the parent of an inventory", () => {
  it("is read as it was written", () => {
    expect(readParent(parentObject(parentOf()))).toEqual(parentOf());
    expect(
      readParent(parentObject(parentOf({ state: "changing", parts: 4, groupKinds: [], namespaces: [] }))),
    ).toEqual(parentOf({ state: "changing", parts: 4, groupKinds: [], namespaces: [] }));
  });

  it("has the id that KEP-3659 gives its ApplySet", () => {
    // printf 'web.strata-system.ConfigMap.' | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d =
    expect(applySetId("web")).toBe("applyset-qWphl4tDET0yjioIGsu_znwkE7QZ5CVptE9FacLw8kY-v1");
  });

  it("shares no name with the parts of another cluster", () => {
    expect(readPart(partObject("strata-a", 12, "x"))).toEqual({ parent: "strata-a", index: 12, text: "x" });
    expect(parentName({ ...owner, cluster: "a" })).not.toContain(".");
  });
});

describe("choosing an inventory", () => {
  const everywhere = { isDirectory: (): boolean => true, takesOver: false };

  it("takes the one of this repository and directory", () => {
    const choice = chooseInventory(inventoriesOf(parentOf()), owner, everywhere);
    expect(choice).toMatchObject({ kind: "own", inventory: { parent: parentOf() } });
  });

  it("refuses a directory of that name of another repository", () => {
    const other = { repository: "b".repeat(40), cluster: "prod" };
    const choice = chooseInventory(inventoriesOf(parentOf({ owner: other })), owner, everywhere);
    expect(choice).toEqual({ kind: "foreign", repository: other.repository });
  });

  it("takes over from another repository when told to, unless it has one of its own", () => {
    const other = parentOf({ name: "other", owner: { repository: "b".repeat(40), cluster: "prod" } });
    const takesOver = { ...everywhere, takesOver: true };
    expect(chooseInventory(inventoriesOf(other), owner, takesOver)).toMatchObject({
      kind: "own",
      inventory: { parent: { name: "other" } },
    });
    const both = [...inventoriesOf(other), ...inventoriesOf(parentOf())];
    expect(chooseInventory(both, owner, takesOver)).toMatchObject({ inventory: { parent: parentOf() } });
  });

  it("leaves alone what another directory of the repository has in the same cluster", () => {
    const sibling = parentOf({ owner: { ...owner, cluster: "staging" } });
    const choice = chooseInventory(inventoriesOf(sibling), owner, everywhere);
    expect(choice).toEqual({ kind: "none", name: parentName(owner) });
  });

  it("takes over from a directory that is gone, and leaves that name to its next owner", () => {
    const renamed = parentOf({ owner: { ...owner, cluster: "old" } });
    const choice = chooseInventory(inventoriesOf(renamed), owner, {
      isDirectory: (cluster) => cluster !== "old",
      takesOver: false,
    });
    expect(choice).toMatchObject({ kind: "own", inventory: { parent: { name: renamed.name } } });

    const taken = { ...renamed, owner };
    const next = chooseInventory(inventoriesOf(taken), { ...owner, cluster: "old" }, everywhere);
    expect(next).toEqual({ kind: "none", name: parentName({ ...owner, cluster: "old" }, 2) });
  });
});
