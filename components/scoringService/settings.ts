import * as v from "valibot";
import { nearest } from "../config/nearest";
import { message, stringMap } from "../config/schema";
import { SETTINGS, type Setting } from "./server";

type Settings = Readonly<Record<string, string>>;

const PREFIX = "SCORING_";
// Variables that the platform defines and this program sets from the service.
const PLATFORM = [
  "AML_APP_ROOT",
  "AZUREML_ENTRY_SCRIPT",
  "AZUREML_MODEL_DIR",
  "AZUREML_WORKER_PYTHON",
  "SERVICE_NAME",
];

/** What Kubernetes and a shell both take as the name of a variable. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The rule that a value breaks; undefined when it is valid. */
function ruleFor(value: string, { type, minimum, maximum, enum: choices }: Setting) {
  if (choices !== undefined) {
    return choices.includes(value) ? undefined : `must be one of ${choices.join(", ")}`;
  }
  if (type === "boolean") {
    return /^(true|false|1|0)$/i.test(value) ? undefined : "must be true or false";
  }
  if (type !== "integer") return undefined;
  const number = Number(value);
  const least = minimum ?? -Infinity;
  const most = maximum ?? Infinity;
  if (/^-?\d+$/.test(value) && number >= least && number <= most) return undefined;
  if (maximum !== undefined) return `must be a whole number from ${least} to ${maximum}`;
  return `must be a whole number from ${least}`;
}

function settingOf(name: string): Setting | undefined {
  return Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
}

function follows(name: string): boolean {
  return PLATFORM.includes(name) || settingOf(name)?.["x-owner"] === "program";
}

/** Variables that are not the server's belong to the script, and may have any name and value. */
function isForScript(name: string): boolean {
  return VARIABLE.test(name) && !name.toUpperCase().startsWith(PREFIX);
}

/** What is wrong with one setting, as a message; undefined when it is valid. */
function faultOf(name: string, value: string): string | undefined {
  const setting = settingOf(name);
  if (setting !== undefined) {
    const rule = ruleFor(value, setting);
    const remedy = `set it by the table of docs/scoring-settings.md; its default is ${String(setting.default)}`;
    return rule === undefined ? undefined : message(rule, remedy);
  }
  if (isForScript(name)) return undefined;
  const suggestion = nearest(name, Object.keys(SETTINGS));
  return message(
    VARIABLE.test(name)
      ? "is not a setting of the scoring server"
      : "must be the name of a variable: letters, digits and underscores, not a digit first",
    suggestion === undefined
      ? "choose one of docs/scoring-settings.md, or remove it"
      : `did you mean "${suggestion}"?`,
  );
}

function checkSettings({ dataset, addIssue }: v.RawCheckContext<Settings>): void {
  if (!dataset.typed) return;
  for (const [name, value] of Object.entries(dataset.value)) {
    if (follows(name)) {
      const rule = `must not set ${name}, which follows from the service`;
      addIssue({ message: message(rule, "remove it") });
      continue;
    }
    const fault = faultOf(name, value);
    if (fault === undefined) continue;
    const path = {
      type: "object",
      origin: "value",
      input: dataset.value,
      key: name,
      value,
    } as const;
    addIssue({ input: value, message: fault, path: [path] });
  }
}

/** `settings` of a service: settings of the scoring server, and variables for the script. */
export function settings() {
  return v.pipe(stringMap(), v.rawCheck(checkSettings));
}
