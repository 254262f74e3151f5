import type { KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, uidOf, withMetadata } from "../store/parts.ts";

const UID = "batch.kubernetes.io/controller-uid";

/** Gives a new Job the selector and labels by which it knows its Pods, unless it says that it has its own. */
export function withJobSelector(job: KubeObject): KubeObject {
  const spec = mapAt(job, "spec");
  if (spec.manualSelector === true || mapAt(spec, "selector").matchLabels !== undefined) return job;
  const [uid, { name }] = [uidOf(job), job.metadata];
  const template = mapAt(spec, "template");
  const labels = {
    ...mapAt(template, "metadata", "labels"),
    [UID]: uid,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
  };
  const hasLabels = Object.keys(mapAt(job, "metadata", "labels")).length > 0;
  return withMetadata(
    {
      ...job,
      spec: {
        ...spec,
        selector: { matchLabels: { [UID]: uid } },
        template: { ...template, metadata: { ...mapAt(template, "metadata"), labels } },
      },
    },
    hasLabels ? {} : { labels },
  );
}
