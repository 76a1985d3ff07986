import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { attempt, run } from "../host/command";
import { startDaemon, untilServing } from "../host/daemons";
import { inCache, registryHosts, writeJson, writeWhole } from "../host/layout";
import { defaultRoute } from "../host/network";
import { CNI_NETWORK, PAUSE_IMAGE, POD_BRIDGE, POD_NETWORK } from "./addresses";
import { inCluster, inRuntime, runtimeSocket } from "./paths";

const NAMESPACE = ["--namespace", "k8s.io"];

/** Starts the container runtime with the pods' network and the image that every pod begins with. */
export async function startRuntime(): Promise<void> {
  const { mtu } = await defaultRoute();
  writeJson(inRuntime("cni", "10-pods.conflist"), podNetwork(mtu));
  writeWhole(inRuntime("config.toml"), configuration());
  fs.mkdirSync(registryHosts, { recursive: true });
  const args = ["--config", inRuntime("config.toml")];
  await startDaemon({ name: "containerd", command: "containerd", args });
  const answers = async () => (await ctr(["version"])).status === 0;
  await untilServing("containerd", answers, 30_000);
  await ensurePauseImage();
}

/** Asks the container runtime. */
function ctr(args: string[]): ReturnType<typeof attempt> {
  return attempt("ctr", ["--address", runtimeSocket, ...NAMESPACE, ...args], { timeout: 10_000 });
}

async function ensurePauseImage(): Promise<void> {
  const reference = `docker.io/${PAUSE_IMAGE}`;
  const known = await ctr(["images", "ls", "--quiet", `name==${reference}`]);
  if (known.stdout.trim() === reference) return;
  const archive = await pauseArchive();
  await run("ctr", ["--address", runtimeSocket, ...NAMESPACE, "images", "import", archive]);
}

function podNetwork(mtu: number): object {
  return {
    cniVersion: "0.4.0",
    name: CNI_NETWORK,
    plugins: [
      {
        type: "bridge",
        bridge: POD_BRIDGE,
        isGateway: true,
        ipMasq: true,
        // A pod may reach itself through its own Service.
        hairpinMode: true,
        mtu,
        ipam: {
          type: "host-local",
          dataDir: inCluster("addresses"),
          ranges: [[{ subnet: POD_NETWORK }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}

function configuration(): string {
  const quoted = (text: string) => JSON.stringify(text);
  return `version = 2
root = ${quoted(inRuntime("root"))}
state = ${quoted(inRuntime("state"))}
disabled_plugins = ["io.containerd.internal.v1.restart"]

[grpc]
  address = ${quoted(runtimeSocket)}

[plugins."io.containerd.internal.v1.opt"]
  path = ${quoted(inRuntime("opt"))}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${quoted(`docker.io/${PAUSE_IMAGE}`)}
  # Without CAP_SYS_RESOURCE a lower OOM score cannot be set, and every pod would fail to start.
  restrict_oom_score_adj = true

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = ${quoted(inRuntime("cni"))}

  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"

  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${quoted(registryHosts)}
`;
}

/** An archive, as `docker save` makes it, of an image that does nothing but wait. */
async function pauseArchive(): Promise<string> {
  const archive = inCache("pause", PAUSE_IMAGE.split(":")[1] ?? "", "image.tar");
  if (fs.existsSync(archive)) return archive;
  fs.mkdirSync(path.dirname(archive), { recursive: true });
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "pause-"));
  try {
    await assemblePause(work);
    const partial = `${archive}.${process.pid}.partial`;
    await run("tar", ["-C", work, "-cf", partial, "manifest.json", "config.json", "layer.tar"]);
    await run("mv", [partial, archive]);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  return archive;
}

async function assemblePause(work: string): Promise<void> {
  fs.mkdirSync(path.join(work, "root"));
  fs.cpSync("/usr/bin/busybox", path.join(work, "root", "busybox"), { dereference: true });
  await run("tar", [
    "--numeric-owner",
    "-C",
    path.join(work, "root"),
    "-cf",
    path.join(work, "layer.tar"),
    ".",
  ]);
  const layer = createHash("sha256")
    .update(fs.readFileSync(path.join(work, "layer.tar")))
    .digest("hex");
  const config = {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Entrypoint: ["/busybox", "sleep", "2147483647"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
  };
  const manifest = [{ Config: "config.json", RepoTags: [PAUSE_IMAGE], Layers: ["layer.tar"] }];
  fs.writeFileSync(path.join(work, "config.json"), JSON.stringify(config));
  fs.writeFileSync(path.join(work, "manifest.json"), JSON.stringify(manifest));
}
