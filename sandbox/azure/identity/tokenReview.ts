import type { IncomingMessage } from "node:http";
import { asObject, stringOf } from "../../json";
import { AKS_SERVER_ID } from "../cluster/kubeconfig";
import type { AzureContext } from "../context";
import { parseJsonObject, readBody } from "../http";
import type { Reply } from "../http";

const CLUSTER_TYPE = "Microsoft.ContainerService/managedClusters";
const CLUSTER_ADMIN = `${CLUSTER_TYPE}/*/action`;

/**
 * Answers the API server's question who holds a token, as AKS' guard does: the user is the
 * principal's object id; the cluster admin role of Azure RBAC makes it a member of system:masters.
 */
export async function reviewToken(request: IncomingMessage, context: AzureContext): Promise<Reply> {
  const review = parseJsonObject(await readBody(request));
  const status = await statusOf(stringOf(asObject(review.spec)?.token), context);
  const json = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", status };
  return { status: 200, json };
}

async function statusOf(token: string, context: AzureContext): Promise<object> {
  const claims = await context.tokens.verify(token, [AKS_SERVER_ID]).catch(() => undefined);
  if (!claims) return { authenticated: false, error: "the token is not valid for this cluster" };
  const objectId = String(claims.oid);
  const isAdmin = context.resources
    .all()
    .some(
      ({ body }) =>
        body.type === CLUSTER_TYPE &&
        asObject(body.properties.aadProfile)?.enableAzureRBAC === true &&
        context.directory.isEffective(objectId, CLUSTER_ADMIN, body.id, true),
    );
  const groups = isAdmin ? ["system:masters"] : [];
  return { authenticated: true, user: { username: objectId, uid: objectId, groups } };
}
