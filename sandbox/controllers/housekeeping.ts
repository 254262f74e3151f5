import { mapAt, mapsAt, uidOf } from "../store/parts.ts";
import { condition } from "./owned.ts";
import type { Controller } from "./types.ts";
import { change, remove } from "./write.ts";

const MANAGER = "kube-controller-manager";

/** Removes what belonged to an object that is gone. */
export const garbage: Controller = ({ before, after }, context) => {
  if (after !== undefined || before === undefined) return;
  const { store } = context.objects;
  for (const resource of store.resources()) {
    for (const object of store.list(resource)) {
      const owners = mapsAt(object, "metadata", "ownerReferences");
      if (owners.length > 0 && owners.every((owner) => owner.uid === uidOf(before))) remove(context, object);
    }
  }
};

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
