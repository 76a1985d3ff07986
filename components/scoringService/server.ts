import contract from "../../server/settings.schema.json";

/** One setting of the scoring server, as the server itself describes it. */
export interface Setting {
  readonly type: string;
  readonly description: string;
  readonly default: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  /** `program` where the value follows from what this program deploys. */
  readonly "x-owner"?: string;
}

type SettingName = keyof typeof contract.properties;

/** All settings of the scoring server by environment variable. */
export const SETTINGS: Readonly<Record<string, Setting>> = contract.properties;

function defaultOf(name: SettingName): string | number | boolean {
  return contract.properties[name].default;
}

/** Ports of the scoring server; health and metrics have one of their own. */
export const PORTS = {
  scoring: Number(defaultOf("SCORING_PORT")),
  health: Number(defaultOf("SCORING_HEALTH_PORT")),
};

/** Where the scoring port says whether it is ready (`server/scoring_server/routes.py`); needs no key. */
export const READY_PATH = "/v2/health/ready";

/** Folder of the models in the image: `NAME/VERSION/…` below it. */
export const MODEL_ROOT = contract["x-layout"].modelRoot;

/** Where the server looks for the keys of a service. */
export const KEYS_FOLDER = String(defaultOf("SCORING_KEYS_DIR"));

/**
 * A setting that is a number.
 *
 * @param settings settings by environment variable; the server's default where it is absent.
 */
export function settingNumber(
  name: SettingName,
  settings: Readonly<Record<string, string>>,
): number {
  return Number(settings[name] ?? defaultOf(name));
}

/** Time for the kubelet to see that the server has ended, before it would kill it. */
const KILL_MARGIN_SECONDS = 5;

/**
 * Seconds that a pod may take to end: the longest time from SIGTERM to the exit of the server with
 * these settings, so that no request within its own limits is cut off by a rollout.
 *
 * @param settings settings by environment variable; the server's defaults where one is absent.
 */
export function gracePeriodSeconds(settings: Readonly<Record<string, string>>): number {
  const { terms, marginMs } = contract["x-shutdown"];
  const milliseconds = terms
    .map((name) => Number(settings[name] ?? SETTINGS[name]?.default))
    .reduce((sum, term) => sum + term, marginMs);
  return Math.ceil(milliseconds / 1000) + KILL_MARGIN_SECONDS;
}
