const LOW = 400_000;
const HIGH = 4_000_000;

/**
 * Counts the nodes of a document, those behind aliases again at each use, and says when too many of them come from
 * aliases. Source: allowedAliasRatio() of go.yaml.in/yaml/v2: 99 % up to 400,000 nodes, 10 % from 4,000,000 on.
 */
export class AliasBudget {
  /** Nodes so far. */
  nodes = 1;
  private fromAliases = 0;

  /** Counts an alias to a value of `size` nodes; false where kubectl gives up. */
  spend(size: number): boolean {
    this.nodes += 1 + size;
    this.fromAliases += size;
    if (this.fromAliases <= 100 || this.nodes <= 1000) return true;
    return this.fromAliases / this.nodes <= allowedRatio(this.nodes);
  }
}

function allowedRatio(nodes: number): number {
  if (nodes <= LOW) return 0.99;
  return nodes >= HIGH ? 0.1 : 0.99 - 0.89 * ((nodes - LOW) / (HIGH - LOW));
}
