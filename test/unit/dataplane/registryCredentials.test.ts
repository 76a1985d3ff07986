import { deployerCredential } from "../../../dataplane/credential";
import { registryCredentials } from "../../../dataplane/registryCredentials";

jest.mock("../../../dataplane/credential");

const INPUTS = { loginServer: "registry.example", tenantId: "tenant" };

describe("credentials for a push", () => {
  const getToken = jest.fn();
  let fetch: jest.SpyInstance<Promise<Response>, Parameters<typeof globalThis.fetch>>;

  beforeEach(() => {
    getToken.mockReset().mockResolvedValue({ token: "entra-token", expiresOnTimestamp: 0 });
    jest.mocked(deployerCredential).mockResolvedValue({ getToken });
    fetch = jest.spyOn(globalThis, "fetch");
  });

  afterEach(() => fetch.mockRestore());

  it("are the deployer's token, exchanged for one of the registry", async () => {
    fetch.mockResolvedValue(Response.json({ refresh_token: "registry-token" }));
    await expect(registryCredentials(INPUTS)).resolves.toEqual({
      outputs: { username: "00000000-0000-0000-0000-000000000000", password: "registry-token" },
    });
    expect(getToken.mock.calls).toEqual([["https://management.azure.com/.default"]]);
    const [address, request] = fetch.mock.calls[0] ?? [];
    expect(address).toBe("https://registry.example/oauth2/exchange");
    expect(request?.method).toBe("POST");
    expect(Object.fromEntries(request?.body as URLSearchParams)).toEqual({
      grant_type: "access_token",
      service: "registry.example",
      tenant: "tenant",
      access_token: "entra-token",
    });
  });

  it("are refused in the registry's words, without the token", async () => {
    fetch.mockResolvedValue(new Response("AADSTS700016", { status: 401 }));
    const refusal = registryCredentials(INPUTS);
    await expect(refusal).rejects.toThrow(
      "the registry registry.example refused the sign-in (401): AADSTS700016",
    );
    await expect(refusal).rejects.not.toThrow("entra-token");
  });

  it("are an error when the registry answers without any", async () => {
    fetch.mockResolvedValue(Response.json({}));
    await expect(registryCredentials(INPUTS)).rejects.toThrow(
      "the registry registry.example answered without a token",
    );
  });

  it("are an error when the deployer has no token", async () => {
    getToken.mockResolvedValue(null);
    await expect(registryCredentials(INPUTS)).rejects.toThrow(
      "the deployer's identity got no token",
    );
    expect(fetch).not.toHaveBeenCalled();
  });

  it.each(["loginServer", "tenantId"])("need the %s", async (key) => {
    await expect(registryCredentials({ ...INPUTS, [key]: "" })).rejects.toThrow(
      `the input "${key}" must be a string that is not empty`,
    );
  });
});
