import * as fs from "node:fs";
import * as path from "node:path";
import type { Reply } from "../http";
import { failure } from "./failure";
import type { RunningRegistry } from "./runningRegistry";

const CHANGEABLE = {
  deleteEnabled: true,
  writeEnabled: true,
  readEnabled: true,
  listEnabled: true,
};

/**
 * `/acr/v1/`: repositories, tags and manifests as Azure's SDK reads and deletes them. Read from
 * docker-registry's files, because its own API can neither list manifests nor delete a tag.
 */
export class AcrCatalog {
  constructor(private readonly registry: RunningRegistry) {}

  answer(method: string, pathname: string, query: URLSearchParams): Reply {
    if (pathname === "/acr/v1/_catalog") {
      return { status: 200, json: { repositories: this.repositories() } };
    }
    const match = /^\/acr\/v1\/(.+?)(?:\/_(tags|manifests)(?:\/([^/]+))?)?$/.exec(pathname);
    const [, name = "", part, item] = match ?? [];
    if (!this.repositories().includes(name)) {
      return failure(404, "NAME_UNKNOWN", `repository "${name}" is not found`);
    }
    if (!part) return this.repository(method, name);
    if (part === "tags") return item ? this.tag(method, name, item) : this.tags(name, query);
    return item ? this.manifest(method, name, item) : this.manifests(name);
  }

  /** Removes a repository whose last manifest was deleted, as Azure does. */
  dropEmptyRepository(deletedPath: string): void {
    const name = /^\/v2\/(.+)\/manifests\//.exec(deletedPath)?.[1];
    if (name && this.digests(name).length === 0) this.remove(name);
  }

  private repositories(): string[] {
    return findRepositories(this.registry.repositories, "").sort();
  }

  private repository(method: string, name: string): Reply {
    if (method === "DELETE") {
      const json = { manifestsDeleted: this.digests(name), tagsDeleted: this.tagNames(name) };
      this.remove(name);
      return { status: 202, json };
    }
    if (method !== "GET") return failure(501, "UNSUPPORTED", `${method} of a repository`);
    const { birthtime, mtime } = fs.statSync(this.folder(name, "_manifests"));
    return {
      status: 200,
      json: {
        registry: this.registry.loginServer,
        imageName: name,
        createdTime: birthtime.toISOString(),
        lastUpdateTime: mtime.toISOString(),
        manifestCount: this.digests(name).length,
        tagCount: this.tagNames(name).length,
        changeableAttributes: CHANGEABLE,
      },
    };
  }

  private tags(name: string, query: URLSearchParams): Reply {
    const digest = query.get("digest");
    const tags = this.tagNames(name)
      .map((tag) => this.describeTag(name, tag))
      .filter((tag) => !digest || tag.digest === digest);
    return { status: 200, json: { registry: this.registry.loginServer, imageName: name, tags } };
  }

  private tag(method: string, name: string, tag: string): Reply {
    if (!this.tagNames(name).includes(tag)) {
      return failure(404, "TAG_UNKNOWN", `tag "${tag}" is not found`);
    }
    if (method === "DELETE") {
      fs.rmSync(this.folder(name, "_manifests/tags", tag), { recursive: true });
      return { status: 202 };
    }
    if (method !== "GET") return failure(501, "UNSUPPORTED", `${method} of a tag`);
    const { loginServer } = this.registry;
    const json = { registry: loginServer, imageName: name, tag: this.describeTag(name, tag) };
    return { status: 200, json };
  }

  private describeTag(name: string, tag: string) {
    const link = this.folder(name, "_manifests/tags", tag, "current/link");
    const { birthtime, mtime } = fs.statSync(link);
    return {
      name: tag,
      digest: fs.readFileSync(link, "utf8").trim(),
      createdTime: birthtime.toISOString(),
      lastUpdateTime: mtime.toISOString(),
      signed: false,
      changeableAttributes: CHANGEABLE,
    };
  }

  private manifests(name: string): Reply {
    const manifests = this.digests(name).map((digest) => this.describeManifest(name, digest));
    const json = { registry: this.registry.loginServer, imageName: name, manifests };
    return { status: 200, json };
  }

  private manifest(method: string, name: string, digest: string): Reply {
    if (!this.digests(name).includes(digest)) {
      return failure(404, "MANIFEST_UNKNOWN", `manifest "${digest}" is not found`);
    }
    if (method !== "GET") {
      return failure(501, "UNSUPPORTED", `${method} of a manifest's attributes`);
    }
    const manifest = this.describeManifest(name, digest);
    const json = { registry: this.registry.loginServer, imageName: name, manifest };
    return { status: 200, json };
  }

  private describeManifest(name: string, digest: string) {
    const [algorithm = "", hex = ""] = digest.split(":");
    const link = this.folder(name, "_manifests/revisions", algorithm, hex, "link");
    const { birthtime, mtime } = fs.statSync(link);
    const blobs = path.join(this.registry.repositories, "../blobs");
    const content = fs.readFileSync(path.join(blobs, algorithm, hex.slice(0, 2), hex, "data"));
    const { mediaType } = JSON.parse(content.toString("utf8")) as { mediaType?: string };
    return {
      digest,
      imageSize: content.length,
      createdTime: birthtime.toISOString(),
      lastUpdateTime: mtime.toISOString(),
      architecture: "amd64",
      os: "linux",
      mediaType,
      tags: this.tagNames(name).filter((tag) => this.describeTag(name, tag).digest === digest),
      changeableAttributes: CHANGEABLE,
    };
  }

  private tagNames(name: string): string[] {
    return list(this.folder(name, "_manifests/tags")).sort();
  }

  private digests(name: string): string[] {
    const revisions = this.folder(name, "_manifests/revisions");
    return list(revisions).flatMap((algorithm) =>
      list(path.join(revisions, algorithm))
        .filter((hex) => fs.existsSync(path.join(revisions, algorithm, hex, "link")))
        .map((hex) => `${algorithm}:${hex}`),
    );
  }

  private remove(name: string): void {
    fs.rmSync(this.folder(name), { recursive: true, force: true });
  }

  private folder(...parts: string[]): string {
    return path.join(this.registry.repositories, ...parts);
  }
}

function list(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

/** A repository is a folder with manifests; its name may itself have folders. */
function findRepositories(root: string, prefix: string): string[] {
  return list(path.join(root, prefix)).flatMap((entry) => {
    if (entry.startsWith("_")) return entry === "_manifests" ? [prefix] : [];
    return findRepositories(root, prefix === "" ? entry : `${prefix}/${entry}`);
  });
}
