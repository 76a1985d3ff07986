import { actingAs, arm, armResources, principal, token } from "../support/azure";
import { attemptPulumi, pulumi, request, stackOutputs } from "../support/sandbox";
import { predict } from "../support/scoring";
import { service } from "../support/services";
import { replaced, variant, type Values } from "../support/stackConfig";

const reader = () => principal("reader");

async function registryAnswer(scope: string) {
  const { registryLoginServer: host } = await stackOutputs();
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const exchange = new URLSearchParams({
    grant_type: "access_token",
    service: host,
    access_token: await token(reader()),
  });
  const url = (path: string) => `https://${host}/oauth2/${path}`;
  const first = await request(
    url("exchange"),
    { method: "POST", headers: form },
    exchange.toString(),
  );
  if (first.status !== 200) return first;
  const { refresh_token } = JSON.parse(first.body) as { refresh_token: string };
  const ask = new URLSearchParams({
    grant_type: "refresh_token",
    service: host,
    scope,
    refresh_token,
  });
  const second = await request(url("token"), { method: "POST", headers: form }, ask.toString());
  if (second.status !== 200) return second;
  const { access_token } = JSON.parse(second.body) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  const repository = scope.split(":")[1] ?? "";
  return request(`https://${host}/v2/${repository}/blobs/uploads/`, { method: "POST", headers });
}

it("refuses an upload by an identity without the role", async () => {
  const account = (await armResources()).find((id) => id.includes("/storageAccounts/"));
  if (account === undefined) throw new Error("there is no storage account");
  const details = await arm("GET", `${account}?api-version=2024-01-01`);
  const { properties } = JSON.parse(details.body) as {
    properties: { primaryEndpoints: { blob: string } };
  };
  const headers = {
    authorization: `Bearer ${await token(reader(), "https://storage.azure.com")}`,
    "x-ms-version": "2024-08-04",
    "x-ms-blob-type": "BlockBlob",
    "content-length": "1",
  };
  const url = `${properties.primaryEndpoints.blob}azureml/intruder`;
  const answer = await request(url, { method: "PUT", headers }, "x");
  expect(answer.status).toBe(403);
  expect(answer.body).toContain("AuthorizationPermissionMismatch");
});

it("refuses a push by an identity without the role", async () => {
  const answer = await registryAnswer("repository:azureml-aks/sandbox/myimage1:push,pull");
  expect([401, 403]).toContain(answer.status);
});

it("refuses to deploy as an identity that may only read", async () => {
  const other = variant((config) =>
    replaced(config, ["azureml-aks:workspace", "tags"], { by: "reader" }),
  );
  const { code, output } = await attemptPulumi(["up", "--yes", "--skip-preview", ...other], {
    env: actingAs(reader()),
  });
  expect(code).not.toBe(0);
  expect(output).toContain("AuthorizationFailed");
  await pulumi("up", "--yes", "--skip-preview");
});

it("fails a pod whose kubelet may not pull, says so, and recovers with the role", async () => {
  const text = await pulumi("stack", "export");
  const state = JSON.parse(text) as {
    deployment: { resources: { urn: string; id?: string }[] };
  };
  const role = state.deployment.resources.find(({ urn }) => urn.endsWith("cluster-pull-role"));
  if (role?.id === undefined) throw new Error("the stack has no pull role");
  const removed = await arm("DELETE", `${role.id}?api-version=2022-04-01`);
  expect(removed.status).toBe(200);
  const changed = variant((config: Values) => {
    const one = ["azureml-aks:services", "aks-service-1"];
    const described = replaced(config, [...one, "image", "description"], "cannot be pulled");
    return replaced(described, [...one, "rolloutTimeoutSeconds"], 90);
  });
  const { code, output } = await attemptPulumi(["up", "--yes", "--skip-preview", ...changed]);
  expect(code).not.toBe(0);
  expect(output).toMatch(/ImagePullBackOff|ErrImagePull/);
  await predict(await service());

  await pulumi("refresh", "--yes");
  await pulumi("up", "--yes", "--skip-preview");
  await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
  await predict(await service());
});
