import type { ResourceTransformationArgs } from "@pulumi/pulumi";
import * as components from "../../../components";
import { deploy } from "../../support/deployment";
import { inFolderWith, SAMPLE_PROJECT } from "../../support/folder";
import { settled, startMocks, type Recording } from "../../support/mocks";
import { ATTACHED_CLUSTER, MODEL, SERVICE, SERVICE_SAMPLE } from "../../support/program";

const PREFIX = "azureml-aks:index:";
const CLASSES = Object.keys(components).filter((name) => /^[A-Z]/.test(name));

inFolderWith(SAMPLE_PROJECT);

type Case = readonly [name: string, given: Parameters<typeof deploy>[0]];

interface Seen {
  readonly recording: Recording;
  /** What a transformation given to the components reached, as `type name`. */
  readonly reached: readonly string[];
}

async function observe(given: Parameters<typeof deploy>[0]): Promise<Seen> {
  const recording = await startMocks();
  const reached: string[] = [];
  const note = ({ type, name }: ResourceTransformationArgs) => {
    reached.push(`${type} ${name}`);
    return undefined;
  };
  deploy(given, { transformations: [note] });
  await settled();
  return { recording, reached: reached.sort() };
}

/** Paths of what is absent and of lists and objects without anything in them: a plugin may see a change in each. */
function emptyParts(value: unknown, path = ""): readonly string[] {
  if (value === null || value === undefined) return [path];
  if (typeof value !== "object") return [];
  const parts = Object.entries(value);
  return parts.length === 0
    ? [path]
    : parts.flatMap(([key, part]) => emptyParts(part, `${path}.${key}`));
}

describe.each([
  ["created", {}],
  ["attached", { cluster: ATTACHED_CLUSTER }],
  [
    "described by nothing that may be left out",
    {
      workspace: { mode: "new", name: "diabetes", tags: {} } as const,
      models: [{ ...MODEL, description: "", tags: {} }],
      service: {
        ...SERVICE,
        exposure: "public" as const,
        image: { ...SERVICE.image, description: "", tags: {} },
      },
    },
  ],
  [
    "used by a service of many settings",
    {
      models: [MODEL, { ...MODEL, name: "other", useExistingContainer: true }],
      service: {
        ...SERVICE,
        scale: { kind: "fixed", replicas: 1 } as const,
        exposure: "cluster" as const,
        allowEgress: true,
        sample: SERVICE_SAMPLE,
      },
    },
  ],
] satisfies Case[])("the components, with a cluster that is %s", (_, given) => {
  // What one run shows is looked at from several sides.
  let seen: Promise<Seen> | undefined;
  const once = () => (seen ??= observe(given));

  it("are all of those that the program has", async () => {
    const { recording } = await once();
    const types = new Set(
      recording.registrations.filter(({ parent }) => parent === undefined).map(({ type }) => type),
    );
    expect([...types].sort()).toEqual(CLASSES.map((name) => `${PREFIX}${name}`).sort());
  });

  it("are the parent of every resource they make", async () => {
    const { recording } = await once();
    for (const { type, parent } of recording.registrations) {
      expect(type.startsWith(PREFIX)).toBe(parent === undefined);
      if (parent !== undefined) expect(parent.startsWith(PREFIX)).toBe(true);
    }
  });

  it("name their children after themselves, or after what these have as a name outside", async () => {
    const { recording } = await once();
    for (const { name, parent } of recording.registrations) {
      const owner = parent?.split(" ")[1] ?? name;
      const isKnownByItself = name === `${SERVICE.image.name}.repository`;
      expect(isKnownByItself || name === owner || name.startsWith(`${owner}-`)).toBe(true);
    }
  });

  it("register no two resources under one type and name", async () => {
    const { recording } = await once();
    const names = recording.registrations.map(({ type, name }) => `${type} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it("pass their options on to every resource they make", async () => {
    const { recording, reached } = await once();
    const all = recording.registrations.map(({ type, name }) => `${type} ${name}`).sort();
    expect(reached).toEqual(all);
  });

  it("register their outputs when they are done", async () => {
    const { recording } = await once();
    const made = recording.registrations
      .filter(({ parent }) => parent === undefined)
      .map(({ type, name }) => `${type} ${name}`);
    expect([...recording.outputs.keys()].sort()).toEqual(made.sort());
    for (const keys of recording.outputs.values()) expect(keys.length).toBeGreaterThan(0);
  });

  it("give no resource an empty or undefined input", async () => {
    const { recording } = await once();
    const ofPlugins = recording.resources.filter(({ type }) => !type.startsWith(PREFIX));
    const empty = ofPlugins.flatMap(({ type, name, inputs }) =>
      emptyParts(inputs).map((part) => `${type} ${name} ${part}`),
    );
    expect(empty).toEqual([]);
    for (const { inputs } of ofPlugins) expect(Object.values(inputs)).not.toContain("");
    expect(JSON.stringify(ofPlugins)).not.toContain("undefined");
  });
});
