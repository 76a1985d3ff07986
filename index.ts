import {
  AksCluster,
  loadConfig,
  MlWorkspace,
  readExisting,
  RegisteredModel,
  ScoringImage,
  ScoringService,
  serviceOutputs,
} from "./components";

/** From a trained model to scored requests; returns what other stacks consume. */
export = async () => {
  const config = loadConfig();
  const { deployer, ...source } = await readExisting(config);

  const workspace = new MlWorkspace("workspace", { source: source.workspace, deployer });
  const registered = config.models.map(
    (model) => new RegisteredModel(model.name, { model, workspace }),
  );
  const cluster = new AksCluster("cluster", { source: source.cluster, workspace, deployer });

  const services = config.services.map((service) => {
    const models = service.models.flatMap((name) =>
      registered.filter(({ model }) => model.name === name),
    );
    const image = new ScoringImage(service.name, {
      image: service.image,
      models,
      workspace,
      tenantId: deployer.tenantId,
      serverFolder: "server",
    });
    return new ScoringService(service.name, { service, models, image, cluster });
  });

  return {
    workspaceId: workspace.id,
    registryLoginServer: workspace.loginServer,
    clusterId: cluster.id,
    kubeconfig: cluster.kubeconfig,
    services: serviceOutputs(services),
  };
};
