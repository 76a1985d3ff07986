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
  const registered = source.models.map(
    (model) => new RegisteredModel(model.name, { model, workspace }),
  );
  const cluster = new AksCluster("cluster", { source: source.cluster, workspace, deployer });

  const namespaces = config.services.map(({ namespace }) => namespace);
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
    const formerName = namespaces.includes(service.name) ? {} : { formerName: service.name };
    return new ScoringService(service.name, { service, models, image, cluster, ...formerName });
  });
  for (const service of services) service.keepImage(services);

  return {
    workspaceId: workspace.id,
    registryLoginServer: workspace.loginServer,
    clusterId: cluster.id,
    kubeconfig: cluster.kubeconfig,
    services: serviceOutputs(services),
  };
};
