export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

// Readline breaks words at `@`, `:` and `=` and replaces only what follows the last one, so that much is cut off.
const BASH = `# bash completion for strata
_strata() {
  local line=\${COMP_LINE:0:COMP_POINT} words cur broken
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  cur=\${words[-1]}
  broken=\${cur%"\${cur##*[@:=]}"}
  local candidate
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    COMPREPLY+=("\${candidate#"$broken"}")
  done < <(strata __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _strata strata
`;

const ZSH = `#compdef strata
_strata() {
  local -a values
  local value description
  while IFS=$'\\t' read -r value description; do
    values+=("\${value//:/\\\\:}\${description:+:$description}")
  done < <(strata __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe strata values
}
if [[ $funcstack[1] == _strata ]]; then _strata "$@"; else compdef _strata strata; fi
`;

const FISH = `# fish completion for strata
complete -c strata -f -a '(strata __complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

/** The script that a shell sources; it asks `strata __complete` for candidates. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
