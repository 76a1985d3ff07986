/**
 * The sample's configuration with more services beside its own: small pods that only the cluster calls, and images
 * that differ in their names alone.
 *
 * @param {Record<string, unknown>} config by key, as in a stack's file
 * @param {number} count of services to add
 */
module.exports = function withServices(config, count) {
  const key = "azureml-aks:services";
  const services = { ...config[key] };
  const [sample] = Object.values(services);
  for (let index = 1; index <= count; index += 1) {
    services[`service-${index}`] = {
      models: sample.models,
      image: { ...sample.image, name: `image-${index}` },
      replicas: 1,
      exposure: "cluster",
      resources: { requests: { cpu: "20m", memory: "128Mi" } },
    };
  }
  return { ...config, [key]: services };
};
