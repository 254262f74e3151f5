import { API_LAYER, frontEndWithApi } from "./layers.ts";

/** What the tour has learnt so far, for steps that need it. */
export interface TourFacts {
  /** Address of the API's load balancer. */
  readonly apiUrl: string;
  /** The front end's layer as the repository has it. */
  readonly frontEnd: string;
  /** The front end's layer at 1.0.0, as it was released. */
  readonly released: string;
  /** The commit of the cluster's override; empty before there is one. */
  readonly overridden: string;
}

/** One stop of the tour: what it shows, in a sentence, and the command that does it. */
export interface Stop {
  readonly title: string;
  readonly text: string;
  readonly command: readonly string[];
  /** More arguments of the command. */
  readonly more?: (facts: TourFacts) => readonly string[];
  /** Given to the command as its standard input. */
  readonly input?: (facts: TourFacts) => string;
  /** Shows the commit that the command made. */
  readonly shows?: "commit";
}

const FRONT_END = "hello-universe";
const EDIT = ["hello-universe", "--file", "-"];

export const STOPS: readonly Stop[] = [
  {
    title: "A cluster chooses a version",
    text: "One commit adds the cluster and locks the exact content that it may run; the engine sees the commit and applies it.",
    command: ["cluster", "create", "aws-cluster", "--profile", `${FRONT_END}@1.0.0`, "--sandbox", "--wait"],
    shows: "commit",
  },
  {
    title: "A second profile, cloned from the first",
    text: "It begins with the same layer…",
    command: ["profile", "clone", `${FRONT_END}@1.0.0`, "hello-universe-api"],
  },
  {
    title: "…and becomes the API and its database",
    text: "An edit in place is the version's next revision. Revision 1 stays: nothing is ever overwritten.",
    command: ["profile", "edit", "hello-universe-api@1.0.0", ...EDIT],
    input: () => API_LAYER,
  },
  {
    title: "It gets a cluster of its own",
    text: "Two clusters, two sandboxes.",
    command: [
      "cluster",
      "create",
      "aws-cluster-api",
      "--profile",
      "hello-universe-api@1.0.0",
      "--sandbox",
      "--wait",
    ],
  },
  {
    title: "Tags",
    text: "Clusters are found by what they are, not by how they are named.",
    command: ["cluster", "tag", "aws-cluster", "service:hello-universe-frontend"],
  },
  { title: "", text: "", command: ["cluster", "tag", "aws-cluster-api", "service:hello-universe-backend"] },
  {
    title: "A filter",
    text: "",
    command: ["cluster", "list", "--filter", "tags is service:hello-universe-frontend"],
  },
  {
    title: "A new version of the front end",
    text: "It begins with the layers of 1.0.0. No cluster changes: nobody has chosen it yet.",
    command: ["profile", "version", `${FRONT_END}@1.1.0`],
  },
  {
    title: "1.1.0 knows where the API is",
    text: "A newer image, and the address of the other cluster's load balancer.",
    command: ["profile", "edit", `${FRONT_END}@1.1.0`, ...EDIT],
    input: ({ frontEnd, apiUrl }) => frontEndWithApi(frontEnd, apiUrl),
    shows: "commit",
  },
  {
    title: "The cluster takes it",
    text: "Choosing is the approval: one commit, applied at once.",
    command: ["cluster", "use", "aws-cluster", `${FRONT_END}@1.1.0`, "--wait"],
    shows: "commit",
  },
  {
    title: "And back, in one action",
    text: "It runs byte for byte what ran before.",
    command: ["cluster", "rollback", "aws-cluster", "--wait"],
    shows: "commit",
  },
  {
    title: "One cluster is different",
    text: "An override: one replica here, whatever the profile says. The repository keeps that one field.",
    command: ["cluster", "override", "aws-cluster", `${FRONT_END}/${FRONT_END}`, "--file", "-", "--wait"],
    input: ({ released }) => withReplicas(released, 1),
    shows: "commit",
  },
  {
    title: "1.0.0 is updated in place",
    text: "Three replicas, on the version's own branch, as main carries 1.1.0. No cluster changes.",
    command: ["profile", "edit", `${FRONT_END}@1.0.0`, ...EDIT],
    input: ({ released }) => withReplicas(released, 3),
  },
  {
    title: "Exactly the clusters on 1.0.0 have a pending update",
    text: "",
    command: ["updates"],
  },
  {
    title: "What it would do here",
    text: "The profile and the override changed one place: a conflict, and the override stays if nobody says otherwise.",
    command: ["cluster", "updates", "aws-cluster", "--diff"],
  },
  {
    title: "Confirm it, with the right side set to 3",
    text: "What the user makes of the pending text becomes the override. Here nothing is left of it.",
    command: ["cluster", "confirm", "aws-cluster", "--file", "-", "--wait"],
    input: ({ released }) => withReplicas(released, 3),
    shows: "commit",
  },
  {
    title: "The log of a version",
    text: "Every state that ever was, with its author; each can be compared and chosen again.",
    command: ["profile", "history", FRONT_END],
  },
  {
    title: "The revision before the edit runs again",
    text: "Nothing was overwritten: revision 1 is locked and applied as it was released.",
    command: ["cluster", "use", "aws-cluster", `${FRONT_END}@1.0.0`, "--revision", "1", "--wait"],
  },
  {
    title: "So does the cluster with its override",
    text: "Any state of the cluster on main: profile, lock and overrides as they were there.",
    command: ["cluster", "rollback", "aws-cluster", "--wait"],
    more: ({ overridden }) => ["--to", overridden],
  },
  { title: "The fleet", text: "", command: ["status"] },
  {
    title: "The end",
    text: "Clusters are uninstalled layer by layer, then a commit takes their directories away.",
    command: ["cluster", "delete", "aws-cluster", "--confirm", "aws-cluster", "--wait"],
  },
  {
    title: "",
    text: "",
    command: ["cluster", "delete", "aws-cluster-api", "--confirm", "aws-cluster-api", "--wait"],
  },
  {
    title: "A profile that nothing uses can go too",
    text: "Its versions' tags go; its commits and revisions stay, and can be restored.",
    command: ["profile", "delete", "hello-universe-api"],
  },
];

function withReplicas(text: string, count: number): string {
  return text.replace(/replicas: \d+/, `replicas: ${count}`);
}

export const TRY = [
  "strata cluster create mine --profile hello-universe@1.1.0 --sandbox --wait",
  "strata cluster workloads mine",
  "strata profile restore hello-universe-api@1.0.0",
  "strata events --follow",
] as const;
