import { Agent } from "undici";
import { jsonLines } from "../../engine/cluster/json-lines.ts";
import { readWatchEvent } from "../../engine/cluster/watch-event.ts";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { z } from "zod";
import type { TargetCluster } from "../support/cluster-targets.ts";

const Observed = z.object({
  metadata: z.object({ name: z.string(), generation: z.number() }),
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) }),
  }),
  status: z.object({ observedGeneration: z.number().default(0) }).default({ observedGeneration: 0 }),
});

/** Resolves when so many Deployments of a namespace have an image and their controller has seen that. */
export async function observedDeployments(
  cluster: TargetCluster,
  namespace: string,
  count: number,
  image: string,
): Promise<void> {
  const done = new Set<string>();
  await watchObjects(cluster, `/apis/apps/v1/namespaces/${namespace}/deployments`, (object) => {
    const { metadata, spec, status } = Observed.parse(object);
    const isNew = spec.template.spec.containers[0]?.image === image;
    if (isNew && status.observedGeneration >= metadata.generation) done.add(metadata.name);
    return done.size >= count;
  });
}

/** Watches a collection until `isDone` says so. */
export async function watchObjects(
  { server, token, ca }: TargetCluster,
  path: string,
  isDone: (object: KubeObject) => boolean,
): Promise<void> {
  const agent = new Agent(ca === undefined ? {} : { connect: { ca } });
  try {
    const answer = await agent.request({
      origin: server,
      path: `${path}?watch=true`,
      method: "GET",
      headers: { authorization: `Bearer ${token}` },
    });
    for await (const line of jsonLines(answer.body)) {
      const event = readWatchEvent(line);
      if (event.type === "upsert" && isDone(event.object)) return;
    }
    throw new Error(`the watch of ${path} ended`);
  } finally {
    await agent.destroy();
  }
}
