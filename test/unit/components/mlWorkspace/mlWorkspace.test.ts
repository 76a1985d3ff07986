import { MlWorkspace } from "../../../../components";
import { childrenOf, ofType, settled, single, startMocks, valueOf } from "../../../support/mocks";
import { DEPLOYER, EXISTING_WORKSPACE, NEW_WORKSPACE } from "../../../support/program";

const OWNERSHIP = "dataplane:index:Ownership";
const RANDOM = "random:index/randomString:RandomString";
const ROLE = "azure-native:authorization:RoleAssignment";

describe("a new workspace", () => {
  it("is made of seven Azure resources with names that fit Azure's rules", async () => {
    const recording = await startMocks();
    new MlWorkspace("workspace", { source: NEW_WORKSPACE, deployer: DEPLOYER });
    await settled();
    const azure = recording.resources.filter(
      ({ type }) => type.startsWith("azure-native:") && type !== ROLE,
    );
    expect(azure.map(({ type }) => type.split(":").slice(1).join(":")).sort()).toEqual([
      "applicationinsights:Component",
      "containerregistry:Registry",
      "keyvault:Vault",
      "machinelearningservices:Workspace",
      "operationalinsights:Workspace",
      "resources:ResourceGroup",
      "storage:StorageAccount",
    ]);
    expect(single(recording, "azure-native:storage:StorageAccount").inputs.accountName).toMatch(
      /^[a-z0-9]{3,24}$/,
    );
    expect(single(recording, "azure-native:keyvault:Vault").inputs.vaultName).toMatch(
      /^[a-zA-Z][a-zA-Z0-9-]{2,23}$/,
    );
    expect(
      single(recording, "azure-native:containerregistry:Registry").inputs.registryName,
    ).toMatch(/^[a-zA-Z0-9]{5,50}$/);
  });

  it("has no shared keys, no admin user and nothing anonymous", async () => {
    const recording = await startMocks();
    new MlWorkspace("workspace", { source: NEW_WORKSPACE, deployer: DEPLOYER });
    await settled();
    expect(single(recording, "azure-native:storage:StorageAccount").inputs).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
    });
    expect(single(recording, "azure-native:containerregistry:Registry").inputs).toMatchObject({
      adminUserEnabled: false,
      anonymousPullEnabled: false,
    });
    expect(
      single(recording, "azure-native:machinelearningservices:Workspace").inputs,
    ).toMatchObject({
      identity: { type: "SystemAssigned" },
      systemDatastoresAuthMode: "Identity",
    });
  });

  it.each([{}, { storageSku: "Standard_GRS" as const }])(
    "has storage of the redundancy that is asked for, of those of its region: %j",
    async (asked) => {
      const recording = await startMocks();
      const source = { ...NEW_WORKSPACE, ...asked, location: "westus" };
      new MlWorkspace("workspace", { source, deployer: DEPLOYER });
      await settled();
      const { inputs } = single(recording, "dataplane:index:StorageSku");
      const { subscriptionId } = DEPLOYER;
      const wanted = asked.storageSku && { wanted: asked.storageSku };
      expect(inputs).toEqual({ subscriptionId, location: "westus", ...wanted });
      expect(single(recording, "azure-native:storage:StorageAccount").inputs).toMatchObject({
        sku: { name: "Standard_ZRS" },
      });
    },
  );

  it("keeps secrets in a vault of the deployer's tenant that roles open and nobody can purge", async () => {
    const recording = await startMocks();
    new MlWorkspace("workspace", { source: NEW_WORKSPACE, deployer: DEPLOYER });
    await settled();
    expect(single(recording, "azure-native:keyvault:Vault").inputs.properties).toMatchObject({
      tenantId: DEPLOYER.tenantId,
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      enablePurgeProtection: true,
    });
  });

  it("lets the deployer upload, push and delete, and nothing more", async () => {
    const recording = await startMocks();
    const workspace = new MlWorkspace("workspace", { source: NEW_WORKSPACE, deployer: DEPLOYER });
    await settled();
    const roles = ofType(recording, ROLE);
    expect(
      roles.map(({ inputs }) => String(inputs.roleDefinitionId).split("/").pop()).sort(),
    ).toEqual([
      "8311e382-0749-4cb8-b61a-304f252e45ec",
      "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
      "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
    ]);
    for (const { inputs } of roles) {
      expect(inputs.principalId).toBe("deployer");
      // The deployer may be a user: naming a type would be a guess.
      expect("principalType" in inputs).toBe(false);
    }
    expect(workspace.access).toHaveLength(3);
  });

  it("finds the container that Azure ML chose for it", async () => {
    await startMocks();
    const workspace = new MlWorkspace("workspace", { source: NEW_WORKSPACE, deployer: DEPLOYER });
    expect(await valueOf(workspace.containerName)).toBe("azureml-blobstore-1");
  });
});

