import {
  AksCluster,
  MlWorkspace,
  RegisteredModel,
  ScoringImage,
  ScoringService,
} from "../../components";
import type { ServiceConfig } from "../../components/scoringService/config";
import type * as pulumi from "@pulumi/pulumi";
import { DEPLOYER, MODEL, NEW_CLUSTER, NEW_WORKSPACE, SERVICE } from "./program";

/** All five components of one service; what is not given is the sample's. */
export function deploy(
  given: {
    readonly workspace?: typeof NEW_WORKSPACE;
    readonly cluster?: ConstructorParameters<typeof AksCluster>[1]["source"];
    readonly models?: readonly (typeof MODEL)[];
    readonly service?: ServiceConfig;
  } = {},
  opts: pulumi.ComponentResourceOptions = {},
) {
  const { models = [MODEL], cluster: source = NEW_CLUSTER } = given;
  const service: ServiceConfig = given.service ?? SERVICE;
  const deployer = DEPLOYER;
  const workspace = new MlWorkspace(
    "workspace",
    { source: given.workspace ?? NEW_WORKSPACE, deployer },
    opts,
  );
  const registered = models.map(
    (model) => new RegisteredModel(model.name, { model, workspace }, opts),
  );
  const cluster = new AksCluster("cluster", { source, workspace, deployer }, opts);
  const image = new ScoringImage(
    service.name,
    {
      image: service.image,
      models: registered,
      workspace,
      tenantId: deployer.tenantId,
      serverFolder: "server",
    },
    opts,
  );
  const scoring = new ScoringService(
    service.name,
    { service, models: registered, image, cluster },
    opts,
  );
  scoring.keepImage([scoring]);
  return { workspace, models: registered, cluster, image, service: scoring };
}
