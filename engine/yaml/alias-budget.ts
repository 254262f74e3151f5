const LOW = 400_000;
const HIGH = 4_000_000;

/** Characters that aliases may stand for, all together: as many as a file may have. */
const MAX_CHARACTERS = 10 * 1024 * 1024;

/** How much a value is, what is behind its own aliases included. */
export interface Size {
  readonly nodes: number;
  readonly characters: number;
}

/**
 * Counts the nodes of a document, those behind aliases again at each use, and says when too many of them come from
 * aliases. Source: allowedAliasRatio() of go.yaml.in/yaml/v2: 99 % up to 400,000 nodes, 10 % from 4,000,000 on.
 * The characters behind aliases are bounded too: a few nodes can stand for any amount of text.
 */
export class AliasBudget {
  /** Nodes so far. */
  nodes = 1;
  /** Characters of scalars so far. */
  characters = 0;
  private fromAliases = 0;
  private aliasedCharacters = 0;

  /** Counts an alias to a value of that size; false where it is too much. */
  spend({ nodes, characters }: Size): boolean {
    this.nodes += 1 + nodes;
    this.fromAliases += nodes;
    this.characters += characters;
    this.aliasedCharacters += characters;
    if (this.aliasedCharacters > MAX_CHARACTERS) return false;
    if (this.fromAliases <= 100 || this.nodes <= 1000) return true;
    return this.fromAliases / this.nodes <= allowedRatio(this.nodes);
  }
}

function allowedRatio(nodes: number): number {
  if (nodes <= LOW) return 0.99;
  return nodes >= HIGH ? 0.1 : 0.99 - 0.89 * ((nodes - LOW) / (HIGH - LOW));
}
