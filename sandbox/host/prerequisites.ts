import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { attempt, run } from "./command";
import { progress } from "./progress";
import { SandboxError } from "./sandboxError";

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
};

/** Asked by packages before they start a service; 101 means that they may not. */
const POLICY = "/usr/sbin/policy-rc.d";

/** Why the sandbox cannot run on this machine; undefined when it can. */
export function unsupported(): string | undefined {
  if (process.platform !== "linux") return `the sandbox needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return "the sandbox needs root: start it with sudo";
  if (missing().length > 0 && !existsSync("/usr/bin/apt-get")) {
    return `the sandbox needs ${missing().join(", ")} (packages of Debian, and this is no Debian)`;
  }
  return undefined;
}

/**
 * Installs the Debian packages that are not there yet.
 * @throws SandboxError when the machine cannot run the sandbox.
 */
export async function ensurePrerequisites(): Promise<void> {
  const reason = unsupported();
  if (reason !== undefined) throw new SandboxError(reason);
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
    .filter(([, file]) => !existsSync(file))
    .map(([name]) => name);
}

async function install(wanted: string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const lock = ["-o", "DPkg::Lock::Timeout=300"];
  const ownPolicy = !existsSync(POLICY);
  // The packages would start their services at once; the sandbox runs its own with its own settings.
  if (ownPolicy) writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await run("apt-get", [...lock, "update", "-q"], { env });
    await run("apt-get", [...lock, "install", "-yq", "--no-install-recommends", ...wanted], {
      env,
    });
  } catch (error) {
    const remedy = `Install them by hand: apt-get update && apt-get install ${wanted.join(" ")}`;
    throw new SandboxError(error instanceof Error ? error.message : String(error), remedy);
  } finally {
    if (ownPolicy && readFileSync(POLICY, "utf8").includes("exit 101")) rmSync(POLICY);
  }
}

/** Whether a command is on PATH. */
export async function onPath(command: string): Promise<boolean> {
  return (await attempt("sh", ["-c", `command -v "$0"`, command])).status === 0;
}
