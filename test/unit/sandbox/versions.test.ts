import * as fs from "node:fs";
import * as path from "node:path";
import { dataplaneProvider } from "../../support/dataplane";
import { BASE_IMAGE } from "../../../sandbox/docker/baseImage";
import versions from "../../../sandbox/versions.json";

const root = path.resolve(__dirname, "../../..");
const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8");

const manifest = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
const packages = { ...manifest["dependencies"], ...manifest["devDependencies"] };

/** The release of a module that a go.mod below sandbox/go requires. */
function required(module: string, dependency: string): string | undefined {
  const line = new RegExp(`^(?:require |\\t)${dependency} v(\\S+)(?! // indirect)$`, "m");
  return line.exec(read(`sandbox/go/${module}/go.mod`))?.[1];
}

describe("versions.json", () => {
  it("has the releases of package.json: an SDK's is also its plugin's", () => {
    const { dataplane, ...plugins } = versions.plugins;
    for (const [name, version] of Object.entries(plugins)) {
      expect([name, packages[`@pulumi/${name}`]]).toEqual([name, version]);
    }
    expect(packages["@pulumi/pulumi"]).toBe(versions.pulumi.sdk);
    expect(packages["azurite"]).toBe(versions.azurite);
    expect(dataplaneProvider().version).toBe(dataplane);
  });

  it("has the releases that are built from Go modules", () => {
    const pulumi = "github.com/pulumi/pulumi";
    expect(required("pulumi", `${pulumi}/pkg/v3`)).toBe(versions.pulumi.builtEngine);
    expect(required("language-nodejs", `${pulumi}/sdk/v3`)).toBe(versions.pulumi.builtLanguageHost);
    expect(required("kubernetes", "k8s.io/kubernetes")).toBe(versions.kubernetes);
    expect(required("kubelogin", "github.com/Azure/kubelogin")).toBe(versions.kubelogin);
  });

  it("names the base image that the sandbox's stack builds upon", () => {
    expect(read("Pulumi.sandbox.yaml")).toContain(`baseImage: ${BASE_IMAGE}\n`);
  });

  it("is what the page about differences tells", () => {
    const page = read("docs/sandbox-differences.md");
    const rows = Object.fromEntries(
      [...page.matchAll(/^\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].map(([, part = "", version = ""]) => [
        part,
        version,
      ]),
    );
    const { pulumi, plugins, testedDebianPackages: debian } = versions;
    expect(rows).toMatchObject({
      "Pulumi SDK": pulumi.sdk,
      "Pulumi engine, built here": pulumi.builtEngine,
      "Pulumi engine, downloaded": pulumi.downloadedEngine,
      "Pulumi engine, found on PATH": `${pulumi.oldestEngine} or newer`,
      "Language host, built here": pulumi.builtLanguageHost,
      "Plugins azure-native, kubernetes": `${plugins["azure-native"]}, ${plugins.kubernetes}`,
      "Plugins docker, random": `${plugins.docker}, ${plugins.random}`,
      "Plugin dataplane": plugins.dataplane,
      Kubernetes: versions.kubernetes,
      kubelogin: versions.kubelogin,
      Azurite: versions.azurite,
      "etcd, containerd": `${debian["etcd-server"]}, ${debian.containerd}`,
      "docker-registry": debian["docker-registry"],
      "Docker engine, runc": `${debian["docker.io"]}, ${debian.runc}`,
      "Base image": `Debian ${versions.baseImage.debian}, Python ${versions.baseImage.python}`,
    });
  });
});
