import type { Command, Option } from "commander";
import type { CommandContext } from "../context.ts";
import { nameCandidates } from "./names.ts";

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What may stand in place of the last word, after the words before it. Never throws: no idea is no candidates. */
export async function complete(
  program: Command,
  words: readonly string[],
  context: CommandContext,
): Promise<Candidate[]> {
  const typed = words.at(-1) ?? "";
  const position = readWords(program, words.slice(0, -1));
  const candidates = await candidatesAt(position, typed, context);
  return candidates.filter(({ value }) => value.startsWith(typed));
}

interface Position {
  readonly command: Command;
  /** Arguments before the word, options left out. */
  readonly given: number;
  /** The option whose value is being typed. */
  readonly option: Option | undefined;
  /** The value of --repo, where it was given. */
  readonly repo: string | undefined;
}

function readWords(program: Command, words: readonly string[]): Position {
  let command = program;
  let given = 0;
  let option: Option | undefined;
  let repo: string | undefined;
  for (const word of words) {
    if (option !== undefined) {
      if (option.long === "--repo") repo = word;
      option = undefined;
      continue;
    }
    if (word.startsWith("-")) {
      const known = optionsOf(command).find((one) => one.short === word || one.long === word);
      if (known?.required === true) option = known;
      continue;
    }
    const next = given === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (next === undefined) given++;
    else command = next;
  }
  return { command, given, option, repo };
}

async function candidatesAt(
  position: Position,
  typed: string,
  context: CommandContext,
): Promise<Candidate[]> {
  const { command, given, option, repo } = position;
  const at = repo === undefined ? context : { ...context, location: repo };
  if (option !== undefined) {
    if (option.argChoices !== undefined)
      return option.argChoices.map((value) => ({ value, description: "" }));
    return nameCandidates(kindOf(option.flags), at);
  }
  if (typed.startsWith("-"))
    return optionsOf(command)
      .filter((one) => !one.hidden)
      .flatMap(optionCandidate);
  const commands = command.commands.filter((one) => !isHidden(one) && given === 0);
  if (commands.length > 0) return commands.map((one) => ({ value: one.name(), description: one.summary() }));
  const argument = command.registeredArguments[given] ?? command.registeredArguments.at(-1);
  if (argument === undefined || (given >= command.registeredArguments.length && !argument.variadic))
    return [];
  if (argument.argChoices !== undefined)
    return argument.argChoices.map((value) => ({ value, description: "" }));
  return nameCandidates(argument.name(), at);
}

function optionsOf(command: Command): Option[] {
  const parents: Command[] = [];
  for (let one: Command | null = command; one !== null; one = one.parent) parents.push(one);
  return parents.flatMap((one) => [...one.options]);
}

function optionCandidate(option: Option): Candidate[] {
  return option.long === undefined ? [] : [{ value: option.long, description: option.description }];
}

/** The name between the brackets of an option's flags: `--profile <profile@version>`. */
function kindOf(flags: string): string {
  return /[<[]([^>\].]+)/.exec(flags)?.[1] ?? "";
}

function isHidden(command: Command): boolean {
  // Commander keeps it in a private field and filters by it only while it prints help.
  return !command.parent?.createHelp().visibleCommands(command.parent).includes(command);
}
