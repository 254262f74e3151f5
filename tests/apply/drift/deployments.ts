import fc from "fast-check";
import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";

const texts = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2"), { maxKeys: 3 });

const containers = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("web", "log", "side"),
    image: fc.constantFrom("x:1", "x:2"),
    ports: fc.uniqueArray(
      fc.record({ containerPort: fc.constantFrom(80, 81, 82), protocol: fc.constantFrom("TCP", "UDP") }),
      { selector: ({ containerPort, protocol }) => `${containerPort}/${protocol}`, maxLength: 3 },
    ),
    env: fc.uniqueArray(
      fc.record({ name: fc.constantFrom("A", "B", "C"), value: fc.constantFrom("1", "2") }),
      {
        selector: ({ name }) => name,
        maxLength: 3,
      },
    ),
    args: fc.array(fc.constantFrom("-v", "-q"), { maxLength: 2 }),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
);

/** Deployments as a layer has them; all of one name. */
export const deployments: fc.Arbitrary<KubeObject> = fc
  .record({ labels: texts, replicas: fc.nat({ max: 3 }), containers })
  .map(({ labels, replicas, containers: list }) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", labels },
    spec: { replicas, selector: { matchLabels: { app: "web" } }, template: { spec: { containers: list } } },
  }));

/** The live object with the content of another; what the server alone writes stays. */
export function withContent(live: KubeObject, content: KubeObject): KubeObject {
  const labels = content.metadata.labels as JsonObject;
  return { ...live, metadata: { ...live.metadata, labels }, spec: content.spec as JsonObject };
}
