import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { AzureSettings } from "../../../sandbox/azure/settings";
import { freePort } from "../../../sandbox/host/ports";
import versions from "../../../sandbox/versions.json";

/** Ports of the loopback interface that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort(ports));
  return [...ports];
}

/** An authority and a certificate of it for 127.0.0.1. */
export function makeCertificates(folder: string): AzureSettings["tls"] {
  fs.mkdirSync(folder, { recursive: true });
  const file = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const subject = ["-subj", "/CN=test authority", "-days", "2"];
  openssl("req", "-x509", ...curve, ...subject, "-keyout", file("ca.key"), "-out", file("ca.crt"));
  openssl(
    "req",
    ...curve,
    "-subj",
    "/CN=127.0.0.1",
    "-keyout",
    file("tls.key"),
    "-out",
    file("tls.csr"),
  );
  fs.writeFileSync(file("names"), "subjectAltName=IP:127.0.0.1");
  const signing = [
    "-CA",
    file("ca.crt"),
    "-CAkey",
    file("ca.key"),
    "-CAcreateserial",
    "-days",
    "2",
  ];
  openssl(
    "x509",
    "-req",
    "-in",
    file("tls.csr"),
    ...signing,
    "-extfile",
    file("names"),
    "-out",
    file("tls.crt"),
  );
  return { cert: file("tls.crt"), key: file("tls.key"), ca: file("ca.crt") };
}

/** A command that notes what it was called with; a cluster whose name has "broken" does not start. */
export function makeClusterCommand(folder: string): string {
  const file = path.join(folder, "cluster.js");
  const access = {
    server: "https://127.0.0.1:6443",
    caData: "Y2E=",
    adminKubeconfig: "kind: Config\n",
    kubernetesVersion: versions.kubernetes,
  };
  const lines = [
    `const [verb, name] = process.argv.slice(2);`,
    `require("fs").appendFileSync(${JSON.stringify(path.join(folder, "cluster.log"))}, verb + " " + name + "\\n");`,
    `if (verb === "start" && name.includes("broken")) { console.error("no kernel"); process.exit(1); }`,
    `console.log("progress");`,
    `if (verb === "start") console.log(${JSON.stringify(JSON.stringify(access))});`,
  ];
  fs.writeFileSync(file, lines.join("\n"));
  return file;
}
