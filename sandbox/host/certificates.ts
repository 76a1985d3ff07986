import * as fs from "node:fs";
import * as path from "node:path";
import { run } from "./command";
import { caBundle, inState, writeWhole } from "./layout";

const FOLDER = inState("pki");
const SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";
/** Days. Certificates are never renewed: removing the state folder makes new ones. */
const VALIDITY = "3650";

/** What a certificate says. */
export interface CertificateRequest {
  /** File name without extension. */
  name: string;
  /** Distinguished name, as `/O=…/CN=…`. */
  subject: string;
  /** Host names and addresses, as `DNS:…` and `IP:…`. */
  alternativeNames?: string[];
  usage: ("serverAuth" | "clientAuth")[];
}

/** Makes a certificate authority in a folder unless it has one. */
export async function ensureAuthority(folder: string, commonName: string): Promise<void> {
  if (fs.existsSync(path.join(folder, "ca.crt"))) return;
  await inPieces(folder, ["ca.key", "ca.crt"], async (work) => {
    const [key, crt] = [path.join(work, "ca.key"), path.join(work, "ca.crt")];
    await newKey(key);
    const subject = ["-subj", `/CN=${commonName}`, "-days", VALIDITY];
    const constraints = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    await run("openssl", [
      "req",
      "-x509",
      "-new",
      "-key",
      key,
      ...subject,
      ...constraints,
      "-out",
      crt,
    ]);
  });
}

/** Makes a certificate signed by the folder's authority unless there is one. */
export async function ensureCertificate(
  folder: string,
  request: CertificateRequest,
): Promise<void> {
  const { name } = request;
  if (fs.existsSync(path.join(folder, `${name}.crt`))) return;
  await inPieces(folder, [`${name}.key`, `${name}.crt`], async (work) => {
    const [key, crt] = [path.join(work, `${name}.key`), path.join(work, `${name}.crt`)];
    const [csr, extensions] = [path.join(work, "request"), path.join(work, "extensions")];
    await newKey(key);
    await run("openssl", ["req", "-new", "-key", key, "-subj", request.subject, "-out", csr]);
    writeWhole(extensions, extensionsOf(request));
    const authority = ["-CA", path.join(folder, "ca.crt"), "-CAkey", path.join(folder, "ca.key")];
    const how = ["-days", VALIDITY, "-sha256", "-extfile", extensions];
    await run("openssl", ["x509", "-req", "-in", csr, ...authority, ...how, "-out", crt]);
  });
}

/** The sandbox's authority, the emulator's server certificate, and the bundle of all authorities. */
export async function ensureSandboxCertificates(): Promise<void> {
  await ensureAuthority(FOLDER, "azureml-aks sandbox");
  await ensureCertificate(FOLDER, {
    name: "azure",
    subject: "/CN=azureml-aks sandbox",
    alternativeNames: ["IP:127.0.0.1", "DNS:localhost"],
    usage: ["serverAuth"],
  });
  const system = fs.existsSync(SYSTEM_AUTHORITIES)
    ? fs.readFileSync(SYSTEM_AUTHORITIES, "utf8")
    : "";
  writeWhole(caBundle, system + fs.readFileSync(azureCertificate().ca, "utf8"));
}

/** The files of the emulator's server certificate, and of the authority that signed it. */
export function azureCertificate(): { cert: string; key: string; ca: string } {
  const file = (name: string) => path.join(FOLDER, name);
  return { cert: file("azure.crt"), key: file("azure.key"), ca: file("ca.crt") };
}

function extensionsOf(request: CertificateRequest): string {
  const lines = [
    "basicConstraints=CA:FALSE",
    "keyUsage=critical,digitalSignature,keyEncipherment",
    `extendedKeyUsage=${request.usage.join(",")}`,
  ];
  const names = request.alternativeNames ?? [];
  if (names.length > 0) lines.push(`subjectAltName=${names.join(",")}`);
  return `${lines.join("\n")}\n`;
}

async function newKey(file: string): Promise<void> {
  await run("openssl", [
    "genpkey",
    "-algorithm",
    "RSA",
    "-pkeyopt",
    "rsa_keygen_bits:2048",
    "-out",
    file,
  ]);
}

/** Makes files in a folder aside and moves them into place, the certificate last: a killed run leaves no incomplete pair. */
async function inPieces(
  folder: string,
  names: string[],
  make: (work: string) => Promise<void>,
): Promise<void> {
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const work = fs.mkdtempSync(path.join(folder, "work-"));
  try {
    await make(work);
    for (const name of names) fs.renameSync(path.join(work, name), path.join(folder, name));
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}
