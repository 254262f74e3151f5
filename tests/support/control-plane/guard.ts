import { spawn } from "node:child_process";
import { once } from "node:events";

/** Reads which processes to watch; at the end of its input it ends them and removes the folder. */
const SCRIPT = `
pids=" "
while read -r action pid; do
  case "$action" in
    watch) pids="$pids$pid " ;;
    release) pids="\${pids%% "$pid" *} \${pids#* "$pid" }" ;;
  esac
done
for pid in $pids; do kill -9 "$pid" 2> /dev/null; done
rm -rf "$1" 2> /dev/null || { sleep 1; rm -rf "$1"; }
`;

/** Ends servers and removes their folder when this process is gone, however it went. */
export interface Guard {
  watch(pid: number): void;
  release(pid: number): void;
  /** Ends what is still watched and removes the folder now. */
  end(): Promise<void>;
}

/** Starts a shell in a session of its own, which lives until this process ends: its standard input closes then. */
export function startGuard(folder: string): Guard {
  const shell = spawn("sh", ["-c", SCRIPT, "strata-control-plane-guard", folder], {
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  const closed = once(shell, "close");
  return {
    watch: (pid) => void shell.stdin.write(`watch ${pid}\n`),
    release: (pid) => void shell.stdin.write(`release ${pid}\n`),
    end: async () => {
      shell.stdin.end();
      await closed;
    },
  };
}
