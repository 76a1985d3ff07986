import { DEFINITIONS, pathParameters } from "../../sandbox/azure/schema/definitions";
import { generateSchemas } from "../../sandbox/azure/schema/readSdk";
import { schemaOf } from "../../sandbox/azure/schema/schema";
import { bodyToOutputs, inputsToBody } from "../../sandbox/azure/schema/wire";
import * as fs from "node:fs";
import * as path from "node:path";

const sdk = path.dirname(require.resolve("@pulumi/azure-native/package.json"));

describe("the stored schemas", () => {
  const generated = generateSchemas();

  it.each(DEFINITIONS.map(({ token }) => token))("agree with the SDK for %s", (token) => {
    expect(schemaOf(token)).toEqual(generated.get(token));
  });

  it.each([...DEFINITIONS])("have the SDK's API version for $token", ({ token, apiVersion }) => {
    const [, module = "", name = ""] = token.split(":");
    const file = `${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`;
    const text = fs.readFileSync(path.join(sdk, file), "utf8");
    expect(/Uses Azure REST API version ([\w-]+)\./.exec(text)?.[1]).toBe(apiVersion);
  });

  it.each([...DEFINITIONS])("have an input for each part of the path of $token", (definition) => {
    const inputs = Object.keys(schemaOf(definition.token).inputs);
    expect(inputs).toEqual(expect.arrayContaining(pathParameters(definition)));
  });

  it.each([...DEFINITIONS])("know every property that $token fixes at creation", (definition) => {
    const inputs = Object.keys(schemaOf(definition.token).inputs);
    const names = definition.createOnly.map((name) => name.split(".")[0]);
    expect(inputs).toEqual(expect.arrayContaining(names));
  });
});

describe("the body of a request", () => {
  const definition = (token: string) => {
    const found = DEFINITIONS.find((entry) => entry.token === `azure-native:${token}`);
    if (!found) throw new Error(token);
    return found;
  };

  it("nests flattened properties, under Azure's names, beside the envelope", () => {
    const component = definition("applicationinsights:Component");
    const inputs = {
      resourceGroupName: "rg",
      kind: "web",
      applicationType: "web",
      tags: { a: "b" },
    };
    expect(inputsToBody(component, inputs)).toEqual({
      kind: "web",
      tags: { a: "b" },
      properties: { Application_Type: "web" },
    });
  });

  it("turns a list of identities into the map that Azure takes", () => {
    const cluster = definition("containerservice:ManagedCluster");
    const identity = { type: "UserAssigned", userAssignedIdentities: ["/id/a"] };
    expect(inputsToBody(cluster, { identity })).toEqual({
      identity: { type: "UserAssigned", userAssignedIdentities: { "/id/a": {} } },
      properties: {},
    });
  });

  it("comes back as the outputs of the SDK, without what the SDK does not know", () => {
    const component = definition("applicationinsights:Component");
    const body = { name: "c", kind: "web", properties: { InstrumentationKey: "k", Ver: "v2" } };
    expect(bodyToOutputs(component, body)).toEqual({
      azureApiVersion: "2020-02-02",
      name: "c",
      kind: "web",
      instrumentationKey: "k",
    });
  });
});
