import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tempDir } from "./temp-git.ts";

/** What the stand-in does, by the name of the host; on all others it runs what Git asks for, on this machine. */
const SCRIPT = String.raw`#!/bin/sh
while :; do
  case $1 in
    -G) exit 0 ;;
    -[opil]) shift 2 ;;
    -*) shift ;;
    *) break ;;
  esac
done
host=${"${1#*@}"}
printf '%s|%s|%s|%s\n' "$1" "$2" "$SSH_AUTH_SOCK" "$MARK" >>"$(dirname "$0")/calls"
case $host in
  nowhere) echo "ssh: Could not resolve hostname nowhere: Name or service not known" >&2; exit 255 ;;
  off) echo "ssh: connect to host off port 4013: Connection refused" >&2; exit 255 ;;
  denied) echo "git@denied: Permission denied (publickey)." >&2; exit 255 ;;
  private) echo "ERROR: Repository not found." >&2; exit 1 ;;
  stranger) printf 'No ED25519 host key is known for stranger.\r\nHost key verification failed.\r\n' >&2; exit 255 ;;
  silent) echo $$ >"$(dirname "$0")/pid"; exec sleep 600 ;;
  readonly) case $2 in git-receive-pack*)
    echo "ERROR: The key you are authenticating with has been marked as read only." >&2; exit 1 ;;
  esac ;;
esac
exec sh -c "$2"
`;

export interface SshStandIn {
  /** Path of the program; its name is ssh. */
  readonly program: string;
  /** How it was called so far: host, command, the agent's socket and $MARK. */
  calls(): Promise<{ host: string; command: string; agent: string; mark: string }[]>;
  /** Of the one that is silent; undefined until it runs. */
  pid(): Promise<number | undefined>;
}

/** A stand-in for the program ssh, as in Git's own tests: it runs the command on this machine, or fails as ssh does. */
export async function sshStandIn(): Promise<SshStandIn> {
  const folder = await tempDir();
  const program = join(folder, "ssh");
  await writeFile(program, SCRIPT);
  await chmod(program, 0o755);
  const read = (name: string) => readFile(join(folder, name), "utf8").catch(() => "");
  return {
    program,
    calls: async () =>
      (await read("calls")).split("\n").flatMap((line) => {
        const [host = "", command = "", agent = "", mark = ""] = line.split("|");
        return line === "" ? [] : [{ host, command, agent, mark }];
      }),
    pid: async () => Number.parseInt(await read("pid"), 10) || undefined,
  };
}
