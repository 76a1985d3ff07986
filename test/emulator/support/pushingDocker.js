// Stands for Docker's client in tests of runs: builds nothing, and pushes an image without layers with the
// credentials of its configuration, as `docker push` does.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { URL } = require("node:url");

const { fetch } = globalThis;

async function expectStatus(response, ...allowed) {
  if (allowed.includes(response.status)) return response;
  throw new Error(`${response.status} ${await response.text()}`);
}

async function push(reference) {
  const [, server, name, tag] = /^([^/]+)\/(.+):([^:]+)$/.exec(reference);
  const file = path.join(process.env.DOCKER_CONFIG, "config.json");
  const basic = JSON.parse(fs.readFileSync(file, "utf8")).auths[server].auth;
  const base = `https://${server}`;
  const scope = `scope=repository:${name}:pull,push`;
  const token = await expectStatus(
    await fetch(`${base}/oauth2/token?service=${server}&${scope}`, {
      headers: { authorization: `Basic ${basic}` },
    }),
    200,
  );
  const authorization = `Bearer ${(await token.json()).access_token}`;
  const send = (method, url, headers, body) =>
    fetch(new URL(url, base), { method, headers: { authorization, ...headers }, body });
  const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", tag }));
  const digest = `sha256:${createHash("sha256").update(config).digest("hex")}`;
  const begun = await expectStatus(await send("POST", `/v2/${name}/blobs/uploads/`), 202);
  const upload = new URL(begun.headers.get("location"), base);
  upload.searchParams.set("digest", digest);
  const binary = { "content-type": "application/octet-stream" };
  await expectStatus(await send("PUT", upload, binary, config), 201);
  const mediaType = "application/vnd.docker.distribution.manifest.v2+json";
  const image = "application/vnd.docker.container.image.v1+json";
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: { mediaType: image, size: config.length, digest },
    layers: [],
  };
  const url = `/v2/${name}/manifests/${tag}`;
  const headers = { "content-type": mediaType };
  await expectStatus(await send("PUT", url, headers, JSON.stringify(manifest)), 201);
}

const [command, reference] = process.argv.slice(2);
console.log(`docker ${command}`);
if (command === "push") {
  push(reference).catch((error) => {
    console.error(String(error));
    process.exitCode = 1;
  });
}
