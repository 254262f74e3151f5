import { PATIENCE } from "./decide-turn.ts";

export interface TipQuestionOptions {
  /** Whether main's tip is this commit, as the repository says now; false where it cannot be read. Must not throw. */
  readonly isTip: (commit: string) => Promise<boolean>;
  readonly onChange: () => void;
  /** Milliseconds by a clock that never jumps. */
  readonly clock: () => number;
}

/** What is asked: whether our commit is main's tip although the parent, at this resourceVersion, names another. */
export interface Question {
  readonly version: string;
  readonly commit: string;
  /** The parent has been quiet for long enough: the answer counts. */
  readonly isQuiet: boolean;
}

interface Answer extends Question {
  readonly isTip: boolean;
  readonly at: number;
}

/** Asks the repository whether our commit is its newest: once for each state of the parent, and again when it counts. */
export class TipQuestion {
  readonly #options: TipQuestionOptions;
  #asked: Question | undefined;
  #answer: Answer | undefined;

  constructor(options: TipQuestionOptions) {
    this.#options = options;
  }

  isConfirmed(version: string, commit: string): boolean {
    const answer = this.#answer;
    if (answer === undefined || !answer.isTip || !answer.isQuiet || this.#isOld(answer)) return false;
    return answer.version === version && answer.commit === commit;
  }

  ask(question: Question): void {
    if (this.#asked !== undefined || this.#isAnswered(question)) return;
    this.#asked = question;
    void this.#put(question);
  }

  async #put(question: Question): Promise<void> {
    const { isTip, clock, onChange } = this.#options;
    this.#answer = { ...question, isTip: await isTip(question.commit), at: clock() };
    this.#asked = undefined;
    onChange();
  }

  #isAnswered(question: Question): boolean {
    const answer = this.#answer;
    if (answer?.version !== question.version || answer.commit !== question.commit) return false;
    return !question.isQuiet || (answer.isQuiet && !this.#isOld(answer));
  }

  #isOld({ at }: Answer): boolean {
    return this.#options.clock() - at >= PATIENCE;
  }
}
