import type { Json, JsonObject } from "../../../engine/model/kube-object.ts";

type PatchKind = "json-patch" | "merge-patch" | "strategic-merge-patch";

/** One request of a sequence. Bodies are without apiVersion, kind and metadata.name, which the sequence gives. */
export type Step =
  | { readonly verb: "create" | "replace"; readonly manager: string; readonly body: JsonObject }
  | {
      readonly verb: "apply";
      readonly manager: string;
      readonly force?: boolean;
      readonly subresource?: "status";
      readonly body: JsonObject;
    }
  | { readonly verb: PatchKind; readonly manager: string; readonly subresource?: "status"; readonly body: Json };

export interface Sequence {
  readonly name: string;
  readonly resource: Resource;
  readonly steps: readonly Step[];
}

export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
}

/** What a real API server answered to a step. */
export interface Recorded {
  readonly step: Step;
  /** The object before the step. */
  readonly live?: JsonObject;
  readonly status: number;
  /** The object after the step, or the Status of a refusal. */
  readonly answer: JsonObject;
  /** The server's clock at the step, as in managedFields. */
  readonly now: string;
}

export interface Recording {
  readonly kubernetes: string;
  readonly resource: Resource;
  readonly steps: readonly Recorded[];
}
