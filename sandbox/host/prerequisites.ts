import * as fs from "node:fs";
import { run } from "./command";
import { progress } from "./progress";
import { messageOf, SandboxError } from "./sandboxError";

/** Debian packages, each by a file that only it brings. */
const packages: Record<string, string> = {
  "ca-certificates": "/usr/sbin/update-ca-certificates",
  "docker.io": "/usr/sbin/dockerd",
  "docker-registry": "/usr/bin/docker-registry",
  "etcd-server": "/usr/bin/etcd",
  containerd: "/usr/bin/containerd",
  runc: "/usr/sbin/runc",
  "containernetworking-plugins": "/usr/lib/cni/bridge",
  debootstrap: "/usr/sbin/debootstrap",
  "busybox-static": "/usr/share/doc/busybox-static",
  iptables: "/usr/sbin/iptables",
  iproute2: "/usr/sbin/ip",
  openssl: "/usr/bin/openssl",
  git: "/usr/bin/git",
  // For the first request as the README prints it.
  curl: "/usr/bin/curl",
  jq: "/usr/bin/jq",
};

/** Debian's packages run this before they start a service; exit code 101 forbids it. */
const POLICY = "/usr/sbin/policy-rc.d";

/**
 * Checks what no installation can change.
 * @throws SandboxError when the machine cannot run the sandbox.
 */
export function requireSupport(): void {
  const fault = unsupported();
  if (fault !== undefined) throw new SandboxError(fault);
}

function unsupported(): string | undefined {
  if (process.platform !== "linux") return `the sandbox needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return "the sandbox needs root: start it with sudo";
  if (missing().length > 0 && !fs.existsSync("/usr/bin/apt-get")) {
    return `the sandbox needs the Debian packages ${missing().join(", ")}, and there is no apt-get here`;
  }
  return undefined;
}

/**
 * Installs the Debian packages that are not there yet.
 * @throws SandboxError when that fails, or the machine cannot run the sandbox.
 */
export async function ensurePrerequisites(): Promise<void> {
  requireSupport();
  const wanted = missing();
  if (wanted.length === 0) return;
  await progress.step("install Debian packages", async (report) => {
    report(wanted.join(" "));
    await install(wanted);
  });
}

/** The packages that are not installed. */
function missing(): string[] {
  return Object.entries(packages)
    .filter(([, file]) => !fs.existsSync(file))
    .map(([name]) => name);
}

async function install(wanted: string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const lock = ["-o", "DPkg::Lock::Timeout=300"];
  const ownPolicy = !fs.existsSync(POLICY);
  // The packages would start their services at once, and the sandbox runs its own.
  if (ownPolicy) fs.writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await run("apt-get", [...lock, "update", "-q"], { env });
    await run("apt-get", [...lock, "install", "-yq", "--no-install-recommends", ...wanted], {
      env,
    });
  } catch (error) {
    const remedy = `Install them by hand: apt-get update && apt-get install ${wanted.join(" ")}`;
    throw new SandboxError(messageOf(error), remedy);
  } finally {
    if (ownPolicy && fs.readFileSync(POLICY, "utf8").includes("exit 101")) fs.rmSync(POLICY);
  }
}
