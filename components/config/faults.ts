import * as pulumi from "@pulumi/pulumi";
import type { Advice } from "./schema/advice";
import { ConfigSecrets } from "./secrets";

/** One thing wrong with the configuration, with all a user needs to fix it. */
export interface Fault extends Advice {
  /** Full config key or path, e.g. `azureml-aks:services.aks-service-1.replicas`. */
  readonly key: string;
  /** The value as found; `undefined` where the key is absent. */
  readonly value: unknown;
}

const LONGEST_SHOWN_VALUE = 80;

function show(value: unknown): string {
  if (value === undefined) return "(not set)";
  const text = JSON.stringify(value);
  return text.length > LONGEST_SHOWN_VALUE ? `${text.slice(0, LONGEST_SHOWN_VALUE)}…` : text;
}

/** Collects every fault so that a user fixes the configuration in one go, not one error a run. */
export class Faults {
  private readonly found: Fault[] = [];

  /** @param secrets which no message shows. */
  constructor(private readonly secrets = ConfigSecrets.none) {}

  add(fault: Fault): void {
    this.found.push(fault);
  }

  get list(): readonly Fault[] {
    return this.found;
  }

  /**
   * Ends the run when anything was found.
   *
   * @throws pulumi.RunError naming every fault; Pulumi prints it without a stack trace.
   */
  throwIfAny(): void {
    if (this.found.length > 0) throw new pulumi.RunError(describe(this.found.map(this.hidden)));
  }

  private readonly hidden = ({ key, value, rule, remedy }: Fault): Fault => ({
    key,
    value: this.secrets.hide(value),
    rule: this.secrets.hideText(rule),
    remedy: this.secrets.hideText(remedy),
  });
}

/** What a user reads: one block for each fault, in the order found. */
function describe(faults: readonly Fault[]): string {
  const count = faults.length === 1 ? "1 problem" : `${faults.length} problems`;
  const blocks = faults.map(
    (fault, index) =>
      `${index + 1}. ${fault.key} = ${show(fault.value)}\n   ${fault.rule}\n   -> ${fault.remedy}`,
  );
  return `${count} in the configuration; nothing was created or changed.\n${blocks.join("\n")}`;
}
