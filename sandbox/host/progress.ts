/** Steps shorter than this many milliseconds are reported by one line at their end. */
const QUIET_FOR = 2_000;
/** How often a plain log repeats that a step goes on, in milliseconds. */
const PLAIN_REPEAT = 20_000;

interface Step {
  title: string;
  detail: string;
  started: number;
  announced: number;
}

/** Where progress goes; standard output is kept for results. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Seconds, with minutes when there are any. */
export function elapsedText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** Shows a user what is running and for how long; several steps may run at once. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  readonly #steps = new Set<Step>();
  #timer: NodeJS.Timeout | undefined;
  #live = false;

  constructor(stream: ProgressStream = process.stderr, now: () => number = Date.now) {
    this.#stream = stream;
    this.#now = now;
  }

  /**
   * Runs one step and shows it.
   * @param action is given a function which sets the step's detail; its result may describe the outcome.
   */
  async step<T>(
    title: string,
    action: (report: (detail: string) => void) => Promise<T>,
  ): Promise<T> {
    const started = this.#now();
    const step: Step = { title, detail: "", started, announced: started };
    this.#steps.add(step);
    this.#timer ??= setInterval(() => this.tick(), 500).unref();
    try {
      const result = await action((detail) => (step.detail = detail));
      this.#finish(step, "✓");
      return result;
    } catch (error) {
      this.#finish(step, "✗");
      throw error;
    }
  }

  /** A line of its own between the steps. */
  say(text: string): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
  }

  /** Redraws the running steps; called by a timer. */
  tick(): void {
    const now = this.#now();
    const long = [...this.#steps].filter((step) => now - step.started >= QUIET_FOR);
    if (this.#stream.isTTY === true) this.#draw(long, now);
    else long.forEach((step) => this.#repeat(step, now));
  }

  #draw(steps: Step[], now: number): void {
    this.#clear();
    if (steps.length === 0) return;
    const text = steps
      .map((step) => `${step.title}${suffix(step.detail)} ${elapsedText(now - step.started)}`)
      .join(" | ");
    this.#stream.write(`… ${text}`.slice(0, (this.#stream.columns ?? 80) - 1));
    this.#live = true;
  }

  #repeat(step: Step, now: number): void {
    const first = step.announced === step.started;
    if (!first && now - step.announced < PLAIN_REPEAT) return;
    step.announced = now;
    const elapsed = first ? "" : ` (${elapsedText(now - step.started)})`;
    this.#stream.write(`… ${step.title}${suffix(step.detail)}${elapsed}\n`);
  }

  #finish(step: Step, mark: string): void {
    this.#steps.delete(step);
    if (this.#steps.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const elapsed = this.#now() - step.started;
    const time = elapsed >= QUIET_FOR ? ` (${elapsedText(elapsed)})` : "";
    this.say(`${mark} ${step.title}${suffix(step.detail)}${time}`);
  }

  #clear(): void {
    if (this.#live) this.#stream.write("\r\u001b[K");
    this.#live = false;
  }
}

function suffix(detail: string): string {
  return detail === "" ? "" : `: ${detail}`;
}

/** The progress of this process. */
export const progress = new Progress();
