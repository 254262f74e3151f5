import { describe, expect, it } from "vitest";
import { fieldDrift } from "../../../engine/apply/drift/field-drift.ts";
import { moveItemsPatch } from "../../../engine/apply/drift/move-items.ts";
import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import { applied, patched, updated } from "./pure-server.ts";

const web = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop", labels: { app: "web" } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" }, creationTimestamp: null },
      spec: {
        containers: [
          { name: "web", image: "web:1", ports: [{ containerPort: 80 }], resources: {} },
          { name: "log", image: "log:1", env: [{ name: "LEVEL", value: "info" }] },
        ],
      },
    },
  },
};

/** The Deployment with other first-container fields and other replicas. */
function withChange(live: KubeObject, container: JsonObject, spec: JsonObject = {}): KubeObject {
  const template = web.spec.template;
  const [first, ...rest] = template.spec.containers;
  const containers = [{ ...first, ...container }, ...rest];
  const changed = { ...web.spec, ...spec, template: { ...template, spec: { containers } } };
  return { ...live, spec: changed };
}

function changed(container: JsonObject, spec: JsonObject = {}, manager = "kubectl-edit"): KubeObject {
  const live = applied(undefined, web);
  return updated(live, withChange(live, container, spec), manager);
}

describe("what differs from what was applied", () => {
  it("is nothing right after an apply, whatever others add", () => {
    const live = applied(undefined, web);
    expect(fieldDrift(web, live)).toMatchObject({ fields: [], managers: [], items: [] });
    const more = changed({ ports: [{ containerPort: 80 }, { containerPort: 9090 }], command: ["sh"] });
    expect(fieldDrift(web, more)).toMatchObject({ fields: [], managers: [], items: [] });
  });

  it("is a value that another manager set, with its name", () => {
    expect(fieldDrift(web, changed({ image: "web:2" }, { replicas: 5 }))).toMatchObject({
      fields: [".spec.replicas", '.spec.template.spec.containers[name="web"].image'],
      managers: ["kubectl-edit"],
    });
  });

  it("is a value that another manager applied", () => {
    const theirs = { ...web, spec: { ...web.spec, replicas: 7 } };
    const live = applied(applied(undefined, web), theirs, "other");
    expect(fieldDrift(web, live)).toMatchObject({ fields: [".spec.replicas"], managers: ["other"] });
  });

  it("is a field that is gone, and then nobody's", () => {
    const live = applied(undefined, web);
    const { labels: _, ...metadata } = live.metadata;
    expect(
      fieldDrift(web, updated(live, { ...live, metadata: { ...metadata, name: "web" } }, "x")),
    ).toMatchObject({
      fields: [".metadata.labels.app"],
      managers: [],
    });
  });

  it("is a value that somebody applied under our own name", () => {
    const live = applied(applied(undefined, web), { ...web, spec: { ...web.spec, replicas: 7 } });
    expect(fieldDrift(web, live)).toMatchObject({ fields: [".spec.replicas"], managers: [] });
  });

  it("is an item whose key changed, and who changed it", () => {
    expect(fieldDrift(web, changed({ ports: [{ containerPort: 81 }] }))).toMatchObject({
      fields: ['.spec.template.spec.containers[name="web"].ports[containerPort=80]'],
      managers: ["kubectl-edit"],
    });
  });
});

describe("the items that took the place of ours", () => {
  function healed(live: KubeObject): KubeObject {
    const { items, holdings } = fieldDrift(web, live);
    return applied(patched(live, moveItemsPatch(live, items, holdings)), web);
  }
  const containers = (object: KubeObject) =>
    (object.spec as unknown as typeof web.spec).template.spec.containers;

  it("are moved into our entry, so that the next apply takes them away", () => {
    const live = changed({ ports: [{ containerPort: 81 }] });
    expect(containers(applied(live, web))[0]?.ports).toHaveLength(2); // what a plain apply does
    expect(containers(healed(live))).toEqual(containers(applied(undefined, web)));
  });

  it("are those of this list alone: a sidecar and others' env stay", () => {
    const live = changed({ ports: [{ containerPort: 81 }], env: [{ name: "THEIRS", value: "1" }] });
    const more = updated(
      live,
      {
        ...live,
        spec: {
          ...web.spec,
          template: {
            ...web.spec.template,
            spec: { containers: [...containers(live), { name: "sidecar", image: "side:1" }] },
          },
        },
      },
      "injector",
    );
    expect(containers(healed(more))).toMatchObject([
      { name: "web", ports: [{ containerPort: 80 }], env: [{ name: "THEIRS" }] },
      { name: "log" },
      { name: "sidecar" },
    ]);
  });

  it("are not those that another manager applies", () => {
    const [first] = web.spec.template.spec.containers;
    const ports = [{ containerPort: 82 }];
    const theirs = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "shop" },
      spec: {
        selector: web.spec.selector,
        template: { spec: { containers: [{ name: "web", image: first?.image ?? "", ports }] } },
      },
    };
    const both = applied(applied(undefined, web), theirs, "other");
    const [container] = containers(both);
    const live = updated(
      both,
      withChange(both, { ...container, ports: [{ containerPort: 81 }, ...ports] }),
      "x",
    );
    expect(containers(healed(live))[0]?.ports).toEqual(
      expect.arrayContaining([{ containerPort: 80 }, { containerPort: 82 }]),
    );
    expect(containers(healed(live))[0]?.ports).toHaveLength(2);
  });

  it("are found where items leave out a key that the server fills in", () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "dns", namespace: "shop" },
      spec: {
        ports: [
          { name: "udp", port: 53, protocol: "UDP" },
          { name: "tcp", port: 53 },
        ],
      },
    };
    const live = applied(undefined, service);
    expect(fieldDrift(service, live).fields).toEqual([]);
    const spec = {
      ports: [
        { name: "udp", port: 53, protocol: "UDP" },
        { name: "tcp", port: 54, protocol: "TCP" },
      ],
    };
    const drift = fieldDrift(service, updated(live, { ...live, spec }, "kubectl-edit"));
    expect(drift.fields).toEqual([".spec.ports[port=53]"]);
    expect(drift.items).toHaveLength(1);
  });
});