describe("the names of a new workspace", () => {
  async function suffix(change: Partial<typeof NEW_WORKSPACE>) {
    const recording = await startMocks();
    new MlWorkspace("workspace", { source: { ...NEW_WORKSPACE, ...change }, deployer: DEPLOYER });
    await settled();
    const found = recording.registrations.filter(({ name }) => name.startsWith("workspace-suffix"));
    expect(found.map(({ aliases }) => aliases)).toEqual([["workspace-suffix"]]);
    return found.map(({ name }) => name).join();
  }

  it("have another random part with another region or name, since Azure keeps old names", async () => {
    const location = "westeurope";
    expect(await suffix({ location })).toBe("workspace-suffix-westeurope-diabetes");
    expect(await suffix({ location, name: "ml" })).toBe("workspace-suffix-westeurope-ml");
    expect(await suffix({ location: "northeurope" })).toBe("workspace-suffix-northeurope-diabetes");
  });

  it("need no region to be configured", async () => {
    expect(await suffix({})).toBe("workspace-suffix-diabetes");
  });
});

describe("the note on whose a new workspace is", () => {
  it("names everything that the stack has made, and not the identity of the stack", async () => {
    const recording = await startMocks();
    new MlWorkspace("workspace", { source: NEW_WORKSPACE, deployer: DEPLOYER });
    await settled();
    const members = single(recording, OWNERSHIP).inputs.members as readonly string[];
    const ours = childrenOf(recording, "MlWorkspace workspace").map((child) => child.split(" ")[1]);
    const others = ["workspace-ownership", "workspace-stack"];
    expect(members.map((urn) => urn.split("::").pop()).sort()).toEqual(
      ours.filter((name) => name !== undefined && !others.includes(name)).sort(),
    );
  });
});

it("finds what was handed over to its stack, which is in no component there", async () => {
  const recording = await startMocks();
  new MlWorkspace("workspace", { source: NEW_WORKSPACE, deployer: DEPLOYER });
  await settled();
  const inside = recording.registrations.filter(({ parent }) => parent !== undefined);
  expect(inside.length).toBeGreaterThan(1);
  expect(inside.map(({ foundOutside }) => foundOutside)).toEqual(inside.map(() => true));
});

describe("an existing workspace", () => {
  it("registers nothing in Azure and has the same outputs", async () => {
    const recording = await startMocks();
    const workspace = new MlWorkspace("workspace", {
      source: EXISTING_WORKSPACE,
      deployer: DEPLOYER,
    });
    await settled();
    expect(childrenOf(recording, "MlWorkspace workspace")).toEqual([
      `${OWNERSHIP} workspace-ownership`,
      `${RANDOM} workspace-stack`,
    ]);
    expect(single(recording, OWNERSHIP).inputs).toEqual({
      key: "workspace.mode",
      resourceId: EXISTING_WORKSPACE.id,
    });
    expect(recording.calls).toEqual([]);
    expect(await valueOf(workspace.loginServer)).toBe("theirs.registry.example");
  });

  it("is written to only once the engine has let it pass as one of somebody else", async () => {
    await startMocks();
    const { access } = new MlWorkspace("workspace", {
      source: EXISTING_WORKSPACE,
      deployer: DEPLOYER,
    });
    await settled();
    expect(await Promise.all(access.map(({ urn }) => valueOf(urn)))).toEqual([
      expect.stringMatching(/Ownership::workspace-ownership$/),
    ]);
  });
});
