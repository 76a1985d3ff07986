export { AksCluster, type AksClusterArgs } from "./aksCluster/aksCluster";
export { loadConfig } from "./config/load";
export { seal, sealing } from "./config/seal";
export { readExisting } from "./existing";
export { MlWorkspace, type MlWorkspaceArgs } from "./mlWorkspace/mlWorkspace";
export { RegisteredModel, type RegisteredModelArgs } from "./registeredModel/registeredModel";
export { ScoringImage, type ScoringImageArgs } from "./scoringImage/scoringImage";
export { serviceOutputs, type ServiceOutputs } from "./scoringService/outputs";
export { ScoringService, type ScoringServiceArgs } from "./scoringService/scoringService";
