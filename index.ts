import {
  actingAs,
  AksCluster,
  loadConfig,
  MlWorkspace,
  readExisting,
  RegisteredModel,
  runsAs,
  ScoringImage,
  ScoringService,
  seal,
  sealing,
  serviceOutputs,
} from "./components";

/** From a trained model to scored requests; returns what other stacks consume. */
export = async () => {
  const config = loadConfig();
  const { deployer, ...source } = await readExisting(config, runsAs());
  const opts = { ...sealing(config.secrets), ...actingAs(deployer.identity) };

  const workspace = new MlWorkspace("workspace", { source: source.workspace, deployer }, opts);
  const registered = source.models.map(
    (model) => new RegisteredModel(model.name, { model, workspace }, opts),
  );
  const cluster = new AksCluster("cluster", { source: source.cluster, workspace, deployer }, opts);

  const namespaces = config.services.map(({ namespace }) => namespace);
  const services = config.services.map((service) => {
    const models = service.models.flatMap((name) =>
      registered.filter(({ model }) => model.name === name),
    );
    const image = new ScoringImage(
      service.name,
      {
        image: service.image,
        models,
        workspace,
        tenantId: deployer.tenantId,
        serverFolder: "server",
      },
      opts,
    );
    const formerName = namespaces.includes(service.name) ? {} : { formerName: service.name };
    return new ScoringService(
      service.name,
      { service, models, image, cluster, ...formerName },
      opts,
    );
  });
  for (const service of services) service.keepImage(services);

  const outputs = {
    workspaceId: workspace.id,
    registryLoginServer: workspace.loginServer,
    clusterId: cluster.id,
    kubeconfig: cluster.kubeconfig,
    services: serviceOutputs(services),
  };
  return seal(outputs, config.secrets);
};
