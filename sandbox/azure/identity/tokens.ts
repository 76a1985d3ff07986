import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import {
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
  jwtVerify,
  SignJWT,
} from "jose";
import type { CryptoKey, JWK, JWTPayload } from "jose";

const ALGORITHM = "RS256";
const KEY_FILE = "signing-key.pem";

/** Signs and checks every token that the emulator issues, Entra's and the registries' alike. */
export class TokenService {
  private constructor(
    private readonly key: CryptoKey,
    private readonly publicJwk: JWK,
    readonly issuer: string,
  ) {}

  /** Loads the signing key from the state folder, or makes it, so that tokens outlive a restart. */
  static async open(stateDir: string, issuer: string): Promise<TokenService> {
    const file = path.join(stateDir, KEY_FILE);
    if (!fs.existsSync(file)) {
      const pair = await generateKeyPair(ALGORITHM, { extractable: true });
      fs.writeFileSync(file, await exportPKCS8(pair.privateKey), { mode: 0o600 });
    }
    const pem = fs.readFileSync(file, "utf8");
    const key = await importPKCS8(pem, ALGORITHM, { extractable: true });
    const { kty, n, e } = await exportJWK(key);
    return new TokenService(key, { kty, n, e, kid: "sandbox", use: "sig", alg: ALGORITHM }, issuer);
  }

  /** The JSON Web Key Set document. */
  get keySet(): { keys: JWK[] } {
    return { keys: [this.publicJwk] };
  }

  /** Signs claims for an audience; `lifetime` in seconds. */
  async sign(claims: JWTPayload, audience: string, lifetime: number): Promise<string> {
    return new SignJWT({ ...claims, jti: randomUUID() })
      .setProtectedHeader({ alg: ALGORITHM, kid: "sandbox", typ: "JWT" })
      .setIssuer(this.issuer)
      .setAudience(canonicalAudience(audience))
      .setIssuedAt()
      .setNotBefore("0s")
      .setExpirationTime(`${lifetime}s`)
      .sign(this.key);
  }

  /** Claims of a token meant for one of the audiences; throws jose's error for any other. */
  async verify(token: string, audiences: readonly string[]): Promise<JWTPayload> {
    const { payload } = await jwtVerify(token, await importJWK(this.publicJwk, ALGORITHM), {
      issuer: this.issuer,
      audience: audiences.map(canonicalAudience),
      algorithms: [ALGORITHM],
    });
    return payload;
  }
}

/** Clients write a resource with and without the trailing slash; both mean the same. */
function canonicalAudience(audience: string): string {
  return audience.replace(/\/+$/, "");
}
