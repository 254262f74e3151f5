import { mapAt, mapsAt } from "../store/parts.ts";
import { condition } from "./owned.ts";
import type { Controller } from "./types.ts";
import { change } from "./write.ts";

const MANAGER = "kube-controller-manager";

/** Binds claims and finds APIServices available: at once. */
export const ready: Controller = ({ resource, after }, context) => {
  if (after === undefined) return;
  const has = (type: string) =>
    mapsAt(after, "status", "conditions").some((one) => one.type === type && one.status === "True");
  const now = context.now();
  if (resource === "/persistentvolumeclaims" && mapAt(after, "status").phase !== "Bound") {
    change(
      context,
      after,
      {
        status: {
          phase: "Bound",
          accessModes: mapAt(after, "spec").accessModes ?? [],
          capacity: mapAt(after, "spec", "resources", "requests"),
        },
      },
      MANAGER,
    );
  }
  if (resource === "apiregistration.k8s.io/apiservices" && !has("Available")) {
    change(
      context,
      after,
      { status: { conditions: [condition(after, "Available", true, "Passed", "all checks passed", now)] } },
      "kube-apiserver",
    );
  }
};
