import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import type { ResourceDefinition } from "../store/types.ts";
import { AGE, type Column, NAME } from "./columns/cells.ts";
import { CLUSTER_COLUMNS } from "./columns/cluster.ts";
import { customColumns } from "./columns/custom.ts";
import { NETWORK_COLUMNS } from "./columns/network.ts";
import { WORKLOAD_COLUMNS } from "./columns/workloads.ts";

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  ...WORKLOAD_COLUMNS,
  ...NETWORK_COLUMNS,
  ...CLUSTER_COLUMNS,
};

/** Rows for people (meta.k8s.io/v1 Table), with the columns that a real API server prints; `whole` puts objects into them. */
export function tableOf(
  definition: ResourceDefinition,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  now: Date,
  whole: boolean,
): JsonObject {
  const columns = columnsOf(definition);
  const { resourceVersion = "", continue: more, remainingItemCount: left } = metadata;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: {
      resourceVersion,
      ...(more === undefined ? {} : { continue: more }),
      ...(left === undefined ? {} : { remainingItemCount: left }),
    },
    columnDefinitions: columns.map(({ name, wide }) => ({
      name,
      type: "string",
      format: name === "Name" ? "name" : "",
      description: name,
      priority: wide === true ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.value(object, now)),
      object: whole
        ? object
        : { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata },
    })),
  };
}

function columnsOf(definition: ResourceDefinition): readonly Column[] {
  if (definition.columns !== undefined) return customColumns(definition.columns);
  return COLUMNS[definition.kind] ?? [NAME, AGE];
}
