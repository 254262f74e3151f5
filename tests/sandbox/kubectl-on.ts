import type { Target } from "../support/cluster-targets.ts";

/** The stock kubectl on the first cluster of a target, which must end with 0; words are parted by one space. */
export function kubectlOn({ clusters }: Target): (line: string, stdin?: string) => Promise<string> {
  const [cluster] = clusters;
  if (cluster === undefined) throw new Error("the target has no cluster");
  return async (line, stdin) => {
    const ran = await cluster.kubectl(line.split(" "), stdin === undefined ? {} : { stdin });
    if (ran.code !== 0) throw new Error(`kubectl ${line} ended with ${ran.code}: ${ran.stderr}`);
    return ran.stdout;
  };
}
