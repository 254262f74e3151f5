import type { DesiredLayer } from "../../engine/model/desired.ts";
import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { configMap, deployment, layer, namespace, service } from "../apply/world.ts";

/** A profile of two layers and its update, which adds, changes and removes objects of every sort. */
export interface Update {
  readonly before: readonly DesiredLayer[];
  readonly after: readonly DesiredLayer[];
  /** What `after` no longer has. */
  readonly leaving: readonly KubeObject[];
  /** What `after` has and `before` has not. */
  readonly coming: readonly KubeObject[];
}

/** What the Secrets hold, before and after. */
export const SECRET_VALUES: RegExp = /b25l|dHdv|c2VjcmV0/;

/** @param name begins the names of all that is outside of the namespace `name` */
export function updateOf(name: string): Update {
  const group = `${name}.example.com`;
  const leaving = [
    configMap(name, "leaving", { value: "1" }),
    service(name, "leaving"),
    deployment(name, "leaving"),
    widget(name, group, "leaving", 1),
    namespace(`${name}-leaving`),
  ];
  const coming = [
    configMap(name, "coming", { value: "1" }),
    secret(name, "coming", "c2VjcmV0"),
    deployment(name, "coming"),
    widget(name, group, "coming", 1),
  ];
  const [leavingMap, leavingService, leavingWeb, leavingWidget, leavingSpace] = leaving as Five;
  const [comingMap, comingSecret, comingWeb, comingWidget] = coming as Five;
  const base = [namespace(name), definition(group)];
  return {
    before: [
      layer("base", [
        ...base,
        leavingSpace,
        configMap(name, "settings", { value: "1", old: "1" }),
        secret(name, "token", "b25l"),
        leavingMap,
      ]),
      layer("app", [
        deployment(name, "web", "web:1"),
        service(name, "web"),
        widget(name, group, "one", 1),
        leavingService,
        leavingWeb,
        leavingWidget,
      ]),
    ],
    after: [
      layer("base", [
        ...base,
        configMap(name, "settings", { value: "2", new: "2" }),
        secret(name, "token", "dHdv"),
        comingMap,
        comingSecret,
      ]),
      layer("app", [
        deployment(name, "web", "web:2", 2),
        service(name, "web"),
        widget(name, group, "one", 2),
        comingWeb,
        comingWidget,
      ]),
    ],
    leaving,
    coming,
  };
}

/** As many as the lists above have; destructuring tells no length. */
type Five = [KubeObject, KubeObject, KubeObject, KubeObject, KubeObject];

export function secret(inNamespace: string, name: string, token: string): KubeObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: inNamespace }, data: { token } };
}

export function widget(inNamespace: string, group: string, name: string, size: number): KubeObject {
  return {
    apiVersion: `${group}/v1`,
    kind: "Widget",
    metadata: { name, namespace: inNamespace },
    spec: { size },
  };
}

export function definition(group: string): KubeObject {
  const size: JsonObject = { type: "integer" };
  const schema = { type: "object", properties: { spec: { type: "object", properties: { size } } } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}
