/** What the exit codes of `strata` mean. */
export const EXIT_CODES = {
  ok: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  unreachable: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export const EXIT_CODE_MEANINGS: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: 0, meaning: "done; for `sync` and `--wait`: and all clusters are healthy, or deleted whole" },
  {
    code: 1,
    meaning: "failed: problems were found, a cluster is not healthy, or something unexpected happened",
  },
  {
    code: 2,
    meaning: "the command line is wrong: an unknown command, option or name, or a value that is not valid",
  },
  {
    code: 3,
    meaning:
      "refused because of the repository's state: dirty files, a lost race, something that exists or is in use",
  },
  { code: 4, meaning: "the engine, the remote or a cluster cannot be reached, or lets nobody in" },
  { code: 130, meaning: "interrupted" },
];

const USAGE =
  /^usage$|^(name|tag|version|filter|message|timeout|request|confirmation)-(invalid|empty)$|-(unknown|ambiguous)$/;

const REFUSED = new Set([
  "branch-owns-version",
  "change-conflict",
  "cluster-deleting",
  "cluster-exists",
  "cluster-not-orphaned",
  "deletion-not-requested",
  "deletion-too-young",
  "dirty-files",
  "edit-empty",
  "edit-of-comments",
  "edit-unchanged",
  "engine-running",
  "git-identity-missing",
  "layer-gone",
  "lock-unresolved",
  "main-not-a-commit",
  "override-orphaned",
  "plan-invalid",
  "plan-outdated",
  "profile-attached",
  "profile-exists",
  "profile-not-attached",
  "push-refused",
  "ref-name-taken",
  "ref-race",
  "repository-missing",
  "rollback-nowhere",
  "folder-not-empty",
  "repository-foreign",
  "repository-unsupported",
  "unpushed-commits",
  "update-none",
  "version-deleted",
  "version-exists",
  "version-in-use",
  "version-not-deleted",
  "version-not-on-main",
  "version-on-main",
]);

const UNREACHABLE = new Set([
  "cluster-unreachable",
  "engine-not-running",
  "engine-unreachable",
  "remote-access-denied",
  "remote-unreachable",
  "remote-untrusted",
  "unauthorized",
]);

/** The exit code for an error by its stable code; `failed` for all that have no place in the table. */
export function exitCodeFor(code: string): ExitCode {
  if (REFUSED.has(code)) return EXIT_CODES.refused;
  if (UNREACHABLE.has(code)) return EXIT_CODES.unreachable;
  return USAGE.test(code) ? EXIT_CODES.usage : EXIT_CODES.failed;
}

/** The table as text, for `strata help exit-codes`. */
export function renderExitCodes(): string {
  const lines = EXIT_CODE_MEANINGS.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}\n`);
  return `Exit codes:\n${lines.join("")}`;
}
